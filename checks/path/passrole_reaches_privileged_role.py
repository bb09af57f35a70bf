"""PATH008: a principal can start an instance with a stronger role than its own."""

from collections.abc import Iterator

from iac_ec2lint.api import (
    Check,
    Evidence,
    Graph,
    IamGroup,
    IamPrincipal,
    Role,
    Severity,
    Verdict,
    allowance,
    allowed,
    conditional,
    launch_edges,
    place_of_allowance,
    principals,
    privilege,
    privileged_by,
    trusted_by,
)


class PassroleReachesPrivilegedRole(Check):
    """A principal in the template can start or modify an instance with a role stronger than its own.

    ## Why it matters
    Whoever may pass a role to an instance, and start that instance, can obtain the role's
    credentials from the instance's metadata. So `iam:PassRole` together with `ec2:RunInstances`
    gives all that the role may do.

    All policies of a principal are evaluated together: inline and attached ones, those of its
    groups, its permissions boundary, explicit denies, and conditions. The role must trust EC2, have
    an instance profile (or the principal may make one), and be able to do something that the
    principal cannot. What hangs on a condition that cannot be decided is undecided.

    ## Fails
    ```hcl
    resource "aws_iam_role" "admin" {
      assume_role_policy = jsonencode({
        Statement = [{
          Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" }
        }]
      })
    }
    resource "aws_iam_role_policy_attachment" "admin" {
      role       = aws_iam_role.admin.name
      policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
    }
    resource "aws_iam_instance_profile" "admin" {
      role = aws_iam_role.admin.name
    }
    resource "aws_iam_user" "deployer" {
      name = "deployer"
    }
    resource "aws_iam_user_policy" "deployer" {
      user = aws_iam_user.deployer.name
      policy = jsonencode({
        Statement = [{
          Effect = "Allow", Action = ["iam:PassRole", "ec2:RunInstances"], Resource = "*"
        }]
      })
    }
    ```

    ## Passes
    ```hcl
    resource "aws_iam_role" "admin" {
      name = "prod-admin"
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
    resource "aws_iam_user" "deployer" {
      name = "deployer"
    }
    resource "aws_iam_user_policy" "deployer" {
      user = aws_iam_user.deployer.name
      policy = jsonencode({
        Statement = [
          { Effect = "Allow", Action = "iam:PassRole", Resource = "arn:aws:iam::*:role/dev-*" },
          { Effect = "Allow", Action = "ec2:RunInstances", Resource = "*" },
        ]
      })
    }
    ```

    ## How to mend it
    Name in `iam:PassRole` the roles that may be passed, by ARN or path, and only ones that are no
    stronger than the principal; or take away the action that starts instances.

    ## References
    - [IAM roles for Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html)
    - [Grant permissions to pass a role to a service](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html)
    """  # noqa: E501 - the summary is one line

    code = "PATH008"
    name = "passrole-reaches-privileged-role"
    severity = Severity.HIGH
    supersedes = ("IAM011", "IAM012")
    since = "0.1.0"

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each principal and each stronger role that it can use."""
        everyone = principals(graph)
        reached: set[tuple[str, str]] = set()
        # Groups first: what a group can do is not said again of each of its members.
        for holder in sorted(everyone, key=lambda one: not isinstance(one.resource, IamGroup)):
            for target in everyone:
                if not isinstance(target.resource, Role) or target is holder:
                    continue
                verdict = _verdict(graph, holder, target)
                if verdict is None:
                    continue
                goal = target.resource.address
                known = any((group.address, goal) in reached for group in holder.groups)
                if not verdict.undecided:
                    reached.add((holder.resource.address, goal))
                if not known:
                    yield verdict


def _verdict(graph: Graph, holder: IamPrincipal, target: IamPrincipal) -> Verdict | None:
    edges = list(launch_edges(graph, holder, target))
    passes = allowance(holder, "iam:PassRole", target.arn, target.identity)
    if not edges or passes is None:
        return None
    gain = privilege(graph, target)
    beyond = gain.beyond(privilege(graph, holder))
    if beyond.truth is False:
        return None
    edge = next((edge for edge in edges if edge.answer.truth), edges[0])
    answer = edge.answer & beyond
    undecided = answer.truth is None
    verb, has = ("may be able to", "may have") if undecided else ("can", "has")
    return Verdict(
        subject=holder.resource,
        resource=passes.grant.resource,
        at=place_of_allowance(passes),
        message=(
            f"{holder.name} {verb} {edge.kind.words} with {target.name} ({gain.words}): "
            f"it {has} iam:PassRole and {' and '.join(edge.actions)}"
        ),
        undecided=undecided,
        causes=answer.causes,
        confidence=None if undecided else conditional(target.resource),
        assumed=bool(answer.assumptions),
        evidence=(
            *allowed(holder, edge.actions),
            *trusted_by(graph, target),
            privileged_by(gain),
            Evidence(
                passes.statement.span,
                f"to break it: allow iam:PassRole on roles no stronger than {holder.name} alone",
                passes.grant.resource.address,
            ),
            *(
                Evidence(hop.span, f"or: take {' and '.join(edge.actions)} away", hop.resource)
                for hop in list(allowed(holder, edge.actions))[:1]
            ),
        ),
        value=f"{target.resource.address} {edge.kind.name}",
        in_full=True,
    )
