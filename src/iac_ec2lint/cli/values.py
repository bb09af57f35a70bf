"""``iac-ec2lint values``: what everything came to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from iac_ec2lint.cli.complaints import Unmatched, leave, refuse_unmatched, usage_errors
from iac_ec2lint.cli.options import configuration_options, configured, input_options, inputs
from iac_ec2lint.cli.terminal import columns, shows_colour

if TYPE_CHECKING:
    from typing import Unpack

    from iac_ec2lint.cli.options import GivenOptions
    from iac_ec2lint.report.answers.values_report import Valuation

_EPILOG = """\b
Exit status:
  0  everything was read
  2  wrong use of the program, or an ADDRESS that names nothing or what is switched off
  3  something could not be read or evaluated: it is on standard error
"""


@click.command("values", epilog=_EPILOG, context_settings={"max_content_width": 100})
@click.argument("path", metavar="PATH")
@click.argument("addresses", nargs=-1, metavar="[ADDRESS]...")
@click.option("--all", "everything", is_flag=True, help="All arguments of all resources too.")
@click.option(
    "--format",
    "-f",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="What standard output gets.",
)
@configuration_options
@input_options
def command(
    path: str,
    addresses: tuple[str, ...],
    everything: bool,
    form: str,
    config: Path | None,
    no_config: bool,
    policy_config: Path | None,
    **given: Unpack[GivenOptions],
) -> None:
    """Print what everything below PATH came to, where it was written, or why it is unknown.

    Variables, local values, outputs, parameters and conditions are always evaluated, arguments of
    resources where an ADDRESS asks for them: a resource (aws_instance.web, Web), an argument or a
    part of one (aws_instance.web.metadata_options[0].http_tokens, Web.ImageId), a module or nested
    stack (module.network, Network). Text then shows what was asked for; JSON has the rest too.

    Sensitive and ephemeral values, and NoEcho parameters, are not shown, nor what is made of them.
    """
    from iac_ec2lint.answers.scan import ScanOptions  # heavy; only where a command runs
    from iac_ec2lint.answers.values import evaluate

    read = ScanOptions(**inputs((path,), given))
    with usage_errors():
        read = configured(read, config=config, no_config=no_config, policy_config=policy_config)
        valuation = evaluate(read, addresses, everything=everything)
    unmatched = None
    if valuation.unmatched:
        address, off = next(iter(valuation.unmatched.items()))
        unmatched = Unmatched(address, valuation.names, hint="; --all lists all", off=off)
    refuse_unmatched(valuation.errors, unmatched)
    click.echo(_rendered(valuation, form), nl=False, color=True)
    leave(valuation.errors, unmatched)


def _rendered(valuation: Valuation, form: str) -> str:
    if form == "json":
        from iac_ec2lint.report.answers.values_report import (
            render,  # heavy; only where a command runs
        )

        return render(valuation)
    from iac_ec2lint.report.answers import values_text
    from iac_ec2lint.report.tally import stated_words

    text = values_text.render(valuation.units, width=columns(), colour=shows_colour())
    said = stated_words(valuation.stated)
    return f"{text}\n{said}\n" if said else text
