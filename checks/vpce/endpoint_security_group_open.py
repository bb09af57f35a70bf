from collections.abc import Iterator, Mapping
from typing import Final

from iac_ec2lint.api import (
    YES,
    Answer,
    Check,
    Edge,
    Evidence,
    Graph,
    Resource,
    Severity,
    Verdict,
    require,
)
from iac_ec2lint.api.endpoints import (
    BeyondVpc,
    reaches_beyond,
    reaches_nothing,
    rules_elsewhere,
    rules_of_group,
)
from iac_ec2lint.api.network import (
    ALL,
    ALL_PORTS,
    NO_PORTS,
    TCP,
    PortSet,
    RuleTraffic,
    is_default_group,
)
from iac_ec2lint.api.network_acls import Direction
from iac_ec2lint.api.resources import (
    InstanceConnectEndpoint,
    SecurityGroup,
    SeparateSecurityGroupRule,
    VpcEndpoint,
    VpcEndpointGroup,
)
from iac_ec2lint.api.vpc import vpc_of

_Endpoint = VpcEndpoint | InstanceConnectEndpoint
_HTTPS: Final = PortSet.of([(443, 443)])
_LOGINS: Final = PortSet.of([(22, 22), (3389, 3389)])


class EndpointSecurityGroupOpen(Check):
    """The security group of an endpoint lets in, or out, more than the endpoint needs.

    ## Why it matters
    An interface endpoint carries calls with credentials to a service, past the internet's controls.
    Its group is the only filter before it: whoever gets a route to the VPC, through a peering
    connection, a VPN or a transit gateway, can use the endpoint where the group admits them.

    An EC2 Instance Connect endpoint is the other way round: whoever may use it gets on to each port
    that its group lets out to.

    ## Fails
    ```hcl
    resource "aws_vpc" "main" {
      cidr_block = "10.0.0.0/16"
    }

    resource "aws_security_group" "endpoint" {
      vpc_id = aws_vpc.main.id
      ingress {
        protocol    = "tcp"
        from_port   = 443
        to_port     = 443
        cidr_blocks = ["0.0.0.0/0"]
      }
    }

    resource "aws_vpc_endpoint" "ec2" {
      vpc_id             = aws_vpc.main.id
      service_name       = "com.amazonaws.eu-west-1.ec2"
      vpc_endpoint_type  = "Interface"
      security_group_ids = [aws_security_group.endpoint.id]
    }
    ```
    ```yaml
    Resources:
      Connect:
        Type: AWS::EC2::InstanceConnectEndpoint
        Properties:
          SubnetId: subnet-0123456789abcdef0
          SecurityGroupIds: [!Ref Group]
      Group:
        Type: AWS::EC2::SecurityGroup
        Properties:
          GroupDescription: everything out
          VpcId: vpc-0123456789abcdef0
    ```

    ## Passes
    ```diff hcl
     resource "aws_security_group" "endpoint" {
    -    cidr_blocks = ["0.0.0.0/0"]
    +    cidr_blocks = [aws_vpc.main.cidr_block]
    ```
    ```diff yaml
       Group:
    -      GroupDescription: everything out
    +      GroupDescription: SSH to the web hosts
           VpcId: vpc-0123456789abcdef0
    +      SecurityGroupEgress:
    +        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, DestinationSecurityGroupId: !Ref Web}
    +  Web:
    +    Type: AWS::EC2::SecurityGroup
    +    Properties:
    +      GroupDescription: web
    +      VpcId: vpc-0123456789abcdef0
    ```

    ## How to mend it
    Give it a group of its own: in 443 from clients (Instance Connect: out to its hosts). Only
    an Instance Connect endpoint opens connections itself: of others the answers suffice.

    ## References
    - [Access an AWS service using an interface VPC endpoint, "Prerequisites"](https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html)
    - [Security groups for EC2 Instance Connect Endpoint](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/eice-security-groups.html)
    - [Interface VPC endpoints of Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/interface-vpc-endpoints.html)
    """

    code = "VPCE006"
    name = "endpoint-security-group-open"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (
        InstanceConnectEndpoint,
        SecurityGroup,
        SeparateSecurityGroupRule,
        VpcEndpoint,
        VpcEndpointGroup,
    )
    supersedes = ("SG017",)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each group, and each rule of it, that is wider than its endpoint needs."""
        for endpoint in graph.all(VpcEndpoint):
            interface = endpoint.equals("endpoint_type", "Interface")
            if interface.truth is False:
                continue
            vpc = _only(graph.targets(endpoint, "vpc"))
            groups = list(_groups(graph, endpoint))
            yield from _default(endpoint, groups, interface)
            yield from _elsewhere(graph, endpoint, groups, "ingress")
            for read, answer in _rules(graph, groups, "ingress"):
                covers = _covers(read, _HTTPS) & interface & answer
                for beyond in reaches_beyond(graph, read, vpc):
                    yield from _admits(endpoint, beyond, covers)
        for connect in graph.all(InstanceConnectEndpoint):
            groups = list(graph.targets(connect, "security_groups"))
            yield from _default(connect, groups, YES)
            yield from _elsewhere(graph, connect, groups, "egress")
            for read, answer in _rules(graph, groups, "egress"):
                if not reaches_nothing(read):
                    yield from _lets_out(graph, connect, read, answer)


def _only(edges: tuple[Edge, ...]) -> Resource | None:
    return edges[0].target if len(edges) == 1 and edges[0].certain else None


def _groups(graph: Graph, endpoint: VpcEndpoint) -> Iterator[Edge]:
    """The groups of an interface endpoint, its own and those associated with it."""
    yield from graph.targets(endpoint, "security_groups")
    for edge in graph.sources(endpoint, "vpc_endpoint"):
        if isinstance(edge.source, VpcEndpointGroup):
            yield from graph.targets(edge.source, "security_group")


def _default(endpoint: _Endpoint, groups: list[Edge], interface: Answer) -> Iterator[Verdict]:
    """Whether an endpoint has the default group of its VPC.

    An association keeps it, unless it says that it replaces it.
    """
    kept = [
        edge
        for edge in groups
        if edge.source is endpoint
        or not (
            isinstance(edge.source, VpcEndpointGroup)
            and edge.source.replace_default.equals(False).truth is True
        )
    ]
    place = endpoint.place("security_groups")
    if not kept:
        yield from require(
            ~interface,
            of=endpoint,
            at=place,
            otherwise="no security group is named, so the VPC's default one is used",
            perhaps="no security group is named: the VPC's default one may be used",
            evidence=(Evidence(place.span, "it names no group", endpoint.address),),
            value="default group",
        )
    for edge in kept:
        default = is_default_group(edge.target)
        if default.truth is not False:
            place = edge.part.place(edge.relation, edge.value)
            yield from require(
                ~(default & edge.answer & interface),
                of=endpoint,
                resource=edge.source,
                at=place,
                otherwise="the VPC's default security group is used",
                perhaps="the VPC's default security group may be used",
                evidence=(Evidence(place.span, "the group is named here", endpoint.address),),
                value="default group",
            )


def _elsewhere(
    graph: Graph, endpoint: _Endpoint, groups: list[Edge], direction: Direction
) -> Iterator[Verdict]:
    """The groups that may have rules elsewhere."""
    for edge in groups:
        group = edge.target
        cause = rules_elsewhere(graph, group, direction)
        if cause is None or is_default_group(group).truth is not False:
            continue
        yield Verdict(
            subject=endpoint,
            resource=edge.source,
            at=edge.part.place(edge.relation, edge.value),
            message="the security group may be wider than the endpoint needs",
            undecided=True,
            causes=edge.answer.causes if group is None else (cause,),
            value="group",
        )


def _rules(
    graph: Graph, groups: list[Edge], direction: Direction
) -> Iterator[tuple[RuleTraffic, Answer]]:
    """The rules of an endpoint's groups, and whether they are its own."""
    for edge in groups:
        found = rules_of_group(graph, edge.target, direction) if edge.target is not None else None
        if found is not None:
            yield from ((read, edge.answer) for read in found.rules)
            yield from ((read, Answer(None, read.causes)) for read in found.perhaps)
    for edge in graph.unresolved("security_group"):
        if isinstance(edge.source, SeparateSecurityGroupRule):
            found = rules_of_group(graph, edge.source, direction)
            yield from ((read, edge.answer) for read in (found.rules if found is not None else ()))


