"""What policies allow, as places and hops of findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.attack.wording import join_words, stated
from iac_ec2lint.engine.check import Verdict
from iac_ec2lint.engine.finding import Evidence
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.iam.access import is_admin
from iac_ec2lint.iam.escalation.rows.services import EC2, SERVICE_NAMES
from iac_ec2lint.iam.escalation.steps import ActionRequest
from iac_ec2lint.iam.grants import Allowance, allowances
from iac_ec2lint.iam.trust.role_trust import trusts, trusts_service
from iac_ec2lint.resources.iam_role import InstanceProfile, Role
from iac_ec2lint.resources.part import Place, Resource
from iac_ec2lint.values import NO, Answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iac_ec2lint.engine.finding import Severity
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.iam.principal import Grant, Principal
    from iac_ec2lint.iam.privilege import Privilege
    from iac_ec2lint.iam.statements.breadth import Breadth
    from iac_ec2lint.values import Reference, Val


_TELLING = "iam:PutRolePolicy"
"""What an administrator may do, and hardly anybody else: the policy that allows it is named."""


def place_of_statement(found: Allowance) -> Place:
    """The statement as the place of a finding."""
    grant = found.grant
    place = grant.place
    return Place(found.statement.span, place.attribute, place.value, place.presence)


def breadth_verdict(
    grant: Grant,
    found: Breadth,
    otherwise: str,
    perhaps: str,
    severity: Severity | None = None,
) -> Verdict:
    """What a statement of a policy grants that is too much, at that statement.

    Args:
        grant: The policy.
        found: The statement, and what it grants.
        otherwise: The message where it surely does.
        perhaps: The message where it may.
        severity: Where it is less than the check's.
    """
    answer = found.answer
    undecided = answer.truth is None
    return Verdict(
        subject=grant.resource,
        at=place_of_statement(Allowance(grant, found.statement, answer)),
        message=perhaps if undecided else otherwise,
        undecided=undecided,
        causes=answer.causes,
        severity=severity,
        assumptions=answer.assumptions,
        value=" ".join(found.actions),
    )


def statement_allowing(principal: Principal, asked: ActionRequest) -> Allowance | None:
    """The statement that allows a principal what it is asked for, the first that surely does."""
    if asked.context is None:
        return _statement_allowing(principal, asked.action, asked.resource, asked.identity)
    return next(allowances(principal, *asked), None)


@remembered
def _statement_allowing(
    principal: Principal, action: str, resource: Val | None, identity: Reference | None
) -> Allowance | None:
    return next(allowances(principal, action, resource, identity), None)


def grant_evidence(principal: Principal, asked: Iterable[ActionRequest]) -> Iterator[Evidence]:
    """A hop for each statement that allows some of what a principal is asked for."""
    by_span: dict[tuple[object, bool], tuple[Allowance, dict[str, None]]] = {}
    for one in asked:
        found = statement_allowing(principal, one)
        if found is not None:
            key = found.statement.span.key, found.answer.truth is True
            by_span.setdefault(key, (found, {}))[1][one.action] = None
    for found, names in by_span.values():
        yield _allows(found, names)


def _allows(found: Allowance, names: Iterable[str]) -> Evidence:
    source = found.grant.resource
    group = found.grant.group
    of = f"to {group.address}, of which it is a member, " if group is not None else ""
    what = f"{of}{' and '.join(names)}"
    if found.grant.managed is not None:
        what += f" ({found.grant.managed.name})"
    words = stated(found.answer, source.address, "allows", what)
    return Evidence(found.statement.span, words, source.address)


def limiting_edits(principal: Principal, asked: ActionRequest) -> Iterator[Evidence]:
    """The change that takes from a principal what it is asked for, or most of it."""
    found = statement_allowing(principal, asked)
    if found is not None:
        words = f"limit {asked.action} by ARN or tag"
        yield Evidence(found.statement.span, words, found.grant.resource.address)


def privilege_evidence(privilege: Privilege) -> Evidence:
    """The hop that says why a principal is privileged."""
    principal = privilege.principal
    declaring, place, by = place_of_privilege(privilege)
    if privilege.answer.truth is False:
        words = f"{principal.resource.address} is not privileged by itself"
    else:
        verb = "is" if privilege.answer.truth else "may be"
        words = f"{principal.resource.address} {verb} privileged: {privilege.words}{by}"
    return Evidence(place.span, words, declaring.address)


def actions_of_privilege(privilege: Privilege) -> tuple[str, tuple[Evidence, ...]]:
    """The actions that show the worst that a principal has: in words, and their statements.

    The words are empty where what it has says it: ``administrator``, ``full access to ec2``.
    """
    shown_by = () if privilege.worst is None else privilege.worst.shown_by
    # Any of them shows it: it need not have all.
    actions = [
        action
        for action in shown_by
        if statement_allowing(privilege.principal, ActionRequest(action)) is not None
    ]
    if not actions:
        return "", ()
    shown = [ActionRequest(action) for action in actions[:_SHOWN]]
    rest = [f"{len(actions) - _SHOWN} more"] if len(actions) > _SHOWN else []
    return join_words([*(one.action for one in shown), *rest]), tuple(
        grant_evidence(privilege.principal, shown)
    )


_SHOWN: Final = 3
"""How many actions are named."""


def place_of_privilege(privilege: Privilege) -> tuple[Resource, Place, str]:
    """What gives a principal the worst that it has: who declares it, where, and AWS's name of it.

    The name is what a sentence ends with: `` (by AmazonS3FullAccess)``, or nothing.
    """
    principal = privilege.principal
    worst = privilege.worst
    for action in worst.actions if worst is not None else ():
        found = statement_allowing(principal, ActionRequest(action))
        if found is not None:
            managed = found.grant.managed
            by = f" (by {managed.name})" if managed is not None else ""
            return found.grant.resource, place_of_statement(found), by
    if worst is not None and worst.level == "administrator":
        makes = _makes_administrator(principal)
        if makes is not None:
            return makes.grant.resource, place_of_statement(makes), ""
    if principal.grants and worst is not None:
        own = next((g for g in principal.grants if g.managed is None), principal.grants[0])
        return own.resource, own.place, ""
    return principal.resource, whole_resource(principal.resource), ""


@remembered
def _makes_administrator(principal: Principal) -> Allowance | None:
    """The statement that does so, of the policy that does it alone, else of any."""
    telling = list(allowances(principal, _TELLING))
    for found in telling:
        if is_admin((found.grant.document,)).truth:
            return found
    return telling[0] if telling else None


def whole_resource(resource: Resource) -> Place:
    """A resource as a place."""
    return Place(resource.span, "", None, resource.presence)


def trust_evidence(graph: Graph, principal: Principal, service: str = EC2[0]) -> Iterator[Evidence]:
    """The hops that say that a service can have a role: its trust policy; for EC2 its profile.

    Args:
        graph: The graph.
        principal: The role.
        service: The service.
    """
    role = principal.resource
    if not isinstance(role, Role) or role.trust_policy is None:
        return
    name = SERVICE_NAMES.get(service, service)
    trusts = trusts_service(role, EC2 if service in EC2 else (service,))
    words = stated(trusts, role.address, "trusts", name)
    yield Evidence(role.trust_policy.span, words, role.address)
    for edge in graph.sources(role, "roles") if service == EC2[0] else ():
        if isinstance(edge.source, InstanceProfile):
            profile = edge.source
            words = gives_instances(profile, role, edge.answer)
            yield Evidence(profile.span, words, profile.address)
            break


def gives_instances(profile: InstanceProfile, role: Role, answer: Answer) -> str:
    """That an instance profile has a role, as far as that is known."""
    return stated(answer, profile.address, "gives", f"instances {role.address}")


def admits(role: Resource, principal: Principal) -> Answer:
    """Whether the trust policy of a role admits a principal, by name or with its account."""
    if not isinstance(role, Role):
        return NO
    trust = trusts(role, principal)
    return trust.by_name | trust.with_account
