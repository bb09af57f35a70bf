"""The inputs of an evaluation beside the templates."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from iac_ec2lint.declaration import Branches, OtherInputs
from iac_ec2lint.values.stated import Stated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iac_ec2lint.values import Val


@dataclass(frozen=True, slots=True)
class StackOptions:
    """The inputs of a deployment beside its templates.

    Attributes:
        parameters: The values of parameters, and of pseudo parameters (``AWS::AccountId``), by
            name: as text, as a deployment takes them, or as values that were evaluated elsewhere.
            They apply to the root stacks, not to the stacks nested in them.
        region: The Region (``eu-central-1``), where it is known.
        branches: Takes note of what defaults decide.
        others: The parameters that have not their defaults.
        stated: What people say of inputs.
    """

    parameters: Mapping[str, str | Val] = field(default_factory=dict)
    region: str | None = None
    branches: Branches = field(default_factory=Branches)
    others: OtherInputs = field(default_factory=dict)
    stated: Stated = field(default_factory=Stated)
