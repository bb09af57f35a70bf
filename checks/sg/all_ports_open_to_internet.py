"""SG003: all ports or protocols open to the internet."""

from collections.abc import Iterator, Mapping
from itertools import groupby

from iac_ec2lint.api import (
    ALL,
    ICMP,
    ICMPV6,
    TCP,
    UDP,
    Check,
    Exposure,
    Graph,
    PortSet,
    Severity,
    Verdict,
    coexisting,
    every_port_of,
    exposed,
    exposures,
    joined,
)

_USABLE_PORTS = PortSet.of([(1, 65535)])


class AllPortsOpenToInternet(Check):
    """A group admits every port or protocol from the internet.

    ## Why it matters
    Nothing is filtered: each service that the host runs, now or later, can be reached by anybody,
    and so can those that were meant for the host alone.

    A protocol other than TCP, UDP and ICMP counts too, since AWS ignores ports for it, and so do
    rules that open all ports only together.

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
    supersedes = ("SG001", "SG002", "SG004", "SG005", "SG006", "SG007", "SG008")

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each rule that opens all, or for rules of a group that do so together."""
        for _, of_group in groupby(exposures(graph), key=lambda e: e.group.address):
            parts = list(of_group)
            certain = [part for part in parts if not part.causes]
            alone = [part for part in parts if _all_ports(part)]
            opened = [
                joined(each)
                for each in coexisting(certain)
                if not any(part in alone for part in each) and _all_ports(joined(each))
            ]
            for part in (*alone, *opened):
                yield _verdict(graph, part)
            if not any(not part.causes and not part.when for part in (*alone, *opened)):
                for part in _perhaps(certain, [p for p in parts if p.causes and p not in alone]):
                    yield _verdict(graph, part)


def _perhaps(certain: list[Exposure], possible: list[Exposure]) -> list[Exposure]:
    """What may open all beside what is certainly open: each by itself, else several together."""

    def beside(parts: list[Exposure]) -> Exposure:
        when = max(part.when for part in parts)
        return joined([*parts, *(part for part in certain if part.when in {"", when})])

    found = [whole for part in possible if _all_ports(whole := beside([part]))]
    if not found and len(possible) > 1:
        every = (beside(parts) for parts in coexisting(possible))
        found = [whole for whole in every if _all_ports(whole)][:1]
    return found


def _all_ports(exposure: Exposure) -> Mapping[int, PortSet]:
    """The protocols of which every port is open, with the ports."""
    every = exposure.ports.get(ALL)
    if every:
        return {ALL: every}
    return {
        protocol: ports
        for protocol, ports in exposure.ports.items()
        if protocol not in {ICMP, ICMPV6}
        and (ports.covers(_USABLE_PORTS) if protocol in {TCP, UDP} else ports)
    }


def _verdict(graph: Graph, exposure: Exposure) -> Verdict:
    ports = _all_ports(exposure)
    return exposed(graph, exposure, every_port_of(ports), ports)
