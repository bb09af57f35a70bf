from collections.abc import Iterator

from iac_ec2lint.api import YES, Check, Graph, Severity, Verdict, require, set_to
from iac_ec2lint.api.load_balancers import BALANCER_TYPES
from iac_ec2lint.api.resources import ClassicLoadBalancer


class LbDesyncMitigationWeak(Check):
    """A load balancer forwards ambiguous requests that enable request smuggling.

    ## Why it matters
    Two servers that disagree about where an HTTP request ends can be made to take part of one
    client's request for the beginning of another's: sessions are stolen, and checks at the front
    are passed by. The mode `monitor` counts such requests and forwards all of them.

    The default, `defensive`, is enough. Network and Gateway Load Balancers read no requests.

    ## Fails
    ```hcl
    resource "aws_lb" "web" {
      subnets                = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
      desync_mitigation_mode = "monitor"
    }
    ```
    ```yaml
    Resources:
      Web:
        Type: AWS::ElasticLoadBalancingV2::LoadBalancer
        Properties:
          Subnets: [subnet-0a1b2c3d4e5f60001, subnet-0a1b2c3d4e5f60002]
          LoadBalancerAttributes:
            - {Key: routing.http.desync_mitigation_mode, Value: monitor}
    ```

    ## Passes
    ```diff hcl
    -  desync_mitigation_mode = "monitor"
    +  desync_mitigation_mode = "strictest"
    ```
    ```diff yaml
    -      LoadBalancerAttributes:
    -        - {Key: routing.http.desync_mitigation_mode, Value: monitor}
    ```

    ## How to mend it
    Set `desync_mitigation_mode` (`routing.http.desync_mitigation_mode`) to `defensive`. The
    latter refuses all requests that do not comply with RFC 7230; look at the metric of
    non-compliant requests before.

    ## References
    - [Edit attributes for your Application Load Balancer: desync mitigation mode](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html#desync-mitigation-mode)
    - [Configure desync mitigation mode for your Classic Load Balancer](https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/config-desync-mitigation-mode.html)
    """

    code = "NET022"
    name = "lb-desync-mitigation-weak"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = BALANCER_TYPES

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each load balancer that forwards them, or may."""
        for balancer in graph.all(*BALANCER_TYPES):
            reads = YES if isinstance(balancer, ClassicLoadBalancer) else balancer.is_application
            mode = balancer.desync_mitigation
            said = f'"{mode.text}"' if mode.text is not None else "not known"
            yield from require(
                ~reads | mode.equals("defensive", "strictest"),
                of=balancer,
                at=balancer.place("desync_mitigation"),
                otherwise=f"ambiguous requests are forwarded: the desync mitigation mode is {said}",
                perhaps=(
                    f"ambiguous requests may be forwarded: the desync mitigation mode is {said}"
                ),
                fix=set_to("defensive"),
            )
