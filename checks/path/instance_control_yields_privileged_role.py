"""PATH009: a principal that controls an instance gains the instance's stronger role."""

from collections.abc import Callable, Iterator
from functools import partial

from iac_ec2lint.api import Answer, Check, Evidence, Graph, Remark, Severity, Verdict
from iac_ec2lint.api.attack import (
    Assumption,
    AttackEntry,
    CredentialAccess,
    Escalation,
    Exposable,
    InstanceRole,
    Takeover,
    allowance_of,
    allowed_by,
    assumptions,
    beginnings,
    conditional,
    escalations,
    exposable,
    improves,
    limited_to_less,
    path_verdict,
    place_of_allowance,
    preferred,
    privileged_by,
    takeovers,
    via_words,
)
from iac_ec2lint.api.iam import IamPrincipal, principals, privilege
from iac_ec2lint.api.resources import IamGroup, IamUser, Instance, Role


class InstanceControlYieldsPrivilegedRole(Check):
    """A principal that may control an existing instance thereby gains the instance's stronger role.

    ## Why it matters
    Whoever runs commands on an instance has the credentials of its role. A principal that may do
    that through Systems Manager, by changing user data, by replacing or rewriting the root volume,
    by the serial console, or by changing what an Auto Scaling group starts, therefore has every
    role of the instances that it may do it to. A key sent by EC2 Instance Connect counts where the
    principal reaches port 22: as the internet does, through an Instance Connect Endpoint that it
    may use, from its own hosts, or by opening the host itself. The administrator's password of a
    Windows host counts where the unit makes the private key, and port 3389 is reached likewise.

    Where the principal is itself the role of an instance that the internet reaches, and yields its
    credentials, the whole path is shown and it is critical; there all that PATH008 knows counts
    too, and roles that can be assumed. Otherwise it is high. What is limited by a condition, such
    as a tag, is undecided. A role that gives nothing that the principal does not have passes.

    Who may turn tokens off on a host that the internet reaches opens a way to the role, and does
    not walk it: that is medium (high from an exposed host). Who may only open such a host to the
    internet is told in a note.

    ## Fails
    ```hcl
    resource "aws_iam_role" "admin" {
      assume_role_policy = jsonencode({
        Statement = [{
          Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" }
        }]
      })
      managed_policy_arns = ["arn:aws:iam::aws:policy/AdministratorAccess"]
    }
    resource "aws_iam_instance_profile" "admin" {
      role = aws_iam_role.admin.name
    }
    resource "aws_instance" "build" {
      ami                  = "ami-0123456789abcdef0"
      instance_type        = "t3.micro"
      iam_instance_profile = aws_iam_instance_profile.admin.name
    }
    resource "aws_iam_user" "support" {
      name = "support"
    }
    resource "aws_iam_user_policy" "support" {
      user = aws_iam_user.support.name
      policy = jsonencode({
        Statement = [{ Effect = "Allow", Action = "ssm:SendCommand", Resource = "*" }]
      })
    }
    ```

    ## Passes
    ```hcl
    resource "aws_iam_role" "managed" {
      assume_role_policy = jsonencode({
        Statement = [{
          Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" }
        }]
      })
      managed_policy_arns = ["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"]
    }
    resource "aws_iam_instance_profile" "managed" {
      role = aws_iam_role.managed.name
    }
    resource "aws_instance" "build" {
      ami                  = "ami-0123456789abcdef0"
      instance_type        = "t3.micro"
      iam_instance_profile = aws_iam_instance_profile.managed.name
    }
    resource "aws_iam_user" "support" {
      name = "support"
    }
    resource "aws_iam_user_policy" "support" {
      user = aws_iam_user.support.name
      policy = jsonencode({
        Statement = [{ Effect = "Allow", Action = "ssm:SendCommand", Resource = "*" }]
      })
    }
    ```

    ## How to mend it
    Limit the actions that control instances by ARN or by a tag (`ssm:resourceTag/...`), and take
    from the instances' roles what they do not need.

    ## References
    - [Identity-based policies for Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-policies-for-amazon-ec2.html)
    - [Restrict access to Run Command by instance tags](https://docs.aws.amazon.com/systems-manager/latest/userguide/run-command-setting-up.html)
    - [Security groups for EC2 Instance Connect Endpoint](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/eice-security-groups.html)
    """

    code = "PATH009"
    name = "instance-control-yields-privileged-role"
    severity = Severity.CRITICAL
    supersedes = ("IAM012",)
    since = "0.1.0"
    types = (IamGroup, IamUser, Instance, Role)

    def examine(self, graph: Graph) -> Iterator[Verdict | Remark]:
        """A verdict for each principal and each stronger role that it gains."""
        exposed: dict[tuple[str, ...], Verdict] = {}
        gains: dict[str, tuple[_Gain, ...]] = {}
        for entry, held, means in beginnings(graph):
            reached = held.answer & means.answer
            if reached.truth is False:
                continue
            role = held.role.resource.address
            if role not in gains:
                gains[role] = tuple(_gains(graph, held.role))
            for goal, answer, severity, told in gains[role]:
                key = (role, goal)
                if improves(exposed.get(key), entry, reached & answer, severity):
                    preferred(exposed, key, told(graph, entry, held, means))
        yield from exposed.values()
        decided = {key for key, verdict in exposed.items() if not verdict.undecided}
        for principal in sorted(principals(graph), key=_groups_first):
            givers = (principal.resource, *principal.groups)
            for takeover in takeovers(graph, principal):
                goal = takeover.held.role.resource.address
                if any((giver.address, goal) in decided for giver in givers):
                    continue
                inside = _from_inside(takeover)
                if inside is not None:
                    yield inside
                    if not inside.undecided:
                        decided.add((principal.resource.address, goal))
            risk = exposable(graph, principal)
            if risk is not None:
                goal = risk.held.role.resource.address
                if not any((giver.address, goal) in decided for giver in givers):
                    yield from _remark(graph, principal, risk)


