from collections.abc import Iterator

from iac_ec2lint.api import Answer, Check, Evidence, Graph, Severity, Verdict, require, set_to
from iac_ec2lint.api.compute import Launch, launches, runs
from iac_ec2lint.api.resources import Instance, LaunchConfiguration, LaunchTemplate


class DetailedMonitoringOff(Check):
    """An instance publishes metrics at five-minute intervals only.

    ## Why it matters
    With basic monitoring a metric is five minutes old before an alarm can see it. Detailed
    monitoring publishes each minute, so that scaling and alarms react to a load or an attack
    in time.

    ## Fails
    ```hcl
    resource "aws_instance" "web" {
      ami           = "ami-0123456789abcdef0"
      instance_type = "t3.micro"
    }
    ```
    ```yaml
    Resources:
      Web:
        Type: AWS::EC2::Instance
        Properties:
          ImageId: ami-0123456789abcdef0
          InstanceType: t3.micro
    ```

    ## Passes
    ```diff hcl
       instance_type = "t3.micro"
    +  monitoring    = true
    ```
    ```diff yaml
           InstanceType: t3.micro
    +      Monitoring: true
    ```

    ## How to mend it
    Set `monitoring` (`Monitoring`) to true, in a launch template its `enabled` (`Enabled`).

    ## References
    - [Manage detailed monitoring for your EC2 instances](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/manage-detailed-monitoring.html)
    - [Configure monitoring for Auto Scaling instances](https://docs.aws.amazon.com/autoscaling/ec2/userguide/enable-as-instance-metrics.html)
    """

    code = "CMP001"
    name = "detailed-monitoring-off"
    severity = Severity.INFO
    since = "0.1.0"
    types = (Instance, LaunchConfiguration, LaunchTemplate)
    default = False

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each way of launching instances without detailed monitoring."""
        for launch in launches(graph):
            if not isinstance(launch.host, Instance) and launch.template is None:
                continue
            declaring, place = launch.place("monitoring")
            if launch.settings.monitoring is None:
                declaring = launch.blueprint  # where it belongs, and is not written
                place = declaring.place("monitoring")
            words = f"{launch.host.address} is launched with it"
            yield from require(
                ~runs(graph, launch.host) | _is_detailed(launch),
                of=launch.host,
                at=place,
                resource=declaring,
                otherwise="metrics are published every five minutes alone",
                perhaps="metrics may be published every five minutes alone",
                evidence=(Evidence(launch.host.span, words, launch.host.address),),
                fix=set_to(True),
            )


def _is_detailed(launch: Launch) -> Answer:
    """Whether it is on; a launch configuration has it on, unless it says no."""
    monitoring = launch.settings.monitoring
    if monitoring is None:
        return Answer(isinstance(launch.template, LaunchConfiguration))
    return monitoring.is_true()
