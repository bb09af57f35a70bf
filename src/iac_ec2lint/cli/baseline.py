"""``iac-ec2lint baseline``: what is known today, so that only what is new is dealt with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from iac_ec2lint.cli.complaints import INCOMPLETE, complain, read_text, usage_errors
from iac_ec2lint.cli.options import (
    checks_option,
    configuration_options,
    configured,
    input_options,
    inputs,
    settings_in,
    settings_option,
    words_in,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, TypeVar

    from iac_ec2lint.cli.options import GivenOptions
    from iac_ec2lint.engine.baseline import Entry
    from iac_ec2lint.engine.report import Report

    _Command = TypeVar("_Command", bound=Callable[..., Any])

NAME = Path(".iac-ec2lint-baseline.json")
_SHOWN = 50


def _scanning(command: _Command) -> _Command:
    """The options of a scan that a baseline is made of."""
    for option in (
        input_options,
        configuration_options,
        settings_option,
        checks_option,
        click.option("--ignore", multiple=True, metavar="WORD[,WORD]", help="As scan --ignore."),
        click.option("--select", multiple=True, metavar="WORD[,WORD]", help="As scan --select."),
        click.option(
            "--baseline",
            "file",
            type=click.Path(dir_okay=False, path_type=Path),
            default=NAME,
            show_default=True,
            metavar="FILE",
            help="The baseline.",
        ),
        click.argument("paths", nargs=-1, required=True, metavar="PATH..."),
    ):
        command = option(command)
    return command


@click.group("baseline")
def command() -> None:
    """Keep what is known in a file: write it, check against it, update it, show it.

    scan --baseline FILE (or baseline: FILE in the configuration) suppresses what is known.
    """


@command.command("write")
@_scanning
@click.option("--reason", default="", help="Why what is found now is accepted.")
@click.option("--until", metavar="DAY", help="The last day on which it is (2027-12-31).")
def write(file: Path, reason: str, until: str | None, **options: Any) -> None:
    """Write what a scan of PATH... finds now to the baseline."""
    from iac_ec2lint.cli.output import write_output  # only where a command runs
    from iac_ec2lint.engine import baseline
    from iac_ec2lint.engine.finding import Status
    from iac_ec2lint.report.escape import place
    from iac_ec2lint.source.suppression import flaw_of_until

    if until is not None and (flaw := flaw_of_until(until)):
        raise click.UsageError(f"--until: {flaw}")
    report, today = _report(None, options)
    made = [
        entry._replace(reason=reason, until=until)
        for entry in baseline.entries(report.findings, today)
    ]
    write_output(file, baseline.written(made))
    failing = sum(entry.status is Status.FAIL for entry in made)
    click.echo(
        f"{len(made):,} written to {place(str(file))}, one for each check and resource: "
        f"{failing:,} failing, {len(made) - failing:,} undecided"
    )
    _leave(report)


@command.command("check")
@_scanning
def check(file: Path, **options: Any) -> None:
    """List what is new and what is fixed since the baseline; exit with 1 where something is new."""
    report, _ = _report(file, options)
    from iac_ec2lint.report import render  # only where a command runs

    compared = report.baseline
    assert compared is not None  # noqa: S101 - one was given
    click.echo(render("text", report), nl=False)
    click.echo(f"{len(compared.known)} known, {len(compared.fixed)} fixed since the baseline")
    _list(compared.fixed, "fixed")
    _list(compared.changed, "changed, and new as it is now:")
    _leave(report, failing=bool(report.failing))


@command.command("update")
@_scanning
def update(file: Path, **options: Any) -> None:
    """Take out of the baseline what is fixed, and add what is new; what stays keeps its day."""
    from iac_ec2lint.cli.output import write_output  # only where a command runs
    from iac_ec2lint.engine import baseline
    from iac_ec2lint.report.escape import place

    report, today = _report(file, options)
    compared = report.baseline
    assert compared is not None  # noqa: S101 - one was given
    gone = {*compared.fixed, *compared.changed}
    kept = [entry for entry in _read(file) if entry not in gone]
    new = baseline.entries(report.findings, today)
    known = {entry.fingerprint for entry in new}
    kept = [entry for entry in kept if entry.fingerprint not in known]
    write_output(file, baseline.written([*kept, *new]))
    click.echo(
        f"{len(kept)} kept, {len(new)} new, {len(compared.fixed)} fixed and taken out of "
        f"{place(str(file))}"
    )
    _leave(report)


@command.command("show")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=NAME)
def show(file: Path) -> None:
    """List a baseline's entries."""
    _list(_read(file), "")


def _list(entries: Iterable[Entry], word: str) -> None:
    from iac_ec2lint.report.escape import place, visible  # only where a command runs

    listed = list(entries)
    for one in listed[:_SHOWN]:
        what = f"{place(one.path)}: {one.severity} {visible(one.check)} {visible(one.resource)}"
        until = f" until {visible(one.until)}" if one.until else ""
        reason = f" ({visible(one.reason)})" if one.reason else ""
        click.echo(f"{f'{word} ' if word else ''}{what}, since {visible(one.on)}{until}{reason}")
    if len(listed) > _SHOWN:
        click.echo(f"and {len(listed) - _SHOWN} more")


def _read(file: Path) -> list[Entry]:
    from iac_ec2lint.engine import baseline  # only where a command runs

    try:
        return baseline.read(read_text(file))
    except ValueError as error:
        raise click.UsageError(f"{file}: {error}") from error


def _report(file: Path | None, options: dict[str, Any]) -> tuple[Report, Any]:
    """What a scan comes to, and the day that it is judged on.

    Args:
        file: The baseline that it is compared with.
        options: What the command line gives, by the names that ``_scanning`` has.
    """
    from iac_ec2lint.answers.scan import ScanOptions, scan  # only where a command runs

    given: GivenOptions = {key: options[key] for key in _INPUTS}  # type: ignore[assignment]  # click's
    plain = ScanOptions(
        **inputs(options["paths"], given),
        select=words_in(options["select"]),
        ignore=words_in(options["ignore"]),
        settings=settings_in(options["settings"]),
        checks=options["checks"],
        baseline=None if file is None else (str(file), read_text(file)),
    )
    with usage_errors():
        chosen = configured(
            plain,
            "baseline",
            config=options["config"],
            no_config=options["no_config"],
            policy_config=options["policy_config"],
        )
        return scan(replace(chosen, baseline=plain.baseline)), chosen.today


_INPUTS = (
    *("exclude", "boundary", "read_ignored", "variables", "var_files", "parameters", "env_vars"),
    *("workspace", "region", "stdin_filename", "source_root", "module_map", "hcl_parser", "budget"),
)


def _leave(report: Report, *, failing: bool = False) -> None:
    complain(report.errors)
    raise SystemExit(INCOMPLETE if report.errors else int(failing))
