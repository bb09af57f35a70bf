"""Values that must not be shown, where an evaluation is asked to conceal them.

Source: "Suppressing Values in CLI Output" and "Ephemeral Values" of the Terraform language. What a
concealed value is used for is unknown as well, so that nothing leaks through it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.terraform.containers import Lazy, OpenMap
from iac_ec2lint.terraform.types import ANY, Type
from iac_ec2lint.values import Step, Unknown, Val

if TYPE_CHECKING:
    from iac_ec2lint.hcl import tree
    from iac_ec2lint.terraform.scope import Scope


class Concealed(Unknown):
    """A value that is known and not told.

    Args:
        value: The value; ``nonsensitive`` alone may look at it.
        what: What is concealed, in words: ``var.password``.
        kind: Its type, as far as that may be told.
    """

    __slots__ = ("_what", "inner")

    def __init__(self, value: Val, what: str, kind: Type = ANY, via: tuple[Step, ...] = ()) -> None:
        super().__init__(f"{what} is sensitive", "expression", value.span, via, type=kind)
        self.inner = value
        self._what = what

    def after(self, *steps: Step) -> Concealed:
        """The same value, having come through ``steps`` as well."""
        kind = self.type if isinstance(self.type, Type) else ANY
        return Concealed(self.inner, self._what, kind, self.via + steps)


def conceal(value: Val, what: str, kind: Type = ANY) -> Val:
    """A value that is not told; where nothing is known of it, it stays what it is."""
    if isinstance(value, Unknown) and not isinstance(value, Lazy | OpenMap):
        return value if not value.candidates else Concealed(value, what, kind)
    return Concealed(value, what, kind)


def reveal(value: Val) -> Val:
    """A concealed value, told all the same."""
    return value.inner if isinstance(value, Concealed) else value


def is_sensitive(block: tree.Block, scope: Scope) -> bool:
    """Whether a variable or an output says that it must not be shown."""
    for name in ("sensitive", "ephemeral"):
        attribute = block.body.attributes.get(name)
        if attribute is not None and scope.evaluate(attribute.expression).boolean is not False:
            return True
    return False
