"""What a unit tells others of its own, who may add to it: by outputs, and by parameters.

A parameter of Systems Manager is there for whoever reads it by its name (Systems Manager User
Guide, "Parameter Store").
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.resources.output import Output
from iac_ec2lint.resources.ssm_parameter import SsmParameter
from iac_ec2lint.values import references_of, walk_possible

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from iac_ec2lint.graph.graph import Graph

Telling: TypeAlias = Output | SsmParameter
_T = TypeVar("_T", Output, SsmParameter)


_IDS: Final = frozenset({"", "Arn", "GroupId", "Id", "Ref", "VpcId", "arn", "id"})
"""Attributes by which others name what they add to: nobody does by its range."""


def named_in(telling: Iterable[_T], by: Collection[str] = ()) -> dict[str, _T]:
    """The addresses of what some outputs or parameters name, each with the first that does.

    Args:
        telling: The outputs or parameters.
        by: The attributes that count; all where none is given.
    """
    found: dict[str, _T] = {}
    for one in telling:
        for value in walk_possible(one.value) if one.value is not None else ():
            for reference in references_of(value):
                if not by or reference.attribute in by:
                    found.setdefault(reference.target, one)
    return found


@remembered
def told_by_parameters(graph: Graph) -> dict[str, SsmParameter]:
    """The addresses of what parameters of Systems Manager tell, with the parameters."""
    return named_in(graph.all(SsmParameter), _IDS)
