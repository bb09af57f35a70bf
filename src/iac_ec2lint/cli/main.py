"""The program: finds the command and runs it; what is no command's name is a path to scan."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from iac_ec2lint import __version__
from iac_ec2lint.cli.complaints import INCOMPLETE
from iac_ec2lint.source.collection import collect_no_more, collect_rarely, collection_paused

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMANDS = {
    "scan": "Check Terraform and CloudFormation (the command that is meant where none is named).",
    "values": "Print what everything came to: variables, outputs, arguments, conditions.",
    "reach": "Print who can reach what, by which way, or what blocks it.",
    "cut": "Say which few changes break all attack paths.",
    "graph": "Draw what there is, and what of it the internet reaches.",
    "checks": "List the checks.",
    "explain": "Print a check's documentation.",
    "diff": "Say what a change of the repository introduces, fixes and hides.",
    "ask": "Print which answers of yours would decide most of what is undecided.",
    "baseline": "Keep what is known in a file, so that only what is new is dealt with.",
    "config": "Print the configuration in effect, one to begin with, or its schema.",
    "cache": "Remove what is kept of earlier scans, or say where it is.",
}
"""Each command and its line of help; ``command`` in the module of its name is the command."""


def _is_anywhere() -> bool:
    """Whether the working folder still exists."""
    try:
        os.getcwd()  # noqa: PTH109 - Path.cwd() is the same call
    except FileNotFoundError:
        return False
    return True


@contextmanager
def _told_in_one_line() -> Iterator[None]:
    """What this machine lacks for a command, in place of a traceback: such a run is incomplete."""
    try:
        yield
    except MemoryError:
        words = "there is not enough memory; scan fewer folders at once, or with --jobs 1"
    except OSError as error:
        if error.filename is not None:
            raise
        words = f"the output cannot be written: {error.strerror or error}"
        if not _is_anywhere():
            words = "the working folder is not there any more"
        with suppress(OSError, ValueError):  # else what is left is written again on leaving
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    else:
        return
    with suppress(OSError):
        click.echo(f"iac-ec2lint: {words}", err=True)
    raise SystemExit(INCOMPLETE)


class Program(click.Group):
    """A group of commands that are imported when they are run."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """As in any group; a page of help may be what cannot be written."""
        with _told_in_one_line():
            return super().make_context(info_name, args, parent, **extra)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """All commands, the main one first."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """The command of a name, or ``None``."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"iac_ec2lint.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """The commands, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; what it refuses is told in one line that a log only shows."""
        try:
            with _told_in_one_line():
                return super().invoke(ctx)
        except click.UsageError as error:
            # Only where something is refused.
            from iac_ec2lint.cli.complaints import INCOMPLETE, MayNotBeWrong
            from iac_ec2lint.report.escape import visible

            kind = MayNotBeWrong if error.exit_code == INCOMPLETE else click.UsageError
            raise kind(visible(error.format_message()), error.ctx) from error

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``scan`` before arguments that begin with no command and no option of the program."""
        if args and args[0] not in {*COMMANDS, "--help", "-h", "--version"}:
            args = ["scan", *args]
        return super().parse_args(ctx, args)


@click.group(
    cls=Program,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="A command's name wins over a folder's: ./checks is the folder.",
)
@click.version_option(__version__, prog_name="iac-ec2lint", message="%(prog)s %(version)s")
def program() -> None:
    """Check the EC2 resources that Terraform and CloudFormation declare.

    iac-ec2lint PATH... is the same as iac-ec2lint scan PATH...
    """


def _open_closed_streams() -> None:
    """Put something in the place of standard streams that are closed, which Python has as None.

    Else the next file that is opened would get the number of one, and what is written there. Input
    has nothing then, errors go nowhere, and output cannot be written, as where a disk is full.
    """
    streams = (("stdin", os.O_RDONLY), ("stdout", os.O_RDONLY), ("stderr", os.O_WRONLY))
    for number, (name, flags) in enumerate(streams):
        if getattr(sys, name) is None:
            opened = os.open(os.devnull, flags)
            os.dup2(opened, number)
            if opened != number:
                os.close(opened)
            mode = "w" if number else "r"
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115 - for as long as it runs


def main() -> None:
    """Run the program and leave with its exit status."""
    _open_closed_streams()
    collect_rarely()
    with collection_paused():  # but between units
        try:
            program(prog_name="iac-ec2lint")
        finally:
            collect_no_more()
