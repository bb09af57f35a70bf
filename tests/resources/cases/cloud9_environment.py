"""Cases of the classes in ``resources/cloud9_environment.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair

CASES: list[Case] = [
    Pair(
        "aws_cloud9_environment_ec2",
        {"subnet_id": ref("subnet")},
        "AWS::Cloud9::EnvironmentEC2",
        {"SubnetId": ref("subnet")},
    ),
]
