"""The ways in which something that is there does a principal's work with its role: rows of a table.

Code that a principal gives a function may be in a layer that it fills: one of an account of its
own, where it may read that account's; else one of the unit's account, where it may make versions
of it. Source: semantics.md, D6; the guides that ``rows.standing`` names; AWS Lambda Developer
Guide, "Granting users access to a Lambda layer" and "Control access to layer versions".
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.iam.access import tidy
from iac_ec2lint.iam.arns import arn_in, identity_of, joined, own_region
from iac_ec2lint.iam.escalation.assuming_roles import assumes
from iac_ec2lint.iam.escalation.chosen_names import chosen_arns
from iac_ec2lint.iam.escalation.rows.kinds import EdgeKind
from iac_ec2lint.iam.escalation.rows.standing import BY_CERTIFICATE, ON_LAYERS, STANDING, Standing
from iac_ec2lint.iam.escalation.rows.things import ON_OTHERS
from iac_ec2lint.iam.escalation.services.clusters import cluster_edges
from iac_ec2lint.iam.escalation.services.delegates import delegated, may_delegate
from iac_ec2lint.iam.escalation.services.role_rights import has_rights
from iac_ec2lint.iam.escalation.services.standing_work import keys_of_work, lets_work
from iac_ec2lint.iam.escalation.services.things_there import arns_of
from iac_ec2lint.iam.escalation.steps import (
    ActionRequest,
    PrivilegeStep,
    allowed_somewhere,
    allowed_to,
    asked_somewhere,
    by_any_name,
    choices,
    may_any,
    most_allowed,
    sure,
    surest,
)
from iac_ec2lint.iam.grants import may_somewhere
from iac_ec2lint.iam.policy import probes
from iac_ec2lint.iam.policy.operators import NamedArn
from iac_ec2lint.iam.trust.role_trust import trusts_service
from iac_ec2lint.resources.iam_role import Role
from iac_ec2lint.values import NO, YES, Answer, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iac_ec2lint.graph.graph import Edge, Graph
    from iac_ec2lint.iam.policy.operators import Keys
    from iac_ec2lint.iam.principal import Principal

_PASSES: Final = "iam:PassRole"


def standing_edges(
    graph: Graph, principal: Principal, target: Principal
) -> Iterator[PrivilegeStep]:
    """The ways in which a principal has something that is there do its work with a role.

    It does so itself, or by a service that it passes a role to.
    """
    yield from _own_standing_edges(graph, principal, target)
    if isinstance(target.resource, Role):
        yield from cluster_edges(graph, principal, target.resource)
    for one in delegated(graph, principal) if isinstance(target.resource, Role) else ():
        for step in _own_standing_edges(graph, one.role, target) if one.row.works else ():
            if one.row.works.issuperset(step.actions):
                words = f"have {one.row.kind.words} {step.kind.words}"
                kind = EdgeKind(one.row.kind.name, (one.actions,), words, passes=False)
                answer = tidy(one.answer & step.answer)
                through = one.role, step.asked
                yield PrivilegeStep(kind, one.actions, answer, one.asked, step.about, through)
        taken = assumes(one.role, target) if one.row.assumes else NO
        if taken.truth is not False:
            words = f"have {one.row.kind.words} deploy with"
            kind = EdgeKind(one.row.kind.name, (one.actions,), words, passes=False)
            assumed = (ActionRequest("sts:AssumeRole", target.arn, target.identity),)
            answer = tidy(one.answer & taken)
            yield PrivilegeStep(kind, one.actions, answer, one.asked, None, (one.role, assumed))


def _own_standing_edges(
    graph: Graph, principal: Principal, target: Principal
) -> Iterator[PrivilegeStep]:
    if not isinstance(target.resource, Role) or not _may_use_standing(principal):
        return
    for edge in graph.sources(target.resource, "role"):
        for row in _standing_by_type().get(edge.source.type, ()):
            for actions in row.kind.actions:
                if all(may_somewhere(principal, action) for action in actions):
                    step = _step(graph, principal, target, edge, row, actions)
                    if step is not None:
                        yield step


def _step(
    graph: Graph,
    principal: Principal,
    target: Principal,
    edge: Edge,
    row: Standing,
    actions: tuple[str, ...],
) -> PrivilegeStep | None:
    """What a principal does to what is there by one set of a row's actions, if it may."""
    kind, thing, role = row.kind, edge.source, target.resource
    own = tuple(one for one in actions if one not in ON_LAYERS | ON_OTHERS)
    others = tuple(one for one in actions if one in ON_OTHERS)
    layered = tuple(one for one in actions if one in ON_LAYERS)
    layer, fits = of_its_own(principal, layered) if layered else ((), YES)
    if fits.truth is False:
        return None
    abouts = [ActionRequest("", arn, identity_of(thing)) for arn in arns_of(row.thing, thing)]
    known = [{**one, **key_of_layer(layer)} for one in keys_of_work(graph, kind, thing)]
    asked, may = _asked_about(principal, own, abouts, known)
    asked, may = (*asked, *layer), may & fits
    if may.truth is not False and others:
        may = may & allowed_somewhere(principal, others)
        asked = (*asked, *asked_somewhere(principal, others))
    passed: tuple[ActionRequest, ...] = ()
    if kind.passes:
        passed = (ActionRequest(_PASSES, target.arn, target.identity),)
    answer = sure(edge.certain, edge.value) & may & allowed_to(principal, passed)
    if answer.truth is not False:
        answer = answer & lets_work(graph, principal, kind, thing)
    if answer.truth is not False and kind in BY_CERTIFICATE and isinstance(role, Role):
        answer = answer & trusts_service(role, (BY_CERTIFICATE[kind],))
    if kind.target:
        answer = answer & has_rights(principal, target, kind.target)
    if answer.truth is False:
        return None
    return PrivilegeStep(kind, actions, tidy(answer), (*asked, *passed), thing)


