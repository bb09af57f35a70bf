"""Every spelling of a resource class is one that Terraform's provider or CloudFormation has.

``spellings/`` has their names, from outside: see ``scripts/refresh_spellings.py``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.each import of_each

from iac_ec2lint.resources.auxiliary import Auxiliary
from iac_ec2lint.resources.field import number, part, text
from iac_ec2lint.resources.layer import Entry, Steps, spelled
from iac_ec2lint.resources.managed_host import ManagedHost
from iac_ec2lint.resources.part import Part, Resource
from iac_ec2lint.resources.registry import classes
from iac_ec2lint.resources.spelling import Field, Keyed

FOLDER = Path(__file__).parent / "spellings"
OUTSIDE: dict[str, dict[str, dict[str, str]]] = {
    type_: parts
    for language in ("cloudformation", "terraform")
    for type_, parts in json.loads((FOLDER / f"{language}.json").read_text("utf-8"))[
        "types"
    ].items()
}

GONE = {"data.aws_subnet_ids": "removed in version 4 of the provider"}
"""Types that nothing from outside has any longer."""

_COMPUTED = "never written, but known in a plan"
_IPAM = "since version 6.29 of the provider; the bindings end at 6.25"
EXCEPTIONS = {
    "AutoScalingAttachment.target_group in aws_autoscaling_attachment": (
        "alb_target_group_arn was removed in version 6 of the provider"
    ),
    "Cache.replication_group": "the name of a replication group itself, not one that it is in",
    "Database.engine": "of DocumentDB and Neptune the type says it",
    "DatabaseCluster.engine": "of DocumentDB and Neptune the type says it",
    "DatabaseProxy.proxy in AWS::RDS::DBProxy": "its own name, not that of one that it is of",
    "DiscoveredInstance.registered": "members of a map, which has no names",
    "FlowLog.log_group in aws_flow_log": "removed in version 6 of the provider",
    "ImageDataSource.deprecation_time": _COMPUTED,
    "ImageDataSource.found_name": _COMPUTED,
    "LaunchSettings.user_data": "in base64 there, so it is user_data_base64",
    "LaunchSettings.user_data_base64 in aws_spot_fleet_request, LaunchSpecification": (
        "in plain text or base64 there, so it is user_data"
    ),
    "SsmAssociation.instances in aws_ssm_association": (
        "instance_id was removed in version 6 of the provider"
    ),
    "SsmDocument.shared_with in aws_ssm_document": "a member of a map, which has no names",
    "Subnet.cidr_block in aws_default_subnet": _COMPUTED,
    "Subnet.ipv4_ipam_pool in aws_subnet": _IPAM,
    "Subnet.ipv6_ipam_pool in aws_subnet": _IPAM,
    "Subnet.outpost in aws_default_subnet": _COMPUTED,
    "Vpc.cidr_block in aws_default_vpc": _COMPUTED,
    "Vpc.instance_tenancy in aws_default_vpc": _COMPUTED,
}
"""Fields, everywhere or in one place, whose spellings are right all the same, and why."""


class Place(NamedTuple):
    """What a class is a view of: a part of a type, ``""`` for the resource itself."""

    type: str
    part: str = ""


class Use(NamedTuple):
    """A field in a place, and the class that says how it is spelled."""

    owner: type[Part]
    attribute: str
    place: Place

    def row(self) -> Field[object]:
        found: Field[object] = getattr(self.owner, self.attribute)
        return found

    @property
    def name(self) -> str:
        return f"{self.owner.__name__}.{self.attribute}"

    @property
    def paths(self) -> tuple[Steps, ...]:
        return self.row().paths(self.place.type)

    def __str__(self) -> str:
        return f"{self.name} in {', '.join(filter(None, self.place))}"


@cache
def names(place: Place) -> Mapping[str, list[str]]:
    """What can be written in a place: each name, and the parts that it leads to."""
    found = {name: words.split() for name, words in OUTSIDE[place.type][place.part].items()}
    return {name: parts for name, (word, *parts) in found.items() if word != "read-only"}


def reached(place: Place, steps: Steps, *, loosely: bool = False) -> list[Place] | None:
    """The parts that a path leads to; ``None`` where it leads nowhere.

    Args:
        place: Where it starts.
        steps: The path.
        loosely: Whether ``vpc_id`` is ``VpcId`` too.
    """
    inside = [place]
    for step in steps:
        # An entry of a list of pairs is found by its key, which is one of AWS's values, no name.
        wanted = step.named if isinstance(step, Entry) else step
        found = [
            parts
            for one in inside
            for name, parts in names(one).items()
            if name == wanted or (loosely and _plain(name) == _plain(wanted))
        ]
        if not found:
            return None
        if not isinstance(step, Entry):
            inside = [Place(place.type, part) for parts in found for part in parts]
    return inside


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def uses(kind: type[Part], place: Place) -> Iterator[Use]:
    """The fields of a class in a place, and of the classes of the parts that stand in it."""
    for field in kind.fields():
        owner = next(base for base in kind.__mro__ if vars(base).get(field.name) is field)
        yield Use(owner, field.name, place)
        if field.kind is not None:
            for steps in field.paths(place.type):
                for inner in reached(place, steps) or ():
                    yield from uses(field.kind, inner)


def problems(used: Iterable[Use]) -> dict[Use, str]:
    """What is wrong with spellings.

    Each must exist in each type of a resource. What several types have in common (the options of a
    launch) may say what only some of them have; but where a place has none of a field's spellings,
    it must not have what the field is called elsewhere.
    """
    by_field: dict[Field[object], list[Use]] = {}
    for use in used:
        by_field.setdefault(use.row(), []).append(use)
    found: dict[Use, str] = {}
    for field, places in by_field.items():
        exist = {
            (use.place, steps)
            for use in places
            for steps in use.paths
            if reached(use.place, steps) is not None
        }
        somewhere = {steps for _, steps in exist}
        for use in places:
            present = [steps for steps in use.paths if (use.place, steps) in exist]
            strict = issubclass(use.owner, Resource)
            nowhere = [s for s in use.paths if s not in (present if strict else somewhere)]
            if nowhere:
                found[use] = f"there is no {' or '.join(map(spelled, nowhere))}"
            elif not present:
                elsewhere = {steps for one in places for steps in one.paths}
                other = sorted(
                    spelled(steps)
                    for steps in elsewhere
                    if reached(use.place, steps, loosely=True) is not None
                )
                if other:
                    found[use] = f"it is spelled {' or '.join(other)} there, and not read"
            if field.kind is not None and any(not reached(use.place, s) for s in present):
                found[use] = "nothing can be written inside"
    return found


ALL = [
    use
    for type_, kind in sorted(classes().items())
    if type_ in OUTSIDE
    for made in (kind, *(kind.settings if issubclass(kind, ManagedHost) else ()))
    for use in uses(made, Place(type_))
]
PROBLEMS = problems(ALL)


def excepted(use: Use) -> set[str]:
    return {use.name, str(use)} & EXCEPTIONS.keys()


def test_every_type_has_names_from_outside() -> None:
    resources = {type_ for type_, kind in classes().items() if not issubclass(kind, Auxiliary)}
    missing = resources - OUTSIDE.keys() - GONE.keys()
    assert not missing, "run scripts/refresh_spellings.py for these types"
    assert classes().keys() >= GONE.keys()
    assert not OUTSIDE.keys() & GONE.keys()


def test_every_spelling_exists() -> None:
    wrong = [f"{use}: {what}" for use, what in PROBLEMS.items() if not excepted(use)]
    assert not wrong, "\n".join(wrong)


@of_each(EXCEPTIONS)
def test_every_exception_is_needed(exception: str) -> None:
    assert any(exception in excepted(use) for use in PROBLEMS)


UNNAMED = {
    ("VpcDataSource", "default_network_acl_id"),
    ("VpcDataSource", "default_security_group_id"),
}
"""Implicit objects that no attribute of the provider names: they are found from their owner."""


def test_implicit_objects_are_named_by_attributes_that_exist() -> None:
    unnamed = set()
    for kind in set(classes().values()):
        types = [OUTSIDE[one] for one in kind.terraform + kind.cloudformation if one in OUTSIDE]
        for attribute in kind.implicit:
            block, _, name = attribute.rpartition(".")
            parts = [part for one in types for part in (one.values() if block else [one[""]])]
            if not any(name in part for part in parts):
                unnamed.add((kind.__name__, attribute))
    assert unnamed == UNNAMED


class Attached(Part):
    """A part whose spellings are good and bad."""

    device = text("device_name", "Device")
    misspelt = text("device_nam", "Device")
    missing = text(None, "InstanceId")


class Tagged(Part):
    """A part of a part."""

    key = text(None, "Key")
    value = number(None, "Valeu")


class Pairs(Part):
    """Lists of pairs, of which one is none."""

    protected = text(None, Keyed("LoadBalancerAttributes", "deletion_protection.enabled"))
    misspelt = text(None, Keyed("LoadBalancerAttribute", "deletion_protection.enabled"))
    no_list = text(None, Keyed("Tags", "Name", named="Name"))


class Bad(Resource):
    """A resource, of no type of its own, whose spellings are good and bad."""

    computed = text("arn", None)
    labels = part(Tagged, "tags_all", "Tags")
    vpc = part(Tagged, None, "VpcId")


def described(kind: type[Part], *types: str) -> dict[str, str]:
    used = [use for type_ in types for use in uses(kind, Place(type_))]
    return {str(use): what for use, what in problems(used).items()}


def test_a_misspelt_and_a_missing_spelling_are_found() -> None:
    assert described(Attached, "aws_volume_attachment", "AWS::EC2::VolumeAttachment") == {
        "Attached.misspelt in aws_volume_attachment": "there is no device_nam",
        "Attached.missing in aws_volume_attachment": "it is spelled InstanceId there, and not read",
    }


def test_a_list_of_pairs_is_held_against_the_names_of_its_members() -> None:
    assert described(Pairs, "AWS::ElasticLoadBalancingV2::LoadBalancer") == {
        "Pairs.misspelt in AWS::ElasticLoadBalancingV2::LoadBalancer": (
            "there is no LoadBalancerAttribute[deletion_protection.enabled]"
        ),
        "Pairs.no_list in AWS::ElasticLoadBalancingV2::LoadBalancer": "there is no Tags[Name]",
    }


def test_what_is_computed_is_no_argument_and_a_text_has_no_parts() -> None:
    assert described(Bad, "aws_network_interface", "AWS::EC2::SecurityGroup") == {
        "Bad.computed in aws_network_interface": "there is no arn",
        "Bad.labels in aws_network_interface": "nothing can be written inside",
        "Bad.vpc in AWS::EC2::SecurityGroup": "nothing can be written inside",
        "Tagged.value in AWS::EC2::SecurityGroup, Tag": "there is no Valeu",
    }
