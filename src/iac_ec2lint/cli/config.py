"""``iac-ec2lint config``: the configuration in effect, one to begin with, and its schema."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from iac_ec2lint.cli.complaints import INCOMPLETE, complain, usage_errors
from iac_ec2lint.cli.options import checks_option, configuration_options

if TYPE_CHECKING:
    from iac_ec2lint.answers.scan import ScanOptions


@click.group("config", invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """Print the configuration in effect (show), one to begin with (init), or its schema."""
    if context.invoked_subcommand is None:
        context.invoke(show)


@command.command("show")
@click.argument("path", default=".", type=click.Path(exists=True, path_type=Path))
@checks_option
@configuration_options
def show(
    path: Path = Path(),
    checks: tuple[Path, ...] = (),
    config: Path | None = None,
    no_config: bool = False,
    policy_config: Path | None = None,
) -> None:
    """Print what a scan of PATH is told, and where each value comes from."""
    from iac_ec2lint.answers.configuration.applying import apply  # only where a command runs
    from iac_ec2lint.answers.configuration.showing import effective_text
    from iac_ec2lint.answers.scan import load_checks

    loaded, problems = load_checks(checks)
    infos = [entry.info for entry in loaded]
    with usage_errors():
        effective = apply(
            _options(path),
            frozenset(),
            lambda: infos,
            named=config,
            policy=policy_config,
            search=not no_config,
        )
    click.echo(effective_text(effective, infos), nl=False)
    errors = (*problems, *effective.options.configuration_errors)
    complain(errors)
    if errors:
        raise SystemExit(INCOMPLETE)


@command.command("init")
@click.argument("path", default=".", type=click.Path(exists=True, path_type=Path))
def init(path: Path) -> None:
    """Print a configuration to begin with, made from what is seen below PATH.

    iac-ec2lint config init > .iac-ec2lint.yaml
    """
    from iac_ec2lint.answers.configuration.showing import first_text  # only where a command runs
    from iac_ec2lint.answers.scan import Scan
    from iac_ec2lint.cli.baseline import NAME

    with usage_errors():
        current = Scan(_options(path))
        report = current.run(None, lambda done, total: None)  # noqa: ARG005 - the same signature
        jobs = current.survey.finder.units(current.survey.finder.find())
    display = current.files.display
    roots = [display(job.path) for job in jobs if job.kind == "root-module"]
    templates = [display(job.path) for job in jobs if job.kind == "stack"]
    text = first_text(
        report,
        sorted(dict.fromkeys(roots)),
        sorted(templates),
        baseline=NAME.name,
        is_there=current.files.is_file(Path.cwd() / NAME),
    )
    click.echo(text, nl=False)


@command.command("schema")
@checks_option
def schema_(checks: tuple[Path, ...]) -> None:
    """Print the JSON Schema of configuration files, for editors."""
    from iac_ec2lint.answers.configuration.schema import schema  # only where a command runs
    from iac_ec2lint.answers.scan import load_checks
    from iac_ec2lint.report.serialisation import serialise

    click.echo(serialise(schema([entry.info for entry in load_checks(checks)[0]])), nl=False)


def _options(path: Path) -> ScanOptions:
    from iac_ec2lint.answers.scan import ScanOptions

    return ScanOptions(paths=(path.absolute(),), allow_empty=True)
