"""Secrets in scripts: what counts as one, and what is read from elsewhere."""

from __future__ import annotations

import base64
import gzip
import textwrap
from typing import TYPE_CHECKING, Final

import pytest

from iac_ec2lint.compute.scripts.boot_script import UNKNOWN_PIECE
from iac_ec2lint.compute.scripts.secrets.pieces import secrets_put_in
from iac_ec2lint.compute.scripts.secrets.written import Secret, secrets_in
from iac_ec2lint.source.span import SourceText, Span
from iac_ec2lint.values import Cause, Reference, Unknown, Value

if TYPE_CHECKING:
    from iac_ec2lint.values import Marks


def _span(text: str) -> Span:
    return SourceText("main.tf", text).span(0, len(text))


SPAN: Final = _span("x")
SENSITIVE: Final[Marks] = frozenset({"sensitive"})
TWO: Final = (Value("web", SPAN), Value("DB_PASSWORD=correcthorse", SPAN))


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
        ("export MYSQL_PWD=correcthorse", "a password"),
        ("cd /srv; OLDPWD=/var/lib/app", None),
        ("echo 'root:correcthorse' | sudo chpasswd", "a password"),
        ("echo 'root:correcthorse' | chpasswd -e", None),
        ("echo 'root:correcthorse' | tee users", None),
        ("echo correcthorse | passwd --stdin root", "a password"),
        ("chpasswd <<< root:correcthorse", "a password"),
        ("net user Administrator correcthorse!", "a password"),
        ("net user Administrator /active:yes", None),
        ('net.exe user Administrator "correct horse!"', "a password"),
        ("net user Administrator * /add", None),
        ("net use Z: \\\\files\\share correcthorse /user:corp\\web", "a password"),
        ("net use Z: \\\\files\\share /user:corp\\web *", None),
        ("cmdkey /add:files /user:web /pass:correcthorse", "a password"),
        ("cmdkey /add:files /user:web /pass", None),
        ("schtasks /create /tn nightly /tr job.exe /ru web /rp correcthorse", "a password"),
        (r'reg add "HKLM\Winlogon" /v DefaultPassword /t REG_SZ /d correcthorse /f', "a password"),
        (r'reg add "HKLM\Lsa" /v LimitBlankPasswordUse /t REG_DWORD /d 00000001 /f', None),
        ("Set-ItemProperty $k -Name DefaultPassword -Value 'correcthorse'", "a password"),
        ("Set-ItemProperty $k -Name DefaultPassword -Value $made", None),
        ('$user.SetPassword("correcthorse")', "a password"),
        ('$p = ConvertTo-SecureString -AsPlainText "correcthorse" -Force', "a password"),
        ('$p = "correcthorse" | ConvertTo-SecureString -AsPlainText -Force', "a password"),
        ("$p = $made | ConvertTo-SecureString -AsPlainText -Force", None),
        ('$p = ConvertTo-SecureString "76492d1116743f0423413b16050a5345" -Key $key', None),
        ("mysqladmin -u root password 'correcthorse'", "a password"),
        ("mysqladmin -u root password $NEW", None),
        ("mysql -u root -pcorrecthorse app", "a password"),
        ("mysql -u root -p app_database", None),
        ("mysql -e \"CREATE USER a IDENTIFIED BY 'correcthorse'\"", "a password"),
        ("curl -u admin:correcthorse https://example.com", "a password"),
        ("docker run -u nginx:nginxgroup web", None),
        ("docker login -u me -p correcthorse example.com", "a password"),
        ("zip -P correcthorse a.zip b", "a password"),
        ("unzip -p archive.zip x", None),
        ("API_TOKEN=correcthorse", "a token"),
        ("export MYSQL_PWD='correcthorse'", "a password"),
        ("DB_PASS=correcthorse", "a password"),
        # Given to a command, or a server, without a key.
        ("mysql -uroot -pcorrecthorse -e 'select 1'", "a password"),
        ("sshpass -p correcthorse ssh app@db", "a password"),
        ('curl -u "admin:correcthorse" https://example.com', "a password"),
        ("docker login -u app -p correcthorse registry.example.com", "a password"),
        ("echo 'ubuntu:correcthorse' | sudo chpasswd", "a password"),
        ("curl -H 'Authorization: Bearer correcthorse' https://example.com", "a token"),
        ("kubeadm join 10.0.0.1:6443 --token abcdef.0123456789abcdef", "a token"),
        ("CREATE USER app IDENTIFIED BY 'correcthorse';", "a password"),
        ("mysql -uroot -p$DB -e 'select 1'", None),
        ("mysql -u root -p app", None),
        ('curl -u "admin:$PASS" https://example.com', None),
        ("echo 'ubuntu:$6$salt$hash' | chpasswd -e", None),
        ("kubeadm join --token $(cat /run/token) 10.0.0.1:6443", None),
        ("TOKEN=`curl -X PUT http://169.254.169.254/latest/api/token`", None),
        ("token_count=1234567", None),
        ("DB_PASSWORD=$(aws ssm get-parameter --name db)", None),
        ("DB_PASSWORD=$DB", None),
        ('DB_PASSWORD="${DB}"', None),
        ("DB_PASSWORD={{resolve:secretsmanager:db}}", None),
        (f"DB_PASSWORD={UNKNOWN_PIECE}", None),
        ("DB_PASSWORD=", None),
        ("DB_PASSWORD=short", None),
        ("password_file=/run/secrets/db", None),
        ("secret_arn=arn:aws:secretsmanager:eu-west-1:123456789012:secret:db", None),
        # What a script looks for, or cuts an ARN up with.
        ("NAME=$(echo \"$ARN\" | sed 's|.*:secret:[^:]*:||' | sed 's|::$||')", None),
        ("cut -d: -f7 <<< aws:eu-west-1:secret:production-db", None),
        ("sed -i 's/password=[^&]*/password=/' access.log", None),
        ("grep -oP 'password: .*' app.yaml", None),
        ("curl https://example.com/a@b", None),
        (f"curl https://app:{UNKNOWN_PIECE}@example.com", None),
        ("yum install -y docker", None),
        # Made or fetched when the script runs.
        ("$password = [System.Web.Security.Membership]::GeneratePassword(20, 3)", None),
        ("$Password = [guid]::NewGuid().ToString()", None),
        ("$password = -join ((48..57) | Get-Random -Count 20)", None),
        ("$secret = Get-SECSecretValue -SecretId production/db", None),
        ("$env:DB_PASSWORD = Get-SSMParameter -Name db -WithDecryption $true", None),
        ("DB_PASSWORD=$(openssl rand -base64 32)", None),
        ('DB_PASSWORD="$(aws secretsmanager get-secret-value --secret-id production/db)"', None),
        ("DB_PASSWORD=`uuidgen`", None),
        ("DB_PASSWORD=initial-$RANDOM$RANDOM", None),
        ("DB_PASSWORD=${DB_PASSWORD:?missing in the environment}", None),
        ("DB_PASSWORD=${DB_PASSWORD:-correcthorse}", "a password"),
        ("set DB_PASSWORD=%MASTER_PASSWORD%", None),
        ("password = get_secret('production/db')", None),
        ("password = secrets.token_urlsafe(32)", None),
        ("password = os.environ['DB_PASSWORD']", None),
        ("password: process.env.DB_PASSWORD,", None),
        ("secret := fetchSecret(ctx,", None),
        ("password: !vault |", None),
        # A literal all the same.
        ("$password = 'correcthorse'", "a password"),
        ("define('DB_PASSWORD', 'correcthorse');", "a password"),
        ('define( "DB_PASSWORD", "correcthorse" );', "a password"),
        ("define('DB_PASSWORD', getenv('DB_PASSWORD'));", None),
        ("define('DB_PASSWORD', MASTER_PASSWORD);", None),
        ("define('DB_PASSWORD_FILE', 'production.txt');", None),
        (f"define('DB_PASSWORD', '{UNKNOWN_PIECE}');", None),
        ('$password = ConvertTo-SecureString "correcthorse" -AsPlainText -Force', "a password"),
        ("$p = ConvertTo-SecureString -String 'correcthorse' -AsPlainText -Force", "a password"),
        ("$password = ConvertTo-SecureString $generated -AsPlainText -Force", None),
        ("password = base64.b64decode('Y29ycmVjdGhvcnNl')", "a password"),
        ("password => 'correcthorse',", "a password"),
        ("aws rds modify-db-instance --master-user-password correcthorse", "a password"),
        ("echo $TOKEN | docker login --username AWS --password-stdin registry", None),
        ("DB_PASSWORD_ROOT=correcthorse", "a password"),
        ("PASSWORD=$DB other_secret=correcthorse", "a password"),
        # What is asked for of tokens and passwords.
        (
            '"amazonec2-metadata-token=required", "amazonec2-metadata-token-response-hop-limit=2"',
            None,
        ),
        ("imds_token: optional", None),
        ("database_password = disabled", None),
        # A key that is no secret's.
        ("SECRET_NAME=production/db", None),
        ("secretId: production-db", None),
        ("secret_id = 6f1c9e0a-2b1d-4f6e-9c3b-0a1b2c3d4e5f", "a password"),
        ("PASSWORD_MIN_LENGTH=123456", None),
        ("password_encryption = scram-sha-256", None),
        (
            "aws s --secret-id arn:aws:secretsmanager:eu-west-1:123456789012:secret:production",
            None,
        ),
    ],
)
def test_what_is_a_secret(line: str, kind: str | None) -> None:
    found = [secret.kind for secret in secrets_in(line)]
    assert found == ([] if kind is None else [kind])


