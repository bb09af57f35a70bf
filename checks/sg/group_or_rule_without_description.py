from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Resource, Severity, Unknown, Verdict, require
from iac_ec2lint.api.resources import SecurityGroup, SecurityGroupRule, SeparateSecurityGroupRule

_DEFAULT = "Managed by Terraform"
_SAYS_NOTHING = (None, "", _DEFAULT)


class GroupOrRuleWithoutDescription(Check):
    """A security group or rule does not say what it is for.

    ## Why it matters
    Nobody dares to remove a rule that does not say what it is for, so that groups only grow.
    Terraform writes `Managed by Terraform` where a group says nothing.

    ## Fails
    ```hcl
    resource "aws_security_group" "web" {
      name = "web"
    }
    ```
    ```yaml
    Resources:
      Web:
        Type: AWS::EC2::SecurityGroup
        Properties:
          GroupDescription: Web servers
          SecurityGroupIngress:
            - IpProtocol: tcp
              FromPort: 443
              ToPort: 443
              CidrIp: 10.0.0.0/16
    ```

    ## Passes
    ```hcl
    resource "aws_security_group" "web" {
      name        = "web"
      description = "Web servers"

      ingress {
        description = "HTTPS of the office"
        protocol    = "tcp"
        from_port   = 443
        to_port     = 443
        cidr_blocks = ["10.0.0.0/16"]
      }
    }
    ```
    ```diff yaml
    -        - IpProtocol: tcp
    +        - Description: HTTPS of the office
    +          IpProtocol: tcp
    ```

    ## How to mend it
    Write a `description` that says what the group or the rule is for, and whose it is.

    ## References
    - [Security group rules](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-rules.html)
    """

    code = "SG019"
    name = "group-or-rule-without-description"
    severity = Severity.INFO
    since = "0.1.0"
    types = (SecurityGroup, SeparateSecurityGroupRule)
    default = False

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each group and each rule that says, or may say, nothing."""
        for group in graph.all(SecurityGroup):
            if not group.is_default:
                yield from _described(group, group, "group")
            for rule in (*group.ingress, *group.egress):
                yield from _described(group, rule, "rule")
        for separate in graph.all(SeparateSecurityGroupRule):
            yield from _described(separate, separate, "rule")


def _described(
    declaring: Resource, part: SecurityGroup | SecurityGroupRule, what: str
) -> Iterator[Verdict]:
    written = part.description.parts if isinstance(part.description, Unknown) else ()
    if any(isinstance(piece, str) and piece.strip() not in _DEFAULT for piece in written):
        return
    yield from require(
        ~part.equals("description", *_SAYS_NOTHING),
        of=declaring,
        at=part.place("description"),
        otherwise=f"the {what} does not say what it is for",
        perhaps=f"the {what} may not say what it is for",
    )
