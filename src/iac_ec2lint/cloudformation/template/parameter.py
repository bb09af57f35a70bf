"""A parameter's declaration."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from iac_ec2lint.cloudformation.syntax import (
    text_of,
)
from iac_ec2lint.cloudformation.template.rules import Ruled
from iac_ec2lint.document.tree import Mapping, Node, Scalar, Sequence
from iac_ec2lint.values.allowed import Bounds
from iac_ec2lint.values.numbers import parse_number

if TYPE_CHECKING:
    from iac_ec2lint.values.allowed import Allowed


class Parameter:
    """A parameter's declaration.

    Attributes:
        key: Its name, where it is declared.
        type: Its type as written; ``String`` where there is none.
        default: Its default, if it has one.
        allowed: Its allowed values, if they are restricted.
        no_echo: Whether its value must not be shown.
        never_empty: Whether a deployment refuses an empty text.
        pattern: What its value must match, as it is written.
        number: The least and the greatest number that it may be.
        length: How few and how many characters it may have.
        ruled: What the rules of the template demand of it.
    """

    __slots__ = (
        *("allowed", "default", "key", "length", "never_empty", "no_echo", "number", "pattern"),
        *("ruled", "type"),
    )

    def __init__(self, key: Scalar, node: Mapping) -> None:
        self.key = key
        self.type = text_of(node.get("Type")) or "String"
        self.default = node.get("Default")
        allowed = node.get("AllowedValues")
        self.allowed: list[Node] = allowed.items if isinstance(allowed, Sequence) else []
        hidden = node.get("NoEcho")
        self.no_echo = isinstance(hidden, Scalar) and hidden.text.lower() == "true"
        least = node.get("MinLength")
        digits = least.text.lstrip("0") if isinstance(least, Scalar) else ""
        long = digits.isascii() and digits.isdecimal()
        self.never_empty = long or self.type == "Number" or self.type.startswith("AWS::EC2::")
        self.pattern = text_of(node.get("AllowedPattern"))
        self.number = _bounds(node, "MinValue", "MaxValue")
        self.length = _bounds(node, "MinLength", "MaxLength")
        self.ruled = Ruled()

    @property
    def name(self) -> str:
        """Its name."""
        return self.key.text

    def under(self, demanded: tuple[Allowed, ...]) -> Parameter:
        """The parameter where a condition of a rule demands this of it as well."""
        if not demanded:
            return self
        found = copy(self)
        found.ruled = self.ruled._replace(always=(*self.ruled.always, *demanded))
        return found


def _bounds(node: Mapping, least: str, most: str) -> Bounds | None:
    """What two properties bound; ``None`` where neither is written as a number."""
    texts = [text_of(node.get(name)) for name in (least, most)]
    lo, hi = [None if text is None else parse_number(text) for text in texts]
    return None if lo is None and hi is None else Bounds(lo, hi)
