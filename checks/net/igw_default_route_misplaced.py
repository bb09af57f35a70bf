from collections.abc import Iterator
from typing import NamedTuple

from iac_ec2lint.api import (
    YES,
    Answer,
    Check,
    Evidence,
    Graph,
    Resource,
    Severity,
    Verdict,
    parameter,
)
from iac_ec2lint.api.resources import Cache, RouteTable, SeparateRoute, Subnet
from iac_ec2lint.api.vpc import (
    GatewayRoute,
    called_private_in,
    gateway_routes,
    main_tables,
    occupants,
    tables_of,
    vpc_of,
)


class _Reason(NamedTuple):
    """Why a route is misplaced.

    Attributes:
        answer: Whether it is.
        where: Where it stands, in words.
        evidence: What says so.
        severity: How bad that is, where it is less than the check's.
    """

    answer: Answer
    where: str
    evidence: tuple[Evidence, ...]
    severity: Severity | None = None


class IgwDefaultRouteMisplaced(Check):
    """A default route to an internet gateway is in the main route table or in a private subnet's.

    ## Why it matters
    Each subnet that nobody associates with a table has the main one: with such a route it is public
    from the moment it is made. A subnet that is called private is relied on not to be.

    A subnet is private where its `Name`, `Tier` or `Type` tag says private, internal, db, data or
    database as a whole word, or its `Network` tag says private; none that also says public is. It
    is private where a database is in it, too. A cache never has a public address: where it is
    private by a cache alone, that is medium.

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
    ```
    ```yaml
    Parameters:
      VpcId: {Type: "AWS::EC2::VPC::Id"}
    Resources:
      Table:
        Type: AWS::EC2::RouteTable
        Properties:
          VpcId: !Ref VpcId
      Route:
        Type: AWS::EC2::Route
        Properties:
          RouteTableId: !Ref Table
          DestinationCidrBlock: 0.0.0.0/0
          GatewayId: igw-0123456789abcdef0
      Subnet:
        Type: AWS::EC2::Subnet
        Properties:
          VpcId: !Ref VpcId
          CidrBlock: 10.0.1.0/24
          Tags:
            - {Key: Name, Value: private-a}
      Association:
        Type: AWS::EC2::SubnetRouteTableAssociation
        Properties:
          SubnetId: !Ref Subnet
          RouteTableId: !Ref Table
    ```

    ## Passes
    ```diff hcl
    -resource "aws_default_route_table" "main" {
    -  default_route_table_id = aws_vpc.main.default_route_table_id
    +resource "aws_route_table" "public" {
    +  vpc_id = aws_vpc.main.id
    ```
    ```diff yaml
       Subnet:
    -        - {Key: Name, Value: private-a}
    +        - {Key: Name, Value: public-a}
    ```

    ## How to mend it
    Move the route into a route table for public subnets. Route private subnets through a NAT
    gateway or endpoints.

    ## References
    - [Accessing ElastiCache clusters](https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/elasticache-vpc-accessing.html)
    - [Route table concepts](https://docs.aws.amazon.com/vpc/latest/userguide/RouteTables.html)
    - [EC2 User Guide, infrastructure security](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/infrastructure-security.html)
    """

    code = "NET009"
    name = "igw-default-route-misplaced"
    severity = Severity.HIGH
    since = "0.1.0"
    types = (RouteTable, SeparateRoute)
    strict = parameter.boolean(
        default=False, help="Whether any default route to an internet gateway fails."
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each such route in the main table, or in that of a private subnet."""
        routes = gateway_routes(graph)
        reasons = _of_private_subnets(graph) if routes else {}
        main = main_tables(graph) if routes else {}
        for route in routes:
            found: list[_Reason] = []
            if route.table in main:
                hop = main[route.table]
                evidence = (Evidence(hop.span, hop.fact, hop.resource.address),)
                said = Answer(hop.verdict, hop.causes)
                found.append(_Reason(said, "the main route table", evidence))
            if route.table is not None:
                found += reasons.get(route.table, [])
            if self.strict:
                found.append(_Reason(YES, "a route table", ()))
            yield from _judge(route, found)


def _judge(route: GatewayRoute, reasons: list[_Reason]) -> Iterator[Verdict]:
    if not reasons:
        return
    certain = [reason for reason in reasons if reason.answer.truth is True]
    # Where something is in them that may have a public address, that is told first.
    told = sorted(certain or reasons, key=lambda reason: reason.severity is not None)
    misplaced, where, _, severity = told[0]
    answer = route.answer & misplaced
    verb = "is" if answer.truth else "may be"
    yield Verdict(
        subject=route.resource,
        at=route.place,
        message=f"a default route to an internet gateway {verb} in {where}",
        undecided=answer.truth is not True,
        causes=answer.causes if answer.truth is not True else (),
        evidence=tuple(hop for reason in told for hop in reason.evidence),
        assumptions=answer.assumptions,
        severity=severity,
    )


def _of_private_subnets(graph: Graph) -> dict[Resource, list[_Reason]]:
    """The private subnets that have a table, as reasons why it must lead to no gateway."""
    found: dict[Resource, list[_Reason]] = {}
    inside = occupants(graph)
    for subnet in graph.all(Subnet):
        private: list[_Reason] = []
        called, word = called_private_in(subnet, vpc_of(graph, subnet))
        if called.may_be_true:
            said = f'says "{word}"' if called.truth else "may say that it is private"
            evidence = Evidence(subnet.span, f"a tag of {subnet.address} {said}", subnet.address)
            what = f"the route table of {subnet.address}, which "
            what += "is called private" if called.truth else "may be called private"
            private.append(_Reason(called, what, (evidence,)))
        for occupant in inside.get(subnet, ()):
            hop = occupant.stores
            if occupant.kind == "data store" and hop is not None:
                name = occupant.resource.address
                what = f"the route table of {subnet.address}, where {name} is"
                evidence = Evidence(hop.span, hop.fact, name)
                less = Severity.MEDIUM if isinstance(occupant.resource, Cache) else None
                stores = Answer(hop.verdict, hop.causes)
                private.append(_Reason(stores, what, (evidence,), less))
        for choice in tables_of(graph, subnet) if private else ():
            if choice.table is None:
                continue
            why = choice.why
            chosen = Answer(True if choice.certain else None, why.causes)
            of_table = Evidence(why.span, why.fact, why.resource.address)
            for one in private:
                also = (*one.evidence, of_table)
                reason = one._replace(answer=one.answer & chosen, evidence=also)
                found.setdefault(choice.table, []).append(reason)
    return found
