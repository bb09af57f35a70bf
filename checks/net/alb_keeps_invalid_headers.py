from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, require, set_to
from iac_ec2lint.api.load_balancers import forwards_nothing
from iac_ec2lint.api.resources import Listener, ListenerRule, LoadBalancer, UnreadModule
from iac_ec2lint.api.verdicts import handed_to_unread_modules


class AlbKeepsInvalidHeaders(Check):
    """An Application Load Balancer passes malformed HTTP headers on to its targets.

    ## Why it matters
    Header fields whose names are not made of letters, digits and hyphens are passed on unless this
    attribute is set. Servers read such names each in their own way, so that a client can set a
    header that the load balancer or a proxy behind it was to set, or hide where a request ends.

    Network and Gateway Load Balancers read no headers, and are not judged; nor is one whose
    listeners and rules do nothing but redirect and answer by themselves, for it has no targets.

    ## Fails
    ```hcl
    resource "aws_lb" "web" {
      subnets = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
    }
    ```
    ```yaml
    Resources:
      Web:
        Type: AWS::ElasticLoadBalancingV2::LoadBalancer
        Properties:
          Subnets: [subnet-0a1b2c3d4e5f60001, subnet-0a1b2c3d4e5f60002]
    ```

    ## Passes
    ```diff hcl
       subnets = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
    +  drop_invalid_header_fields = true
    ```
    ```diff yaml
           Subnets: [subnet-0a1b2c3d4e5f60001, subnet-0a1b2c3d4e5f60002]
    +      LoadBalancerAttributes:
    +        - {Key: routing.http.drop_invalid_header_fields.enabled, Value: "true"}
    ```

    ## How to mend it
    Set `drop_invalid_header_fields` (`routing.http.drop_invalid_header_fields.enabled`).
    Clients that send names with underscores
    need other names first.

    ## References
    - [HTTP headers and Application Load Balancers](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html)
    - [LoadBalancerAttribute](https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html)
    """

    code = "NET021"
    name = "alb-keeps-invalid-headers"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (Listener, ListenerRule, LoadBalancer, UnreadModule)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each Application Load Balancer that does not drop them, or may not."""
        for balancer in graph.all(LoadBalancer):
            yield from require(
                ~balancer.is_application
                | balancer.drops_invalid_headers.is_true()
                | forwards_nothing(graph, balancer),
                of=balancer,
                at=balancer.place("drops_invalid_headers"),
                otherwise="header fields with invalid names are passed on to targets",
                perhaps="header fields with invalid names may be passed on to targets",
                fix=set_to(True),
            )
        for handed in handed_to_unread_modules(graph):
            value = handed.sets("drop_invalid_header_fields", False)
            if value is not None:
                what = "header fields with invalid names may be passed on to targets"
                yield handed.verdict(value, what)
