"""``benchmarks/precision.py`` counts findings by check, and what readers judged of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.program import OPEN_SSH, PLAIN_VOLUME, REPOSITORY, write

pytestmark = pytest.mark.slow

PROGRAM = REPOSITORY / "benchmarks" / "precision.py"


def run(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, str(PROGRAM), *arguments], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_findings_are_counted_by_check_with_what_was_judged(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "all",
        {"one/main.tf": OPEN_SSH, "two/main.tf": OPEN_SSH, "two/disk.tf": PLAIN_VOLUME},
    )
    arguments = (str(folder), "--jobs", "1", "--select", "SG001,DATA001")
    listed = run(*arguments, "--list")
    rows = [line for line in listed.splitlines() if line.startswith("one/main.tf:")]
    [fingerprint] = [row.rpartition("[")[2].rstrip("]") for row in rows]
    judged = write(tmp_path, {"judged.txt": f"one {fingerprint} false the office's range\n"})
    table = run(*arguments, "--judged", str(judged / "judged.txt")).splitlines()
    assert [line.split() for line in table[1:4]] == [
        ["DATA001", "1", "1", "0", "0"],
        ["SG001", "2", "2", "1", "1"],
        ["all", "3", "2", "1", "1"],
    ]
