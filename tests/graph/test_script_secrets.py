"""Secrets in scripts: what counts as one, and what is read from elsewhere."""

from __future__ import annotations

import pytest

from iac_ec2lint.graph.boot_scripts import UNKNOWN_PIECE
from iac_ec2lint.graph.secrets import Secret, secrets_in


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE", "an AWS access key"),
        (
            "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "an AWS secret access key",
        ),
        ("-----BEGIN RSA PRIVATE KEY-----", "a private key"),
        ("-----BEGIN PRIVATE KEY-----", "a private key"),
        (f"token=ghp_{'a1B2' * 9}", "a GitHub token"),
        ("url = postgres://app:hunter22@db.internal/app", "a password in a URL"),
        ("DB_PASSWORD=correcthorse", "a password"),
        ('"db_password": "correcthorse"', "a password"),
        ("MYSQL_ROOT_PASSWORD: 'correcthorse'", "a password"),
        ("DB_PASSWORD=$(aws ssm get-parameter --name db)", None),
        ("DB_PASSWORD=$DB", None),
        ('DB_PASSWORD="${DB}"', None),
        ("DB_PASSWORD={{resolve:secretsmanager:db}}", None),
        (f"DB_PASSWORD={UNKNOWN_PIECE}", None),
        ("DB_PASSWORD=", None),
        ("DB_PASSWORD=short", None),
        ("password_file=/run/secrets/db", None),
        ("secret_arn=arn:aws:secretsmanager:eu-west-1:123456789012:secret:db", None),
        ("curl https://example.com/a@b", None),
        (f"curl https://app:{UNKNOWN_PIECE}@example.com", None),
        ("yum install -y docker", None),
    ],
)
def test_what_is_a_secret(line: str, kind: str | None) -> None:
    found = [secret.kind for secret in secrets_in(line)]
    assert found == ([] if kind is None else [kind])


def test_a_secret_has_the_number_of_its_line() -> None:
    script = "#!/bin/sh\n\nDB_PASSWORD=correcthorse\n"
    assert list(secrets_in(script)) == [Secret("a password", 3)]
