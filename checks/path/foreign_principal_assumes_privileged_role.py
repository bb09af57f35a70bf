"""PATH018: a principal of any account can assume a privileged role."""

from collections.abc import Iterator

from iac_ec2lint.api import Check, Evidence, Graph, Severity, Verdict, assumption, parameter
from iac_ec2lint.api.iam import (
    FederatedTrust,
    ForeignTrust,
    Privilege,
    federated_trust,
    foreign_trust,
    principals,
    privilege,
    privilege_evidence,
)
from iac_ec2lint.api.resources import Role
from iac_ec2lint.api.verdicts import as_known, can, confidence_of_presence


class ForeignPrincipalAssumesPrivilegedRole(Check):
    """A principal of any, or of an unknown, account or organisation can assume a privileged role.

    ## Why it matters
    A role whose trust policy admits everyone gives all that it may do to whoever learns its ARN.
    A condition on something that callers choose themselves, such as a tag of their own principal or
    an external id that is no secret, keeps nobody out.

    A role that trusts an account by its number is medium, unless a condition asks for a
    certain `sts:ExternalId` or limits who that is (`aws:PrincipalOrgID`, `aws:PrincipalArn`).
    Such an account is taken to be another's: list those that are yours, or that you trust, in
    `trusted_accounts`. Until then a role that trusts one principal of such an account, and not all
    of it, is undecided. Roles that are not privileged pass.

    Identity providers that many organisations share, such as GitHub Actions, GitLab.com, HCP
    Terraform, Google and Cognito, give tokens to anybody: a condition must name your own
    organisation in the claim `sub`, or your own application or identity pool in `aud`. A wildcard
    that others can fill in (`repo:*`, `repo:acme*`, `repo:*/infra:*`) names nobody, `ForAllValues:`
    and `...IfExists` also hold without the claim, and `StringNotLike` leaves the others. Where the
    issuer is an EKS cluster, any pod could have the role (medium); where the provider is a SAML
    one and no condition asks for `SAML:aud`, an assertion for another recipient counts (medium).
    An issuer of one organisation's own passes; one that is not known is undecided.

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
    Name the principals that may assume the role, or add a condition on `aws:PrincipalOrgID`.
    `aws:PrincipalArn` does as well; require `sts:ExternalId` from a third party's account.

    ## References
    - [IAM roles for Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html)
    - [The confused deputy problem](https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html)
    """

    code = "PATH018"
    name = "foreign-principal-assumes-privileged-role"
    severity = Severity.CRITICAL
    supersedes = ("IAM014",)
    trusted_accounts = parameter.TRUSTED_ACCOUNTS
    since = "0.1.0"
    types = (Role,)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each privileged role that strangers can assume."""
        for principal in principals(graph):
            role = principal.resource
            if not isinstance(role, Role):
                continue
            trusts: list[ForeignTrust | FederatedTrust] = [
                *foreign_trust(role, self.trusted_accounts),
                *federated_trust(graph, role),
            ]
            for trust in trusts:
                gain = privilege(graph, principal)
                if gain.answer.truth is not False:
                    yield _verdict(role, trust, gain)


def _verdict(role: Role, trust: ForeignTrust | FederatedTrust, gain: Privilege) -> Verdict:
    answer = trust.answer & gain.answer
    undecided = answer.truth is None
    why: tuple[Evidence, ...] = ()
    if isinstance(trust, FederatedTrust):
        public, name = trust.provider.public, trust.provider.name
        limit = trust.limit
        why = (Evidence(*trust.why, role.address),)
    elif trust.account is None:
        public, name = True, "*"
        limit = "name the principals, or add a condition on aws:PrincipalOrgID"
    else:
        public, name = False, trust.account or "?"
        limit = "name the principals, or add a condition on sts:ExternalId"
    return Verdict(
        subject=role,
        at=role.place("trust_policy")._replace(span=trust.statement.span),
        message=f"{trust.who} {can(answer)} assume role {role.address} ({gain.words})",
        undecided=undecided,
        causes=answer.causes,
        severity=None if public else Severity.MEDIUM,
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
            *why,
            *map(assumption, trust.answer.assumptions),
            privilege_evidence(gain),
            Evidence(trust.statement.span, f"to break it: {limit}", role.address),
        ),
        value=name,
        in_full=True,
    )