def _asked_about(
    principal: Principal,
    actions: tuple[str, ...],
    abouts: list[ActionRequest],
    known: Sequence[Keys],
) -> tuple[tuple[ActionRequest, ...], Answer]:
    """Whether a principal may do something to what is there, writing in the call what it may."""
    if not actions:
        return (), YES

    def asked_with(keys: Keys | None) -> Iterator[tuple[ActionRequest, ...]]:
        return (tuple(one._replace(action=a, context=keys) for a in actions) for one in abouts)

    chosen = (
        {**one, **dict(each)} or None for one in known for each in choices(principal, actions[0])
    )
    return surest(by_any_name(principal, asked_with(keys)) for keys in chosen)


def may_use_standing(principal: Principal) -> bool:
    """Whether a principal may do what some row about what is there needs, or have it done."""
    return _may_use_standing(principal) or may_delegate(principal)


@remembered
def _may_use_standing(principal: Principal) -> bool:
    return may_any(principal, (row.kind for row in STANDING))


@cache
def _standing_by_type() -> dict[str, tuple[Standing, ...]]:
    found: dict[str, tuple[Standing, ...]] = {}
    for row in STANDING:
        for one in row.thing.types:
            found[one] = (*found.get(one, ()), row)
    return found


_PUBLISHES: Final = "lambda:PublishLayerVersion"
_READS: Final = "lambda:GetLayerVersion"


def of_its_own(
    principal: Principal, actions: tuple[str, ...]
) -> tuple[tuple[ActionRequest, ...], Answer]:
    """Whether a principal may use a layer of its own by some actions, and what it asks for.

    Args:
        principal: Who.
        actions: To read one, or to publish one and to read it.
    """
    return most_allowed(principal, _ways(principal, actions))


def key_of_layer(asked: tuple[ActionRequest, ...]) -> Keys:
    """The condition key of a call that names the layer which is read at last.

    Source: Service Authorization Reference, "Condition keys for AWS Lambda", ``lambda:Layer``.

    Args:
        asked: What ``of_its_own`` found.
    """
    layer = asked[-1].resource if asked else None
    return {} if layer is None else {"lambda:layer": (NamedArn(layer),)}


def _ways(principal: Principal, actions: tuple[str, ...]) -> Iterator[tuple[ActionRequest, ...]]:
    span = principal.resource.span
    if _PUBLISHES not in actions:
        foreign = f":{probes.foreign_account()}:layer:"
        name = Unknown("the layer is called as the principal likes", "computed", span)
        layer = joined(["arn:aws:lambda:", own_region(span), foreign, name, ":1"], span)
        yield (ActionRequest(_READS, layer),)
        return
    for layer in (
        arn_in(span, "lambda", "layer:"),
        *chosen_arns(principal, (_PUBLISHES,)),
    ):
        version = joined((*layer.parts, ":1"), span)
        yield ActionRequest(_PUBLISHES, layer), ActionRequest(_READS, version)
