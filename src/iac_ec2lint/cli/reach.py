"""``iac-ec2lint reach``: who can reach what, by which way, or what blocks it."""

from __future__ import annotations

import gc
import os
import sys
from difflib import get_close_matches
from typing import TYPE_CHECKING

import click

from iac_ec2lint.cli.options import input_options, inputs

if TYPE_CHECKING:
    from typing import Unpack

    from iac_ec2lint.cli.options import GivenOptions
    from iac_ec2lint.network.entry.internet_paths import ClientQuery
    from iac_ec2lint.report.reach_report import Reachability

_OBJECTS_BETWEEN_COLLECTIONS = 2_000_000
_EPILOG = """\b
Exit status:
  0  everything was read
  2  wrong use of the program, or an ADDRESS that names nothing
  3  something could not be read or evaluated: it is on standard error
"""


@click.command("reach", epilog=_EPILOG, context_settings={"max_content_width": 100})
@click.argument("path", metavar="PATH")
@click.option(
    "--port",
    "ports",
    multiple=True,
    metavar="PROTOCOL/PORT",
    help="Answer for this port (tcp/22, udp/53; icmp/8 is a type); may be given several times.",
)
@click.option(
    "--from",
    "source",
    default="internet",
    show_default=True,
    metavar="internet|CIDR|ADDRESS",
    help="Who wants to get in: the internet, some address of a public block, or a workload.",
)
@click.option(
    "--to",
    multiple=True,
    metavar="ADDRESS",
    help="Only this workload or load balancer; may be given several times.",
)
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
    ports: tuple[str, ...],
    source: str,
    to: tuple[str, ...],
    form: str,
    **given: Unpack[GivenOptions],
) -> None:
    """Print who can reach the workloads and load balancers below PATH.

    For each of them: the way in, hop by hop, or all that blocks it, or what is missing to decide
    it. With --port one answer for each port, else the port ranges that are open.

    Not modelled: firewalls on hosts, whether anything listens, service control policies, DNS, the
    health of targets.
    """
    from iac_ec2lint.answers.reach import connect  # heavy; only where a command runs
    from iac_ec2lint.units import Inputs, UsageError

    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    wanted = tuple(dict.fromkeys(_port(text) for text in ports))
    asked = _asked(source)
    read = Inputs(**inputs((path,), given))
    try:
        found = connect(read, wanted, to, asked)
    except UsageError as error:
        raise click.UsageError(str(error)) from error
    if found.unmatched and not found.errors:
        raise click.UsageError(_unmatched(found))
    click.echo(_rendered(found, form, source), nl=False, color=True)
    _complain(found)
    raise SystemExit(3 if found.errors else 0)


def _port(text: str) -> tuple[int, int]:
    from iac_ec2lint.network.sets.ports import ALL, ICMP, ICMPV6, TOP_PORT, parse_protocol

    name, mark, digits = text.partition("/")
    protocol = parse_protocol(name)
    top = 255 if protocol in (ICMP, ICMPV6) else TOP_PORT
    known = protocol is not None and protocol != ALL
    if not known or not mark or not (digits.isascii() and digits.isdigit()) or int(digits) > top:
        message = f"--port takes PROTOCOL/PORT such as tcp/22, udp/53 or icmp/8, not {text!r}"
        raise click.UsageError(message)
    return (protocol or 0), int(digits)


def _asked(source: str) -> ClientQuery | str:
    from iac_ec2lint.network.entry.internet_paths import INTERNET, ClientQuery
    from iac_ec2lint.network.sets.addresses import internet, parse_cidr

    if source == "internet":
        return INTERNET
    parsed = parse_cidr(source)
    if parsed is None:
        if "/" in source and source[:1].isdigit():
            raise click.UsageError(
                f"--from takes a CIDR block such as 203.0.113.0/24, not {source!r}"
            )
        return source  # the address of a workload or load balancer
    if not parsed.addresses.overlaps(internet(parsed.family)):
        message = f"--from {source} has no address of the internet; name a workload inside"
        raise click.UsageError(message)
    return ClientQuery((parsed.addresses,))


def _rendered(found: Reachability, form: str, source: str) -> str:
    if form == "json":
        from iac_ec2lint.report.reach_report import render  # heavy; only where a command runs

        return render(found.rows)
    from iac_ec2lint.report import reach_text

    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    words = "the internet" if source == "internet" else source
    return reach_text.render(found.rows, words, colour=colour)


def _complain(found: Reachability) -> None:
    """Errors on standard error, whatever the format."""
    from iac_ec2lint.report.escape import place, visible  # heavy; only where a command runs

    for error in found.errors:
        where = place(error.path, error.line, error.column)
        click.echo(f"{where}: {visible(error.message)}", err=True)
    if found.unmatched:
        click.echo(visible(_unmatched(found)), err=True)


def _unmatched(found: Reachability) -> str:
    address = found.unmatched[0]
    near = get_close_matches(address, found.addresses, n=3)
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    return f"no workload and no load balancer is called {address!r}{hint}"
