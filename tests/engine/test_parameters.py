# ruff: noqa: E501 - a case and its answer are one line each
"""Parameters of checks: what they accept, how they are set, and that they change verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.checks.fixture_cases import complete
from tests.cli.program import REPOSITORY, run, write

from iac_ec2lint.answers.check_tests.examples import examples
from iac_ec2lint.answers.scan import ScanOptions, load_checks, scan
from iac_ec2lint.engine import parameter
from iac_ec2lint.engine.check import parameters_of
from iac_ec2lint.engine.parameter import Parameter
from iac_ec2lint.engine.registry import builtin_folder, configure, load

pytestmark = pytest.mark.slow

LOADED, _ = load([builtin_folder()])
BY_CODE = {one.info.code: one for one in LOADED}
DECLARED = [(one.info.code, info) for one in LOADED for info in one.info.parameters]

KINDS: dict[str, Parameter[Any]] = {
    "boolean": parameter.boolean(default=False, help="Help."),
    "integer": parameter.integer(default=1, minimum=1, maximum=64, help="Help."),
    "text": parameter.text(default="", help="Help."),
    "form": parameter.text(default="ab", help="Help.", pattern="[a-z]{2}|x"),
    "texts": parameter.texts(help="Help.", pattern="[a-z]{2}|x", what="words"),
    "day": parameter.day(default="", help="Help."),
    "accounts": parameter.TRUSTED_ACCOUNTS,
    "ports": parameter.WEB_PORTS,
}

_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-70000, 70000)
    | st.sampled_from([0, 1, 64, 65, 80, 65535, 65536])
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from([1.0, 64.0, 80.0, 80.5, 1e300])
    | st.text(max_size=3)
    | st.sampled_from(["x", "ab", "ab\n", "80", "080", "65536", "1-2", "1-99999", " 80", "", ","])
    | st.sampled_from(["2026-11-27", "2026-13-01", "20261127", "2026-W48-5"])
    | st.sampled_from(["80,443", "123456789012", "12345678901", "x,ab", "true", "٣"])
)
JSON = _SCALARS | st.lists(_SCALARS, max_size=3) | st.dictionaries(st.text(max_size=2), _SCALARS)


def reads(one: Parameter[object], data: object) -> bool:
    """Whether a parameter takes data."""
    try:
        one.read(data)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("kind", KINDS)
@given(data=JSON)
def test_the_schema_takes_what_is_read(kind: str, data: object) -> None:
    one = KINDS[kind]
    if isinstance(data, str) and one.info.schema["type"] != "string":
        return  # the form of the command line, which JSON has no use for
    validator = jsonschema.Draft202012Validator(dict(one.info.schema))
    assert validator.is_valid(data) is reads(one, data)


def test_a_day_is_one_of_the_calendar() -> None:
    with pytest.raises(ValueError, match="must be a day"):
        KINDS["day"].read("2026-02-30")


def test_a_range_of_ports_has_the_lower_first() -> None:
    with pytest.raises(ValueError, match="list of ports"):
        KINDS["ports"].read(["90-80"])


@pytest.mark.parametrize(
    ("code", "info"), DECLARED, ids=lambda value: getattr(value, "name", value)
)
def test_the_schema_takes_the_default(code: str, info: parameter.ParameterInfo) -> None:
    schema = dict(info.schema)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(info.default)
    found = parameters_of(type(BY_CODE[code].check))[info.name]
    assert found.read(info.default) == getattr(BY_CODE[code].check, info.name)


@pytest.mark.parametrize(
    ("kind", "text", "data"),
    [
        ("boolean", "true", True),
        ("boolean", "False", False),
        ("integer", "12", 12),
        ("text", "a,b", "a,b"),
        ("text", "", ""),
        ("texts", "ab", ["ab"]),
        ("texts", "ab, x,", ["ab", "x"]),
        ("texts", "ab,ab", ["ab"]),
        ("texts", "", []),
        ("ports", "443", [443]),
        ("ports", "443,8000-8090", [443, "8000-8090"]),
        ("ports", "443, 8000-8090", ["8000-8090", "443"]),
        ("ports", "", []),
        ("accounts", "123456789012,210987654321", ["123456789012", "210987654321"]),
    ],
)
def test_text_and_json_come_to_the_same(kind: str, text: str, data: object) -> None:
    one = KINDS[kind]
    assert one.read(text) == one.read(data)
    assert jsonschema.Draft202012Validator(dict(one.info.schema)).is_valid(data)


def test_a_default_that_is_none_is_refused_when_it_is_declared() -> None:
    with pytest.raises(ValueError, match="from 1 to 3"):
        parameter.integer(default=4, minimum=1, maximum=3, help="Help.")


@pytest.mark.parametrize(
    ("code", "info"), DECLARED, ids=lambda value: getattr(value, "name", value)
)
def test_people_are_told_of_it(code: str, info: parameter.ParameterInfo, tmp_path: Path) -> None:
    assert info.help.endswith(".")
    assert info.help[0].isupper()
    name = info.name if info.shared else f"{code}.{info.name}"
    assert f"`{name}`" in run("explain", code, cwd=tmp_path).out
    assert f"`{name}`" in (REPOSITORY / "docs" / "checks" / f"{code}.md").read_text("utf-8")


def test_parameters_of_one_name_mean_one_thing() -> None:
    shared = {info.name: info for _, info in DECLARED if info.shared}
    for _, info in DECLARED:
        assert info == shared.get(info.name, info)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("SG004.allowed_port=1", "SG004 has no parameter 'allowed_port'; did you mean allowed_ports?"),
        ("SG004.zzz=1", "SG004 has no parameter 'zzz'; it has allowed_ports"),
        ("SG001.zzz=1", "SG001 has no parameter 'zzz'; it has none"),
        ("IMDS04.allowed_ports=1", "no check is called 'IMDS04'; did you mean IMDS004?"),
        ("ssh-open-to-internt.x=1", "no check is called 'ssh-open-to-internt'; did you mean ssh-open-to-internet?"),
        ("zzzzzz.allowed_ports=1", "no check is called 'zzzzzz'; see 'iac-ec2lint checks'"),
        ("web_port=1", "no shared parameter is called 'web_port'; did you mean web_ports?"),
        ("allowed_ports=1", "no shared parameter is called 'allowed_ports'; write SG004.allowed_ports"),
        ("zzzzzz=1", "no shared parameter is called 'zzzzzz'; there are trusted_accounts, web_ports"),
        ("SG004.allowed_ports=x", "allowed_ports of SG004 must be a list of ports and ranges of ports"),
        ("IMDS002.max_hops=65", "max_hops of IMDS002 must be a whole number from 1 to 64"),
        ("trusted_accounts=1", "must be a list of account numbers, each of the form [0-9]{12}"),
        ("SG004.allowed_ports", "--set takes CODE.NAME=VALUE or NAME=VALUE, not 'SG004.allowed_ports'"),
        ("=1", "--set takes CODE.NAME=VALUE or NAME=VALUE, not '=1'"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("command", [("scan",), ("graph", "--finding", "SG004")])
def test_what_is_wrong_is_said_in_one_line(
    tmp_path: Path, setting: str, message: str, command: tuple[str, ...]
) -> None:
    write(tmp_path, {"main.tf": GAME})
    done = run(*command, ".", "--set", setting, cwd=tmp_path)
    assert done.status == 2
    [line] = [line for line in done.err.splitlines() if line.startswith("Error: ")]
    assert message in line
    assert done.err.endswith(f"{line}\n")


def test_a_check_that_did_not_load_may_be_the_one_that_is_set(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": "", "checks/own.py": "import nothing_of_this_name\n"})
    done = run("scan", ".", "--checks", "checks", "--set", "OWN001.x=1", cwd=tmp_path)
    assert done.status == 3
    assert "nothing_of_this_name" in done.err


GAME = """\
resource "aws_security_group" "game" {
  ingress {
    protocol    = "udp"
    from_port   = 27015
    to_port     = 27015
    cidr_blocks = ["0.0.0.0/0"]
  }
}
"""


def failing(folder: Path, code: str, *settings: tuple[str, object], jobs: int = 1) -> list[str]:
    """What one check says of a folder with parameters set."""
    options = ScanOptions(
        paths=(folder,),
        working=folder,
        boundary=folder,
        select=(code,),
        settings=settings,
        jobs=jobs,
    )
    report = scan(options)
    assert not report.errors
    return [finding.message for finding in report.findings if finding.status == "fail"]


@pytest.mark.parametrize("value", ["27015", ["27015"], [27015]])
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_setting_holds_for_one_scan(tmp_path: Path, value: object, jobs: int) -> None:
    write(tmp_path, {"a/main.tf": GAME, "b/main.tf": GAME})
    assert len(failing(tmp_path, "SG004", jobs=jobs)) == 2
    assert not failing(tmp_path, "SG004", ("SG004.allowed_ports", value), jobs=jobs)
    assert len(failing(tmp_path, "SG004", jobs=jobs)) == 2
    assert not BY_CODE["SG004"].check.settings


def test_what_is_set_is_a_new_instance() -> None:
    loaded, _ = load_checks()
    made = configure(loaded, [("web_ports", "1"), ("PATH003.edge_tag", "a")])
    for before, after in zip(loaded, made, strict=True):
        assert before.info is after.info
        assert not before.check.settings
        changed = any(one.name in {"web_ports", "edge_tag"} for one in before.info.parameters)
        assert (before.check is not after.check) is changed


@pytest.mark.parametrize(
    ("settings", "first", "second"),
    [
        ([("web_ports", "1")], "1", "1"),
        ([("PATH003.web_ports", "1")], "1", "80, 443"),
        ([("internet-reaches-instance.web_ports", "1")], "1", "80, 443"),
        ([("path003.web_ports", "1")], "1", "80, 443"),
        ([("PATH003.web_ports", "1"), ("web_ports", "2")], "1", "2"),
        ([("web_ports", "2"), ("PATH003.web_ports", "1")], "1", "2"),
        ([("web_ports", "1"), ("web_ports", "2")], "2", "2"),
        ([("PATH003.web_ports", "1"), ("internet-reaches-instance.web_ports", "2")], "2", "80, 443"),
    ],
)  # fmt: skip
def test_what_is_shared_is_set_for_all_or_for_one(
    settings: list[tuple[str, object]], first: str, second: str
) -> None:
    made = {one.info.code: one.check for one in configure(LOADED, settings)}
    found = [getattr(made[code], "web_ports").describe() for code in ("PATH003", "PATH005")]  # noqa: B009 - of classes that are loaded by file
    assert found == [first, second]


def example(code: str) -> str:
    """The first example of what fails, in HCL, of a check's documentation."""
    documentation = BY_CODE[code].info.documentation
    first = next(one for one in examples(documentation, "Fails") if one.language == "hcl")
    return complete(first, documentation)


