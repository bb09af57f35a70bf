"""The files that Terragrunt generates in the folder that it runs Terraform in.

They are known by their text where that is known. Source: Terragrunt's reference, ``generate``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.source.span import GeneratedText
from iac_ec2lint.terraform.terragrunt.configuration import Configuration
from iac_ec2lint.terraform.terragrunt.opening import open_files
from iac_ec2lint.values import Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from iac_ec2lint.source.span import SourceText
    from iac_ec2lint.terraform.folders.modules import ModuleFolders
    from iac_ec2lint.values import Val

_MAKING: Final = regular_expression(r"\b(?:resource|module|data)\b")


class GeneratedFile(NamedTuple):
    """A file that is generated.

    Attributes:
        name: Its name in the folder.
        text: What it says; ``None`` where that is not known.
        replaces: Whether it counts where the folder has a file of this name.
        makes: Whether it may declare resources.
    """

    name: str
    text: SourceText | None
    replaces: bool
    makes: bool


def generated_files(path: Path, modules: ModuleFolders) -> tuple[GeneratedFile, ...]:
    """The files that a configuration generates, and those that it includes.

    Args:
        path: Its file.
        modules: Knows what has been read.
    """
    config = Configuration(path, open_files(modules))
    found: dict[str, GeneratedFile] = {}
    for layer in config.layers:
        for label, written in _written(layer):
            if label not in found:
                found[label] = _generated(label, written)
    return tuple(one for one in found.values() if one.name)


def makes_more(path: Path, modules: ModuleFolders) -> bool:
    """Whether a configuration may generate resources of which nothing is known.

    Args:
        path: Its file.
        modules: Knows what has been read.
    """
    config = Configuration(path, open_files(modules))
    if any(one is None for one, _ in config.includes.values()):
        return True
    return any(one.text is None and one.makes for one in generated_files(path, modules))


def _written(layer: Configuration) -> Iterator[tuple[str, dict[str, Val]]]:
    """What a configuration says of each file, by its label."""
    every = layer.made("generate", layer.span)
    if isinstance(every, Value) and isinstance(every.data, dict):
        for label, one in every.items().items():
            yield label, one.items() if isinstance(one, Value) else {"contents": one}
    elif not every.is_null:
        yield "generate", {"contents": every}


def _generated(label: str, said: dict[str, Val]) -> GeneratedFile:
    disabled, exists = said.get("disable"), said.get("if_exists")
    path, contents = said.get("path"), said.get("contents")
    if disabled is not None and disabled.is_true().truth is True:
        return GeneratedFile("", None, replaces=False, makes=False)
    name = "" if path is None else path.text or ""
    replaces = exists is None or exists.text != "skip"
    text = None if contents is None or "/" in name.removeprefix("./") else contents.text
    if text is not None and contents is not None and name:
        source = GeneratedText(contents.span, text)
        return GeneratedFile(name.removeprefix("./"), source, replaces, makes=True)
    makes = not isinstance(contents, Unknown) or _may_make(contents.parts or ())
    return GeneratedFile(name or label, None, replaces=False, makes=makes)


def _may_make(parts: Iterable[str | Unknown]) -> bool:
    """Whether a text that is known in part may declare resources: what is unknown is in no block.

    Args:
        parts: The parts of it; none where nothing is known of it.
    """
    before = ""
    for part in parts:
        if isinstance(part, str):
            before += part
        elif before.count("{") <= before.count("}"):
            return True
    return not before or _MAKING.search(before) is not None
