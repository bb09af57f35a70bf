from collections.abc import Iterator

from iac_ec2lint.api import Answer, Check, Graph, Severity, Unknown, Verdict, require, set_to
from iac_ec2lint.api.compute import launches
from iac_ec2lint.api.resources import Instance, LaunchTemplate


class InstanceAutoRecoveryDisabled(Check):
    """An instance that stands alone opts out of automatic recovery.

    ## Why it matters
    EC2 moves an instance whose host fails to another one, with its id, addresses and volumes,
    unless it is told not to. Nobody else does that for an instance that no Auto Scaling group
    replaces: it stays down until somebody notices.

    ## Fails
    ```hcl
    resource "aws_instance" "web" {
      ami           = "ami-0123456789abcdef0"
      instance_type = "m7i.large"
      maintenance_options {
        auto_recovery = "disabled"
      }
    }
    ```

    ```yaml
    Resources:
      Template:
        Type: AWS::EC2::LaunchTemplate
        Properties:
          LaunchTemplateData:
            ImageId: ami-0123456789abcdef0
            InstanceType: m7i.large
            MaintenanceOptions:
              AutoRecovery: disabled
      Web:
        Type: AWS::EC2::Instance
        Properties:
          LaunchTemplate:
            LaunchTemplateId: !Ref Template
            Version: !GetAtt Template.LatestVersionNumber
    ```

    ## Passes
    ```diff hcl
    -    auto_recovery = "disabled"
    +    auto_recovery = "default"
    ```

    ```diff yaml
       Template:
    -          AutoRecovery: disabled
    +          AutoRecovery: default
    ```

    ## How to mend it
    Set `auto_recovery` (`AutoRecovery`) to `default`, or use an Auto Scaling group.

    ## References
    - [Automatic instance recovery](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-recover.html)
    """

    code = "RES005"
    name = "instance-auto-recovery-disabled"
    severity = Severity.LOW
    since = "0.1.0"
    types = (Instance, LaunchTemplate)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each instance, and each template that nobody here uses, that opts out."""
        for launch in launches(graph):
            if not isinstance(launch.host, Instance | LaunchTemplate):
                continue
            recovers = ~launch.settings.equals("auto_recovery", "disabled")
            if launch.unused and recovers.truth is False:
                words = "who launches from the template is not known"
                recovers = Answer(None, (Unknown(words, "external-id", launch.host.span),))
            if recovers.truth:
                continue
            declaring, place = launch.place("auto_recovery")
            yield from require(
                recovers,
                of=launch.host,
                at=place,
                resource=declaring,
                otherwise=f"{place.attribute.rpartition('.')[2]} is disabled",
                perhaps="an instance may be launched without automatic recovery",
                fix=set_to("default"),
            )
