"""Fuzzers: input of strangers must neither crash nor hang a scan, nor hide what is beside it.

``grown`` writes Terraform, templates, plans and suppressions from a grammar of odd and extreme
parts, so that evaluation is reached; ``changed`` edits good files as bytes and as tokens, so that
reading is; ``bent`` gives other values to names in them, so that all checks still have something to
judge. Each input lies beside a file with a failing resource, and must:

- raise nothing, in no check either, and end within ``PATIENCE`` seconds;
- leave the finding of the file beside it, or say why it is not there: an error, an omission or a
  suppression that names the folder. A template or plan is a unit of its own, and excuses nothing
  by what is wrong with itself.

Many inputs are one scan, with a few checks each time, or all of them over what is ``bent``.

    python benchmarks/fuzz.py --inputs 100000 --seed 1

It prints how many inputs were tried and the processor time, and keeps each failing input.
"""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import chdir
from functools import cache
from pathlib import Path
from types import FrameType
from typing import NamedTuple

from fuzzing.changes import Changes
from fuzzing.grammar import Grammar
from fuzzing.parts import Input

from iac_ec2lint.answers.scan import ScanOptions, load_checks, scan
from iac_ec2lint.engine.finding import Status
from iac_ec2lint.engine.report import Report
from iac_ec2lint.source.collection import collect_rarely

PATIENCE = 10
"""Seconds of processor time that one input may take, and so each batch that has it."""


BESIDE_CODE = "NET013"
BESIDE = {
    "beside.tf": """\
resource "aws_ec2_transit_gateway" "beside" {
  auto_accept_shared_attachments = "enable"
}
""",
    "beside.yaml": """\
Resources:
  Beside:
    Type: AWS::EC2::TransitGateway
    Properties: {AutoAcceptSharedAttachments: enable}
""",
}
"""Files that have one finding of a cheap check; that of its language lies beside an input."""

_SHARED = 10
_MEMORY = Path("/dev/shm")  # noqa: S108 - folders of our own are made in it
_SAID = 2_000


class Fuzzer(NamedTuple):
    """Something that writes inputs, and how they are tried.

    Attributes:
        write: Writes an input.
        batch: How many are scanned at once: most of a small scan is not evaluation.
        steps: The budget of a scan, for each of its inputs.
        checks: How many checks run each time; all where it is not given.
    """

    write: Callable[[], Input]
    batch: int = 200
    steps: int = 600
    checks: int | None = 4


class Hang(BaseException):
    """An input takes longer than it may; no ``except Exception`` swallows it."""


def _silenced(report: Report, beside: str, excuses: str) -> bool:
    """Whether the finding of a file is gone and nothing says why.

    Args:
        report: What was found.
        beside: The file.
        excuses: What is said of this path, or of what is in it, explains that.
    """
    if any(
        found.span.path == beside
        and found.check.code == BESIDE_CODE
        and found.status is not Status.UNDECIDED
        for found in report.findings
    ):
        return False
    return not any(
        path == excuses or path.startswith(f"{excuses}/")
        for path in (
            *(error.path for error in report.errors),
            *(skipped.path for skipped in report.summary.skipped),
        )
    )


def _write(inputs: Sequence[Input], top: Path) -> dict[str, str]:
    """Write inputs, each beside a file; for each such file, what may excuse that it is silent."""
    shutil.rmtree(top, ignore_errors=True)
    top.mkdir(parents=True)
    excuses: dict[str, str] = {}
    for number, files in enumerate(inputs):
        beside = "beside.yaml" if any(name.endswith(".yaml") for name in files) else "beside.tf"
        if len(files) == 1 and not any(".tf" in name or ".tofu" in name for name in files):
            folder = f"{beside.replace('.', '-')}-{number // _SHARED}"
            written = {f"{number}-{name}": content for name, content in files.items()}
            excuses[f"{folder}/{beside}"] = f"{folder}/{beside}"
        else:
            folder, written = f"u{number}", files
            excuses[f"{folder}/{beside}"] = folder
        for name, content in {beside: BESIDE[beside].encode(), **written}.items():
            path = top / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return excuses


