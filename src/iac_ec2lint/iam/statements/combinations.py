"""What the policies of one principal let it gain by EC2 together, whoever's resources these are.

Sources: semantics.md, D6; Amazon EC2 User Guide, "IAM roles for Amazon EC2" and
"Share an Amazon EBS snapshot"; Systems Manager User Guide, "Control access to Session Manager".
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.iam.access import first_sure, is_admin
from iac_ec2lint.iam.arns import identity_of, own_account
from iac_ec2lint.iam.escalation.instances.documents import (
    STARTS_SESSIONS,
    asks_for_documents,
    opens_shells,
    runs_commands,
)
from iac_ec2lint.iam.escalation.rows.instances import ABOUT
from iac_ec2lint.iam.grants import Allowance, allowances, is_allowed, may_somewhere
from iac_ec2lint.iam.principal import Grant, Principal
from iac_ec2lint.iam.principals import principals
from iac_ec2lint.iam.privilege import as_known, known_privilege
from iac_ec2lint.iam.statements.breadth import passing_of_any_role
from iac_ec2lint.iam.statements.limits import without_limits
from iac_ec2lint.iam.statements.written import is_attached, written_policies
from iac_ec2lint.iam.trust.role_trust import serves_alone
from iac_ec2lint.resources.iam_principal import PrincipalPolicy
from iac_ec2lint.resources.iam_role import InstanceProfile, ManagedPolicy, Role, RolePolicy
from iac_ec2lint.resources.permission_set import PermissionSetPolicy
from iac_ec2lint.values import NO, Answer, all_of, any_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.iam.principal import Grantee

_Policy = ManagedPolicy | RolePolicy | PrincipalPolicy | PermissionSetPolicy
_PASSES: Final = "iam:PassRole"
_ANY_ROLE: Final = "give any role to an instance"

_SETS: Final[tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]] = (
    (
        _ANY_ROLE,
        tuple(
            (_PASSES, launch)
            for launch in (
                "ec2:RunInstances",
                "ec2:AssociateIamInstanceProfile",
                "ec2:ReplaceIamInstanceProfileAssociation",
                "ec2:RequestSpotInstances",
                "ec2:CreateFleet",
                "autoscaling:CreateAutoScalingGroup",
                "ec2:CreateLaunchTemplateVersion",
            )
        ),
    ),
    (
        "change what any instance runs at boot",
        (("ec2:ModifyInstanceAttribute", "ec2:StopInstances", "ec2:StartInstances"),),
    ),
    ("run commands on any instance", (("ssm:SendCommand",), ("ssm:StartSession",))),
    ("log in to any instance", (("ec2-instance-connect:SendSSHPublicKey",),)),
    ("assume any role", (("sts:AssumeRole",),)),
    ("share any snapshot", (("ec2:ModifySnapshotAttribute",),)),
    ("share any image", (("ec2:ModifyImageAttribute",),)),
    ("read the password of any Windows instance", (("ec2:GetPasswordData",),)),
    ("turn on the serial console", (("ec2:EnableSerialConsoleAccess",),)),
)
"""What is gained, and the actions that it takes: all of one of the sets."""
_POLICIES: Final = (ManagedPolicy, RolePolicy, PrincipalPolicy, PermissionSetPolicy)
"""A permission set's own policy is had by whoever signs in with it, in whatever account."""
_LESSER: Final = frozenset({_SETS[-1][0], _SETS[-2][0]})
"""What takes a key or a password besides."""


class Gain(NamedTuple):
    """What a principal gains.

    Attributes:
        words: What it can do then.
        answer: Whether it can.
        allowances: The statements that let it, one for each action.
    """

    words: str
    answer: Answer
    allowances: tuple[Allowance, ...]


class Gains(NamedTuple):
    """What a principal, or whoever has a policy, gains.

    Attributes:
        name: Who, in words.
        resource: The principal, or the policy.
        gains: What it gains, the sure ones alone where there are any.
        attached: Whether anybody has it.
    """

    name: str
    resource: Grantee | _Policy
    gains: tuple[Gain, ...]
    attached: bool

    @property
    def is_lesser(self) -> bool:
        """Whether each takes something besides."""
        return all(gain.words in _LESSER for gain in self.gains)


