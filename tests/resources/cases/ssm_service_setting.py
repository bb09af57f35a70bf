"""Cases of the class in ``resources/ssm_service_setting.py``."""

from __future__ import annotations

from tests.resources.case import Case, Single

CASES: list[Case] = [
    Single(
        "aws_ssm_service_setting",
        {
            "setting_id": "/ssm/documents/console/public-sharing-permission",
            "setting_value": "Disable",
        },
        {
            "setting_id": "/ssm/documents/console/public-sharing-permission",
            "value": "Disable",
        },
    ),
]
