"""Cases of the classes in ``resources/mount_target.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair
from tests.resources.settings import GROUP

CASES: list[Case] = [
    Pair(
        "aws_efs_mount_target",
        {"security_groups": [GROUP], "subnet_id": ref("subnet")},
        "AWS::EFS::MountTarget",
        {"SecurityGroups": [GROUP], "SubnetId": ref("subnet")},
    ),
]
