"""``iac-ec2lint scan``: check files and folders."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from iac_ec2lint.cli.cached import CachedAnswer, asked_of, every_path
from iac_ec2lint.cli.complaints import complaints, usage_errors
from iac_ec2lint.cli.options import (
    branches_option,
    checks_option,
    configuration_options,
    configured,
    input_options,
    inputs,
    no_cache_option,
    settings_in,
    settings_option,
    strict_option,
    words_in,
)
from iac_ec2lint.cli.terminal import WIDTH, columns, shows_colour
from iac_ec2lint.report import TIMED, format_of, formats
from iac_ec2lint.report import compliance as controls
from iac_ec2lint.report.placing import root_prefix, tree_url
from iac_ec2lint.source.budget import Share

if TYPE_CHECKING:
    from typing import Unpack

    from iac_ec2lint.answers.inputs import BranchChoice
    from iac_ec2lint.answers.scan import ScanOptions
    from iac_ec2lint.cli.options import GivenOptions
    from iac_ec2lint.engine.attribution import ExternalModules
    from iac_ec2lint.engine.report import Report

    _ParamType = click.ParamType[tuple[str, Path]]
else:
    _ParamType = click.ParamType  # not generic before click 8.4

SEVERITIES = ("critical", "high", "medium", "low", "info")
_EXIT_STATUS = """\b
Exit status:
  0  nothing at or above --fail-on; what is undecided counts where it is asked for
  1  findings
  2  wrong use of the program
  3  the scan is incomplete: something could not be read or evaluated
"""
_DIGITS = 12  # of seconds in SOURCE_DATE_EPOCH: more are no year that is written in four
_PATIENCE = 1.5  # seconds before a progress bar appears


_FORMATS = tuple(sorted({*formats(), *controls.formats()}))


class _Output(_ParamType):
    """``[FORMAT=]FILE``."""

    name = "[FORMAT=]FILE"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, Path]:
        """The format and the file; without a format, the file's ending says it."""
        text = str(value)
        form, mark, file = text.partition("=")
        if mark and form in _FORMATS:
            return form, Path(file)
        ending = format_of(text) or controls.format_of(text)
        if ending is None:
            known = ", ".join(_FORMATS)
            self.fail(f"{text!r} does not say its format; write FORMAT=FILE ({known})", param, ctx)
        return ending, Path(text)