def ec2_gains(graph: Graph) -> Iterator[Gains]:
    """What the principals of the unit gain by EC2, and what policies give that none of these has.

    Such a policy is attached to nobody, or to a principal that is declared elsewhere.
    Administrators are left out, and what a user has of a group alone, which is the group's. So is
    what AWS's policies give to a role that services alone can assume: that is their job.
    """
    for principal in principals(graph):
        if known_privilege(graph, principal).administration.truth:
            continue
        gains = tuple(
            gain
            for gain in _of_its_own(graph, principal)
            if not all(one.grant.group is not None for one in gain.allowances)
        )
        if gains:
            yield Gains(principal.name, principal.resource, gains, attached=True)
    held = _held(graph)
    for grant in written_policies(graph):
        policy = grant.resource
        if not isinstance(policy, _POLICIES) or policy.address in held:
            continue
        if is_admin((grant.document,)).truth:
            continue
        gains = _gains(graph, _holder(grant, policy))
        if gains:
            attached = not isinstance(policy, ManagedPolicy) or is_attached(graph, policy)
            yield Gains(f"whoever has {policy.address}", policy, gains, attached)


def _of_its_own(graph: Graph, principal: Principal) -> Iterator[Gain]:
    """What a principal gains, but for what AWS's policies give to a role for services alone."""
    role = principal.resource
    serves = serves_alone(role) if isinstance(role, Role) else NO
    if serves.truth is False or role.address in _profiled(graph):
        yield from _gains(graph, principal)
        return
    kept = tuple(grant for grant in principal.grants if grant.managed is None)
    own = tuple(_gains(graph, principal._replace(grants=kept, answers=defaultdict(dict))))
    yield from own
    # What it surely gains is told without what it may.
    if serves.truth is None and not any(gain.answer.truth for gain in own):
        known = {gain.words for gain in own}
        for gain in _gains(graph, principal):
            if gain.words not in known:
                yield gain._replace(answer=gain.answer & ~serves)


@remembered
def _held(graph: Graph) -> frozenset[str]:
    """The addresses of the policies that a role, user or group of the unit has."""
    return frozenset(
        address
        for principal in principals(graph)
        for grant in principal.grants
        for address in (grant.resource.address, grant.declared and grant.declared.address)
        if address
    )


@remembered
def _profiled(graph: Graph) -> frozenset[str]:
    """The addresses of the roles that are in instance profiles."""
    return frozenset(
        edge.target.address
        for profile in graph.all(InstanceProfile)
        for edge in graph.targets(profile, "roles")
        if edge.target is not None
    )


def _holder(grant: Grant, policy: _Policy) -> Principal:
    """Whoever has one policy and no other."""
    account, identity = own_account(policy.span), identity_of(policy)
    return Principal(cast("Grantee", policy), (grant,), None, account, identity, defaultdict(dict))


def _gains(graph: Graph, principal: Principal) -> tuple[Gain, ...]:
    found = {gain.words: gain for gain in _unlimited(graph, principal)}
    known, steps = as_known(principal)
    for gain in _unlimited(graph, known) if steps else ():
        if gain.answer.truth:
            found[gain.words] = gain._replace(answer=gain.answer & Answer(True, (), steps))
    sure = tuple(gain for gain in found.values() if gain.answer.truth)
    return sure or tuple(found.values())


def _unlimited(graph: Graph, principal: Principal) -> Iterator[Gain]:
    grants = tuple(g._replace(document=without_limits(g.document)) for g in principal.grants)
    free = principal._replace(grants=grants, answers=defaultdict(dict))
    for words, sets in _SETS:
        gains = (_gain(graph, principal, free, words, actions) for actions in sets)
        best = first_sure(filter(None, gains), lambda gain: gain.answer)
        if best is not None:
            yield best


def _gain(
    graph: Graph, principal: Principal, free: Principal, words: str, actions: tuple[str, ...]
) -> Gain | None:
    if not all(action == _PASSES or may_somewhere(free, action) for action in actions):
        return None
    answers: list[Answer] = []
    used: list[Allowance] = []
    for action in actions:
        answer = is_allowed(free, action) if may_somewhere(free, action) else NO
        if answer.truth is False and action != _PASSES:
            return None
        statement = next(allowances(free, action), None)
        if action == _PASSES and not answer.truth and principal.boundary is None:
            passing = _passing(principal)
            answer = answer | any_of(one.answer for one in passing)
            statement = next((one for one in passing if one.answer.truth), statement)
            statement = statement or (passing[0] if passing else None)
        if "shell" in ABOUT.get(action, ()) and answer.truth is not False:
            answer = answer & runs_commands(graph, free, action, principal.resource.span)
        if action == STARTS_SESSIONS and asks_for_documents(principal):
            answer = answer & opens_shells(graph, free, principal.resource.span)
        if answer.truth is False or statement is None:
            return None
        answers.append(answer)
        used.append(statement)
    return Gain(words, all_of(answers), tuple(used))


@remembered
def _passing(principal: Principal) -> tuple[Allowance, ...]:
    """The statements that pass any role of the account to EC2."""
    documents = tuple(grant.document for grant in principal.grants)
    return tuple(
        Allowance(grant, found.statement, found.answer)
        for grant in principal.grants
        for found in passing_of_any_role(grant.document, documents)
    )
