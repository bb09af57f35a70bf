"""Prefix lists as address blocks: declared ones by their entries, AWS's own by their names.

Source: VPC User Guide, "Managed prefix lists" and "AWS-managed prefix lists"; semantics.md, B6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.network.sets.addresses import Family
from iac_ec2lint.network.sets.blocks import AddressBlock, read_block
from iac_ec2lint.resources.data_source import PrefixListDataSource
from iac_ec2lint.resources.prefix_list import PrefixListEntry, SeparatePrefixListEntry
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values import Reference, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Edge, Graph
    from iac_ec2lint.resources.part import Resource
    from iac_ec2lint.resources.prefix_list import PrefixList
    from iac_ec2lint.values import Val


class ListedBlock(NamedTuple):
    """An entry of a prefix list.

    Attributes:
        entry: The entry.
        block: Its block.
        cause: The unknown that its existence depends on.
    """

    entry: PrefixListEntry
    block: AddressBlock
    cause: Unknown | None


def listed_entries(
    graph: Graph, prefix_list: PrefixList
) -> Iterator[tuple[PrefixListEntry, Val, Family]]:
    """The entries of a declared prefix list, its own and separate ones.

    Returns each with its CIDR block and the address family of that.
    """
    separate = (edge.source for edge in graph.sources(prefix_list, "prefix_list"))
    entries: list[PrefixListEntry] = [
        *prefix_list.entries,
        *(source for source in separate if isinstance(source, SeparatePrefixListEntry)),
    ]
    named = prefix_list.address_family
    whole = Family.IPV6 if named is not None and named.text == "IPv6" else Family.IPV4
    for entry in entries:
        cidr = entry.cidr
        if cidr is not None:
            text = cidr.text
            yield (
                entry,
                cidr,
                whole if text is None else Family.IPV6 if ":" in text else Family.IPV4,
            )


def listed_blocks(graph: Graph, prefix_list: PrefixList, family: Family) -> Iterator[ListedBlock]:
    """The blocks of one family in a declared prefix list."""
    for entry, cidr, own in listed_entries(graph, prefix_list):
        if own is family:
            yield ListedBlock(entry, read_block(cidr, family), entry.presence.cause)


def is_aws_managed(edge: Edge) -> bool:
    """Whether a prefix list is one of AWS's own.

    It is where it is looked up by its name (``com.amazonaws...``), is that of a gateway
    endpoint, or has an id of eight digits: customers make lists since June 2020, when new ids had
    seventeen (VPC User Guide, "Document history"; EC2 API Reference, ModifyIdFormat).
    """
    value = edge.value
    written = value.candidates if isinstance(value, Unknown) else (value,)
    if written and all(_SHORT_ID.fullmatch(one.text or "") for one in written):
        return True
    return _is_of_endpoint(edge.value) or any(
        (name.text or _known_start(name)).startswith("com.amazonaws.")
        for name in _names(edge.target)
    )


def service_meant(edge: Edge) -> tuple[str, str]:
    """What a prefix list of AWS's own is that of, as far as it is said.

    Returns:
        The address of the gateway endpoint that it is read from, or empty; and the name of the
        service after the Region that it is looked up by (``s3``), or empty.
    """
    value = edge.value
    if isinstance(value, Reference) and _is_of_endpoint(value):
        return value.target, ""
    for name in _names(edge.target):
        if name.text is not None and name.text.startswith("com.amazonaws."):
            return "", name.text.rpartition(".")[2]
    return "", ""


_SHORT_ID: Final = regular_expression(r"pl-[0-9a-f]{8}")
_ENDPOINT: Final = regular_expression(r"(?:.*\.)?aws_vpc_endpoint\.[^.]+")


def _is_of_endpoint(value: Val) -> bool:
    """Whether a list is that of a gateway endpoint: of S3 or DynamoDB."""
    if not isinstance(value, Reference) or value.attribute != "prefix_list_id":
        return False
    return _ENDPOINT.fullmatch(value.target) is not None


def _names(prefix_list: Resource | None) -> Iterator[Val]:
    """What a prefix list is looked up by."""
    if not isinstance(prefix_list, PrefixListDataSource):
        return
    if prefix_list.name is not None:
        yield prefix_list.name
    for part in prefix_list.filters:
        if part.name is not None and part.name.text == "prefix-list-name":
            yield from part.values


def _known_start(value: Val) -> str:
    parts = value.parts if isinstance(value, Unknown) else ()
    return parts[0] if parts and isinstance(parts[0], str) else ""
