from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict
from iac_ec2lint.api.policies import (
    POLICY_TYPES,
    breadth_verdict,
    passing_of_any_role,
    reaches_holders,
    written_policies,
)


class PassroleAnyRole(Check):
    """A policy lets its holder pass any role.

    ## Why it matters
    Whoever passes a role to something that it starts has what the role may do. With `iam:PassRole`
    on every role that is the strongest role of the account, whatever else the policy says.

    A condition on `iam:PassedToService` limits it to a service: with EC2 among them it is medium,
    for any role that EC2 can have remains; without EC2 it passes here. So does one on
    `iam:AssociatedResourceArn`, or on a tag of the role. One on `aws:RequestedRegion` that leaves
    `us-east-1`, where IAM is, limits nothing. What the permissions boundary of everybody who has
    the policy leaves none of is not told.

    ## Fails
    ```hcl
    resource "aws_iam_policy" "launcher" {
      policy = jsonencode({
        Statement = [{ Effect = "Allow", Action = "iam:PassRole", Resource = "*" }]
      })
    }
    ```
    ```yaml
    Resources:
      Launcher:
        Type: AWS::IAM::ManagedPolicy
        Properties:
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: "iam:PassRole", Resource: "arn:aws:iam::*:role/*"}
    ```

    ## Passes
    ```diff hcl
    -    Statement = [{ Effect = "Allow", Action = "iam:PassRole", Resource = "*" }]
    +    Statement = [{
    +      Effect    = "Allow"
    +      Action    = "iam:PassRole"
    +      Resource  = "arn:aws:iam::123456789012:role/web"
    +      Condition = { StringEquals = { "iam:PassedToService" = "ec2.amazonaws.com" } }
    +    }]
    ```
    ```diff yaml
    -          - {Effect: Allow, Action: "iam:PassRole", Resource: "arn:aws:iam::*:role/*"}
    +          - Effect: Allow
    +            Action: iam:PassRole
    +            Resource: "arn:aws:iam::123456789012:role/web"
    +            Condition:
    +              StringEquals: {iam:PassedToService: ec2.amazonaws.com}
    ```

    ## How to mend it
    Name the roles that may be passed, and add a condition on `iam:PassedToService`.

    ## References
    - [IAM roles for Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html)
    - [Grant permissions to pass a role to a service](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html)
    """

    code = "IAM011"
    name = "passrole-any-role"
    severity = Severity.HIGH
    since = "0.1.0"
    types = POLICY_TYPES

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each statement that lets any role be passed, or may."""
        for grant in written_policies(graph):
            for written in passing_of_any_role(grant.document):
                answer = written.answer & reaches_holders(graph, grant, "iam:PassRole")
                if answer.truth is False:
                    continue
                found = written._replace(answer=answer)
                whom = " to EC2" if found.to_ec2 else ""
                yield breadth_verdict(
                    grant,
                    found,
                    f"iam:PassRole is allowed on every role{whom}",
                    f"iam:PassRole may be allowed on every role{whom}",
                    Severity.MEDIUM if found.to_ec2 else None,
                )
