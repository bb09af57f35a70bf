"""Address ranges that cannot be read, are of the other family, or have host bits.

Source: EC2 API reference, AuthorizeSecurityGroupIngress, CreateRoute, CreateNetworkAclEntry and
CreateManagedPrefixList, which refuse the first two; the first three say of the last "we modify the
specified CIDR block to its canonical form"; semantics.md, A1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.engine.check import Remark
from iac_ec2lint.network.sets.addresses import Family, parse_cidr
from iac_ec2lint.notes.certainty import surely_there
from iac_ec2lint.resources.network_acl import NetworkAcl, SeparateNetworkAclEntry
from iac_ec2lint.resources.prefix_list import PrefixList, SeparatePrefixListEntry
from iac_ec2lint.resources.route import RouteTable, SeparateRoute
from iac_ec2lint.resources.security_group import SecurityGroup, SeparateSecurityGroupRule
from iac_ec2lint.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Part, Resource
    from iac_ec2lint.values import Val

_PARTS: Final[dict[type[Resource], tuple[str, ...]]] = {
    SecurityGroup: ("ingress", "egress"),
    SeparateSecurityGroupRule: (),
    PrefixList: ("entries",),
    SeparatePrefixListEntry: (),
    NetworkAcl: ("ingress", "egress"),
    SeparateNetworkAclEntry: (),
    RouteTable: ("routes",),
    SeparateRoute: (),
}
"""What has address ranges: the fields with the parts that do; none where it does itself."""

_FIELDS: Final[tuple[tuple[str, Family | None], ...]] = (
    ("cidr_blocks", Family.IPV4),
    ("ipv6_cidr_blocks", Family.IPV6),
    ("cidr_block", Family.IPV4),
    ("ipv6_cidr_block", Family.IPV6),
    ("cidr", None),
)
"""The fields for address ranges, and of which family these are; of a prefix list of either."""

_NAMES: Final = {Family.IPV4: "IPv4", Family.IPV6: "IPv6"}


def remarks(graph: Graph) -> Iterator[Remark]:
    """A note for each address range that AWS refuses or changes, of what is surely there."""
    for resource in graph.all(*_PARTS):
        for part in _parts(resource):
            if surely_there(resource, part):
                yield from _of_part(resource, part)


def _parts(resource: Resource) -> Iterator[Part]:
    names = next(names for kind, names in _PARTS.items() if isinstance(resource, kind))
    if not names:
        yield resource
    for name in names:
        yield from getattr(resource, name)


def _of_part(resource: Resource, part: Part) -> Iterator[Remark]:
    for name, family in _FIELDS:
        written = getattr(part, name, None)
        for value in written if isinstance(written, tuple) else (written,):
            found = _flaw(value, family)
            if found is not None:
                yield Remark(found[0], resource, part.place(name, value), found[1])


def _flaw(value: Val | None, family: Family | None) -> tuple[str, str] | None:
    """What is wrong with a range: the name of the note, and its words."""
    text = value.text if isinstance(value, Value) else None
    if not text:  # null, unknown, or empty, which Terraform takes for null
        return None
    parsed = parse_cidr(text)
    if parsed is None:
        return "unreadable-range", f'"{text}" is no address range, so AWS refuses it'
    if family is not None and parsed.family is not family:
        words = f"of {_NAMES[parsed.family]} where one of {_NAMES[family]} belongs"
        return "range-of-other-family", f'"{text}" is a range {words}, so AWS refuses it'
    if family is not None and parsed.host_bits:
        return "host-bits-in-cidr", f'AWS reads "{text}" as {parsed.text}'
    return None
