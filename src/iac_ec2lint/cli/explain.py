"""``iac-ec2lint explain CODE``: a check's documentation."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

import click

from iac_ec2lint.cli.complaints import usage_errors
from iac_ec2lint.cli.options import checks_option


@click.command("explain")
@click.argument("code")
@checks_option
def command(code: str, checks: tuple[Path, ...]) -> None:
    """Print the documentation of a check, by its CODE (SG001) or name (ssh-open-to-internet)."""
    from iac_ec2lint.answers.scan import UsageError, load_checks  # heavy; only where a command runs
    from iac_ec2lint.engine.documentation import page

    loaded, problems = load_checks(checks)
    wanted = code.lower()
    for entry in loaded:
        info = entry.info
        if wanted in {info.code.lower(), info.name}:
            click.echo(click.style(f"{info.code} {info.name}", bold=True))
            click.echo(page(info))
            return
    known = [word for e in loaded for word in (e.info.code.lower(), e.info.name)]
    near = get_close_matches(wanted, known, n=1)
    hint = (
        f"; did you mean {near[0].upper() if near[0][-1:].isdigit() else near[0]}?" if near else ""
    )
    message = f"no check is called {code!r}{hint} See 'iac-ec2lint checks'."
    with usage_errors():
        raise UsageError(message, problems)
