"""What watches an account: trails, recorders, detectors, alarms, and what judges by them.

When you want to know

- which calls of EC2's API trails record, together with others of their account, ask
  ``trail_coverage``;
- what AWS Config records, ask ``recorder_coverage``;
- what is said of the protection plans of GuardDuty's detectors, ask ``detector_protections``;
  whether such a plan is on, ``is_plan_on``;
- which changes of the network raise an alarm, ask ``change_alarms``;
- what is recorded in which log groups, ask ``log_destinations``;
- whether anything judges the resources of EC2, ask ``evaluates_ec2``;
- whether a resource has a tag, wherever that is given, ask ``has_tag``;
- whether the instances of a group get any tag, ask ``tags_instances``;
- whether a unit that manages such services leaves one of them out, ask ``omits_service``;
- what sessions of Session Manager are logged to, ask ``session_preferences``.
"""

from typing import TYPE_CHECKING

from iac_ec2lint.api._on_demand import on_demand

if TYPE_CHECKING:
    from iac_ec2lint.compute.audit.account_services import omits_service
    from iac_ec2lint.compute.audit.change_alarms import ChangeAlarms, change_alarms
    from iac_ec2lint.compute.audit.detectors import DetectorProtection, detector_protections
    from iac_ec2lint.compute.audit.detectors import is_on as is_plan_on
    from iac_ec2lint.compute.audit.evaluation import evaluates_ec2
    from iac_ec2lint.compute.audit.log_groups import LogDestination, log_destinations
    from iac_ec2lint.compute.audit.recorders import RecorderCoverage, recorder_coverage
    from iac_ec2lint.compute.audit.session_preferences import (
        SessionPreferences,
        session_preferences,
    )
    from iac_ec2lint.compute.audit.tags import has_tag, tags_instances
    from iac_ec2lint.compute.audit.trails import TrailCoverage, trail_coverage
else:
    __getattr__, __dir__ = on_demand(__name__)

__all__ = [
    "ChangeAlarms",
    "DetectorProtection",
    "LogDestination",
    "RecorderCoverage",
    "SessionPreferences",
    "TrailCoverage",
    "change_alarms",
    "detector_protections",
    "evaluates_ec2",
    "has_tag",
    "is_plan_on",
    "log_destinations",
    "omits_service",
    "recorder_coverage",
    "session_preferences",
    "tags_instances",
    "trail_coverage",
]
