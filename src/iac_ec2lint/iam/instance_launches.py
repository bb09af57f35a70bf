"""Whether a principal may start an instance: on something of each kind that a launch uses.

Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon EC2"
(RunInstances: image, instance, network-interface, security-group, subnet and volume are required;
a key pair where one is named); semantics.md, D6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.iam.arns import joined, own_account, own_region
from iac_ec2lint.iam.grants import is_allowed, may_somewhere
from iac_ec2lint.iam.policy.glob import has_wildcard, nobody, pieces_of
from iac_ec2lint.iam.policy.matching import covers_action
from iac_ec2lint.values import NO, Answer, Reference, Unknown, Val, all_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.iam.principals import Principal

LAUNCH: Final = "ec2:RunInstances"

KINDS: Final = ("image", "instance", "network-interface", "security-group", "subnet", "volume")
"""What each launch uses."""

_WITHOUT_ACCOUNT: Final = frozenset({"image"})


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
        used: What it would use: the ARNs, and the references to those that are declared.
    """

    answer: Answer
    used: tuple[tuple[Val, Reference | None], ...]


@remembered
def launch_right(principal: Principal) -> LaunchRight:
    """Whether a principal may start instances with things of one Region that it may use."""
    if not may_somewhere(principal, LAUNCH):
        return LaunchRight(NO, ())
    named = {kind: tuple(dict.fromkeys(_named(principal, kind))) for kind in KINDS}
    regions = {one.region: None for listed in named.values() for one in listed if one.region}
    found = LaunchRight(NO, ())
    for region in ("", *regions):
        right = _in_region(principal, region, named)
        if right.answer.truth:
            return right
        # Where some are named, it is in one of those or nowhere.
        if right.answer.may_be_true and not found.answer.may_be_true and (region or not regions):
            found = right
    return found


def _in_region(
    principal: Principal, region: str, named: dict[str, tuple[_Named, ...]]
) -> LaunchRight:
    answers: list[Answer] = []
    used: list[tuple[Val, Reference | None]] = []
    for kind, listed in named.items():
        best = NO
        for arn, identity in _subjects(principal, kind, region, listed):
            answer = is_allowed(principal, LAUNCH, arn, identity)
            if answer.truth or (answer.may_be_true and not best.may_be_true):
                best, chosen = answer, (arn, identity)
            if best.truth:
                break
        if not best.may_be_true:
            return LaunchRight(NO, ())
        answers.append(best)
        used.append(chosen)
    return LaunchRight(all_of(answers), tuple(used))


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
    for document in principal.documents:
        for statement in document.statements:
            if statement.effect.text == "Deny" or statement.resources is None:
                continue
            if not covers_action(statement, LAUNCH).may_be_true:
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
