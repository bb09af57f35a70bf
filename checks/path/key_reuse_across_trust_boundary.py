from collections.abc import Iterator

from iac_ec2lint.api import Check, Confidence, Evidence, Graph, Question, Severity, Verdict
from iac_ec2lint.api.attack import SharedKey, shared_keys
from iac_ec2lint.api.compute import HOST_TYPES
from iac_ec2lint.api.verdicts import entry_facts, gain_verdict, join_words

_SHOWN = 4
"""Of how many hosts inside the way is shown."""


class KeyReuseAcrossTrustBoundary(Check):
    """A key pair of an internet-reachable host also opens hosts that are not exposed.

    ## Why it matters
    Where one key opens both, whoever has the key of the exposed host, or finds it there in an
    agent or a file, goes on to the hosts inside without any further obstacle.

    Key pairs are the same where they are one resource, have one name, or one public key. The first
    host is reached as PATH001 has it; the second is not reached from the internet and admits SSH
    from the first, by its group or by a range.

    ## Fails
    On [docs/stages/public-instance](../stages/README.md), an instance that the internet reaches
    over HTTPS: SSH as well, and one key pair for it and for an instance inside:
    ```diff hcl stage=public-instance
    +resource "aws_vpc_security_group_ingress_rule" "ssh" {
    +  security_group_id = aws_security_group.host.id
    +  cidr_ipv4         = "0.0.0.0/0"
    +  ip_protocol       = "tcp"
    +  from_port         = 22
    +  to_port           = 22
    +}
    +resource "aws_vpc_security_group_ingress_rule" "ssh_inside" {
    +  security_group_id            = aws_security_group.inside.id
    +  referenced_security_group_id = aws_security_group.host.id
    +  ip_protocol                  = "tcp"
    +  from_port                    = 22
    +  to_port                      = 22
    +}
    +resource "aws_security_group" "inside" {
    +  vpc_id = aws_vpc.main.id
    +}
    +resource "aws_instance" "inside" {
    +  ami                    = "ami-0123456789abcdef0"
    +  instance_type          = "t3.micro"
    +  subnet_id              = aws_subnet.private.id
    +  key_name               = "operations"
    +  vpc_security_group_ids = [aws_security_group.inside.id]
    +}
     resource "aws_instance" "host" {
       vpc_security_group_ids = [aws_security_group.host.id]
    +  key_name               = "operations"
    ```
    ```diff yaml stage=public-instance
     Resources:
    +  Ssh:
    +    Type: AWS::EC2::SecurityGroupIngress
    +    Properties:
    +      GroupId: !Ref HostGroup
    +      CidrIp: 0.0.0.0/0
    +      IpProtocol: tcp
    +      FromPort: 22
    +      ToPort: 22
    +  SshInside:
    +    Type: AWS::EC2::SecurityGroupIngress
    +    Properties:
    +      GroupId: !Ref InsideGroup
    +      SourceSecurityGroupId: !Ref HostGroup
    +      IpProtocol: tcp
    +      FromPort: 22
    +      ToPort: 22
    +  InsideGroup:
    +    Type: AWS::EC2::SecurityGroup
    +    Properties:
    +      GroupDescription: Inside
    +      VpcId: !Ref Vpc
    +  Inside:
    +    Type: AWS::EC2::Instance
    +    Properties:
    +      ImageId: ami-0123456789abcdef0
    +      KeyName: operations
    +      SubnetId: !Ref PrivateSubnet
    +      SecurityGroupIds: [!Ref InsideGroup]
       Host:
             HttpTokens: required
    +      KeyName: operations
    ```

    ## Passes
    ```diff hcl
     resource "aws_instance" "inside" {
    -  key_name               = "operations"
    +  key_name               = "inside"
    ```
    ```diff yaml
       Inside:
    -      KeyName: operations
    +      KeyName: inside
    ```

    ## How to mend it
    Give the exposed host its own key pair.

    ## References
    - [Amazon EC2 key pairs and Amazon EC2 instances](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-key-pairs.html)
    """

    code = "PATH011"
    name = "key-reuse-across-trust-boundary"
    severity = Severity.HIGH
    since = "0.1.0"
    asks = Question(("internet",), ("reaches",), ("host",))
    types = HOST_TYPES
    supersedes = ("KEY002",)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each exposed host whose key pair opens hosts inside."""
        for key in shared_keys(graph):
            yield _verdict(graph, key, self.severity)


def _verdict(graph: Graph, key: SharedKey, severity: Severity) -> Verdict:
    entry, facts = key.entry, entry_facts(graph, key.entry)
    answer = entry.answer & key.answer
    undecided = answer.truth is None
    names = [opened.resource.address for opened in key.opened]
    own_key = Evidence(key.place.span, "give it a key pair of its own", key.place.resource)
    return gain_verdict(
        entry.resource,
        (facts.place, facts.declaring),
        f"the key pair of {entry.resource.address}, which anyone on the internet can reach "
        f"over SSH, {'may also open' if undecided else 'also opens'} {join_words(names)}",
        answer,
        hops=(
            *facts.evidence,
            key.place,
            *(hop for opened in key.opened[:_SHOWN] for hop in opened.hops),
        ),
        edits=() if undecided else facts.edits((own_key,)),
        value=facts.identity,
        ends=[name for opened in key.opened for name in opened.alike],
        severity=entry.lowered(severity),
        confidence=Confidence.POSSIBLE if undecided else entry.confidence,
    )
