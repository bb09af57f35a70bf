from collections.abc import Iterator

from iac_ec2lint.api import Check, Evidence, Graph, Question, Severity, Verdict, parameter
from iac_ec2lint.api.attack import entries_by_launch, roles_behind
from iac_ec2lint.api.compute import HOST_TYPES
from iac_ec2lint.api.iam import grants_beyond, roles_elsewhere
from iac_ec2lint.api.network import NO_PORTS, TCP, UDP, PortSet
from iac_ec2lint.api.verdicts import can, path_verdict, via_words

_EXPECTED = ("AmazonSSMManagedInstanceCore", "CloudWatchAgentServerPolicy")


class ExposedInstanceHasRole(Check):
    """An internet-reachable instance carries an IAM role.

    ## Why it matters
    Whoever gets in to the instance can obtain the credentials of its role, and use them from
    anywhere until they expire. A role that grants no more than the core of Systems Manager and what
    the CloudWatch agent writes passes; one that is declared elsewhere, or in a profile that is, is
    undecided. Web ports (`web_ports`) do not count; what a privileged role comes to there is
    PATH004's.

    ## Fails
    On [docs/stages/public-instance](../stages/README.md), an instance that the internet reaches
    over HTTPS: an open port, and a permission:
    ```diff hcl stage=public-instance
    +resource "aws_vpc_security_group_ingress_rule" "ssh" {
    +  security_group_id = aws_security_group.host.id
    +  cidr_ipv4         = "0.0.0.0/0"
    +  ip_protocol       = "tcp"
    +  from_port         = 22
    +  to_port           = 22
    +}
    +resource "aws_iam_role_policy" "host" {
    +  role = aws_iam_role.host.name
    +  policy = jsonencode({
    +    Statement = [{ Effect = "Allow", Action = "sqs:*", Resource = "*" }]
    +  })
    +}
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
    +  HostPolicy:
    +    Type: AWS::IAM::RolePolicy
    +    Properties:
    +      RoleName: !Ref HostRole
    +      PolicyName: host
    +      PolicyDocument:
    +        Statement:
    +          - {Effect: Allow, Action: "sqs:*", Resource: "*"}
    ```

    ## Passes
    ```diff hcl
     resource "aws_vpc_security_group_ingress_rule" "ssh" {
    -  cidr_ipv4         = "0.0.0.0/0"
    +  cidr_ipv4         = "10.0.0.0/16"
    ```
    ```diff yaml
       Ssh:
    -      CidrIp: 0.0.0.0/0
    +      CidrIp: 10.0.0.0/16
    ```

    ## How to mend it
    Remove the role, or keep only the actions that an edge host needs; or close the way in.

    ## References
    - [IAM roles for Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html)
    """

    code = "PATH005"
    name = "exposed-instance-has-role"
    severity = Severity.MEDIUM
    web_ports = parameter.WEB_PORTS
    since = "0.1.0"
    asks = Question(("internet",), ("reaches",), ("principal",))
    accepted_with_rules = True
    types = HOST_TYPES

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each way in and each role behind it."""
        for entry in entries_by_launch(graph, self._counts, balanced=False):
            host, via = entry.resource.address, via_words(entry)
            for held in roles_behind(graph, entry):
                beyond = grants_beyond(held.role, _EXPECTED)
                answer = held.answer & beyond
                if answer.truth is False:
                    continue
                role = held.role.resource
                has = "has" if held.answer.truth else "may have"
                unclear = "" if beyond.truth else ", of which it is not known what it allows"
                yield path_verdict(
                    graph,
                    entry,
                    f"anyone on the internet {can(entry.answer)} reach {host}, which {has} "
                    f"{held.role.name}{unclear}{via and ','}{via}",
                    answer,
                    severity=self.severity,
                    hops=held.hops,
                    edits=(Evidence(role.span, "take from the role what it does not need"),),
                    target=role.address,
                    also=(role,),
                )
            for elsewhere in roles_elsewhere(graph, entry):
                yield path_verdict(
                    graph,
                    entry,
                    f"anyone on the internet {can(entry.answer)} reach {host}, which has "
                    f"{elsewhere.words}, of which it is not known what it allows{via and ','}{via}",
                    elsewhere.answer,
                    severity=self.severity,
                    hops=elsewhere.hops,
                    edits=(),
                    target=elsewhere.words,
                )

    def _counts(self, protocol: int, ports: PortSet) -> PortSet:
        if protocol == TCP:
            return ports - self.web_ports
        return ports if protocol == UDP else NO_PORTS
