"""Cases of the classes in ``resources/lifecycle_policy.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair

CASES: list[Case] = [
    Pair(
        "aws_dlm_lifecycle_policy",
        {
            "state": "ENABLED",
            "default_policy": "VOLUME",
            "policy_details": [
                {
                    "exclusions": [{"exclude_boot_volumes": True}],
                    "policy_type": "EBS_SNAPSHOT_MANAGEMENT",
                    "resource_types": ["VOLUME"],
                    "schedule": [
                        {
                            "cross_region_copy_rule": [
                                {
                                    "encrypted": True,
                                    "cmk_arn": ref("key", "arn"),
                                    "target": "eu-west-2",
                                }
                            ],
                            "share_rule": [{"target_accounts": ["111122223333"]}],
                        }
                    ],
                    "action": [
                        {
                            "cross_region_copy": [
                                {
                                    "encryption_configuration": [
                                        {"encrypted": True, "cmk_arn": ref("key", "arn")}
                                    ],
                                    "target": "eu-west-2",
                                }
                            ]
                        }
                    ],
                }
            ],
        },
        "AWS::DLM::LifecyclePolicy",
        {
            "State": "ENABLED",
            "DefaultPolicy": "VOLUME",
            "PolicyDetails": {
                "Exclusions": {"ExcludeBootVolumes": True},
                "PolicyType": "EBS_SNAPSHOT_MANAGEMENT",
                "ResourceTypes": ["VOLUME"],
                "Schedules": [
                    {
                        "CrossRegionCopyRules": [
                            {"Encrypted": True, "CmkArn": ref("key", "Arn"), "Target": "eu-west-2"}
                        ],
                        "ShareRules": [{"TargetAccounts": ["111122223333"]}],
                    }
                ],
                "Actions": [
                    {
                        "CrossRegionCopy": [
                            {
                                "EncryptionConfiguration": {
                                    "Encrypted": True,
                                    "CmkArn": ref("key", "Arn"),
                                },
                                "Target": "eu-west-2",
                            }
                        ]
                    }
                ],
            },
        },
    ),
]
