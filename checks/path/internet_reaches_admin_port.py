from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Question, Severity, Verdict
from iac_ec2lint.api.attack import entries
from iac_ec2lint.api.compute import HOST_TYPES
from iac_ec2lint.api.network import port_classes
from iac_ec2lint.api.verdicts import describe_services, reach_verdict


class InternetReachesAdminPort(Check):
    """The internet can reach an administration port of an instance, shown hop by hop.

    ## Why it matters
    An open rule alone may reach nothing. Here every hop lets the internet through: the address, the
    attached internet gateway, the route, the network ACL both ways, the groups, and Block Public
    Access. Whoever holds a stolen key, guesses a password or knows a flaw of the service gets in.

    IPv4 and IPv6 are judged apart, so that a "private" instance with an IPv6 address counts. Ways
    through Network Load Balancers count like direct ones. There is one finding for each workload
    and way in; the other ports that are open there are listed in it. It ends with the changes that
    break the path. Where only the placement is unknown, it is undecided and less severe.

    ## Fails
    On [docs/stages/public-instance](../stages/README.md), an instance that the internet reaches
    over HTTPS: one more rule:
    ```diff hcl stage=public-instance
    +resource "aws_vpc_security_group_ingress_rule" "ssh" {
    +  security_group_id = aws_security_group.host.id
    +  cidr_ipv4         = "0.0.0.0/0"
    +  ip_protocol       = "tcp"
    +  from_port         = 22
    +  to_port           = 22
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
    Remove the internet as a source of the administration port. Session Manager and an Instance
    Connect endpoint reach the host without an open port.

    ## References
    - [Infrastructure security in Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/infrastructure-security.html)
    - [Internet access with an internet gateway](https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html)
    """

    code = "PATH001"
    name = "internet-reaches-admin-port"
    severity = Severity.CRITICAL
    since = "0.1.0"
    asks = Question(("internet",), ("reaches",), ("host",), ports=("administration",))
    accepted_with_rules = True
    types = HOST_TYPES
    supersedes = ("SG001", "SG002", "SG003", "SG006", "SG007", "NET001", "PATH002", "PATH003")

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each workload and way in whose administration ports are open."""
        services = port_classes()[self.asks.ports[0]]
        for entry in entries(graph, self.asks.counts, http=False):
            what = f"{describe_services(entry.ports, services)} of {entry.resource.address}"
            yield reach_verdict(graph, entry, self.severity, what)
