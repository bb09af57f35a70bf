"""What a change writes in place of the addresses that a rule admits."""

from __future__ import annotations

import pytest

from iac_ec2lint.answers.cutting import changes


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ('["10.0.0.0/8", "0.0.0.0/0"]', '["10.0.0.0/8", "192.0.2.0/24"]'),
        ('["fd00::/8", "::/0"]', '["fd00::/8", "2001:db8::/32"]'),
        ('"128.0.0.0/1"', '"192.0.2.0/24"'),
        ('["203.0.113.0/24"]', "[]"),
        ("var.ranges", None),
    ],
)
def test_private_addresses_stay_as_they_are(written: str, instead: str | None) -> None:
    assert changes._changed(written, "admission") == instead
