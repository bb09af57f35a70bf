"""Defaults that only show where an id is to be filled in: ``subnet-xxxxxxxx``, ``default``.

Two inputs that have one such default are two things all the same, once they are filled in.
"""

from __future__ import annotations

from typing import Final

from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values.inputs import input_of_default
from iac_ec2lint.values.reasons import Input
from iac_ec2lint.values.value import Val, Value

_ID: Final = regular_expression(r"[a-z]+-([0-9a-f]{8}|[0-9a-f]{17})")
"""EC2 User Guide, "Resource IDs": 17 characters after the type, 8 of those made before 2018."""


def to_fill_in(value: Val) -> Input | None:
    """The input whose default stands for one id that is to be filled in, and is none of EC2.

    Args:
        value: What names a resource that EC2 gives an id.

    Returns:
        The input whose default it is; ``None`` where the value may be an id, or is no default.
    """
    text = value.text if isinstance(value, Value) else None
    if not text or "," in text or text.startswith("arn:"):
        return None
    found = _ID.fullmatch(text)
    if found is not None and len(set(found[1])) > 1:
        return None
    defaults = map(input_of_default, value.via)
    return next((one for one in defaults if one is not None), None)