def _stop(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001 - a handler's signature
    raise Hang


def try_inputs(
    inputs: Sequence[Input], top: Path, checks: Sequence[str] = (), steps: int = 600
) -> list[str]:
    """Scan some inputs; what is wrong with them, in words.

    Args:
        inputs: The inputs.
        top: The folder that they are written to; what is in it is removed.
        checks: The codes of the checks that run.
        steps: The budget, for each of the inputs.
    """
    excuses = _write(inputs, top)
    options = ScanOptions(
        paths=(top,),
        working=top,
        boundary=top,
        jobs=1,
        budget=steps * max(len(inputs), _SHARED),
        select=(BESIDE_CODE, *checks),
    )
    signal.signal(signal.SIGVTALRM, _stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE)
    try:
        report = scan(options)
    except Hang:
        return ["it hangs"]
    except Exception as error:  # noqa: BLE001 - this is what is looked for
        return [f"it raises {type(error).__name__}: {error}"]
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    silent = [path for path, excuse in excuses.items() if _silenced(report, path, excuse)]
    bugs = [error for error in report.errors if error.path.endswith(".py")]
    return [
        *(f"{path} is silenced" for path in silent),
        *(f"a check fails: {bug.path}: {bug.message}" for bug in bugs),
    ]


def failing(
    inputs: Sequence[Input], top: Path, checks: Sequence[str] = (), steps: int = 600
) -> Iterator[tuple[Sequence[Input], list[str]]]:
    """The smallest parts of some inputs that fail: each alone, or several that do so together."""
    if not (wrong := try_inputs(inputs, top, checks, steps)):
        return
    half = len(inputs) // 2
    parts = [inputs[:half], inputs[half:]] if half else []
    found = [each for part in parts for each in failing(part, top, checks, steps)]
    yield from found or [(inputs, wrong)]


@cache
def _codes() -> tuple[str, ...]:
    return tuple(entry.info.code for entry in load_checks()[0])


def fuzz(
    fuzzer: Fuzzer, number: int, top: Path, seed: int
) -> Iterator[tuple[int, Sequence[Input], list[str]]]:
    """Try so many inputs.

    Yields:
        After each batch how many were tried, without inputs; and before that those that fail, and
        what is wrong with them.
    """
    chance = random.Random(seed)  # noqa: S311 - no secrets are made of it
    done = 0
    while done < number:
        checks = _codes() if fuzzer.checks is None else chance.sample(_codes(), fuzzer.checks)
        inputs = [fuzzer.write() for _ in range(min(fuzzer.batch, number - done))]
        for some, wrong in failing(inputs, top, checks, fuzzer.steps):
            yield done, some, [*wrong, f"checks {','.join(checks)}"]
        done += len(inputs)
        yield done, (), []


def fuzzers(seed: int) -> dict[str, Fuzzer]:
    """The fuzzers, by name."""
    chances = [random.Random(seed) for _ in range(3)]  # noqa: S311 - as above
    return {
        "grown": Fuzzer(Grammar(chances[0]).input),
        "changed": Fuzzer(Changes(chances[1]).files),
        "bent": Fuzzer(Changes(chances[2]).bent, batch=20, steps=100_000, checks=None),
    }


def _keep(inputs: Sequence[Input], wrong: Sequence[str], folder: Path) -> None:
    for number, files in enumerate(inputs):
        for name, content in files.items():
            path = folder / str(number) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    (folder / "wrong.txt").write_text("\n".join([*wrong, ""]), encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run them; the exit status is 1 where an input fails."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--inputs", type=int, default=2_000, help="of each fuzzer")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=fuzzers(0), help="run this one alone")
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "fuzz-failing")
    given = parser.parse_args(arguments)
    failures = 0
    collect_rarely()
    where = _MEMORY if _MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(dir=where) as folder, chdir(folder):
        for name, fuzzer in fuzzers(given.seed).items():
            if given.only not in (None, name):
                continue
            started = time.process_time()
            for done, inputs, wrong in fuzz(
                fuzzer, given.inputs, Path(folder, "units"), given.seed
            ):
                if wrong:
                    failures += 1
                    kept = given.keep / f"{name}-{given.seed}-{failures}"
                    _keep(inputs, wrong, kept)
                    print(f"{name}: {'; '.join(wrong)}: {kept}", flush=True)
                elif done % _SAID == 0 or done == given.inputs:
                    taken = time.process_time() - started
                    words = f"{done:,} inputs of seed {given.seed} in {taken:.0f} s of processor"
                    print(f"{name}: {words} time, {failures} failures", flush=True)
    return min(failures, 1)


if __name__ == "__main__":
    sys.exit(main())
