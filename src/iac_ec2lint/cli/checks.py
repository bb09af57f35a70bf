"""``iac-ec2lint checks``: the list of checks."""

from __future__ import annotations

from pathlib import Path

import click

from iac_ec2lint.cli.complaints import INCOMPLETE, complain
from iac_ec2lint.cli.options import checks_option


@click.command("checks")
@checks_option
def command(checks: tuple[Path, ...]) -> None:
    """List the checks: code, severity, name and what each finds; those that are off say so."""
    from iac_ec2lint.answers.scan import load_checks  # heavy; only where a command runs

    loaded, problems = load_checks(checks)
    complain(problems)
    width = max((len(entry.info.name) for entry in loaded), default=0)
    topic = ""
    for info in sorted((e.info for e in loaded), key=lambda i: (i.topic, i.code)):
        if info.topic != topic:
            topic = info.topic
            click.echo(click.style(topic, bold=True))
        off = "" if info.default else "  (off by default)"
        click.echo(f"  {info.code:8} {info.severity:8} {info.name:{width}}  {info.summary}{off}")
    if problems:
        raise SystemExit(INCOMPLETE)
