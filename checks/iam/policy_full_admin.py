from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict
from iac_ec2lint.api.policies import (
    POLICY_TYPES,
    administration,
    attached_elsewhere,
    bounds_leave_administrators,
    breadth_verdict,
    written_policies,
)
from iac_ec2lint.api.resources import (
    PermissionSetPolicy,
    PolicyAttachment,
    PrincipalPolicyAttachment,
)


class PolicyFullAdmin(Check):
    """A policy in the template grants every action on every resource.

    ## Why it matters
    Whoever has the policy can do anything in the account: read all data, delete it, and give others
    the same. One key of such a user that leaks is the whole account. Access Analyzer and the last
    accessed information say which actions are really used.

    The policy is evaluated, not read as text: `*:*`, two statements that together allow all, and
    `NotAction` of what hardly matters make an administrator like `*`; a Deny in the same policy
    that takes IAM away leaves none. A statement that a condition limits (MFA, a tag) passes,
    and so does one in Regions that IAM is not in: with those of IAM, `us-east-1` among them, a
    Region limits neither who nor what. A policy that is nothing but a permissions boundary grants
    nothing, and passes; so does one that only those have whose own boundaries leave none an
    administrator. `AdministratorAccess` fails where it is attached; for a permission set of IAM
    Identity Center, whose sessions end, at medium.

    ## Fails
    ```hcl
    resource "aws_iam_policy" "deploy" {
      policy = jsonencode({
        Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }]
      })
    }
    ```
    ```yaml
    Resources:
      Deploy:
        Type: AWS::IAM::ManagedPolicy
        Properties:
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: "*", Resource: "*"}
    ```

    ## Passes
    ```diff hcl
    -    Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }]
    +    Statement = [{
    +      Effect   = "Allow"
    +      Action   = ["ec2:StartInstances", "ec2:StopInstances"]
    +      Resource = "arn:aws:ec2:eu-west-1:123456789012:instance/i-0123456789abcdef0"
    +    }]
    ```
    ```diff yaml
    -          - {Effect: Allow, Action: "*", Resource: "*"}
    +          - Effect: Allow
    +            Action: [ec2:StartInstances, ec2:StopInstances]
    +            Resource: arn:aws:ec2:eu-west-1:123456789012:instance/i-0123456789abcdef0
    ```

    ## How to mend it
    Grant named actions on named resources. What is used, IAM Access Analyzer can make a policy of.

    ## References
    - [Identity-based policies for Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-policies-for-amazon-ec2.html)
    - [Apply least-privilege permissions](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html)
    """

    code = "IAM009"
    name = "policy-full-admin"
    severity = Severity.HIGH
    supersedes = ("IAM010", "IAM011", "IAM012", "IAM013")
    since = "0.1.0"
    types = (*POLICY_TYPES, PolicyAttachment, PrincipalPolicyAttachment)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each policy that makes an administrator, or may."""
        for grant in (*written_policies(graph), *attached_elsewhere(graph)):
            found = administration(grant.document)
            # A policy of AWS's that the facts do not have is none of this: it has another name.
            if found is None or (grant.managed is not None and not grant.managed.known):
                continue
            answer = found.answer & bounds_leave_administrators(graph, grant)
            if answer.truth is False:
                continue
            attached = isinstance(grant.resource, PermissionSetPolicy) and grant.managed is not None
            what = "the policy" if grant.managed is None else grant.managed.name
            statement = found.statement
            written = (*(statement.actions or ()), *(statement.not_actions or ()))
            named = {one.text for one in written if one.text is not None}
            every = not named or not named.isdisjoint(("*", "*:*"))
            does = "every action on every resource" if every else "all that makes an administrator"
            yield breadth_verdict(
                grant,
                found._replace(answer=answer),
                f"{what} allows {does}",
                f"{what} may allow every action on every resource",
                Severity.MEDIUM if attached else None,
            )
