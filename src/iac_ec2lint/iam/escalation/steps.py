"""Steps from a principal to what it gains: what its policies are asked for, and the answer."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.iam.access import first_sure
from iac_ec2lint.iam.arns import identity_of, somewhere
from iac_ec2lint.iam.escalation.chosen_names import chosen_arns
from iac_ec2lint.iam.escalation.launches import LAUNCH, KnownKeys, launch_right
from iac_ec2lint.iam.grants import OWN_RESOURCE, asks_whose, is_allowed, may_somewhere
from iac_ec2lint.iam.policy import probes
from iac_ec2lint.values import NO, YES, Answer, Reference, Unknown, Val, all_of, any_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iac_ec2lint.iam.escalation.rows.kinds import EdgeKind
    from iac_ec2lint.iam.policy.operators import Keys
    from iac_ec2lint.iam.principal import Principal
    from iac_ec2lint.resources.part import Resource

_CONTROLS_INSTANCES: Final = (
    ("ec2:RunInstances",),
    ("ssm:SendCommand",),
    ("ssm:StartSession",),
    ("ec2-instance-connect:SendSSHPublicKey",),
)


_CHOSEN: Final = {
    "ec2-instance-connect:SendSSHPublicKey": "ec2:osuser",
    "ec2-instance-connect:OpenTunnel": "ec2-instance-connect:maxtunnelduration",
    "ecs:ExecuteCommand": "ecs:container-name",
}
"""Condition keys that are what the caller writes in the call, by action (Service Authorization
Reference, "Condition keys for Amazon EC2 Instance Connect" and "... for Amazon Elastic Container
Service": the containers of a task have one role; EC2 User Guide, "Grant permissions for EC2
Instance Connect")."""


class ActionRequest(NamedTuple):
    """An action that was asked for, and what it is about.

    Attributes:
        action: The action.
        resource: The ARN; ``None`` for one of nobody in particular.
        identity: The reference to the ARN, where it is declared.
        context: The condition keys that are known.
    """

    action: str
    resource: Val | None = None
    identity: Reference | None = None
    context: Keys | None = None


class PrivilegeStep(NamedTuple):
    """An edge that holds, or may.

    Attributes:
        kind: Its row.
        actions: The set of actions that holds.
        answer: Whether all that it needs is there.
        asked: What the principal must be allowed for it, in order.
        about: What is changed by it, where that is neither the role nor the instance.
        through: The role that a service does it with, and what that must be allowed for it.
    """

    kind: EdgeKind
    actions: tuple[str, ...]
    answer: Answer
    asked: tuple[ActionRequest, ...] = ()
    about: Resource | None = None
    through: tuple[Principal, tuple[ActionRequest, ...]] | None = None


@remembered
def choices(
    principal: Principal, action: str
) -> tuple[tuple[tuple[str, tuple[str, ...]], ...], ...]:
    """What a caller may write in a call, as condition keys: a user that its policies ask for, say.

    There is always one; nothing is known of keys that no policy asks for.
    """
    key = _CHOSEN.get(action)
    if key is None:
        return ((),)
    values = dict.fromkeys(
        text.replace("*", "")
        for document in principal.documents
        for statement in document.statements
        for condition in statement.conditions
        if condition.key.lower() == key and condition.negated == (statement.effect.text == "Deny")
        for value in condition.values
        for one in value.elements()
        if (text := one.text) is not None
    )
    return tuple(((key, (value,)),) for value in values) or ((),)


def most_allowed(
    principal: Principal, requests: Iterable[tuple[ActionRequest, ...]]
) -> tuple[tuple[ActionRequest, ...], Answer]:
    """Of several ways to ask for the same, the one that is surely allowed, else that may be."""
    return surest((asked, allowed_to(principal, asked)) for asked in requests)


def surest(
    ways: Iterable[tuple[tuple[ActionRequest, ...], Answer]],
) -> tuple[tuple[ActionRequest, ...], Answer]:
    """The first way that is surely open, else the first that may be, with what it asks for."""
    return first_sure(ways, lambda way: way[1]) or ((), NO)


def by_any_name(
    principal: Principal, requests: Iterable[tuple[ActionRequest, ...]]
) -> tuple[tuple[ActionRequest, ...], Answer]:
    """The same of requests about one thing, by each way to write its ARN: all are of one answer.

    What is not known of it by one way, such as a name that is written out, is by the other.
    """
    found: list[tuple[tuple[ActionRequest, ...], Answer]] = []
    for asked in requests:
        answer = allowed_to(principal, asked)
        if answer.truth:
            return asked, answer
        found.append((asked, answer))
    denied = (one for one in found if one[1].truth is False)
    return next(denied, found[0] if found else ((), NO))


def may_do_to(
    principal: Principal,
    about: Resource,
    actions: tuple[str, ...],
    arns: Iterable[Val],
    context: Keys | None = None,
) -> tuple[tuple[ActionRequest, ...], Answer]:
    """Whether a principal may do something to what is declared, and what it asks for.

    Args:
        principal: Who.
        about: To what.
        actions: What: all of it.
        arns: The ways in which policies may write its ARN.
        context: The condition keys that are known.
    """
    if not all(may_somewhere(principal, action) for action in actions):
        return (), NO
    identity = identity_of(about)
    ways = (tuple(ActionRequest(one, arn, identity, context) for one in actions) for arn in arns)
    return by_any_name(principal, ways)


def allowed_to(principal: Principal, asked: Iterable[ActionRequest]) -> Answer:
    """Whether a principal may do all that is asked for."""
    return all_of(is_allowed(principal, *one) for one in asked)


def may_any(principal: Principal, kinds: Iterable[EdgeKind]) -> bool:
    """Whether a principal may have the actions of some row, whatever they are about."""
    return any(
        all(may_somewhere(principal, action) for action in actions)
        for kind in kinds
        for actions in kind.actions
    )


def allowed_somewhere(
    principal: Principal, actions: tuple[str, ...], keys: KnownKeys = ()
) -> Answer:
    """Whether all actions are allowed on some resource of the unit's account.

    Args:
        principal: Who.
        actions: The actions.
        keys: The condition keys that are known of the calls.
    """
    return _allowed_somewhere(principal, actions, keys)


@remembered
def _allowed_somewhere(principal: Principal, actions: tuple[str, ...], keys: KnownKeys) -> Answer:
    if not all(may_somewhere(principal, action) for action in actions):
        return NO
    alike = _by_kind(actions)
    launch = launch_right(principal, keys).answer if LAUNCH in actions else YES
    return launch & all_of(_on_one(principal, one, keys)[0] for one in alike)


def asked_somewhere(
    principal: Principal, actions: Iterable[str], keys: KnownKeys = ()
) -> Iterator[ActionRequest]:
    """What ``allowed_somewhere`` asks for."""
    actions = tuple(actions)
    asked = {
        one.action: one for alike in _by_kind(actions) for one in _on_one(principal, alike, keys)[1]
    }
    for action in actions:
        if action == LAUNCH:
            for arn, identity, context in launch_right(principal, keys).used:
                yield ActionRequest(action, arn, identity, context)
        else:
            yield asked[action]


@cache
def _by_kind(actions: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """The actions but launches, together where they are about one thing."""
    found: dict[str, tuple[str, ...]] = {}
    for action in actions:
        if action != LAUNCH:
            template = probes.probe_of(action).template
            key = action if template.endswith(_UNLISTED) else template
            found[key] = (*found.get(key, ()), action)
    return tuple(found.values())


_UNLISTED: Final = ":anything/anything"
"""The end of a probe's ARN of which only the service is known."""


@remembered
def _on_one(
    principal: Principal, actions: tuple[str, ...], keys: KnownKeys
) -> tuple[Answer, tuple[ActionRequest, ...]]:
    """Whether actions are allowed on one thing, of whatever name, and what is asked for then.

    It is in the principal's own account, where its policies ask for that.
    """
    whose = OWN_RESOURCE if asks_whose(principal) else {}
    context = {**whose, **dict(keys)} or None
    asked = tuple(
        ActionRequest(action, somewhere(action, principal), None, context) for action in actions
    )
    answer = allowed_to(principal, asked)
    if answer.truth is not None:
        return answer, asked
    for arn in chosen_arns(principal, actions):
        named = tuple(ActionRequest(action, arn, None, context) for action in actions)
        found = allowed_to(principal, named)
        if found.truth:
            return found, named
    return answer, asked


def has_instance(principal: Principal) -> Answer:
    """Whether a principal controls some instance, or can start one."""
    return any_of(allowed_somewhere(principal, actions) for actions in _CONTROLS_INSTANCES)


def sure(certain: bool, value: object) -> Answer:
    """Whether something holds that is certain, or hangs on a value."""
    if certain:
        return YES
    return Answer(None, (value,)) if isinstance(value, Unknown) else Answer(None)
