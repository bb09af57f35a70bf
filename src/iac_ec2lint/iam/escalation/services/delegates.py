"""What a principal has services do for it, with a role that it passes them: rows of the table.

Source: semantics.md, D6; the guides that ``rows.delegates`` names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.iam.escalation.rows.delegates import DELEGATES, Delegate
from iac_ec2lint.iam.escalation.services.role_rights import has_rights
from iac_ec2lint.iam.escalation.services.things_there import (
    ADDS_TO_RULE,
    ADDS_TO_WINDOW,
    adds_to,
    changes_there,
)
from iac_ec2lint.iam.escalation.steps import (
    ActionRequest,
    allowed_somewhere,
    allowed_to,
    asked_somewhere,
    may_any,
)
from iac_ec2lint.iam.grants import may_somewhere
from iac_ec2lint.iam.principal import Principal
from iac_ec2lint.iam.principals import principals
from iac_ec2lint.iam.trust.role_trust import trusts_service
from iac_ec2lint.resources.iam_role import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.values import Answer

_PASSES: Final = "iam:PassRole"


class Delegated(NamedTuple):
    """A service that does a principal's work with a role.

    Attributes:
        row: The row.
        role: The role that is passed.
        actions: What the principal does for it.
        answer: Whether it may, and the role is one for it.
        asked: What the principal must be allowed for it.
    """

    row: Delegate
    role: Principal
    actions: tuple[str, ...]
    answer: Answer
    asked: tuple[ActionRequest, ...]


@remembered
def may_delegate(principal: Principal) -> bool:
    """Whether a principal may do anything that some row about such services needs."""
    return may_somewhere(principal, _PASSES) and may_any(principal, (row.kind for row in DELEGATES))


@remembered
def delegated(graph: Graph, principal: Principal) -> tuple[Delegated, ...]:
    """The services that a principal has do its work, with each role that it may pass them."""
    return tuple(_delegated(graph, principal)) if may_delegate(principal) else ()


def _delegated(graph: Graph, principal: Principal) -> Iterator[Delegated]:
    for row in DELEGATES:
        for actions in row.kind.actions:
            if row.kind.changes is not None:
                changed = row.kind._replace(words=f"change {row.kind.words}")
                wanted, may = changes_there(graph, principal, changed, row.kind.changes, actions)
            elif actions in (ADDS_TO_RULE, ADDS_TO_WINDOW):
                wanted, may = adds_to(graph, principal, actions)
            else:
                wanted = tuple(asked_somewhere(principal, actions))
                may = allowed_somewhere(principal, actions)
            if may.truth is False:
                continue
            for role in principals(graph):
                if isinstance(role.resource, Role) and role.resource is not principal.resource:
                    given = trusts_service(role.resource, row.kind.services)
                    if given.truth is False:
                        continue
                    context = {"iam:passedtoservice": row.kind.services[:1]}
                    passed = ActionRequest(_PASSES, role.arn, role.identity, context)
                    passes = allowed_to(principal, (passed,))
                    if passes.truth is False:
                        continue
                    if row.kind.target:
                        given = given & has_rights(principal, role, row.kind.target)
                    answer = may & given & passes
                    if answer.truth is not False:
                        yield Delegated(row, role, actions, answer, (passed, *wanted))
