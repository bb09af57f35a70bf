from collections.abc import Iterator

from iac_ec2lint.api import Check, Edge, Evidence, Graph, Severity, Verdict, require
from iac_ec2lint.api.groups import GroupUse, group_uses, may_be_used
from iac_ec2lint.api.resources import SecurityGroup, SeparateSecurityGroupRule


class GroupUnusedOrDangling(Check):
    """A security group protects nothing, or a rule trusts a group that nothing uses.

    ## Why it matters
    A rule that trusts a group without members trusts whoever joins it later, and nobody will look
    at the rule again then. A group that nothing has is kept because nobody dares to remove it.

    A group whose id leaves the module through an output, or is named where nothing is judged, is
    undecided: once, with the rules that name it.

    ## Fails
    ```hcl
    resource "aws_security_group" "old" {
      name = "old"
    }
    ```
    ```yaml
    Resources:
      Old:
        Type: AWS::EC2::SecurityGroup
        Properties:
          GroupDescription: Old
    ```

    ## Passes
    ```hcl
    resource "aws_security_group" "web" {
      name = "web"
    }

    resource "aws_instance" "web" {
      vpc_security_group_ids = [aws_security_group.web.id]
    }
    ```
    ```diff yaml
           GroupDescription: Old
    +  Instance:
    +    Type: AWS::EC2::Instance
    +    Properties:
    +      ImageId: ami-0123456789abcdef0
    +      SecurityGroupIds: [!Ref Old]
    ```

    ## How to mend it
    Delete the group, or the rule that names it.

    ## References
    - [Amazon EC2 security groups for your EC2 instances](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-security-groups.html)
    - [Delete security groups](https://docs.aws.amazon.com/vpc/latest/userguide/deleting-security-groups.html)
    """

    code = "SG018"
    name = "group-unused-or-dangling"
    severity = Severity.LOW
    since = "0.1.0"
    types = (SecurityGroup, SeparateSecurityGroupRule)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each group that nothing has, and each rule that trusts such a one."""
        for use in group_uses(graph):
            trusting = [one for one in use.named_by if may_be_used(graph, one[1])]
            fact = f"{use.group.address} is the group that is trusted"
            hop = Evidence(use.group.span, fact, use.group.address)
            if use.used.truth is None:
                yield _perhaps_unused(use, [edge for _, edge in trusting])
                continue
            for rule, edge in trusting:
                yield from require(
                    use.used,
                    of=edge.source,
                    at=rule.place("groups", edge.value),
                    otherwise=f"the rule names {use.group.address}, which nothing has",
                    evidence=(hop,),
                )
            if not trusting:
                yield from require(
                    use.used,
                    of=use.group,
                    at=use.group,
                    otherwise="nothing has the group, and no rule of a used group names it",
                )


def _perhaps_unused(use: GroupUse, naming: list[Edge]) -> Verdict:
    """One group that something may have is one thing to find out, however many rules name it."""
    return Verdict(
        subject=use.group,
        at=use.group,
        message="nothing may have the group" + (", which rules name" if naming else ""),
        undecided=True,
        causes=use.used.causes,
        evidence=tuple(
            Evidence(edge.value.span, "a rule names the group here", edge.source.address)
            for edge in naming
        ),
    )
