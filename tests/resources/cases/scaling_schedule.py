"""Cases of the class in ``resources/scaling_schedule.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair

CASES: list[Case] = [
    Pair(
        "aws_autoscaling_schedule",
        {"autoscaling_group_name": ref("asg"), "max_size": 3},
        "AWS::AutoScaling::ScheduledAction",
        {"AutoScalingGroupName": ref("asg"), "MaxSize": 3},
    ),
]
