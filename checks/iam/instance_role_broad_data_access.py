from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, all_of, require
from iac_ec2lint.api.iam import place_of_statement
from iac_ec2lint.api.policies import (
    INSTANCE_ROLE_TYPES,
    DataRead,
    data_reads,
    known_privilege,
    roles_for_instances,
)
from iac_ec2lint.api.resources import InlinePoliciesExclusive


class InstanceRoleBroadDataAccess(Check):
    """The role of an instance can read data stores or secrets account-wide.

    ## Why it matters
    Whoever gets in to the instance reads what its role reads. Where that is every bucket, secret or
    table of the account, one web server that is broken into is all data that there is, of every
    team and stage.

    Judged are S3 objects, secrets, SSM parameters, DynamoDB tables, KMS keys, the Data API of
    Aurora and logins to RDS databases, each on every resource, or on all of the account in a
    Region. All policies of the role are evaluated together, with denies and the permissions
    boundary. A statement that a condition
    narrows, such as `kms:ViaService` or a tag, passes, and so does what AWS has instances carry
    (`AmazonSSMManagedInstanceCore`), attached or copied. A role that is an administrator is
    IAM007's.

    ## Fails
    On [docs/stages/public-instance](../stages/README.md), an instance with a role that allows
    nothing: a policy that reads every bucket:
    ```diff hcl stage=public-instance
    +resource "aws_iam_role_policy_attachment" "host" {
    +  role       = aws_iam_role.host.name
    +  policy_arn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
    +}
    ```
    ```diff yaml stage=public-instance
       HostRole:
                 Principal: {Service: ec2.amazonaws.com}
    +      ManagedPolicyArns: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"]
    ```

    ## Passes
    ```diff hcl
    -  policy_arn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
    +  policy_arn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
    ```
    ```diff yaml
    -      ManagedPolicyArns: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"]
    +      ManagedPolicyArns: ["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"]
    ```

    ## How to mend it
    Restrict the role to the buckets, secrets, parameters, tables and keys that it uses.

    ## References
    - [IAM roles for Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html)
    - [Apply least-privilege permissions](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html)
    """

    code = "IAM015"
    name = "instance-role-broad-data-access"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (*INSTANCE_ROLE_TYPES, InlinePoliciesExclusive)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each statement by which a role of instances reads account-wide, or may."""
        for held in roles_for_instances(graph):
            if known_privilege(graph, held.role).administration.truth:
                continue
            role = held.role.resource
            by_statement: dict[tuple[object, bool], list[DataRead]] = {}
            for read in data_reads(held.role):
                key = read.allowance.statement.span.key, read.answer.truth is True
                by_statement.setdefault(key, []).append(read)
            for reads in by_statement.values():
                answer = all_of(read.answer for read in reads) & held.answer
                words = ", ".join(read.words for read in reads)
                yield from require(
                    ~answer,
                    of=role,
                    resource=reads[0].allowance.grant.resource,
                    at=place_of_statement(reads[0].allowance),
                    otherwise=f"instance role {role.address} does this account-wide: {words}",
                    perhaps=f"instance role {role.address} may do this: {words}",
                    evidence=held.hops,
                    value=words,
                )
