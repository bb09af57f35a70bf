from collections.abc import Iterator

from iac_ec2lint.api import Answer, Check, Graph, Severity, Verdict, any_of, require
from iac_ec2lint.api.load_balancers import attached, attached_elsewhere
from iac_ec2lint.api.resources import ClassicLoadBalancer, Listener, LoadBalancer, TargetGroup


class LbTargetHealthNeglected(Check):
    """A load balancer has no targets to send requests to, or sends them to ones that fail or leave.

    ## Why it matters
    A Classic Load Balancer without connection draining cuts off requests in flight whenever an
    instance leaves: at each deployment, each time its group shrinks. A target group whose health
    checks are off keeps sending requests to targets that have died. A load balancer without
    listeners serves nobody, and is paid for.

    The health checks of a target group are on unless it says otherwise, in both languages, and
    those of instances and addresses cannot be turned off; of functions they are off, which is no
    failure.

    ## Fails
    ```hcl
    resource "aws_elb" "web" {
      subnets = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
      listener {
        lb_port           = 80
        lb_protocol       = "http"
        instance_port     = 80
        instance_protocol = "http"
      }
    }
    ```
    ```yaml
    Resources:
      Web:
        Type: AWS::ElasticLoadBalancing::LoadBalancer
        Properties:
          Subnets: [subnet-0a1b2c3d4e5f60001, subnet-0a1b2c3d4e5f60002]
          Listeners:
            - {LoadBalancerPort: "80", InstancePort: "80", Protocol: HTTP}
    ```

    ## Passes
    ```diff hcl
       subnets = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
    +  connection_draining = true
    ```
    ```diff yaml
           Subnets: [subnet-0a1b2c3d4e5f60001, subnet-0a1b2c3d4e5f60002]
    +      ConnectionDrainingPolicy: {Enabled: true, Timeout: 60}
    ```

    ## How to mend it
    Turn on connection draining and health checks, and give each load balancer a listener. In
    CloudFormation draining is `ConnectionDrainingPolicy`.

    ## References
    - [Configure connection draining for your Classic Load Balancer](https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/config-conn-drain.html)
    - [Health checks for Application Load Balancer target groups](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html)
    - [CreateTargetGroup: HealthCheckEnabled](https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html)
    - [Listeners for your Application Load Balancers](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html)
    """

    code = "RES010"
    name = "lb-target-health-neglected"
    severity = Severity.LOW
    since = "0.1.0"
    types = (ClassicLoadBalancer, LoadBalancer, Listener, TargetGroup)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each load balancer and target group that neglects its targets."""
        for classic in graph.all(ClassicLoadBalancer):
            yield from require(
                classic.connection_draining.is_true(),
                of=classic,
                at=classic.place("connection_draining"),
                otherwise="connection draining is off",
                perhaps="connection draining may be off",
            )
        for balancer in graph.all(LoadBalancer):
            yield from require(
                _listens(graph, balancer),
                of=balancer,
                at=balancer,
                otherwise="the load balancer has no listener",
                perhaps="the load balancer may have no listener",
            )
        for group in graph.all(TargetGroup):
            yield from require(
                group.checks_health.is_true() | group.target_type.equals("lambda"),
                of=group,
                at=group.place("checks_health"),
                otherwise="health checks are off",
                perhaps="health checks may be off",
            )


def _listens(graph: Graph, balancer: LoadBalancer) -> Answer:
    """Whether a load balancer has a listener: what that does with requests is its own business."""
    found = any_of(surely for _, surely in attached(graph, balancer, "load_balancer", Listener))
    if found.truth is False and (gap := attached_elsewhere(graph, balancer)) is not None:
        return Answer(None, (gap,))
    return found
