"""``iac-ec2lint checks``: the list of checks, and the tests of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from iac_ec2lint.cli.complaints import INCOMPLETE, complain
from iac_ec2lint.cli.options import checks_option

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iac_ec2lint.engine.finding import CheckInfo


@click.group("checks", invoke_without_command=True)
@click.option(
    "--format",
    "-f",
    "form",
    type=click.Choice(("text", "json", "markdown")),
    default="text",
    show_default=True,
    help="json has all that each check declares.",
)
@click.option(
    "--peer",
    metavar="PROGRAM",
    help="List another program's checks (checkov, trivy, ...), and which check stands for each.",
)
@checks_option
@click.pass_context
def command(context: click.Context, form: str, peer: str | None, checks: tuple[Path, ...]) -> None:
    """List the checks: code, severity, name and what each finds; those that are off say so."""
    if context.invoked_subcommand is not None:
        return
    from iac_ec2lint.answers.scan import load_checks  # heavy; only where a command runs

    loaded, problems = load_checks(checks)
    complain(problems)
    infos = [entry.info for entry in loaded]
    click.echo(_listed(infos, form) if peer is None else _of_peer(infos, form, peer), nl=False)
    if problems:
        raise SystemExit(INCOMPLETE)


@command.command("test")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def test(folder: Path) -> None:
    """Test the checks in FOLDER: the examples that they document, and FOLDER/fixtures/CODE/.

    An example under "Fails" must fail, one under "Passes" must not. In fixtures a comment
    "# expect: CODE" stands at each line where a finding must begin. Exits with 1 where something is
    not as it should be.
    """
    from iac_ec2lint.answers.check_tests.running import checks_in, outcomes  # heavy, as above
    from iac_ec2lint.report.escape import visible

    infos, problems = checks_in(folder)
    complain(problems)
    if not infos and not problems:
        raise click.UsageError(f"there is no check in {folder}")
    failed = total = 0
    for outcome in outcomes(folder, infos):
        total += 1
        failed += bool(outcome.wrong)
        mark = "wrong" if outcome.wrong else "ok"
        click.echo(f"{mark:6}{visible(outcome.code)} {visible(outcome.name)}")
        for line in outcome.wrong:
            click.echo(f"{'':6}  {visible(line)}")
    click.echo(f"{total} tests of {len(infos)} checks, {failed} wrong")
    if problems:
        raise SystemExit(INCOMPLETE)
    if failed:
        raise SystemExit(1)


def _listed(infos: Sequence[CheckInfo], form: str) -> str:
    from iac_ec2lint.engine.documentation import as_data, index
    from iac_ec2lint.report.serialisation import serialise

    if form == "json":
        return serialise({"version": 1, "checks": [as_data(info) for info in infos]})
    if form == "markdown":
        return index(infos)
    return "".join(f"{line}\n" for line in _text(infos))


def _text(infos: Sequence[CheckInfo]) -> Iterator[str]:
    width = max((len(info.name) for info in infos), default=0)
    by_topic: dict[str, list[CheckInfo]] = {}
    for info in infos:
        by_topic.setdefault(info.topic, []).append(info)
    for topic, members in sorted(by_topic.items()):
        yield click.style(f"{topic} ({len(members)})", bold=True)
        for info in members:
            off = "" if info.default else "  (off by default)"
            yield f"  {info.code:8} {info.severity:8} {info.name:{width}}  {info.summary}{off}"
    resting = sum(not info.default for info in infos)
    yield f"{len(infos)} checks, {resting} of them off by default"


def _of_peer(infos: Sequence[CheckInfo], form: str, peer: str) -> str:
    from iac_ec2lint.engine.check import did_you_mean
    from iac_ec2lint.engine.documentation import checks_for
    from iac_ec2lint.report.serialisation import serialise

    known = sorted({name for info in infos for name in info.peers})
    if peer.lower() not in known:
        hint = did_you_mean(peer, known) or f"there are {', '.join(known)}"
        raise click.UsageError(f"no program is called {peer!r} here; {hint}")
    theirs = checks_for(infos, peer.lower())
    if form == "json":
        codes = {name: [one.code for one in ours] for name, ours in theirs.items()}
        return serialise({"version": 1, "peer": peer.lower(), "checks": codes})
    if form == "markdown":
        rows = [f"| `{n}` | {', '.join(_cell(i) for i in ours)} |" for n, ours in theirs.items()]
        return "\n".join([f"| {peer.lower()} | here |", "| --- | --- |", *rows, ""])
    width = max(map(len, theirs), default=0)
    return "".join(
        f"{name:{width}}  {', '.join(f'{one.code} {one.name}' for one in ours)}\n"
        for name, ours in theirs.items()
    )


def _cell(info: CheckInfo) -> str:
    return f"[{info.code}]({info.url}) {info.name}" if info.url else f"{info.code} {info.name}"
