"""The marks in a plan: a value of the same shape, with ``True`` for what is sensitive.

Source: "JSON Output Format" of the Terraform documentation, ``after_sensitive``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.terraform.language.conversion import with_data
from iac_ec2lint.terraform.language.marks import SENSITIVE, with_elements, with_members
from iac_ec2lint.values import Items, Val, Value

if TYPE_CHECKING:
    from iac_ec2lint.terraform.plan.file import Json


def with_marks(value: Val, sensitive: Json) -> Val:
    """A value with the marks that a plan gives for it, in the same shape.

    Where their shape differs and something is marked, the whole value is marked.
    """
    if sensitive is True:
        return value.marked(SENSITIVE)
    if not _marks_any(sensitive):
        return value
    data = value.data if isinstance(value, Value) else None
    if isinstance(value, Value) and isinstance(data, dict) and isinstance(sensitive, dict):
        members = {name: with_marks(m, sensitive.get(name)) for name, m in data.items()}
        return with_data(value, with_members(data, members))
    is_list = isinstance(data, tuple) and not isinstance(data, Items)
    if isinstance(value, Value) and is_list and isinstance(sensitive, list):
        assert isinstance(data, tuple)  # noqa: S101 - narrows for the type checker
        if len(sensitive) == len(data):
            elements = map(with_marks, data, sensitive)
            return with_data(value, with_elements(data, elements))
    return value.marked(SENSITIVE)


def _marks_any(sensitive: Json) -> bool:
    if isinstance(sensitive, dict):
        return any(map(_marks_any, sensitive.values()))
    if isinstance(sensitive, list):
        return any(map(_marks_any, sensitive))
    return sensitive is True


def marks_inside(sensitive: Json, step: str | int) -> Json:
    """The marks of a part, given those of the whole."""
    if sensitive is True:
        return True
    if isinstance(sensitive, dict):
        return sensitive.get(step)
    if isinstance(sensitive, list) and isinstance(step, int) and step < len(sensitive):
        return sensitive[step]
    return None
