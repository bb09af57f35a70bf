from collections.abc import Iterator
from typing import Final

from iac_ec2lint.api import (
    Answer,
    Check,
    Graph,
    Place,
    Resource,
    Severity,
    Unknown,
    Verdict,
    require,
)
from iac_ec2lint.api.endpoints import aws_service_of, has_zone, leads_to_own_service
from iac_ec2lint.api.resources import Vpc, VpcEndpoint, VpcEndpointPrivateDns

_BY_GATEWAY: Final = frozenset({"s3", "dynamodb", "s3express"})
"""Services whose public names lead to gateway endpoints in a VPC."""


class EndpointPrivateDnsOff(Check):
    """An interface endpoint exists but clients still resolve the public service address.

    ## Why it matters
    The endpoint is there, and nobody uses it: SDKs and the AWS CLI ask for the public name of the
    service and get public addresses. Calls leave by the NAT or internet gateway, past the
    endpoint's policy and groups, or fail where there is no way out.

    Endpoints of S3 and DynamoDB are spared: in the VPC their public names are served by gateway
    endpoints. A private hosted zone of the service's name in the VPC does as well.

    ## Fails
    ```hcl
    resource "aws_vpc_endpoint" "ec2" {
      vpc_id              = "vpc-0123456789abcdef0"
      service_name        = "com.amazonaws.eu-west-1.ec2"
      vpc_endpoint_type   = "Interface"
      subnet_ids          = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
      private_dns_enabled = false
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
          SubnetIds: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
          PrivateDnsEnabled: false
    ```

    ## Passes
    ```diff hcl
    -  private_dns_enabled = false
    +  private_dns_enabled = true
    ```
    ```diff yaml
    -      PrivateDnsEnabled: false
    +      PrivateDnsEnabled: true
    ```

    ## How to mend it
    Set `private_dns_enabled` (`PrivateDnsEnabled`) and the two DNS attributes of the VPC.

    ## References
    - [Access an AWS service using an interface VPC endpoint, "Private DNS"](https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html)
    - [DNS attributes for your VPC](https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html)
    - [CreateVpcEndpoint](https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html)
    """

    code = "VPCE007"
    name = "endpoint-private-dns-off"
    severity = Severity.LOW
    since = "0.1.0"
    types = (Vpc, VpcEndpoint, VpcEndpointPrivateDns)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each interface endpoint that does not answer by its service's name."""
        for endpoint in graph.all(VpcEndpoint):
            interface = endpoint.equals("endpoint_type", "Interface")
            service, name = aws_service_of(endpoint), endpoint.service_name
            foreign = service is None and not isinstance(name, Unknown)
            foreign = foreign or leads_to_own_service(endpoint)
            if interface.truth is False or foreign or service in _BY_GATEWAY:
                continue
            answered, declaring, place = _private_dns(graph, endpoint)
            vpcs = {edge.target for edge in graph.targets(endpoint, "vpc")}
            named = has_zone(graph, vpcs, service)
            if service is None and isinstance(name, Unknown):
                named = named | Answer(None, (name,))
            yield from require(
                ~interface | answered | named,
                of=endpoint,
                resource=declaring,
                at=place,
                otherwise="private DNS is off: the service's name leads past the endpoint",
                perhaps="private DNS may be off: the service's name would lead past the endpoint",
            )
            if (interface & answered).truth is not False:
                yield from _of_vpc(graph, endpoint, interface & answered)


def _private_dns(graph: Graph, endpoint: VpcEndpoint) -> tuple[Answer, Resource, Place]:
    """Whether private DNS is on for an endpoint, and what says so."""
    said = endpoint.answers_by_private_dns.is_true()
    edges = [
        edge
        for edge in (*graph.sources(endpoint, "vpc_endpoint"), *graph.unresolved("vpc_endpoint"))
        if isinstance(edge.source, VpcEndpointPrivateDns)
    ]
    for edge in edges:
        separate = edge.source
        if not isinstance(separate, VpcEndpointPrivateDns) or separate.enabled is None:
            continue
        if edge.certain and len(edges) == 1 and separate.presence.certain:
            return separate.enabled.is_true(), separate, separate.place("enabled")
        said = said | (edge.answer & separate.presence.answer & separate.enabled.is_true())
    return said, endpoint, endpoint.place("private_dns_enabled")


def _of_vpc(graph: Graph, endpoint: VpcEndpoint, private: Answer) -> Iterator[Verdict]:
    """What of the VPC keeps private DNS from working, where an endpoint has it.

    Of a VPC that is declared elsewhere nothing is asked: AWS refuses such an endpoint.
    """
    for edge in graph.targets(endpoint, "vpc"):
        vpc = edge.target
        if vpc is None:
            yield Verdict(
                subject=endpoint,
                at=endpoint.place("vpc"),
                message="private DNS of the endpoint may not work in its VPC",
                undecided=True,
                causes=(edge.answer & private).causes,
                value="VPC",
            )
        if not isinstance(vpc, Vpc):
            continue
        for name, on in (
            ("enable_dns_hostnames", vpc.gives_dns_hostnames),
            ("enable_dns_support", vpc.enable_dns_support),
        ):
            yield from require(
                ~(private & edge.answer) | on.is_true(),
                of=endpoint,
                resource=vpc,
                at=vpc.place(name),
                otherwise=f"private DNS of endpoints does not work: {vpc.spelling(name)} is off",
                perhaps=f"private DNS of endpoints may not work: {vpc.spelling(name)} may be off",
                value=f"{name} of the VPC",
            )
