"""What the statements of one policy grant that nothing limits: to whoever has the policy.

Conditions that limit (``limits``) and denies of the same policy are taken into account, other
policies of whoever has it are not. Sources: Service Authorization Reference; IAM User Guide, "Grant
a user permissions to pass a role to an AWS service" and "NotAction"; semantics.md, D1 and D2.
"""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.facts import facts
from iac_ec2lint.iam.access import is_admin
from iac_ec2lint.iam.policy import probes
from iac_ec2lint.iam.policy.document import PolicyDocument
from iac_ec2lint.iam.policy.glob import is_everything, nobody, pieces_of
from iac_ec2lint.iam.policy.matching import (
    Request,
    answer_for,
    applies,
    covers_action,
    covers_resource,
)
from iac_ec2lint.iam.policy.outsiders import identifies
from iac_ec2lint.iam.policy.settled import IN_OWN_ACCOUNT, settled
from iac_ec2lint.iam.policy.wildcards import matches
from iac_ec2lint.iam.statements.limits import (
    is_limiting,
    leaves,
    leaves_iam,
    limits,
    without_limits,
)
from iac_ec2lint.values import NO, YES, Answer, Unknown, Val, Value, all_of, any_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from iac_ec2lint.iam.policy.statement import Statement

_TELLING: Final = "iam:PutRolePolicy"
_PASSES: Final = "iam:PassRole"
_PASSED_TO: Final = "iam:passedtoservice"
_EC2: Final = ("ec2.amazonaws.com", "ec2.amazonaws.com.cn")
_SERVICES: Final = ("ec2", "ssm", "autoscaling", "ec2-instance-connect")
"""The services of which the facts have the actions."""
_REACHING: Final = (
    "ec2:RunInstances",
    "ec2:TerminateInstances",
    "ec2:AuthorizeSecurityGroupIngress",
    "ssm:SendCommand",
    "autoscaling:UpdateAutoScalingGroup",
    _PASSES,
)
"""What reaches instances, or what they do: a sample of each service."""
_OF_ONE_KIND: Final = frozenset(
    f"ec2:{name}"
    for name in (
        *("StartInstances", "StopInstances", "RebootInstances", "TerminateInstances"),
        *("ModifyInstanceMetadataOptions", "DeleteVolume", "DeleteSnapshot", "DeregisterImage"),
        *("ModifySnapshotAttribute", "ModifyImageAttribute", "DeleteSecurityGroup"),
        *("AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress", "DeleteVpc"),
        *("RevokeSecurityGroupIngress", "RevokeSecurityGroupEgress", "DeleteSubnet"),
    )
)
"""Actions that need resources of one kind alone: who may do them to all of these is not limited."""
_SEGMENTS: Final = 6
_HOLE: Final = "\ue0f4"
"""Stands for an unknown piece of an ARN, which may be a wildcard."""
_NAME: Final = "\ue0f5"
"""Stands for one that is the name, or the ARN, of one thing."""


class Breadth(NamedTuple):
    """What a statement grants that is too much.

    Attributes:
        statement: The statement.
        actions: The actions, as they are written or, of a whole service, as ``ec2:*``.
        answer: Whether it surely grants them.
        to_ec2: Of passing roles: whether only the service EC2 may have them.
    """

    statement: Statement
    actions: tuple[str, ...]
    answer: Answer
    to_ec2: bool = False


def administration(document: PolicyDocument) -> Breadth | None:
    """Whether a policy makes an administrator of whoever has it, whatever the request.

    Returns:
        The statement that does so, or most of it; ``None`` where none does.
    """
    free = without_limits(document)
    answer = is_admin((free,))
    if answer.truth is False:
        return None
    allowing = [one for one in free.statements if one.allows.may_be_true]
    for one in allowing:
        if is_admin((PolicyDocument((one,), one.span),)).truth:
            return Breadth(one, ("*",), answer)
    telling = (one for one in allowing if covers_action(one, _TELLING).may_be_true)
    return Breadth(next(telling, allowing[0]), ("*",), answer)


def unscoped_actions(document: PolicyDocument) -> Iterator[Breadth]:
    """The statements that let resources of EC2 be changed, whichever they are.

    All of EC2, of Systems Manager, of Auto Scaling or of EC2 Instance Connect; or actions of EC2
    that could be limited to some resources.
    """
    free = without_limits(document)
    is_denied = cache(partial(_is_denied, free))  # statements name the same actions often
    for statement in free.statements:
        if not statement.allows.may_be_true:
            continue
        named, unknown = _named(statement)
        if not named and not unknown:
            continue
        everywhere = covers_resource(statement, _anything(statement), nobody(statement.span))
        if everywhere.truth is not True:
            on_all = {one: _on_all_of_its_kind(statement, one) for one in named}
            for truth in (True,) if everywhere.may_be_true else (True, None):
                chosen = tuple(one for one, answer in on_all.items() if answer.truth is truth)
                if chosen:
                    named, everywhere = chosen, on_all[chosen[0]]
                    break
            else:
                if unknown and everywhere.truth is False:
                    named, everywhere = (), _on_all_of_its_kind(statement, None)
        answer = statement.allows & everywhere
        if answer.truth is False:
            continue
        if named:
            kept = {one: is_denied(one) for one in named}
            named = tuple(one for one in named if not kept[one].truth)
            # One action that no Deny may take away is enough.
            if named and all(kept[one].truth is None for one in named):
                answer = answer & ~kept[named[0]]
        elif unknown:
            answer = answer & Answer(None, unknown)
        if named or unknown:
            yield Breadth(statement, named, answer)


