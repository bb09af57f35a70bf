"""What network ACLs let in and out, rule by rule in order (semantics.md, B5)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.graph.declarations import Plain, declare, graph_of, ref, unknown
from tests.network.infrastructure import (
    CFN_VPC,
    TF_VPC,
    facts,
    graph,
    how_open,
    subnet,
)

from iac_ec2lint.declaration import CERTAIN, Presence
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.network.filters.network_acl import acl_filter, acls_of, replies
from iac_ec2lint.network.sets.addresses import INTERNET4, AddressSet, Family, internet, parse_cidr
from iac_ec2lint.network.sets.ports import ICMP, TCP, UDP, PortSet
from iac_ec2lint.network.sets.traffic import Direction
from iac_ec2lint.network.vpc.subnets import default_subnet

WORLD = "0.0.0.0/0"


@dataclass(frozen=True)
class Entry:
    """A rule of a network ACL."""

    number: int
    action: str
    protocol: str = "-1"
    ports: tuple[int, int] = (0, 0)
    cidr: str = WORLD
    egress: bool = False


ALL_OUT = Entry(100, "allow", egress=True)


def block_of(entry: Entry) -> str:
    name = "ipv6_cidr_block" if ":" in entry.cidr else "cidr_block"
    kind = "egress" if entry.egress else "ingress"
    first, last = entry.ports
    return f"""
  {kind} {{
    rule_no    = {entry.number}
    action     = "{entry.action}"
    protocol   = "{entry.protocol}"
    from_port  = {first}
    to_port    = {last}
    {name} = "{entry.cidr}"
  }}
"""


def inline(entries: list[Entry]) -> str:
    blocks = "".join(block_of(entry) for entry in entries)
    return (
        f'{TF_VPC}resource "aws_network_acl" "n" {{\n  vpc_id = aws_vpc.v.id\n'
        f"  subnet_ids = [aws_subnet.s.id]\n{blocks}}}\n"
    )


def separate(entries: list[Entry], acl: str = "aws_network_acl.n.id") -> str:
    text = ""
    for place, entry in enumerate(entries):
        name = "ipv6_cidr_block" if ":" in entry.cidr else "cidr_block"
        first, last = entry.ports
        text += f"""
resource "aws_network_acl_rule" "r{place}" {{
  network_acl_id = {acl}
  egress         = {str(entry.egress).lower()}
  rule_number    = {entry.number}
  rule_action    = "{entry.action}"
  protocol       = "{entry.protocol}"
  from_port      = {first}
  to_port        = {last}
  {name} = "{entry.cidr}"
}}
"""
    return text


BARE_ACL = 'resource "aws_network_acl" "n" { vpc_id = aws_vpc.v.id }\n'
ASSOCIATED = (
    TF_VPC
    + BARE_ACL
    + 'resource "aws_network_acl_association" "a" {\n  network_acl_id = aws_network_acl.n.id\n'
    + "  subnet_id = aws_subnet.s.id\n}\n"
)


def of_resources(entries: list[Entry]) -> str:
    return ASSOCIATED + separate(entries)


def stack_entries(entries: list[Entry], acl: str = "!Ref n") -> str:
    text = ""
    for place, entry in enumerate(entries):
        name = "Ipv6CidrBlock" if ":" in entry.cidr else "CidrBlock"
        first, last = entry.ports
        text += f"""
  e{place}:
    Type: AWS::EC2::NetworkAclEntry
    Properties:
      NetworkAclId: {acl}
      Egress: {str(entry.egress).lower()}
      RuleNumber: {entry.number}
      RuleAction: {entry.action}
      Protocol: {entry.protocol}
      {name}: "{entry.cidr}"
      PortRange: {{From: {first}, To: {last}}}
