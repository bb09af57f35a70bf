from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Question, Severity, Verdict, parameter
from iac_ec2lint.api.attack import Pivot, pivots
from iac_ec2lint.api.compute import HOST_TYPES
from iac_ec2lint.api.verdicts import gain_verdict, hop_evidence, join_words, less_severe


class ExposedHostReachesDataTier(Check):
    """From an internet-reachable host an attacker can go straight to the data tier, or on to it over administration ports.

    ## Why it matters
    A host that the internet reaches is taken over sooner or later. What counts then is what it
    reaches: group references, ranges, network ACLs and routes are followed from it, over peering
    connections and through transit gateways too, to hosts, managed data stores and brokers of
    messages that are not exposed themselves, or only through the front of an application.

    It fails where an exposed host gets on to a data store's port directly, or to anything on an
    administration port or on all ports; further on, in at most `max_hops` steps, where the chain
    ends at the data tier and some step of it is such a one. What stands behind an application load
    balancer alone, each step limited to its service's port, passes.

    ## Fails
    On [docs/stages/public-instance](../stages/README.md), an instance that the internet reaches
    over HTTPS: a database beside it, which lets it in:
    ```diff hcl stage=public-instance
    +resource "aws_vpc_security_group_ingress_rule" "postgres" {
    +  security_group_id            = aws_security_group.database.id
    +  referenced_security_group_id = aws_security_group.host.id
    +  ip_protocol                  = "tcp"
    +  from_port                    = 5432
    +  to_port                      = 5432
    +}
    +resource "aws_security_group" "database" {
    +  vpc_id = aws_vpc.main.id
    +}
    +resource "aws_instance" "database" {
    +  ami                    = "ami-0123456789abcdef0"
    +  instance_type          = "t3.micro"
    +  subnet_id              = aws_subnet.private.id
    +  vpc_security_group_ids = [aws_security_group.database.id]
    +}
    ```
    ```diff yaml stage=public-instance
     Resources:
    +  Postgres:
    +    Type: AWS::EC2::SecurityGroupIngress
    +    Properties:
    +      GroupId: !Ref DatabaseGroup
    +      SourceSecurityGroupId: !Ref HostGroup
    +      IpProtocol: tcp
    +      FromPort: 5432
    +      ToPort: 5432
    +  DatabaseGroup:
    +    Type: AWS::EC2::SecurityGroup
    +    Properties:
    +      GroupDescription: Database
    +      VpcId: !Ref Vpc
    +  Database:
    +    Type: AWS::EC2::Instance
    +    Properties:
    +      ImageId: ami-0123456789abcdef0
    +      SubnetId: !Ref PrivateSubnet
    +      SecurityGroupIds: [!Ref DatabaseGroup]
    ```

    ## Passes
    The same with only the private subnet let in:
    ```diff hcl
     resource "aws_vpc_security_group_ingress_rule" "postgres" {
    -  referenced_security_group_id = aws_security_group.host.id
    +  cidr_ipv4         = "10.0.2.0/24"
    ```
    ```diff yaml
       Postgres:
    -      SourceSecurityGroupId: !Ref HostGroup
    +      CidrIp: 10.0.2.0/24
    ```

    ## How to mend it
    Insert an application tier, and limit each hop to its service's port by group reference.

    ## References
    - [Security group rules](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-rules.html)
    - [Amazon EC2 security groups](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-security-groups.html)
    """  # noqa: E501 - the summary is one line

    code = "PATH007"
    name = "exposed-host-reaches-data-tier"
    severity = Severity.HIGH
    since = "0.1.0"
    asks = Question(("internet",), ("reaches",), ("host", "store"), longest="max_hops")
    types = HOST_TYPES
    max_hops = parameter.integer(
        default=3, minimum=1, maximum=8, help="The most steps from the exposed host to the data."
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each exposed host and what it gets on to."""
        for pivot in pivots(graph, self.max_hops):
            if pivot.end not in self.asks.ends:
                continue
            yield _verdict(pivot, self.severity)


def _verdict(pivot: Pivot, highest: Severity) -> Verdict:
    entry, facts, undecided = pivot.entry, pivot.facts, pivot.answer.truth is None
    first = [step.words for step in pivot.before]
    ends = [step.words for step in pivot.last]
    severity = highest if pivot.administered else less_severe(highest, 1)
    if entry.undecided:
        severity = entry.lowered(severity)
    elif undecided:
        severity = less_severe(severity, 1)
    return gain_verdict(
        entry.resource,
        (facts.place, facts.declaring),
        f"anyone on the internet who takes over {entry.resource.address} "
        f"{'may get' if undecided else 'can get'} on to "
        f"{', then '.join((*first, join_words(ends)))}",
        pivot.answer,
        hops=(*facts.evidence, *hop_evidence(pivot.hops)),
        edits=() if undecided else facts.edits(pivot.edits),
        value=" ".join((facts.identity, "to", *(f"{words}, then" for words in first))),
        ends=[end for step in pivot.last for end in step.ends],
        severity=severity,
        confidence=pivot.confidence,
    )
