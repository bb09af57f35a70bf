"""``iac-ec2lint graph``: the graph, or what one resource or one finding touches, as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from iac_ec2lint.cli.complaints import Unmatched, leave, refuse_unmatched, usage_errors
from iac_ec2lint.cli.options import (
    checks_option,
    configuration_options,
    configured,
    input_options,
    inputs,
    settings_in,
    settings_option,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Unpack

    from iac_ec2lint.answers.drawing.model import Drawn
    from iac_ec2lint.answers.inputs import Inputs
    from iac_ec2lint.answers.scan import ScanOptions
    from iac_ec2lint.cli.options import GivenOptions
    from iac_ec2lint.engine.finding import Finding
    from iac_ec2lint.engine.report import Report
    from iac_ec2lint.source.span import Span

_FORMATS = ("mermaid", "dot", "graphml", "json", "svg")
_ENDINGS = {
    ".dot": "dot",
    ".graphml": "graphml",
    ".gv": "dot",
    ".htm": "svg",
    ".html": "svg",
    ".json": "json",
    ".markdown": "mermaid",
    ".md": "mermaid",
    ".mermaid": "mermaid",
    ".mmd": "mermaid",
    ".svg": "svg",
}
_FENCED = frozenset({".markdown", ".md"})
_PAGES = frozenset({".htm", ".html"})
_OF_ATTACKS = ("svg", "json", "graphml")
_CAPPED = frozenset({"mermaid", "svg"})
_MOST = 150
_WITHOUT_BOUND = 10**9
_SHORTEST = 8
"""The characters of a fingerprint that are enough."""

_EPILOG = """\b
Exit status:
  0  everything was read
  2  wrong use of the program, or an ADDRESS or finding that names nothing
  3  something could not be read or evaluated: it is on standard error
