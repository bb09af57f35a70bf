"""The ways from a principal to another role: a table, each row with what it needs.

Source: semantics.md, D6; Amazon EC2 User Guide, "IAM roles for Amazon EC2" (PassRole).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.iam import probes
from iac_ec2lint.iam.access import unique
from iac_ec2lint.iam.grants import may, may_somewhere, trusts, trusts_service
from iac_ec2lint.resources.iam_role import InstanceProfile, Role
from iac_ec2lint.values import NO, YES, Answer, Reference, Unknown, all_of, any_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.iam.principals import Principal
    from iac_ec2lint.resources.part import Resource

_EC2: Final = ("ec2.amazonaws.com", "ec2.amazonaws.com.cn")
_MAKES_PROFILES: Final = ("iam:CreateInstanceProfile", "iam:AddRoleToInstanceProfile")
_CONTROLS_INSTANCES: Final = (
    ("ssm:SendCommand",),
    ("ssm:StartSession",),
    ("ec2-instance-connect:SendSSHPublicKey",),
)
MANAGED_BY: Final = ("ssmmessages:CreateControlChannel", "ssm:UpdateInstanceInformation")
"""What a role needs for Systems Manager to manage its instances: one of these."""


class EdgeKind(NamedTuple):
    """A row of the table.

    Attributes:
        name: Its name in the table.
        actions: What the principal needs: all actions of one of the sets.
        words: What these do: completes "<principal> can ...".
        services: The names of the service that must be trusted by the role that is passed to it;
            empty where no role is passed.
        profile: Whether the role needs an instance profile.
        managed: Whether the instance must be managed by Systems Manager.
        needs_instance: Whether the principal must control an instance already, or start one.
        network: Whether the principal must also reach the instance's port 22.
    """

    name: str
    actions: tuple[tuple[str, ...], ...]
    words: str
    services: tuple[str, ...] = ()
    profile: bool = False
    managed: bool = False
    needs_instance: bool = False
    network: bool = False


LAUNCHES: Final = (
    EdgeKind("run-instance", (("ec2:RunInstances",),), "start an instance", _EC2, profile=True),
    EdgeKind(
        "spot",
        (("ec2:RequestSpotInstances",), ("ec2:RequestSpotFleet",), ("ec2:CreateFleet",)),
        "start a fleet",
        _EC2,
        profile=True,
    ),
    EdgeKind(
        "swap-profile",
        (
            ("ec2:AssociateIamInstanceProfile",),
            ("ec2:ReplaceIamInstanceProfileAssociation",),
        ),
        "give an instance another profile",
        _EC2,
        profile=True,
        needs_instance=True,
    ),
    EdgeKind(
        "template-version",
        (("ec2:CreateLaunchTemplateVersion", "ec2:ModifyLaunchTemplate"),),
        "change what a launch template starts",
        _EC2,
        profile=True,
    ),
    EdgeKind(
        "asg",
        (("autoscaling:CreateAutoScalingGroup", "autoscaling:CreateLaunchConfiguration"),),
        "start an Auto Scaling group",
        _EC2,
        profile=True,
    ),
)
"""The edges that start or change an instance with a role that is passed to it."""

CONTROLS: Final = (
    EdgeKind(
        "ssm-command",
        (("ssm:SendCommand",), ("ssm:CreateAssociation",), ("ssm:StartAutomationExecution",)),
        "run commands on",
        managed=True,
    ),
    EdgeKind("ssm-session", (("ssm:StartSession",),), "open a session on", managed=True),
    EdgeKind(
        "user-data",
        (("ec2:ModifyInstanceAttribute", "ec2:StopInstances", "ec2:StartInstances"),),
        "change the user data of",
    ),
    EdgeKind(
        "root-volume",
        (("ec2:CreateReplaceRootVolumeTask",),),
        "replace the root volume of",
    ),
    EdgeKind(
        "serial",
        (
            (
                "ec2-instance-connect:SendSerialConsoleSSHPublicKey",
                "ec2:EnableSerialConsoleAccess",
            ),
        ),
        "log in to the serial console of",
    ),
    EdgeKind(
        "eic-key",
        (("ec2-instance-connect:SendSSHPublicKey",),),
        "log in by SSH to",
        network=True,
    ),
)
"""The edges that take control of an instance that is there."""

EXFILTRATION: Final = (
    EdgeKind(
        "snapshot-exfil",
        (
            ("ec2:CreateSnapshot", "ec2:ModifySnapshotAttribute"),
            ("ec2:CreateSnapshots", "ec2:ModifySnapshotAttribute"),
            ("ebs:ListSnapshotBlocks", "ebs:GetSnapshotBlock"),
        ),
        "copy disks out of the account",
    ),
    EdgeKind(
        "image-exfil",
        (("ec2:CreateImage", "ec2:ModifyImageAttribute"),),
        "copy images out of the account",
    ),
)
"""The edges that take data out."""


class Step(NamedTuple):
    """An edge that holds, or may.

    Attributes:
        kind: Its row.
        actions: The set of actions that holds.
        answer: Whether all that it needs is there.
    """

    kind: EdgeKind
    actions: tuple[str, ...]
    answer: Answer


def launch_edges(graph: Graph, principal: Principal, target: Principal) -> Iterator[Step]:
    """The ways in which a principal starts or changes an instance with a role of its choice."""
    role = target.resource
    if not isinstance(role, Role) or not may_somewhere(principal, "iam:PassRole"):
        return
    for kind in LAUNCHES:
        context = {"iam:passedtoservice": kind.services[:1]}
        passes = may(principal, "iam:PassRole", target.arn, target.identity, context)
        passes = passes & trusts_service(role, *kind.services)
        if passes.truth is False:
            continue
        if kind.profile:
            passes = passes & _has_profile(graph, principal, role)
        if kind.needs_instance:
            passes = passes & _has_instance(principal)
        for actions in kind.actions:
            answer = passes & _all_allowed(principal, actions)
            if answer.truth is not False:
                yield Step(kind, actions, _tidy(answer))


def control_edges(
    principal: Principal, host: Resource, target: Principal, reachable: Answer
) -> Iterator[Step]:
    """The ways in which a principal takes control of an instance that has a role.

    Args:
        principal: Who.
        host: The instance, or what starts it.
        target: The instance's role.
        reachable: Whether the principal reaches the instance's port 22.
    """
    identity = Reference(host.address, "arn", host.span)
    for kind in CONTROLS:
        for actions in kind.actions:
            if not all(may_somewhere(principal, action) for action in actions):
                continue
            arn = instance_arn(host)
            answer = all_of(may(principal, action, arn, identity) for action in actions)
            if kind.managed and answer.truth is not False:
                answer = answer & is_managed(target)
            if kind.network:
                answer = answer & reachable
            if answer.truth is not False:
                yield Step(kind, actions, _tidy(answer))


def resources_named(principal: Principal) -> frozenset[str]:
    """The addresses of the resources that the policies of a principal refer to."""
    return frozenset(
        reference.target
        for document in principal.documents
        for statement in document.statements
        for entry in statement.resources or ()
        if isinstance(entry, Unknown)
        for reference in entry.references
    )


def exfiltration_edges(principal: Principal) -> Iterator[Step]:
    """The ways in which a principal takes disks and images of whatever name out of the account."""
    for kind in EXFILTRATION:
        for actions in kind.actions:
            if not all(may_somewhere(principal, action) for action in actions):
                continue
            answer = all_of(may(principal, action) for action in actions)
            if answer.truth is not False:
                yield Step(kind, actions, _tidy(answer))


def assumes(principal: Principal, target: Principal) -> Answer:
    """Whether a principal may assume a role: it is allowed to, and the role trusts it."""
    role = target.resource
    if not isinstance(role, Role):
        return NO
    trusted = trusts(role, principal)
    if trusted.truth is False:
        return NO
    return _tidy(trusted & may(principal, "sts:AssumeRole", target.arn, target.identity))


def is_managed(role: Principal) -> Answer:
    """Whether Systems Manager manages the instances of a role."""
    return any_of(may(role, action) for action in MANAGED_BY)


def has_ec2_role(graph: Graph, role: Role) -> Answer:
    """Whether a role has an instance profile in the unit."""
    answer = NO
    for edge in graph.sources(role, "roles"):
        if isinstance(edge.source, InstanceProfile):
            if edge.certain:
                return YES
            cause = edge.value if isinstance(edge.value, Unknown) else None
            answer = answer | Answer(None, () if cause is None else (cause,))
    return answer


def _has_profile(graph: Graph, principal: Principal, role: Role) -> Answer:
    answer = has_ec2_role(graph, role)
    if answer.truth or not may_somewhere(principal, _MAKES_PROFILES[0]):
        return answer
    return answer | _all_allowed(principal, _MAKES_PROFILES)


def _has_instance(principal: Principal) -> Answer:
    """Whether a principal controls some instance, or can start one."""
    return any_of(
        _all_allowed(principal, actions)
        for actions in (("ec2:RunInstances",), *_CONTROLS_INSTANCES)
    )


def _all_allowed(principal: Principal, actions: tuple[str, ...]) -> Answer:
    """Whether all actions are allowed on some resource of the unit's account."""
    if not all(may_somewhere(principal, action) for action in actions):
        return NO
    return all_of(may(principal, action, _somewhere(action, principal)) for action in actions)


