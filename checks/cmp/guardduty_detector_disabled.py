from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, parameter, require, set_to
from iac_ec2lint.api.audit import omits_service
from iac_ec2lint.api.resources import Detector, GuardDutyAdministrator, GuardDutyOrganization


class GuarddutyDetectorDisabled(Check):
    """The GuardDuty detector in the template is off.

    ## Why it matters
    A detector that is off keeps its settings and looks at nothing: stolen credentials, port scans
    and mining on instances go unnoticed in that Region.

    ## Fails
    ```hcl
    resource "aws_guardduty_detector" "main" {
      enable = false
    }
    ```
    ```yaml
    Resources:
      Detector:
        Type: AWS::GuardDuty::Detector
        Properties:
          Enable: false
    ```

    ## Passes
    ```hcl
    resource "aws_guardduty_detector" "main" {
      enable = true
    }
    ```
    ```diff yaml
    -      Enable: false
    +      Enable: true
    ```

    ## How to mend it
    Set `enable = true` (`Enable` in CloudFormation) on the detector.

    ## References
    - [Getting started with GuardDuty](https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_settingup.html)
    - [Suspending or disabling GuardDuty](https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_suspend-disable.html)
    """

    code = "CMP007"
    name = "guardduty-detector-disabled"
    severity = Severity.HIGH
    since = "0.1.0"
    types = (Detector, GuardDutyOrganization)
    of_units = True
    require = parameter.boolean(
        default=False,
        help="Whether a root module or stack that manages account services must declare one.",
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each detector that is, or may be, off."""
        for detector in graph.all(Detector):
            yield from require(
                detector.enable.is_true(),
                of=detector,
                at=detector.place("enable"),
                otherwise="the detector is off",
                perhaps="the detector may be off",
                fix=set_to(True),
            )
        if self.require:
            services = (Detector, GuardDutyAdministrator, GuardDutyOrganization)
            yield from require(
                ~omits_service(graph, *services),
                of=graph.unit,
                at=graph.unit,
                otherwise="no GuardDuty detector is declared",
                perhaps="no GuardDuty detector may be declared",
            )