def _groups_first(principal: IamPrincipal) -> bool:
    """What a group can do is not said again of each of its members."""
    return not isinstance(principal.resource, IamGroup)


def _from_inside(takeover: Takeover) -> Verdict | None:
    """The verdict on a principal that is no exposed host's."""
    principal, step, held = takeover.principal, takeover.step, takeover.held
    first = allowance_of(principal, step.asked[0])
    if first is None:
        return None
    undecided = takeover.answer.truth is None
    verb = "may be able to" if undecided else "can"
    role, risk = held.role.resource, step.kind.risk
    so = "where one forged request obtains" if risk else "and so obtain"
    return Verdict(
        subject=principal.resource,
        resource=first.grant.resource,
        at=place_of_allowance(first),
        message=(
            f"{principal.name} {verb} {step.kind.words} {held.host.address}, {so} the "
            f"credentials of role {role.address} ({takeover.gain.words})"
        ),
        undecided=undecided,
        causes=takeover.answer.causes,
        severity=Severity.MEDIUM if risk else Severity.HIGH,
        confidence=None if undecided else conditional(role, held.host),
        assumed=bool(takeover.answer.assumptions),
        evidence=(
            *allowed_by(principal, step.asked),
            *takeover.hops,
            *held.hops,
            privileged_by(takeover.gain),
            Evidence(
                first.statement.span,
                f"to break it: limit {step.actions[0]} by ARN or tag",
                first.grant.resource.address,
            ),
            Evidence(role.span, "or: take from the role what it does not need", role.address),
        ),
        value=f"{role.address} {step.kind.name}",
        in_full=True,
    )


def _remark(graph: Graph, principal: IamPrincipal, risk: Exposable) -> Iterator[Remark]:
    """What is said of a principal that may open a host, and do no more to it."""
    found = allowance_of(principal, risk.access.asked[0])
    if found is not None:
        role = risk.held.role
        actions = " and ".join(dict.fromkeys(asked.action for asked in risk.access.asked))
        words = (
            f"{principal.name} can open tcp {risk.port} of {risk.held.host.address}, which has "
            f"{role.name} ({privilege(graph, role).words}), to the internet: it has {actions}"
        )
        place = place_of_allowance(found)
        yield Remark("stronger-host-can-be-opened", found.grant.resource, place, words)


