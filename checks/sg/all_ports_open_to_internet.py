from collections.abc import Iterator, Mapping

from iac_ec2lint.api import Check, Graph, Severity, Verdict
from iac_ec2lint.api.network import (
    ALL,
    ICMP,
    ICMPV6,
    NO_PORTS,
    TCP,
    UDP,
    USABLE_PORTS,
    Exposure,
    PortSet,
    describe_ports,
    exposures_of_all,
    heard_ports,
    port_classes,
)
from iac_ec2lint.api.resources import SecurityGroup, SeparateSecurityGroupRule
from iac_ec2lint.api.verdicts import describe_every_port, exposure_verdict, join_words

_WORST = ("administration", "data store")


class AllPortsOpenToInternet(Check):
    """A group admits every port or protocol from the internet.

    ## Why it matters
    Nothing is filtered: each service that the host runs, now or later, can be reached by anybody,
    and so can those that were meant for the host alone.

    A protocol other than TCP, UDP and ICMP counts too, since AWS ignores ports for it: as medium,
    for few services speak it (ESP, GRE). So do rules that open all ports only together.

    Where load balancers or managed data stores alone carry the group, the internet reaches nothing
    but the ports that they listen on, and the severity is that of these.

    ## Fails
    ```hcl
    resource "aws_security_group" "open" {
      ingress {
        protocol    = "-1"
        from_port   = 0
        to_port     = 0
        cidr_blocks = ["0.0.0.0/0"]
      }
    }
    ```
    ```yaml
    Resources:
      Open:
        Type: AWS::EC2::SecurityGroup
        Properties:
          GroupDescription: Open
          SecurityGroupIngress:
            - {IpProtocol: "-1", CidrIp: 0.0.0.0/0}
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
    -        - {IpProtocol: "-1", CidrIp: 0.0.0.0/0}
    +        - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}
    ```

    ## How to mend it
    Open only the ports that the service uses, to the sources that need them.

    ## References
    - [Security group rules](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-rules.html)
    - [IpPermission](https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html)
    """

    code = "SG003"
    name = "all-ports-open-to-internet"
    severity = Severity.CRITICAL
    since = "0.1.0"
    types = (SecurityGroup, SeparateSecurityGroupRule)
    supersedes = ("SG001", "SG002", "SG004", "SG005", "SG006", "SG007", "SG008")

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each rule that opens all, or for rules of a group that do so together."""
        for exposure in exposures_of_all(graph, _all_ports):
            yield _verdict(graph, exposure)


def _all_ports(exposure: Exposure) -> Mapping[int, PortSet]:
    """The protocols of which every port is open, with the ports."""
    every = exposure.ports.get(ALL)
    if every:
        return {ALL: every}
    return {
        protocol: ports
        for protocol, ports in exposure.ports.items()
        if protocol not in {ICMP, ICMPV6}
        and (ports.covers(USABLE_PORTS) if protocol in {TCP, UDP} else ports)
    }


def _verdict(graph: Graph, exposure: Exposure) -> Verdict:
    ports = _all_ports(exposure)
    severity, besides = _heard(graph, exposure, ports)
    if not severity and not ports.keys() & {ALL, TCP, UDP}:
        severity = Severity.MEDIUM
    what = describe_every_port(ports)
    return exposure_verdict(graph, exposure, what, ports, severity=severity, besides=besides)


def _heard(
    graph: Graph, exposure: Exposure, ports: Mapping[int, PortSet]
) -> tuple[Severity | None, str]:
    """How bad it is where all that has the group listens on ports that are known, and on which."""
    heard = heard_ports(graph, exposure.group)
    reached = {
        protocol: shared
        for protocol, own in (heard or {}).items()
        if (shared := own & ports.get(protocol, ports.get(ALL, NO_PORTS)))
    }
    if not reached:
        return None, ""
    levels = [_level(protocol, own) for protocol, own in sorted(reached.items())]
    words = join_words([describe_ports(protocol, own) for protocol, own in sorted(reached.items())])
    return min(levels, key=lambda level: level.rank), f", and what carries it listens on {words}"


def _level(protocol: int, ports: PortSet) -> Severity:
    """How bad it is that the internet reaches some ports (semantics.md, C4)."""
    classes = port_classes()
    if any(ports.overlaps(classes[name].ports(protocol)) for name in _WORST):
        return Severity.CRITICAL
    return Severity.MEDIUM if ports - classes["web"].ports(protocol) else Severity.LOW
