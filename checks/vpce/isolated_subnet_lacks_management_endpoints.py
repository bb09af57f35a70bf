from collections.abc import Iterator

from iac_ec2lint.api import (
    NO,
    Answer,
    Check,
    Evidence,
    Graph,
    Remark,
    Severity,
    Unknown,
    Verdict,
    all_of,
    any_of,
    require,
)
from iac_ec2lint.api.compute import HOST_TYPES
from iac_ec2lint.api.endpoints import (
    EndpointWay,
    aws_service_of,
    confined,
    endpoint_ways,
    endpoints_elsewhere,
    said_to_have_endpoints,
)
from iac_ec2lint.api.resources import VpcEndpoint
from iac_ec2lint.api.vpc import Workload, is_unused, vpc_of, workloads

_NEEDED = ("ssm", "ssmmessages")
_HELPFUL = {"ec2messages": "no-endpoint-for-old-agents", "s3": "no-endpoint-for-patches"}
"""Services of which a missing endpoint is a note, and its name."""
_SERVICES = frozenset(f"{one}{end}" for one in (*_NEEDED, *_HELPFUL) for end in ("", "-fips"))


class IsolatedSubnetLacksManagementEndpoints(Check):
    """Instances without a way out reach no endpoint of Systems Manager to be managed by.

    ## Why it matters
    A host without a way out is safe from the internet, and from its owner as well: the agent of
    Systems Manager reaches neither `ssm` nor `ssmmessages`, so that nobody opens a session, applies
    a patch or collects an inventory. What stands unpatched, or gets a bastion after all, is less
    safe than before.

    An endpoint counts where the host reaches it on port 443, through the groups of both. That the
    ones for `ec2messages` (old agents) and for `s3` (patches) are missing is a note.

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
    +resource "aws_security_group" "endpoints" {
    +  vpc_id = aws_vpc.main.id
    +  ingress {
    +    protocol    = "tcp"
    +    from_port   = 443
    +    to_port     = 443
    +    cidr_blocks = [aws_vpc.main.cidr_block]
    +  }
    +}
    +
    +resource "aws_vpc_endpoint" "management" {
    +  for_each            = toset(["ssm", "ssmmessages", "ec2messages"])
    +  vpc_id              = aws_vpc.main.id
    +  service_name        = "com.amazonaws.eu-west-1.${each.value}"
    +  vpc_endpoint_type   = "Interface"
    +  subnet_ids          = [aws_subnet.private.id]
    +  security_group_ids  = [aws_security_group.endpoints.id]
    +  private_dns_enabled = true
    +}
    ```
    ```diff yaml
           SubnetId: !Ref Private
    +  Endpoints:
    +    Type: AWS::EC2::SecurityGroup
    +    Properties:
    +      GroupDescription: endpoints
    +      VpcId: !Ref Vpc
    +      SecurityGroupIngress:
    +        - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/16}
    +  Ssm:
    +    Type: AWS::EC2::VPCEndpoint
    +    Properties:
    +      VpcId: !Ref Vpc
    +      ServiceName: !Sub com.amazonaws.${AWS::Region}.ssm
    +      VpcEndpointType: Interface
    +      SubnetIds: [!Ref Private]
    +      SecurityGroupIds: [!Ref Endpoints]
    +      PrivateDnsEnabled: true
    +  SsmMessages:
    +    Type: AWS::EC2::VPCEndpoint
    +    Properties:
    +      VpcId: !Ref Vpc
    +      ServiceName: !Sub com.amazonaws.${AWS::Region}.ssmmessages
    +      VpcEndpointType: Interface
    +      SubnetIds: [!Ref Private]
    +      SecurityGroupIds: [!Ref Endpoints]
    +      PrivateDnsEnabled: true
    ```

    ## How to mend it
    Create `ssm`, `ssmmessages` and `s3` endpoints that the subnet reaches on port 443. Or give the
    subnet a route out, by a NAT gateway.

    ## References
    - [Improve the security of EC2 instances by using VPC endpoints for Systems Manager](https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-create-vpc.html)
    - [Interface VPC endpoints of Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/interface-vpc-endpoints.html)
    """

    code = "VPCE002"
    name = "isolated-subnet-lacks-management-endpoints"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = HOST_TYPES
    supplied_by = (VpcEndpoint,)

    def examine(self, graph: Graph) -> Iterator[Verdict | Remark]:
        """A verdict for each workload without a way out that lacks an endpoint it needs."""
        if not graph.unit.is_root:
            return  # whoever calls it is judged with it
        for host in workloads(graph):
            alone = host.exists & confined(graph, host)
            if is_unused(host.resource) or alone.truth is False:
                continue
            ways = list(endpoint_ways(graph, host, _SERVICES))
            has = {service: _has(ways, service) for service in (*_NEEDED, *_HELPFUL)}
            managed = has["ssm"] & has["ssmmessages"]
            lacking = [one for one in _NEEDED if has[one].truth is not True]
            safe = ~alone | managed | _others(graph, host)
            if safe.truth is None:
                safe = safe | _said(graph, host)
            yield from require(
                safe,
                of=host.resource,
                at=host.resource,
                otherwise="instances have no way out, and reach no endpoint for "
                + " and ".join(lacking),
                perhaps="instances may have no way out, and may reach no endpoint for "
                + " and ".join(lacking),
                evidence=tuple(_evidence(graph, host)),
                value="management endpoints",
            )
            if alone.truth is True and managed.truth is True:
                for service, name in _HELPFUL.items():
                    if has[service].truth is False:
                        words = f"instances have no way out, and reach no endpoint for {service}"
                        yield Remark(name, host.resource, host.resource, words)


def _has(ways: list[EndpointWay], service: str) -> Answer:
    """Whether one of some endpoints that a workload reaches is of a service."""
    found: list[Answer] = []
    for way in ways:
        leads, name = aws_service_of(way.endpoint), way.endpoint.service_name
        if leads in {service, f"{service}-fips"}:
            found.append(way.answer)
        elif leads is None and isinstance(name, Unknown):
            found.append(way.answer & Answer(None, (name,)))
    return any_of(found)


def _others(graph: Graph, host: Workload) -> Answer:
    """Whether endpoints that are not in the source may be there for a workload."""
    vpcs = {vpc_of(graph, eni.placement.subnet): None for eni in host.enis}
    causes = [cause for vpc in vpcs if vpc is not None for cause in endpoints_elsewhere(graph, vpc)]
    return Answer(None, tuple(causes)) if causes else NO


def _said(graph: Graph, host: Workload) -> Answer:
    """Whether somebody says that the VPCs which it stands in have endpoints, elsewhere."""
    vpcs = {vpc_of(graph, eni.placement.subnet): None for eni in host.enis}
    return all_of(said_to_have_endpoints(graph, vpc, host.resource) for vpc in vpcs) if vpcs else NO


def _evidence(graph: Graph, host: Workload) -> Iterator[Evidence]:
    which = "no route" if confined(graph, host).truth is True else "no known route"
    for subnet, span in {eni.placement.subnet: eni.placement.span for eni in host.enis}.items():
        words = f"{which} of {subnet.address} leads out"
        yield Evidence(span, words, host.resource.address)
