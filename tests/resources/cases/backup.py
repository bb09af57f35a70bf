"""Cases of the classes in ``resources/backup.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair

CASES: list[Case] = [
    Pair(
        "aws_backup_vault",
        {"name": "main", "kms_key_arn": ref("key", "arn")},
        "AWS::Backup::BackupVault",
        {"BackupVaultName": "main", "EncryptionKeyArn": ref("key", "Arn")},
    ),
    Pair(
        "aws_backup_plan",
        {
            "rule": [
                {
                    "rule_name": "daily",
                    "target_vault_name": "main",
                    "copy_action": [{"destination_vault_arn": ref("vault", "arn")}],
                }
            ]
        },
        "AWS::Backup::BackupPlan",
        {
            "BackupPlan": {
                "BackupPlanRule": [
                    {
                        "RuleName": "daily",
                        "TargetBackupVault": "main",
                        "CopyActions": [
                            {"DestinationBackupVaultArn": ref("vault", "BackupVaultArn")}
                        ],
                    }
                ]
            }
        },
    ),
    Pair(
        "aws_backup_selection",
        {
            "plan_id": ref("plan"),
            "resources": ["arn:aws:ec2:*:*:volume/*"],
            "not_resources": ["arn:aws:ec2:*:*:volume/vol-1"],
            "condition": [
                {
                    "string_equals": [{"key": "aws:ResourceTag/Backup", "value": "daily"}],
                    "string_like": [{"key": "aws:ResourceTag/Name", "value": "web*"}],
                }
            ],
            "selection_tag": [{"key": "Backup", "value": "daily"}],
        },
        "AWS::Backup::BackupSelection",
        {
            "BackupPlanId": ref("plan"),
            "BackupSelection": {
                "Resources": ["arn:aws:ec2:*:*:volume/*"],
                "NotResources": ["arn:aws:ec2:*:*:volume/vol-1"],
                "Conditions": {
                    "StringEquals": [
                        {"ConditionKey": "aws:ResourceTag/Backup", "ConditionValue": "daily"}
                    ],
                    "StringLike": [
                        {"ConditionKey": "aws:ResourceTag/Name", "ConditionValue": "web*"}
                    ],
                },
                "ListOfTags": [{"ConditionKey": "Backup", "ConditionValue": "daily"}],
            },
        },
    ),
]
