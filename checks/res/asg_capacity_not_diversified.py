from collections.abc import Iterator

from iac_ec2lint.api import (
    NO,
    YES,
    Answer,
    Check,
    Graph,
    Severity,
    Unknown,
    Value,
    Verdict,
    require,
    set_to,
)
from iac_ec2lint.api.compute import launches, runs
from iac_ec2lint.api.resources import AutoScalingGroup, LaunchConfiguration, LaunchTemplate
from iac_ec2lint.api.upkeep import TypeRequest, type_requests


class AsgCapacityNotDiversified(Check):
    """An Auto Scaling group depends on one instance type, or on Spot capacity without rebalancing.

    ## Why it matters
    A zone that has no capacity of one type has none for the group, just when others fail over as
    well. Spot instances are reclaimed with two minutes' notice; with rebalancing the group replaces
    those that are at risk before that.

    ## Fails
    ```hcl
    resource "aws_launch_template" "web" {
      image_id      = "ami-0123456789abcdef0"
      instance_type = "m7i.large"
    }

    resource "aws_autoscaling_group" "web" {
      availability_zones = ["eu-west-1a", "eu-west-1b"]
      min_size           = 2
      max_size           = 4
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
          MixedInstancesPolicy:
            LaunchTemplate:
              LaunchTemplateSpecification:
                LaunchTemplateId: lt-0123456789abcdef0
                Version: "1"
              Overrides:
                - InstanceType: m7i.large
    ```

    ## Passes
    ```diff hcl
     resource "aws_autoscaling_group" "web" {
    -  launch_template {
    -    id = aws_launch_template.web.id
    +  mixed_instances_policy {
    +    launch_template {
    +      launch_template_specification {
    +        launch_template_id = aws_launch_template.web.id
    +      }
    +      override {
    +        instance_type = "m7i.large"
    +      }
    +      override {
    +        instance_type = "m7a.large"
    +      }
    +    }
    ```

    ```diff yaml
                 - InstanceType: m7i.large
    +            - InstanceType: m7a.large
    ```

    ## How to mend it
    List several instance types in a mixed instances policy; rebalance Spot capacity.

    ## References
    - [Auto Scaling groups with multiple instance types](https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-mixed-instances-groups.html)
    - [Capacity Rebalancing](https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-capacity-rebalancing.html)
    """

    code = "RES004"
    name = "asg-capacity-not-diversified"
    severity = Severity.LOW
    since = "0.1.0"
    default = False
    types = (AutoScalingGroup, LaunchConfiguration, LaunchTemplate)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each group of one type, and for each with Spot and no rebalancing."""
        requests: dict[str, list[TypeRequest]] = {}
        for request in type_requests(graph):
            requests.setdefault(request.launch.host.address, []).append(request)
        spot: dict[str, Answer] = {}
        for launch in launches(graph):
            settings = launch.settings
            uses = settings.equals("market_type", "spot") | settings.is_set("spot_price")
            spot[launch.host.address] = spot.get(launch.host.address, NO) | uses
        for group in graph.all(AutoScalingGroup):
            if runs(graph, group).truth is False:
                continue
            asked = requests.get(group.address, [])
            yield from require(
                _several(asked),
                of=group,
                at=asked[0].place if len(asked) == 1 else group,
                resource=asked[0].resource if len(asked) == 1 else group,
                otherwise="the group launches one instance type only",
                perhaps="the group may launch one instance type only",
                value="types",
            )
            uses_spot = spot.get(group.address, NO)
            if group.mixed_template.written:  # a template with market options has no place in it
                uses_spot = group.on_demand_percentage.test(lambda share: share != 100)
            yield from require(
                ~uses_spot | group.capacity_rebalance.is_true(),
                of=group,
                at=group.place("capacity_rebalance"),
                otherwise="the group uses Spot instances, and does not rebalance capacity",
                perhaps="the group may use Spot instances without rebalancing capacity",
                value="spot",
                fix=set_to(True),
            )


def _several(asked: list[TypeRequest]) -> Answer:
    """Whether types are two different ones at least, or attributes that many have."""
    types = {request.value.text for request in asked if isinstance(request.value, Value)}
    if len(types) > 1 or any(request.requirements is not None for request in asked):
        return YES
    gaps = tuple(request.value for request in asked if isinstance(request.value, Unknown))
    if not asked or (gaps and len(asked) > 1):
        return Answer(None, gaps)
    return NO
