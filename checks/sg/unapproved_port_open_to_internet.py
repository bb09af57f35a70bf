from collections.abc import Iterator, Mapping
from functools import partial

from iac_ec2lint.api import Check, Graph, Severity, Verdict, parameter
from iac_ec2lint.api.network import (
    ICMP,
    ICMPV6,
    NO_PORTS,
    TCP,
    UDP,
    Exposure,
    PortSet,
    misnamed_ports,
    port_classes,
)
from iac_ec2lint.api.resources import SecurityGroup, SeparateSecurityGroupRule, UnreadModule
from iac_ec2lint.api.verdicts import handed_to_unread_modules, ports_open_to_internet


class UnapprovedPortOpenToInternet(Check):
    """A group opens to the internet a port that is not on the approved list.

    ## Why it matters
    What is open to everybody should be open on purpose. The approved ports are 80 and 443; a rule
    that a more specific check reports (SSH, databases, ...) is left to that check.

    ## Fails
    ```hcl
    resource "aws_security_group" "game" {
      ingress {
        protocol    = "udp"
        from_port   = 27015
        to_port     = 27015
        cidr_blocks = ["0.0.0.0/0"]
      }
    }
    ```
    ```yaml
    Resources:
      Game:
        Type: AWS::EC2::SecurityGroup
        Properties:
          GroupDescription: Game
          SecurityGroupIngress:
            - {IpProtocol: udp, FromPort: 27015, ToPort: 27015, CidrIp: 0.0.0.0/0}
    ```

    ## Passes
    ```hcl
    resource "aws_security_group" "web" {
      ingress {
        protocol    = "tcp"
        from_port   = 443
        to_port     = 443
        cidr_blocks = ["0.0.0.0/0"]
      }
    }
    ```
    ```diff yaml
    -        - {IpProtocol: udp, FromPort: 27015, ToPort: 27015, CidrIp: 0.0.0.0/0}
    +        - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}
    ```

    ## How to mend it
    Restrict the source, or accept the port with `# ec2lint:ignore=SG004 reason`.

    ## References
    - [Security group rules](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-rules.html)
    """

    code = "SG004"
    name = "unapproved-port-open-to-internet"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (SecurityGroup, SeparateSecurityGroupRule, UnreadModule)
    allowed_ports = parameter.ports(
        default=(80, 443), help="TCP and UDP ports that may be open to the internet."
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each rule that opens a port beyond the approved ones."""
        yield from ports_open_to_internet(
            graph,
            partial(self._unapproved, graph, perhaps=False),
            http=partial(self._unapproved, graph, perhaps=True),
        )
        for handed in handed_to_unread_modules(graph):
            value = handed.open_source(self.allowed_ports)
            if value is not None:
                yield handed.verdict(value, f"ports may be open to {value.text}")

    def _unapproved(
        self, graph: Graph, exposure: Exposure, *, perhaps: bool
    ) -> Mapping[int, PortSet]:
        """The ports that no other check reports, for HTTP is spoken there; ``perhaps``: may be."""
        opened = {p: exposure.on(p) - self.allowed_ports for p in (TCP, UDP)}
        specific = {p: _specific(p) for p in opened}
        if specific[TCP].overlaps(opened[TCP]):
            misnamed = misnamed_ports(graph, exposure.group)
            specific[TCP] -= misnamed.possible if perhaps else misnamed.sure
        if not exposure.causes:
            return {} if _is_left(exposure.ports, specific) else opened
        # Of what is not known, the approved ports and those of other checks are parts.
        if all(_is_left(read.lower, specific) for read in exposure.rules):
            return {}
        return opened if any(opened[p] - specific[p] for p in opened) else {}


def _is_left(ports: Mapping[int, PortSet], specific: Mapping[int, PortSet]) -> bool:
    """Whether a more specific check reports what opens these ports."""
    if any(covered and p not in {TCP, UDP, ICMP, ICMPV6} for p, covered in ports.items()):
        return True  # SG003
    return any(own.overlaps(ports.get(p, NO_PORTS)) for p, own in specific.items())


def _specific(protocol: int) -> PortSet:
    """The ports that more specific checks report."""
    ports = NO_PORTS
    for name in ("administration", "data store", "legacy", "alternative web"):
        ports |= port_classes()[name].ports(protocol)
    return ports
