"""Cases of the classes in ``resources/security_hub.py``."""

from __future__ import annotations

from tests.resources.case import Case, Pair

_STANDARD = (
    "arn:aws:securityhub:eu-west-1::standards/aws-foundational-security-best-practices/v/1.0.0"
)

CASES: list[Case] = [
    Pair(
        "aws_securityhub_account",
        {"enable_default_standards": False},
        "AWS::SecurityHub::Hub",
        {"EnableDefaultStandards": False},
    ),
    Pair(
        "aws_securityhub_standards_subscription",
        {"standards_arn": _STANDARD},
        "AWS::SecurityHub::Standard",
        {"StandardsArn": _STANDARD},
    ),
    Pair(
        "aws_securityhub_organization_configuration",
        {
            "auto_enable_standards": "NONE",
            "organization_configuration": [{"configuration_type": "CENTRAL"}],
        },
        "AWS::SecurityHub::OrganizationConfiguration",
        {"AutoEnableStandards": "NONE", "ConfigurationType": "CENTRAL"},
    ),
]
