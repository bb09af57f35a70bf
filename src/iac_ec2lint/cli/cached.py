"""What a command says, kept in the cache and said again while nothing that it rests on changes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from iac_ec2lint.answers.cache import MOST_TEXT, Answer, Cache, cache_folder, key_of
from iac_ec2lint.answers.time_limit import NO_MEMORY
from iac_ec2lint.cli.terminal import columns, shows_colour
from iac_ec2lint.engine.registry import installed_folders
from iac_ec2lint.source.boundary import find_boundaries, work_tree
from iac_ec2lint.source.observed import Observed
from iac_ec2lint.source.tree import Disk, Tree
from iac_ec2lint.source.version_control import git_folder

if TYPE_CHECKING:
    from iac_ec2lint.cli.options import Arguments
    from iac_ec2lint.source.diagnostic import Diagnostic

KEPT_FROM = 0.3
"""Seconds that a scan takes from which what it says is kept: others are soon done again."""

_OF_NO_CONSEQUENCE: Final = frozenset({"jobs", "no_cache"})
"""Options of which what is said does not hang on."""
_STREAMS: Final = {"out": False, "err": True}


class CachedAnswer:
    """What one command says, and the record of that.

    Args:
        tops: What is read: no cache in it is believed.
        asked: What is asked besides the parameters of the command, and of whom.
        wanted: Whether what is said hangs on nothing else but files, and may be kept.

    Attributes:
        tree: What the command is to read files by.
    """

    def __init__(self, tops: Iterable[Path], asked: Callable[[], object], *, wanted: bool) -> None:
        self._begun = time.monotonic()
        self._said: list[tuple[str, str]] = []
        self._left = MOST_TEXT
        self._cache = _usable_cache(tops) if wanted else None
        self._key = "" if self._cache is None else _question(asked())
        self._observed = Observed(Disk())
        self.tree: Tree = Disk() if self._cache is None else self._observed

    def say_again(self, *, verbose: bool) -> int | None:
        """Say what was said before, where it would be the same now.

        Args:
            verbose: Whether to say that it is so.

        Returns:
            The exit status; ``None`` where there is nothing to say again.
        """
        answer = None if self._cache is None else self._cache.get(self._key, Disk())
        if answer is None:
            return None
        from iac_ec2lint.cli.output import write_output  # only where a file is asked for

        files: dict[str, list[str]] = {}
        for where, text in answer.said:
            if where in _STREAMS:
                self._echo(where, text)
            else:
                files.setdefault(where, []).append(text)
        for where, pieces in files.items():
            write_output(Path(where), pieces)
        if verbose:
            words = f"nothing has changed since the scan that took {answer.seconds:.1f} s"
            click.echo(f"cache: {words}", err=True)
        return answer.status

    def say(self, where: str, pieces: Iterable[str]) -> None:
        """Say something on a stream, ``out`` or ``err``."""
        for piece in self._kept(where, pieces):
            self._echo(where, piece)

    def write(self, file: Path, pieces: Iterable[str]) -> None:
        """Write a file; see ``write_output``."""
        from iac_ec2lint.cli.output import write_output  # as above

        write_output(file, self._kept(str(Path.cwd() / file), pieces))

    def keep(self, status: int, errors: Iterable[Diagnostic]) -> None:
        """Keep all that was said, where it may serve again.

        Args:
            status: The exit status.
            errors: What kept something from being evaluated.
        """
        seconds = time.monotonic() - self._begun
        if self._cache is None or seconds < KEPT_FROM or self._left < 0:
            return
        if not any(error.message == NO_MEMORY for error in errors):
            self._cache.put(self._key, self._observed, Answer(status, tuple(self._said), seconds))

    def _kept(self, where: str, pieces: Iterable[str]) -> Iterator[str]:
        for piece in pieces:
            if self._cache is not None and self._left >= 0:
                self._left -= len(piece)
                self._said.append((where, piece))
            yield piece

    @staticmethod
    def _echo(where: str, text: str) -> None:
        is_error = _STREAMS[where]
        click.echo(text, nl=False, err=is_error, color=None if is_error else True)


def _usable_cache(tops: Iterable[Path]) -> Cache | None:
    """The cache, where a record takes note of all that what is said hangs on.

    Installed packages may bring checks, which may read anything; and in what is scanned, records
    may be anybody's.
    """
    folder = cache_folder()
    if folder is None or installed_folders() != ((), ()):
        return None
    cache = Cache(folder)
    return None if cache.is_inside(tops) else cache


def _question(asked: object) -> str:
    """What is asked, by its key: see ``key_of``."""
    context = click.get_current_context()
    given = [
        (name, value)
        for name, value in sorted(context.params.items())
        if name not in _OF_NO_CONSEQUENCE
    ]
    day = date.today().isoformat()  # on which suppressions end or hold
    return key_of((context.command_path, given, asked, day, shows_colour(), columns()))


def asked_of(read: Arguments, named: Iterable[Path | None]) -> tuple[object, ...]:
    """What a scan is asked.

    Args:
        read: What is read.
        named: Files that are given by name, and read before anything else is.
    """
    paths = every_path(read)
    return (
        (paths, read["working"], read["stdin"], read["environment"]),
        [path.read_bytes() for path in named if path is not None],
        [(top, git_folder(top)) for top in find_boundaries(paths, read["working"])],
        [work_tree(path) for path in paths],
    )


def every_path(read: Arguments) -> tuple[Path, ...]:
    """See ``Inputs.every_path``."""
    stdin = read["stdin"]
    return read["paths"] if stdin is None else (*read["paths"], stdin[0])