TOKEN = "ghp_" + "a1B2" * 9
KUBECONFIG = "apiVersion: v1\nusers:\n- user:\n    password: correcthorse\n"


def _packed(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _folded(raw: bytes) -> str:
    return "\n".join(textwrap.wrap(_packed(raw), 60))


@pytest.mark.parametrize(
    ("packed", "found"),
    [
        (_packed(KUBECONFIG.encode()), [("a password", 2)]),
        (_packed(gzip.compress(KUBECONFIG.encode(), mtime=0)), [("a password", 2)]),
        (_folded(KUBECONFIG.encode()), [("a password", 2)]),
        (_folded(gzip.compress(KUBECONFIG.encode(), mtime=0)), [("a password", 2)]),
        (_packed(b"\x00" + KUBECONFIG.encode()), []),
        (_packed(b"nothing but a message of the day"), []),
        ("/usr/local/share/ca/certificates/of/the/company", []),
    ],
)
def test_what_is_packed_in_a_script_is_read(packed: str, found: list[tuple[str, int]]) -> None:
    script = f"#!/bin/sh\n{packed}\nEOF\necho {TOKEN}\n"
    said = [(one.kind, one.line) for one in secrets_in(script)]
    assert said == [*found, ("a GitHub token", script.count("\n"))]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (f"curl -H 'PRIVATE-TOKEN: glpat-{'a1B2c' * 4}' https://git.example.com", "a GitLab token"),
        ("curl https://hooks.slack.com/services/T0AAAA/B0BBBB/abcdef123456", "a Slack token"),
        (f"STRIPE=sk_live_{'a1B2' * 6}", "a Stripe key"),
        (f"aws configure set aws_secret_access_key {'a1B2' * 10}", "an AWS secret access key"),
        ("echo XAKIAIOSFODNN7EXAMPLE", None),
        ("sha1sum: 'da39a3ee5e6b4b0d3255bfef95601890afd80709'", None),
        ("IMAGE=registry.example.com/eyJ.png", None),
        ("curl https://%USER%:%TOKEN%@example.com", None),
    ],
)
def test_tokens_of_vendors_are_secrets(line: str, kind: str | None) -> None:
    assert [one.kind for one in secrets_in(line)] == ([] if kind is None else [kind])


