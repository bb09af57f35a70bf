"""Whether a principal may start an instance: on something of each kind that a launch uses.

Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon EC2"
(RunInstances: image, instance, network-interface, security-group, subnet and volume are required;
a key pair where one is named); semantics.md, D6.
"""

from __future__ import annotations

from itertools import islice, product
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.iam.access import first_sure
from iac_ec2lint.iam.arns import joined, own_account, own_region
from iac_ec2lint.iam.grants import is_allowed, may_somewhere, statements_on
from iac_ec2lint.iam.policy.glob import has_wildcard, nobody, pieces_of
from iac_ec2lint.values import NO, Answer, Reference, Unknown, Val, all_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iac_ec2lint.iam.policy.operators import Keys, KeyValue
    from iac_ec2lint.iam.principal import Principal

LAUNCH: Final = "ec2:RunInstances"

KINDS: Final = ("image", "instance", "network-interface", "security-group", "subnet", "volume")
"""What each launch uses."""

_WRITTEN: Final = {
    "instance": (
        *("instancetype", "instancemarkettype", "tenancy", "ebsoptimized"),
        *("metadatahttpendpoint", "metadatahttptokens", "metadatahttpputresponsehoplimit"),
    ),
    "volume": ("encrypted", "volumesize", "volumetype", "volumeiops", "volumethroughput"),
    "network-interface": ("associatepublicipaddress",),
}
"""The condition keys of EC2 that are what the caller writes in the call, by the kind of resource:
requests about the others have no such key."""
_OF_KIND: Final = {f"ec2:{key}": kind for kind, keys in _WRITTEN.items() for key in keys}
_TAG: Final = "aws:requesttag/"
_TAGS: Final = "ec2:CreateTags"
_TAGGED: Final = frozenset({"instance", "volume", "network-interface"})
"""What a launch may tag; who tags in it needs the right to (EC2 User Guide, "Grant permission to
tag Amazon EC2 resources during creation")."""
_OF_REGION: Final = frozenset({"aws:requestedregion", "ec2:region"})
_TRIED: Final = 8
"""How many ways to write a call are tried."""

_WITHOUT_ACCOUNT: Final = frozenset({"image"})


KnownKeys = tuple[tuple[str, tuple["KeyValue", ...]], ...]
"""Condition keys that are known, with their values."""


class _Named(NamedTuple):
    """What a statement names of a kind.

    Attributes:
        region: The Region, where one is named.
        name: A name that the entry covers; empty for whichever.
        arn: The entry itself, where it is not known as text.
    """

    region: str
    name: str
    arn: Unknown | None = None


class LaunchRight(NamedTuple):
    """Whether a principal may start instances, and on what.

    Attributes:
        answer: Whether it may.
        used: What it would use: the ARNs, the references to those that are declared, and the
            condition keys of the call.
    """

    answer: Answer
    used: tuple[tuple[Val, Reference | None, Keys | None], ...]


@remembered
def launch_right(principal: Principal, given: KnownKeys) -> LaunchRight:
    """Whether a principal may start instances with things of one Region that it may use.

    Args:
        principal: Who.
        given: The condition keys of the instance that are known: its profile.
    """
    if not may_somewhere(principal, LAUNCH):
        return LaunchRight(NO, ())
    named = {kind: tuple(dict.fromkeys(_named(principal, kind))) for kind in KINDS}
    regions = {one.region: None for listed in named.values() for one in listed if one.region}
    chosen = _chosen(principal)
    regions |= dict.fromkeys(one for key in _OF_REGION for one in chosen.get(key, ()))
    found = LaunchRight(NO, ())
    for region in ("", *regions):
        right = _in_region(principal, region, named, chosen, given)
        if right.answer.truth:
            return right
        # Where some are named, it is in one of those or nowhere.
        if right.answer.may_be_true and not found.answer.may_be_true and (region or not regions):
            found = right
    return found


def _in_region(
    principal: Principal,
    region: str,
    named: dict[str, tuple[_Named, ...]],
    chosen: Mapping[str, tuple[str, ...]],
    given: KnownKeys,
) -> LaunchRight:
    answers: list[Answer] = []
    used: list[tuple[Val, Reference | None, Keys | None]] = []
    for kind, listed in named.items():
        calls = _calls(chosen, kind, region)
        if given:
            own = dict(given) if kind == "instance" else {key: () for key, _ in given}
            calls = tuple({**(call or {}), **own} for call in calls)
        ways = (
            (_may_use(principal, *about, context), (*about, context))
            for about, context in product(_subjects(principal, kind, region, listed), calls)
        )
        best = first_sure(ways, lambda way: way[0])
        if best is None:
            return LaunchRight(NO, ())
        answers.append(best[0])
        used.append(best[1])
    return LaunchRight(all_of(answers), tuple(used))


