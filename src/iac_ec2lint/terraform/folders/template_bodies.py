"""The templates in files of which a module makes stacks, told without evaluating it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.hcl import tree
from iac_ec2lint.source.files import place_named
from iac_ec2lint.terraform.folders.syntax import static_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from iac_ec2lint.terraform.folders.syntax import ModuleSyntax

_BODY: Final = "template_body"


def template_bodies(syntax: ModuleSyntax, folder: Path, kinds: Collection[str]) -> Iterator[Path]:
    """The files that ``template_body = file(...)`` names by a path from the module's folder.

    Args:
        syntax: The module.
        folder: Its folder.
        kinds: The types of resources that make stacks.
    """
    for (kind, _), block in syntax.resources.items():
        written = block.body.attributes.get(_BODY) if kind in kinds else None
        call = None if written is None else tree.bare(written.expression)
        if not isinstance(call, tree.FunctionCall) or call.name != "file":
            continue
        named = _relative(call.arguments[0]) if len(call.arguments) == 1 else None
        place = None if named is None else place_named(folder, named)
        if place is not None:
            yield place


def _relative(path: tree.Expression) -> str | None:
    """A path that is written in full, or begins with ``${path.module}``."""
    text = static_text(path)
    if text is not None or not isinstance(path, tree.Template) or len(path.parts) != 2:
        return text
    first, rest = path.parts
    begins = first.expression if isinstance(first, tree.Interpolation) else None
    if not isinstance(begins, tree.GetAttribute) or not isinstance(begins.operand, tree.Variable):
        return None
    of_module = begins.operand.name == "path" and begins.name in ("module", "root")
    return rest.value.lstrip("/") if of_module and isinstance(rest, tree.Text) else None