@click.command("scan", epilog=_EXIT_STATUS, context_settings={"max_content_width": 100})
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option(
    "--format",
    "-f",
    "form",
    type=click.Choice(_FORMATS),
    default="text",
    show_default=True,
    help="What standard output gets; --compliance is written as csv, json, markdown or text.",
)
@click.option(
    "--output",
    "-o",
    "outputs",
    type=_Output(),
    multiple=True,
    help="Write a file too, in a format; may be given several times.",
)
@click.option("--quiet", "-q", is_flag=True, help="One line a finding, no summary.")
@click.option(
    "--verbose",
    "-v",
    is_flag=True,
    help="Every hop of every finding; and on standard error, how much of the budget was taken.",
)
@click.option(
    "--sort",
    type=click.Choice(("severity", "path")),
    default="severity",
    show_default=True,
    help="What text is sorted by.",
)
@click.option("--no-color", is_flag=True, help="No colours; as NO_COLOR=1 in the environment.")
@click.option("--show-undecided", is_flag=True, help="List what could not be decided, and why.")
@click.option("--show-notes", is_flag=True, help="List remarks that are no findings.")
@click.option(
    "--fail-on",
    type=click.Choice(SEVERITIES),
    default="medium",
    show_default=True,
    help="Exit with 1 from this severity on.",
)
@click.option(
    "--fail-on-undecided",
    type=click.Choice(SEVERITIES),
    help="Exit with 1 also where something is undecided that would have this severity, or more.",
)
@strict_option
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever was found.")
@click.option(
    "--baseline",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="What 'baseline write' wrote: what is known there is suppressed.",
)
@click.option("--no-suppressions", is_flag=True, help="Comments and metadata suppress nothing.")
@click.option(
    "--select",
    multiple=True,
    metavar="WORD[,WORD]",
    help="Run only these checks: codes or how they begin (SG), names, severities, DEFAULT for those"
    " that run by themselves, ALL. What is off by default takes its code, its name or ALL.",
)
@click.option("--ignore", multiple=True, metavar="WORD[,WORD]", help="Do not run these checks.")
@click.option(
    "--compliance",
    multiple=True,
    metavar="FRAMEWORK[,FRAMEWORK]",
    help="Say of each control of a framework (cis-aws-3.0, soc2, ...) what was found, in place of"
    " the findings; without --select, the checks that answer its controls run.",
)
@checks_option
@settings_option
@configuration_options
@branches_option
@input_options
@click.option(
    "--require-modules",
    is_flag=True,
    help="A module that is not on the disk makes the scan incomplete.",
)
@click.option(
    "--external-modules",
    type=click.Choice(("report", "attribute", "ignore")),
    default="attribute",
    show_default=True,
    help="Findings inside modules under .terraform/modules: report them there, attribute them to"
    " the module call that causes them, or leave them out.",
)
@click.option(
    "--aws-account",
    envvar="AWS_ACCOUNT_ID",
    show_envvar=True,
    default="",
    metavar="ID",
    help="The account that findings in asff are for.",
)
@click.option(
    "--aws-region",
    envvar=("AWS_REGION", "AWS_DEFAULT_REGION"),
    show_envvar=True,
    default="",
    metavar="REGION",
    help="The Region that findings in asff are for.",
)
@click.option("--allow-empty", is_flag=True, help="Nothing to scan is no error.")
@click.option(
    "--jobs",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="Worker processes; 0 chooses by the amount of work.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    metavar="SECONDS",
    help="Judge nothing more after so long, which is an error; see --budget for what is the same"
    " on any machine.",
)
@no_cache_option
def command(
    paths: tuple[str, ...],
    form: str,
    outputs: tuple[tuple[str, Path], ...],
    quiet: bool,
    verbose: bool,
    sort: str,
    no_color: bool,
    show_undecided: bool,
    show_notes: bool,
    fail_on: str,
    fail_on_undecided: str | None,
    strict: bool,
    exit_zero: bool,
    baseline: Path | None,
    no_suppressions: bool,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    compliance: tuple[str, ...],
    settings: tuple[str, ...],
    checks: tuple[Path, ...],
    config: Path | None,
    no_config: bool,
    policy_config: Path | None,
    branches: BranchChoice,
    require_modules: bool,
    external_modules: ExternalModules,
    aws_account: str,
    aws_region: str,
    allow_empty: bool,
    jobs: int,
    timeout: float | None,
    no_cache: bool,
    **given: Unpack[GivenOptions],
) -> None:
    """Check the files and folders at PATH...; - is standard input.

    A folder is scanned as a whole. A file selects: it is read in its context (its folder, the
    modules it calls and those that call it), and only findings that touch it are shown.
    """
    begun = time.monotonic()
    if not paths and not allow_empty:
        raise click.UsageError("say which PATH to scan; . is this folder")
    read = inputs(paths, given)
    chosen = (form, *(name for name, _ in outputs))
    wanted = timeout is None and not checks and not no_cache and not _tells_more(chosen)
    named = (config, policy_config, baseline)
    asked = lambda: (*asked_of(read, named), _placing())  # noqa: E731 - asked where there is a cache
    cached = CachedAnswer(every_path(read), asked, wanted=wanted)
    status = cached.say_again(verbose=verbose)
    if status is not None:
        _tell_time(begun)
        raise SystemExit(status)
    from iac_ec2lint.answers.scan import ScanOptions
    from iac_ec2lint.cli.complaints import read_text
    from iac_ec2lint.engine.finding import Severity  # heavy; only where a command runs

    options = ScanOptions(
        **read,
        tree=cached.tree,
        select=words_in(select),
        ignore=words_in(ignore),
        settings=settings_in(settings),
        checks=checks,
        branches=branches,
        fail_on=Severity(fail_on),
        fail_on_undecided=Severity(fail_on_undecided) if fail_on_undecided else None,
        strict=strict,
        require_modules=require_modules,
        external_modules=external_modules,
        allow_empty=allow_empty,
        jobs=jobs,
        timeout=timeout,
        suppressions=not no_suppressions,
        baseline=None if baseline is None else (str(baseline), read_text(baseline)),
        compliance=words_in(compliance),
    )
    with usage_errors():
        options = configured(
            options, config=config, no_config=no_config, policy_config=policy_config
        )
    _refuse_other_formats(chosen, asked=bool(options.compliance))
    if "asff" in chosen:
        _refuse_without_account(aws_account, aws_region)
    started = _now()
    report = _scan(options)
    if verbose:
        taken = report.summary.taken
        whole = Share.of(options.budget)
        words = f"{taken.steps:,} of {whole.steps:,} steps, {taken.made:,} of {whole.made:,} bytes"
        cached.say("err", (f"budget: {words} taken\n",))
    how = _How(
        quiet, verbose, sort == "path", show_undecided, show_notes, aws_account, aws_region, started
    )
    _write(report, form, outputs, how, cached, colour=shows_colour() and not no_color)
    if options.compliance:  # of which what is written on controls has the number alone
        cached.say("err", complaints(report.errors))
    status = 0 if exit_zero else report.exit_status
    cached.keep(status, report.errors)
    _tell_time(begun)
    raise SystemExit(status)