def _somewhere(action: str, principal: Principal) -> Unknown:
    """The ARN of a resource in the unit's account, in a Region that is not known."""
    prefix, service, _, _, resource = _segments(probes.probe_of(action).template)
    region = Unknown("the Region is not known", "computed", principal.resource.span)
    kind, slash, _ = resource.partition("/")
    name = Unknown("the resource is not known", "computed", principal.resource.span)
    start = f"{prefix}:{service}:"
    parts: tuple[str | Unknown, ...] = (
        start,
        region,
        ":",
        principal.account,
        f":{kind}{slash}",
        name,
    )
    return Unknown(region.reason, "computed", region.span, parts=parts)


def _segments(template: str) -> tuple[str, str, str, str, str]:
    segments = template.split(":", 5)
    if len(segments) < 6:
        return "arn:aws", "any", "", "", "anything/anything"
    return f"{segments[0]}:{segments[1]}", segments[2], segments[3], segments[4], segments[5]


def instance_arn(host: Resource) -> Unknown:
    """``arn:aws:ec2:<region>:<account>:instance/<id>`` of an instance of the unit."""
    region = Unknown("the Region is not known", "computed", host.span)
    account = Unknown(
        "the account that the unit is deployed to is not known", "external-id", host.span
    )
    name = Unknown("the instance's id is known after it is created", "computed", host.span)
    parts: tuple[str | Unknown, ...] = ("arn:aws:ec2:", region, ":", account, ":instance/", name)
    return Unknown(name.reason, "computed", host.span, parts=parts)


def _tidy(answer: Answer) -> Answer:
    return Answer(answer.truth, unique(answer.causes), tuple(dict.fromkeys(answer.assumptions)))
