from collections.abc import Iterator

from iac_ec2lint.api import Answer, Check, Graph, Severity, Unknown, Verdict, require, set_to
from iac_ec2lint.api.endpoints import may_admit_anybody
from iac_ec2lint.api.resources import EndpointService, EndpointServicePrincipal


class EndpointServiceAutoAccepts(Check):
    """A PrivateLink endpoint service lets consumers connect without approval.

    ## Why it matters
    Whoever is allowed to make endpoints to the service is connected at once. The list of allowed
    principals is then the only control: an account, a role or a `*` too many in it, and strangers
    open connections into the VPC.

    It is low where each principal that is allowed is named, and where none is: then nobody but the
    own account can make endpoints to it.

    ## Fails
    ```hcl
    resource "aws_vpc_endpoint_service" "orders" {
      acceptance_required        = false
      network_load_balancer_arns = [aws_lb.orders.arn]
    }
    ```
    ```yaml
    Resources:
      Orders:
        Type: AWS::EC2::VPCEndpointService
        Properties:
          AcceptanceRequired: false
          NetworkLoadBalancerArns: [!Ref LoadBalancer]
    ```

    ## Passes
    ```diff hcl
    -  acceptance_required        = false
    +  acceptance_required        = true
    ```
    ```diff yaml
    -      AcceptanceRequired: false
    +      AcceptanceRequired: true
    ```

    ## How to mend it
    Set `acceptance_required` (`AcceptanceRequired`) to true; accept expected connections.

    ## References
    - [Share your services through AWS PrivateLink](https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-share-your-services.html)
    - [Accept or reject connection requests](https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html#accept-reject-connection-requests)
    """

    code = "VPCE009"
    name = "endpoint-service-auto-accepts"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (EndpointService, EndpointServicePrincipal)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each service whose owner is not, or may not be, asked."""
        for service in graph.all(EndpointService):
            place = service.place("acceptance_required")
            required = service.acceptance_required
            if required is None:
                reason = "AWS does not say whether acceptance is required where that is not set"
                safe = Answer(None, (Unknown(reason, "limit", place.span),))
            else:
                safe = required.is_true()
            yield from require(
                safe,
                of=service,
                at=place,
                otherwise="consumers are connected to the service without acceptance",
                perhaps="consumers may be connected to the service without acceptance",
                severity=None if may_admit_anybody(graph, service) else Severity.LOW,
                fix=set_to(True),
            )
