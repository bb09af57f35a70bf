"""The ways in which a principal takes control of instances that are there: rows of the table.

Source: semantics.md, D6; Service Authorization Reference (which resources an action is about).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.compute.instance_tags import TAG_KEYS
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.iam.access import tidy
from iac_ec2lint.iam.arns import arn_in, identity_of, instance_arn, own_id
from iac_ec2lint.iam.escalation.instances.documents import (
    CHECKED,
    STARTS_SESSIONS,
    UNCHECKED,
    asks_for_documents,
    opens_shells,
    runs_commands,
)
from iac_ec2lint.iam.escalation.rows.instances import (
    ABOUT,
    CHANGES,
    CONTROLS,
    EXFILTRATION,
    REPLACES,
)
from iac_ec2lint.iam.escalation.rows.services import MANAGED_BY
from iac_ec2lint.iam.escalation.services.delegates import may_delegate
from iac_ec2lint.iam.escalation.steps import (
    ActionRequest,
    PrivilegeStep,
    allowed_to,
    choices,
    has_instance,
    may_any,
    may_do_to,
    most_allowed,
)
from iac_ec2lint.iam.grants import asked_keys, is_allowed, may_somewhere
from iac_ec2lint.iam.policy.glob import NOBODY, nobody
from iac_ec2lint.values import (
    NO,
    YES,
    Answer,
    Reference,
    Unknown,
    Value,
    any_of,
    references_of,
    walk_possible,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from iac_ec2lint.compute.instance_tags import TagContext
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.iam.escalation.instances.sources import InUse
    from iac_ec2lint.iam.escalation.rows.kinds import EdgeKind, Guard
    from iac_ec2lint.iam.principal import Principal
    from iac_ec2lint.resources.part import Resource


def _never(_: Guard) -> Answer:
    return NO


def control_edges(
    graph: Graph,
    principal: Principal,
    host: Resource,
    target: Principal,
    reachable: Answer,
    guard: Callable[[Guard], Answer] = _never,
    *,
    guarded: bool = False,
    tags: TagContext = (),
) -> Iterator[PrivilegeStep]:
    """The ways in which a principal takes control of an instance that has a role.

    Args:
        graph: The graph.
        principal: Who.
        host: The instance, or what starts it.
        target: The instance's role.
        reachable: Whether the principal reaches the instance's port 22.
        guard: Whether what else must hold of the instance does.
        guarded: Whether only ways are asked for of which something else must hold.
        tags: The condition keys on the instance's tags that are known.
    """
    for step in _rights(graph, principal, host, tags):
        kind, answer = step.kind, step.answer
        if guarded and not kind.guard:
            continue
        if kind.target:
            answer = answer & any_of(is_allowed(target, action) for action in kind.target)
        if kind.needs == "instance" and answer.truth is not False:
            answer = answer & has_instance(principal)
        if kind.guard and answer.truth is not False:
            answer = answer & (reachable if kind.guard == "ssh" else guard(kind.guard))
        if answer.truth is not False:
            yield step._replace(answer=tidy(answer))


def template_edges(principal: Principal, in_use: InUse) -> Iterator[PrivilegeStep]:
    """The ways in which a principal takes over the instances that a group starts next."""
    yield from version_edges(principal, REPLACES, in_use)


def version_edges(principal: Principal, kind: EdgeKind, in_use: InUse) -> Iterator[PrivilegeStep]:
    """The ways in which a principal puts a version of a template in use: a row's two sets."""
    template = in_use.template
    arn = arn_in(template.span, "ec2", "launch-template/", own_id(template))
    for actions, used in zip(kind.actions, (in_use.latest, in_use.default), strict=True):
        if used.truth is False:
            continue
        asked, may = may_do_to(principal, template, actions, (arn,))
        answer = used & may
        if answer.truth is not False:
            yield PrivilegeStep(kind, actions, tidy(answer), asked, in_use.group)


@remembered
def may_control(principal: Principal) -> bool:
    """Whether a principal may do anything at all that some edge to an instance needs."""
    return may_any(principal, (*CONTROLS, REPLACES, *CHANGES)) or may_delegate(principal)


@remembered
def resources_named(principal: Principal) -> frozenset[str]:
    """The addresses of the resources that the policies of a principal refer to."""
    return frozenset(
        reference.target
        for document in principal.documents
        for statement in document.statements
        for entry in (*(statement.resources or ()), *(statement.not_resources or ()))
        for one in walk_possible(entry)
        for reference in references_of(one)
    )


@remembered
def tag_keys(principal: Principal) -> frozenset[str]:
    """The keys of the tags of resources that the policies of a principal ask for, in lower case."""
    return frozenset(
        key[len(start) :]
        for key in asked_keys(principal)
        for start in TAG_KEYS
        if key.startswith(start)
    )


def on_instance(principal: Principal, action: str, host: Resource) -> tuple[ActionRequest, Answer]:
    """Whether an action is allowed on an instance, and what was asked for; see ``_rights``."""
    named = host.address in resources_named(principal)
    return _on_instance(principal, action, host if named else None)