def test_logins_that_cloud_init_sets() -> None:
    script = "#cloud-config\nchpasswd:\n  expire: false\n  list: |\n" + "".join(
        f"    {login}\n" for login in ("a:RANDOM", "root:correcthorse", "b:$6$hash", "c:R")
    )
    assert [secret.line for secret in secrets_in(script)] == [6]


@pytest.mark.parametrize(
    ("script", "lines"),
    [
        # A word without quotes is a variable in a program, and the password itself in a shell.
        ("#!/usr/bin/env python3\nlogin(password=fetched_value, token=session_token)\n", []),
        ("#!/usr/bin/python3 -u\npassword = fetched_value\n", []),
        ("#!/usr/bin/env node\nconst c = { password: fetchedValue };\n", []),
        ("#!/usr/bin/perl\nlogin(password => $fetched, token => session_token);\n", []),
        ("#!/bin/bash\npassword=correcthorse\n", [2]),
        # What stands in quotes is written there.
        ("#!/usr/bin/python3\nlogin(password='correcthorse')\n", [2]),
        ("#!/usr/bin/python3\nx = {'password': 'correcthorse', 'token': token_value}\n", [2]),
        ("#!/usr/bin/python3\nfile.write('password=correcthorse\\n')\n", [2]),
        ('#!/usr/bin/python3\nos.system("mysql --password=correcthorse")\n', [2]),
        ('#!/usr/bin/python3\nx = """\npassword=correcthorse\n"""\n', [3]),
        ("#!/usr/bin/ruby\nx = <<~TEXT\n  password=correcthorse\nTEXT\n", [3]),
        # The program ends with its heredoc, its file or its part.
        ("#!/bin/sh\npython3 - <<'PY'\nlogin(token=fetched)\nPY\npassword=correcthorse\n", [5]),
        (
            (
                "#!/bin/sh\ncat > /opt/x.py <<EOF\n#!/usr/bin/env python3\nlogin(password=x)\n"
                "EOF\npassword=correcthorse\n"
            ),
            [6],
        ),
        (
            (
                "#cloud-config\nwrite_files:\n- path: /opt/x.py\n  content: |\n"
                "    #!/usr/bin/env python3\n    login(password=fetched)\n"
                "- path: /etc/x.conf\n  content: |\n    password=correcthorse\n"
            ),
            [9],
        ),
        (
            (
                "--part\n\n#!/usr/bin/env python3\nlogin(password=fetched)\n--part\n\n"
                "#!/bin/sh\npassword=correcthorse\n--part--\n"
            ),
            [8],
        ),
    ],
)
def test_a_bare_word_of_a_program_is_no_secret(script: str, lines: list[int]) -> None:
    assert [secret.line for secret in secrets_in(script)] == lines


