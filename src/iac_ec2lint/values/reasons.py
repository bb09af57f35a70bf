"""What is undecidable, why, how it is marked, and what a person can say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, NoReturn

if TYPE_CHECKING:
    from iac_ec2lint.source.span import Span


Cause = Literal[
    "variable",  # an input variable without a value
    "parameter",  # a template parameter without a value
    "condition",  # a condition that cannot be decided
    "data-source",  # read from AWS at plan time
    "external-id",  # an attribute of something declared elsewhere
    "module",  # a module or nested stack that is not on the disk
    "computed",  # known only after apply
    "expression",  # an expression that is not evaluated
    "may-attach",  # something of unknown target may attach to it
    "limit",  # a bound of this program
    "error",  # an error that was reported
]
"""Why something is unknown (semantics.md, A4)."""

Mark = Literal[
    "sensitive",  # of a variable, an output or ``sensitive()``; of a parameter with NoEcho
    "ephemeral",  # Terraform's, of what is never stored
    "withheld",  # derived from marked values where Terraform loses the mark: hidden too
    "defaulted",  # of a parameter with NoEcho that has a default all the same
    "written",  # of a parameter with NoEcho for which the template around it has a text
]
"""A mark of a value; whatever is derived from the value has it too."""

Marks = frozenset[Mark]
UNMARKED: Marks = frozenset()
"""No marks, as nearly all values have."""


class Input(NamedTuple):
    """What has no value in the files, and a person can say.

    Attributes:
        key: What ``inputs`` of a configuration calls it, without instance keys: ``var.cidr``,
            ``data.aws_vpc.main.cidr_block``, ``module.net.cidr``; a parameter's name.
        span: Where it is declared, or read.
        fact: What it is that can be said of it, where that is no value of it: which list of
            ``known`` has it (``private-subnets``).
    """

    key: str
    span: Span
    fact: str = ""


class Undecidable:
    """What ``Value``, ``Unknown`` and ``Answer`` share: they refuse to be true or false."""

    __slots__ = ()

    def __bool__(self) -> NoReturn:
        raise TypeError(f"{type(self).__name__} has no truth value; ask it a question")
