"""Personal and secret data in texts."""

from __future__ import annotations

import pytest

from iac_ec2lint.compute.sensitive_labels import sensitive_kind


@pytest.mark.parametrize(
    ("key", "text", "kind"),
    [
        ("Customer", "jane.doe@example.com", "an e-mail address"),
        ("Note", "ask jane_doe+x@mail.example.co.uk", "an e-mail address"),
        ("Card", "4111111111111111", "the number of a payment card"),
        ("Card", "3782 822463 10005", "the number of a payment card"),
        ("Card", "4111-1111-1111-1112", None),  # the check digit is wrong
        ("Order", "1234567890123456", None),
        ("Arn", "arn:aws:iam::123456789012:role/x", None),
        ("Person", "123-45-6789", "a national id"),
        ("Person", "000-45-6789", None),
        ("Person", "RSSMRA85T10A562S", "a national id"),
        ("Person", "AB 12 34 56 C", "a national id"),
        ("Phone", "+1 555-123-4567", None),
        ("Key", "AKIAIOSFODNN7EXAMPLE", "an AWS access key"),
        ("DbPassword", "correcthorsebattery", "a password"),
        ("SecretName", "production/db", None),
        ("Image", "registry.example.com/app@sha256:0123456789abcdef", None),
        ("Name", "web", None),
    ],
)
def test_what_a_text_holds(key: str, text: str, kind: str | None) -> None:
    assert sensitive_kind(key, text) == kind
