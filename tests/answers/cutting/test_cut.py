"""The cut of generated estates, beside trying all smaller sets of changes."""

from __future__ import annotations

import random
from itertools import combinations
from pathlib import Path

import pytest
from tests.cli.program import REPOSITORY, write

from iac_ec2lint.answers.cutting import cut as cutting
from iac_ec2lint.answers.cutting.changes import Change, Layout
from iac_ec2lint.answers.inputs import Inputs
from iac_ec2lint.answers.scan import choose, load_checks
from iac_ec2lint.engine.finding import Severity

STAGE = (REPOSITORY / "docs/stages/public-instance.tf").read_text("utf-8")
NETWORK = STAGE[: STAGE.index('resource "aws_security_group" "host"')]
EC2 = '{ Service = "ec2.amazonaws.com" }'


def _role(name: str, trusted: str, statements: str, *, admin: bool = False) -> str:
    managed = '["arn:aws:iam::aws:policy/AdministratorAccess"]' if admin else "[]"
    return f"""
resource "aws_iam_role" "{name}" {{
  name = "{name}"
  assume_role_policy = jsonencode({{
    Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {trusted} }}]
  }})
  inline_policy {{
    name   = "own"
    policy = jsonencode({{ Statement = [{statements}] }})
  }}
  managed_policy_arns = {managed}
}}
"""


def _host(name: str, role: str, port: int, tokens: str) -> str:
    return f"""
resource "aws_security_group" "{name}" {{
  vpc_id = aws_vpc.main.id
  ingress {{
    protocol    = "tcp"
    from_port   = {port}
    to_port     = {port}
    cidr_blocks = ["0.0.0.0/0"]
  }}
}}
resource "aws_iam_instance_profile" "{name}" {{
  role = aws_iam_role.{role}.name
}}
resource "aws_instance" "{name}" {{
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.public.id
  iam_instance_profile   = aws_iam_instance_profile.{name}.name
  vpc_security_group_ids = [aws_security_group.{name}.id]
  metadata_options {{
    http_tokens = "{tokens}"
  }}
}}
"""


def estate(seed: int) -> str:
    """Hosts whose roles lead, over a few that they share, to an administrator."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    made = [
        NETWORK,
        _role(
            "admin",
            '{ AWS = "*" }' if chance.random() < 0.2 else "{ AWS = [aws_iam_role.m0.arn] }",
            "",
            admin=True,
        ),
    ]
    middle = chance.randint(1, 2)
    hosts = chance.randint(1, 3)
    for number in range(middle):
        trusted = ", ".join(f"aws_iam_role.h{host}.arn" for host in range(hosts))
        target = "aws_iam_role.admin.arn" if number == 0 else "aws_iam_role.m0.arn"
        allow = f'{{ Effect = "Allow", Action = "sts:AssumeRole", Resource = {target} }}'
        made.append(_role(f"m{number}", f"{{ AWS = [{trusted}] }}", allow))
    for host in range(hosts):
        target = f"aws_iam_role.m{chance.randrange(middle)}.arn"
        allow = f'{{ Effect = "Allow", Action = "sts:AssumeRole", Resource = {target} }}'
        made.append(_role(f"h{host}", EC2, allow))
        port, tokens = chance.choice([(443, "optional"), (22, "required"), (443, "required")])
        made.append(_host(f"h{host}", f"h{host}", port, tokens))
    return "".join(made)


def _analyse(inputs: Inputs, changes: tuple[Change, ...]) -> cutting._Analysis:
    loaded, _ = load_checks()
    codes = [one.info.code for one in loaded if one.info.code.startswith("PATH")]
    checks = choose(loaded, (*codes, *cutting._SETTINGS), ())
    texts = cutting._texts(inputs, Layout(changes))
    return cutting._analyse(inputs, checks, Severity.HIGH, texts)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [*range(11), 79])
def test_no_path_is_left_and_hardly_fewer_changes_do(seed: int, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": estate(seed)})
    inputs = Inputs(paths=(tmp_path,), working=tmp_path)
    found = cutting.cut(inputs, Severity.HIGH)
    assert found.verified
    assert found.left == ()
    assert found.exact
    first = _analyse(inputs, ())
    known: dict[str, cutting._Known] = {}
    cutting._learn(first, first.fixes, Layout(()), known, {})
    every = {key: c for one in known.values() for key, c in one.changes.items() if not c.wide}
    for size in range(len(found.edits) - 1):
        for chosen in combinations(every.values(), size):
            assert _analyse(inputs, chosen).paths, [change.words for change in chosen]
    gentle = [change for change in every.values() if not change.stops]
    if any(edit.words.startswith("admit tcp 443") for edit in found.edits):
        for chosen in combinations(gentle, len(found.edits)):
            assert _analyse(inputs, chosen).paths, [change.words for change in chosen]


@pytest.mark.slow
def test_the_estates_have_paths_and_some_take_several_changes(tmp_path: Path) -> None:
    counts = []
    for seed in range(12):
        write(tmp_path, {"main.tf": estate(seed)})
        found = cutting.cut(Inputs(paths=(tmp_path,), working=tmp_path), Severity.HIGH)
        counts.append(len(found.edits))
    assert max(counts) >= 2
    assert 0 in counts or 1 in counts
