"""Rules that open a port only together, of some of which not all is known."""

from __future__ import annotations

import pytest
from tests.graph.declarations import Plain, graph_of, tf, unknown

from iac_ec2lint.network.filters.exposure import exposures
from iac_ec2lint.network.sets.ports import TCP, PortSet
from iac_ec2lint.resources.part import Resource

SSH = PortSet.of([(22, 22)])
LOW = "0.0.0.0/2"
HIGH = "64.0.0.0/2"


def rule(first: Plain, last: Plain, *cidrs: Plain, protocol: Plain = "tcp") -> Plain:
    return {
        "protocol": protocol,
        "from_port": first,
        "to_port": last,
        "cidr_blocks": list(cidrs),
    }


def block_of(prefix: int) -> Plain:
    """A block of which the prefix length alone is known."""
    return unknown(parts=(unknown(), f"/{prefix}"))


# name, the rules, whether SSH is open: True, None (undecided) or False
CASES: list[tuple[str, list[Plain], bool | None]] = [
    ("known", [rule(22, 22, LOW), rule(22, 22, HIGH)], True),
    ("no known port", [rule(22, 22, LOW), rule(22, unknown(), HIGH)], None),
    ("no known protocol", [rule(22, 22, LOW), rule(22, 22, HIGH, protocol=unknown())], None),
    ("nothing known of both", [rule(unknown(), 22, LOW), rule(22, unknown(), HIGH)], None),
    ("a port of several", [rule(22, 22, LOW), rule(22, unknown("b", "variable", 22, 80), HIGH)],
     True),
    ("a port of others", [rule(22, 22, LOW), rule(80, unknown("b", "variable", 80, 90), HIGH)],
     False),
    ("too little with it", [rule(22, 22, LOW), rule(22, unknown(), "64.0.0.0/8")], False),
    ("inside", [rule(22, 22, "10.0.0.0/8"), rule(22, unknown(), "192.168.0.0/16")], False),
    ("a block of some size", [rule(22, 22, LOW), rule(22, 22, block_of(2))], None),
    ("a block that is too small", [rule(22, 22, LOW), rule(22, 22, block_of(8))], False),
    ("two blocks of some size", [rule(22, 22, block_of(2)), rule(22, 22, block_of(2))], None),
    ("a block of several",
     [rule(22, 22, LOW), rule(22, 22, unknown("b", "variable", HIGH, "10.0.0.0/8"))], None),
    ("other ports", [rule(80, 80, LOW), rule(22, 22, block_of(2))], False),
    ("open without it", [rule(22, 22, "0.0.0.0/1"), rule(22, unknown(), HIGH)], True),
]  # fmt: skip


@pytest.mark.parametrize("row", CASES, ids=lambda row: row[0])
def test_what_rules_open_together(row: tuple[str, list[Plain], bool | None]) -> None:
    _, rules, expected = row
    graph = graph_of(tf("aws_security_group.g", {"ingress": rules}))
    found = [one for one in exposures(graph) if one.on(TCP).overlaps(SSH)]
    truths = {None if one.causes else True for one in found}
    assert (True if True in truths else None if truths else False) is expected
    for one in found:
        if one.causes:
            assert len(one.rules) == len(one.places) == len(rules)


def test_a_direction_that_is_not_known() -> None:
    def separate(name: str, direction: Plain, cidr: str) -> Resource:
        return tf(
            f"aws_security_group_rule.{name}",
            {
                "security_group_id": "sg-0a",
                "type": direction,
                "protocol": "tcp",
                "from_port": 22,
                "to_port": 22,
                "cidr_blocks": [cidr],
            },
        )

    graph = graph_of(separate("a", "ingress", LOW), separate("b", unknown(), HIGH))
    (found,) = exposures(graph)
    assert found.causes
    assert found.ports == {TCP: SSH}
    assert exposures(graph, "egress") == ()


def test_what_one_rule_may_open_by_itself_is_told_of_it_alone() -> None:
    rules: Plain = [rule(22, unknown(), "0.0.0.0/0"), rule(22, 22, LOW)]
    (found,) = exposures(graph_of(tf("aws_security_group.g", {"ingress": rules})))
    assert len(found.rules) == 1
