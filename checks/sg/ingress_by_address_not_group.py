from collections.abc import Iterator, Mapping

from iac_ec2lint.api import Check, Graph, Resource, Severity, Verdict, parameter
from iac_ec2lint.api.network import (
    ALL,
    TCP,
    UDP,
    AddressSet,
    Family,
    Openness,
    PortSet,
    RuleSource,
    RuleTraffic,
    describe_ports,
    group_rules,
    openness,
    port_classes,
    public_addresses,
)
from iac_ec2lint.api.resources import SecurityGroup, SeparateSecurityGroupRule

_CLASSES = ("administration", "data store", "legacy", "alternative web")


class IngressByAddressNotGroup(Check):
    """Ingress is granted to address blocks, such as a broad private range or one person's public address, rather than to a security group or prefix list.

    ## Why it matters
    Whatever gets an address of a broad private range can knock at an administration port, and an
    address of one person is somebody else's tomorrow. A group as a source follows its members, and
    a prefix list is kept in one place.

    A private range counts on ports of administration, data stores, legacy services and alternative
    web servers, and a single public address on each port.

    ## Fails
    ```hcl
    resource "aws_security_group" "db" {
      ingress {
        protocol    = "tcp"
        from_port   = 5432
        to_port     = 5432
        cidr_blocks = ["10.0.0.0/8"]
      }
    }
    ```
    ```yaml
    Resources:
      Db:
        Type: AWS::EC2::SecurityGroup
        Properties:
          GroupDescription: Database
          SecurityGroupIngress:
            - IpProtocol: tcp
              FromPort: 5432
              ToPort: 5432
              CidrIp: 10.0.0.0/8
    ```

    ## Passes
    ```diff hcl
    +resource "aws_security_group" "app" {}
    +
    -    cidr_blocks = ["10.0.0.0/8"]
    +    security_groups = [aws_security_group.app.id]
    ```
    ```diff yaml
     Resources:
    +  App:
    +    Type: AWS::EC2::SecurityGroup
    +    Properties:
    +      GroupDescription: Application
    -          CidrIp: 10.0.0.0/8
    +          SourceSecurityGroupId: !Ref App
    ```

    ## How to mend it
    Name the security group of the clients, or a managed prefix list, as the source.

    ## References
    - [Security group rules](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-rules.html)
    - [Group CIDR blocks using managed prefix lists](https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html)
    """  # noqa: E501 - the summary is one line

    code = "SG011"
    name = "ingress-by-address-not-group"
    severity = Severity.INFO
    since = "0.1.0"
    types = (SecurityGroup, SeparateSecurityGroupRule)
    default = False
    min_prefix = parameter.integer(
        default=32,
        minimum=0,
        maximum=32,
        help="The shortest prefix of a private IPv4 range that is not broad.",
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each range that stands where a group or a prefix list could."""
        widest = 1 << (Family.IPV4.bits - self.min_prefix)
        for group in group_rules(graph, "ingress"):
            public = {family: public_addresses(graph, group.group, family) for family in Family}
            for read in group.rules:
                for source in read.sources:
                    if source.place.name != "prefix_lists":
                        yield from _examine(group.group, read, source, public, widest)


def _examine(
    group: Resource,
    read: RuleTraffic,
    source: RuleSource,
    public: Mapping[Family, AddressSet],
    widest: int,
) -> Iterator[Verdict]:
    surely, perhaps = _served(read.lower), _served(read.upper)
    single = [a for a in source.lower if a.size == 1 and a & public[a.family]]
    broad = [a for a in source.lower if a.size > widest and _is_private(a, public)]
    causes = (*source.causes, *read.causes)
    if single:
        words = f"the single address {single[0].describe()} is admitted"
    elif (broad or source.inside) and surely:
        which = broad[0].describe() if broad else "of the VPC"
        words = f"the private range {which} is admitted on {surely}"
    elif causes and perhaps and (broad or source.causes) and _may_be(source, public, widest):
        words = f"a private range may be admitted on {perhaps}"
    elif source.causes and source.most == 1:
        words = "a single public address may be admitted"
    else:
        return
    certain = bool(single) or (bool(broad or source.inside) and bool(surely))
    yield Verdict(
        subject=group,
        resource=read.resource,
        at=source.place,
        message=words,
        undecided=not certain,
        causes=() if certain else causes,
    )


def _is_private(addresses: AddressSet, public: Mapping[Family, AddressSet]) -> bool:
    return openness(addresses, public[addresses.family]) is Openness.NONE


def _may_be(source: RuleSource, public: Mapping[Family, AddressSet], widest: int) -> bool:
    """Whether a source may have a private range that is broad."""
    if source.most is not None and source.most <= widest:
        return False
    return any((a - public[a.family]).size > widest for a in source.upper)


def _served(opened: Mapping[int, PortSet]) -> str:
    """The ports among those of a rule that are meant, in words; empty where there are none."""
    if ALL in opened:
        return "every port"
    found = []
    for protocol in (TCP, UDP):
        ports = opened.get(protocol)
        if ports is not None:
            classes = (port_classes()[name].ports(protocol) for name in _CLASSES)
            if any(ports.overlaps(one) for one in classes):
                found.append(describe_ports(protocol, ports))
    return " and ".join(found)
