from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, parameter, require
from iac_ec2lint.api.audit import DetectorProtection, detector_protections, is_plan_on
from iac_ec2lint.api.resources import Detector, DetectorFeature, OrganizationFeature


class GuarddutyEc2ProtectionOff(Check):
    """GuardDuty runs without malware or runtime protection for EC2.

    ## Why it matters
    The flow logs and DNS queries that GuardDuty reads say that an instance talks to a bad address,
    and not which program does. Malware protection scans the volumes of such an instance. Runtime
    monitoring sees its processes, where GuardDuty may put its agent there.

    ## Fails
    ```hcl
    resource "aws_guardduty_detector" "main" {
      enable = true
    }

    resource "aws_guardduty_detector_feature" "disks" {
      detector_id = aws_guardduty_detector.main.id
      name        = "EBS_MALWARE_PROTECTION"
      status      = "DISABLED"
    }
    ```
    ```yaml
    Resources:
      Detector:
        Type: AWS::GuardDuty::Detector
        Properties:
          Enable: true
          Features:
            - Name: EBS_MALWARE_PROTECTION
              Status: DISABLED
    ```

    ## Passes
    ```diff hcl
     resource "aws_guardduty_detector_feature" "disks" {
    -  status      = "DISABLED"
    +  status      = "ENABLED"
    ```
    ```diff yaml
    -          Status: DISABLED
    +          Status: ENABLED
    ```

    ## How to mend it
    Enable `EBS_MALWARE_PROTECTION`, and `RUNTIME_MONITORING` with `EC2_AGENT_MANAGEMENT`.

    ## References
    - [Malware Protection for EC2](https://docs.aws.amazon.com/guardduty/latest/ug/malware-protection.html)
    - [Runtime Monitoring](https://docs.aws.amazon.com/guardduty/latest/ug/runtime-monitoring.html)
    """

    code = "CMP008"
    name = "guardduty-ec2-protection-off"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (Detector, DetectorFeature, OrganizationFeature)
    strict = parameter.boolean(
        default=False, help="Whether a plan of which nothing is said fails too."
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each place that switches a plan off; if strict, for what is unsaid too."""
        for found in detector_protections(graph):
            yield from _switched_off(found)
            if self.strict and isinstance(found.detector, Detector) and not found.is_complete:
                yield from require(
                    ~found.running,
                    of=found.detector,
                    at=found.detector,
                    otherwise=f"{_WORDS[found.protection]} is not switched on",
                    value=found.protection,
                )


_WORDS = {
    "EBS_MALWARE_PROTECTION": "malware protection of instances",
    "RUNTIME_MONITORING": "runtime monitoring of instances",
}
_AGENT = "the management of the agent on instances"


def _switched_off(found: DetectorProtection) -> Iterator[Verdict]:
    plan = is_plan_on(found.statements, agent=False)
    agent = is_plan_on(found.statements, agent=True)
    for said in found.statements:
        safe = ~found.running | (~plan | agent if said.agent else plan)
        what = _AGENT if said.agent else _WORDS[found.protection]
        yield from require(
            safe,
            of=found.detector,
            at=said.place,
            resource=said.resource,
            otherwise=f"{what} is switched off",
            perhaps=f"{what} may be switched off",
        )