def _ports(traffic: Mapping[int, PortSet]) -> PortSet:
    """The TCP ports of a rule."""
    return traffic.get(TCP, NO_PORTS) | traffic.get(ALL, NO_PORTS)


def _covers(read: RuleTraffic, ports: PortSet) -> Answer:
    """Whether a rule covers some of some ports."""
    if _ports(read.lower) & ports:
        return YES
    return Answer(None if _ports(read.upper) & ports else False, read.causes)


def _said(beyond: BeyondVpc) -> str:
    """A source or a destination in words."""
    value = beyond.source.place.value
    return "a range" if value is None or value.text is None else f'"{value.text}"'


def _user(endpoint: Resource) -> tuple[Evidence, ...]:
    return (Evidence(endpoint.span, f"{endpoint.address} has the group", endpoint.address),)


def _admits(endpoint: VpcEndpoint, beyond: BeyondVpc, covers: Answer) -> Iterator[Verdict]:
    what = _said(beyond)
    yield from require(
        ~(covers & beyond.answer),
        of=endpoint,
        resource=beyond.read.resource,
        at=beyond.source.place,
        otherwise=f"the endpoint admits {what}, which is not all in its VPC",
        perhaps=f"the endpoint may admit {what}, which may not be all in its VPC",
        evidence=_user(endpoint),
        severity=None if beyond.public else Severity.LOW,
    )


def _lets_out(
    graph: Graph, connect: InstanceConnectEndpoint, read: RuleTraffic, answer: Answer
) -> Iterator[Verdict]:
    """What a rule lets an Instance Connect endpoint reach beside SSH and RDP in the VPC."""
    subnet = _only(graph.targets(connect, "subnet"))
    far = list(reaches_beyond(graph, read, vpc_of(graph, subnet) if subnet is not None else None))
    for beyond in far:
        what = "everything" if beyond.source.place.value is None else _said(beyond)
        yield from require(
            ~(answer & beyond.answer & _covers(read, ALL_PORTS)),
            of=connect,
            resource=read.resource,
            at=beyond.source.place,
            otherwise=f"the endpoint lets connections out to {what}",
            perhaps=f"the endpoint may let connections out to {what}",
            evidence=_user(connect),
            severity=None if beyond.public else Severity.LOW,
        )
    others = _covers(read, ALL_PORTS - _LOGINS)
    if not far and others.truth is not False:
        yield from require(
            ~(answer & others),
            of=connect,
            resource=read.resource,
            at=read.rule,
            otherwise="the endpoint lets out more ports than 22 and 3389",
            perhaps="the endpoint may let out more ports than 22 and 3389",
            evidence=_user(connect),
            severity=Severity.LOW,
        )
