"""Cases of the classes in ``resources/lifecycle_policy.py``."""

from __future__ import annotations

from tests.resources.case import Case, Pair

CASES: list[Case] = [
    Pair(
        "aws_dlm_lifecycle_policy",
        {
            "state": "ENABLED",
            "policy_details": [
                {
                    "policy_type": "EBS_SNAPSHOT_MANAGEMENT",
                    "resource_types": ["VOLUME"],
                    "schedule": [{"share_rule": [{"target_accounts": ["111122223333"]}]}],
                }
            ],
        },
        "AWS::DLM::LifecyclePolicy",
        {
            "State": "ENABLED",
            "PolicyDetails": {
                "PolicyType": "EBS_SNAPSHOT_MANAGEMENT",
                "ResourceTypes": ["VOLUME"],
                "Schedules": [{"ShareRules": [{"TargetAccounts": ["111122223333"]}]}],
            },
        },
    ),
]