_Gain = tuple[
    str, Answer, Severity, Callable[[Graph, AttackEntry, InstanceRole, CredentialAccess], Verdict]
]
"""Whom a role gains, whether, how bad that is, and what says it of an exposed host."""


def _gains(graph: Graph, role: IamPrincipal) -> Iterator[_Gain]:
    for takeover in takeovers(graph, role):
        severity = Severity.HIGH if takeover.step.kind.risk else Severity.CRITICAL
        goal = takeover.held.role.resource.address
        yield goal, takeover.answer, severity, partial(_by_control, takeover, severity)
    for one in escalations(graph, role):
        goal = one.target.resource.address
        yield goal, one.answer, Severity.CRITICAL, partial(_by_escalation, one)
    for assumed in assumptions(graph, role):
        goal = assumed.target.resource.address
        yield goal, assumed.answer, Severity.CRITICAL, partial(_by_assuming, assumed)


def _by_control(
    takeover: Takeover,
    severity: Severity,
    graph: Graph,
    entry: AttackEntry,
    held: InstanceRole,
    means: CredentialAccess,
) -> Verdict:
    step, role = takeover.step, takeover.held.role
    words = f"{step.kind.words} {takeover.held.host.address}"
    return path_verdict(
        graph,
        entry,
        _message(entry, held, means, role.name, takeover.gain.words, words),
        held.answer & means.answer & takeover.answer,
        severity=severity,
        hops=(
            means.hop,
            *held.hops,
            *allowed_by(held.role, step.asked),
            *takeover.hops,
            *takeover.held.hops,
            privileged_by(takeover.gain),
        ),
        edits=(means.edit, *limited_to_less(held.role, step.asked[0])),
        target=f"{held.role.resource.address} {role.resource.address} {step.kind.name}",
        also=(held.role.resource, role.resource),
    )


def _by_escalation(
    escalation: Escalation,
    graph: Graph,
    entry: AttackEntry,
    held: InstanceRole,
    means: CredentialAccess,
) -> Verdict:
    target, step = escalation.target, escalation.step
    return path_verdict(
        graph,
        entry,
        _message(entry, held, means, target.name, escalation.gain.words, escalation.words),
        held.answer & means.answer & escalation.answer,
        severity=Severity.CRITICAL,
        hops=(
            means.hop,
            *held.hops,
            *allowed_by(held.role, step.asked[:1]),
            *escalation.hops,
        ),
        edits=(means.edit, *escalation.edits),
        target=f"{held.role.resource.address} {target.resource.address} {step.kind.name}",
        also=(held.role.resource, target.resource),
    )


def _by_assuming(
    assumed: Assumption,
    graph: Graph,
    entry: AttackEntry,
    held: InstanceRole,
    means: CredentialAccess,
) -> Verdict:
    own, role = held.role.resource, assumed.target.resource
    place = role.place("trust_policy")
    return path_verdict(
        graph,
        entry,
        _message(entry, held, means, assumed.target.name, assumed.gain.words, "assume it"),
        held.answer & means.answer & assumed.answer,
        severity=Severity.CRITICAL,
        hops=(
            means.hop,
            *held.hops,
            *allowed_by(held.role, (assumed.asked,)),
            Evidence(place.span, f"{role.address} trusts {own.address}", role.address),
            privileged_by(assumed.gain),
        ),
        edits=(means.edit, *limited_to_less(held.role, assumed.asked)),
        target=f"{own.address} {role.address} assume",
        also=(own, role),
    )


def _message(
    entry: AttackEntry,
    held: InstanceRole,
    means: CredentialAccess,
    target: str,
    gained: str,
    words: str,
) -> str:
    return (
        f"anyone on the internet can obtain the credentials of {target} ({gained}): "
        f"{entry.resource.address} is reachable{via_words(entry)} and yields role "
        f"{held.role.resource.address} {means.words}, which is allowed to {words}"
    )
