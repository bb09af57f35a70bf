from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict
from iac_ec2lint.api.iam import actions_of_privilege
from iac_ec2lint.api.policies import (
    INSTANCE_ROLE_TYPES,
    known_privilege,
    place_of_privilege,
    roles_for_instances,
)
from iac_ec2lint.api.resources import InlinePoliciesExclusive


class InstanceRoleAdmin(Check):
    """The role of an instance has administrator rights.

    ## Why it matters
    Whoever gets a shell on the instance, or makes an application on it send a request to the
    instance metadata service, has the whole account: all data, all logs, and the keys to come back.
    No workload needs that.

    All policies of the role are evaluated together, with explicit denies and the permissions
    boundary: what allows everything, `AdministratorAccess` among it, and what makes itself an
    administrator by one call, such as `iam:*`, or `iam:PutRolePolicy` on every role. A policy that
    is declared elsewhere is taken to deny nothing of what the others allow. A role in an instance
    profile that no instance of the configuration has is high.

    ## Fails
    On [docs/stages/public-instance](../stages/README.md), an instance with a role that allows
    nothing: an administrator's policy:
    ```diff hcl stage=public-instance
    +resource "aws_iam_role_policy_attachment" "host" {
    +  role       = aws_iam_role.host.name
    +  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
    +}
    ```
    ```diff yaml stage=public-instance
       HostRole:
                 Principal: {Service: ec2.amazonaws.com}
    +      ManagedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"]
    ```

    ## Passes
    ```diff hcl
    -  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
    +  policy_arn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
    ```
    ```diff yaml
    -      ManagedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"]
    +      ManagedPolicyArns: ["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"]
    ```

    ## How to mend it
    Replace the policy by one scoped to the calls that the workload makes.

    ## References
    - [IAM roles for Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html)
    - [Apply least-privilege permissions](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html)
    """

    code = "IAM007"
    name = "instance-role-admin"
    severity = Severity.CRITICAL
    supersedes = ("IAM008", "IAM009", "IAM010", "IAM011", "IAM012", "IAM013", "IAM015", "PATH008")
    since = "0.1.0"
    types = (*INSTANCE_ROLE_TYPES, InlinePoliciesExclusive)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each role of instances that is an administrator, or may be."""
        for held in roles_for_instances(graph):
            gain = known_privilege(graph, held.role)
            answer = gain.administration & held.answer
            worst = gain.worst
            if answer.truth is False or worst is None:
                continue
            declaring, place, by = place_of_privilege(gain)
            is_one = worst.level == "administrator"
            can = "is an administrator" if is_one else "can make itself administrator"
            may = (
                "may be an administrator" if is_one else "may be able to make itself administrator"
            )
            undecided = answer.truth is None
            role = held.role.resource
            actions, statements = actions_of_privilege(gain)
            shown = f": it {'may have' if undecided else 'has'} {actions}" if actions else ""
            yield Verdict(
                subject=role,
                resource=declaring,
                at=place,
                message=f"instance role {role.address} {may if undecided else can}{by}{shown}",
                undecided=undecided,
                causes=answer.causes,
                severity=None if held.used else Severity.HIGH,
                assumptions=answer.assumptions,
                evidence=(*held.hops, *statements),
                value=worst.level,
            )
