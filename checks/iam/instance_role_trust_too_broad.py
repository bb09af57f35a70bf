from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, parameter
from iac_ec2lint.api.iam import FederatedTrust, ForeignTrust, federated_trust, foreign_trust
from iac_ec2lint.api.policies import (
    RoleForInstances,
    UnneededTrust,
    roles_for_instances,
    unneeded_trust,
)
from iac_ec2lint.api.resources import InstanceProfile, Role


class InstanceRoleTrustTooBroad(Check):
    """The trust policy of an instance role lets others than EC2 assume it.

    ## Why it matters
    EC2 alone has to assume the role of an instance. Whoever else may has all that the workload may
    do, without being on the instance, and nobody looks for it there.

    Everyone, and whoever can have a token of an identity provider that many share (GitHub Actions,
    GitLab.com, HCP Terraform, Cognito without a condition that names one's own), are high. An
    account that is named by its number, without `sts:ExternalId` or a condition that limits who
    that is, is medium, and is taken to be another's: list those that are yours in
    `trusted_accounts`. So are any pods of an EKS cluster, and SAML without an audience. The own
    account as a whole, another service of AWS's, users of an identity provider that a condition
    limits, and a statement that allows every action (`*`) are low. `ssm.amazonaws.com` passes, for
    machines outside AWS.

    Where the role is privileged, this is a part of PATH018.

    ## Fails
    ```hcl
    resource "aws_iam_role" "web" {
      assume_role_policy = jsonencode({
        Statement = [{
          Effect    = "Allow"
          Action    = "sts:AssumeRole"
          Principal = { AWS = "*" }
        }]
      })
    }
    resource "aws_iam_instance_profile" "web" {
      role = aws_iam_role.web.name
    }
    ```
    ```yaml
    Resources:
      Web:
        Type: AWS::IAM::Role
        Properties:
          AssumeRolePolicyDocument:
            Statement:
              - Effect: Allow
                Action: sts:AssumeRole
                Principal: {AWS: "*"}
      Profile:
        Type: AWS::IAM::InstanceProfile
        Properties:
          Roles: [!Ref Web]
    ```

    ## Passes
    ```diff hcl
     resource "aws_iam_role" "web" {
    -      Principal = { AWS = "*" }
    +      Principal = { Service = "ec2.amazonaws.com" }
    ```
    ```diff yaml
       Web:
    -            Principal: {AWS: "*"}
    +            Principal: {Service: ec2.amazonaws.com}
    ```

    ## How to mend it
    Trust `ec2.amazonaws.com` alone, and give others a role of their own.

    ## References
    - [IAM roles for Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html)
    - [AWS JSON policy elements: Principal](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html)
    - [The confused deputy problem](https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html)
    """

    code = "IAM014"
    name = "instance-role-trust-too-broad"
    severity = Severity.HIGH
    trusted_accounts = parameter.TRUSTED_ACCOUNTS
    since = "0.1.0"
    types = (InstanceProfile, Role)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each statement that lets others than EC2 assume a role for instances."""
        for held in roles_for_instances(graph):
            role = held.role.resource
            if not isinstance(role, Role):
                continue
            others: list[ForeignTrust | FederatedTrust] = [
                *foreign_trust(graph, role, self.trusted_accounts),
                *federated_trust(graph, role),
            ]
            told = {one.statement.span.key for one in others}
            for trust in others:
                public = (
                    trust.account is None
                    if isinstance(trust, ForeignTrust)
                    else (trust.provider.public)
                )
                yield _verdict(role, held, trust, None if public else Severity.MEDIUM)
            for own in unneeded_trust(role):
                if own.statement.span.key not in told:
                    yield _verdict(role, held, own, Severity.LOW)


def _verdict(
    role: Role,
    held: RoleForInstances,
    trust: ForeignTrust | FederatedTrust | UnneededTrust,
    severity: Severity | None,
) -> Verdict:
    answer = trust.answer & held.answer
    undecided = answer.truth is None
    admits = "may admit" if undecided else "admits"
    return Verdict(
        subject=role,
        at=role.place("trust_policy")._replace(span=trust.statement.span),
        message=f"the trust policy of instance role {role.address} {admits} {trust.who}",
        undecided=undecided,
        causes=answer.causes,
        severity=severity,
        assumptions=answer.assumptions,
        evidence=held.hops,
        value=trust.who,
    )
