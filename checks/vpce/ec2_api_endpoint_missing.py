from collections.abc import Hashable, Iterator

from iac_ec2lint.api import (
    NO,
    Answer,
    Check,
    Evidence,
    Graph,
    Resource,
    Severity,
    Verdict,
    any_of,
    require,
)
from iac_ec2lint.api.compute import HOST_TYPES
from iac_ec2lint.api.endpoints import (
    endpoints_elsewhere,
    has_endpoint,
    has_zone,
    said_to_have_endpoints,
)
from iac_ec2lint.api.resources import Vpc, VpcEndpoint
from iac_ec2lint.api.vpc import Workload, is_unused, vpc_elsewhere, vpc_of, workloads

_SERVICES = frozenset({"ec2", "ec2-fips"})


class Ec2ApiEndpointMissing(Check):
    """A VPC that runs instances has no interface endpoint for the EC2 API.

    ## Why it matters
    Calls of the EC2 API from the VPC go by the internet, if there is a way there at all. They share
    it with whatever else leaves the hosts, no endpoint policy limits whose credentials may be used,
    and a VPC that is closed to be safe cannot call the API.

    It is judged in root modules and stacks, for VPCs that they declare and that nobody else may add
    endpoints to.

    ## Fails
    ```hcl
    resource "aws_vpc" "main" {
      cidr_block = "10.0.0.0/16"
    }

    resource "aws_subnet" "private" {
      vpc_id     = aws_vpc.main.id
      cidr_block = "10.0.1.0/24"
    }

    resource "aws_instance" "web" {
      ami       = "ami-0123456789abcdef0"
      subnet_id = aws_subnet.private.id
    }
    ```
    ```yaml
    Resources:
      Vpc:
        Type: AWS::EC2::VPC
        Properties:
          CidrBlock: 10.0.0.0/16
      Private:
        Type: AWS::EC2::Subnet
        Properties:
          VpcId: !Ref Vpc
          CidrBlock: 10.0.1.0/24
      Web:
        Type: AWS::EC2::Instance
        Properties:
          ImageId: ami-0123456789abcdef0
          SubnetId: !Ref Private
    ```

    ## Passes
    ```diff hcl
       subnet_id = aws_subnet.private.id
     }
    +
    +resource "aws_vpc_endpoint" "ec2" {
    +  vpc_id              = aws_vpc.main.id
    +  service_name        = "com.amazonaws.eu-west-1.ec2"
    +  vpc_endpoint_type   = "Interface"
    +  subnet_ids          = [aws_subnet.private.id]
    +  private_dns_enabled = true
    +}
    ```
    ```diff yaml
           SubnetId: !Ref Private
    +  Ec2:
    +    Type: AWS::EC2::VPCEndpoint
    +    Properties:
    +      VpcId: !Ref Vpc
    +      ServiceName: !Sub com.amazonaws.${AWS::Region}.ec2
    +      VpcEndpointType: Interface
    +      SubnetIds: [!Ref Private]
    +      PrivateDnsEnabled: true
    ```

    ## How to mend it
    Add an interface endpoint for `com.amazonaws.REGION.ec2` in the private subnets.

    ## References
    - [Interface VPC endpoints of Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/interface-vpc-endpoints.html)
    - [Centralized access to VPC private endpoints](https://docs.aws.amazon.com/whitepapers/latest/building-scalable-secure-multi-vpc-network-infrastructure/centralized-access-to-vpc-private-endpoints.html)
    """

    code = "VPCE001"
    name = "ec2-api-endpoint-missing"
    severity = Severity.LOW
    since = "0.1.0"
    types = (*HOST_TYPES, Vpc)
    supplied_by = (VpcEndpoint,)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each VPC with instances; for one that is elsewhere at the first."""
        if not graph.unit.is_root:
            return  # whoever calls it is judged with it
        seen: dict[Hashable, Resource] = {}
        for vpc, hosts in _by_vpc(graph).items():
            if not isinstance(vpc, Vpc):
                for host in hosts:
                    key = vpc or _elsewhere(graph, host)
                    at = host.resource if key is None else seen.setdefault(key, host.resource)
                    yield from require(
                        said_to_have_endpoints(graph, vpc, host.resource),
                        of=host.resource,
                        resource=at,
                        at=at,
                        otherwise="the VPC has no endpoint for the EC2 API",
                        perhaps="the VPC may have no endpoint for the EC2 API",
                        value="VPC",
                    )
                continue
            first = hosts[0].resource
            elsewhere = endpoints_elsewhere(graph, vpc)
            others = Answer(None, elsewhere) if elsewhere else NO
            own = has_endpoint(graph, vpc, _SERVICES) | has_zone(graph, (vpc,), "ec2")
            yield from require(
                ~any_of(host.exists for host in hosts) | own | others,
                of=vpc,
                at=vpc,
                otherwise="instances run in the VPC, and it has no endpoint for the EC2 API",
                perhaps="instances run in the VPC, and it may have no endpoint for the EC2 API",
                evidence=(Evidence(first.span, f"{first.address} runs in it", first.address),),
            )


def _elsewhere(graph: Graph, host: Workload) -> Hashable | None:
    """What tells the one VPC of a workload from others, where it is declared elsewhere."""
    found = {vpc_elsewhere(graph, eni.placement.value) for eni in host.enis}
    return found.pop() if len(found) == 1 else None


def _by_vpc(graph: Graph) -> dict[Resource | None, list[Workload]]:
    """The workloads that may run in each VPC; ``None`` is one that is not known."""
    found: dict[Resource | None, list[Workload]] = {}
    for host in workloads(graph):
        if is_unused(host.resource) or host.exists.truth is False:
            continue
        for vpc in {vpc_of(graph, eni.placement.subnet): None for eni in host.enis}:
            found.setdefault(vpc, []).append(host)
    return found
