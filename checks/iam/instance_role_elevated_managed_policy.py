from collections.abc import Iterator

from iac_ec2lint.api import NO, YES, Answer, Check, Graph, Severity, Verdict, require
from iac_ec2lint.api.iam import IamPrincipal
from iac_ec2lint.api.policies import (
    INSTANCE_ROLE_TYPES,
    PolicyGrant,
    may_be_of_aws,
    power_of_policy,
    roles_for_instances,
)

_DEPRECATED = "AmazonEC2RoleforSSM"
_FULL = "FullAccess"


class InstanceRoleElevatedManagedPolicy(Check):
    """The role of an instance carries a broad AWS managed policy.

    ## Why it matters
    The FullAccess policies are made for people who administer a service. On an instance, whoever
    gets in to it can do the same: read and delete every bucket, run commands on every other
    instance, start new ones.

    What a policy of AWS's comes to is computed from its document, of the day that the facts name.
    One that gives all of a service that counts, changes security groups, shares snapshots or makes
    an administrator is medium, whatever its name, and so is `AmazonEC2RoleforSSM`, which AWS has
    deprecated for what it reads. Another with FullAccess in its name is low. What AWS has instances
    carry, such as `AmazonSSMManagedInstanceCore` or `CloudWatchAgentServerPolicy`, passes; so does
    what only reads (IAM015 says which data). `AdministratorAccess` is IAM007's.

    ## Fails
    On [docs/stages/public-instance](../stages/README.md), an instance with a role that allows
    nothing: a policy of AWS that allows everything of one service:
    ```diff hcl stage=public-instance
    +resource "aws_iam_role_policy_attachment" "host" {
    +  role       = aws_iam_role.host.name
    +  policy_arn = "arn:aws:iam::aws:policy/AmazonS3FullAccess"
    +}
    ```
    ```diff yaml stage=public-instance
       HostRole:
                 Principal: {Service: ec2.amazonaws.com}
    +      ManagedPolicyArns: ["arn:aws:iam::aws:policy/AmazonS3FullAccess"]
    ```

    ## Passes
    ```diff hcl
    -  policy_arn = "arn:aws:iam::aws:policy/AmazonS3FullAccess"
    +  policy_arn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
    ```
    ```diff yaml
    -      ManagedPolicyArns: ["arn:aws:iam::aws:policy/AmazonS3FullAccess"]
    +      ManagedPolicyArns: ["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"]
    ```

    ## How to mend it
    Use `AmazonSSMManagedInstanceCore` and policies of the workload's own in its place.

    ## References
    - [AWS managed policies for Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-iam-awsmanpol.html)
    - [IAM roles for Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html)
    """

    code = "IAM008"
    name = "instance-role-elevated-managed-policy"
    severity = Severity.MEDIUM
    supersedes = ("IAM015",)
    since = "0.1.0"
    types = INSTANCE_ROLE_TYPES

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each broad policy of AWS's that a role of instances has, or may have."""
        for held in roles_for_instances(graph):
            role = held.role.resource
            for grant in held.role.grants:
                broad, words, severity = _judged(graph, held.role, grant)
                yield from require(
                    ~(broad & grant.answer & held.answer),
                    of=role,
                    resource=grant.resource,
                    at=grant.place,
                    otherwise=f"instance role {role.address} has {words}",
                    perhaps=f"instance role {role.address} may have {words}",
                    severity=severity,
                    evidence=held.hops,
                    value=grant.managed.name if grant.managed is not None else "?",
                )


def _judged(
    graph: Graph, role: IamPrincipal, grant: PolicyGrant
) -> tuple[Answer, str, Severity | None]:
    """Whether a policy is a broad one of AWS's, what it is in words, and how bad."""
    policy = grant.managed
    if not may_be_of_aws(grant) or grant.floats or (policy is not None and policy.expected):
        return NO, "", None
    if policy is None or not (policy.known or _FULL in policy.name):
        name = "a managed policy that is not known" if policy is None else policy.name
        causes = tuple(s.uncertain for s in grant.document.statements if s.uncertain is not None)
        return Answer(None, causes[:1]), name, None
    worst = power_of_policy(graph, role, grant)
    if worst is not None and worst.level == "administrator" and policy.known:
        return NO, "", None
    if worst is not None and worst.level in {"broad", "administrator-equivalent"} and policy.known:
        return worst.answer, f"{policy.name}: {worst.words}", None
    if policy.name == _DEPRECATED:
        return YES, f"{policy.name}, which AWS has deprecated", None
    if _FULL in policy.name and role.boundary is None:
        return YES, f"{policy.name}, all of a service", Severity.LOW
    return NO, "", None