def fixture(name: str) -> str:
    return (REPOSITORY / "tests" / "fixtures" / name).read_text("utf-8")


TRUST = """\
resource "aws_iam_role" "r" {
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { AWS = "arn:aws:iam::111122223333:root" }
    }]
  })
  managed_policy_arns = ["arn:aws:iam::aws:policy/AdministratorAccess"]
}
"""
ENDPOINT = """\
resource "aws_vpc_endpoint" "s3" {
  vpc_id       = "vpc-0123456789abcdef0"
  service_name = "com.amazonaws.eu-west-1.s3"
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:root" }
      Action    = "*"
      Resource  = "*"
    }]
  })
}
"""
RANGE = """\
resource "aws_security_group" "g" {
  ingress {
    protocol         = "tcp"
    from_port        = 8443
    to_port          = 8443
    ipv6_cidr_blocks = ["2600::/20"]
    cidr_blocks      = ["52.0.0.0/16"]
  }
}
"""
CONSOLE = """\
resource "aws_ec2_serial_console_access" "off" {
  enabled = false
}
"""
NEW_SHARING = """\
resource "aws_ebs_snapshot_block_public_access" "region" {
  state = "block-new-sharing"
}
"""
NODE = """\
resource "aws_instance" "node" {
  source_dest_check = false
  tags              = { role = "node" }
}
"""
PROVIDER = """\
provider "aws" {
  region = "us-east-1"
}
"""
SERVICE = """\
resource "aws_vpc_endpoint_service" "orders" {
  acceptance_required = true
  allowed_principals  = ["arn:aws:iam::111122223333:root"]
}
"""
VPN = """\
resource "aws_vpn_connection" "office" {
  customer_gateway_id = "cgw-0123456789abcdef0"
  type                = "ipsec.1"
}
"""
MEMBERS = """\
resource "aws_security_group" "g" {
  ingress {
    protocol  = "-1"
    from_port = 0
    to_port   = 0
    self      = true
  }
}
"""
TRAIL = """\
resource "aws_cloudtrail" "main" {
  name           = "main"
  s3_bucket_name = "trail-logs"
}
"""
LOOKUP = """\
data "aws_ami" "base" {
  most_recent = true
  owners      = ["111122223333"]
}
"""
CHANGES: Mapping[str, tuple[str, str, str]] = {
    "CMP007.require": (TRAIL, "false", "no GuardDuty detector is declared"),
    "CMP008.strict": (
        'resource "aws_guardduty_detector" "main" {}\n',
        "false",
        "runtime monitoring of instances is not switched on",
    ),
    "CMP009.require": (TRAIL, "false", "Inspector is not declared"),
    "DATA010.strict_nlb": (fixture("DATA010/other_kinds.tf"), "false", "passes TCP on"),
    "DATA011.require_post_quantum": (
        fixture("DATA011/security_policies.tf"),
        "false",
        "has no post-quantum key exchange",
    ),
    "DATA002.require": (CONSOLE, "false", "no encryption by default is declared"),
    "IAM003.trusted_accounts": (
        example("IAM003"),
        "111122223333",
        "lets account 111122223333 make volumes",
    ),
    "IAM004.require": (CONSOLE, "false", "public sharing of images is not declared"),
    "IAM005.require": (CONSOLE, "false", "public sharing of snapshots is not declared"),
    "IAM005.strict": (NEW_SHARING, "false", "snapshots that are public stay so"),
    "IMDS003.require": (CONSOLE, "false", "no metadata defaults are declared"),
    "IMDS002.max_hops": (example("IMDS002"), "64", "the hop limit is 3"),
    "IMDS002.container_host_max_hops": (fixture("IMDS002/containers.tf"), "64", "3, above 2"),
    "KEY004.min_rsa_bits": (
        example("KEY004").replace("1024", "3072"),
        "2048",
        "of RSA with 3072 bits",
    ),
    "DATA009.allow_email_keys": (example("DATA009"), "customer", "holds an e-mail address"),
    "UPD005.trusted_accounts": (LOOKUP, "111122223333", "is no known vendor"),
    "UPD005.trusted_owners": (LOOKUP, "111122223333", "is no known vendor"),
    "NET014.appliance_tags": (
        NODE,
        "role=node",
        "source/destination checks are off",
    ),
    "NET025.required_for_tags": (example("NET025"), "dedicated=yes", "shares its hardware"),
    "NET018.strict": (VPN, "false", "as AWS does by default"),
    "NET020.require_fips": (PROVIDER, "false", "does not use FIPS endpoints"),
    "NET019.require": (CONSOLE, "false", "VPC Block Public Access is not declared"),
    "PATH003.web_ports": (example("PATH003"), "7777", "tcp 7777"),
    "DATA017.trusted_accounts": (
        fixture("DATA017/ebs_kms_key_policy_open.tf"),
        "444455556666",
        "account 444455556666",
    ),
    "IAM014.trusted_accounts": (
        fixture("IAM014/instance_role_trust_too_broad.tf"),
        "123456789012",
        "admits account 123456789012",
    ),
    "NET005.ports": (fixture("NET005/acls.tf"), "22", "3389"),
    "NET006.strict": (fixture("NET006/acls.tf"), "false", "all traffic to the internet"),
    "NET009.strict": (fixture("NET009/private_subnets.tf"), "false", "is in a route table"),
    "NET012.strict": (fixture("NET012/routes.tf"), "false", "all of the peer's block"),
    "PATH003.edge_tag": (
        example("PATH003").replace('t3.micro"\n', 't3.micro"\n  tags = { Edge = "" }\n'),
        "Edge",
        "tcp 7777",
    ),
    "PATH005.web_ports": (example("PATH005"), "22,443", "has role"),
    "PATH007.max_hops": (fixture("PATH007/chain.tf"), "1", "then tcp 3306"),
    "PATH010.trusted_accounts": (
        fixture("PATH010/accounts.tf"),
        "111122223333",
        "account 111122223333",
    ),
    "PATH012.vsock_ports": (fixture("PATH012/hosts.tf"), "1", "tcp 5000"),
    "PATH018.trusted_accounts": (TRUST, "111122223333", "account 111122223333"),
    "PATH019.max_hops": (example("PATH019"), "1", "can assume role aws_iam_role.admin"),
    "PATH019.sensitive": (fixture("PATH019/reads.tf"), "tag:none", "read aws_s3_bucket.assets"),
    "PATH019.trusted_accounts": (
        fixture("PATH019/trusts.tf"),
        "999988887777",
        "account 999988887777",
    ),
    "SG004.allowed_ports": (GAME, "80,27015", "udp 27015"),
    "DATA014.require": (example("DATA014"), "memory", "does not encrypt its traffic"),
    "UPD006.max_age_days": (
        example("UPD006").replace(
            "ubuntu-bionic-18.04-amd64-server-*", "ubuntu-noble-24.04-amd64-server-20240423"
        ),
        "9999",
        "is pinned to 2024-04-23",
    ),
    "UPD006.today": (example("UPD006"), "2020-01-01", "has had no security updates"),
    "CMP014.required_tags": (example("CMP014"), "Name", '"Owner" is missing'),
    "CMP015.min_days": (
        example("CMP015").replace('"flow"\n}', '"flow"\n  retention_in_days = 90\n}'),
        "90",
        "they are kept for 90 days",
    ),
    "SG011.min_prefix": (example("SG011"), "8", "the private range 10.0.0.0/8"),
    "SG014.max_range": (example("SG014"), "1001", "the range tcp 8000-9000"),
    "SG015.strict": (MEMBERS, "false", "is open to aws_security_group.g itself"),
    "SG021.max_rules": (example("SG021"), "51", "51 IPv4 ingress rules"),
    "SG022.strict": (MEMBERS, "false", "is managed in the group itself"),
    "SG010.ipv4_max_prefix": (RANGE, "8", "52.0.0.0/16"),
    "SG010.ipv6_max_prefix": (RANGE, "8", "2600::/20"),
    "SG008.include_https": (fixture("SG008/web_port_open_on_instance.tf"), "false", "tcp 443"),
    "UPD003.max_days": (example("UPD003"), "90", "approved later than 30 days"),
    "VPCE004.trusted_accounts": (ENDPOINT, "111122223333", "the policy admits"),
    "VPCE010.trusted_accounts": (SERVICE, "111122223333", "an account that is not trusted"),
}
"""By parameter: an infrastructure, a setting, and what is said of it only without the setting."""
WITHOUT: Mapping[str, str] = {
    "NET006.strict": "true",
    "NET009.strict": "true",
    "NET012.strict": "true",
    "CMP007.require": "true",
    "CMP008.strict": "true",
    "CMP009.require": "true",
    "CMP014.required_tags": "Owner",
    "SG015.strict": "true",
    "SG022.strict": "true",
    "DATA002.require": "true",
    "DATA010.strict_nlb": "true",
    "DATA011.require_post_quantum": "true",
    "IAM004.require": "true",
    "IAM005.require": "true",
    "IAM005.strict": "true",
    "IMDS003.require": "true",
    "KEY004.min_rsa_bits": "4096",
    "NET018.strict": "true",
    "NET019.require": "true",
    "NET020.require_fips": "true",
    "SG008.include_https": "true",
    "PATH019.sensitive": "aws_s3_bucket.assets",
    # Where no account is known to be one's own, VPCE004 takes any account that is named for one.
    "VPCE004.trusted_accounts": "999999999999",
    "VPCE010.trusted_accounts": "999999999999",
}
"""What is set without the setting, where that is not the default."""


@pytest.mark.parametrize(
    ("code", "info"), DECLARED, ids=lambda value: getattr(value, "name", value)
)
def test_each_parameter_changes_a_verdict(
    code: str, info: parameter.ParameterInfo, tmp_path: Path
) -> None:
    name = f"{code}.{info.name}"
    text, value, words = CHANGES[name]
    write(tmp_path, {"main.tf": text})
    before = [(name, WITHOUT[name])] if name in WITHOUT else []
    assert any(words in message for message in failing(tmp_path, code, *before))
    assert not any(words in message for message in failing(tmp_path, code, (name, value)))


def test_a_drawing_of_a_finding_takes_settings_too(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": GAME})
    asked = ("graph", ".", "--finding", "SG004")
    assert "game" in run(*asked, cwd=tmp_path).out
    done = run(*asked, "--set", "SG004.allowed_ports=27015", cwd=tmp_path)
    assert "there is no finding of SG004" in done.err
