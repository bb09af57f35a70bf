from collections.abc import Iterable, Iterator
from typing import Literal

from iac_ec2lint.api import (
    Answer,
    Check,
    Graph,
    Resource,
    Severity,
    Unknown,
    Verdict,
    any_of,
    require,
)
from iac_ec2lint.api.resources import Subnet, SubnetDataSource, SubnetsDataSource
from iac_ec2lint.api.verdicts import hop_evidence
from iac_ec2lint.api.vpc import Hop, Occupant, is_public_subnet, occupants


class TiersShareSubnet(Check):
    """An internet-facing tier and a data tier sit in the same subnet, so it does not isolate them.

    ## Why it matters
    Between hosts of one subnet no network ACL applies and no route table decides. Whoever takes the
    host in front is beside the data, with security groups alone in between.

    In front are instances with a public address and load balancers that face the internet. Data are
    databases, caches, warehouses and search domains, and instances whose groups have a rule for a
    data store's port or whose tag says that they are the database tier. One instance that is both
    counts: no subnet can keep its data from whoever takes it.

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
    resource "aws_subnet" "main" {
      vpc_id     = aws_vpc.main.id
      cidr_block = "10.0.1.0/24"
    }
    resource "aws_lb" "web" {
      subnets = [aws_subnet.main.id]
    }
    resource "aws_db_subnet_group" "main" {
      subnet_ids = [aws_subnet.main.id]
    }
    resource "aws_db_instance" "main" {
      engine               = "postgres"
      instance_class       = "db.t3.micro"
      db_subnet_group_name = aws_db_subnet_group.main.name
    }
    ```
    ```yaml
    Parameters:
      VpcId: {Type: "AWS::EC2::VPC::Id"}
    Resources:
      Shared:
        Type: AWS::EC2::Subnet
        Properties: {VpcId: !Ref VpcId, CidrBlock: 10.0.1.0/24}
      Balancer:
        Type: AWS::ElasticLoadBalancingV2::LoadBalancer
        Properties:
          Scheme: internet-facing
          Subnets: [!Ref Shared]
      SubnetGroup:
        Type: AWS::RDS::DBSubnetGroup
        Properties:
          DBSubnetGroupDescription: Data
          SubnetIds: [!Ref Shared]
      Database:
        Type: AWS::RDS::DBInstance
        Properties:
          Engine: postgres
          DBInstanceClass: db.t3.micro
          DBSubnetGroupName: !Ref SubnetGroup
    ```

    ## Passes
    ```diff hcl
     resource "aws_db_subnet_group" "main" {
    -  subnet_ids = [aws_subnet.main.id]
    +  subnet_ids = [aws_subnet.data.id]
       db_subnet_group_name = aws_db_subnet_group.main.name
     }
    +resource "aws_subnet" "data" {
    +  vpc_id     = aws_vpc.main.id
    +  cidr_block = "10.0.2.0/24"
    +}
    ```
    ```diff yaml
       SubnetGroup:
    -      SubnetIds: [!Ref Shared]
    +      SubnetIds: [!Ref Data]
           DBSubnetGroupName: !Ref SubnetGroup
    +  Data:
    +    Type: AWS::EC2::Subnet
    +    Properties: {VpcId: !Ref VpcId, CidrBlock: 10.0.2.0/24}
    ```

    ## How to mend it
    Put each tier into subnets with route tables and network ACLs of their own.

    ## References
    - [Subnets for your VPC](https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html)
    - [EC2 User Guide, infrastructure security](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/infrastructure-security.html)
    """

    code = "NET010"
    name = "tiers-share-subnet"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (Subnet, SubnetDataSource, SubnetsDataSource)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each subnet in which both are, or may be."""
        inside = occupants(graph)
        unplaced = [one for those in inside.values() for one in those if one.placement.unknown]
        # What is in a subnet that is not known may be in any: one of a side is enough to say so.
        loose = (
            _hops(unplaced, "facing", placed=False)[:1],
            _hops(unplaced, "stores", placed=False)[:1],
        )
        subnets = (*graph.all(Subnet), *graph.all(SubnetDataSource, SubnetsDataSource))
        for subnet in subnets if inside else ():
            within = inside.get(subnet, ())
            facing, stores = _hops(within, "facing"), _hops(within, "stores")
            if facing or stores:
                alone = _alone(within) if facing and stores else None
                yield from _judge(graph, subnet, facing or loose[0], stores or loose[1], alone)


def _alone(within: Iterable[Occupant]) -> Resource | None:
    """What is on a side by itself, where nothing else is on any."""
    sides = {one.resource for one in within if one.facing or one.stores}
    return sides.pop() if len(sides) == 1 else None


def _judge(
    graph: Graph, subnet: Resource, facing: list[Hop], stores: list[Hop], alone: Resource | None
) -> Iterator[Verdict]:
    # Nobody comes in where no route leads out; where that is not known, what faces it says enough.
    if not facing or not stores or is_public_subnet(graph, subnet).truth is False:
        return
    both = _any(facing) & _any(stores)
    if isinstance(subnet, SubnetsDataSource):
        words = f"which of the subnets of {subnet.address} are meant is not known"
        both = both & Answer(None, (Unknown(words, "data-source", subnet.span),))
    shown = [
        next((hop for hop in hops if hop.verdict is True), hops[0]) for hops in (facing, stores)
    ]
    share, may_share = (
        f"what faces the internet and what holds data {verb} the subnet"
        for verb in ("share", "may share")
    )
    if alone is not None:
        share = f"{alone.address} faces the internet and holds data as well"
        may_share = f"{alone.address} may face the internet and hold data as well"
    yield from require(
        ~both,
        of=subnet,
        at=subnet,
        otherwise=share,
        perhaps=may_share,
        evidence=hop_evidence(shown),
        value="shared",
    )


def _hops(
    those: Iterable[Occupant], side: Literal["facing", "stores"], *, placed: bool = True
) -> list[Hop]:
    """What says that some occupants are on a side; of unplaced ones, what says that they may be."""
    found: list[Hop] = []
    for occupant in those:
        hop = occupant.facing if side == "facing" else occupant.stores
        if hop is not None:
            gap = occupant.placement.gap
            found.append(hop if placed or gap is None else hop.in_doubt(gap))
    return found


def _any(hops: list[Hop]) -> Answer:
    return any_of(Answer(hop.verdict, hop.causes, hop.assumptions) for hop in hops)
