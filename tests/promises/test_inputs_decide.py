"""No verdict contradicts the one with the true value: what an input decides is not said before it.

Each piece of infrastructure hangs on one input. It is scanned without a value of that, and with
values that are safe and unsafe. Where nothing is found without it nothing may be found with any of
them; what surely fails without it fails with all of them; and what fails where the input has some
value fails with one of them. Anything else without it is undecided.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

import pytest

from iac_ec2lint.answers.scan import ScanOptions, scan
from iac_ec2lint.engine.finding import Finding, Status
from iac_ec2lint.engine.report import Report
from iac_ec2lint.values import Confidence

Language = Literal["terraform", "cloudformation"]

FOUR: Final = ["128.0.0.1", "1.0.0.0", "64.0.0.0", "192.0.0.0"]
"""Addresses of which each is in another quarter of all."""
VALUES: Final[dict[str, tuple[object, ...]]] = {
    "address": ("203.0.113.7", "10.1.2.3", "8.8.8.8", "10.0.0.0"),
    "addresses": (["203.0.113.7"], ["10.1.2.3", "8.8.8.8"], FOUR, ["9.9.9.9"]),
    "range": ("10.0.0.0/8", "0.0.0.0/0", "203.0.113.0/24", "128.0.0.0/1"),
    "ranges": (["10.0.0.0/8"], ["0.0.0.0/0"], ["0.0.0.0/1", "128.0.0.0/1"], ["203.0.113.7/32"]),
    "length": (8, 0, 32, 1),
    "rest": ("0.0.0/0", "0.0.0/8", "1.2.3/32", "0.0.0/1"),
    "key": ("test", "production", "test", "staging"),
    "other": ("elsewhere", "production", "test", "staging"),
    "on": (False, True, True, False),
    "port": (443, 22, 3389, 8080),
    "protocol": ("udp", "tcp", "-1", "icmp"),
    "tokens": ("required", "optional", "required", "optional"),
    "inside": ("10.1.0.0/16", "203.0.113.0/24", "8.8.0.0/16", "0.0.0.0/28"),
    "offices": (["203.0.113.7/32"], ["8.8.8.8/32", "9.9.9.9/32"], [], ["10.0.0.1/32"]),
    "private": ("10.0.0.0/8", "10.255.0.0/16", "10.1.2.3/32", "10.128.0.0/9"),
    "open": ("10.0.0.0/8", "0.0.0.0/0", "10.1.2.3/32", "128.0.0.0/1"),
    "listed": ("10.0.0.0/8", "203.0.113.0/24", "10.0.0.0/8", "203.0.113.0/24"),
    "among": ("10.0.0.0/8", "0.0.0.0/0", "10.0.0.0/8", "0.0.0.0/0"),
}
"""What each input is given in turn."""
TURNS: Final = 4

CHECKS: Final = (
    *("SG001", "SG002", "SG004", "SG005", "SG006", "SG007", "SG010", "SG015"),
    *("IMDS001", "DATA001", "NET001", "PATH001", "PATH003"),
)

PRIVATE: Final = r"10\.[0-9.]{5,11}/([89]|[12]\d|3[0-2])"
OPEN_TO_ALL: Final = r"[0-9.]{7,15}/\d{1,2}"
PATTERNS: Final = {
    "inside": r"(\d{1,3}\.){3}\d{1,3}/(1[6-9]|2\d|3[0-2])",
    "offices": r".*/32",
    "private": PRIVATE,
    "open": OPEN_TO_ALL,
}
"""What a template demands of parameters."""
VALIDATIONS: Final = {
    "inside": 'can(cidrhost(var.inside, 0)) && tonumber(split("/", var.inside)[1]) >= 16',
    "offices": 'alltrue([for one in var.offices : can(regex("/32$", one))])',
    "private": f"can(regex({json.dumps(f'^{PRIVATE}$')}, var.private))",
    "open": f"can(regex({json.dumps(OPEN_TO_ALL)}, var.open))",
    "listed": 'contains(["10.0.0.0/8"], var.listed) || var.listed == "203.0.113.0/24"',
    "among": 'contains(["10.0.0.0/8", "0.0.0.0/0"], var.among)',
}
"""What a configuration demands of variables."""

TERRAFORM_TYPES: Final = {
    "addresses": "list(string)",
    "offices": "list(string)",
    "ranges": "list(string)",
    "length": "number",
    "on": "bool",
    "port": "number",
}
"""The types of inputs that are no strings."""

OPEN: Final = '["0.0.0.0/0"]'
CLOSED: Final = '["10.0.0.0/8"]'

SOURCES: Final = (
    '["${var.address}/32"]',
    '["${var.address}/8"]',
    '["${var.address}/1", "10.0.0.0/8"]',
    '["${var.address}/0"]',
    '[format("%s/32", var.address)]',
    '[format("%s/%d", var.address, 4)]',
    '[join("/", [var.address, "16"])]',
    '["10.0.0.0/${var.length}"]',
    '["0.0.0.0/${var.length}"]',
    'formatlist("%s/32", var.addresses)',
    'formatlist("%s/1", var.addresses)',
    'formatlist("%s/2", var.addresses)',
    '[for one in var.addresses : "${one}/3"]',
    'formatlist("%s/%s", var.addresses, "0")',
    '[for one in var.addresses : "${one}/32"]',
    '[for one in var.addresses : "${one}/1"]',
    '[for one in var.addresses : "0.0.0.0/0"]',
    '[for one in var.addresses : "10.0.0.0/8"]',
    '[for one in var.ranges : one if one != "0.0.0.0/0"]',
    'concat(["10.0.0.0/8"], [for one in var.addresses : "${one}/32"])',
    'concat(["0.0.0.0/0"], var.ranges)',
    "var.ranges",
    "concat(var.ranges, [var.range])",
    "distinct(compact(var.ranges))",
    "tolist(toset(var.ranges))",
    'tolist(setsubtract(toset(var.ranges), toset(["0.0.0.0/0"])))',
    "slice(var.ranges, 0, 1)",
    "[var.ranges[0]]",
    "[var.range]",
    "[var.inside]",
    '[var.inside, "10.0.0.0/8"]',
    '[replace(var.inside, "/1", "/")]',
    "var.offices",
    "[var.offices[0]]",
    "[for one in var.offices : one]",
    "concat(var.offices, [var.private])",
    "[var.private]",
    "[var.open]",
    "[var.listed]",
    "[var.among]",
    '[coalesce(var.range, "10.0.0.0/8")]',
    '[var.range == "0.0.0.0/0" ? "10.0.0.0/8" : var.range]',
    '[var.range == "0.0.0.0/0" ? var.range : "10.0.0.0/8"]',
    "[trimspace(var.range)]",
    '[replace(var.range, "/0", "/8")]',
    "[cidrsubnet(var.range, 8, 0)]",
    "[cidrsubnet(var.range, 0, 0)]",
    '[try(var.range, "10.0.0.0/8")]',
    f"var.on ? {OPEN} : {CLOSED}",
    f"var.on ? {CLOSED} : {CLOSED}",
    f"var.on ? {OPEN} : {OPEN}",
    f"var.on ? {OPEN} : []",
    f"!var.on ? {OPEN} : [var.range]",
    f"{{ test = {OPEN}, production = {CLOSED}, staging = {CLOSED} }}[var.key]",
    f"{{ test = {CLOSED}, production = {CLOSED}, staging = {CLOSED} }}[var.key]",
    f"lookup({{ test = {OPEN} }}, var.key, {CLOSED})",
    f"lookup({{ test = {OPEN}, production = {CLOSED} }}, var.other, {CLOSED})",
    f"lookup({{ test = {CLOSED}, production = {CLOSED} }}, var.other, {OPEN})",
    f'contains(["production", "staging"], var.other) ? {CLOSED} : {OPEN}',
    f'contains(["production", "staging"], var.other) ? {OPEN} : {CLOSED}',
    f'var.other == "production" || var.other == "test" ? {OPEN} : {CLOSED}',
    f"{{ test = {OPEN}, production = {CLOSED}, staging = {CLOSED} }}[terraform.workspace]",
    f'terraform.workspace == "test" ? {OPEN} : {CLOSED}',
    f"lookup({{ test = {CLOSED}, staging = {CLOSED} }}, terraform.workspace, {OPEN})",
)
"""Sources of a rule for SSH."""

RULES: Final = (
    ("var.port", "var.port", '"tcp"', OPEN),
    ("0", "var.port", '"tcp"', OPEN),
    ("var.port", "65535", '"tcp"', OPEN),
    ("22", "22", "var.protocol", OPEN),
    ("0", "0", "var.protocol", OPEN),
    ("var.on ? 22 : 443", "var.on ? 22 : 443", '"tcp"', OPEN),
    ("var.on ? 22 : 443", "var.on ? 22 : 443", '"tcp"', f"var.on ? {CLOSED} : {OPEN}"),
    (
        "{ test = 22, production = 443, staging = 443 }[var.key]",
        "{ test = 22, production = 443, staging = 443 }[var.key]",
        '"tcp"',
        f"{{ test = {CLOSED}, production = {OPEN}, staging = {OPEN} }}[var.key]",
    ),
)
"""Ports, protocol and sources of a rule."""

REPEATED: Final = (
    ("var.on ? { shell = 22, web = 443 } : {}", "each.value", OPEN),
    ("var.on ? { web = 443 } : { shell = 22 }", "each.value", OPEN),
    ("var.on ? { web = 443, other = 80 } : { web = 443 }", "each.value", OPEN),
    (
        "{ test = { a = 22, b = 443 }, production = { b = 443 }, staging = {} }[var.key]",
        "each.value",
        OPEN,
    ),
    ("toset(var.ranges)", "22", "[each.value]"),
    ('toset(["10.0.0.0/8", var.range])', "22", "[each.key]"),
    ('toset(formatlist("%s/32", var.addresses))', "22", "[each.value]"),
    ("var.on ? toset(var.ranges) : toset([])", "22", "[each.value]"),
    ("toset(var.offices)", "22", "[each.value]"),
)
"""``for_each``, port and sources of a rule of its own."""

HOSTS: Final = (
    {"public": "var.on"},
    {"target": "var.range"},
    {"target": '"0.${var.rest}"'},
    {"target": '"0.0.0.0/${var.length}"'},
    {"source": "[var.range]"},
    {"source": '["${var.address}/32"]'},
    {"source": "var.on ? ['all'] : []"},
    {"source": "var.ranges", "public": "var.on"},
    {"source": "[var.inside]"},
    {"source": "[var.open]", "public": "var.on"},
    {"first": "var.port", "last": "var.port"},
    {"gateways": "var.on ? 1 : 0"},
    {"gateways": "var.on ? 1 : 0", "public": "!var.on"},
    {"source": '{ test = ["all"], production = [], staging = [] }[var.key]'},
    {"source": 'formatlist("%s/32", var.addresses)'},
    {"source": 'formatlist("%s/0", var.addresses)'},
    {"tokens": "var.tokens"},
    {"tokens": 'var.on ? "required" : var.tokens', "source": "var.ranges"},
)
"""What of a host that the internet reaches hangs on an input."""
OPEN_HOST: Final = {
    "public": "true",
    "target": '"0.0.0.0/0"',
    "source": "['all']",
    "first": "22",
    "last": "22",
    "gateways": "1",
    "tokens": '"optional"',
}

LEAST: Final[dict[Language, int]] = {"terraform": 100, "cloudformation": 15}
"""How many undecided results there are at least, or little is tried."""

TEMPLATE_SOURCES: Final = (
    {"Fn::Sub": "${address}/32"},
    {"Fn::Sub": "${address}/0"},
    {"Fn::Sub": "${address}/1"},
    {"Fn::Join": ["/", [{"Ref": "address"}, "24"]]},
    {"Ref": "range"},
    {"Ref": "inside"},
    {"Fn::Select": [0, {"Ref": "offices"}]},
    {"Ref": "private"},
    {"Ref": "open"},
    {
        "Fn::Sub": [
            "0.0.0.0/${bits}",
            {"bits": {"Fn::Select": [1, {"Fn::Split": ["/", {"Ref": "private"}]}]}},
        ]
    },
    {"Fn::If": ["Private", "10.0.0.0/8", "0.0.0.0/0"]},
    {"Fn::If": ["Opened", "10.0.0.0/8", "0.0.0.0/0"]},
    {"Fn::If": ["On", "0.0.0.0/0", "10.0.0.0/8"]},
    {"Fn::If": ["On", "10.0.0.0/8", "10.1.0.0/16"]},
    {"Fn::If": ["On", {"Ref": "range"}, "10.0.0.0/8"]},
    {"Fn::If": ["Test", "0.0.0.0/0", {"Fn::FindInMap": ["Open", {"Ref": "key"}, "Source"]}]},
    {"Fn::FindInMap": ["Open", {"Ref": "key"}, "Source"]},
    {"Fn::FindInMap": ["Closed", {"Ref": "key"}, "Source"]},
    {"Fn::FindInMap": ["Closed", {"Ref": "other"}, "Source", {"DefaultValue": "0.0.0.0/0"}]},
    {"Fn::FindInMap": ["Open", {"Ref": "other"}, "Source", {"DefaultValue": "10.0.0.0/8"}]},
    {"Fn::Select": [0, {"Ref": "ranges"}]},
    {"Fn::Select": [0, {"Fn::Split": [",", {"Fn::Join": [",", {"Ref": "ranges"}]}]}]},
    {"Fn::Select": [0, {"Fn::Cidr": [{"Ref": "range"}, 2, 8]}]},
)
"""Sources of a rule for SSH in a template."""


@dataclass(frozen=True)
class Given:
    """What the inputs are given: nothing, or what is given in one turn."""

    turn: int | None = None

    def of(self, name: str) -> object:
        """The value of an input."""
        assert self.turn is not None
        return VALUES[name][self.turn]


def terraform() -> str:
    """A configuration with a group for each piece."""
    lines = [f'variable "{name}" {{\n  {_type(name)}{_validation(name)}\n}}' for name in VALUES]
    for number, source in enumerate(SOURCES):
        lines.append(_group(f"source_{number}", "22", "22", '"tcp"', source))
    for number, rule in enumerate(RULES):
        lines.append(_group(f"rule_{number}", *rule))
    for number, (each, port, source) in enumerate(REPEATED):
        group = f"repeated_{number}"
        lines.append(f'resource "aws_security_group" "{group}" {{}}')
        lines.append(
            f'resource "aws_security_group_rule" "{group}" {{\n  for_each = {each}\n'
            f"  security_group_id = aws_security_group.{group}.id\n"
            f'  type = "ingress"\n  protocol = "tcp"\n  from_port = {port}\n  to_port = {port}\n'
            f"  cidr_blocks = {source}\n}}"
        )
    lines += [_host(f"host_{number}", {**OPEN_HOST, **host}) for number, host in enumerate(HOSTS)]
    lines.append(
        'resource "aws_ebs_volume" "on" {\n  availability_zone = "eu-west-1a"\n  size = 1\n'
        "  encrypted = var.on\n}"
    )
    return "\n".join(lines)


def _type(name: str) -> str:
    return f"type = {TERRAFORM_TYPES.get(name, 'string')}"


def _validation(name: str) -> str:
    if name not in VALIDATIONS:
        return ""
    return (
        f'\n  validation {{\n    condition = {VALIDATIONS[name]}\n    error_message = "No."\n  }}'
    )


def _group(name: str, first: str, last: str, protocol: str, source: str, vpc: str = "null") -> str:
    return (
        f'resource "aws_security_group" "{name}" {{\n  vpc_id = {vpc}\n'
        f"  ingress {{\n    protocol = {protocol}\n"
        f"    from_port = {first}\n    to_port = {last}\n    cidr_blocks = {source}\n  }}\n}}"
    )


def _host(name: str, given: dict[str, str]) -> str:
    """A host in a network of its own."""
    source = given["source"].replace("'all'", '"0.0.0.0/0"').replace('"all"', '"0.0.0.0/0"')
    return f'''
resource "aws_vpc" "{name}" {{
  cidr_block = "10.0.0.0/16"
}}
resource "aws_internet_gateway" "{name}" {{
  count  = {given["gateways"]}
  vpc_id = aws_vpc.{name}.id
}}
resource "aws_subnet" "{name}" {{
  vpc_id     = aws_vpc.{name}.id
  cidr_block = "10.0.1.0/24"
}}
resource "aws_route_table" "{name}" {{
  vpc_id = aws_vpc.{name}.id
}}
resource "aws_route" "{name}" {{
  count                  = {given["gateways"]}
  route_table_id         = aws_route_table.{name}.id
  destination_cidr_block = {given["target"]}
  gateway_id             = aws_internet_gateway.{name}[0].id
}}
resource "aws_route_table_association" "{name}" {{
  subnet_id      = aws_subnet.{name}.id
  route_table_id = aws_route_table.{name}.id
}}
{_group(name, given["first"], given["last"], '"tcp"', source, f"aws_vpc.{name}.id")}
resource "aws_instance" "{name}" {{
  ami                         = "ami-0123456789abcdef0"
  instance_type               = "t3.micro"
  subnet_id                   = aws_subnet.{name}.id
  vpc_security_group_ids      = [aws_security_group.{name}.id]
  associate_public_ip_address = {given["public"]}
  metadata_options {{
    http_tokens = {given["tokens"]}
  }}
}}'''


def cloudformation() -> str:
    """A template with a group for each piece."""
    lists = {"addresses", "offices", "ranges"}
    closed = {key: {"Source": "10.0.0.0/8"} for key in ("test", "production", "staging")}
    groups = {
        f"Source{number}": {
            "Type": "AWS::EC2::SecurityGroup",
            "Properties": {
                "GroupDescription": "One",
                "SecurityGroupIngress": [
                    {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": source}
                ],
            },
        }
        for number, source in enumerate(TEMPLATE_SOURCES)
    }
    template = {
        "Parameters": {
            name: {
                "Type": "CommaDelimitedList" if name in lists else "String",
                **({"AllowedPattern": PATTERNS[name]} if name in PATTERNS else {}),
            }
            for name in VALUES
        },
        "Mappings": {"Closed": closed, "Open": {**closed, "test": {"Source": "0.0.0.0/0"}}},
        "Conditions": {
            "On": {"Fn::Equals": [{"Ref": "on"}, "true"]},
            "Test": {"Fn::Equals": [{"Ref": "key"}, "test"]},
            "Private": {"Fn::Not": [{"Fn::Equals": [{"Ref": "private"}, "0.0.0.0/0"]}]},
            "Opened": {"Fn::Not": [{"Fn::Equals": [{"Ref": "open"}, "0.0.0.0/0"]}]},
        },
        "Resources": groups,
    }
    return json.dumps(template, indent=1)


@cache
def report(language: Language, given: Given, folder: Path) -> Report:
    """What is found where the inputs are given something, or nothing."""
    text, name = (
        (terraform(), "main.tf") if language == "terraform" else (cloudformation(), "main.json")
    )
    path = folder / name
    path.write_text(text, "utf-8")
    values = {} if given.turn is None else {name: given.of(name) for name in VALUES}
    return scan(
        ScanOptions(
            paths=(path,),
            working=folder,
            select=CHECKS,
            variables=_variables(values) if language == "terraform" else (),
            parameters=_parameters(values) if language == "cloudformation" else (),
            workspace=str(given.of("other")) if values else None,
            jobs=1,
        )
    )


def _variables(values: dict[str, object]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name, json.dumps(value) if isinstance(value, list) else _text(value))
        for name, value in values.items()
    )


def _parameters(values: dict[str, object]) -> tuple[str, ...]:
    return tuple(
        f"{name}={','.join(value) if isinstance(value, list) else _text(value)}"
        for name, value in values.items()
    )


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _about(found: Report) -> dict[tuple[str, str], list[Finding]]:
    by_subject: dict[tuple[str, str], list[Finding]] = {}
    for finding in found.findings:
        by_subject.setdefault((finding.check.code, finding.subject), []).append(finding)
    return by_subject


def _fails(findings: list[Finding]) -> bool:
    return any(finding.status is Status.FAIL for finding in findings)


def _surely(findings: list[Finding]) -> bool:
    return any(
        finding.status is Status.FAIL
        and finding.when is None
        and finding.confidence is Confidence.PROVEN
        for finding in findings
    )


@pytest.mark.slow
@pytest.mark.parametrize("language", ["terraform", "cloudformation"])
def test_what_is_said_without_an_input_holds_with_it(
    language: Language, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("inputs")
    without = report(language, Given(), folder)
    assert without.errors == ()
    said = _about(without)
    failed: dict[tuple[str, str], int] = {}
    wrong = []
    for turn in range(TURNS):
        given = report(language, Given(turn), folder)
        known = _about(given)
        for key, findings in known.items():
            # With a value that is refused nothing is deployed.
            assert given.errors or not any(f.status is Status.UNDECIDED for f in findings), key
            if _fails(findings):
                failed[key] = failed.get(key, 0) + 1
                if key not in said:
                    wrong.append(("passed", turn, key))
        for key, findings in said.items():
            if _surely(findings) and not _fails(known.get(key, [])):
                wrong.append(("failed", turn, key))
    assert wrong == []
    failing = [key for key, findings in said.items() if _fails(findings)]
    assert [key for key in failing if key not in failed] == []
    undecided = [key for key in said if key not in failing]
    assert len(undecided) >= LEAST[language]
