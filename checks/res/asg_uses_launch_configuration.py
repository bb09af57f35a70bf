from collections.abc import Iterator
from typing import Final

from iac_ec2lint.api import YES, Check, Graph, Severity, Verdict, any_of, require
from iac_ec2lint.api.resources import AutoScalingGroup

_OTHERS: Final = ("launch_template", "mixed_template", "source_instance")
"""What else a group may launch from."""


class AsgUsesLaunchConfiguration(Check):
    """An Auto Scaling group still uses a launch configuration, which gets no new features of EC2.

    ## Why it matters
    Launch configurations take no instance types that EC2 has added since 2023, and accounts made
    since October 2024 cannot create any. They have no versions and no mixed instance types: each
    change is a new configuration, and there is nothing to roll back to.

    ## Fails
    ```hcl
    resource "aws_launch_configuration" "web" {
      image_id      = "ami-0123456789abcdef0"
      instance_type = "m7i.large"
    }

    resource "aws_autoscaling_group" "web" {
      availability_zones   = ["eu-west-1a", "eu-west-1b"]
      min_size             = 2
      max_size             = 4
      launch_configuration = aws_launch_configuration.web.name
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
          LaunchConfigurationName: web
    ```

    ## Passes
    ```diff hcl
    -resource "aws_launch_configuration" "web" {
    +resource "aws_launch_template" "web" {
     resource "aws_autoscaling_group" "web" {
    -  launch_configuration = aws_launch_configuration.web.name
    +  launch_template {
    +    id = aws_launch_template.web.id
    +  }
    ```

    ```diff yaml
    -      LaunchConfigurationName: web
    +      LaunchTemplate:
    +        LaunchTemplateId: lt-0123456789abcdef0
    +        Version: "1"
    ```

    ## How to mend it
    Move the settings to a launch template and name that in the group.

    ## References
    - [Auto Scaling launch configurations](https://docs.aws.amazon.com/autoscaling/ec2/userguide/launch-configurations.html)
    """

    code = "RES003"
    name = "asg-uses-launch-configuration"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (AutoScalingGroup,)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each group with a launch configuration, or one made of an instance."""
        for group in graph.all(AutoScalingGroup):
            configured = group.is_set("launch_configuration")
            others = any_of(map(group.is_set, _OTHERS))
            if configured.truth is None and others.truth is False:
                configured = others | YES  # without it AWS refuses the group
            yield from require(
                ~configured,
                of=group,
                at=group.place("launch_configuration"),
                otherwise="the group launches from a launch configuration",
                perhaps="the group may launch from a launch configuration",
            )
            yield from require(
                ~group.is_set("source_instance"),
                of=group,
                at=group.place("source_instance"),
                otherwise="Auto Scaling makes a launch configuration of an instance for the group",
                perhaps="Auto Scaling may make a launch configuration of an instance for the group",
            )
