"""The examples in the documentation of checks, and what each of them builds on.

A fenced block ``diff hcl`` or ``diff yaml`` says which lines change of the failing example in that
language; with ``stage=NAME`` behind it, which lines of ``NAME.tf`` or ``NAME.yaml`` in a folder of
stages.
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
_SETTING = re.compile(r"# set: ([A-Z]+\d{3}\.\w+)=(\S+)")


class Example(NamedTuple):
    """A fenced block.

    Attributes:
        changes: Whether it says which lines of something else change.
        language: ``hcl`` or ``yaml``.
        stage: What that is; empty where it is the first failing example in its language.
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
    if not example.changes:
        return example.text
    if example.stage:
        file = stages / f"{example.stage}.{EXTENSIONS[example.language]}"
        return _changed(file.read_text("utf-8"), example.text)
    for failing in examples(documentation, "Fails"):
        if failing.language == example.language and (failing.stage or not failing.changes):
            return _changed(complete(failing, documentation, stages), example.text)
    raise ValueError(f"no example in {example.language} fails that it could change")


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
            raise ValueError(f"there is no line '{line.strip()}' to change")
        at = lines.index(line)
        changed += lines[:at] if sign == "-" else lines[: at + 1]
        del lines[: at + 1]
    return "\n".join([*changed, *lines, ""])
