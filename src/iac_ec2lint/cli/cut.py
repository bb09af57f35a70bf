"""``iac-ec2lint cut``: the fewest changes that break all attack paths."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from iac_ec2lint.cli.complaints import leave, usage_errors
from iac_ec2lint.cli.options import (
    checks_option,
    configuration_options,
    configured,
    input_options,
    inputs,
)

if TYPE_CHECKING:
    from typing import Unpack

    from iac_ec2lint.cli.options import GivenOptions

_EPILOG = """\b
Exit status:
  0  everything was read
  2  wrong use of the program
  3  something could not be read or evaluated: it is on standard error
"""


@click.command("cut", epilog=_EPILOG, context_settings={"max_content_width": 100})
@click.argument("path", metavar="PATH")
@click.option(
    "--severity",
    type=click.Choice(("critical", "high", "medium", "low")),
    default="high",
    show_default=True,
    help="Break the paths of this severity and above.",
)
@click.option(
    "--format",
    "-f",
    "form",
    type=click.Choice(("text", "json", "markdown")),
    default="text",
    show_default=True,
    help="What standard output gets.",
)
@click.option(
    "--wide",
    is_flag=True,
    help="Let changes that take a whole subnet, or all behind a load balancer, off the internet"
    " count like others; else only where nothing else breaks a path.",
)
@checks_option
@configuration_options
@input_options
def command(
    path: str,
    severity: str,
    form: str,
    wide: bool,
    checks: tuple[Path, ...],
    config: Path | None,
    no_config: bool,
    policy_config: Path | None,
    **given: Unpack[GivenOptions],
) -> None:
    """Print the fewest changes that break all proven attack paths below PATH.

    A change is one place: a rule that admits less, a statement that allows less, a setting. Each is
    tried in memory in its plainest form, and the whole is analysed again; no file is written. Up to
    15 changes are searched in full; beyond that what is told may be more than is needed.
    """
    from iac_ec2lint.answers.cutting.cut import cut  # heavy; only where a command runs
    from iac_ec2lint.answers.scan import ScanOptions
    from iac_ec2lint.engine.finding import Severity
    from iac_ec2lint.report.answers import cut_report

    read = ScanOptions(**inputs((path,), given), checks=checks)
    with usage_errors():
        read = configured(read, config=config, no_config=no_config, policy_config=policy_config)
        found = cut(read, Severity(severity), checks, wide=wide)
    render = {
        "text": cut_report.render_text,
        "json": cut_report.render_json,
        "markdown": cut_report.render_markdown,
    }[form]
    click.echo(render(found, severity), nl=False)
    leave(found.errors, None)
