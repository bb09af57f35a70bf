"""What may declare what no file of a root module does: another program that fills files in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.source.diagnostic import Observation
from iac_ec2lint.terraform.evaluated import Module, RootModule

if TYPE_CHECKING:
    from iac_ec2lint.hcl import tree

_SHOWN = 3
"""How many names that may be generated are told."""


class Undeclared:
    """What a root module refers to and no file of it declares.

    Args:
        context: The root module.
    """

    __slots__ = ("_context", "_named")

    def __init__(self, context: RootModule) -> None:
        self._context = context
        self._named: set[str] = set()

    def whence(self, module: Module, node: tree.Node) -> str:
        """What may declare what a root module refers to, in words; that is noted then.

        It is Terragrunt, or the source of a configuration file, which another program fills in.

        Source: "generate" and "include" of Terragrunt's configuration blocks.

        Args:
            module: The module.
            node: The reference.
        """
        modules = self._context.modules
        if module is not self._context.root or self._context.unit.span is None:
            return ""
        if not modules.terragrunt and not modules.sources:
            return ""
        folder = modules.real(module.folder)
        if (found := modules.terragrunt.get(folder)) is not None:
            name, may = "terragrunt-may-generate", "Terragrunt may generate it"
            whence = f"{may}, by {found}, which is not evaluated"
        elif (found := modules.sources.get(folder)) is not None:
            name, may = "source-may-declare", f"{found} may declare it"
            whence = f"{may}, which another program fills in"
        else:
            return ""
        self._named.add(node.span.text)
        shown = sorted(self._named)[:_SHOWN]
        more = len(self._named) - len(shown)
        message = (
            f"{', '.join(shown)}{f' and {more} more' if more else ''}: declared in no file of this "
            f"folder; {whence}"
        )
        note = Observation(name, self._context.unit.span, message)
        others = [o for o in self._context.unit.observations if o.name != note.name]
        self._context.unit.observations[:] = [*others, note]
        return may
