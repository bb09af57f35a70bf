from collections.abc import Iterator

from iac_ec2lint.api import Answer, Check, Edge, Graph, Severity, Verdict, parameter, require
from iac_ec2lint.api.network import ALL, ALL_PORTS, TCP, UDP, AddressSet, PortSet, protocol_name
from iac_ec2lint.api.network_acls import Direction, Match, Opening, TrafficSet, openings
from iac_ec2lint.api.resources import (
    NetworkAcl,
    NetworkAclAssociation,
    SeparateNetworkAclEntry,
    UnreadModule,
)
from iac_ec2lint.api.verdicts import handed_to_unread_modules

_EVERY_PORT = PortSet(((1, 65535),))


class NaclAllTrafficOpen(Check):
    """A custom network ACL allows every port or protocol from the internet, so it filters nothing.

    ## Why it matters
    Its subnets are guarded by their security groups alone, while the network ACL looks like a
    second line of defence.

    An entry of all protocols counts, and one of all TCP or UDP ports, unless entries of lower
    numbers deny all of it. The default network ACL as AWS makes it is judged where it is managed
    here; where it is named for a subnet that is low, for the subnet has it without that too. A
    range of everything that a module which is not on the disk is given for one is undecided.

    ## Fails
    ```hcl
    resource "aws_network_acl" "web" {
      vpc_id = "vpc-0123456789abcdef0"
      ingress {
        rule_no    = 100
        action     = "allow"
        protocol   = "-1"
        from_port  = 0
        to_port    = 0
        cidr_block = "0.0.0.0/0"
      }
    }
    ```
    ```yaml
    Parameters:
      VpcId: {Type: "AWS::EC2::VPC::Id"}
    Resources:
      Web:
        Type: AWS::EC2::NetworkAcl
        Properties:
          VpcId: !Ref VpcId
      Entry:
        Type: AWS::EC2::NetworkAclEntry
        Properties:
          NetworkAclId: !Ref Web
          RuleNumber: 100
          RuleAction: allow
          Protocol: -1
          CidrBlock: 0.0.0.0/0
    ```

    ## Passes
    ```diff hcl
    -    protocol   = "-1"
    -    from_port  = 0
    -    to_port    = 0
    +    protocol   = "tcp"
    +    from_port  = 443
    +    to_port    = 443
    ```
    ```diff yaml
       Entry:
    -      Protocol: -1
    +      Protocol: 6
    +      PortRange: {From: 443, To: 443}
    ```

    ## How to mend it
    Replace the entry by ones for the ports in use, and one for ephemeral ports.

    ## References
    - [Network ACLs](https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html)
    - [EC2 User Guide, infrastructure security](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/infrastructure-security.html)
    """

    code = "NET006"
    name = "nacl-all-traffic-open"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (NetworkAcl, NetworkAclAssociation, SeparateNetworkAclEntry, UnreadModule)
    supersedes = ("NET005",)
    strict = parameter.boolean(
        default=False, help="Whether entries for outbound traffic count too."
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each entry that opens everything, and for subnets given such an ACL."""
        directions: tuple[Direction, ...] = ("ingress", "egress") if self.strict else ("ingress",)
        for direction in directions:
            for opening in openings(graph, direction, _everything):
                yield from _judge(opening, direction)
        made = {
            opening.acl: opening
            for opening in openings(graph, "ingress", _everything)
            if opening.place is None
        }
        for association in graph.all(NetworkAclAssociation):
            for edge in graph.targets(association, "network_acl"):
                if edge.target in made:
                    yield from _of_subnet(association, edge, made[edge.target])
        for handed in handed_to_unread_modules(graph):
            value = handed.open_entry()
            if value is not None and (self.strict or not handed.is_way_out):
                what = f"an entry may allow all traffic from {value.text}"
                yield handed.verdict(value, what)


def _everything(matches: tuple[Match, ...], through: TrafficSet) -> AddressSet:
    """The addresses to which an entry of all ports or protocols opens some traffic."""
    return AddressSet.union(
        through.family,
        (
            match.sources & through.sources_on_some(match.protocol, ALL_PORTS)
            for match in matches
            if match.protocol == ALL
            or (match.protocol in (TCP, UDP) and not _EVERY_PORT - match.ports)
        ),
    )


def _of_subnet(
    association: NetworkAclAssociation, edge: Edge, opening: Opening
) -> Iterator[Verdict]:
    certain = Answer(None if not opening.certain else True, opening.effect.gaps)
    yield from require(
        ~(edge.answer & certain),
        of=association,
        at=association.place("network_acl"),
        otherwise="the subnet is given the default network ACL, which allows all traffic",
        perhaps="the subnet may be given the default network ACL, which allows all traffic",
        severity=Severity.LOW,
    )


def _judge(opening: Opening, direction: Direction) -> Iterator[Verdict]:
    place = opening.place
    if place is None:
        return
    way = "from" if direction == "ingress" else "to"
    protocols = {match.protocol for match in opening.entry.upper} or {ALL}  # one, or one of some
    names = " or ".join(sorted(map(protocol_name, protocols)))
    what = "all traffic" if ALL in protocols else f"all {names} ports"
    yield Verdict(
        subject=opening.subject,
        resource=opening.entry.resource,
        at=place,
        message=(
            f"the entry {'allows' if opening.certain else 'may allow'} {what} {way} the internet"
        ),
        undecided=not opening.certain,
        causes=() if opening.certain else opening.effect.gaps,
        assumptions=opening.entry.assumptions,
        value=direction,
    )
