"""Options that several commands share, and what is made of them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar

import click

from iac_ec2lint.source.budget import STEPS
from iac_ec2lint.source.regular_expression import regular_expression

if TYPE_CHECKING:
    from iac_ec2lint.answers.scan import ScanOptions
    from iac_ec2lint.hcl.parser import ParserName

_Command = TypeVar("_Command", bound=Callable[..., Any])

checks_option = click.option(
    "--checks",
    metavar="DIR",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Load the checks in this folder too; may be given several times.",
)

settings_option = click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="CODE.NAME=VALUE",
    help="Set a parameter of a check, or of all that share it (NAME=VALUE); see 'explain CODE'.",
)

_BEFORE_TEXT = regular_expression(rb"\A(?:\s|#[^\n]*(?:\n|\Z))+")
"""Space and comments, which Terraform and YAML both may begin with."""
_OF_YAML = regular_expression(rb"---|[\"']?\w+[\"']?[ \t]*:(?:\s|\Z)")
"""What no Terraform begins with."""

_INPUT_OPTIONS = (
    click.option(
        "--exclude",
        multiple=True,
        metavar="GLOB",
        help="Leave out paths that match, in gitignore's syntax.",
    ),
    click.option(
        "--boundary",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        metavar="DIR",
        help="Read nothing outside this folder (default: the git work tree).",
    ),
    click.option(
        "--read-ignored",
        is_flag=True,
        help="Let file functions read what git ignores and does not track.",
    ),
    click.option(
        "--var",
        "variables",
        multiple=True,
        metavar="NAME=VALUE",
        help="Set a Terraform input variable.",
    ),
    click.option(
        "--var-file",
        "var_files",
        multiple=True,
        metavar="FILE",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Read Terraform input variables from a file.",
    ),
    click.option(
        "--parameters",
        "parameters",
        multiple=True,
        metavar="FILE|KEY=VALUE",
        help="Give CloudFormation parameters: a file of the AWS CLI or CodePipeline, or one value.",
    ),
    click.option("--env-vars", is_flag=True, help="Take TF_VAR_* from the environment."),
    click.option("--workspace", metavar="NAME", help="The Terraform workspace."),
    click.option("--region", metavar="NAME", help="The AWS Region, where nothing else says it."),
    click.option(
        "--stdin-filename",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="What standard input (PATH -) stands for.",
    ),
    click.option(
        "--source-root",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        metavar="DIR",
        help="The root module that plans were made from (default: beside each).",
    ),
    click.option(
        "--module-map",
        multiple=True,
        metavar="ADDRESS=FOLDER",
        help="Where the modules of a source lie that is an address, such as a repository's.",
    ),
    click.option(
        "--hcl-parser",
        type=click.Choice(("strict", "python-hcl2")),
        default="strict",
        show_default=True,
        help="What reads HCL.",
    ),
    click.option(
        "--budget",
        type=click.IntRange(1),
        default=STEPS,
        show_default=True,
        metavar="STEPS",
        help="The work that may be taken, of about 2 microseconds a step; what takes more is an"
        " error.",
    ),
)


no_cache_option = click.option(
    "--no-cache",
    is_flag=True,
    help="Do it even where nothing has changed since it was done, and keep nothing of it.",
)
strict_option = click.option(
    "--strict", is_flag=True, help="Undecided findings fail the run as well, from --fail-on on."
)
branches_option = click.option(
    "--branches",
    type=click.Choice(("default", "all")),
    default="default",
    show_default=True,
    help="Judge what defaults of variables and parameters leave in place, or also what they switch"
    " off, conditional on it.",
)


_CONFIGURATION_OPTIONS = (
    click.option(
        "--config",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        metavar="FILE",
        help="The configuration (default: .iac-ec2lint.yaml or pyproject.toml, the nearest).",
    ),
    click.option("--no-config", is_flag=True, help="Read no configuration."),
    click.option(
        "--policy-config",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        metavar="FILE",
        help="A configuration that wins over the other, and says what that may not do.",
    ),
)


def configuration_options(command: _Command) -> _Command:
    """Give a command the options that say which configuration files are read."""
    for option in reversed(_CONFIGURATION_OPTIONS):
        command = option(command)
    return command


def given_options(context: click.Context) -> frozenset[str]:
    """The names of the options that the command line or the environment gives."""
    from click.core import ParameterSource  # only where a command runs

    return frozenset(
        name
        for name in context.params
        if context.get_parameter_source(name) is not ParameterSource.DEFAULT
    )


def configured(
    options: ScanOptions,
    *given: str,
    config: Path | None,
    no_config: bool,
    policy_config: Path | None,
) -> ScanOptions:
    """What the command line gives, with what configuration files add: the same for every command.

    Args:
        options: What the command line gives.
        given: Names of options that count as given there.
        config: See ``configuration_options``, as those below.
        no_config: Whether none is read but the policy.
        policy_config: The policy.
    """
    from iac_ec2lint.answers.configuration.applying import apply  # only where a command runs
    from iac_ec2lint.answers.scan import load_checks

    return apply(
        options,
        given_options(click.get_current_context()).union(given),
        lambda: [entry.info for entry in load_checks(options.checks)[0]],
        named=config,
        policy=policy_config,
        search=not no_config,
    ).options


class GivenOptions(TypedDict):
    """What the input options are given, by parameter."""

    exclude: tuple[str, ...]
    boundary: Path | None
    read_ignored: bool
    variables: tuple[str, ...]
    var_files: tuple[Path, ...]
    parameters: tuple[str, ...]
    env_vars: bool
    workspace: str | None
    region: str | None
    stdin_filename: Path | None
    source_root: Path | None
    module_map: tuple[str, ...]
    hcl_parser: ParserName
    budget: int


class Arguments(TypedDict):
    """The same, as ``units.Inputs`` takes it."""

    paths: tuple[Path, ...]
    working: Path
    exclude: tuple[str, ...]
    boundary: Path | None
    read_ignored: bool
    variables: tuple[tuple[str, str], ...]
    var_files: tuple[Path, ...]
    parameters: tuple[str, ...]
    environment: tuple[tuple[str, str], ...]
    workspace: str | None
    region: str | None
    hcl_parser: ParserName
    stdin: tuple[Path, bytes] | None
    source_root: Path | None
    module_map: tuple[tuple[str, Path], ...]
    budget: int


def input_options(command: _Command) -> _Command:
    """Give a command the options that say what is read, and what it is evaluated with."""
    for option in reversed(_INPUT_OPTIONS):
        command = option(command)
    return command


def words_in(lists: tuple[str, ...]) -> tuple[str, ...]:
    """The words of options that take several, with commas between them."""
    return tuple(word.strip() for text in lists for word in text.split(",") if word.strip())


def settings_in(texts: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """What is set of checks' parameters: names and values, as text.

    Raises:
        click.UsageError: A text is no assignment.
    """
    found = []
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise click.UsageError(f"--set takes CODE.NAME=VALUE or NAME=VALUE, not {text!r}")
        found.append((name.strip(), value.strip()))
    return tuple(found)


def inputs(paths: tuple[str, ...], given: GivenOptions) -> Arguments:
    """What is read.

    Args:
        paths: Files and folders as written; ``-`` is standard input.
        given: What the input options are given.

    Raises:
        click.UsageError: A path or an assignment is wrong.
    """
    root = given["source_root"]
    return {
        "paths": _existing(paths),
        "working": Path.cwd(),
        "exclude": given["exclude"],
        "boundary": given["boundary"],
        "read_ignored": given["read_ignored"],
        "variables": tuple(_assignment(text) for text in given["variables"]),
        "var_files": tuple(path.absolute() for path in given["var_files"]),
        "parameters": given["parameters"],
        "environment": tuple(sorted(os.environ.items())) if given["env_vars"] else (),
        "workspace": given["workspace"],
        "region": given["region"],
        "hcl_parser": given["hcl_parser"],
        "budget": given["budget"],
        "stdin": _standard_input(paths, given["stdin_filename"]),
        "source_root": None if root is None else Path(os.path.normpath(Path.cwd() / root)),
        "module_map": tuple(_located(text) for text in given["module_map"]),
    }


def _existing(paths: tuple[str, ...]) -> tuple[Path, ...]:
    found = []
    for text in paths:
        if text == "-":
            continue
        path = Path(os.path.normpath(Path.cwd() / text))
        if not os.path.lexists(path):
            from difflib import get_close_matches  # only where something is wrong

            from iac_ec2lint.cli.main import COMMANDS

            near = get_close_matches(text, COMMANDS, n=1)
            hint = f"; did you mean the command {near[0]}?" if near else ""
            raise click.UsageError(f"there is no file or folder {text!r}{hint}")
        found.append(path)
    return tuple(found)


def _standard_input(paths: tuple[str, ...], name: Path | None) -> tuple[Path, bytes] | None:
    if "-" not in paths:
        return None
    raw = sys.stdin.buffer.read()
    if name is None:
        from iac_ec2lint.terraform.plan.file import looks_like_plan  # heavy; rarely needed

        name = Path("stdin.json") if looks_like_plan(raw[:4096]) else _guessed_name(raw)
    return Path(os.path.normpath(Path.cwd() / name)), raw


def _guessed_name(raw: bytes) -> Path:
    """A name for standard input by what it begins with: a template, or else Terraform.

    Raises:
        click.UsageError: It is JSON that may be either.
    """
    from iac_ec2lint.document.sniffing import looks_like_template  # rarely needed
    from iac_ec2lint.source.marks import plain

    head = _BEFORE_TEXT.sub(b"", plain(raw))
    if head.startswith((b"{", b"[")):
        if looks_like_template(raw):
            return Path("stdin.json")
        raise click.UsageError(
            "standard input is JSON, and neither a plan nor a template;"
            " say what it stands for, as with --stdin-filename main.tf.json"
        )
    return Path("stdin.yaml" if _OF_YAML.match(head) else "stdin.tf")


def _located(text: str) -> tuple[str, Path]:
    # The address may have an equals sign too, before a revision.
    address, mark, folder = text.rpartition("=")
    path = Path(os.path.normpath(Path.cwd() / folder))
    if not mark or not address.strip() or not path.is_dir():
        raise click.UsageError(f"--module-map takes ADDRESS=FOLDER of a folder, not {text!r}")
    return address.strip(), path


def _assignment(text: str) -> tuple[str, str]:
    name, mark, value = text.partition("=")
    if not mark or name != name.strip() or not name:
        raise click.UsageError(f"--var takes NAME=VALUE, not {text!r}")
    return name, value
