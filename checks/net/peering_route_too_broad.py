from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, parameter, require
from iac_ec2lint.api.resources import RouteTable, SeparateRoute
from iac_ec2lint.api.vpc import PeeringRoute, peering_routes


class PeeringRouteTooBroad(Check):
    """A route over a VPC peering connection covers more than the peer resources that are needed.

    ## Why it matters
    Whoever takes a host on one side reaches all of the other that answers. A route for the few
    subnets that talk to each other keeps it at these.

    A route for exactly the block of the peer passes, unless the parameter `strict` is true.

    ## Fails
    ```hcl
    resource "aws_vpc" "main" {
      cidr_block = "10.0.0.0/16"
    }
    resource "aws_vpc" "peer" {
      cidr_block = "10.1.0.0/16"
    }
    resource "aws_vpc_peering_connection" "peer" {
      vpc_id      = aws_vpc.main.id
      peer_vpc_id = aws_vpc.peer.id
      auto_accept = true
    }
    resource "aws_route_table" "main" {
      vpc_id = aws_vpc.main.id
    }
    resource "aws_route" "peer" {
      route_table_id            = aws_route_table.main.id
      destination_cidr_block    = "10.0.0.0/8"
      vpc_peering_connection_id = aws_vpc_peering_connection.peer.id
    }
    ```
    ```yaml
    Parameters:
      TableId: {Type: String}
      ConnectionId: {Type: String}
    Resources:
      Peer:
        Type: AWS::EC2::Route
        Properties:
          RouteTableId: !Ref TableId
          DestinationCidrBlock: 0.0.0.0/0
          VpcPeeringConnectionId: !Ref ConnectionId
    ```

    ## Passes
    ```diff hcl
     resource "aws_route" "peer" {
    -  destination_cidr_block    = "10.0.0.0/8"
    +  destination_cidr_block    = "10.1.4.0/24"
    ```
    ```yaml
    Resources:
      Vpc:
        Type: AWS::EC2::VPC
        Properties:
          CidrBlock: 10.0.0.0/16
      PeerVpc:
        Type: AWS::EC2::VPC
        Properties:
          CidrBlock: 10.1.0.0/16
      Connection:
        Type: AWS::EC2::VPCPeeringConnection
        Properties:
          VpcId: !Ref Vpc
          PeerVpcId: !Ref PeerVpc
      Table:
        Type: AWS::EC2::RouteTable
        Properties:
          VpcId: !Ref Vpc
      Peer:
        Type: AWS::EC2::Route
        Properties:
          RouteTableId: !Ref Table
          DestinationCidrBlock: 10.1.4.0/24
          VpcPeeringConnectionId: !Ref Connection
    ```

    ## How to mend it
    Route only the subnets or hosts that must talk across the peering connection.

    ## References
    - [Update your route tables for a VPC peering connection](https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html)
    - [EC2 User Guide, infrastructure security](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/infrastructure-security.html)
    """

    code = "NET012"
    name = "peering-route-too-broad"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (RouteTable, SeparateRoute)
    strict = parameter.boolean(
        default=False, help="Whether a route for exactly the peer's block fails too."
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each destination over a peering connection that is too broad, or may be."""
        for route in peering_routes(graph):
            broad = route.covers_peer
            if not self.strict:
                broad = broad & route.exceeds_peer
            yield from require(
                ~broad,
                of=route.resource,
                at=route.place,
                otherwise=f"{_destination(route)} is routed to a peering connection",
                perhaps="what is routed to a peering connection may be more than the peer has",
            )


def _destination(route: PeeringRoute) -> str:
    if route.is_everything:
        return "everything"
    if route.exceeds_peer.truth is False:
        return "all of the peer's block"
    return "more than the peer's block"
