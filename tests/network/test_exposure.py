"""What rules open to the internet, in every spelling alike."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.network.rule_spellings import (
    ELSEWHERE,
    IN_LIST,
    SPELLINGS,
    UNKNOWN,
    UNKNOWN_IPV6,
    Rule,
    evaluated,
)

from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.network.filters.exposure import exposures
from iac_ec2lint.network.sets.ports import ICMP, ICMPV6, NO_PORTS, TCP, UDP, PortSet

WORLD = ("0.0.0.0/0",)

PROBES = {
    "ssh": (TCP, 22),
    "https": (TCP, 443),
    "tcp/0": (TCP, 0),
    "udp/22": (UDP, 22),
    "ping": (ICMP, 8 * 256),
    "ping6": (ICMPV6, 128 * 256),  # asked of IPv6 sources alone
    "esp": (50, 0),
}
"""What is asked of each rule: whether it is open to the internet."""

EVERYTHING = "ssh https tcp/0 udp/22 ping esp"


class Case(NamedTuple):
    """A rule, and which probes it opens, opens under a condition, or may open."""

    rule: Rule
    opened: str = ""
    conditional: str = ""
    undecided: str = ""


def tcp(first: str | int, last: str | int, *sources: str, switched: bool = False) -> Rule:
    return Rule("tcp", (first, last), sources, switched)


CASES = {
    "one port": Case(tcp(22, 22, *WORLD), "ssh"),
    "another port": Case(tcp(443, 443, *WORLD), "https"),
    "quoted numbers": Case(tcp("22", "22", *WORLD), "ssh"),
    "a range": Case(tcp(20, 25, *WORLD), "ssh"),
    "a wide range": Case(tcp(0, 65535, *WORLD), "ssh https tcp/0"),
    "port 0 alone": Case(tcp(0, 0, *WORLD), "tcp/0"),
    "a range that ends before it begins": Case(tcp(23, 22, *WORLD)),
    "upper case": Case(Rule("TCP", (22, 22), WORLD), "ssh"),
    "a protocol number": Case(Rule(6, (22, 22), WORLD), "ssh"),
    "a protocol number as text": Case(Rule("17", (22, 22), WORLD), "udp/22"),
    "udp": Case(Rule("udp", (22, 22), WORLD), "udp/22"),
    "all protocols": Case(Rule("-1", (0, 0), WORLD), EVERYTHING),
    "all protocols as a number": Case(Rule(-1, (0, 0), WORLD), EVERYTHING),
    "all protocols by name": Case(Rule("all", (0, 0), WORLD), EVERYTHING),
    "ports that AWS ignores": Case(Rule("50", (22, 22), WORLD), "esp"),
    "icmp of all types": Case(Rule("icmp", (-1, -1), WORLD), "ping"),
    "icmp of one type": Case(Rule("icmp", (8, -1), WORLD), "ping"),
    "icmp of another type": Case(Rule("icmp", (3, 4), WORLD)),
    "icmp in IPv6": Case(Rule("icmp", (-1, -1), ("::/0",))),
    "icmpv6": Case(Rule("icmpv6", (-1, -1), ("::/0",)), "ping6"),
    "icmpv6 by number": Case(Rule("58", (128, 0), ("::/0",)), "ping6"),
    "IPv6": Case(tcp(22, 22, "::/0"), "ssh"),
    "IPv6 spelled otherwise": Case(tcp(22, 22, "::0/0"), "ssh"),
    "IPv6 spelled in full": Case(tcp(22, 22, "0:0:0:0:0:0:0:0/0"), "ssh"),
    "all global unicast": Case(tcp(22, 22, "2000::/3"), "ssh"),
    "IPv6 inside": Case(tcp(22, 22, "fc00::/7", "2001:db8::/32")),
    "both families": Case(tcp(22, 22, "0.0.0.0/0", "::/0"), "ssh"),
    "two halves": Case(tcp(22, 22, "0.0.0.0/1", "128.0.0.0/1"), "ssh"),
    "the lower half": Case(tcp(22, 22, "0.0.0.0/1"), "ssh"),
    "the upper half": Case(tcp(22, 22, "128.0.0.0/1")),
    "two quarters": Case(tcp(22, 22, "0.0.0.0/2", "64.0.0.0/2"), "ssh"),
    "one quarter": Case(tcp(22, 22, "0.0.0.0/2")),
    "host bits": Case(tcp(22, 22, "198.51.100.7/0"), "ssh"),
    "inside": Case(tcp(22, 22, "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")),
    "an office": Case(tcp(22, 22, "203.0.113.0/24", "198.51.100.7/32")),
    "the world beside an office": Case(tcp(22, 22, "203.0.113.0/24", "0.0.0.0/0"), "ssh"),
    "no source": Case(tcp(22, 22)),
    "itself": Case(tcp(22, 22, "self")),
    "itself beside the world": Case(tcp(22, 22, "self", "0.0.0.0/0"), "ssh"),
    "another group": Case(tcp(22, 22, "group")),
    "another group beside the world": Case(tcp(22, 22, "group", "0.0.0.0/0"), "ssh"),
    "a prefix list of the world": Case(tcp(22, 22, f"{IN_LIST}0.0.0.0/0"), "ssh"),
    "a prefix list of halves": Case(tcp(22, 22, f"{IN_LIST}0.0.0.0/1,128.0.0.0/1"), "ssh"),
    "a prefix list of offices": Case(tcp(22, 22, f"{IN_LIST}203.0.113.0/24,10.0.0.0/8")),
    "a half in a prefix list, a half beside it": Case(
        tcp(22, 22, f"{IN_LIST}128.0.0.0/2", "64.0.0.0/2"), "ssh"
    ),
    "a prefix list beside the world": Case(
        tcp(22, 22, f"{IN_LIST}203.0.113.0/24", "0.0.0.0/0"), "ssh"
    ),
    "a prefix list declared elsewhere": Case(tcp(22, 22, ELSEWHERE), undecided="ssh"),
    "a prefix list declared elsewhere beside the world": Case(
        tcp(22, 22, ELSEWHERE, *WORLD), "ssh"
    ),
    "an unknown range": Case(tcp(22, 22, UNKNOWN), undecided="ssh"),
    "an unknown range beside an office": Case(
        tcp(22, 22, UNKNOWN, "203.0.113.0/24"), undecided="ssh"
    ),
    "no range": Case(tcp(22, 22, "10.0.0.0/33"), undecided="ssh"),
    "unknown ports": Case(tcp(UNKNOWN, UNKNOWN, *WORLD), undecided="ssh https tcp/0"),
    "unknown ports from inside": Case(tcp(UNKNOWN, UNKNOWN, "10.0.0.0/8")),
    "an unknown protocol": Case(Rule(UNKNOWN, (22, 22), WORLD), undecided=EVERYTHING),
    "a protocol that there is not": Case(Rule("tpc", (22, 22), WORLD), undecided=EVERYTHING),
    "unknown ports that AWS ignores": Case(Rule("-1", (UNKNOWN, UNKNOWN), WORLD), EVERYTHING),
    "a switched rule": Case(tcp(22, 22, *WORLD, switched=True), conditional="ssh"),
    "a switched rule from inside": Case(tcp(22, 22, "10.0.0.0/8", switched=True)),
    "a switched rule of halves": Case(
        tcp(22, 22, "64.0.0.0/2", "128.0.0.0/2", switched=True), conditional="ssh"
    ),
    "a switched rule of unknown range": Case(tcp(22, 22, UNKNOWN, switched=True), undecided="ssh"),
}


def verdicts(graph: Graph) -> Case:
    """The probes that are open, conditionally open and undecided, in their order."""
    certain: set[str] = set()
    conditional: set[str] = set()
    undecided: set[str] = set()
    for exposure in exposures(graph):
        for name, (protocol, port) in PROBES.items():
            ports = exposure.on(protocol)
            if name == "ping6" and not any("v6" in place.attribute for place in exposure.places):
                ports = NO_PORTS
            if not ports.overlaps(PortSet.of([(port, port)])):
                continue
            if exposure.causes:
                undecided.add(name)
            elif exposure.when:
                conditional.add(name)
            else:
                certain.add(name)
    conditional -= certain
    undecided -= certain | conditional
    rule = Rule("", (0, 0), ())
    words = (" ".join(n for n in PROBES if n in s) for s in (certain, conditional, undecided))
    return Case(rule, *words)


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("case", CASES)
def test_every_spelling_gives_the_same_verdict(case: str, spelling: str, tmp_path: Path) -> None:
    write, name = SPELLINGS[spelling]
    expected = CASES[case]
    found = verdicts(evaluated(write(expected.rule), name, tmp_path))
    assert found[1:] == expected[1:]


def less_known(rule: Rule) -> list[Rule]:
    """The rule with one of its literals replaced by something unknown, each in turn."""
    first, last = rule.ports
    found = [
        replace(rule, protocol=UNKNOWN),
        replace(rule, ports=(UNKNOWN, last)),
        replace(rule, ports=(first, UNKNOWN)),
    ]
    for index, source in enumerate(rule.sources):
        if source not in {"self", "group", ELSEWHERE} and not source.startswith(IN_LIST):
            family = UNKNOWN_IPV6 if ":" in source else UNKNOWN
            sources = (*rule.sources[:index], family, *rule.sources[index + 1 :])
            found.append(replace(rule, sources=sources))
    return found


@pytest.mark.parametrize("case", CASES)
def test_what_is_not_known_adds_no_failure_and_silences_none(case: str, tmp_path: Path) -> None:
    write, name = SPELLINGS["inline block"]
    rule = CASES[case].rule
    before = verdicts(evaluated(write(rule), name, tmp_path))
    for less in less_known(rule):
        after = verdicts(evaluated(write(less), name, tmp_path))
        opened = set(after.opened.split()) | set(after.conditional.split())
        failed = set(before.opened.split()) | set(before.conditional.split())
        assert opened <= failed, less
        assert failed | set(before.undecided.split()) <= opened | set(after.undecided.split()), less
