"""Datagrams from the internet that are delivered although no answer gets back.

What finds them rests on most of ``network``, and is imported where there are rules of groups.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.resources.security_group import SecurityGroup, SeparateSecurityGroupRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.engine.check import Remark
    from iac_ec2lint.graph.graph import Graph


def remarks(graph: Graph) -> Iterator[Remark]:
    """A note for each workload and family: what is delivered, and what keeps answers back."""
    if next(graph.all(SecurityGroup, SeparateSecurityGroupRule), None) is not None:
        from iac_ec2lint.notes import undelivered_answers

        yield from undelivered_answers.remarks(graph)