@remembered
def _on_instance(
    principal: Principal, action: str, host: Resource | None
) -> tuple[ActionRequest, Answer]:
    asked = _on_host(principal, action, host, ())
    return asked, allowed_to(principal, (asked,))


def _rights(
    graph: Graph, principal: Principal, host: Resource, tags: TagContext
) -> tuple[PrivilegeStep, ...]:
    """What the policies of a principal allow on an instance.

    Instances that no policy refers to are alike where their tags are, and answered for once.
    """
    named = host.address in resources_named(principal)
    return _allowed(principal, graph, host if named else None, tags)


@remembered
def _allowed(
    principal: Principal, graph: Graph, host: Resource | None, tags: TagContext
) -> tuple[PrivilegeStep, ...]:
    return tuple(_steps(graph, principal, host, tags))


def _steps(
    graph: Graph, principal: Principal, host: Resource | None, tags: TagContext
) -> Iterator[PrivilegeStep]:
    span = principal.resource.span if host is None else host.span
    for kind in CONTROLS:
        for actions in kind.actions:
            if not all(may_somewhere(principal, action) for action in actions):
                continue
            if actions == (STARTS_SESSIONS,) and asks_for_documents(principal):
                yield from _sessions(graph, kind, principal, host, tags)
                continue
            asked, answer = most_allowed(
                principal,
                (
                    tuple(one for a in actions for one in _about(principal, a, host, tags, chosen))
                    for chosen in choices(principal, actions[0])
                ),
            )
            if any("shell" in ABOUT.get(action, ()) for action in actions):
                answer = answer & runs_commands(graph, principal, actions[0], span)
            if answer.truth is not False:
                yield PrivilegeStep(kind, actions, answer, asked)


def _sessions(
    graph: Graph,
    kind: EdgeKind,
    principal: Principal,
    host: Resource | None,
    tags: TagContext,
) -> Iterator[PrivilegeStep]:
    """Sessions of whoever must be allowed the document too: by the account's own, else by it."""
    span = principal.resource.span if host is None else host.span
    for checked, shell in ((UNCHECKED, YES), (CHECKED, opens_shells(graph, principal, span))):
        asked = _on_host(principal, STARTS_SESSIONS, host, (*tags, *checked))
        answer = shell & allowed_to(principal, (asked,))
        if answer.truth is not False:
            yield PrivilegeStep(kind, (STARTS_SESSIONS,), answer, (asked,))


def session_on(principal: Principal, host: Resource) -> ActionRequest:
    """What must be allowed on an instance for a session by a document that is asked for."""
    named = host.address in resources_named(principal)
    return _on_host(principal, STARTS_SESSIONS, host if named else None, CHECKED)


def _of_any(principal: Principal) -> Unknown:
    """The ARN of an instance that no policy of a principal refers to: those refer to others."""
    span = principal.resource.span
    attribute = "Ref" if principal.resource.declared.of_cloudformation else "id"
    words = "the instance's id is known after it is created"
    return arn_in(span, "ec2", "instance/", Reference(NOBODY, attribute, span, reason=words))


def _on_host(
    principal: Principal, action: str, host: Resource | None, tags: TagContext
) -> ActionRequest:
    context = dict(tags) or None
    if host is not None:
        identity = identity_of(host)
        return ActionRequest(action, instance_arn(host), identity, context)
    return ActionRequest(action, _of_any(principal), nobody(principal.resource.span), context)


def _about(
    principal: Principal,
    action: str,
    host: Resource | None,
    tags: TagContext,
    chosen: TagContext = (),
) -> Iterator[ActionRequest]:
    """What must be allowed for an action on an instance; documents are asked for apart."""
    span = principal.resource.span
    for kind in ABOUT.get(action, ("instance",)):
        if kind == "instance":
            yield _on_host(principal, action, host, (*tags, *chosen))
        elif kind == "*":
            yield ActionRequest(action, Value("*", span))
        elif kind != "shell":
            service = "ssm" if kind in {"session", "association"} else "ec2"
            yield ActionRequest(action, arn_in(span, service, f"{kind}/"))


def exfiltration_edges(principal: Principal) -> Iterator[PrivilegeStep]:
    """The ways in which a principal takes data out of disks and images of whatever name.

    That it has an instance to read them on, where it needs one, is not asked.
    """
    for kind in EXFILTRATION:
        for actions in kind.actions:
            if not all(may_somewhere(principal, action) for action in actions):
                continue
            asked = tuple(ActionRequest(action) for action in actions)
            answer = allowed_to(principal, asked)
            if answer.truth is not False:
                yield PrivilegeStep(kind, actions, tidy(answer), asked)


def is_managed(role: Principal) -> Answer:
    """Whether Systems Manager manages the instances of a role."""
    return any_of(is_allowed(role, action) for action in MANAGED_BY)
