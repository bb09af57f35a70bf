"""Secrets in scripts: what counts as one, and what is read from elsewhere."""

from __future__ import annotations

import pytest

from iac_ec2lint.compute.boot_scripts import UNKNOWN_PIECE
from iac_ec2lint.compute.script_secrets import Secret, secrets_in, secrets_put_in
from iac_ec2lint.source.span import SourceText, Span
from iac_ec2lint.values import Cause, Reference, Unknown

SPAN: Span = SourceText("main.tf", "x").span(0, 1)


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


def _of(target: str, attribute: str, cause: Cause = "computed") -> Reference:
    return Reference(target, attribute, SPAN, cause=cause)


@pytest.mark.parametrize(
    ("piece", "kind"),
    [
        (_of("random_password.db", "result"), "the secret random_password.db.result"),
        (
            _of("module.a.random_password.db[0]", "result"),
            "the secret module.a.random_password.db[0].result",
        ),
        (_of("random_password.db", "bcrypt_hash"), None),
        (
            _of("tls_private_key.ssh", "private_key_openssh"),
            "the secret tls_private_key.ssh.private_key_openssh",
        ),
        (_of("aws_iam_access_key.ci", "secret"), "the secret aws_iam_access_key.ci.secret"),
        (_of("aws_iam_access_key.ci", "id"), None),
        (_of("aws_db_instance.db", "password"), "the secret aws_db_instance.db.password"),
        (_of("aws_db_instance.db", "address"), None),
        (_of("aws_secretsmanager_secret.db", "arn"), None),
        (
            _of("data.aws_secretsmanager_secret_version.db", "secret_string", "data-source"),
            "the secret data.aws_secretsmanager_secret_version.db.secret_string",
        ),
        (_of("data.aws_ssm_parameter.db", "value", "data-source"), "what may be a secret"),
        (_of("data.aws_region.here", "name", "data-source"), None),
        (_of("data.aws_vpc.main", "cidr_block", "data-source"), None),
        (_of("data.external.vault", "result", "data-source"), "what may be a secret"),
        (_of("module.vault", "token", "module"), "what may be a secret"),
        (_of("Key", "SecretAccessKey"), "the secret Key.SecretAccessKey"),
        (_of("Bucket", "Arn"), None),
        (_of("AWS::Region", "Ref", "parameter"), None),
        (Unknown("var.x has no value", "variable", SPAN), "what may be a secret"),
    ],
    ids=str,
)
def test_what_is_put_into_a_script(piece: Unknown, kind: str | None) -> None:
    found = list(secrets_put_in(f"#!/bin/sh\necho {UNKNOWN_PIECE}\n", (piece,)))
    assert [(secret.kind, secret.line) for secret in found] == ([] if kind is None else [(kind, 2)])
    for secret in found:
        assert secret.causes == (() if kind and kind.startswith("the secret") else (piece,))


def test_what_is_made_of_names_is_none() -> None:
    references = (_of("aws_s3_bucket.b", "id"), _of("aws_vpc.v", "arn"))
    name = Unknown("it is known after it is created", "computed", SPAN, references=references)
    assert list(secrets_put_in(UNKNOWN_PIECE, (name,))) == []


def test_what_is_made_of_a_secret_may_be_its_hash() -> None:
    references = (_of("random_password.db", "result"),)
    digest = Unknown("it is known after it is created", "computed", SPAN, references=references)
    (found,) = secrets_put_in(UNKNOWN_PIECE, (digest,))
    assert found == Secret("what may be a secret", 1, (digest,))


@pytest.mark.parametrize(
    "line",
    [
        f"DB_PASSWORD={UNKNOWN_PIECE}",
        f'"db_password": "{UNKNOWN_PIECE}"',
        f"curl https://app:{UNKNOWN_PIECE}@example.com",
    ],
)
def test_where_a_password_stands(line: str) -> None:
    piece = Unknown("var.x has no value", "variable", SPAN)
    assert [each.kind for each in secrets_put_in(line, (piece,))] == ["what may be a password"]


def test_the_likeliest_comes_first() -> None:
    unknown = Unknown("var.x has no value", "variable", SPAN)
    pieces = (unknown, unknown, _of("random_password.db", "result"))
    script = f"echo {UNKNOWN_PIECE}\nTOKEN_PASSWORD={UNKNOWN_PIECE}\nmysql -p{UNKNOWN_PIECE}\n"
    assert [secret.line for secret in secrets_put_in(script, pieces)] == [3, 2, 1]
