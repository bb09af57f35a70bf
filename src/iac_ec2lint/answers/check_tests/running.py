"""Run the tests of the checks in a folder: the examples they document, and their fixtures."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.answers.check_tests.examples import EXTENSIONS, complete, examples, settings_in
from iac_ec2lint.answers.check_tests.fixtures import differences, fixtures_in
from iac_ec2lint.answers.scan import ScanOptions, load_checks, scan
from iac_ec2lint.engine.finding import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.answers.check_tests.examples import Example
    from iac_ec2lint.engine.finding import CheckInfo
    from iac_ec2lint.engine.report import Report
    from iac_ec2lint.source.diagnostic import Diagnostic

FIXTURES: Final = "fixtures"
"""The folder of fixtures beside the checks, which has a folder for each code."""

STAGES: Final = "stages"
"""The folder beside them of what examples build on."""


class Outcome(NamedTuple):
    """What became of a test.

    Attributes:
        code: The check's code.
        name: What was run.
        wrong: What is not as it should be; empty where the test passes.
    """

    code: str
    name: str
    wrong: tuple[str, ...]


def checks_in(folder: Path) -> tuple[list[CheckInfo], tuple[Diagnostic, ...]]:
    """The checks that a folder has, and what keeps others from being loaded."""
    own = folder.resolve()
    loaded, problems = load_checks((folder,))
    infos = [one.info for one in loaded if Path(one.info.path).resolve().is_relative_to(own)]
    return infos, problems


def outcomes(folder: Path, infos: list[CheckInfo]) -> Iterator[Outcome]:
    """The outcome of each test of some checks.

    Args:
        folder: The folder of the checks; ``fixtures/CODE/`` and ``stages/`` may be in it.
        infos: The checks.
    """
    fixtures = fixtures_in(folder / FIXTURES) if (folder / FIXTURES).is_dir() else []
    untested = {info.code for info in infos}
    for info in infos:
        for part in ("Fails", "Passes"):
            for number, example in enumerate(examples(info.documentation, part), 1):
                untested.discard(info.code)
                name = f"example {number} under {part}, {example.language}"
                yield Outcome(info.code, name, tuple(_example(folder, info, part, example)))
        for fixture in fixtures:
            if fixture.code == info.code:
                untested.discard(info.code)
                with TemporaryDirectory() as scratch:
                    report = fixture.scan(Path(scratch), (folder,))
                wrong = (*_errors(report), *differences(report, fixture.marks()))
                yield Outcome(info.code, f"{FIXTURES}/{fixture}", wrong)
    for code in sorted(untested):
        yield Outcome(code, f"{FIXTURES}/{code}", ("neither examples nor fixtures test it",))
    unknown = {fixture.code for fixture in fixtures} - {info.code for info in infos}
    for code in sorted(unknown):
        yield Outcome(code, f"{FIXTURES}/{code}", ("no check here has this code",))


def _example(folder: Path, info: CheckInfo, part: str, example: Example) -> Iterator[str]:
    """What is wrong with an example: that under "Fails" must fail, that under "Passes" must not."""
    try:
        text = complete(example, info.documentation, folder / STAGES)
    except FileNotFoundError:
        yield f"there is no {STAGES}/{example.stage}.{EXTENSIONS[example.language]}"
        return
    except ValueError as error:
        yield str(error)
        return
    with TemporaryDirectory() as scratch:
        (Path(scratch) / f"main.{EXTENSIONS[example.language]}").write_text(text, "utf-8")
        report = scan(
            ScanOptions(
                paths=(Path(scratch),),
                working=Path(scratch),
                checks=(folder,),
                select=(info.code,),
                settings=settings_in(text),
            )
        )
    yield from _errors(report)
    failing = report.with_status(Status.FAIL)
    if part == "Fails" and not failing:
        yield "nothing fails"
    if part == "Passes":
        for finding in (*failing, *report.with_status(Status.UNDECIDED)):
            yield f"line {finding.span.line}, {finding.status}: {finding.message}"


def _errors(report: Report) -> Iterator[str]:
    for error in report.errors:
        yield f"{error.path}:{error.line}: error: {error.message}"
