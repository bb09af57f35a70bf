from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Question, Severity, Verdict
from iac_ec2lint.api.attack import open_services
from iac_ec2lint.api.network import TCP, PortSet, describe_ports
from iac_ec2lint.api.resources import EndpointService
from iac_ec2lint.api.verdicts import gain_verdict


class EndpointServiceOpensInside(Check):
    """Any AWS account can reach an administrative or data port through a PrivateLink endpoint service.

    ## Why it matters
    Where a service allows every principal and nobody has to accept, anyone with an AWS account
    makes an endpoint to it and is inside: the Network Load Balancer hands connections on to its
    targets, whose groups see the load balancer's address and no stranger's.

    It fails where a target's port is one of administration or of a data store, and the target's
    groups and network ACLs let the load balancer in on it.

    ## Fails
    On [docs/stages/balanced-database](../stages/README.md), a database behind a Network Load
    Balancer: the load balancer as a service for everybody:
    ```diff hcl stage=balanced-database
    +resource "aws_vpc_endpoint_service" "database" {
    +  acceptance_required        = false
    +  allowed_principals         = ["*"]
    +  network_load_balancer_arns = [aws_lb.database.arn]
    +}
    ```
    ```diff yaml stage=balanced-database
     Resources:
    +  Service:
    +    Type: AWS::EC2::VPCEndpointService
    +    Properties:
    +      AcceptanceRequired: false
    +      NetworkLoadBalancerArns: [!Ref Balancer]
    +  Permissions:
    +    Type: AWS::EC2::VPCEndpointServicePermissions
    +    Properties:
    +      ServiceId: !Ref Service
    +      AllowedPrincipals: ["*"]
    ```

    ## Passes
    ```diff hcl
     resource "aws_vpc_endpoint_service" "database" {
    -  acceptance_required        = false
    -  allowed_principals         = ["*"]
    +  acceptance_required        = true
    +  allowed_principals         = ["arn:aws:iam::123456789012:root"]
    ```
    ```diff yaml
       Service:
    -      AcceptanceRequired: false
    +      AcceptanceRequired: true
       Permissions:
    -      AllowedPrincipals: ["*"]
    +      AllowedPrincipals: ["arn:aws:iam::123456789012:root"]
    ```

    ## How to mend it
    Name the principals and require acceptance.

    ## References
    - [Manage permissions of an endpoint service](https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html)
    """  # noqa: E501 - the summary is one line

    code = "PATH015"
    name = "endpoint-service-opens-inside"
    severity = Severity.HIGH
    since = "0.1.0"
    asks = Question(("account",), ("reaches",), ("host",), ports=("administration", "data store"))
    types = (EndpointService,)
    supersedes = ("VPCE010",)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each open service and each port inside that it leads to."""
        for opened in open_services(graph):
            service, undecided = opened.service, opened.answer.truth is None
            port, front = opened.port, opened.balancer.address
            if port is not None and not self.asks.counts(TCP, PortSet.of([(port, port)])):
                continue
            what = "a port" if port is None else describe_ports(TCP, PortSet.of([(port, port)]))
            yield gain_verdict(
                service,
                (opened.place, opened.declaring),
                f"any AWS account {'may' if undecided else 'can'} reach {what} of "
                f"{opened.target.address} through {service.address} and {front}",
                opened.answer,
                hops=opened.evidence,
                edits=() if undecided else opened.edits,
                value=f"{front} {opened.target.address} {what}",
                severity=self.severity,
                confidence=opened.confidence,
            )