def test_a_secret_has_the_number_of_its_line() -> None:
    script = "#!/bin/sh\n\nDB_PASSWORD=correcthorse\n"
    assert list(secrets_in(script)) == [
        Secret("a password", 3, text="DB_PASSWORD=correcthorse", key="DB_PASSWORD=")
    ]


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
        (
            _of("secretsmanager:db:SecretString:password", "Value", "data-source"),
            "the secret secretsmanager:db:SecretString:password",
        ),
        (_of("secretsmanager:db", "Value", "data-source"), "the secret secretsmanager:db"),
        (
            _of("secretsmanager:db:SecretString::AWSCURRENT", "Value", "data-source"),
            "the secret secretsmanager:db:SecretString::AWSCURRENT",
        ),
        (_of("secretsmanager:db:SecretString:username", "Value", "data-source"), None),
        (_of("ssm:/net/office", "Value", "data-source"), None),
        (_of("data.aws_ssm_parameter.db", "value", "data-source"), "a secret"),
        (_of("data.aws_ssm_parameter.vnc_public_ssh_key", "value", "data-source"), None),
        (_of("data.aws_ssm_parameter.username[0]", "value", "data-source"), None),
        (_of("data.aws_region.here", "name", "data-source"), None),
        (_of("data.aws_vpc.main", "cidr_block", "data-source"), None),
        (_of("data.external.vault", "result", "data-source"), "a secret"),
        (_of("module.vault", "token", "module"), "a secret"),
        (_of("Key", "SecretAccessKey"), "the secret Key.SecretAccessKey"),
        (_of("Bucket", "Arn"), None),
        (_of("AWS::Region", "Ref", "parameter"), None),
        (_of("module.vpc", "vpc_id", "module"), None),
        (Unknown("var.x has no value", "variable", SPAN), None),
        (Unknown("var.x has no value", "variable", SPAN, marks=SENSITIVE), "a secret"),
        (
            Unknown("var.x has no value", "variable", _span("var.db_password")),
            "a secret",
        ),
        (Unknown("var.x has no value", "variable", _span("var.password_length")), None),
        (
            Unknown(
                "it is read when it is planned",
                "data-source",
                _span(
                    "data.terraform_remote_state.net.outputs.shares[local.zones[0]].file_system_id"
                ),
            ),
            None,
        ),
        (
            Unknown(
                "it is read when it is planned",
                "data-source",
                _span("data.terraform_remote_state.net.outputs.tokens[local.zones[0]]"),
            ),
            "a secret",
        ),
        (Unknown("it is not evaluated", "expression", SPAN), "a secret"),
        (Unknown("var.x has no value", "variable", SPAN, candidates=TWO), "a secret"),
        (Unknown("var.x has no value", "variable", SPAN, candidates=TWO[:1]), None),
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
    assert found == Secret("a secret", 1, (digest,), piece=digest)


