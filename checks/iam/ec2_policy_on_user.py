from collections.abc import Iterator
from typing import Final

from iac_ec2lint.api import Check, Graph, Severity, Verdict, require
from iac_ec2lint.api.policies import policies_of_users
from iac_ec2lint.api.resources import (
    IamUser,
    ManagedPolicy,
    PolicyAttachment,
    PrincipalPolicy,
    PrincipalPolicyAttachment,
    RolePolicy,
)

_SERVICES: Final = ("autoscaling", "ebs", "ec2", "ec2-instance-connect", "elasticloadbalancing")


class Ec2PolicyOnUser(Check):
    """Permissions on EC2 are attached directly to an IAM user.

    ## Why it matters
    What is attached to a user one by one is seen by nobody in a review, and stays when people
    change their work. Users have access keys that never end; a role is taken for an hour, and a
    group has one list for all that do the same work.

    Judged are policies that allow any action of EC2, Auto Scaling, Elastic Load Balancing, EC2
    Instance Connect or the EBS direct APIs; a user that may only put files into a bucket is none of
    this check's business.

    ## Fails
    ```hcl
    resource "aws_iam_user" "operator" {
      name = "operator"
    }
    resource "aws_iam_user_policy" "operator" {
      user = aws_iam_user.operator.name
      policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "ec2:*", Resource = "*" }]
      })
    }
    ```
    ```yaml
    Resources:
      Operator:
        Type: AWS::IAM::User
        Properties:
          Policies:
            - PolicyName: instances
              PolicyDocument:
                Version: "2012-10-17"
                Statement: [{Effect: Allow, Action: "ec2:*", Resource: "*"}]
    ```

    ## Passes
    ```hcl
    resource "aws_iam_group" "operators" {
      name = "operators"
    }
    resource "aws_iam_group_policy" "operators" {
      group = aws_iam_group.operators.name
      policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "ec2:*", Resource = "*" }]
      })
    }
    ```
    ```diff yaml
    -  Operator:
    -    Type: AWS::IAM::User
    +  Operators:
    +    Type: AWS::IAM::Group
    ```

    ## How to mend it
    Attach the policy to a role that people assume, or to a group of users.

    ## References
    - [Security best practices in IAM](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html)
    - [Managed policies and inline policies](https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html)
    """

    code = "IAM016"
    name = "ec2-policy-on-user"
    severity = Severity.LOW
    since = "0.1.0"
    types = (
        IamUser,
        ManagedPolicy,
        PolicyAttachment,
        PrincipalPolicy,
        PrincipalPolicyAttachment,
        RolePolicy,
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each policy of a user's own that allows something of EC2, or may."""
        for found in policies_of_users(graph, _SERVICES):
            yield from require(
                ~found.answer,
                of=found.resource,
                at=found.place,
                otherwise=f"{found.user} has permissions on EC2 by a policy of its own",
                perhaps=f"{found.user} may have permissions on EC2 by a policy of its own",
                value=found.user,
            )