def _named(statement: Statement) -> tuple[tuple[str, ...], tuple[Unknown, ...]]:
    """The actions that a statement surely covers, and why it may cover others."""
    if statement.actions is None and statement.not_actions is None:
        return (), ()
    entries = statement.actions if statement.actions is not None else statement.not_actions or ()
    texts: list[str] = []
    unknown: list[Unknown] = []
    for entry in entries:
        for one in entry.elements() if isinstance(entry, Value) else (entry,):
            if isinstance(one, Unknown):
                first = (pieces_of(one) or ("",))[0]
                if not isinstance(first, str) or _may_name_service(first):
                    unknown.append(one)
            elif one.text is not None:
                texts.append(one.text)
    found = {text: actions_matching(text.lower()) for text in texts}
    covered = frozenset().union(*found.values())
    if statement.not_actions is not None:
        if unknown:
            return (), tuple(unknown)
        covered, found = frozenset(_actions()) - covered, {}
    whole = {f"{service}:*": actions_matching(f"{service}:*") for service in _SERVICES}
    named = [service for service, names in whole.items() if names <= covered]
    if "ec2:*" not in named:
        rest = {name for name in covered if name.startswith("ec2:")}
        # A pattern is said as it is written, and what it covers is not listed.
        for text, names in found.items():
            if "*" in text and text.lower().startswith("ec2:") and names:
                named.append(text)
                rest -= names
        named += sorted(rest)
    return tuple(named), tuple(unknown)


@cache
def actions_matching(pattern: str) -> frozenset[str]:
    """The actions that an entry of ``Action``, in lower case, covers of those in the facts."""
    if ":" not in pattern:
        return frozenset() if pattern.strip("*") else frozenset(_actions())
    if not _may_name_service(pattern):
        return frozenset()
    return frozenset(name for name in _actions() if matches(pattern, name.lower()))


def _may_name_service(start: str) -> bool:
    """Whether what an entry begins with leaves one of the services possible."""
    service, colon, _ = start.lower().partition(":")
    return not colon or "*" in service or "?" in service or service in _SERVICES


@cache
def _actions() -> tuple[str, ...]:
    listed: dict[str, list[str]] = facts("iam_actions")["actions"]
    return tuple(f"{service}:{name}" for service, names in listed.items() for name in names)


def passing_of_any_role(
    document: PolicyDocument, beside: Iterable[PolicyDocument] = ()
) -> Iterator[Breadth]:
    """The statements that let any role be passed to some service.

    Args:
        document: The policy.
        beside: Those that its holder has as well, which may deny it.
    """
    document, *others = (settled(one, IN_OWN_ACCOUNT) for one in (document, *beside))
    documents = dict.fromkeys((document, *others))

    @cache
    def is_denied(action: str) -> Answer:
        return any_of(_is_denied(one, action) for one in documents)

    for statement in document.statements:
        if not statement.allows.may_be_true:
            continue
        covered = covers_action(statement, _PASSES)
        if covered.truth is False:
            continue
        answer = statement.allows & covered & _is_every_role(statement)
        to_ec2 = False
        for condition in statement.conditions if answer.may_be_true else ():
            if condition.key.lower() == _PASSED_TO and condition.unknown is None:
                answer, to_ec2 = answer & leaves(condition, _EC2), True
                if is_limiting(condition).truth is False:
                    to_ec2 = False
            else:
                answer = answer & ~is_limiting(condition)
        answer = answer & leaves_iam(statement)
        answer = answer & ~is_denied(_PASSES) if answer.may_be_true else answer
        if answer.may_be_true:
            yield Breadth(statement, (_PASSES,), answer, to_ec2)


def _is_every_role(statement: Statement) -> Answer:
    """Whether a statement is about all roles of an account."""
    if statement.not_resources is not None:
        return all_of(~answer_for(entry, _names_every_role) for entry in statement.not_resources)
    if statement.resources is None:
        return YES
    return any_of(answer_for(entry, _names_every_role) for entry in statement.resources)


def _names_every_role(entry: Val) -> bool | None:
    """Whether an entry covers each role of an account, whichever account that is."""
    text = "".join(map(_as_text, pieces_of(entry) or ()))
    if not text.strip("*"):
        return bool(text)
    if not text.strip(f"*{_HOLE}"):
        return None  # nothing of it is written
    return _is_all_of(text.replace(":role/", ":"), ("iam", "*"), ("*", "role/*"))


