"""SG004: a port that is not approved is open to the internet."""

from collections.abc import Iterator, Mapping

from iac_ec2lint.api import (
    ICMP,
    ICMPV6,
    NO_PORTS,
    TCP,
    UDP,
    Check,
    Exposure,
    Graph,
    PortSet,
    Severity,
    Verdict,
    port_classes,
    ports_open_to_internet,
)


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
    Restrict the source, or accept the port with `# ec2lint:ignore=SG004 reason` after review.

    ## References
    - [Security group rules](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-rules.html)
    """

    code = "SG004"
    name = "unapproved-port-open-to-internet"
    severity = Severity.MEDIUM
    since = "0.1.0"
    allowed_ports = PortSet.of([(80, 80), (443, 443)])

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each rule that opens a port beyond the approved ones."""
        yield from ports_open_to_internet(graph, self._unapproved)

    def _unapproved(self, exposure: Exposure) -> Mapping[int, PortSet]:
        opened = {p: exposure.on(p) - self.allowed_ports for p in (TCP, UDP)}
        if not exposure.causes:
            return {} if _is_left(exposure.ports) else opened
        # Of what is not known, the approved ports and those of other checks are parts.
        if all(_is_left(read.lower) for read in exposure.rules):
            return {}
        specific = {p: _specific(p) for p in opened}
        return opened if any(opened[p] - specific[p] for p in opened) else {}


def _is_left(ports: Mapping[int, PortSet]) -> bool:
    """Whether a more specific check reports what opens these ports."""
    if any(covered and p not in {TCP, UDP, ICMP, ICMPV6} for p, covered in ports.items()):
        return True  # SG003
    return any(_specific(p).overlaps(ports.get(p, NO_PORTS)) for p in (TCP, UDP))


def _specific(protocol: int) -> PortSet:
    """The ports that more specific checks report."""
    ports = NO_PORTS
    for name in ("administration", "data store", "legacy"):
        ports |= port_classes()[name].ports(protocol)
    return ports
