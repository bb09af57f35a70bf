"""What a data source looks something up by, and whether that is what is written.

Source: the AWS provider's documentation of each data source; "Filters" of the EC2 API's
DescribeVpcs, DescribeSubnets, DescribeSecurityGroups, DescribeManagedPrefixLists,
DescribeTransitGateways, DescribeInstances and DescribeNetworkInterfaces; "List and filter using the
CLI and API" of the EC2 User Guide (wildcards).
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.terraform.joins.shares import SHARE
from iac_ec2lint.values import Reference, Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from iac_ec2lint.declaration import Section
    from iac_ec2lint.terraform.evaluated import Instance

PREFIX_LIST: Final = "aws_ec2_managed_prefix_list"
INSTANCE: Final = "aws_instance"

_FILTERS: Final = {
    "availability-zone": "availability_zone",
    "availabilityZone": "availability_zone",
    "cidr": "cidr_block",
    "cidr-block": "cidr_block",
    "cidrBlock": "cidr_block",
    "description": "description",
    "group-name": "name",
    "options.amazon-side-asn": "amazon_side_asn",
    "prefix-list-name": "name",
}
"""The attributes that filters of the EC2 API are about; ``tag:KEY`` are those of tags."""
_VPC: Final = "vpc-id"
_NARROWING: Final = frozenset({"instance-state-name", "owner-id", "state", _VPC})
"""Filters of what is only narrowed by them: which VPC and whose it is, that it is available."""
_WRITTEN: Final = ("name", "cidr_block", "availability_zone")
FILTERED: Final = (*_WRITTEN, "amazon_side_asn", "description")
"""The attributes that something can be looked up by."""
_NARROWED: Final = frozenset(
    {
        *("vpc_id", "state", "tags", "filter", "region", "with_decryption"),
        *("instance_tags", "get_password_data", "get_user_data"),
        *("resource_owner", "resource_share_status"),
        *("provider", "count", "for_each", "depends_on", "lifecycle", "timeouts"),
    }
)
"""Arguments that say nothing of what it is, or that are read otherwise."""
_UNSURE: Final = frozenset({"default", "default_for_az", "id"})
_OF_AWS: Final = "com.amazonaws."
"""What the names of AWS's own prefix lists begin with; a customer's may not."""

Condition = tuple[str, frozenset[str]]
"""An attribute, or ``tag:KEY``, and the values that are looked for, perhaps with wildcards."""
Place = tuple["Path", str]
"""A resource of a root module: the folder, and its address there."""


class Wanted(NamedTuple):
    """What is looked for.

    Attributes:
        conditions: What must hold of it.
        vpc: The VPC that it is in, where that is known.
    """

    conditions: tuple[Condition, ...]
    vpc: Place | None = None


def accepts(wanted: frozenset[str], text: str) -> bool:
    """Whether a text is one of the values that are looked for."""
    return text in wanted or any(
        fnmatchcase(text, one.replace("[", "[[]")) for one in wanted if "*" in one or "?" in one
    )


def conditions_of(instance: Instance) -> tuple[Condition, ...] | None:
    """What a data source looks something up by; ``None`` where not all of it is known."""
    section = instance.section
    names = set(section.names())
    if names & _UNSURE:
        return None
    found: list[Condition] = []
    for name in sorted(names.difference(_NARROWED)):
        value = section.get(name)
        if name not in _WRITTEN or value is None or value.text is None:
            return None
        found.append((name, frozenset({value.text})))
    tags = section.get("instance_tags" if instance.resource.type == INSTANCE else "tags")
    if isinstance(tags, Unknown):
        return None
    for key, value in tags.items().items() if tags is not None else ():
        if value.text is None:
            return None
        found.append((f"tag:{key}", frozenset({value.text})))
    for block in section.sections("filter"):
        condition = _filter(block, of_tags=instance.resource.type == SHARE)
        if condition is None:
            return None
        found.extend(condition)
    texts = [text for _, wanted in found for text in wanted]
    of_aws = instance.resource.type == PREFIX_LIST and any(
        text.startswith((_OF_AWS, "*", "?")) for text in texts
    )
    return None if of_aws or any("\\" in text for text in texts) else tuple(found)


def _filter(block: Section, *, of_tags: bool) -> list[Condition] | None:
    """What one filter demands; those of shares name tags alone."""
    name, values = block.get("name"), block.get("values")
    if name is None or name.text is None:
        return None
    named = f"tag:{name.text}" if of_tags else name.text
    if named in _NARROWING:
        return []
    attribute = named if named.startswith("tag:") else _FILTERS.get(named)
    if attribute is None or not isinstance(values, Value):
        return None
    wanted = {element.text for element in values.elements()}
    texts = {text for text in wanted if text is not None}
    return [(attribute, frozenset(texts))] if texts == wanted and texts else None


def vpcs_of(instance: Instance) -> Iterator[Val]:
    """The VPCs that a data source looks in, of which one is meant."""
    own = instance.section.get("vpc_id")
    if own is not None:
        yield own
    for block in instance.section.sections("filter"):
        name, values = block.get("name"), block.get("values")
        if name is not None and name.text == _VPC and values is not None:
            elements = values.elements()
            yield from elements if len(elements) == 1 else ()


def own_vpc(instance: Instance) -> str:
    """The address of the VPC that a resource is in, where it is declared beside it."""
    value = instance.section.get("vpc_id")
    own = isinstance(value, Reference) and value.attribute == "id"
    return value.target if isinstance(value, Reference) and own else ""
