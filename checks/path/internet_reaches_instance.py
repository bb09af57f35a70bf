from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Question, Severity, Verdict, parameter
from iac_ec2lint.api.attack import entries
from iac_ec2lint.api.compute import HOST_TYPES
from iac_ec2lint.api.network import ICMP, ICMPV6, NO_PORTS, TCP, PortSet
from iac_ec2lint.api.verdicts import describe_open_ports, reach_verdict


class InternetReachesInstance(Check):
    """An instance is reachable from the internet on some port, shown hop by hop.

    ## Why it matters
    Whatever listens on a reachable port, a flaw in it is the attacker's first foothold.

    The hops are judged as PATH001 does it. Ports of administration and of data stores are left to
    PATH001 and PATH002, and the web's own ports, `web_ports` (80 and 443), to PATH004, which asks
    what can be had from there. ICMP is no port. Hosts that carry the tag that `edge_tag` names are
    meant to be at the edge and pass.

    ## Fails
    On [docs/stages/public-instance](../stages/README.md), an instance that the internet reaches
    over HTTPS: one more rule:
    ```diff hcl stage=public-instance
    +resource "aws_vpc_security_group_ingress_rule" "game" {
    +  security_group_id = aws_security_group.host.id
    +  cidr_ipv4         = "0.0.0.0/0"
    +  ip_protocol       = "tcp"
    +  from_port         = 7777
    +  to_port           = 7777
    +}
    ```
    ```diff yaml stage=public-instance
     Resources:
    +  Game:
    +    Type: AWS::EC2::SecurityGroupIngress
    +    Properties:
    +      GroupId: !Ref HostGroup
    +      CidrIp: 0.0.0.0/0
    +      IpProtocol: tcp
    +      FromPort: 7777
    +      ToPort: 7777
    ```

    ## Passes
    ```diff hcl
     resource "aws_vpc_security_group_ingress_rule" "game" {
    -  cidr_ipv4         = "0.0.0.0/0"
    +  cidr_ipv4         = "10.0.0.0/16"
    ```
    ```diff yaml
       Game:
    -      CidrIp: 0.0.0.0/0
    +      CidrIp: 10.0.0.0/16
    ```

    ## How to mend it
    Move the instance to a private subnet behind a load balancer, or limit the source.

    ## References
    - [Infrastructure security in Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/infrastructure-security.html)
    - [Internet access with an internet gateway](https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html)
    """

    code = "PATH003"
    name = "internet-reaches-instance"
    severity = Severity.MEDIUM
    since = "0.1.0"
    asks = Question(("internet",), ("reaches",), ("host",), but=("administration", "data store"))
    accepted_with_rules = True
    types = HOST_TYPES
    supersedes = ("NET001", "SG003", "SG004", "SG006", "SG007")
    web_ports = parameter.WEB_PORTS
    edge_tag = parameter.text(
        default="", help="A tag whose key marks hosts that are meant to be reached, which pass."
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each workload and way in that is open on any other port."""
        for entry in entries(graph, self._counts, http=True):
            if not self.edge_tag or self.edge_tag not in entry.resource.tags:
                what = f"{describe_open_ports(entry.ports)} of {entry.resource.address}"
                yield reach_verdict(graph, entry, self.severity, what)

    def _counts(self, protocol: int, ports: PortSet) -> PortSet:
        if protocol in (ICMP, ICMPV6):
            return NO_PORTS
        ports = self.asks.counts(protocol, ports)
        return ports - self.web_ports if protocol == TCP else ports