def _is_all_of(text: str, services: Collection[str], names: Collection[str]) -> bool | None:
    """Whether a text, with marks for what is not known, is an ARN of a service with such an end."""
    while "**" in text:
        text = text.replace("**", "*")
    found: bool | None = False
    for _, _, service, _, _, name in _as_arns(text):
        if service in services and name in names and text.count(":") >= _SEGMENTS - 1:
            return True
        if service in services or _HOLE in service:
            rest = name.lstrip(_HOLE)
            may_end = rest != name and any(one.endswith(rest) for one in names)
            found = None if may_end or name in names else found
    return found


def _as_arns(text: str) -> Iterator[list[str]]:
    """The segments of a text as an ARN: colons that are not written are in an unknown piece."""
    segments = text.split(":", _SEGMENTS - 1)
    missing = _SEGMENTS - len(segments)
    if not missing:
        yield segments
        return
    for at, segment in enumerate(segments):
        for hole in (i for i, character in enumerate(segment) if character == _HOLE):
            inner = [segment[: hole + 1], *[_HOLE] * (missing - 1), segment[hole:]]
            yield [*segments[:at], *inner, *segments[at + 1 :]]


def _as_text(piece: str | Unknown) -> str:
    """A piece of an ARN, with a mark where it is not known, and another where it is one name."""
    if isinstance(piece, str):
        return piece
    return _NAME if identifies(piece) else _HOLE


def all_but(document: PolicyDocument) -> Iterator[Breadth]:
    """The statements that allow all but some actions, or on all but some resources.

    Of these, those that reach instances by what they leave.
    """
    document = settled(document, IN_OWN_ACCOUNT)
    is_denied = cache(partial(_is_denied, document))
    for statement in document.statements:
        excluding = statement.not_actions is not None or statement.not_resources is not None
        if not excluding or not statement.allows.may_be_true:
            continue
        left = {action: _left(statement, action, is_denied) for action in _REACHING}
        held = tuple(action for action, answer in left.items() if answer.may_be_true)
        sure = any_of(left[action] for action in held) if held else NO
        if sure.may_be_true:
            yield Breadth(statement, held, sure)


def _left(statement: Statement, action: str, is_denied: Callable[[str], Answer]) -> Answer:
    """Whether a statement allows an action on something of its kind, and no Deny takes it away."""
    covered = covers_action(statement, action)
    if covered.truth is False:
        return NO
    if statement.resources is not None:
        kind = action.partition(":")[0]
        covered = covered & any_of(
            answer_for(entry, lambda one: _is_about(one, kind)) for entry in statement.resources
        )
    elif statement.not_resources is not None:
        arn = Value(probes.probe_of(action).arn(probes.foreign_account()), statement.span)
        covered = covered & covers_resource(statement, arn, nobody(statement.span))
    return statement.allows & covered & ~limits(statement, action) & ~is_denied(action)


def _is_about(entry: Val, service: str) -> bool | None:
    """Whether an entry covers resources of a service at all."""
    if is_everything(entry):
        return True
    pieces = pieces_of(entry) or ()
    text = "".join(piece if isinstance(piece, str) else _HOLE for piece in pieces)
    segments = text.split(":", _SEGMENTS - 1)
    if len(segments) < _SEGMENTS:
        return None if _HOLE in text else False
    return segments[2] in {service, "*"} or (None if _HOLE in segments[2] else False)


def _is_denied(document: PolicyDocument, action: str) -> Answer:
    """Whether a Deny of the same policy takes an action away, whatever it is about."""
    name = f"{action[:-1]}Anything" if action.endswith("*") else action
    arn = probes.probe_of(name).arn(probes.foreign_account())
    found = NO
    for statement in document.statements:
        if statement.effect.text != "Allow":
            request = Request(name, Value(arn, statement.span), identity=nobody(statement.span))
            found = found | (statement.denies & applies(statement, request))
    return found


def _anything(statement: Statement) -> Value:
    """An ARN of nobody in particular: what is allowed on it is allowed on all."""
    text = f"arn:aws:ec2:us-east-1:{probes.foreign_account()}:anything/anything"
    return Value(text, statement.span)


@cache
def _kind_of(action: str) -> str:
    """The kind of resource that an action of EC2 is done to, as ARNs have it."""
    return probes.probe_of(action).template.split(":", _SEGMENTS - 1)[-1].partition("/")[0]


def _on_all_of_its_kind(statement: Statement, action: str | None) -> Answer:
    """Whether a statement lets an action be done to all that it can be done to, or some action.

    A policy is about its own account, so that naming that is no limit; nor is a Region, which says
    where, and not what.
    """
    if action is not None and not action.startswith("ec2:"):
        return NO
    alone = _OF_ONE_KIND if action is None else _OF_ONE_KIND & {action}
    kinds = {"*", "*/*", *(f"{_kind_of(one)}/*" for one in alone)}

    def is_all(entry: Val) -> bool | None:
        return _is_all_of("".join(map(_as_text, pieces_of(entry) or ())), ("ec2",), kinds)

    return any_of(answer_for(entry, is_all) for entry in statement.resources or ())
