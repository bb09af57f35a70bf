from collections.abc import Iterator

from iac_ec2lint.api import (
    NO,
    YES,
    Answer,
    Check,
    Edge,
    Graph,
    Resource,
    Severity,
    Unknown,
    Verdict,
    require,
)
from iac_ec2lint.api.endpoints import counted, is_one_id, to_fill_in
from iac_ec2lint.api.resources import Subnet, SubnetsDataSource, VpcEndpoint, VpcEndpointSubnet


class EndpointSingleAz(Check):
    """An interface endpoint has an interface in one Availability Zone only.

    ## Why it matters
    When the zone fails, so does the way to the service for all zones, although hosts elsewhere are
    well. With the Systems Manager or EC2 API endpoints gone, nobody can manage them just then.
    Traffic from other zones is billed as well.

    Two subnets are always in two zones, for AWS refuses a second one in the same.

    ## Fails
    ```hcl
    resource "aws_vpc_endpoint" "ec2" {
      vpc_id              = "vpc-0123456789abcdef0"
      service_name        = "com.amazonaws.eu-west-1.ec2"
      vpc_endpoint_type   = "Interface"
      subnet_ids          = ["subnet-0123456789abcdef0"]
    }
    ```
    ```yaml
    Resources:
      Ec2:
        Type: AWS::EC2::VPCEndpoint
        Properties:
          VpcId: vpc-0123456789abcdef0
          ServiceName: com.amazonaws.eu-west-1.ec2
          VpcEndpointType: Interface
          SubnetIds: [subnet-0123456789abcdef0]
    ```

    ## Passes
    ```diff hcl
    -  subnet_ids          = ["subnet-0123456789abcdef0"]
    +  subnet_ids          = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
    ```
    ```diff yaml
    -      SubnetIds: [subnet-0123456789abcdef0]
    +      SubnetIds: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
    ```

    ## How to mend it
    Give the endpoint a subnet in a second Availability Zone.

    ## References
    - [Access an AWS service using an interface VPC endpoint, "Subnets and Availability Zones"](https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html)
    - [EC2 API error codes, DuplicateSubnetsInSameZone](https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html)
    """

    code = "VPCE008"
    name = "endpoint-single-az"
    severity = Severity.LOW
    since = "0.1.0"
    types = (VpcEndpoint,)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each interface endpoint that is, or may be, in one zone alone."""
        for endpoint in graph.all(VpcEndpoint):
            interface = endpoint.equals("endpoint_type", "Interface")
            if interface.truth is False:
                continue
            edges = list(_subnet_edges(graph, endpoint))
            count = len({edge.target for edge in edges if edge.target is not None})
            alone = len(edges) == 1 and _is_written_alone(edges[0])
            yield from require(
                ~interface | _several_zones(edges, tuple(_numbers(graph, endpoint))),
                of=endpoint,
                at=endpoint.place("subnets"),
                otherwise="the endpoint has an interface in one Availability Zone alone"
                if count or alone
                else "the endpoint has no subnet, and so no interface",
                perhaps="the endpoint may have an interface in one Availability Zone alone",
                value="one zone",
            )


def _subnet_edges(graph: Graph, endpoint: VpcEndpoint) -> Iterator[Edge]:
    """What leads to an endpoint's subnets; an association that may be another's is uncertain."""
    yield from graph.targets(endpoint, "subnets")
    own = [(edge, edge.certain) for edge in graph.sources(endpoint, "vpc_endpoint")]
    loose = [(edge, False) for edge in graph.unresolved("vpc_endpoint")]
    for association, certain in own + loose:
        if isinstance(association.source, VpcEndpointSubnet):
            for edge in graph.targets(association.source, "subnet"):
                yield edge if certain else edge._replace(certain=False)


def _numbers(graph: Graph, endpoint: VpcEndpoint) -> Iterator[Unknown]:
    """What decides how many associations there are, where one stands for an unknown number."""
    for edge in graph.sources(endpoint, "vpc_endpoint"):
        there = edge.source.presence
        if there.cause is not None and there.key != endpoint.presence.key:
            yield there.cause


def _several_zones(edges: list[Edge], numbers: tuple[Unknown, ...]) -> Answer:
    """Whether there are subnets in two zones; ``numbers`` decide how many there are."""
    if not numbers and len(edges) == 1 and _is_written_alone(edges[0]):
        return NO
    # Two inputs that are to be filled in are two subnets, whatever stands there so far.
    sure = {
        (edge.target, to_fill_in(edge.value))
        for edge in edges
        if edge.certain and _is_one(edge.target)
    }
    known = {target for target, _ in sure}
    causes = tuple(
        counted(edge.value)
        for edge in edges
        if edge.target not in known and isinstance(edge.value, Unknown)
    )
    causes = (*causes, *numbers)
    if len(sure) < 2:
        unsure = len(known) < len({edge.target for edge in edges}) or causes
        return Answer(None, causes) if unsure else NO
    zones = {_zone(one) for one in known}
    return NO if len(zones) == 1 and None not in zones else YES


def _is_written_alone(edge: Edge) -> bool:
    """Whether it leads to one subnet for certain, which a parameter names."""
    return is_one_id(edge.value) and edge.part.presence.certain


def _zone(subnet: Resource | None) -> str | None:
    """The zone that a subnet is said to be in, where that is known."""
    written = subnet.availability_zone if isinstance(subnet, Subnet) else None
    return None if written is None else written.text


def _is_one(subnet: Resource | None) -> bool:
    """Whether it is one subnet, and no list of them that was looked up."""
    return subnet is not None and not isinstance(subnet, SubnetsDataSource)
