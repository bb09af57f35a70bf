"""What a role itself must be allowed for a service to do somebody's work with it.

A queue that it reads is enough, whichever it is; a bucket is where whoever has the role used may
write what it reads. Sources: AWS Lambda Developer Guide, "Event source mappings"; EventBridge User
Guide, "Amazon EventBridge Pipes permissions"; Service Catalog Administrator Guide, "Launch
constraints" (the stacks of products are called ``SC-*``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.iam.escalation.rows.delegates import READS_SOURCES
from iac_ec2lint.iam.grants import is_allowed, statements_on
from iac_ec2lint.values import Answer, Reference, Val, any_of

if TYPE_CHECKING:
    from iac_ec2lint.iam.principal import Principal

_ANY_WILL_DO: Final = frozenset({*READS_SOURCES, "cloudformation:CreateStack"})
_WRITTEN_BY: Final = {
    "s3:GetObject": "s3:PutObject",
    "s3:GetObjectVersion": "s3:PutObject",
    "codecommit:GetBranch": "codecommit:GitPush",
    "codeconnections:UseConnection": "codeconnections:UseConnection",
    "codestar-connections:UseConnection": "codestar-connections:UseConnection",
}
"""What puts there what a role reads by an action."""


def has_rights(principal: Principal, target: Principal, actions: tuple[str, ...]) -> Answer:
    """Whether a role has one of the rights that a service needs to work for a principal with it.

    Args:
        principal: Who has it work.
        target: The role.
        actions: The rights, each alone enough.
    """
    answer = any_of(is_allowed(target, action) for action in actions)
    if answer.truth:
        return answer
    return answer | any_of(_on_what_is_named(principal, target, action) for action in actions)


def _on_what_is_named(principal: Principal, target: Principal, action: str) -> Answer:
    writes = _WRITTEN_BY.get(action)
    found = []
    for entry in _named(target, action) if writes or action in _ANY_WILL_DO else ():
        identity = entry if isinstance(entry, Reference) else None
        held = is_allowed(target, action, entry, identity)
        if writes and held.truth is not False:
            held = held & is_allowed(principal, writes, entry, identity)
        found.append(held)
    return any_of(found)


@remembered
def _named(target: Principal, action: str) -> tuple[Val, ...]:
    """What the statements of a role that allow an action name."""
    return tuple(
        entry
        for statement in statements_on(target, action)
        if statement.effect.text != "Deny"
        for entry in statement.resources or ()
    )