"""
    return text


def template(entries: list[Entry]) -> str:
    return (
        CFN_VPC
        + "  n:\n    Type: AWS::EC2::NetworkAcl\n    Properties: {VpcId: !Ref v}\n"
        + "  na:\n    Type: AWS::EC2::SubnetNetworkAclAssociation\n"
        + "    Properties: {SubnetId: !Ref s, NetworkAclId: !Ref n}\n"
        + stack_entries(entries)
    )


SPELLINGS = {
    "inline": inline,
    "aws_network_acl_rule": of_resources,
    "AWS::EC2::NetworkAclEntry": template,
}

SSH_IN = Entry(100, "allow", "6", (22, 22))
RULES: dict[str, tuple[list[Entry], str, str]] = {
    # What is written; whether the internet gets in on tcp/22; what the evidence says.
    "no rules": ([], "no", "no rule allows it"),
    "allowed": ([SSH_IN], "yes", "by rule 100"),
    "allowed on another port": ([replace(SSH_IN, ports=(443, 443))], "no", "no rule allows it"),
    "allowed within a range": ([replace(SSH_IN, ports=(20, 25))], "yes", "by rule 100"),
    "allowed for udp": ([replace(SSH_IN, protocol="17")], "no", "no rule allows it"),
    "all protocols": ([Entry(100, "allow")], "yes", "by rule 100"),
    "denied before": (
        [Entry(90, "deny"), SSH_IN],
        "no",
        "denies tcp 22 in by rule 90",
    ),
    "denied after": ([SSH_IN, Entry(110, "deny")], "yes", "by rule 100"),
    "read by number, not as written": ([Entry(110, "deny"), SSH_IN], "yes", "by rule 100"),
    "denied for one network": (
        [Entry(90, "deny", "6", (22, 22), "203.0.113.0/24"), Entry(200, "allow")],
        "yes",
        "by rule 200",
    ),
    "denied in two halves": (
        [
            Entry(90, "deny", cidr="0.0.0.0/1"),
            Entry(91, "deny", cidr="128.0.0.0/1"),
            Entry(200, "allow"),
        ],
        "no",
        "by rule 90, rule 91",
    ),
    "allowed in two halves": (
        [replace(SSH_IN, cidr="0.0.0.0/1"), replace(SSH_IN, number=101, cidr="128.0.0.0/1")],
        "yes",
        "by rule 100, rule 101",
    ),
    "allowed for an office": (
        [replace(SSH_IN, cidr="203.0.113.7/32")],
        "no",
        "allows tcp 22 in by rule 100",
    ),
    "allowed within the VPC": ([replace(SSH_IN, cidr="10.0.0.0/8")], "no", "no rule allows it"),
    "allowed for IPv6 alone": ([replace(SSH_IN, cidr="::/0")], "no", "no rule allows it"),
    "allowed out": ([replace(SSH_IN, egress=True)], "no", "no rule allows it"),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("name", RULES)
def test_who_gets_in(name: str, spelling: str, tmp_path: Path) -> None:
    entries, expected, fact = RULES[name]
    unit = graph(SPELLINGS[spelling](entries), tmp_path)
    found = acl_filter(unit, subnet(unit), Family.IPV4, "ingress").clients(TCP, 22, INTERNET4)
    assert how_open(found.addresses) == expected, facts(found)
    assert fact in facts(found)
    assert found.addresses.is_exact


def test_all_but_one_network_gets_in(tmp_path: Path) -> None:
    entries, _, _ = RULES["denied for one network"]
    unit = graph(inline(entries), tmp_path)
    found = acl_filter(unit, subnet(unit), Family.IPV4, "ingress").clients(TCP, 22, INTERNET4)
    assert found.addresses.lower == INTERNET4 - block("203.0.113.0/24")


def block(text: str) -> AddressSet:
    parsed = parse_cidr(text)
    assert parsed is not None
    return parsed.addresses


VARIABLE = 'variable "x" {}\n'
WHICH: dict[str, tuple[str, str, str]] = {
    # A configuration; whether the internet gets in on tcp/22; what the evidence says.
    "the default one": (
        TF_VPC,
        "yes",
        "by the rule that it is made with (100); aws_subnet.s has no network ACL of its own",
    ),
    "the default one, template": (CFN_VPC, "yes", "so the default one of v applies"),
    "the adopted default one without rules": (
        TF_VPC
        + 'resource "aws_default_network_acl" "d" {\n'
        + "  default_network_acl_id = aws_vpc.v.default_network_acl_id\n}\n",
        "no",
        "aws_default_network_acl.d denies tcp 22 in: no rule allows it",
    ),
    "the adopted default one with rules": (
        TF_VPC
        + 'resource "aws_default_network_acl" "d" {\n'
        + "  default_network_acl_id = aws_vpc.v.default_network_acl_id\n"
        + f"{block_of(SSH_IN)}}}\n",
        "yes",
        "and that is aws_default_network_acl.d",
    ),
    "a rule before those of the default one": (
        TF_VPC + separate([Entry(50, "deny", "6", (22, 22))], "aws_vpc.v.default_network_acl_id"),
        "no",
        "by rule 50",
    ),
    "a rule after those of the default one": (
        TF_VPC + separate([Entry(200, "deny")], "aws_vpc.v.default_network_acl_id"),
        "yes",
        "by the rule that it is made with",
    ),
    "a rule before those of the default one, template": (
        CFN_VPC + stack_entries([Entry(50, "deny")], "!GetAtt v.DefaultNetworkAcl"),
        "no",
        "by rule 50",
    ),
    "one that is attached to nothing": (TF_VPC + BARE_ACL, "yes", "so the default one"),
    "one that is made empty": (ASSOCIATED, "no", "no rule allows it"),
    "one declared elsewhere": (
        ASSOCIATED.replace("= aws_network_acl.n.id", '= "acl-0123456789"'),
        "undecided",
        "acl-0123456789",
    ),
    "one that may be this subnet's": (
        VARIABLE + inline([]).replace("[aws_subnet.s.id]", "var.x"),
        "undecided",
        "aws_network_acl.n may be the network ACL of aws_subnet.s",
    ),
    "one that cannot be this subnet's, which has one": (
        VARIABLE
        + inline([SSH_IN])
        + inline([])
        .replace(TF_VPC, "")
        .replace('"n"', '"m"')
        .replace("[aws_subnet.s.id]", "var.x"),
        "yes",
        "aws_network_acl.n is the network ACL of aws_subnet.s",
    ),
    "one that cannot be this subnet's, of another VPC": (
        VARIABLE
        + 'resource "aws_vpc" "w" { cidr_block = "10.1.0.0/16" }\n'
        + TF_VPC
        + inline([])
        .replace(TF_VPC, "")
        .replace("[aws_subnet.s.id]", "var.x")
        .replace("aws_vpc.v.id", "aws_vpc.w.id"),
        "yes",
        "so the default one of aws_vpc.v applies",
    ),
    "of a subnet in the default VPC": (
        'data "aws_vpc" "d" { default = true }\n'
        + TF_VPC.replace("aws_vpc.v.id", "data.aws_vpc.d.id"),
        "yes",
        "[default, True]",
    ),
    "of a VPC declared elsewhere": (
        TF_VPC.replace("aws_vpc.v.id", '"vpc-0123456789"'),
        "undecided",
        "the default network ACL of vpc-0123456789 is not in the source",
    ),
    "a rule of an ACL that nobody knows": (
        VARIABLE + inline([SSH_IN]) + separate([Entry(50, "deny")], "var.x"),
        "undecided",
        "[unknown, None]",
    ),
    "an allowing rule of an ACL that nobody knows": (
        VARIABLE + inline([SSH_IN]) + separate([Entry(50, "allow")], "var.x"),
        "yes",
        "by rule 50, rule 100",
    ),
    "an action that is unknown": (
        VARIABLE + inline([SSH_IN]).replace('"allow"', "var.x"),
        "undecided",
        "[unknown, None]",
    ),
    "a network that is unknown, denied": (
        VARIABLE + inline([Entry(50, "deny", cidr="?"), SSH_IN]).replace('"?"', "var.x"),
        "undecided",
        "[unknown, None]",
    ),
    "a number that is unknown": (
        VARIABLE + inline([Entry(50, "deny"), SSH_IN]).replace("= 50", "= var.x"),
        "undecided",
        "[unknown, None]",
    ),
    "a number that is unknown of the only rule": (
        VARIABLE + inline([SSH_IN]).replace("= 100", "= var.x"),
        "yes",
        "a rule of unknown number",
    ),
    "a port that is unknown": (
        VARIABLE + inline([SSH_IN]).replace("= 22", "= var.x"),
        "undecided",
        "[unknown, None]",
    ),
    "either of two ports": (
        VARIABLE + inline([SSH_IN]).replace("= 22", "= var.x ? 22 : 443"),
        "undecided",
        "[unknown, None]",
    ),
    "neither of two ports": (
        VARIABLE + inline([SSH_IN]).replace("= 22", "= var.x ? 80 : 443"),
        "no",
        "no rule allows it",
    ),
    "a rule on a switch": (
        VARIABLE
        + ASSOCIATED
        + separate([SSH_IN]).replace("network_acl_id", "count = var.x ? 1 : 0\n  network_acl_id"),
        "undecided",
        "[unknown, None]",
    ),
}


@pytest.mark.parametrize("name", WHICH)
def test_which_network_acl_a_subnet_has(name: str, tmp_path: Path) -> None:
    text, expected, fact = WHICH[name]
    unit = graph(text, tmp_path)
    found = acl_filter(unit, subnet(unit), Family.IPV4, "ingress").clients(TCP, 22, INTERNET4)
    assert how_open(found.addresses) == expected, facts(found)
    assert fact in facts(found)
    assert bool(found.causes) is (expected == "undecided")


def test_a_host_without_a_subnet_has_the_default_vpcs(tmp_path: Path) -> None:
    unit = graph('resource "aws_instance" "h" { ami = "ami-1" }\n', tmp_path)
    host = unit.get("aws_instance.h")
    assert host is not None
    where = default_subnet(unit, host)
    found = acl_filter(unit, where, Family.IPV4, "ingress").clients(TCP, 22, INTERNET4)
    assert how_open(found.addresses) == "yes"
    assert [step.assumed for step in found.assumptions] == [True]


REPLIES: dict[str, tuple[list[Entry], str, str, str]] = {
    # What is written; whether answers to tcp get out; to which ports; what the evidence says.
    "all": ([ALL_OUT], "yes", "1-65535", "allows tcp 1-65535 out by rule 100"),
    "nothing": ([], "no", "no ports", "no rule allows it"),
    "one port": (
        [Entry(100, "allow", "6", (443, 443), egress=True)],
        "yes",
        "443",
        "returns to client port 443 only",
    ),
    "ephemeral ports": (
        [Entry(100, "allow", "6", (1024, 65535), egress=True)],
        "yes",
        "1024-65535",
        "returns to client ports 1024-65535 only",
    ),
    "ephemeral ports within the VPC": (
        [Entry(100, "allow", "6", (1024, 65535), "10.0.0.0/8", egress=True)],
        "no",
        "no ports",
        "no rule allows it",
    ),
    "port 0 alone": ([Entry(100, "allow", "6", (0, 0), egress=True)], "no", "no ports", "no rule"),
    "another protocol": (
        [Entry(100, "allow", "17", (1, 65535), egress=True)],
        "no",
        "no ports",
        "no rule allows it",
    ),
    "denied": (
        [Entry(90, "deny", egress=True), ALL_OUT],
        "no",
        "no ports",
        "denies tcp 1-65535 out by rule 90",
    ),
    "halves on different ports": (
        [
            Entry(100, "allow", "6", (80, 80), "0.0.0.0/1", egress=True),
            Entry(101, "allow", "6", (443, 443), "128.0.0.0/1", egress=True),
        ],
        "yes",
        "80, 443",
        "returns to client ports 80, 443 only",
    ),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("name", REPLIES)
def test_who_is_answered(name: str, spelling: str, tmp_path: Path) -> None:
    entries, expected, ports, fact = REPLIES[name]
    unit = graph(SPELLINGS[spelling](entries), tmp_path)
    found = replies(unit, subnet(unit), Family.IPV4, (TCP, 22), INTERNET4)
    assert how_open(found.clients.addresses) == expected, facts(found.clients)
    assert found.ports.describe() == found.possible_ports.describe() == ports
    assert fact in facts(found.clients)


def test_an_answer_that_may_get_out(tmp_path: Path) -> None:
    text = VARIABLE + inline([Entry(100, "allow", "6", (443, 443), egress=True)])
    unit = graph(text.replace("= 443", "= var.x"), tmp_path)
    found = replies(unit, subnet(unit), Family.IPV4, (TCP, 22), INTERNET4)
    assert how_open(found.clients.addresses) == "undecided"
    assert (found.ports.describe(), found.possible_ports.describe()) == ("no ports", "1-65535")


@pytest.mark.parametrize(
    ("arguments", "types"),
    [
        ("icmp_type = 8\n    icmp_code = 0", {8}),
        ("icmp_type = 8\n    icmp_code = -1", {8}),
        ("icmp_type = -1\n    icmp_code = -1", {0, 8}),
        ("", {0}),  # the provider's default
    ],
)
def test_icmp_goes_by_type(arguments: str, types: set[int], tmp_path: Path) -> None:
    entry = Entry(100, "allow", "icmp")
    text = inline([entry]).replace('protocol   = "icmp"', f'protocol = "icmp"\n    {arguments}')
    unit = graph(text, tmp_path)
    found = acl_filter(unit, subnet(unit), Family.IPV4, "ingress")
    passing = {
        kind for kind in (0, 8) if found.clients(ICMP, kind * 256, INTERNET4).addresses.lower
    }
    assert passing == types


def test_families_are_judged_apart(tmp_path: Path) -> None:
    unit = graph(inline([replace(SSH_IN, cidr="::/0")]), tmp_path)
    everyone = internet(Family.IPV6)
    found = acl_filter(unit, subnet(unit), Family.IPV6, "ingress").clients(TCP, 22, everyone)
    assert found.addresses.lower == everyone


def test_the_rule_that_decides_is_where_it_is_written(tmp_path: Path) -> None:
    unit = graph(inline([Entry(90, "deny", "17"), SSH_IN]), tmp_path)
    found = acl_filter(unit, subnet(unit), Family.IPV4, "ingress").clients(TCP, 22, INTERNET4)
    (hop,) = found.hops
    assert (hop.resource.address, hop.attribute) == ("aws_network_acl.n", "ingress[1]")


def test_choices_of_a_subnet_with_several(tmp_path: Path) -> None:
    text = VARIABLE + inline([]).replace("[aws_subnet.s.id]", "var.x")
    unit = graph(text, tmp_path)
    found = acls_of(unit, subnet(unit))
    assert [choice.acl.address for choice in found if choice.acl is not None] == [
        "aws_network_acl.n",
        "aws_vpc.v.default_network_acl_id",
    ]
    assert not any(choice.certain for choice in found)


# Against brute force: rules with facts hidden from the evaluation, which are true all the same.

BLOCKS = (WORLD, "0.0.0.0/1", "128.0.0.0/1", "10.0.0.0/8", "10.1.0.0/16", "203.0.113.7/32")
PROBES = [block(text).ranges[0][0] for text in BLOCKS] + [block("198.51.100.9").ranges[0][0]]
PROTOCOLS = {"-1": None, "6": TCP, "17": UDP}
PORTS = (0, 21, 22, 23, 443, 65535)


@dataclass(frozen=True)
class Drawn:
    """A rule, the fact that is hidden of it, and whether it is there at all."""

    entry: Entry
    hidden: str
    present: bool


entries_drawn = st.lists(
    st.builds(
        Drawn,
        st.builds(
            Entry,
            st.integers(1, 40),
            st.sampled_from(("allow", "deny")),
            st.sampled_from(tuple(PROTOCOLS)),
            st.tuples(st.sampled_from(PORTS), st.sampled_from(PORTS)),
            st.sampled_from(BLOCKS),
            st.booleans(),
        ),
        st.sampled_from(("", "", "", "number", "action", "protocol", "ports", "cidr", "presence")),
        st.booleans(),
    ),
    max_size=6,
    unique_by=lambda drawn: drawn.entry.number,
)


def declared(drawn: list[Drawn], *, hide: bool) -> Graph:
    acl = declare("aws_network_acl", "aws_network_acl.n", {"subnet_ids": [ref("aws_subnet.s")]})
    where = declare("aws_subnet", "aws_subnet.s", {"vpc_id": ref("aws_vpc.v")})
    resources = [acl, where, declare("aws_vpc", "aws_vpc.v")]
    for place, one in enumerate(drawn):
        entry, hidden = one.entry, one.hidden if hide else ""
        if not one.present and one.hidden == "presence" and not hide:
            continue
        body: dict[str, Plain] = {
            "network_acl_id": ref("aws_network_acl.n"),
            "rule_number": unknown() if hidden == "number" else entry.number,
            "rule_action": unknown() if hidden == "action" else entry.action,
            "protocol": unknown() if hidden == "protocol" else entry.protocol,
            "from_port": unknown() if hidden == "ports" else entry.ports[0],
            "to_port": entry.ports[1],
            "cidr_block": unknown() if hidden == "cidr" else entry.cidr,
            "egress": entry.egress,
        }
        gone = Presence(unknown()) if hidden == "presence" else CERTAIN
        resources.append(declare("aws_network_acl_rule", f"r{place}", body, presence=gone))
    return graph_of(*resources)


def passes(drawn: list[Drawn], direction: Direction, protocol: int, port: int, source: int) -> bool:
    """The first rule that speaks of a packet decides."""
    for one in sorted(drawn, key=lambda one: one.entry.number):
        entry = one.entry
        first, last = entry.ports
        if (
            (one.present or one.hidden != "presence")
            and entry.egress is (direction == "egress")
            and PROTOCOLS[entry.protocol] in (None, protocol)
            and (entry.protocol == "-1" or first <= port <= last)
            and block(entry.cidr).contains(source)
        ):
            return entry.action == "allow"
    return False


@given(entries_drawn, st.sampled_from(("ingress", "egress")))
def test_as_brute_force_where_all_is_known(drawn: list[Drawn], direction: Direction) -> None:
    unit = declared(drawn, hide=False)
    where = unit.get("aws_subnet.s")
    assert where is not None
    found = acl_filter(unit, where, Family.IPV4, direction).traffic
    assert found.is_exact
    for protocol in (TCP, UDP, 50):
        for port in PORTS:
            sources = found.lower.sources(protocol, port)
            for source in PROBES:
                expected = passes(drawn, direction, protocol, port, source)
                assert sources.contains(source) is expected


@given(entries_drawn, st.sampled_from(("ingress", "egress")))
def test_unknowns_bound_what_is_true(drawn: list[Drawn], direction: Direction) -> None:
    unit = declared(drawn, hide=True)
    where = unit.get("aws_subnet.s")
    assert where is not None
    found = acl_filter(unit, where, Family.IPV4, direction)
    for protocol in (TCP, UDP, 50):
        for port in PORTS:
            for source in PROBES:
                expected = passes(drawn, direction, protocol, port, source)
                sure = found.traffic.lower.sources(protocol, port).contains(source)
                possible = found.traffic.upper.sources(protocol, port).contains(source)
                assert sure <= expected <= possible


@given(entries_drawn)
def test_some_client_port_is_some_port_of_each_client(drawn: list[Drawn]) -> None:
    unit = declared(drawn, hide=False)
    where = unit.get("aws_subnet.s")
    assert where is not None
    found = replies(unit, where, Family.IPV4, (TCP, 22), AddressSet.everything(Family.IPV4))
    out = acl_filter(unit, where, Family.IPV4, "egress").traffic.lower
    edges = sorted({1, *(lo for lo, _, _ in out.bands(TCP) if lo)})
    for source in PROBES:
        answered = any(out.sources(TCP, port).contains(source) for port in edges)
        assert found.clients.addresses.lower.contains(source) is answered
    assert PortSet(((1, 65535),)).covers(found.ports)
