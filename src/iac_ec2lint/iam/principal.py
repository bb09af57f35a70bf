"""A declared role, user or group, and the policies that apply to it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.iam.policy.document import PolicyDocument
from iac_ec2lint.iam.policy.managed import KnownManagedPolicy as AwsPolicy
from iac_ec2lint.resources.iam_principal import (
    IamGroup,
    IamUser,
)
from iac_ec2lint.resources.iam_role import ManagedPolicy, Role
from iac_ec2lint.values import NO, YES, Answer, Reference, Val

if TYPE_CHECKING:
    from iac_ec2lint.graph.memo import Answers
    from iac_ec2lint.iam.policy.operators import Keys
    from iac_ec2lint.resources.iam_role import ManagedPolicy
    from iac_ec2lint.resources.part import Place, Resource


Grantee = Role | IamUser | IamGroup
"""A declared principal, or a group of them."""

KINDS: Final[dict[type[Resource], str]] = {
    Role: "role",
    IamUser: "user",
    IamGroup: "group",
    ManagedPolicy: "policy",
}
"""What ARNs call them."""


class Grant(NamedTuple):
    """One policy of a principal.

    Attributes:
        document: What it says; where it may not apply its statements are uncertain.
        resource: The resource that holds or attaches it.
        place: Where that says so.
        managed: The AWS managed policy that it is, if it is one.
        group: The group that the user has it from, if it has.
        certain: Whether it surely applies.
        declared: The managed policy that it is, where the unit declares it.
    """

    document: PolicyDocument
    resource: Resource
    place: Place
    managed: AwsPolicy | None = None
    group: IamGroup | None = None
    certain: bool = True
    declared: ManagedPolicy | None = None

    @property
    def answer(self) -> Answer:
        """Whether it applies."""
        if self.certain:
            return YES
        causes = (statement.uncertain for statement in self.document.statements)
        return Answer(None, tuple(cause for cause in causes if cause is not None)[:1])

    @property
    def floats(self) -> bool:
        """Whether nobody knows whom it is attached to."""
        statements = self.document.statements
        return any(
            s.uncertain is not None and s.uncertain.cause == "may-attach" for s in statements
        )


class Undoing(NamedTuple):
    """What takes a limit off.

    Attributes:
        action: The action.
        resource: The ARN that it is about.
        identity: The reference to that.
    """

    action: str
    resource: Val
    identity: Reference


class Principal(NamedTuple):
    """A declared role, user or group with all that applies to it.

    Attributes:
        resource: The role, user or group.
        grants: Its policies: inline, attached, and a user's groups' too.
        boundary: Its permissions boundary; ``None`` where it has none.
        arn: Its ARN, of which partition and account may be unknown.
        identity: The reference to it.
        answers: Answers to questions about it; see ``remembered``.
        groups: The groups that a user is in for sure.
        calls: The condition keys that are known of each of its calls.
        labels: The condition keys that are known of each request that is about it.
        freed_by: What surely takes off the boundary that it is made with, by itself.
    """

    resource: Grantee
    grants: tuple[Grant, ...]
    boundary: tuple[PolicyDocument, ...] | None
    arn: Val
    identity: Reference
    answers: Answers
    groups: tuple[IamGroup, ...] = ()
    freed_by: Undoing | None = None
    calls: Keys = MappingProxyType({})
    labels: Keys = MappingProxyType({})

    def __hash__(self) -> int:
        return hash(self.resource)

    @property
    def documents(self) -> tuple[PolicyDocument, ...]:
        """What its policies say."""
        return tuple(grant.document for grant in self.grants)

    @property
    def every_document(self) -> tuple[PolicyDocument, ...]:
        """What its policies say, and its permissions boundary."""
        return (*self.documents, *(self.boundary or ()))

    @property
    def kind(self) -> str:
        """``role``, ``user`` or ``group``."""
        return KINDS[type(self.resource)]

    @property
    def name(self) -> str:
        """What messages call it."""
        return f"{self.kind} {self.resource.address}"


def declared_policies(principal: Principal) -> dict[ManagedPolicy, Answer]:
    """The managed policies of the unit that apply to a principal, or may."""
    found: dict[ManagedPolicy, Answer] = {}
    for grant in principal.grants:
        if grant.declared is not None:
            found[grant.declared] = found.get(grant.declared, NO) | grant.answer
    return found
