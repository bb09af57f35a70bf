from collections.abc import Iterator

from iac_ec2lint.api import (
    Answer,
    Check,
    Graph,
    Place,
    Remark,
    Resource,
    Severity,
    Unknown,
    Verdict,
    require,
)
from iac_ec2lint.api.network import (
    ALL,
    ICMP,
    ICMPV6,
    TCP,
    UDP,
    RuleTraffic,
    group_rules,
    parse_protocol,
    protocol_name,
)
from iac_ec2lint.api.resources import SecurityGroup, SecurityGroupRule, SeparateSecurityGroupRule


class PortsIgnoredByProtocol(Check):
    """A rule names ports, but its protocol makes AWS ignore them and open everything.

    ## Why it matters
    Only TCP and UDP have ports (and ICMP has types). With any other protocol, `-1` above all, the
    rule opens every port, whatever the port fields say. Whoever reads it believes otherwise.

    ## Fails
    ```hcl
    resource "aws_vpc_security_group_ingress_rule" "https" {
      security_group_id = "sg-0123456789abcdef0"
      cidr_ipv4         = "10.0.0.0/8"
      ip_protocol       = "50"
      from_port         = 443
      to_port           = 443
    }
    ```
    ```yaml
    Resources:
      Https:
        Type: AWS::EC2::SecurityGroupIngress
        Properties:
          GroupId: sg-0123456789abcdef0
          CidrIp: 10.0.0.0/8
          IpProtocol: "50"
          FromPort: 443
          ToPort: 443
    ```

    ## Passes
    ```diff hcl
    -  ip_protocol       = "50"
    +  ip_protocol       = "tcp"
    ```
    ```diff yaml
    -      IpProtocol: "50"
    +      IpProtocol: tcp
    ```

    ## How to mend it
    State `tcp` or `udp` with the ports that are meant.

    ## References
    - [IpPermission](https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html)
    """

    code = "SG023"
    name = "ports-ignored-by-protocol"
    severity = Severity.HIGH
    since = "0.1.0"
    types = (SecurityGroup, SeparateSecurityGroupRule)

    def examine(self, graph: Graph) -> Iterator[Verdict | Remark]:
        """A verdict for each rule with a range of ports that is not read."""
        for direction in ("ingress", "egress"):
            for group in group_rules(graph, direction):
                for read in group.rules:
                    yield from _examine(group.group, read)


def _examine(group: Resource, read: RuleTraffic) -> Iterator[Verdict | Remark]:
    rule = read.rule
    if rule.protocol is None:
        return
    first, last = _ports(rule)
    place = _place(rule)
    protocol = parse_protocol(rule.protocol.text or "")
    name = "" if protocol is None else protocol_name(protocol)
    verb = "are" if protocol == ALL else "is"
    # A name that AWS does not know opens nothing that is known: it refuses the rule.
    ignores = rule.protocol.test(_has_no_ports)
    if protocol is None and rule.protocol.text is not None:
        ignores = Answer(None, read.causes)
    yield from require(
        ~(ignores & _narrower(rule)),
        of=group,
        resource=read.resource,
        at=place,
        otherwise=f"{name} {verb} opened on every port; AWS ignores the ports {first} to {last}",
        perhaps="the protocol may make AWS ignore the ports",
    )
    if protocol in {TCP, UDP} and (first, last) == (0, 0):
        words = f"{name} ports 0 to 0 are port 0 alone, not all ports"
        yield Remark("port-zero-alone", read.resource, place, words)


def _place(rule: SecurityGroupRule) -> Place:
    """Where the ports are written: in the rule where both are one value, which others may have."""
    place = rule.place("from_port" if rule.from_port is not None else "to_port")
    return rule.here(place) if rule.place("to_port").span == place.span else place


def _ports(rule: SecurityGroupRule) -> tuple[object, object]:
    first, last = rule.from_port, rule.to_port
    return None if first is None else first.number, None if last is None else last.number


def _has_no_ports(protocol: object) -> bool:
    number = parse_protocol(protocol) if isinstance(protocol, str) else None
    return number not in {TCP, UDP, ICMP, ICMPV6}


def _narrower(rule: SecurityGroupRule) -> Answer:
    """Whether the ports of a rule name less than all of them."""
    bounds = (rule.from_port, rule.to_port)
    unknown = tuple(bound for bound in bounds if isinstance(bound, Unknown))
    if unknown:
        return Answer(None, unknown)
    first, last = _ports(rule)
    everything = first in {None, -1, 0, 1} and last in {None, -1, 65535}
    return Answer(not everything and not (first in {None, 0} and last == 0))
