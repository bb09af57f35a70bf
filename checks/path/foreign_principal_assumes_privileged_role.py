from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Question, Severity, Verdict, parameter
from iac_ec2lint.api.chains import strangers
from iac_ec2lint.api.iam import privilege, privilege_evidence
from iac_ec2lint.api.resources import Role
from iac_ec2lint.api.verdicts import can, gain_verdict


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
    An issuer of one organisation's own passes; one that is not known is undecided. What a guest of
    a Cognito identity pool may do with its role AWS bounds to some services (S3, DynamoDB, Lambda
    and others), unless the pool allows the basic flow.

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
    ```diff hcl
    -    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "*" } }]
    +    Statement = [{
    +      Effect    = "Allow"
    +      Action    = "sts:AssumeRole"
    +      Principal = { AWS = "*" }
    +      Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-a1b2c3d4e5" } }
    +    }]
    ```
    ```diff yaml
                 Principal: {AWS: "*"}
    +            Condition:
    +              StringEquals: {aws:PrincipalOrgID: o-a1b2c3d4e5}
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
    asks = Question(("account", "provider"), ("assumes",), ("principal",))
    types = (Role,)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each privileged role that strangers can assume."""
        for principal, edge in strangers(graph, self.trusted_accounts):
            role, gain = principal.resource, privilege(graph, principal)
            answer = edge.answer & gain.answer
            if edge.begins is None or edge.begin not in self.asks.begins:
                continue
            if gain.answer.truth is not False:
                yield gain_verdict(
                    role,
                    (edge.begins.place, None),
                    f"{edge.begins.who} {can(answer)} assume role {role.address} ({gain.words})",
                    answer,
                    hops=(*edge.hops, privilege_evidence(gain)),
                    edits=edge.edits,
                    value=edge.begins.who,
                    severity=None if edge.public else Severity.MEDIUM,
                    also=edge.also,
                )