def test_what_packs_a_secret_is_one_though_more_of_it_is_unknown() -> None:
    other = Unknown("var.x has no value", "variable", SPAN)
    secret = _of("random_password.db", "result")
    text = Unknown("x", "computed", SPAN, parts=("a ", other, " b ", secret))
    packed = Unknown("x", "computed", SPAN, decoded=text, references=(secret,))
    members = Value({"a": Value((Value(1, SPAN), secret), SPAN)}, SPAN)
    as_json = Unknown("x", "computed", SPAN, decoded=members, references=(secret,))
    for piece in (packed, as_json):
        (found,) = secrets_put_in(UNKNOWN_PIECE, (piece,))
        assert (found.kind, found.causes) == ("the secret random_password.db.result", ())
    either = Unknown("x", "expression", SPAN, candidates=(secret, other), references=(secret,))
    (found,) = secrets_put_in(UNKNOWN_PIECE, (either,))
    assert found.causes == (either,)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ('jsondecode(data.x.v.secret_string)["token"]', True),
        ("local.login.password", True),
        ("local.login.username", False),
        ("base64encode(jsondecode(data.x.v.secret_string).password)", False),
        ("base64encode(local.login.password)", True),
        ("urlencode(base64encode(data.x.v.secret_string))", True),
        ("base64encode(local.login.username)", False),
        ("sha256(local.login.password)", False),
        ("length(data.x.v.secret_string)", False),
    ],
)
def test_what_is_read_from_a_secret_is_one_by_its_key(text: str, whole: bool) -> None:
    of = _of("data.aws_secretsmanager_secret_version.v", "secret_string", "data-source")
    span = Span(SourceText("main.tf", text), 0, len(text))
    (found,) = secrets_put_in(UNKNOWN_PIECE, (Unknown("x", "data-source", span, references=(of,)),))
    assert found.kind == (f"the secret {of.target}.secret_string" if whole else "a secret")


@pytest.mark.parametrize(
    "line",
    [
        f"DB_PASSWORD={UNKNOWN_PIECE}",
        f'"db_password": "{UNKNOWN_PIECE}"',
        f"curl https://app:{UNKNOWN_PIECE}@example.com",
        f"export AUTH_TOKEN='{UNKNOWN_PIECE}'",
        f"register --name web --token {UNKNOWN_PIECE}",
        f"mysql -u app -p{UNKNOWN_PIECE}",
        f"curl -u app:{UNKNOWN_PIECE} https://example.com",
        f"curl -H 'Authorization: Bearer {UNKNOWN_PIECE}' https://example.com",
        f"$password = '{UNKNOWN_PIECE}'",
        f"define('DB_PASSWORD', '{UNKNOWN_PIECE}",
    ],
)
def test_where_a_password_stands(line: str) -> None:
    piece = Unknown("var.x has no value", "variable", SPAN)
    assert [each.kind for each in secrets_put_in(line, (piece,))] == ["a password"]


@pytest.mark.parametrize(
    "line",
    [
        f"echo ECS_CLUSTER={UNKNOWN_PIECE} >> /etc/ecs/ecs.config",
        f"hostnamectl set-hostname {UNKNOWN_PIECE}",
        f"docker run -p {UNKNOWN_PIECE}:80 web",
        f"SECRET_ARN={UNKNOWN_PIECE}",
        f"aws s3 cp s3://{UNKNOWN_PIECE}/app /opt/app",
        f"aws ssm get-parameter --name {UNKNOWN_PIECE}",
    ],
)
def test_what_has_the_key_of_none_is_none(line: str) -> None:
    piece = Unknown("var.x has no value", "variable", SPAN)
    assert list(secrets_put_in(line, (piece,))) == []


def test_a_script_of_its_own_may_hold_one() -> None:
    piece = Unknown("var.x has no value", "variable", SPAN)
    script = f"#!/bin/sh\n  {UNKNOWN_PIECE}\n"
    (found,) = secrets_put_in(script, (piece,))
    assert found == Secret("a secret", 2, (piece,), piece=piece)


def test_the_likeliest_comes_first() -> None:
    unknown = Unknown("var.x has no value", "variable", SPAN)
    pieces = (unknown, unknown, _of("random_password.db", "result"))
    script = f"{UNKNOWN_PIECE}\nTOKEN_PASSWORD={UNKNOWN_PIECE}\nmysql -p{UNKNOWN_PIECE}\n"
    assert [secret.line for secret in secrets_put_in(script, pieces)] == [3, 2, 1]
