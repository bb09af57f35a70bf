"""Measures reach, the PATH checks and all checks on infrastructures of growing size.

    python benchmarks/scale.py [--sizes 1000,2000,5000,10000] [--shapes mixed,...] [--forms ...]
        [--commands reach,paths,all]

Each run is a fresh process on generated files. The exponent says how the time grows from the
smallest size to the largest: 1 is linear, 2 quadratic. See benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

# As a script's own folder, benchmarks/ is on the path.
from infrastructures import SHAPES, Infrastructure, infrastructure
from measuring import Cost, measure, median, own_environment
from stack_spelling import write_stacks
from terraform_spelling import write_repeated, write_singly

COMMANDS = {
    "reach": ("reach", "--format", "json"),
    "paths": ("scan", "--select", "PATH", "--format", "json", "--exit-zero"),
    "all": ("scan", "--select", "DEFAULT", "--format", "json", "--exit-zero"),
}
"""What is measured: who reaches what; all paths, which ask the same and more; an ordinary scan."""

FORMS: dict[str, Callable[[Infrastructure, Path], None]] = {
    "singly": write_singly,
    "repeated": write_repeated,
    "stacks": write_stacks,
}
"""How an infrastructure is written down."""

_ALL_SHAPES = ("mixed", *SHAPES)
_SECONDS, _BYTES, _EXPONENT = 10.0, 600_000_000, 1.2
"""What the largest size may cost, as processor time and as memory, and how it may grow."""

_JUDGED = 1000
"""Below so many instances growth says nothing: starting is most of the time."""


class Point(NamedTuple):
    """What one command costs on one infrastructure."""

    shape: str
    form: str
    command: str
    size: int
    cost: Cost

    @property
    def name(self) -> str:
        """What was measured, but for the size."""
        return f"{self.shape:9} {self.form:9} {self.command:6}"


def write(folder: Path, shape: str, form: str, size: int) -> None:
    """Write an infrastructure into a folder of its own."""
    folder.mkdir(parents=True)
    FORMS[form](infrastructure(shape, size), folder)


def run(
    shapes: Iterable[str],
    forms: Sequence[str],
    sizes: Sequence[int],
    commands: Sequence[str],
    rounds: int,
) -> list[Point]:
    """Measure commands on every infrastructure, the sizes of one after one another."""
    points = []
    for shape in shapes:
        for form in forms:
            for size in sizes:
                with tempfile.TemporaryDirectory() as top:
                    folder = Path(top, shape)
                    write(folder, shape, form, size)
                    for command in commands:
                        cost = median([_measure(command, folder) for _ in range(rounds)])
                        points.append(Point(shape, form, command, size, cost))
                        print(_row(points[-1]), flush=True)
    return points


def exponent(small: Point, large: Point, start: float) -> float:
    """The power of the size that the time grows by, that of starting left out.

    Args:
        small: The smaller size.
        large: The larger size.
        start: The processor time that a run on next to nothing takes, in seconds.
    """
    times = [max(point.cost.cpu - start, 0.001) for point in (small, large)]
    return math.log(times[1] / times[0]) / math.log(large.size / small.size)


def judge(points: Sequence[Point], starts: dict[str, float]) -> bool:
    """Print how each command grows and whether the bounds hold; gives whether all of them do.

    Args:
        points: What was measured.
        starts: What starting each command takes, in seconds of processor time.
    """
    sizes = sorted({point.size for point in points})
    print(
        f"\n{'at ' + str(sizes[-1]):26} {'CPU':>9} {'memory':>9} {'growth from ' + str(sizes[0])}"
    )
    fine = True
    for large in points:
        if large.size != sizes[-1]:
            continue
        same = [point for point in points if point.name == large.name]
        grows = math.nan
        if _JUDGED <= sizes[0] < sizes[-1]:
            grows = exponent(same[0], large, starts[large.command])
        cost = large.cost
        over = {
            "time": cost.cpu > _SECONDS,
            "memory": cost.memory > _BYTES,
            "growth": grows > _EXPONENT,
            "exit status": any(point.cost.status for point in same),
        }
        wrong = [name for name, is_over in over.items() if is_over]
        fine = fine and not wrong
        growth = "not asked" if math.isnan(grows) else f"{grows:.2f}"
        figures = f"{cost.cpu:7.2f} s {cost.memory / 1e6:6.0f} MB {growth:>11}"
        print(f"{large.name} {figures}   {'OVER: ' + ', '.join(wrong) if wrong else 'fine'}")
    bounds = f"{_SECONDS:.0f} s of processor time, {_BYTES / 1e6:.0f} MB, exponent {_EXPONENT}"
    print(f"bounds: {bounds}")
    return fine


def main() -> None:
    """Measure, or only write the files."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--sizes", type=_numbers, default="1000,2000,5000,10000")
    parser.add_argument("--shapes", type=_words(_ALL_SHAPES), default=",".join(_ALL_SHAPES))
    parser.add_argument("--forms", type=_words(FORMS), default=",".join(FORMS))
    parser.add_argument("--commands", type=_words(COMMANDS), default=",".join(COMMANDS))
    parser.add_argument("--rounds", type=int, default=1, help="medians of so many (%(default)s)")
    parser.add_argument("--strict", action="store_true", help="exit with 1 beyond the bounds")
    parser.add_argument("--write", type=Path, metavar="FOLDER", help="only write the files there")
    given = parser.parse_args()
    if given.write is not None:
        for shape in given.shapes:
            for form in given.forms:
                for size in given.sizes:
                    write(given.write / f"{shape}-{form}-{size}", shape, form, size)
        return
    print(f"{'':26} {'size':>6} {'wall':>9} {'CPU':>9} {'memory':>9}")
    starts = _starting_times(given.commands)
    points = run(given.shapes, given.forms, given.sizes, given.commands, given.rounds)
    fine = judge(points, starts)
    if given.strict and not fine:
        sys.exit(1)


def _starting_times(commands: Sequence[str]) -> dict[str, float]:
    """The processor time that each command takes on next to nothing."""
    with tempfile.TemporaryDirectory() as top:
        folder = Path(top, "one")
        write(folder, "closed", "singly", 1)
        return {
            command: min(_measure(command, folder).cpu for _ in range(2)) for command in commands
        }


def _measure(command: str, folder: Path) -> Cost:
    words = (sys.executable, "-m", "iac_ec2lint", *COMMANDS[command], str(folder))
    return measure(words, own_environment())


def _row(point: Point) -> str:
    cost = point.cost
    figures = f"{cost.wall:7.2f} s {cost.cpu:7.2f} s {cost.memory / 1e6:6.0f} MB"
    ended = cost.crash or (f"exit status {cost.status}" if cost.status else "")
    return f"{point.name} {point.size:6} {figures}  {ended}".rstrip()


def _numbers(text: str) -> list[int]:
    return sorted(int(word) for word in text.split(","))


def _words(known: Iterable[str]) -> Callable[[str], list[str]]:
    """What reads words that are separated by commas, each a known one."""
    choices = tuple(known)

    def word_list(text: str) -> list[str]:
        found = text.split(",")
        for word in found:
            if word not in choices:
                raise argparse.ArgumentTypeError(f"{word!r} is none of {', '.join(choices)}")
        return found

    return word_list


if __name__ == "__main__":
    main()
