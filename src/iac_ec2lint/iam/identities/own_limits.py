"""Limits that a principal may take off itself: its permissions boundary, and policies that deny.

A Deny keeps nobody in who may detach or delete the policy that says it, or leave the group that
has it. Sources: IAM User Guide, "Permissions boundaries for IAM entities", "Adding and removing
IAM identity permissions" and "Add and remove users in an IAM group".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.iam.arns import identity_of, in_the_terms
from iac_ec2lint.iam.identities.symbolic_arns import symbolic_arn
from iac_ec2lint.iam.policy.document import PolicyDocument
from iac_ec2lint.iam.policy.matching import Request, allows
from iac_ec2lint.iam.policy.statement import Statement
from iac_ec2lint.iam.principal import Undoing
from iac_ec2lint.resources.iam_principal import IamGroup
from iac_ec2lint.values import YES, Answer, Unknown, any_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iac_ec2lint.iam.principal import Grant, Principal
    from iac_ec2lint.resources.iam_role import ManagedPolicy


def freed(one: Principal, boundaries: Iterable[ManagedPolicy]) -> Principal:
    """A principal without what it may take off itself.

    Args:
        one: The principal.
        boundaries: The policies of the unit that are its boundary.
    """
    return _without_denies(_without_boundary(one, tuple(boundaries)))


def _without_boundary(one: Principal, boundaries: tuple[ManagedPolicy, ...]) -> Principal:
    """A principal without a boundary that it may delete, change for any other, or rewrite."""
    for undoing in _of_boundary(one, boundaries):
        if one.boundary is None:
            break
        answer = _may(one, undoing)
        if answer.truth:
            return one._replace(boundary=None, freed_by=undoing)
        # Who may only put what a condition names is kept in by that.
        if answer.truth is None and not undoing.action.startswith("iam:Put"):
            doubt = Statement.unknown(answer.causes[0])
            document = PolicyDocument((doubt,), one.resource.span)
            one = one._replace(boundary=(*one.boundary, document))
    return one


def _of_boundary(one: Principal, boundaries: tuple[ManagedPolicy, ...]) -> Iterator[Undoing]:
    for verb in ("Delete", "Put"):
        action = f"iam:{verb}{one.kind.capitalize()}PermissionsBoundary"
        yield Undoing(action, one.arn, one.identity)
    if len(boundaries) == 1:
        policy = boundaries[0]
        identity = identity_of(policy)
        yield Undoing("iam:CreatePolicyVersion", symbolic_arn(policy), identity)


def _may(one: Principal, undoing: Undoing) -> Answer:
    arn = in_the_terms(one.documents, undoing.resource)
    request = Request(undoing.action, arn, identity=undoing.identity)
    return allows(one.documents, request, one.boundary)


def _without_denies(one: Principal) -> Principal:
    """A principal without the Denies of policies that it may take off itself.

    One that goes with what the policy allows is undecided: whether that is still needed then is
    not asked.
    """
    left = sum(map(_denies, one.grants))
    found = True
    while left and found:
        found = False
        for place, grant in enumerate(one.grants):
            if not _denies(grant):
                continue
            answer = any_of(
                _may(one, undoing) & _alone(one, grant, undoing)
                for undoing in _of_grant(one, grant)
            )
            if answer.truth is False:
                continue
            kept = () if answer.truth else (_doubtful(grant, answer.causes[0]),)
            one = one._replace(grants=(*one.grants[:place], *kept, *one.grants[place + 1 :]))
            found = True
            break
    return one


def _denies(grant: Grant) -> bool:
    """Whether a policy denies something for sure; not what a default of an input keeps away."""
    return any(
        s.effect.text == "Deny" and s.uncertain is None and s.denies.truth is not False
        for s in grant.document.statements
    )


def _of_grant(one: Principal, grant: Grant) -> Iterator[Undoing]:
    verb = "Delete" if grant.managed is None and grant.declared is None else "Detach"
    if grant.group is None:
        yield Undoing(f"iam:{verb}{one.kind.capitalize()}Policy", one.arn, one.identity)
        return
    arn, identity = (
        symbolic_arn(grant.group),
        identity_of(grant.group),
    )
    yield Undoing(f"iam:{verb}GroupPolicy", arn, identity)
    if not isinstance(one.resource, IamGroup):
        yield Undoing("iam:RemoveUserFromGroup", arn, identity)


def _alone(one: Principal, grant: Grant, undoing: Undoing) -> Answer:
    """Whether nothing that is allowed goes with the policy."""
    gone = [grant]
    if undoing.action == "iam:RemoveUserFromGroup":
        gone = [other for other in one.grants if other.group is grant.group]
    if all(s.effect.text == "Deny" for other in gone for s in other.document.statements):
        return YES
    words = f"what {one.name} may do once it has taken this policy off itself is not known"
    return Answer(None, (Unknown(words, "condition", grant.document.span),))


def _doubtful(grant: Grant, why: Unknown) -> Grant:
    """A policy of which the Denies may not count."""
    items = tuple(
        item.possible(why) if isinstance(item, Statement) and item.effect.text == "Deny" else item
        for item in grant.document.items
    )
    return grant._replace(document=grant.document.of(items))
