"""IAM016: a user has permissions on EC2 of its own."""

from collections.abc import Iterator
from typing import Final

from iac_ec2lint.api import Check, Graph, Severity, Verdict, name_lists
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
    compliance = name_lists(
        security_hub="IAM.2",
        cis_aws="3.0:1.15 4.0:1.15 5.0:1.14",
        nist_800_53_r5="AC-2 AC-2(1) AC-3 AC-3(7) AC-3(15) AC-6 AC-6(3)",
        pci_dss=(
            "4.0:7.2.1 4.0:7.2.2 4.0:7.2.5 4.0:7.3.1 4.0:7.3.2 4.0:7.3.3 4.0:8.2.7 4.0:8.2.8 "
            "4.0:8.3.4"
        ),
        aws_config="iam-user-no-policies-check",
    )
    peers = name_lists(
        checkov="CKV_AWS_40",
        trivy="AVD-AWS-0143",
        terrascan="AC_AWS_0475 AC_AWS_0476",
        cfn_nag="F10 F11 F12",
        guard="IAM_USER_NO_POLICIES_CHECK IAM_NO_POLICY_ON_USER",
        regula="FG_R00007",
        prowler="iam_policy_attached_only_to_group_or_roles",
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each policy of a user's own that allows something of EC2, or may."""
        for found in policies_of_users(graph, _SERVICES):
            undecided = found.answer.truth is None
            yield Verdict(
                subject=found.resource,
                at=found.place,
                message=f"{found.user} {'may have' if undecided else 'has'} permissions on EC2 "
                "by a policy of its own",
                undecided=undecided,
                causes=found.answer.causes,
                assumptions=found.answer.assumptions,
                value=found.user,
            )
