from collections.abc import Iterator

from iac_ec2lint.api import Answer, Check, Graph, Severity, Verdict, any_of, require
from iac_ec2lint.api.load_balancers import BALANCER_TYPES, attached, attached_elsewhere
from iac_ec2lint.api.resources import ClassicLoadBalancer, Listener, LoadBalancer


class LbAccessLogsOff(Check):
    """A load balancer keeps no access log.

    ## Why it matters
    Behind a load balancer an instance sees the load balancer's address. Who sent which request,
    when, and what came back is in the access log alone; without one an attack cannot be followed
    back.

    Access logs are off by default. A Network Load Balancer logs requests to TLS listeners only, so
    it is judged where it has one; Gateway Load Balancers keep none. A Classic Load Balancer has its
    log on where Terraform's block is written and does not say otherwise.

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
    ```hcl
    resource "aws_lb" "web" {
      subnets = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
      access_logs {
        bucket  = "my-alb-logs"
        enabled = true
      }
    }
    ```
    ```diff yaml
           Subnets: [subnet-0a1b2c3d4e5f60001, subnet-0a1b2c3d4e5f60002]
    +      LoadBalancerAttributes:
    +        - {Key: access_logs.s3.enabled, Value: "true"}
    +        - {Key: access_logs.s3.bucket, Value: my-alb-logs}
    ```

    ## How to mend it
    Enable access logs to an S3 bucket whose policy lets Elastic Load Balancing write to it. In
    CloudFormation that takes the attributes `access_logs.s3.enabled` and `access_logs.s3.bucket`,
    and of a Classic Load Balancer an `AccessLoggingPolicy`.

    ## References
    - [Access logs for your Application Load Balancer](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html)
    - [Access logs for your Network Load Balancer](https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-access-logs.html)
    - [Access logs for your Classic Load Balancer](https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/access-log-collection.html)
    """

    code = "CMP013"
    name = "lb-access-logs-off"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (*BALANCER_TYPES, Listener)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each load balancer that keeps no log of requests that it could log."""
        for balancer in graph.all(*BALANCER_TYPES):
            if isinstance(balancer, ClassicLoadBalancer):
                logs = balancer.access_logs
                place = logs.place("enabled") if logs.written else balancer.place("access_logs")
                safe = balancer.is_set("access_logs") & logs.enabled.is_true()
            else:
                place = balancer.place("access_logs")
                safe = balancer.access_logs.is_true()
                if safe.truth is not True:
                    safe = safe | ~_has_what_to_log(graph, balancer)
            yield from require(
                safe,
                of=balancer,
                at=place,
                otherwise="the load balancer keeps no access log",
                perhaps="the load balancer may keep no access log",
            )


def _has_what_to_log(graph: Graph, balancer: LoadBalancer) -> Answer:
    """Whether it is an Application Load Balancer, or a Network one with a TLS listener."""
    network = balancer.kind.equals("network")
    if network.truth is False:
        return balancer.is_application
    listeners = attached(graph, balancer, "load_balancer", Listener)
    listens = any_of(surely & one.equals("protocol", "TLS") for one, surely in listeners)
    if not listeners and (gap := attached_elsewhere(graph, balancer)) is not None:
        listens = Answer(None, (gap,))
    return balancer.is_application | (network & listens)
