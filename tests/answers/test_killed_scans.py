"""The processes of a scan end with it, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.cli.program import OPEN_SSH, write

pytestmark = pytest.mark.slow

PROGRAM = """\
import os, sys, time
from pathlib import Path
from iac_ec2lint.answers import scan

def judge(self, job, turn):
    Path(sys.argv[1], f"{os.getpid()}.pid").touch()
    time.sleep(600)

scan.Scan.judge = judge
folder = Path(sys.argv[2])
scan.scan(scan.ScanOptions(paths=(folder,), working=folder, jobs=2))
"""
PATIENCE = 60


def is_there(process: int) -> bool:
    """Whether a process runs; one that ended and that nobody asks about counts as gone."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="it looks at the processes in /proc")
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_workers_of_a_scan_that_is_killed_end(tmp_path: Path, how: signal.Signals) -> None:
    told, tree = tmp_path / "told", tmp_path / "tree"
    told.mkdir()
    write(tree, {"a/main.tf": OPEN_SSH, "b/main.tf": OPEN_SSH})
    with subprocess.Popen([sys.executable, "-c", PROGRAM, str(told), str(tree)]) as program:
        end = time.monotonic() + PATIENCE
        while len(found := [*told.iterdir()]) < 2 and time.monotonic() < end:
            time.sleep(0.02)
        os.kill(program.pid, how)
    workers = [int(path.stem) for path in found]
    assert len(workers) == 2
    while any(map(is_there, workers)) and time.monotonic() < end:
        time.sleep(0.02)
    left = [process for process in workers if is_there(process)]
    for process in left:
        os.kill(process, signal.SIGKILL)
    assert left == []
