"""Cases of the classes in ``resources/guardduty.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair, Single

_FEATURES = [
    {
        "Name": "RUNTIME_MONITORING",
        "Status": "ENABLED",
        "AdditionalConfiguration": [{"Name": "EC2_AGENT_MANAGEMENT", "Status": "DISABLED"}],
    }
]

CASES: list[Case] = [
    Pair(
        "aws_guardduty_detector",
        {
            "enable": False,
            "datasources": [
                {
                    "malware_protection": [
                        {"scan_ec2_instance_with_findings": [{"ebs_volumes": [{"enable": True}]}]}
                    ]
                }
            ],
        },
        "AWS::GuardDuty::Detector",
        {
            "Enable": False,
            "DataSources": {
                "MalwareProtection": {"ScanEc2InstanceWithFindings": {"EbsVolumes": True}}
            },
        },
    ),
    Single(
        "AWS::GuardDuty::Detector",
        {"Enable": True, "Features": _FEATURES},
        {
            "enable": True,
            "features": [
                {
                    "name": "RUNTIME_MONITORING",
                    "status": "ENABLED",
                    "additional": [{"name": "EC2_AGENT_MANAGEMENT", "status": "DISABLED"}],
                }
            ],
        },
    ),
    Single(
        "aws_guardduty_detector_feature",
        {
            "detector_id": ref("detector"),
            "name": "RUNTIME_MONITORING",
            "status": "ENABLED",
            "additional_configuration": [{"name": "EC2_AGENT_MANAGEMENT", "status": "DISABLED"}],
        },
        {
            "detector": ("->", "detector"),
            "name": "RUNTIME_MONITORING",
            "status": "ENABLED",
            "additional": [{"name": "EC2_AGENT_MANAGEMENT", "status": "DISABLED"}],
        },
    ),
    Single(
        "aws_guardduty_organization_configuration",
        {"detector_id": ref("detector"), "auto_enable_organization_members": "ALL"},
        {"detector": ("->", "detector"), "auto_enable": "ALL"},
    ),
    Single(
        "aws_guardduty_organization_configuration_feature",
        {
            "detector_id": ref("detector"),
            "name": "RUNTIME_MONITORING",
            "auto_enable": "ALL",
            "additional_configuration": [{"name": "EC2_AGENT_MANAGEMENT", "auto_enable": "NEW"}],
        },
        {
            "detector": ("->", "detector"),
            "name": "RUNTIME_MONITORING",
            "auto_enable": "ALL",
            "additional": [{"name": "EC2_AGENT_MANAGEMENT", "auto_enable": "NEW"}],
        },
    ),
    Single(
        "aws_guardduty_organization_admin_account",
        {"admin_account_id": "111122223333"},
        {"account": "111122223333"},
    ),
]
