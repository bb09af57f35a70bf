"""SG003: all ports or protocols open to the internet."""

from collections.abc import Iterator, Mapping

from iac_ec2lint.api import Check, Graph, Severity, Verdict, name_lists
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
    compliance = name_lists(
        security_hub="EC2.13 EC2.14 EC2.18 EC2.19 EC2.53 EC2.54",
        cis_aws="3.0:5.2 3.0:5.3 4.0:5.3 4.0:5.4 5.0:5.3 5.0:5.4",
        nist_800_53_r5=(
            "AC-4 AC-4(21) CA-9(1) CM-2 CM-2(2) CM-7 SC-7 SC-7(4) SC-7(5) SC-7(11) SC-7(16) "
            "SC-7(21)"
        ),
        pci_dss="4.0:1.2.5 4.0:1.2.8 4.0:1.3.1 4.0:1.3.2 4.0:1.4.2 4.0:1.5.1 4.0:2.2.5 4.0:A1.1.3",
        aws_config=(
            "restricted-ssh restricted-common-ports vpc-sg-open-only-to-authorized-ports "
            "vpc-sg-port-restriction-check"
        ),
    )
    peers = name_lists(
        checkov="CKV_AWS_277",
        terrascan="AC_AWS_0231 AC_AWS_0275 AC_AWS_0478 AC_AWS_0489",
        cfn_nag="W42",
        guard="SECURITY_GROUP_INGRESS_ALL_PROTOCOLS_RULE",
        regula="FG_R00044 FG_R00045 FG_R00102 FG_R00103 FG_R00104",
        prowler="ec2_securitygroup_allow_ingress_from_internet_to_all_ports",
    )
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
