"""Cases of the class in ``resources/pcs_compute_node_group.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Single

CASES: list[Case] = [
    Single(
        "AWS::PCS::ComputeNodeGroup",
        {"CustomLaunchTemplate": {"TemplateId": ref("lt"), "Version": "1"}},
        {"template": {"launch_template": ("->", "lt"), "version": "1"}},
    ),
]
