"""``iac-ec2lint reach``: who can reach what, by which way, or what blocks it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from iac_ec2lint.cli.complaints import Unmatched, leave, refuse_unmatched, usage_errors
from iac_ec2lint.cli.options import (
    branches_option,
    configuration_options,
    configured,
    input_options,
    inputs,
)
from iac_ec2lint.cli.terminal import shows_colour

if TYPE_CHECKING:
    from typing import Unpack

    from iac_ec2lint.answers.inputs import BranchChoice
    from iac_ec2lint.cli.options import GivenOptions
    from iac_ec2lint.network.entry.internet_paths import ClientQuery
    from iac_ec2lint.report.answers.reach_report import Reachability

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
    "-f",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="What standard output gets.",
)
@configuration_options
@branches_option
@input_options
def command(
    path: str,
    ports: tuple[str, ...],
    source: str,
    to: tuple[str, ...],
    form: str,
    branches: BranchChoice,
    config: Path | None,
    no_config: bool,
    policy_config: Path | None,
    **given: Unpack[GivenOptions],
) -> None:
    """Print who can reach the workloads and load balancers below PATH.

    For each of them: the way in, hop by hop, or all that blocks it, or what is missing to decide
    it. With --port one answer for each port, else the port ranges that are open.

    Not modelled: firewalls on hosts, whether anything listens, service control policies, DNS, the
    health of targets.
    """
    from iac_ec2lint.answers.reach import connect  # heavy; only where a command runs
    from iac_ec2lint.answers.scan import ScanOptions

    wanted = tuple(dict.fromkeys(_port(text) for text in ports))
    asked = _asked(source)
    read = ScanOptions(**inputs((path,), given), branches=branches)
    with usage_errors():
        read = configured(read, config=config, no_config=no_config, policy_config=policy_config)
        found = connect(read, wanted, to, asked)
    unmatched = None
    if found.unmatched:
        what = "no workload and no load balancer"
        unmatched = Unmatched(found.unmatched[0], found.addresses, what)
    refuse_unmatched(found.errors, unmatched)
    click.echo(_rendered(found, form, source), nl=False, color=True)
    leave(found.errors, unmatched)


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
        from iac_ec2lint.report.answers.reach_report import (
            render,  # heavy; only where a command runs
        )

        return render(found)
    from iac_ec2lint.report.answers import reach_text
    from iac_ec2lint.report.tally import stated_words

    words = "the internet" if source == "internet" else source
    text = reach_text.render(found.rows, words, colour=shows_colour())
    said = stated_words(found.stated)
    return f"{text}{said}.\n" if said else text
