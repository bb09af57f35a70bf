"""Cases of the classes in ``resources/output.py``."""

from __future__ import annotations

from tests.resources.case import Case, Single

CASES: list[Case] = [
    Single(
        "output",
        {"value": "x", "description": "d", "sensitive": True, "ephemeral": True},
        {"value": "x", "description": "d", "sensitive": True, "ephemeral": True},
    ),
    Single(
        "output",
        {"Value": "x", "Description": "d", "Export": {"Name": "network-vpc"}},
        {
            "value": "x",
            "description": "d",
            "export_name": "network-vpc",
            "sensitive": False,
        },
    ),
]