"""


@click.command("graph", epilog=_EPILOG, context_settings={"max_content_width": 100})
@click.argument("path", metavar="PATH")
@click.option(
    "--format",
    "-f",
    "form",
    type=click.Choice(_FORMATS),
    help="The format; by default what FILE's ending says, else mermaid.",
)
@click.option(
    "--output",
    "-o",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write this file in place of standard output.",
)
@click.option(
    "--around",
    multiple=True,
    metavar="ADDRESS",
    help="Only this resource and what lies around it; may be given several times.",
)
@click.option(
    "--depth",
    type=click.IntRange(0),
    metavar="N",
    help="How many references away things still count (default: 1 from an ADDRESS, 0 from a"
    " finding).",
)
@click.option(
    "--finding",
    "findings",
    multiple=True,
    metavar="FINGERPRINT|CODE",
    help="Only what this finding touches, or the findings of this check; may be given several"
    " times.",
)
@click.option(
    "--attack",
    is_flag=True,
    help="What leads from outside to what is privileged or sensitive, hop by hop (svg, json,"
    " graphml).",
)
@checks_option
@settings_option
@configuration_options
@input_options
def command(
    path: str,
    form: str | None,
    output: Path | None,
    around: tuple[str, ...],
    depth: int | None,
    findings: tuple[str, ...],
    attack: bool,
    checks: tuple[Path, ...],
    settings: tuple[str, ...],
    config: Path | None,
    no_config: bool,
    policy_config: Path | None,
    **given: Unpack[GivenOptions],
) -> None:
    """Draw the graph of what lies below PATH, and what of it the internet reaches.

    Pictures (mermaid, dot, svg) show gateways, load balancers, subnets with what runs in them,
    security groups and roles, and say what they leave out: mermaid and svg have at most 150 nodes.
    The data (json, graphml) has every resource, every reference and every verdict.
    """
    from iac_ec2lint.answers.graph import PictureRequest, draw  # heavy; only where a command runs
    from iac_ec2lint.answers.scan import ScanOptions

    if attack and (around or findings or depth is not None):
        raise click.UsageError("--attack takes no --around, --finding or --depth")
    read = ScanOptions(**inputs((path,), given), checks=checks, settings=settings_in(settings))
    with usage_errors():
        read = configured(read, config=config, no_config=no_config, policy_config=policy_config)
    if attack:
        _draw_attacks(read, form, output)
        return
    form = form or _form_of(output)
    cap = _MOST if form in _CAPPED else _WITHOUT_BOUND
    with usage_errors():
        report = _scan(read, findings) if findings else None
        found = None if report is None else _found(report, findings)
        drawn = draw(read, PictureRequest(around, found, depth, cap))
    if report is not None:
        # A check that failed may have kept a finding from being there.
        drawn = drawn._replace(errors=tuple(sorted({*drawn.errors, *report.errors})))
    unmatched = Unmatched(drawn.unmatched[0], drawn.addresses) if drawn.unmatched else None
    refuse_unmatched(drawn.errors, unmatched)
    _write(_wrapped(_rendered(drawn, form), form, output), output)
    if form not in ("json", "graphml"):
        _say_what_is_left_out(drawn)
    _say_what_is_stated(drawn.stated)
    leave(drawn.errors, unmatched)


def _draw_attacks(read: Inputs, form: str | None, output: Path | None) -> None:
    """Write the attack graph; SVG where nothing says what."""
    form = form or ("svg" if output is None else _form_of(output))
    if form not in _OF_ATTACKS:
        raise click.UsageError(f"--attack is written as {', '.join(_OF_ATTACKS)}, not as {form}")
    # Heavy; only where a command runs.
    from iac_ec2lint.answers.attack_picture import svg
    from iac_ec2lint.answers.attack_picture.collecting import draw_attacks
    from iac_ec2lint.answers.drawing import graph_json, graphml

    with usage_errors():
        drawn = draw_attacks(read, _MOST)
    if form == "svg":
        text = svg.render(drawn.pictures, whole=not drawn.errors)
    else:
        sections, stated = drawn.sections, drawn.stated
        as_json = form == "json"
        text = graph_json.render(sections, stated) if as_json else graphml.render(sections)
    _write(_wrapped(text, form, output), output)
    _say_what_is_stated(drawn.stated)
    leave(drawn.errors, None)


def _form_of(output: Path | None) -> str:
    """The format that a file's ending means; Mermaid for standard output.

    Raises:
        click.UsageError: It means none.
    """
    if output is None:
        return "mermaid"
    form = _ENDINGS.get(output.suffix.lower())
    if form is None:
        known = ", ".join(sorted(_ENDINGS))
        raise click.UsageError(f"{output.name!r} does not say its format; it may end in {known}")
    return form


def _wrapped(text: str, form: str, output: Path | None) -> str:
    """A picture as the kind of file shows it: fenced in Markdown, on a page of HTML."""
    ending = "" if output is None else output.suffix.lower()
    if form == "mermaid" and ending in _FENCED:
        return f"```mermaid\n{text}```\n"
    if form == "svg" and ending in _PAGES:
        return (
            '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>iac-ec2lint graph'
            f"</title>\n<body>\n{text}</body>\n</html>\n"
        )
    return text


def _scan(read: ScanOptions, wanted: tuple[str, ...]) -> Report:
    """A scan with the checks that are asked for: with all of them where a fingerprint is."""
    from dataclasses import replace  # only where asked for

    from iac_ec2lint.answers.scan import load_checks, scan

    loaded, _ = load_checks(read.checks)
    words = {w.lower() for entry in loaded for w in (entry.info.code, entry.info.name)}
    known = all(word.lower() in words for word in wanted)
    every = tuple(entry.info.code for entry in loaded)
    select = wanted if known else every
    return scan(replace(read, select=select, ignore=(), compliance=()))


def _found(report: Report, wanted: tuple[str, ...]) -> tuple[Finding, ...]:
    """The findings that are asked for.

    Raises:
        UsageError: One of the words means no check and no finding.
    """
    from iac_ec2lint.answers.inputs import UsageError  # heavy; only where a command runs

    checks = {w.lower() for info in report.checks for w in (info.code, info.name)}
    found: list[Finding] = []
    for word in (text.lower() for text in wanted):
        meant = [
            finding
            for finding in report.findings
            if word in (finding.check.code.lower(), finding.check.name)
            or any(
                word == one or (len(word) >= _SHORTEST and one.startswith(word))
                for one in (finding.fingerprint, *(s.fingerprint for s in finding.subjects))
            )
        ]
        if not meant and word not in checks:
            message = f"no check and no finding's fingerprint is {word!r}"
            raise UsageError(message, report.errors)
        if not meant:
            click.echo(f"there is no finding of {word.upper()}", err=True)
        found += meant
    return tuple(found)


def _rendered(drawn: Drawn, form: str) -> str:
    # One of them; imported where a command runs.
    if form == "json":
        from iac_ec2lint.answers.drawing import graph_json

        return graph_json.render(drawn.sections, drawn.stated)
    if form == "graphml":
        from iac_ec2lint.answers.drawing import graphml

        return graphml.render(drawn.sections)
    if form == "dot":
        from iac_ec2lint.answers.drawing import dot

        return dot.render(drawn.pictures)
    if form == "svg":
        from iac_ec2lint.answers.drawing import svg

        return svg.render(drawn.pictures)
    from iac_ec2lint.answers.drawing import mermaid

    return mermaid.render(drawn.pictures)


def _write(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text.encode("utf-8"), nl=False)
        return
    from iac_ec2lint.cli.output import write_output  # only where a file is asked for

    write_output(output, text)


def _say_what_is_left_out(drawn: Drawn) -> None:
    """What pictures leave out, on standard error."""
    from iac_ec2lint.answers.drawing.legend import omitted  # heavy; only where a command runs
    from iac_ec2lint.report.escape import place

    for picture in drawn.pictures:
        if words := omitted(picture):
            click.echo(f"{place(picture.title)}: {words}", err=True)


def _say_what_is_stated(stated: Sequence[tuple[str, Span]]) -> None:
    """What the answer rests on that a configuration says alone, on standard error."""
    from iac_ec2lint.report.tally import stated_words  # heavy; only where a command runs

    if words := stated_words(stated):
        click.echo(words, err=True)