def _tells_more(chosen: Iterable[str]) -> bool:
    """Whether what is said hangs on the time, or on what is there already."""
    timed = not os.environ.get("SOURCE_DATE_EPOCH") and not TIMED.isdisjoint(chosen)
    return timed or bool("github" in chosen and os.environ.get("GITHUB_STEP_SUMMARY"))


def _placing() -> tuple[str, ...]:
    """What the machine says of a report."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return root_prefix(os.environ, str(Path.cwd())), tree_url(os.environ), epoch


def _tell_time(begun: float) -> None:
    """Tell whoever sits before a terminal how long it took; what is written is always the same."""
    if sys.stdout.isatty():
        click.echo(f"It took {time.monotonic() - begun:.1f} s.", err=True)


def _refuse_other_formats(chosen: tuple[str, ...], *, asked: bool) -> None:
    """Refuse formats of findings where controls are asked about, and the other way round."""
    known = controls.formats() if asked else formats()
    for name in chosen:
        if name not in known:
            what = "what --compliance says is" if asked else "findings are"
            raise click.UsageError(f"{what} written as {', '.join(known)}, not as {name}")


def _refuse_without_account(account: str, region: str) -> None:
    from iac_ec2lint.report.integrations.asff_format import lacking  # only where it is asked for

    words = lacking(account, region)
    if words:
        raise click.UsageError(words)


def _now() -> str:
    """The time in UTC, or ``SOURCE_DATE_EPOCH`` (reproducible-builds.org) for equal bytes."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    seconds = int(fixed) if fixed.isdecimal() and len(fixed) < _DIGITS else time.time()
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))


def _scan(options: ScanOptions) -> Report:
    from iac_ec2lint.answers.scan import scan  # heavy; only where a command runs

    with usage_errors(), _Progress() as progress:
        return scan(options, progress=progress)


class _Progress:
    """A progress bar on standard error, on a terminal, once work has gone on for a while."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._bar: click._termui_impl.ProgressBar[int] | None = None
        self._done = 0

    def __enter__(self) -> Callable[[int, int], None]:
        return self._show if sys.stderr.isatty() else lambda done, total: None  # noqa: ARG005 - the same signature

    def _show(self, done: int, total: int) -> None:
        if self._bar is None:
            if time.monotonic() - self._started < _PATIENCE or done >= total:
                return
            self._bar = click.progressbar(length=total, label="Checking", file=sys.stderr)
            self._bar.__enter__()
        self._bar.update(done - self._done)
        self._done = done

    def __exit__(self, *details: object) -> None:
        if self._bar is not None:
            self._bar.render_finish()


class _How(NamedTuple):
    """How a report is written, whatever the format."""

    quiet: bool
    verbose: bool
    by_path: bool
    show_undecided: bool
    show_notes: bool
    account: str
    region: str
    started: str


def _write(
    report: Report,
    form: str,
    outputs: tuple[tuple[str, Path], ...],
    how: _How,
    cached: CachedAnswer,
    *,
    colour: bool,
) -> None:
    from iac_ec2lint.report import render_in_pieces  # heavy; only where a command runs
    from iac_ec2lint.report.options import ReportOptions

    prefix = root_prefix(os.environ, str(Path.cwd()))
    tree = tree_url(os.environ)
    ended = _now()

    def rendered(name: str, *, colour: bool, width: int) -> Iterator[str]:
        if report.frameworks:
            return iter((controls.render(name, report),))
        options = ReportOptions(
            **how._asdict(),
            colour=colour,
            width=width,
            prefix=prefix,
            tree=tree,
            ended=ended,
        )
        return render_in_pieces(name, report, options)

    for name, file in outputs:
        cached.write(file, rendered(name, colour=False, width=WIDTH))
    cached.say("out", rendered(form, colour=colour, width=columns()))
    if form == "github":
        _append_step_summary(report, prefix, tree, undecided=how.show_undecided)


def _append_step_summary(report: Report, prefix: str, tree: str, *, undecided: bool) -> None:
    target = os.environ.get("GITHUB_STEP_SUMMARY")
    if not target:
        return
    from iac_ec2lint.cli.output import append_output  # only for GitHub
    from iac_ec2lint.report.step_summary import ROOM, step_summary  # only for GitHub

    text = step_summary(
        report,
        show_undecided=undecided,
        prefix=prefix,
        tree=tree,
        room=ROOM - (Path(target).stat().st_size if Path(target).exists() else 0),
    )
    append_output(Path(target), text)
