"""The examples in the documentation of checks, and what each of them builds on.

A fenced block says ``stage=NAME`` where it is added to ``NAME.tf`` or ``NAME.yaml`` in a folder of
stages: what has the address, or the logical ID, of something there takes its place. A block
``diff hcl`` or ``diff yaml`` says which lines of the failing example it changes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

EXTENSIONS: Final = {"hcl": "tf", "yaml": "yaml"}

_FENCE = re.compile(
    r"^```(diff )?(hcl|yaml)(?: stage=([\w-]+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE
)
_BLOCK = re.compile(r'^(?P<name>\w+(?: "[^"\n]+")*) \{(?:\n.*?^)?\}\n', re.DOTALL | re.MULTILINE)
_RESOURCE = re.compile(r"^  (?P<name>\w+):\n(?:(?:    .*)?\n)*", re.MULTILINE)
_SETTING = re.compile(r"# set: ([A-Z]+\d{3}\.\w+)=(\S+)")


class Example(NamedTuple):
    """A fenced block.

    Attributes:
        changes: Whether it says which lines change of the first failing example in its language.
        language: ``hcl`` or ``yaml``.
        stage: What it is added to; empty where it is complete.
        text: What it says.
    """

    changes: bool
    language: str
    stage: str
    text: str


def examples(documentation: str, part: str) -> list[Example]:
    """The examples of a part of a check's documentation: ``Fails`` or ``Passes``."""
    section = documentation.partition(f"## {part}\n")[2].partition("\n## ")[0]
    return [
        Example(bool(found[1]), found[2], found[3] or "", found[4])
        for found in _FENCE.finditer(section)
    ]


def settings_in(text: str) -> tuple[tuple[str, object], ...]:
    """What comments set of a check's parameters: ``# set: CMP014.required_tags=Owner``."""
    return tuple((found[1], found[2]) for found in _SETTING.finditer(text))


def complete(example: Example, documentation: str, stages: Path) -> str:
    """The text of an example with all that it builds on.

    Args:
        example: The example.
        documentation: The documentation that it stands in.
        stages: The folder of what examples build on.

    Raises:
        FileNotFoundError: The stage is not there.
        ValueError: What it changes is not there.
    """
    if example.changes:
        for failing in examples(documentation, "Fails"):
            if failing.language == example.language and not failing.changes:
                return _changed(complete(failing, documentation, stages), example.text)
        raise ValueError(f"no example in {example.language} fails that it could change")
    if not example.stage:
        return example.text
    below = (stages / f"{example.stage}.{EXTENSIONS[example.language]}").read_text("utf-8")
    return _merge(below, example.text, _BLOCK if example.language == "hcl" else _RESOURCE)


def _changed(text: str, changes: str) -> str:
    """A text with changes: ``-`` goes, ``+`` comes, and a space says where that is.

    What goes, or says where, is the first such line of the text after the one before it.
    """
    lines = text.splitlines()
    changed: list[str] = []
    for change in changes.splitlines():
        sign, line = change[:1], change[1:]
        if sign == "+":
            changed.append(line)
            continue
        if line not in lines:
            raise ValueError(f"what fails has no line '{line.strip()}' there")
        at = lines.index(line)
        changed += lines[:at] if sign == "-" else lines[: at + 1]
        del lines[: at + 1]
    return "\n".join([*changed, *lines, ""])


def _merge(below: str, above: str, named: re.Pattern[str]) -> str:
    """A text with the named parts of another: in the place of its own, or at its end."""
    parts = {found["name"]: found[0] for found in named.finditer(above)}
    merged = named.sub(lambda own: parts.pop(own["name"], own[0]), below.rstrip("\n") + "\n")
    return merged + "".join(parts.values())
