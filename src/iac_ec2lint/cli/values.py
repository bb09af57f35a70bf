"""``iac-ec2lint values``: what everything came to."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from difflib import get_close_matches
from typing import TYPE_CHECKING

import click

from iac_ec2lint.cli.options import input_options, inputs

if TYPE_CHECKING:
    from typing import Unpack

    from iac_ec2lint.cli.options import GivenOptions
    from iac_ec2lint.report.values_report import Valuation

_OBJECTS_BETWEEN_COLLECTIONS = 500_000
_WIDTH = 100  # columns, where there is no terminal
_EPILOG = """\b
Exit status:
  0  everything was read
  2  wrong use of the program, or an ADDRESS that names nothing
  3  something could not be read or evaluated: it is on standard error
"""


@click.command("values", epilog=_EPILOG, context_settings={"max_content_width": 100})
@click.argument("path", metavar="PATH")
@click.argument("addresses", nargs=-1, metavar="[ADDRESS]...")
@click.option("--all", "everything", is_flag=True, help="All arguments of all resources too.")
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="What standard output gets.",
)
@input_options
def command(
    path: str,
    addresses: tuple[str, ...],
    everything: bool,
    form: str,
    **given: Unpack[GivenOptions],
) -> None:
    """Print what everything below PATH came to, where it was written, or why it is unknown.

    Variables, local values, outputs, parameters and conditions are always evaluated, arguments of
    resources where an ADDRESS asks for them: a resource (aws_instance.web, Web), an argument or a
    part of one (aws_instance.web.metadata_options[0].http_tokens, Web.ImageId), a module or nested
    stack (module.network, Network). Text then shows what was asked for; JSON has the rest too.

    Sensitive and ephemeral values, and NoEcho parameters, are not shown, nor what is made of them.
    """
    from iac_ec2lint.answers.values import evaluate
    from iac_ec2lint.units import Inputs, UsageError  # heavy; only where a command runs

    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    read = Inputs(**inputs((path,), given))
    try:
        valuation = evaluate(read, addresses, everything=everything)
    except UsageError as error:
        raise click.UsageError(str(error)) from error
    if valuation.unmatched and not valuation.errors:
        raise click.UsageError(_unmatched(valuation))
    click.echo(_rendered(valuation, form), nl=False, color=True)
    _complain(valuation)
    raise SystemExit(3 if valuation.errors else 0)


def _rendered(valuation: Valuation, form: str) -> str:
    if form == "json":
        from iac_ec2lint.report.values_report import render  # heavy; only where a command runs

        return render(valuation.units)
    from iac_ec2lint.report import values_text

    terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if terminal else _WIDTH
    colour = terminal and not os.environ.get("NO_COLOR")
    return values_text.render(valuation.units, width=width, colour=colour)


def _complain(valuation: Valuation) -> None:
    """Errors on standard error, whatever the format."""
    from iac_ec2lint.report.escape import place, visible  # heavy; only where a command runs

    for error in valuation.errors:
        where = place(error.path, error.line, error.column)
        click.echo(f"{where}: {visible(error.message)}", err=True)
    if valuation.unmatched:
        click.echo(visible(_unmatched(valuation)), err=True)


def _unmatched(valuation: Valuation) -> str:
    address = valuation.unmatched[0]
    near = get_close_matches(address, valuation.names, n=3)
    hint = f"; did you mean {' or '.join(near)}?" if near else "; --all lists all"
    return f"nothing is called {address!r}{hint}"
