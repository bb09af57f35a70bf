from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, any_of, require, set_to
from iac_ec2lint.api.resources import AutoScalingAttachment, AutoScalingGroup

_BALANCER = ("a load balancer", "ELB")
_LATTICE = ("VPC Lattice", "VPC_LATTICE")
"""Who checks the instances, and what asks for that."""


class AsgLbHealthCheckMissing(Check):
    """An Auto Scaling group behind a load balancer ignores the load balancer's health checks.

    ## Why it matters
    Without them the group replaces an instance only when EC2 calls it impaired. One whose
    application hangs, or answers with errors, gets no traffic and is kept: capacity is lost until
    somebody looks.

    ## Fails
    ```hcl
    resource "aws_launch_template" "web" {
      image_id      = "ami-0123456789abcdef0"
      instance_type = "m7i.large"
    }

    resource "aws_lb_target_group" "web" {
      port     = 80
      protocol = "HTTP"
      vpc_id   = "vpc-0123456789abcdef0"
    }

    resource "aws_autoscaling_group" "web" {
      availability_zones = ["eu-west-1a", "eu-west-1b"]
      min_size           = 2
      max_size           = 4
      target_group_arns  = [aws_lb_target_group.web.arn]
      launch_template {
        id = aws_launch_template.web.id
      }
    }
    ```

    ```yaml
    Resources:
      Web:
        Type: AWS::AutoScaling::AutoScalingGroup
        Properties:
          AvailabilityZones: [eu-west-1a, eu-west-1b]
          MinSize: "2"
          MaxSize: "4"
          LoadBalancerNames: [web]
          LaunchTemplate:
            LaunchTemplateId: lt-0123456789abcdef0
            Version: "1"
    ```

    ## Passes
    ```diff hcl
     resource "aws_autoscaling_group" "web" {
       target_group_arns  = [aws_lb_target_group.web.arn]
    +  health_check_type  = "ELB"
    ```

    ```diff yaml
           LoadBalancerNames: [web]
    +      HealthCheckType: ELB
    ```

    ## How to mend it
    Set `health_check_type = "ELB"` (`HealthCheckType`), and a grace period for the start. Behind
    VPC Lattice it is `VPC_LATTICE`.

    ## References
    - [Health checks of Auto Scaling groups](https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-health-checks.html)
    """

    code = "RES002"
    name = "asg-lb-health-check-missing"
    severity = Severity.LOW
    since = "0.1.0"
    types = (AutoScalingGroup, AutoScalingAttachment)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each group behind a load balancer that does not ask for its checks."""
        for group in graph.all(AutoScalingGroup):
            attached = any_of(
                map(group.is_set, ("load_balancers", "target_groups", "traffic_sources"))
            )
            attached |= any_of(
                edge.answer
                for edge in graph.sources(group, "auto_scaling_group")
                if isinstance(edge.source, AutoScalingAttachment)
            )
            if attached.truth is False:
                continue
            said = group.health_check_type.text
            option = group.spelling("health_check_type")
            who, kind = _LATTICE if _is_behind_lattice(graph, group) else _BALANCER
            yield from require(
                ~attached | group.health_check_type.test(_asks_the_balancer),
                of=group,
                at=group.place("health_check_type"),
                otherwise=f"{option} is {said}, and {who} checks the instances",
                perhaps=f"the health checks of {who} may be ignored",
                fix=set_to(kind),
            )


def _is_behind_lattice(graph: Graph, group: AutoScalingGroup) -> bool:
    """Whether a target group of VPC Lattice sends requests to it, by its ARN or its type."""
    attachments = (
        edge.source
        for edge in graph.sources(group, "auto_scaling_group")
        if isinstance(edge.source, AutoScalingAttachment)
    )
    edges = [
        *graph.targets(group, "traffic_sources"),
        *(edge for one in attachments for edge in graph.targets(one, "target_group")),
    ]
    names = [edge.target.address for edge in edges if edge.target is not None]
    return any("aws_vpclattice_" in name or ":vpc-lattice:" in name for name in names)


def _asks_the_balancer(kinds: object) -> bool:
    """Whether one of a list of types of health checks is that of a load balancer or a lattice."""
    return not {"ELB", "VPC_LATTICE"}.isdisjoint(str(kinds).upper().replace(" ", "").split(","))
