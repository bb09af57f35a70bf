"""``iac-ec2lint explain CODE``: a check's documentation."""

from __future__ import annotations

import re
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
    # Zeros are what is left out most.
    whole = re.sub(r"\d+$", lambda digits: digits[0].zfill(3), wanted)
    near = [whole] if whole in known else get_close_matches(wanted, known, n=1)
    names = [one.upper() if one[-1:].isdigit() else one for one in near]
    hint = f"; did you mean {names[0]}?" if names else "."
    message = f"no check is called {code!r}{hint} See 'iac-ec2lint checks'."
    with usage_errors():
        raise UsageError(message, problems)
