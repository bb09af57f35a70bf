from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, require
from iac_ec2lint.api.load_balancers import BALANCER_TYPES
from iac_ec2lint.api.resources import LoadBalancer


class LbInternetFacing(Check):
    """A load balancer is reachable from the internet.

    ## Why it matters
    A load balancer has public addresses unless it is declared internal, in both languages. This is
    an inventory of the front doors: many should be public, and each should be so on purpose. What
    the internet reaches behind them is left to the checks of attack paths.

    Gateway Load Balancers have no public addresses, and are not judged.

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
    +  internal = true
    ```
    ```diff yaml
           Subnets: [subnet-0a1b2c3d4e5f60001, subnet-0a1b2c3d4e5f60002]
    +      Scheme: internal
    ```

    ## How to mend it
    Make the load balancer internal unless it serves clients on the internet. This replaces it: its
    addresses and its DNS name change.

    ## References
    - [How Elastic Load Balancing works: load balancer scheme](https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html#load-balancer-scheme)
    - [CreateLoadBalancer](https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html)
    """

    code = "NET024"
    name = "lb-internet-facing"
    severity = Severity.INFO
    since = "0.1.0"
    types = BALANCER_TYPES
    default = False

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each load balancer that is, or may be, internet-facing."""
        for balancer in graph.all(*BALANCER_TYPES):
            safe = balancer.is_internal
            if isinstance(balancer, LoadBalancer):
                safe = balancer.kind.equals("gateway") | safe
            yield from require(
                safe,
                of=balancer,
                at=balancer.place(balancer.facing),
                otherwise="the load balancer is internet-facing",
                perhaps="the load balancer may be internet-facing",
            )
