"""Marks that are first given here: no message may quote what has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.terraform.language.marks import parts, texts_in
from iac_ec2lint.values import UNMARKED, Marks, Val
from iac_ec2lint.values.reasons import Mark

if TYPE_CHECKING:
    from iac_ec2lint.hcl import tree
    from iac_ec2lint.terraform.language.scope import Evaluation, Scope

_ARGUMENTS: Final[tuple[Mark, ...]] = ("sensitive", "ephemeral")


def mark(evaluation: Evaluation, value: Val, marks: Marks) -> Val:
    """``value`` with ``marks`` that are first given to it here: no message may quote it."""
    if not marks:
        return value
    evaluation.marked = True
    evaluation.secrets.update(texts_in(value))
    return value.marked(marks)


def keep_secret(evaluation: Evaluation, value: Val) -> None:
    """Note the texts of what is marked, in ``value`` or as a whole."""
    if value.marks:
        evaluation.secrets.update(texts_in(value))
        return
    for part in parts((value,)):
        if part.marks:
            evaluation.secrets.update(texts_in(part))


def declared_marks(block: tree.Block, scope: Scope) -> Marks:
    """What a variable or an output says of its value."""
    found = UNMARKED
    attributes = block.body.attributes
    for name in _ARGUMENTS:
        attribute = attributes.get(name)
        if attribute is not None and scope.evaluate(attribute.expression).boolean is not False:
            found = found | {name}
    return found
