"""``iac-ec2lint ask``: what a person can say that would decide what is undecided."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from iac_ec2lint.cli.complaints import leave, usage_errors
from iac_ec2lint.cli.options import (
    branches_option,
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
    from typing import Unpack

    from iac_ec2lint.answers.inputs import BranchChoice
    from iac_ec2lint.cli.options import GivenOptions

_MOST = 5
_EPILOG = """\b
Exit status:
  0  everything was read
  2  wrong use of the program
  3  something could not be read or evaluated: it is on standard error
"""


@click.command("ask", epilog=_EPILOG, context_settings={"max_content_width": 100})
@click.argument("paths", nargs=-1, metavar="PATH...", required=True)
@click.option(
    "--format",
    "-f",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="What standard output gets; json has all questions.",
)
@click.option(
    "--most",
    type=click.IntRange(1),
    default=_MOST,
    show_default=True,
    metavar="N",
    help="How many questions text has.",
)
@click.option(
    "--select", multiple=True, metavar="WORD[,WORD]", help="Of these checks alone; as in 'scan'."
)
@click.option("--ignore", multiple=True, metavar="WORD[,WORD]", help="Not of these checks.")
@checks_option
@settings_option
@configuration_options
@branches_option
@input_options
def command(
    paths: tuple[str, ...],
    form: str,
    most: int,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    settings: tuple[str, ...],
    checks: tuple[Path, ...],
    config: Path | None,
    no_config: bool,
    policy_config: Path | None,
    branches: BranchChoice,
    **given: Unpack[GivenOptions],
) -> None:
    """Print what would decide most of what is undecided below PATH..., the most useful first.

    Each question is an input without a value: a variable or parameter, what a data source, a remote
    state or a module that is not here would give. With it stands what it decides, where, and the
    line of the configuration that takes the answer.
    """
    from iac_ec2lint.answers.scan import ScanOptions, scan
    from iac_ec2lint.report.undecided import showing  # only where a command runs
    from iac_ec2lint.report.undecided.questions import questions

    options = ScanOptions(
        **inputs(paths, given),
        select=words_in(select),
        ignore=words_in(ignore),
        settings=settings_in(settings),
        checks=checks,
        branches=branches,
        allow_empty=True,
    )
    with usage_errors():
        options = configured(
            options, config=config, no_config=no_config, policy_config=policy_config
        )
        report = scan(options)
    asked = questions(report)
    if form == "json":
        click.echo(showing.document(asked), nl=False)
    else:
        told = showing.text(asked, most, inputs_exist=bool(options.stated))
        click.echo(told, nl=False)
    leave(report.errors)
