from collections.abc import Iterator

from iac_ec2lint.api import NO, Answer, Check, Graph, Resource, Severity, Verdict, any_of, require
from iac_ec2lint.api.compute import running, runs
from iac_ec2lint.api.resources import AutoScalingGroup, Ec2Fleet, SpotFleet
from iac_ec2lint.api.upkeep import placement
from iac_ec2lint.api.vpc import all_of_default_vpc


class AsgSingleAz(Check):
    """An Auto Scaling group or a fleet can run in one Availability Zone only.

    ## Why it matters
    When the zone fails, all instances fail with it, and the group cannot replace them: there is no
    other zone that it may launch into. The same happens where the one zone has no capacity left.

    All subnets of the default VPC are one in each zone, as AWS makes them. An EC2 Fleet of type
    `instant` may be told to stay in one (`SingleAvailabilityZone`), whatever subnets it has.

    ## Fails
    ```hcl
    resource "aws_launch_template" "web" {
      image_id      = "ami-0123456789abcdef0"
      instance_type = "m7i.large"
    }

    resource "aws_autoscaling_group" "web" {
      availability_zones = ["eu-west-1a"]
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
          AvailabilityZones: [eu-west-1a]
          MinSize: "2"
          MaxSize: "4"
          LaunchTemplate:
            LaunchTemplateId: lt-0123456789abcdef0
            Version: "1"
    ```

    ## Passes
    ```diff hcl
     resource "aws_autoscaling_group" "web" {
    -  availability_zones = ["eu-west-1a"]
    +  availability_zones = ["eu-west-1a", "eu-west-1b"]
    ```

    ```diff yaml
    -      AvailabilityZones: [eu-west-1a]
    +      AvailabilityZones: [eu-west-1a, eu-west-1b]
    ```

    ## How to mend it
    Give the group subnets in at least two Availability Zones.

    ## References
    - [Distribute instances across Availability Zones](https://docs.aws.amazon.com/autoscaling/ec2/userguide/auto-scaling-benefits.html)
    """

    code = "RES001"
    name = "asg-single-az"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (AutoScalingGroup, Ec2Fleet, SpotFleet)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each group and fleet that has, or may have, one zone only."""
        for host in graph.all(AutoScalingGroup, Ec2Fleet, SpotFleet):
            found = placement(graph, host) if runs(graph, host).truth is not False else None
            if found is not None:
                presence = found.place.presence.within(running(graph, host))
                yield from require(
                    found.spread | _in_every_zone(graph, host),
                    of=host,
                    at=found.place._replace(presence=presence),
                    otherwise=f"instances run in one Availability Zone only: {found.words}",
                    perhaps="instances may run in one Availability Zone only",
                )
            if isinstance(host, Ec2Fleet) and (found is None or found.spread.truth is not False):
                yield from _told_to_stay(host)


def _told_to_stay(fleet: Ec2Fleet) -> Iterator[Verdict]:
    """Whether a fleet is told to launch all of one kind in one zone; only instant ones can be."""
    instant = fleet.fleet_type.equals("instant")
    for name, kind in (("on_demand_single_zone", "On-Demand"), ("spot_single_zone", "Spot")):
        yield from require(
            ~(instant & fleet.equals(name, True)),
            of=fleet,
            at=fleet.place(name),
            otherwise=f"all {kind} Instances are launched in one Availability Zone",
            perhaps=f"all {kind} Instances may be launched in one Availability Zone",
        )


def _in_every_zone(graph: Graph, host: Resource) -> Answer:
    """Whether a group has all subnets of the default VPC (VPC User Guide, "Default subnets")."""
    if not isinstance(host, AutoScalingGroup):
        return NO
    return any_of(all_of_default_vpc(graph, edge) for edge in graph.targets(host, "subnets"))
