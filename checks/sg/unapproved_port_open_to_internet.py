"""SG004: a port that is not approved is open to the internet."""

from collections.abc import Iterator, Mapping

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
        if exposure.ports.keys() - {TCP, UDP, ICMP, ICMPV6} or ALL in exposure.ports:
            return {}  # SG003 reports it
        for name in ("administration", "data store", "legacy"):
            for protocol in (TCP, UDP):
                if port_classes()[name].ports(protocol).overlaps(exposure.on(protocol)):
                    return {}
        return {p: exposure.on(p) - self.allowed_ports for p in (TCP, UDP)}
