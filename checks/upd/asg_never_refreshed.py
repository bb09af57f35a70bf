from collections.abc import Iterator

from iac_ec2lint.api import NO, Answer, Check, Graph, Severity, Val, Verdict, is_given, require
from iac_ec2lint.api.compute import runs
from iac_ec2lint.api.resources import AutoScalingGroup, LaunchTemplateReference

_LATEST = frozenset({"latest_version", "LatestVersionNumber", "default_version"})
"""Attributes of a launch template that follow it."""


class AsgNeverRefreshed(Check):
    """An Auto Scaling group never replaces instances, so updated images do not reach it.

    ## Why it matters
    A group that is pinned to one version of its launch template goes on launching the image of that
    day, and a running instance is not replaced for as long as it is healthy. Nothing brings a
    patched image to such a group but somebody who remembers it.

    A group passes that refreshes its instances when it changes (`instance_refresh`, an
    `UpdatePolicy` of CloudFormation that replaces), that replaces them after some time
    (`max_instance_lifetime`), or whose version follows the launch template.

    ## Fails
    ```hcl
    resource "aws_autoscaling_group" "web" {
      availability_zones = ["eu-west-1a"]
      min_size           = 1
      max_size           = 3
      launch_template {
        id      = aws_launch_template.web.id
        version = "3"
      }
    }

    resource "aws_launch_template" "web" {
      image_id = "ami-0123456789abcdef0"
    }
    ```
    ```yaml
    Resources:
      Group:
        Type: AWS::AutoScaling::AutoScalingGroup
        Properties:
          AvailabilityZones: [eu-west-1a]
          MinSize: "1"
          MaxSize: "3"
          LaunchTemplate: {LaunchTemplateId: !Ref Template, Version: "3"}
      Template:
        Type: AWS::EC2::LaunchTemplate
        Properties:
          LaunchTemplateData: {ImageId: ami-0123456789abcdef0}
    ```

    ## Passes
    ```diff hcl
     resource "aws_autoscaling_group" "web" {
       max_size           = 3
    +  max_instance_lifetime = 604800
    -    version = "3"
    +    version = aws_launch_template.web.latest_version
    ```
    ```diff yaml
       Group:
         Type: AWS::AutoScaling::AutoScalingGroup
    +    UpdatePolicy:
    +      AutoScalingRollingUpdate: {MinInstancesInService: 1}
    -      LaunchTemplate: {LaunchTemplateId: !Ref Template, Version: "3"}
    +      LaunchTemplate:
    +        LaunchTemplateId: !Ref Template
    +        Version: !GetAtt Template.LatestVersionNumber
    ```

    ## How to mend it
    Follow the template's latest version; set `instance_refresh` or a maximum lifetime.

    ## References
    - [Use an instance refresh to update instances](https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-instance-refresh.html)
    - [Replace instances based on maximum instance lifetime](https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-max-instance-lifetime.html)
    - [UpdatePolicy attribute](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-updatepolicy.html)
    - [Update management in Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/update-management.html)
    """

    code = "UPD004"
    name = "asg-never-refreshed"
    severity = Severity.LOW
    since = "0.1.0"
    default = False
    types = (AutoScalingGroup,)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each template version that a group which replaces nothing is pinned to."""
        for group in graph.all(AutoScalingGroup):
            replaces = _replaces(group) | ~runs(graph, group)
            for named in (group.launch_template, group.mixed_template, *_own(group)):
                if named.written and named.version is not None:
                    yield from require(
                        ~_is_number(named.version) | replaces,
                        of=group,
                        at=named.place("version"),
                        otherwise="the group is pinned to one version of its launch template, and "
                        "never replaces its instances",
                        perhaps="the group may be pinned to one version of its launch template, "
                        "and never replace its instances",
                    )


def _own(group: AutoScalingGroup) -> Iterator[LaunchTemplateReference]:
    """The templates of overrides."""
    return (override.template for override in group.overrides)


def _is_number(version: Val) -> Answer:
    """Whether a version stays what it is: a number that is written, no reference."""
    references = {reference.attribute for reference in getattr(version, "references", ())}
    if references & _LATEST:
        return NO
    return version.test(lambda data: str(data).isdigit())


def _replaces(group: AutoScalingGroup) -> Answer:
    """Whether a group replaces its instances, when it changes or after some time."""
    lifetime = group.max_instance_lifetime
    limited = NO if lifetime is None else ~lifetime.equals(0, None)
    return group.is_set("instance_refresh") | limited | _of_policy(group.declared.update_policy)


def _of_policy(policy: Val | None) -> Answer:
    if policy is None:
        return NO
    said = policy.items()
    rolling, replacing = (said.get(f"AutoScaling{how}Update") for how in ("Rolling", "Replacing"))
    rolls = policy.test(lambda _: False) if rolling is None else is_given(rolling)
    will = None if replacing is None else replacing.items().get("WillReplace")
    return rolls if will is None else rolls | will.equals(True, "true")
