"""Cases of the class in ``resources/instance_tag.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Single

CASES: list[Case] = [
    Single(
        "aws_ec2_tag",
        {"resource_id": ref("i"), "key": "Stage", "value": "test"},
        {"key": "Stage", "tagged": ("->", "i"), "value": "test"},
    ),
]
