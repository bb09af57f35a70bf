from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, parameter
from iac_ec2lint.api.network import NO_PORTS, TCP, AddressSet, PortSet, describe_ports
from iac_ec2lint.api.network_acls import Match, Opening, TrafficSet, openings
from iac_ec2lint.api.resources import NetworkAcl, SeparateNetworkAclEntry


class NaclAdminPortsOpen(Check):
    """A network ACL lets the whole internet reach remote administration or file-transfer ports.

    ## Why it matters
    A network ACL is what still holds where a security group is opened by mistake. One that admits
    everybody to SSH or RDP leaves the groups alone.

    The entries are taken in order: what an entry of a lower number denies is not open. Blocks that
    together make up the internet count like `0.0.0.0/0` and `::/0`.

    ## Fails
    ```hcl
    resource "aws_network_acl" "web" {
      vpc_id = "vpc-0123456789abcdef0"
      ingress {
        rule_no    = 100
        action     = "allow"
        protocol   = "tcp"
        from_port  = 22
        to_port    = 443
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
          Protocol: 6
          PortRange: {From: 22, To: 443}
          CidrBlock: 0.0.0.0/0
    ```

    ## Passes
    ```diff hcl
    -    from_port  = 22
    +    from_port  = 443
    ```
    ```diff yaml
           CidrBlock: 0.0.0.0/0
    +  Denied:
    +    Type: AWS::EC2::NetworkAclEntry
    +    Properties:
    +      NetworkAclId: !Ref Web
    +      RuleNumber: 90
    +      RuleAction: deny
    +      Protocol: 6
    +      PortRange: {From: 22, To: 22}
    +      CidrBlock: 0.0.0.0/0
    ```

    ## How to mend it
    Limit the entry to trusted blocks, or deny the ports by an entry of a lower number.

    ## References
    - [Network ACL rules](https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html)
    - [EC2 User Guide, infrastructure security](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/infrastructure-security.html)
    """

    code = "NET005"
    name = "nacl-admin-ports-open"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (NetworkAcl, SeparateNetworkAclEntry)
    ports = parameter.ports(
        default=(22, 3389), help="The TCP ports that must not be open; 20 and 21 are FTP's."
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each entry that opens one of the ports to the internet, or may."""
        found: dict[tuple[str, str], Opening] = {}
        open_ports: dict[tuple[str, str], dict[bool, PortSet]] = {}
        for lo, hi in self.ports.ranges:
            for port in range(lo, hi + 1):

                def asked(
                    _matches: tuple[Match, ...], through: TrafficSet, port: int = port
                ) -> AddressSet:
                    return through.sources(TCP, port)

                for opening in openings(graph, "ingress", asked):
                    key = (opening.entry.resource.address, opening.entry.attribute)
                    found.setdefault(key, opening)
                    of_entry = open_ports.setdefault(key, {True: NO_PORTS, False: NO_PORTS})
                    of_entry[opening.certain] |= PortSet(((port, port),))
        for key, opening in found.items():
            yield from _judge(opening, open_ports[key])


def _judge(opening: Opening, ports: dict[bool, PortSet]) -> Iterator[Verdict]:
    place = opening.place
    if place is None:
        return  # the entry that AWS made: nobody manages it here
    certain = bool(ports[True])
    what = describe_ports(TCP, ports[certain])
    yield Verdict(
        subject=opening.subject,
        resource=opening.entry.resource,
        at=place,
        message=f"the network ACL {'lets' if certain else 'may let'} the internet reach {what}",
        undecided=not certain,
        causes=() if certain else opening.effect.gaps,
        assumptions=opening.entry.assumptions,
    )
