"""What is called or nested and is not on the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.resources.auxiliary import Auxiliary
from iac_ec2lint.resources.field import text
from iac_ec2lint.values import Input, Unknown
from iac_ec2lint.values.addresses import plain_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.values import Val

_OWN = frozenset({"source", "version", "providers", "count", "for_each", "depends_on"})
"""What a module call says to Terraform, and not to the module."""


class UnreadModule(Auxiliary):
    """A module call, or a nested stack, of which nothing else is on the disk (semantics.md, B0).

    Its body is what it is given: the arguments of the call, or the stack's parameters.
    """

    # The type is one in both languages.
    terraform = ("module",)

    source = text("source", None)

    def arguments(self) -> Iterator[tuple[str, Val]]:
        """The names and values of what it is given, in order."""
        terraform = self.declared.language == "terraform"
        for name in self.declared.body.names():
            value = None if terraform and name in _OWN else self.declared.body.get(name)
            if value is not None:
                yield name, value

    @property
    def why(self) -> str:
        """Why nothing of it is known."""
        source = self.source.text if self.source is not None else None
        if source is not None:
            return f"the module {source} is not on the disk"
        what = "module" if self.declared.language == "terraform" else "template"
        return f"the {what} of {self.address} is not on the disk"

    @property
    def input(self) -> Input:
        """What would say more: its source, where that is known."""
        source = self.source.text if self.source is not None else None
        return Input(source or plain_address(self.address), self.span, "modules")

    @property
    def gap(self) -> Unknown:
        """That nothing of it is known."""
        return Unknown(self.why, "module", self.span, inputs=(self.input,))
