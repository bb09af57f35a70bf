"""Cheap first questions: whether a principal's policies lead to anybody else, and to whom.

Each pair of principals would be asked for each row of the table; most policies name what they are
about, and few allow anything that a row needs. Source: semantics.md, D6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.iam.escalation.identity_changes import LIFTS, WRITES
from iac_ec2lint.iam.escalation.launch_ways import launch_kinds
from iac_ec2lint.iam.escalation.named_targets import may_name
from iac_ec2lint.iam.escalation.rows.delegates import DELEGATES
from iac_ec2lint.iam.escalation.rows.identities import (
    ASSERTIONS,
    IDENTITY_POOL,
    POLICY_VERSION,
    POOL_ROLES,
)
from iac_ec2lint.iam.escalation.rows.launches import LAUNCHES
from iac_ec2lint.iam.escalation.rows.standing import ENTERS, STANDING
from iac_ec2lint.iam.escalation.services.clusters import may_enter_clusters
from iac_ec2lint.iam.escalation.services.delegates import may_delegate
from iac_ec2lint.iam.escalation.services.standing_ways import may_use_standing
from iac_ec2lint.iam.escalation.steps import may_any
from iac_ec2lint.iam.grants import may_somewhere, statements_on
from iac_ec2lint.iam.policy.matching import covers_action
from iac_ec2lint.iam.trust.role_trust import is_for_services
from iac_ec2lint.resources.iam_role import Role
from iac_ec2lint.values import references_of

if TYPE_CHECKING:
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.iam.escalation.steps import ActionRequest
    from iac_ec2lint.iam.principal import Principal


_PASSES = "iam:PassRole"


def are_in_policies(principal: Principal, asked: tuple[ActionRequest, ...]) -> bool:
    """Whether a statement names some of what is asked for; see ``is_in_a_policy``."""
    return any(is_in_a_policy(principal, one.action) for one in asked)


def _is_written(principal: Principal, action: str) -> bool:
    """Whether a statement that is known to be there allows an action, whatever limits it.

    That somebody may have a policy of which nothing is known is no news.
    """
    return any(
        (statement.allows & covers_action(statement, action)).truth
        for statement in statements_on(principal, action)
    )


def is_in_a_policy(principal: Principal, action: str) -> bool:
    """Whether a statement names an action that is, or may be, in a policy of a principal's own.

    A policy that may be anybody's is news of nobody, and a statement of unknown actions is none.
    """
    return any(
        statement.effect.text != "Deny"
        and (statement.uncertain is None or statement.uncertain.cause != "may-attach")
        and covers_action(statement, action).truth
        for statement in statements_on(principal, action)
    )


def acts(graph: Graph, principal: Principal) -> bool:
    """Whether a statement names what leads to another, or may do: it is about a role."""
    if any(is_in_a_policy(principal, action) for action in _LEADING):
        return True
    return any(
        statement.effect.text != "Deny"
        and covers_action(statement, _PASSES).truth is None
        and any(
            isinstance(graph.get(one.target), Role)
            for entry in statement.resources or ()
            for one in references_of(entry)
        )
        for statement in statements_on(principal, _PASSES)
    )


@remembered
def surely_acts(principal: Principal) -> bool:
    """Whether a statement that is there for sure allows something that leads to another."""
    return any(_is_written(principal, action) for action in _LEADING)


_ASSUMING = tuple(row.kind for row in DELEGATES if row.assumes)
_STANDING = (*(row.kind for row in STANDING), ENTERS)
_STANDING_TYPES = frozenset(one for row in STANDING for one in row.thing.types)

_LEADING = tuple(
    dict.fromkeys(
        action
        for kind in (*LAUNCHES, *_STANDING, *WRITES)
        for actions in (((_PASSES,),) if kind.services and kind.passes else kind.actions)
        for action in actions
        if not kind.lifts
    )
)
"""Of each way to another, what it cannot do without."""


@remembered
def led_to(graph: Graph, principal: Principal, lifting: bool) -> frozenset[str] | None:
    """The addresses of those that some way of a principal may lead to; ``None`` for everyone.

    Most policies name in ``iam:PassRole`` and the like whom they are about. With ``lifting``, only
    the ways count that make administrators.
    """
    found: set[str] = set()
    actions = [action for kind in WRITES for actions in kind.actions for action in actions]
    if lifting:
        actions = [*LIFTS]
    elif any(not kind.passes for kind in launch_kinds(principal)):
        return None
    else:
        actions = [_PASSES, *actions]
    for action in dict.fromkeys(actions):
        if not may_somewhere(principal, action):
            continue
        # Policies and identity providers are named, and not whom they are attached to, or let in.
        named = None if action in _INDIRECT else may_name(graph, principal, action)
        if named is None:
            return None
        found |= named
    if not lifting and may_enter_clusters(principal):
        return None
    if not lifting and may_use_standing(principal):
        found |= _with_standing(graph)
        if may_delegate(principal) and may_any(principal, _ASSUMING):
            found |= {role.address for role in graph.all(Role) if not is_for_services(role)}
    return frozenset(found)


_INDIRECT = frozenset(
    action
    for kind in (POLICY_VERSION, ASSERTIONS, IDENTITY_POOL, POOL_ROLES)
    for actions in kind.actions
    for action in actions
)


@remembered
def _with_standing(graph: Graph) -> frozenset[str]:
    """The addresses of the roles that something runs with that is there."""
    return frozenset(
        role.address
        for role in graph.all(Role)
        for edge in graph.sources(role, "role")
        if edge.source.type in _STANDING_TYPES
    )


@remembered
def may_escalate(principal: Principal) -> bool:
    """Whether a principal may do anything at all that some edge to another needs."""
    passing = may_somewhere(principal, _PASSES)
    kinds = (kind for kind in LAUNCHES if passing or not kind.passes)
    return may_any(principal, (*kinds, *_STANDING, *WRITES)) or may_delegate(principal)
