"""Writing output to files: the one place, for every command.

What is scanned may hold a link with the name of an output, so none in it is followed.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path

import click

from iac_ec2lint.source.boundary import work_tree


def write_output(target: Path, text: str | Iterable[str]) -> None:
    """Write a file: a new one beside it takes its place, so that it is whole or as it was.

    Devices and pipes, and files that are neither in a work tree nor below the working folder, are
    written in place.

    Args:
        target: The file.
        text: Its text, or that in pieces.

    Raises:
        click.UsageError: It cannot be written, or a link leads to it; see ``_trusted``.
    """
    pieces = (piece.encode("utf-8") for piece in ((text,) if isinstance(text, str) else text))
    try:
        place, ours = _trusted(target)
        if ours:
            _replace(place, pieces)
        else:
            with place.open("wb") as file:
                file.writelines(pieces)
    except OSError as error:
        raise click.UsageError(f"{target} cannot be written: {error.strerror}") from error


def append_output(target: Path, text: str) -> None:
    """Add to the end of a file, under the same rules for links.

    Raises:
        click.UsageError: It cannot be written, or a link leads to it.
    """
    try:
        place, _ = _trusted(target)
        with place.open("ab") as file:
            file.write(text.encode("utf-8"))
    except OSError as error:
        raise click.UsageError(f"{target} cannot be written: {error.strerror}") from error


def _trusted(target: Path) -> tuple[Path, bool]:
    """The absolute path of a target, and whether a new file is to take its place.

    Raises:
        click.UsageError: It is a link, or a folder on the way to it is one, inside a work tree or
            below the working folder.
    """
    working = Path.cwd()
    written = Path(os.path.normpath(working / target))
    # A link outside a work tree may lead into one.
    real = Path(os.path.realpath(written.parent)) / written.name
    is_ours = False
    for path in (written, real):
        top = work_tree(path)
        if top is None and path.is_relative_to(working):
            top = working
        if top is None:
            continue
        is_ours = True
        for above in (*reversed(path.parents), path):
            if top in above.parents and above.is_symlink():
                name = os.path.relpath(above, working)
                raise click.UsageError(f"{target} is not written: {name} is a link")
    try:
        mode = written.lstat().st_mode
    except FileNotFoundError:
        return written, is_ours
    return written, is_ours and stat.S_ISREG(mode)


def _replace(target: Path, pieces: Iterable[bytes]) -> None:
    new = target.with_name(f".iac-ec2lint-{os.urandom(8).hex()}")
    try:
        with new.open("xb") as file:
            file.writelines(pieces)
        if target.exists():
            new.chmod(stat.S_IMODE(target.stat().st_mode))
        new.replace(target)
    finally:
        new.unlink(missing_ok=True)
