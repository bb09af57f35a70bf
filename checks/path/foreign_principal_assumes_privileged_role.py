"""PATH018: a principal of any account can assume a privileged role."""

from collections.abc import Iterator

from iac_ec2lint.api import Check, Evidence, Graph, Severity, Verdict, assumption, parameter
from iac_ec2lint.api.iam import (
    ForeignTrust,
    Privilege,
    foreign_trust,
    principals,
    privilege,
    privilege_evidence,
)
from iac_ec2lint.api.resources import Role
from iac_ec2lint.api.verdicts import as_known, can, confidence_of_presence


class ForeignPrincipalAssumesPrivilegedRole(Check):
    """A principal of any, or of an unknown, account can assume a privileged role of this unit.

    ## Why it matters
    A role whose trust policy admits everyone gives all that it may do to whoever learns its ARN.
    A condition on something that callers choose themselves, such as a tag of their own principal or
    an external id that is no secret, keeps nobody out.

    A role that trusts an account by its number is medium, unless a condition asks for
    `sts:ExternalId` or limits who that is (`aws:PrincipalOrgID`, `aws:PrincipalArn`). Such an
    account is taken to be another's: list those that are yours, or that you trust, in
    `trusted_accounts`. Until then a role that trusts one principal of such an account, and not all
    of it, is undecided. Roles that are not privileged pass.

    ## Fails
    ```hcl
    resource "aws_iam_role" "admin" {
      assume_role_policy = jsonencode({
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "*" } }]
      })
      managed_policy_arns = ["arn:aws:iam::aws:policy/AdministratorAccess"]
    }
    ```
    ```yaml
    Resources:
      Admin:
        Type: AWS::IAM::Role
        Properties:
          AssumeRolePolicyDocument:
            Statement:
              - Effect: Allow
                Action: sts:AssumeRole
                Principal: {AWS: "*"}
          ManagedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"]
    ```

    ## Passes
    ```hcl
    resource "aws_iam_role" "admin" {
      assume_role_policy = jsonencode({
        Statement = [{
          Effect    = "Allow"
          Action    = "sts:AssumeRole"
          Principal = { AWS = "*" }
          Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-a1b2c3d4e5" } }
        }]
      })
      managed_policy_arns = ["arn:aws:iam::aws:policy/AdministratorAccess"]
    }
    ```
    ```yaml
    Resources:
      Admin:
        Type: AWS::IAM::Role
        Properties:
          AssumeRolePolicyDocument:
            Statement:
              - Effect: Allow
                Action: sts:AssumeRole
                Principal: {AWS: "*"}
                Condition:
                  StringEquals: {aws:PrincipalOrgID: o-a1b2c3d4e5}
          ManagedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"]
    ```

    ## How to mend it
    Name the principals that may assume the role, or add a condition on `aws:PrincipalOrgID` or
    `aws:PrincipalArn`; require `sts:ExternalId` from a third party's account.

    ## References
    - [IAM roles for Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html)
    - [The confused deputy problem](https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html)
    """

    code = "PATH018"
    name = "foreign-principal-assumes-privileged-role"
    severity = Severity.CRITICAL
    trusted_accounts = parameter.TRUSTED_ACCOUNTS
    since = "0.1.0"
    types = (Role,)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each privileged role that strangers can assume."""
        for principal in principals(graph):
            role = principal.resource
            if not isinstance(role, Role):
                continue
            for trust in foreign_trust(role, self.trusted_accounts):
                gain = privilege(graph, principal)
                if gain.answer.truth is not False:
                    yield _verdict(role, trust, gain)


def _verdict(role: Role, trust: ForeignTrust, gain: Privilege) -> Verdict:
    answer = trust.answer & gain.answer
    undecided = answer.truth is None
    return Verdict(
        subject=role,
        at=role.place("trust_policy")._replace(span=trust.statement.span),
        message=f"{trust.who} {can(answer)} assume role {role.address} ({gain.words})",
        undecided=undecided,
        causes=answer.causes,
        severity=None if trust.account is None else Severity.MEDIUM,
        confidence=None if undecided else confidence_of_presence(role),
        assumptions=answer.assumptions,
        evidence=(
            Evidence(
                trust.statement.span,
                as_known(
                    trust.answer,
                    f"the trust policy of {role.address} admits {trust.who}",
                    f"the trust policy of {role.address} may admit {trust.who}",
                ),
                role.address,
            ),
            *map(assumption, trust.answer.assumptions),
            privilege_evidence(gain),
            Evidence(
                trust.statement.span,
                "to break it: name the principals, or add a condition on "
                + ("aws:PrincipalOrgID" if trust.account is None else "sts:ExternalId"),
                role.address,
            ),
        ),
        value="*" if trust.account is None else trust.account or "?",
        in_full=True,
    )
