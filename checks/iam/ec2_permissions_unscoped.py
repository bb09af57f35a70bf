from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict
from iac_ec2lint.api.policies import (
    POLICY_TYPES,
    bounds_leave_some,
    breadth_verdict,
    unscoped_actions,
    written_policies,
)

_OF_FUNCTIONS = {
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:CreateNetworkInterfacePermission",
    "ec2:DeleteNetworkInterface",
    "ec2:DetachNetworkInterface",
    "ec2:UnassignPrivateIpAddresses",
}
"""What AWSLambdaVPCAccessExecutionRole, or AWS's pages on it, allow on every resource."""


class Ec2PermissionsUnscoped(Check):
    """A policy grants all EC2 actions, or changing ones, on every resource without a condition.

    ## Why it matters
    Whoever may terminate instances, change security groups or attach volumes on `*` can do it to
    those of every team and stage in the account. Most actions of EC2 can be limited to resources by
    their ARN, or to those with a tag.

    Judged are all actions of EC2, Systems Manager, Auto Scaling or EC2 Instance Connect at once
    (`ec2:*`), and the actions of EC2 that change something and support resource-level permissions,
    on every resource; `arn:aws:ec2:*:*:instance/*` is each that can be terminated. Reading ones
    (`Describe*`) pass, and so do statements that a condition limits, such as one on
    `ec2:ResourceTag` or `aws:RequestTag`; a Region, in a condition or in the ARN, limits neither
    who nor what. Statements with nothing but network interfaces, as AWS has Lambda functions in a
    VPC allowed them, are low. What the permissions boundary of everybody who has the policy
    leaves none of is not told. Policies of AWS are IAM008's.

    ## Fails
    ```hcl
    resource "aws_iam_policy" "operator" {
      policy = jsonencode({
        Statement = [{
          Effect   = "Allow"
          Action   = ["ec2:StartInstances", "ec2:TerminateInstances"]
          Resource = "*"
        }]
      })
    }
    ```
    ```yaml
    Resources:
      Operator:
        Type: AWS::IAM::ManagedPolicy
        Properties:
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: "ec2:*", Resource: "*"}
    ```

    ## Passes
    ```hcl
    resource "aws_iam_policy" "operator" {
      policy = jsonencode({
        Statement = [
          { Effect = "Allow", Action = "ec2:Describe*", Resource = "*" },
          {
            Effect    = "Allow"
            Action    = ["ec2:StartInstances", "ec2:TerminateInstances"]
            Resource  = "*"
            Condition = { StringEquals = { "ec2:ResourceTag/team" = "web" } }
          },
        ]
      })
    }
    ```
    ```diff yaml
    -          - {Effect: Allow, Action: "ec2:*", Resource: "*"}
    +          - {Effect: Allow, Action: "ec2:Describe*", Resource: "*"}
    +          - Effect: Allow
    +            Action: "ec2:*"
    +            Resource: "*"
    +            Condition:
    +              StringEquals: {ec2:ResourceTag/team: web}
    ```

    ## How to mend it
    List the actions and restrict them by ARN or tag condition.

    ## References
    - [Identity-based policies for Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-policies-for-amazon-ec2.html)
    - [Actions, resources, and condition keys for Amazon EC2](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html)
    """

    code = "IAM010"
    name = "ec2-permissions-unscoped"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = POLICY_TYPES

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each statement that lets any resource be changed, or may."""
        for grant in written_policies(graph):
            for found in unscoped_actions(grant.document):
                named = found.actions
                answer = found.answer & bounds_leave_some(graph, grant, named)
                if answer.truth is False:
                    continue
                more = f" and {len(named) - 3} more" if len(named) > 3 else ""
                what = f"{', '.join(named[:3])}{more}" if named else "changing actions of EC2"
                verb = "is" if len(named) == 1 else "are"
                yield breadth_verdict(
                    grant,
                    found._replace(answer=answer),
                    f"{what} {verb} allowed on every resource",
                    f"{what} may be allowed on every resource",
                    Severity.LOW if named and _OF_FUNCTIONS.issuperset(named) else None,
                )