def _may_use(
    principal: Principal, arn: Val, identity: Reference | None, context: Keys | None
) -> Answer:
    """Whether a launch may use something, and tag it where the call does."""
    answer = is_allowed(principal, LAUNCH, arn, identity, context)
    if any(values for key, values in (context or {}).items() if key.startswith(_TAG)):
        tagging: Keys = {**(context or {}), "ec2:createaction": ("RunInstances",)}
        answer = answer & is_allowed(principal, _TAGS, arn, identity, tagging)
    return answer


def _chosen(principal: Principal) -> dict[str, tuple[str, ...]]:
    """What the policies of a principal ask for, or except from a Deny, of what a caller writes."""
    found: dict[str, dict[str, None]] = {}
    for document in principal.every_document:
        for statement in document.statements:
            for condition in statement.conditions:
                key = condition.key.lower()
                tags = key.startswith(_TAG)
                if not tags and key not in _OF_KIND and key not in _OF_REGION:
                    continue
                values = found.setdefault(key, {})
                if tags and condition.positive == "Null":
                    values["x"] = None
                    continue
                if condition.negated != (statement.effect.text == "Deny"):
                    continue
                for value in condition.values:
                    texts = (one.text for one in value.elements())
                    values |= {text: None for text in texts if text and "${" not in text}
    return {key: tuple(one.replace("*", "") for one in values) for key, values in found.items()}


def _calls(chosen: Keys, kind: str, region: str) -> tuple[Keys | None, ...]:
    """The condition keys of the calls that are tried, as far as a resource of a kind has them."""
    # Whether requests about what is not tagged have the tags of the others no page says.
    known: dict[str, tuple[KeyValue, ...]] = {
        key: () for key in chosen if not key.startswith(_TAG) and not _has(kind, key)
    }
    if region:
        known |= {key: (region,) for key in chosen if key in _OF_REGION}
    own = {
        key: [*((one,) for one in values), *([()] if key.startswith(_TAG) else [])]
        for key, values in chosen.items()
        if key not in _OF_REGION and _has(kind, key)
    }
    own = {key: ways for key, ways in own.items() if ways}
    ways = islice(product(*own.values()), _TRIED)
    every: list[Keys] = [{**known, **dict(zip(own, way, strict=True))} for way in ways]
    return tuple(every) if any(every) else (None,)


def _has(kind: str, key: str) -> bool:
    """Whether a request about a resource of a kind may have a condition key."""
    return kind in _TAGGED if key.startswith(_TAG) else _OF_KIND.get(key, kind) == kind


def _subjects(
    principal: Principal, kind: str, region: str, listed: tuple[_Named, ...]
) -> Iterator[tuple[Val, Reference | None]]:
    """What a launch may use of a kind: something of which nothing is known, and what is named."""
    span = principal.resource.span
    where = region or own_region(span)
    account: list[str | Unknown] = [] if kind in _WITHOUT_ACCOUNT else [own_account(span)]
    unnamed = nobody(span)
    unknown = Unknown(f"the {kind} is not known", "computed", span)
    names = dict.fromkeys(one.name for one in listed if one.name and one.region in {"", region})
    every: list[str | Unknown] = [unknown, *names]
    for name in every:
        yield joined(["arn:aws:ec2:", where, ":", *account, f":{kind}/", name], span), unnamed
    for one in listed:
        if one.arn is not None:
            yield one.arn, one.arn if isinstance(one.arn, Reference) else None


def _named(principal: Principal, kind: str) -> Iterator[_Named]:
    """What the statements that allow launches name of a kind."""
    for statement in statements_on(principal, LAUNCH):
        if statement.effect.text == "Deny" or statement.resources is None:
            continue
        for entry in statement.resources:
            segments = (entry.text or "").split(":", 5)
            if len(segments) == 6 and segments[2] == "ec2":
                named, slash, name = segments[5].partition("/")
                region = "" if has_wildcard(segments[3]) else segments[3]
                if named == kind and slash and "${" not in name:
                    known = name.replace("*", "0").replace("?", "0") if name.strip("*") else ""
                    yield _Named(region, known)
            elif isinstance(entry, Unknown) and not entry.candidates and _is(entry, kind):
                yield _Named("", "", entry)


def _is(entry: Unknown, kind: str) -> bool:
    """Whether an entry is the ARN of a resource of a kind."""
    if isinstance(entry, Reference):
        type_ = entry.target.rpartition(".")[0].rpartition(".")[2]
        return type_ == f"aws_{kind.replace('-', '_')}" or (kind == "image" and type_ == "aws_ami")
    return any(isinstance(one, str) and f":{kind}/" in one for one in pieces_of(entry) or ())
