"""Cases of the classes in ``resources/serial_console.py``."""

from __future__ import annotations

from tests.resources.case import Case, Single

CASES: list[Case] = [
    Single("aws_ec2_serial_console_access", {"enabled": False}, {"enabled": False}),
]
