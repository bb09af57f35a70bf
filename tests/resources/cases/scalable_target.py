"""Cases of the class in ``resources/scalable_target.py``."""

from __future__ import annotations

from tests.resources.case import Case, Pair

CASES: list[Case] = [
    Pair(
        "aws_appautoscaling_target",
        {
            "max_capacity": 3,
            "resource_id": "spot-fleet-request/sfr-0123456789abcdef0",
            "service_namespace": "ec2",
        },
        "AWS::ApplicationAutoScaling::ScalableTarget",
        {
            "MaxCapacity": 3,
            "ResourceId": "spot-fleet-request/sfr-0123456789abcdef0",
            "ServiceNamespace": "ec2",
        },
    ),
]
