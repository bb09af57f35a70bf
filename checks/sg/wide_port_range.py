from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Resource, Severity, Verdict, parameter
from iac_ec2lint.api.network import (
    ALL,
    TCP,
    UDP,
    USABLE_PORTS,
    PortSet,
    RuleTraffic,
    describe_ports,
    exposures,
    group_rules,
)
from iac_ec2lint.api.resources import SecurityGroup, SeparateSecurityGroupRule

_EPHEMERAL = PortSet.of([(1024, 65535)])
_DIRECTIONS = ("ingress", "egress")


class WidePortRange(Check):
    """A rule opens a range of ports instead of the ports in use.

    ## Why it matters
    Between the first and the last port of a range lie services that nobody meant to open: a
    debugger, a second database, whatever is started tomorrow.

    ## Fails
    ```hcl
    resource "aws_security_group" "web" {
      ingress {
        protocol    = "tcp"
        from_port   = 8000
        to_port     = 9000
        cidr_blocks = ["10.0.0.0/16"]
      }
    }
    ```
    ```yaml
    Resources:
      Web:
        Type: AWS::EC2::SecurityGroup
        Properties:
          GroupDescription: Web
          SecurityGroupIngress:
            - IpProtocol: tcp
              FromPort: 8000
              ToPort: 9000
              CidrIp: 10.0.0.0/16
    ```

    ## Passes
    ```diff hcl
    -    from_port   = 8000
    -    to_port     = 9000
    +    from_port   = 8443
    +    to_port     = 8443
    ```
    ```diff yaml
    -          FromPort: 8000
    -          ToPort: 9000
    +          FromPort: 8443
    +          ToPort: 8443
    ```

    ## How to mend it
    Write a rule for each port that is in use.

    ## References
    - [Security group rules](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-rules.html)
    """

    code = "SG014"
    name = "wide-port-range"
    severity = Severity.LOW
    since = "0.1.0"
    types = (SecurityGroup, SeparateSecurityGroupRule)
    default = False
    max_range = parameter.integer(
        default=1, minimum=1, maximum=65536, help="How many ports a rule may open."
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each rule of TCP or UDP that opens more ports than it may."""
        for direction in ("ingress", "egress"):
            elsewhere = {
                id(rule.rule)
                for exposure in exposures(graph, direction)
                for rule in exposure.rules
                if not exposure.causes
            }
            for group in group_rules(graph, direction):
                for read in group.rules:
                    yield from self._examine(
                        group.group, read, direction, reported=id(read.rule) in elsewhere
                    )

    def _examine(
        self, group: Resource, read: RuleTraffic, direction: str, *, reported: bool
    ) -> Iterator[Verdict]:
        if read.one_port:
            return
        for protocol in (TCP, UDP):
            ports = read.lower.get(protocol)
            most = read.upper.get(protocol, read.upper.get(ALL) if read.causes else None)
            if most is None or most.size <= self.max_range:
                continue
            certain = ports is not None and ports.size > self.max_range
            every = certain and ports is not None and ports.covers(USABLE_PORTS)
            if (every and reported) or (direction == "egress" and ports == _EPHEMERAL):
                continue
            if certain or read.causes:
                named = describe_ports(protocol, ports if certain and ports is not None else most)
                yield Verdict(
                    subject=group,
                    resource=read.resource,
                    at=read.rule.place("from_port"),
                    message=f"the range {named} is open"
                    if certain
                    else "a range of ports may be open",
                    undecided=not certain,
                    causes=() if certain else read.causes,
                    value=named,
                )
