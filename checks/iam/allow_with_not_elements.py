from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict
from iac_ec2lint.api.policies import POLICY_TYPES, all_but, breadth_verdict, written_policies


class AllowWithNotElements(Check):
    """A policy that reaches EC2 allows everything except a list.

    ## Why it matters
    `NotAction` and `NotResource` in an Allow grant all that is not listed: also what nobody thought
    of, and every action and service that AWS adds later. Often a Deny was meant.

    Judged are statements that leave actions of EC2, Systems Manager, Auto Scaling or `iam:PassRole`
    on resources of theirs. A Deny with `NotAction` passes, and so does a statement that a condition
    limits, such as one on MFA; one on the Region limits neither who nor what.

    ## Fails
    ```hcl
    resource "aws_iam_policy" "developer" {
      policy = jsonencode({
        Statement = [{ Effect = "Allow", NotAction = ["iam:*", "account:*"], Resource = "*" }]
      })
    }
    ```
    ```yaml
    Resources:
      Developer:
        Type: AWS::IAM::ManagedPolicy
        Properties:
          PolicyDocument:
            Statement:
              - {Effect: Allow, NotAction: ["iam:*", "organizations:*"], Resource: "*"}
    ```

    ## Passes
    ```diff hcl
    -    Statement = [{ Effect = "Allow", NotAction = ["iam:*", "account:*"], Resource = "*" }]
    +    Statement = [
    +      { Effect = "Allow", Action = ["ec2:Describe*", "s3:ListAllMyBuckets"], Resource = "*" },
    +      { Effect = "Deny", NotAction = ["ec2:*", "s3:*"], Resource = "*" },
    +    ]
    ```
    ```diff yaml
    -          - {Effect: Allow, NotAction: ["iam:*", "organizations:*"], Resource: "*"}
    +          - {Effect: Allow, Action: ["ec2:Describe*", "s3:ListAllMyBuckets"], Resource: "*"}
    +          - {Effect: Deny, NotAction: ["ec2:*", "s3:*"], Resource: "*"}
    ```

    ## How to mend it
    List the allowed actions and resources, or deny the rest in a statement of its own.

    ## References
    - [Identity-based policies for Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-policies-for-amazon-ec2.html)
    - [IAM JSON policy elements: NotAction](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html)
    """

    code = "IAM013"
    name = "allow-with-not-elements"
    severity = Severity.MEDIUM
    supersedes = ("IAM010",)
    since = "0.1.0"
    types = POLICY_TYPES

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each Allow that leaves what reaches instances, or may."""
        for grant in written_policies(graph):
            for found in all_but(grant.document):
                by = "NotAction" if found.statement.not_actions is not None else "NotResource"
                among = ", ".join(found.actions[:2])
                yield breadth_verdict(
                    grant,
                    found,
                    f"an Allow with {by} leaves {among} among what it does not list",
                    f"an Allow with {by} may leave {among} among what it does not list",
                )
