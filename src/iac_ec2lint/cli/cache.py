"""``iac-ec2lint cache``: what is kept of earlier scans."""

from __future__ import annotations

from pathlib import Path

import click

from iac_ec2lint.answers.cache import FOLDER_VARIABLE, MOST_BYTES, Cache, cache_folder


@click.group("cache")
def command() -> None:
    """Remove what is kept of earlier scans, or say where it is.

    What scan and diff say, if it took a while, is kept in the user's cache folder, and said again
    while no file, no setting and nothing of the program has changed. --no-cache neither reads nor
    keeps anything. IAC_EC2LINT_CACHE_DIR names another folder; where it is empty, nothing is kept.
    """


def _folder() -> Path:
    folder = cache_folder()
    if folder is None:
        raise click.UsageError(f"there is no cache: {FOLDER_VARIABLE} is empty")
    return folder


@command.command("clear")
def clear() -> None:
    """Remove all of it."""
    try:
        found = Cache(_folder()).clear()
    except OSError as error:
        message = f"{error.filename} cannot be removed: {error.strerror}"
        raise click.UsageError(message) from error
    scans = "1 scan" if found.records == 1 else f"{found.records} scans"
    click.echo(f"{scans} removed, {found.size:,} bytes")


@command.command("folder")
def folder() -> None:
    """Print where it is."""
    click.echo(_folder())
    click.echo(f"at most {MOST_BYTES:,} bytes; what was used longest ago leaves first", err=True)
