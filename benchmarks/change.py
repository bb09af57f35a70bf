"""Measures ``diff`` on a large repository with a change of three files.

    python benchmarks/change.py [--lines 50000] [--rounds 5]

Each run is a fresh process. Beside it, for comparison, stands a scan of the whole later tree, and
what each costs again while nothing has changed, with the cache.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from generate import generate
from measuring import Cost, measure, median, own_environment

_LINES_OF_A_RESOURCE = 8
"""Fewer than what ``generate`` writes, so that there are enough."""
_SECONDS = 3.0
"""What ``diff`` may cost, as processor time: what others do on the machine does not count."""


def write_history(folder: Path, lines: int) -> int:
    """Write a repository with two revisions, of which the later one changes three files.

    Args:
        folder: An empty folder.
        lines: How many lines the earlier revision has at least.

    Returns:
        How many it has.
    """
    generate(folder, lines // _LINES_OF_A_RESOURCE)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    written = sum(path.read_bytes().count(b"\n") for path in files)
    _git(folder, "init", "-q")
    _commit(folder)
    services = sorted((folder / "terraform").iterdir())
    _replace(services[1] / "security.tf", "10.0.0.0/8", "0.0.0.0/0")
    _replace(services[-1] / "compute.tf", "instance_type", "# changed\n  instance_type")
    template = next(path for path in files if path.suffix == ".yaml")
    template.write_text(f"# changed\n{template.read_text('utf-8')}", "utf-8")
    _commit(folder)
    return written


def _replace(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text  # noqa: S101 - else nothing is measured
    file.write_text(text.replace(old, new), "utf-8")


def _commit(folder: Path) -> None:
    _git(folder, "add", "-A")
    _git(folder, "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "a change")


def _git(folder: Path, *arguments: str) -> None:
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", *arguments], cwd=folder, env=environment, check=True)


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--lines", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    program = [sys.executable, "-m", "iac_ec2lint"]
    with tempfile.TemporaryDirectory() as made, tempfile.TemporaryDirectory() as cache:
        folder = Path(made)
        print(f"{write_history(folder, options.lines):,} lines, a change of three files")
        os.chdir(folder)
        commands = {
            "diff HEAD~1 HEAD": [*program, "diff", "HEAD~1", "HEAD"],
            "diff HEAD~1": [*program, "diff", "HEAD~1"],
            "scan .": [*program, "scan", ".", "--exit-zero", "--quiet"],
        }
        costs: dict[str, list[Cost]] = {name: [] for name in commands}
        for name in commands:
            costs[f"{name} again"] = []
        for _ in range(options.rounds):
            for name, command in commands.items():
                costs[name].append(measure(command, own_environment()))
        for name, command in commands.items():
            measure(command, own_environment(cache))  # which keeps what it says
            for _ in range(options.rounds):
                costs[f"{name} again"].append(measure(command, own_environment(cache)))
        os.chdir("/")
    slow = False
    for name, every in costs.items():
        cost = median(every)
        if cost.crash or cost.status not in (0, 1):
            print(f"{name}: it ended with {cost.status} {cost.crash}")
            return 2
        slow = slow or (name.startswith("diff") and cost.cpu > _SECONDS)
        print(
            f"{name:24} {cost.wall:5.2f} s, {cost.cpu:5.2f} s of processor, {cost.memory >> 20} MB"
        )
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
