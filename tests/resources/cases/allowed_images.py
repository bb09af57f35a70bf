"""Cases of the classes in ``resources/allowed_images.py``."""

from __future__ import annotations

from tests.resources.case import Case, Single

CASES: list[Case] = [
    Single(
        "aws_ec2_allowed_images_settings",
        {
            "state": "enabled",
            "image_criterion": [
                {
                    "image_names": ["base-*"],
                    "image_providers": ["amazon"],
                    "marketplace_product_codes": ["abc"],
                }
            ],
        },
        {
            "state": "enabled",
            "criteria": [
                {
                    "image_names": ["base-*"],
                    "image_providers": ["amazon"],
                    "marketplace_product_codes": ["abc"],
                }
            ],
        },
    ),
]
