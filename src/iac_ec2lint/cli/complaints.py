"""What a command says on standard error, and the exit status that goes with it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, NoReturn

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from iac_ec2lint.source.diagnostic import Diagnostic

INCOMPLETE = 3
"""The exit status where something could not be read, loaded or evaluated."""


class Unmatched(NamedTuple):
    """An address that was asked for and names nothing.

    Attributes:
        address: The address.
        known: What could have been asked for.
        what: What it names nothing of: ``nothing``, ``no workload``.
        hint: What to do where no known address is like it.
        off: That it is switched off, and why.
    """

    address: str
    known: Sequence[str]
    what: str = "nothing"
    hint: str = ""
    off: str = ""

    def __str__(self) -> str:
        if self.off:
            return self.off
        from difflib import get_close_matches  # rarely needed

        near = get_close_matches(self.address, self.known, n=3)
        hint = f"; did you mean {' or '.join(near)}?" if near else self.hint
        return f"{self.what} is called {self.address!r}{hint}"


def complaints(errors: Iterable[Diagnostic]) -> Iterator[str]:
    """What kept something from being read, loaded or evaluated: a line each."""
    from iac_ec2lint.report.escape import place, visible  # heavy; only where a command runs

    for error in errors:
        where = place(error.path, error.line, error.column)
        yield f"{where}: {visible(error.message)}\n"


def complain(errors: Iterable[Diagnostic]) -> None:
    """Say what kept something from being read, loaded or evaluated."""
    for line in complaints(errors):
        click.echo(line, nl=False, err=True)


def read_text(file: Path) -> str:
    """The text of a baseline that is given by name.

    Raises:
        click.UsageError: It cannot be read.
    """
    from iac_ec2lint.source import limits  # only where a command reads one
    from iac_ec2lint.source.tree import read_named

    try:
        return read_named(file, limits.BASELINE_BYTES).decode("utf-8")
    except FileNotFoundError as error:
        written = f"`iac-ec2lint baseline write --baseline {file} PATH...` writes one"
        raise click.UsageError(f"there is no baseline {str(file)!r}; {written}") from error
    except (OSError, UnicodeDecodeError) as error:
        words = getattr(error, "strerror", None) or str(error)
        raise click.UsageError(f"{file} cannot be read: {words}") from error


class MayNotBeWrong(click.UsageError):
    """What is asked for is not there, and may be in what could not be read."""

    exit_code = INCOMPLETE


@contextmanager
def usage_errors() -> Iterator[None]:
    """A wrong use that is found out while a command works, as click tells it.

    Checks that could not be loaded are told first: what is asked for may be one of them, so the
    exit status is then that of an incomplete run.
    """
    from iac_ec2lint.answers.inputs import UsageError  # heavy; only where a command runs

    try:
        yield
    except UsageError as error:
        complain(error.problems)
        refused = MayNotBeWrong if error.problems else click.UsageError
        raise refused(str(error)) from error


def refuse_unmatched(errors: Sequence[Diagnostic], unmatched: Unmatched | None) -> None:
    """Refuse an address that names nothing, where all was read that it could name.

    Raises:
        click.UsageError: There is such an address, and nothing that could not be read.
    """
    if unmatched is not None and not errors:
        raise click.UsageError(str(unmatched))


def leave(errors: Sequence[Diagnostic], unmatched: Unmatched | None = None) -> NoReturn:
    """End a command that has printed its answer: say what is missing from it.

    Args:
        errors: What kept something from being read or evaluated.
        unmatched: An address that names nothing of what was read.
    """
    from iac_ec2lint.report.escape import visible  # heavy; only where a command runs

    complain(errors)
    if unmatched is not None:
        click.echo(visible(str(unmatched)), err=True)
    raise SystemExit(INCOMPLETE if errors else 0)
