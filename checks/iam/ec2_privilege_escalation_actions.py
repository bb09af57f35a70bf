from collections.abc import Iterator

from iac_ec2lint.api import Check, Evidence, Graph, Severity, Verdict, all_of
from iac_ec2lint.api.iam import place_of_statement
from iac_ec2lint.api.policies import POLICY_TYPES, Gains, ec2_gains
from iac_ec2lint.api.resources import (
    InlinePoliciesExclusive,
    PolicyAttachment,
    PrincipalPolicyAttachment,
)
from iac_ec2lint.api.verdicts import as_known, can


class Ec2PrivilegeEscalationActions(Check):
    """A policy combines EC2-related actions that let its holder gain another role's rights or data.

    ## Why it matters
    Who may run commands on any instance has the credentials of every instance's role. Who may pass
    any role to an instance and start it has the strongest role that EC2 can have. Who may share any
    snapshot takes the data of every disk out of the account. None of these policies says so.

    All policies of a principal are evaluated together, with those of its groups, denies and the
    permissions boundary: what they allow on every resource, and no condition limits, as one on the
    Region does not, but for IAM in Regions other than its own. Judged are
    `iam:PassRole` on any role with what launches instances or gives them a profile; changing user
    data and restarting (`ec2:ModifyInstanceAttribute`, `ec2:StopInstances`, `ec2:StartInstances`);
    commands, sessions and SSH keys on any instance; `sts:AssumeRole` on every role; sharing any
    snapshot or image; and, at medium, `ec2:GetPasswordData` and `ec2:EnableSerialConsoleAccess`,
    which take a key or a password besides. A policy that nothing in the configuration has attached
    is low. Of a principal that is declared elsewhere, and of a permission set of IAM Identity
    Center, each policy is judged by itself.

    Administrators are IAM009's and PATH008's. Where the target of such a way is known, PATH008 and
    PATH009 say which it is, and this is a part of them. AWS's policies pass on a role that services
    alone can assume: that is their job.

    ## Fails
    ```hcl
    resource "aws_iam_user" "operator" {
      name = "operator"
    }
    resource "aws_iam_user_policy" "operator" {
      user = aws_iam_user.operator.name
      policy = jsonencode({
        Statement = [{ Effect = "Allow", Action = "ssm:SendCommand", Resource = "*" }]
      })
    }
    ```
    ```yaml
    Resources:
      Operator:
        Type: AWS::IAM::User
        Properties:
          Policies:
            - PolicyName: operator
              PolicyDocument:
                Statement:
                  - {Effect: Allow, Action: ["iam:PassRole", "ec2:RunInstances"], Resource: "*"}
    ```

    ## Passes
    ```diff hcl
     resource "aws_iam_user_policy" "operator" {
    -    Statement = [{ Effect = "Allow", Action = "ssm:SendCommand", Resource = "*" }]
    +    Statement = [{
    +      Effect    = "Allow"
    +      Action    = "ssm:SendCommand"
    +      Resource  = "arn:aws:ec2:*:123456789012:instance/*"
    +      Condition = { StringEquals = { "ssm:resourceTag/team" = "web" } }
    +    }]
    ```
    ```diff yaml
    -              - {Effect: Allow, Action: ["iam:PassRole", "ec2:RunInstances"], Resource: "*"}
    +              - {Effect: Allow, Action: "iam:PassRole", Resource: "arn:aws:iam::*:role/web"}
    +              - {Effect: Allow, Action: "ec2:RunInstances", Resource: "*"}
    ```

    ## How to mend it
    Scope the actions by ARN or tag, and split those that combine between principals.

    ## References
    - [Identity-based policies for Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-policies-for-amazon-ec2.html)
    - [IAM roles for Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html)
    - [Grant permissions to pass a role to a service](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html)
    """

    code = "IAM012"
    name = "ec2-privilege-escalation-actions"
    severity = Severity.HIGH
    supersedes = ("IAM008", "IAM010", "IAM011", "IAM013")
    since = "0.1.0"
    types = (*POLICY_TYPES, InlinePoliciesExclusive, PolicyAttachment, PrincipalPolicyAttachment)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each principal, or policy that nobody has, that gains something so."""
        for found in ec2_gains(graph):
            yield _verdict(found)


def _verdict(found: Gains) -> Verdict:
    answer = all_of(gain.answer for gain in found.gains)
    undecided = answer.truth is None
    first = found.gains[0].allowances[0]
    words = [gain.words for gain in found.gains]
    what = ", ".join(words[:3]) + (f" and {len(words) - 3} more" if len(words) > 3 else "")
    severity = None
    if not found.attached:
        severity = Severity.LOW
    elif found.is_lesser:
        severity = Severity.MEDIUM
    return Verdict(
        subject=found.resource,
        resource=first.grant.resource,
        at=place_of_statement(first),
        message=f"{found.name} {can(answer)} {what}",
        undecided=undecided,
        causes=answer.causes,
        severity=severity,
        assumptions=answer.assumptions,
        evidence=tuple(
            Evidence(
                used.statement.span,
                as_known(used.answer, f"lets it {gain.words}", f"may let it {gain.words}"),
                used.grant.resource.address,
            )
            for gain in found.gains
            for used in gain.allowances
        ),
        value=", ".join(words),
    )
