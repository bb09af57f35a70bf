"""Cases of the classes in ``resources/inspector.py``."""

from __future__ import annotations

from tests.resources.case import Case, Single

CASES: list[Case] = [
    Single(
        "aws_inspector2_enabler",
        {"account_ids": ["111122223333"], "resource_types": ["EC2"]},
        {"accounts": ["111122223333"], "resource_types": ["EC2"]},
    ),
    Single(
        "aws_inspector2_organization_configuration",
        {"auto_enable": [{"ec2": True}]},
        {"ec2": True},
    ),
]
