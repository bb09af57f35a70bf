from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Presence, Resource, Severity, Unknown, Verdict
from iac_ec2lint.api.network import is_default_group
from iac_ec2lint.api.resources import (
    SecurityGroup,
    SecurityGroupDataSource,
    SeparateSecurityGroupRule,
    Vpc,
)


class DefaultGroupNotRestricted(Check):
    """The default security group of a VPC allows traffic.

    ## Why it matters
    What is launched without naming a group gets the default one. AWS makes it so that its members
    reach one another on every port and connect anywhere; what lands in it by mistake is open.

    Terraform can adopt the group and empty it. CloudFormation cannot, so there only rules that add
    to the group fail.

    ## Fails
    ```hcl
    resource "aws_vpc" "main" {
      cidr_block = "10.0.0.0/16"
    }
    ```
    ```yaml
    Resources:
      Vpc:
        Type: AWS::EC2::VPC
        Properties:
          CidrBlock: 10.0.0.0/16
      Https:
        Type: AWS::EC2::SecurityGroupIngress
        Properties:
          GroupId: !GetAtt Vpc.DefaultSecurityGroup
          IpProtocol: tcp
          FromPort: 443
          ToPort: 443
          CidrIp: 10.0.0.0/16
    ```

    ## Passes
    ```diff hcl
     }
    +resource "aws_default_security_group" "main" {
    +  vpc_id = aws_vpc.main.id
    +}
    ```
    ```diff yaml
       Https:
    -      GroupId: !GetAtt Vpc.DefaultSecurityGroup
    +      GroupId: !Ref Web
           CidrIp: 10.0.0.0/16
    +  Web:
    +    Type: AWS::EC2::SecurityGroup
    +    Properties:
    +      GroupDescription: Web
    +      VpcId: !Ref Vpc
    ```

    ## How to mend it
    Declare `aws_default_security_group` for the VPC, without rules.

    ## References
    - [Default security groups](https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html)
    """

    code = "SG016"
    name = "default-group-not-restricted"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (SecurityGroup, SecurityGroupDataSource, SeparateSecurityGroupRule, Vpc)
    supplied_by = ("aws_default_security_group",)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each rule of a default group, and for each VPC whose group is untouched."""
        for group in graph.all(SecurityGroup):
            if not group.is_default:
                continue
            for rule in (*group.ingress, *group.egress):
                cause = None if rule.presence.when else rule.presence.cause
                yield Verdict(
                    subject=group,
                    at=rule,
                    message="the default security group has a rule",
                    undecided=cause is not None,
                    causes=() if cause is None else (cause,),
                    value=rule.path.split("[")[0],
                )
        for separate in graph.all(SeparateSecurityGroupRule):
            edges = graph.targets(separate, "security_group")
            answers = [(edge, is_default_group(edge.target)) for edge in edges]
            default = [
                edge.target
                for edge, answer in answers
                if edge.target is not None and answer.may_be_true
            ]
            if default:
                certain = all(answer.truth for _, answer in answers)
                causes = [cause for _, answer in answers for cause in answer.causes] or [
                    edge.value for edge in edges if isinstance(edge.value, Unknown)
                ]
                yield Verdict(
                    subject=default[0],
                    resource=separate,
                    at=separate.place("security_group"),
                    message=f"a rule {'is' if certain else 'may be'} added to the default group",
                    undecided=not certain,
                    causes=() if certain else tuple(causes),
                    value=separate.direction.text or "?",
                )
        yield from self._untouched(graph)

    def _untouched(self, graph: Graph) -> Iterator[Verdict]:
        unknown = [
            edge.value.reason
            for edge in graph.unresolved("vpc")
            if _adopts(edge.source) and isinstance(edge.value, Unknown)
        ]
        for vpc in graph.all(Vpc):
            if not vpc.default_group_can_be_adopted:
                continue
            adopters = [e.source for e in graph.sources(vpc, "vpc") if _adopts(e.source)]
            if vpc.is_default:
                adopters += [g for g in graph.all(SecurityGroup) if _adopts(g) and g.vpc is None]
            if any(_is_there_with(adopter.presence, vpc.presence) for adopter in adopters):
                continue
            causes = tuple(a.presence.cause for a in adopters if a.presence.cause is not None)
            yield Verdict(
                subject=vpc,
                at=vpc,
                message="the default security group of the VPC keeps AWS's rules",
                undecided=bool(unknown or causes),
                causes=causes,
                missing=tuple(unknown),
            )


def _adopts(resource: Resource) -> bool:
    return isinstance(resource, SecurityGroup) and resource.is_default


def _is_there_with(adopter: Presence, vpc: Presence) -> bool:
    """Whether what adopts a VPC's group is there whenever the VPC is."""
    return adopter.certain or (adopter.when == vpc.when != "")
