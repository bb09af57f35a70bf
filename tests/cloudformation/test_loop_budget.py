"""A loop's turns count as the memory that they take."""

from __future__ import annotations

import re
from pathlib import Path

from tests.cli.program import run, write

TEMPLATE = """\
Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::A:
    - a
    - [%(members)s]
    - Fn::ForEach::B:
        - b
        - [%(members)s]
        - V${a}${b}: {Type: AWS::EC2::EIP}
"""


def test_loops_in_loops_take_of_the_bytes_of_the_budget(tmp_path: Path) -> None:
    members = ", ".join(f"x{number}" for number in range(20))
    write(tmp_path, {"a.yaml": TEMPLATE % {"members": members}})
    ended = run(".", "--verbose", "--select", "SG001", cwd=tmp_path)
    taken = re.search(r"([\d,]+) of [\d,]+ bytes", ended.err)
    assert taken is not None
    assert int(taken[1].replace(",", "")) >= 20 * 20 * 1_000
