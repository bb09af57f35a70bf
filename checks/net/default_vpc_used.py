from collections.abc import Hashable, Iterator
from typing import NamedTuple

from iac_ec2lint.api import (
    NO,
    YES,
    Answer,
    Check,
    Edge,
    Graph,
    Part,
    Place,
    Resource,
    Severity,
    Unknown,
    Val,
    Verdict,
    require,
)
from iac_ec2lint.api.compute import (
    HOST_TYPES,
    HostInterface,
    Launch,
    interfaces,
    launches,
    runs,
    unplaced,
    where_it_runs,
)
from iac_ec2lint.api.resources import AutoScalingGroup, Instance, NetworkInterface, Subnet, Vpc
from iac_ec2lint.api.vpc import Family, default_subnet, in_default_vpc, public_route, vpc_elsewhere


class DefaultVpcUsed(Check):
    """Workloads run in, or the template adopts, the account's default VPC.

    ## Why it matters
    Each subnet of the default VPC is public and gives every instance a public address. All that
    names no network ends up there beside one another, whatever it belongs to.

    An Auto Scaling group that names zones and no subnets launches there too. What adopts the
    default VPC in order to delete it (`force_destroy`) passes, and so does what adopts it and
    leaves its main route table without a way to the internet. What tags find is taken for another
    VPC, unless they say `default`: AWS creates the default one without tags.

    ## Fails
    ```hcl
    resource "aws_instance" "web" {
      ami           = "ami-0123456789abcdef0"
      instance_type = "t3.micro"
    }
    ```
    ```yaml
    Resources:
      Web:
        Type: AWS::EC2::Instance
        Properties:
          ImageId: ami-0123456789abcdef0
    ```

    ## Passes
    ```diff hcl
    +resource "aws_vpc" "main" {
    +  cidr_block = "10.0.0.0/16"
    +}
    +resource "aws_subnet" "web" {
    +  vpc_id     = aws_vpc.main.id
    +  cidr_block = "10.0.1.0/24"
    +}
       instance_type = "t3.micro"
    +  subnet_id     = aws_subnet.web.id
    ```
    ```diff yaml
     Resources:
    +  Vpc:
    +    Type: AWS::EC2::VPC
    +    Properties:
    +      CidrBlock: 10.0.0.0/16
    +  Subnet:
    +    Type: AWS::EC2::Subnet
    +    Properties:
    +      VpcId: !Ref Vpc
    +      CidrBlock: 10.0.1.0/24
           ImageId: ami-0123456789abcdef0
    +      SubnetId: !Ref Subnet
    ```

    ## How to mend it
    Declare a VPC for the workload and name one of its subnets.

    ## References
    - [Default VPCs](https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc.html)
    - [EC2 User Guide, infrastructure security](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/infrastructure-security.html)
    """

    code = "NET003"
    name = "default-vpc-used"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (*HOST_TYPES, NetworkInterface, Subnet, Vpc)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for what adopts the default VPC, and for each subnet that is in it."""
        whole: list[Vpc | Subnet] = [*graph.all(Vpc), *graph.all(Subnet)]
        for adopted in whole:
            if adopted.is_default:
                what = "VPC" if isinstance(adopted, Vpc) else "subnet"
                yield from require(
                    adopted.force_destroy.is_true() | _is_cut_off(graph, adopted),
                    of=adopted,
                    at=adopted,
                    otherwise=f"a default {what} is adopted",
                    perhaps=f"a default {what} may be adopted to be used",
                    value="adopted",
                )
        first: dict[Hashable, _Use] = {}
        for use in _uses(graph):
            safe = ~_is_in_it(graph, use)
            key = vpc_elsewhere(graph, use.value) if safe.truth is None else None
            # Of one VPC that is declared elsewhere it is asked once, where the first stands in it.
            shown = use if key is None else first.setdefault(key, use)
            none = use.edge is None
            yield from require(
                safe,
                of=use.user,
                resource=shown.owner,
                at=shown.place,
                otherwise="no subnet is named, so instances are launched in the default VPC"
                if none
                else "the subnet is in the default VPC",
                perhaps="the subnet may be in the default VPC",
                value="none" if none else None,
            )


class _Use(NamedTuple):
    """Something in a subnet: what, who says so and where; no edge where no subnet is named.

    The gap is why none is named as yet.
    """

    user: Resource
    owner: Resource
    place: Place | Part
    edge: Edge | None
    gap: Unknown | None = None

    @property
    def value(self) -> Val | None:
        return None if self.edge is None else self.edge.value


def _is_cut_off(graph: Graph, adopted: Vpc | Subnet) -> Answer:
    """Whether what is adopted surely has no way to the internet, of any address family."""
    subnet = adopted if isinstance(adopted, Subnet) else default_subnet(graph, adopted)
    ways = (public_route(graph, subnet, family).truth for family in Family)
    return YES if all(way is False for way in ways) else NO


def _uses(graph: Graph) -> Iterator[_Use]:
    for launch in launches(graph):
        if launch.unused or runs(graph, launch.host).truth is False:
            continue
        for interface in interfaces(graph, launch):
            if interface.declared is None:
                for use in _of_host(launch, interface):
                    yield use._replace(place=where_it_runs(graph, use.place, launch.host))
    for declared in graph.all(NetworkInterface):
        for edge in graph.targets(declared, "subnet"):
            place = edge.part.place(edge.relation, edge.value)
            yield _Use(declared, declared, place, edge)


def _of_host(launch: Launch, interface: HostInterface) -> Iterator[_Use]:
    host = launch.host
    if not interface.subnets:
        relation = {AutoScalingGroup: "subnets", Instance: "subnet"}.get(type(host))
        place = host if relation is None else host.place(relation)
        yield _Use(host, host, place, None, unplaced(host, interface.part))
    for edge in interface.subnets:
        layer = edge.part.decides(edge.relation)
        owner = host if layer is None else launch.resource_of(layer)
        yield _Use(host, owner, edge.part.place(edge.relation, edge.value), edge)


def _is_in_it(graph: Graph, use: _Use) -> Answer:
    if use.edge is None:
        return YES if use.gap is None else Answer(None, (use.gap,))
    gap = use.value
    names_none = isinstance(gap, Unknown) and use.edge.may_name_nothing
    without = Answer(None, (gap,)) if isinstance(gap, Unknown) and names_none else NO
    return in_default_vpc(graph, use.edge.target) & use.edge.answer | without
