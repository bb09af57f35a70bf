"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

checks_option = click.option(
    "--checks",
    metavar="DIR",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Load the checks in this folder too; may be given several times.",
)
