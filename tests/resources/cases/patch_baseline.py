"""Cases of the classes in ``resources/patch_baseline.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair, Single

CASES: list[Case] = [
    Pair(
        "aws_ssm_patch_baseline",
        {
            "name": "linux",
            "operating_system": "AMAZON_LINUX_2",
            "approved_patches": ["kernel"],
            "rejected_patches": ["openssl"],
            "global_filter": [{"key": "PRODUCT", "values": ["AmazonLinux2"]}],
            "approval_rule": [
                {
                    "approve_after_days": 7,
                    "approve_until_date": "2026-01-01",
                    "enable_non_security": True,
                    "patch_filter": [{"key": "CLASSIFICATION", "values": ["Security"]}],
                }
            ],
        },
        "AWS::SSM::PatchBaseline",
        {
            "Name": "linux",
            "OperatingSystem": "AMAZON_LINUX_2",
            "ApprovedPatches": ["kernel"],
            "RejectedPatches": ["openssl"],
            "GlobalFilters": {"PatchFilters": [{"Key": "PRODUCT", "Values": ["AmazonLinux2"]}]},
            "ApprovalRules": {
                "PatchRules": [
                    {
                        "ApproveAfterDays": 7,
                        "ApproveUntilDate": "2026-01-01",
                        "EnableNonSecurity": True,
                        "PatchFilterGroup": {
                            "PatchFilters": [{"Key": "CLASSIFICATION", "Values": ["Security"]}]
                        },
                    }
                ]
            },
        },
    ),
    Single(
        "AWS::SSM::PatchBaseline",
        {"DefaultBaseline": True, "PatchGroups": ["web"]},
        {"is_default": True, "patch_groups": ["web"]},
    ),
    Single(
        "aws_ssm_default_patch_baseline",
        {"baseline_id": ref("baseline")},
        {"baseline": ("->", "baseline")},
    ),
    Single(
        "aws_ssm_patch_group",
        {"baseline_id": ref("baseline"), "patch_group": "web"},
        {"baseline": ("->", "baseline"), "group": "web"},
    ),
]
