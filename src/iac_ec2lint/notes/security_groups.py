"""Rules that are declared on their own, of a group that lists rules inline.

Source: the AWS provider's aws_security_group_rule ("NOTE on Security Groups and Security Group
Rules"): the group removes what it does not list. CloudFormation adds both up, and makes no note;
semantics.md, B6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.engine.check import Remark
from iac_ec2lint.notes.certainty import surely_there
from iac_ec2lint.resources.security_group import SecurityGroup, SeparateSecurityGroupRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph


def remarks(graph: Graph) -> Iterator[Remark]:
    """A note for each rule that Terraform makes as one resource and removes as another."""
    for rule in graph.all(SeparateSecurityGroupRule):
        if rule.declared.of_cloudformation or not surely_there(rule):
            continue
        direction = None if rule.direction is None else rule.direction.text
        group = graph.only(rule, "security_group", SecurityGroup)
        if group is None or direction not in ("ingress", "egress"):
            continue
        if any(surely_there(group, inline) for inline in getattr(group, direction)):
            words = (
                f"{group.address} lists its {direction} rules inline, so Terraform removes this"
                f" one again at the next apply, unless it ignores changes of {direction}"
            )
            yield Remark("rules-in-two-places", rule, rule.place("security_group"), words)
