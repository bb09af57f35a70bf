from collections.abc import Iterator

from iac_ec2lint.api import (
    NO,
    YES,
    Answer,
    Check,
    Edge,
    Graph,
    Severity,
    Unknown,
    Verdict,
    all_of,
    any_of,
    require,
)
from iac_ec2lint.api.resources import Subnet, Vpc
from iac_ec2lint.api.verdicts import hop_evidence
from iac_ec2lint.api.vpc import (
    Family,
    Occupant,
    is_public_subnet,
    occupants,
    perhaps_of,
    public_route,
    subnets_of,
)


class VpcLacksPrivateSubnets(Check):
    """A VPC that runs instances has public subnets only.

    ## Why it matters
    What needs no connection from the internet, a worker or a database, has no place where none can
    reach it: one address and one rule too many expose it.

    It counts from two subnets on: the lone subnet of an example says nothing of a network.

    ## Fails
    ```hcl
    resource "aws_vpc" "main" {
      cidr_block = "10.0.0.0/16"
    }
    resource "aws_internet_gateway" "main" {
      vpc_id = aws_vpc.main.id
    }
    resource "aws_default_route_table" "main" {
      default_route_table_id = aws_vpc.main.default_route_table_id
      route {
        cidr_block = "0.0.0.0/0"
        gateway_id = aws_internet_gateway.main.id
      }
    }
    resource "aws_subnet" "a" {
      vpc_id     = aws_vpc.main.id
      cidr_block = "10.0.1.0/24"
    }
    resource "aws_subnet" "b" {
      vpc_id     = aws_vpc.main.id
      cidr_block = "10.0.2.0/24"
    }
    resource "aws_instance" "worker" {
      ami           = "ami-0123456789abcdef0"
      instance_type = "t3.micro"
      subnet_id     = aws_subnet.a.id
    }
    ```
    ```yaml
    Resources:
      Vpc:
        Type: AWS::EC2::VPC
        Properties: {CidrBlock: 10.0.0.0/16}
      Gateway:
        Type: AWS::EC2::InternetGateway
      Attachment:
        Type: AWS::EC2::VPCGatewayAttachment
        Properties: {VpcId: !Ref Vpc, InternetGatewayId: !Ref Gateway}
      Table:
        Type: AWS::EC2::RouteTable
        Properties: {VpcId: !Ref Vpc}
      Route:
        Type: AWS::EC2::Route
        Properties:
          RouteTableId: !Ref Table
          DestinationCidrBlock: 0.0.0.0/0
          GatewayId: !Ref Gateway
      A:
        Type: AWS::EC2::Subnet
        Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24}
      B:
        Type: AWS::EC2::Subnet
        Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.2.0/24}
      OfA:
        Type: AWS::EC2::SubnetRouteTableAssociation
        Properties: {SubnetId: !Ref A, RouteTableId: !Ref Table}
      OfB:
        Type: AWS::EC2::SubnetRouteTableAssociation
        Properties: {SubnetId: !Ref B, RouteTableId: !Ref Table}
      Worker:
        Type: AWS::EC2::Instance
        Properties: {ImageId: ami-0123456789abcdef0, SubnetId: !Ref A}
    ```

    ## Passes
    ```diff hcl
       subnet_id     = aws_subnet.a.id
     }
    +resource "aws_route_table" "private" {
    +  vpc_id = aws_vpc.main.id
    +}
    +resource "aws_route_table_association" "private" {
    +  subnet_id      = aws_subnet.b.id
    +  route_table_id = aws_route_table.private.id
    +}
    ```
    ```diff yaml
       OfB:
    -    Properties: {SubnetId: !Ref B, RouteTableId: !Ref Table}
    +    Properties: {SubnetId: !Ref B, RouteTableId: !Ref PrivateTable}
         Properties: {ImageId: ami-0123456789abcdef0, SubnetId: !Ref A}
    +  PrivateTable:
    +    Type: AWS::EC2::RouteTable
    +    Properties: {VpcId: !Ref Vpc}
    ```

    ## How to mend it
    Add private subnets, and move what needs no connection from the internet into them.

    ## References
    - [Subnets for your VPC](https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html)
    - [EC2 User Guide, infrastructure security](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/infrastructure-security.html)
    """

    code = "NET011"
    name = "vpc-lacks-private-subnets"
    severity = Severity.LOW
    since = "0.1.0"
    types = (Vpc,)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each VPC with instances or databases whose subnets are all public."""
        for vpc in graph.all(Vpc):
            if vpc.is_default:
                continue
            subnets, loose = subnets_of(graph, vpc), perhaps_of(graph, vpc, Subnet)
            if subnets or any(edge.target is vpc for edge in loose):
                yield from _judge(graph, vpc, subnets, loose)


def _judge(
    graph: Graph, vpc: Vpc, subnets: tuple[Subnet, ...], loose: tuple[Edge, ...]
) -> Iterator[Verdict]:
    inside = occupants(graph)
    running = [
        _is_there(occupant)
        for subnet in (*subnets, *(edge.source for edge in loose))
        for occupant in inside.get(subnet, ())
        if occupant.kind != "load balancer"
    ]
    causes = tuple(edge.value for edge in loose if isinstance(edge.value, Unknown))
    others = Answer(None, causes) if loose else YES
    public = all_of((*(is_public_subnet(graph, subnet) for subnet in subnets), others))
    routes = [public_route(graph, subnet, family) for subnet in subnets for family in Family]
    yield from require(
        ~(public & any_of(running) & _are_several(subnets, loose)),
        of=vpc,
        at=vpc,
        otherwise=f"all {len(subnets)} subnets of the VPC are public",
        perhaps="all subnets of the VPC may be public",
        evidence=hop_evidence(hop for route in routes if route.truth for hop in route.hops),
        value="public",
    )


def _are_several(subnets: tuple[Subnet, ...], loose: tuple[Edge, ...]) -> Answer:
    """Whether a VPC has more than one subnet: one may stand for an unknown number."""
    if len(subnets) > 1:
        return YES
    gaps = [subnet.presence.cause for subnet in subnets]
    gaps += [edge.value for edge in loose if isinstance(edge.value, Unknown)]
    causes = tuple(gap for gap in gaps if gap is not None)
    return Answer(None, causes) if causes else NO


def _is_there(occupant: Occupant) -> Answer:
    presence = occupant.resource.presence
    placement = occupant.placement
    return presence.answer & (YES if placement.certain else Answer(None, placement.doubts))
