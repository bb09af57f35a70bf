"""PATH009: a principal that controls an instance gains the instance's stronger role."""

from collections.abc import Iterator

from iac_ec2lint.api import (
    Check,
    Entry,
    Evidence,
    Graph,
    Holding,
    IamGroup,
    IamPrincipal,
    Metadata,
    Role,
    Severity,
    Takeover,
    Verdict,
    allowance,
    allowed,
    assumes,
    beginnings,
    conditional,
    path_verdict,
    place_of_allowance,
    preferred,
    principals,
    privilege,
    privileged_by,
    takeovers,
    through,
)


class InstanceControlYieldsPrivilegedRole(Check):
    """A principal that may control an existing instance thereby gains the instance's stronger role.

    ## Why it matters
    Whoever runs commands on an instance has the credentials of its role. A principal that may do
    that through Systems Manager, by changing user data, or by replacing the root volume, therefore
    has every role of the instances that it may do it to.

    Where the principal is itself the role of an instance that the internet reaches, and yields its
    credentials, the whole path is shown and it is critical; there the role may also be one that is
    assumed. Otherwise it is high. What is limited by a condition, such as a tag, is undecided. A
    role that gives nothing that the principal does not have passes.

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
    """

    code = "PATH009"
    name = "instance-control-yields-privileged-role"
    severity = Severity.CRITICAL
    supersedes = ("IAM012",)
    since = "0.1.0"

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each principal and each stronger role that it gains."""
        exposed: dict[tuple[str, ...], Verdict] = {}
        for entry, held, means in beginnings(graph):
            if (held.answer & means.answer).truth is not False:
                for goal, verdict in _from_outside(graph, entry, held, means):
                    preferred(exposed, (held.role.resource.address, goal), verdict)
        yield from exposed.values()
        decided = {key for key, verdict in exposed.items() if not verdict.undecided}
        for principal in sorted(principals(graph), key=_groups_first):
            for takeover in takeovers(graph, principal):
                goal = takeover.held.role.resource.address
                givers = (principal.resource, *principal.groups)
                if any((giver.address, goal) in decided for giver in givers):
                    continue
                inside = _from_inside(takeover)
                if inside is not None:
                    yield inside
                    if not inside.undecided:
                        decided.add((principal.resource.address, goal))


def _groups_first(principal: IamPrincipal) -> bool:
    """What a group can do is not said again of each of its members."""
    return not isinstance(principal.resource, IamGroup)


def _from_inside(takeover: Takeover) -> Verdict | None:
    """The verdict on a principal that is no exposed host's."""
    principal, step, held = takeover.principal, takeover.step, takeover.held
    first = allowance(principal, step.actions[0])
    if first is None:
        return None
    undecided = takeover.answer.truth is None
    verb = "may be able to" if undecided else "can"
    role = held.role.resource
    return Verdict(
        subject=principal.resource,
        resource=first.grant.resource,
        at=place_of_allowance(first),
        message=(
            f"{principal.name} {verb} {step.kind.words} {held.host.address}, and so obtain the "
            f"credentials of role {role.address} ({takeover.gain.words})"
        ),
        undecided=undecided,
        causes=takeover.answer.causes,
        severity=Severity.HIGH,
        confidence=None if undecided else conditional(role, held.host),
        assumed=bool(takeover.answer.assumptions),
        evidence=(
            *allowed(principal, step.actions),
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


def _from_outside(
    graph: Graph, entry: Entry, held: Holding, means: Metadata
) -> Iterator[tuple[str, Verdict]]:
    """The verdicts on the roles that the role of a host within the internet's reach gains."""
    for takeover in takeovers(graph, held.role):
        step = takeover.step
        words = f"{step.kind.words} {takeover.held.host.address}"
        role = takeover.held.role.resource
        hops = (*allowed(held.role, step.actions), *takeover.held.hops)
        yield (
            role.address,
            path_verdict(
                graph,
                entry,
                _message(entry, held, means, role.address, takeover.gain.words, words),
                held.answer & means.answer & takeover.answer,
                severity=Severity.CRITICAL,
                hops=(means.hop, *held.hops, *hops, privileged_by(takeover.gain)),
                edits=(means.edit, *_limits(held.role, step.actions[0])),
                target=f"{held.role.resource.address} {role.address} {step.kind.name}",
                also=(held.role.resource, role),
            ),
        )
    yield from _by_assuming(graph, entry, held, means)


def _by_assuming(
    graph: Graph, entry: Entry, held: Holding, means: Metadata
) -> Iterator[tuple[str, Verdict]]:
    own = privilege(graph, held.role)
    for target in principals(graph):
        if not isinstance(target.resource, Role) or target.resource is held.role.resource:
            continue
        assumed = assumes(held.role, target)
        if assumed.truth is False:
            continue
        gain = privilege(graph, target)
        answer = assumed & gain.beyond(own)
        if answer.truth is False:
            continue
        role = target.resource
        trust = role.place("trust_policy")
        trusts = Evidence(
            trust.span, f"{role.address} trusts {held.role.resource.address}", role.address
        )
        yield (
            role.address,
            path_verdict(
                graph,
                entry,
                _message(entry, held, means, role.address, gain.words, "assume it"),
                held.answer & means.answer & answer,
                severity=Severity.CRITICAL,
                hops=(
                    means.hop,
                    *held.hops,
                    *allowed(held.role, ("sts:AssumeRole",), target.arn, target.identity),
                    trusts,
                    privileged_by(gain),
                ),
                edits=(means.edit, *_limits(held.role, "sts:AssumeRole")),
                target=f"{held.role.resource.address} {role.address} assume",
                also=(held.role.resource, role),
            ),
        )


def _message(
    entry: Entry, held: Holding, means: Metadata, target: str, gained: str, words: str
) -> str:
    return (
        f"anyone on the internet can obtain the credentials of role {target} ({gained}): "
        f"{entry.resource.address} is reachable{through(entry)} and yields role "
        f"{held.role.resource.address} {means.words}, which is allowed to {words}"
    )


def _limits(principal: IamPrincipal, action: str) -> Iterator[Evidence]:
    found = allowance(principal, action)
    if found is not None:
        address = found.grant.resource.address
        yield Evidence(found.statement.span, f"limit {action} by ARN or tag", address)
