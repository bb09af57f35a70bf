"""What the SAM CLI deploys templates with: ``samconfig.toml``, or the same as YAML.

One file may have several deployments, by the names that ``sam deploy --config-env`` takes. Nothing
that it names is run, and the files of values that it names are not read.
Sources: AWS SAM Developer Guide, "AWS SAM CLI configuration file" and "sam deploy"; the shapes of
``parameter_overrides`` are those of ``samcli/cli/types.py``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from iac_ec2lint.document.reading import read
from iac_ec2lint.document.tree import Mapping, Scalar, Tagged
from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.source.discovery import SAM
from iac_ec2lint.source.limits import few_frames

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from iac_ec2lint.document.tree import Node
    from iac_ec2lint.source.span import SourceText, Span

DEFAULT_NAME: Final = "default"
"""The deployment that counts where ``--config-env`` names none."""

_NAMED: Final = re.compile(r"(.*/)?(?P<file>samconfig[^/]*\.(?:toml|ya?ml)) \[(?P<name>[^\]]+)\]")
_NO_NAME: Final = re.compile(r"[/\\\]]|^$")
"""What no name of a deployment has that is a part of a path."""
_KEY = r'([A-Za-z0-9"]+)'
_TEXT = r'("(?:\\.|[^"\\])*"|(?:\\.|[^{delimiters}"\\])+)'
_PAIRS: Final = (
    re.compile(rf"ParameterKey={_KEY},ParameterValue={_TEXT.format(delimiters=' ,')}"),
    re.compile(rf" {_KEY}={_TEXT.format(delimiters=' ')}"),
)
"""As the SAM CLI reads them; the first counts alone where it is found at all."""
_PLACE: Final = r"(?<![A-Za-z0-9]){}\\?[\"']?(?:,ParameterValue)?\s*[=:]\s*"
_HEADER: Final = re.compile(r"\s*\[[^\[\]]+\]\s*(?:#.*)?")
_ASSIGNED: Final = re.compile(r"\s*((?:[\w-]+|\"[^\"]+\"|'[^']+')(?:\s*\.\s*[\w\"'-]+)*)\s*=")
_PARAMETERS = "parameters"
_SHARED, _DEPLOY = "global", "deploy"
_BUILD = ("package", "build")
"""The commands that make what is deployed, the last first."""
_BUILT: Final = ".aws-sam"
_TEMPLATES: Final = ("template.yaml", "template.yml", "template.json")
_REGION: Final = re.compile(r"[a-z]{2}(?:-[a-z]+)+-[0-9]+")

_LISTED: Final = 1000
"""Elements of a list that are read."""
_PLACED: Final = 200
"""Parameters that have a place of their own; no template may declare more."""
_DEPTH: Final = 7
"""How deep what counts lies: ``prod.deploy.parameters.parameter_overrides`` with lists in it."""

Steps = tuple[str, ...]


class SamDeployment(NamedTuple):
    """What ``sam deploy`` gives a template.

    Attributes:
        name: Its name in the file.
        span: The first that it gives.
        values: The values of parameters, by name, each with its place.
        region: The Region, if that is said.
        others: Whether a file that is not read gives more, to any parameter that has no value here.
        templates: The template, and then those that it is made from, by their paths from the
            file's folder: the first that is there counts.
    """

    name: str
    span: Span
    values: dict[str, tuple[str, Span]]
    region: tuple[str, Span] | None
    others: bool
    templates: tuple[str, ...]


def is_sam_configuration(path: Path) -> bool:
    """Whether a file has the name of a configuration of the SAM CLI."""
    return SAM.fullmatch(path.name) is not None


def named_deployment(path: Path) -> tuple[Path, str] | None:
    """The file and the name in a path such as ``samconfig.toml [prod]``; ``None`` of another."""
    named = _NAMED.fullmatch(path.as_posix())
    return None if named is None else (path.parent / named["file"], named["name"])


def deployment_path(file: Path, name: str) -> Path:
    """The path by which messages, and ``--parameters``, name a deployment of a file."""
    return file.with_name(f"{file.name} [{name}]")


def sam_deployments(source: SourceText) -> list[SamDeployment] | Diagnostic:
    """The deployments in a file that give something, or what is wrong with it."""
    written = _toml(source) if source.path.endswith(".toml") else _yaml(source)
    if isinstance(written, Diagnostic):
        return written
    data, places = written
    start = source.span(0, 0)
    found: list[SamDeployment] = []
    for name, commands in data.items():
        if not isinstance(commands, dict) or not name.isprintable() or _NO_NAME.search(name):
            continue
        given: dict[str, tuple[object, Span]] = {}
        for command in (_SHARED, _DEPLOY):  # what the command says replaces what all share
            for key, value in _table(commands, command).items():
                place = places.get((name, command, _PARAMETERS, key), start)
                given[key] = value, place
        made = _deployment(name, commands, given)
        if isinstance(made, Diagnostic):
            return made
        if made is not None:
            found.append(made)
    return found


def _table(commands: dict[str, object], command: str) -> dict[str, object]:
    """The parameters of one command of the CLI."""
    table = commands.get(command)
    inner = table.get(_PARAMETERS) if isinstance(table, dict) else None
    return inner if isinstance(inner, dict) else {}


def _deployment(
    name: str, commands: dict[str, object], given: dict[str, tuple[object, Span]]
) -> SamDeployment | Diagnostic | None:
    overrides, place = given.get("parameter_overrides", ("", None))
    values: dict[str, tuple[str, Span]] = {}
    others = False
    if place is not None:
        for one in _flat(overrides):
            if isinstance(one, str) and one.startswith("file://"):
                others, values = True, {}  # what it gives replaces what is said before it
                continue
            pairs = _pairs(one)
            if pairs is None:
                return Diagnostic.at(place, "parameter_overrides: expected Key=Value")
            for key, text in pairs:
                at = _place_of(key, text, place) if len(values) < _PLACED else place
                values[key] = text, at
    region: tuple[str, Span] | None = None
    if "region" in given:
        named, said = given["region"]
        region = (named, said) if isinstance(named, str) and _REGION.fullmatch(named) else None
    spans = [*([place] if place and (values or others) else []), *([region[1]] if region else [])]
    if not spans:
        return None
    return SamDeployment(name, spans[0], values, region, others, tuple(_templates(commands, given)))


def _templates(commands: dict[str, object], given: dict[str, tuple[object, Span]]) -> Iterator[str]:
    tables = [{key: value for key, (value, _) in given.items()}]
    tables += [_table(commands, command) for command in _BUILD]
    for table in tables:
        for key in ("template_file", "template"):
            named = table.get(key)
            # What is built is made of the template that the build has, or that is there.
            if isinstance(named, str) and _BUILT not in named.split("/"):
                yield named
    yield from _TEMPLATES


def _flat(value: object) -> Iterator[object]:
    """What is listed, in order, also in lists in it."""
    for one in value[:_LISTED] if isinstance(value, list) else (value,):
        yield from one[:_LISTED] if isinstance(one, list) else (one,)


def _pairs(one: object) -> list[tuple[str, str]] | None:
    """The parameters in one text, or in a table of them; ``None`` where it is neither."""
    if isinstance(one, dict):
        return [(key, ",".join(map(_text, _flat(value)))) for key, value in one.items()]
    if not isinstance(one, str):
        return None
    text = f" {one.strip()}"
    found = next(filter(None, (pattern.findall(text) for pattern in _PAIRS)), None)
    if found is None:
        return None if one.strip() else []
    return [(_unquoted(key), _unquoted(value)) for key, value in found]


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _unquoted(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1]
    return text.replace("\\ ", " ").replace('\\"', '"')


def _place_of(key: str, text: str, within: Span) -> Span:
    """Where one parameter is written, in what gives several."""
    source = within.source
    start = _PLACE.format(re.escape(key))
    for pattern in (rf"{start}(?:\\?[\"'])?{re.escape(text)}", start):  # as it is, or escaped
        found = re.compile(pattern).search(source.text, within.start, within.end)
        if found is not None:
            return source.span(found.start(), found.end())
    return within


def _toml(source: SourceText) -> tuple[dict[str, object], dict[Steps, Span]] | Diagnostic:
    import tomllib  # only where there is such a file

    try:
        with few_frames():
            data = tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"line (\d+), column (\d+)", str(error))
        line, column = (int(at[1]), int(at[2])) if at else (0, 0)
        return Diagnostic(source.path, line, column, f"it is no TOML: {error}")
    except RecursionError:
        return Diagnostic.of_file(source.path, "it is nested too deeply")
    return data, dict(_toml_places(source))


def _toml_places(source: SourceText) -> Iterator[tuple[Steps, Span]]:
    """Where keys are written: ``tomllib`` does not tell. Inline tables are not looked into."""
    keys: list[tuple[Steps, int]] = []
    table: Steps = ()
    at = 0
    quotes = ""  # of the text of several lines that a line lies in
    for line in source.text.splitlines(keepends=True):
        if quotes:
            quotes = "" if quotes in line else quotes
            at += len(line)
            continue
        quotes = next((one for one in ('"""', "'''") if line.count(one) == 1), "")
        header = _HEADER.fullmatch(line.rstrip("\r\n"))
        assigned = _ASSIGNED.match(line)
        if header is not None and (steps := _steps(line)):
            table = steps
            keys.append((table, at + len(line) - len(line.lstrip())))
        elif assigned is not None and (steps := _steps(f"{assigned[1]} = 1")):
            keys.append(((*table, *steps), at + assigned.start(1)))
        at += len(line)
    ends = [start for _, start in keys[1:]] + [len(source.text)]
    seen: set[Steps] = set()
    for (steps, start), end in zip(keys, ends, strict=True):
        if steps not in seen:
            seen.add(steps)
            written = source.text[start:end].rstrip()
            yield steps, source.span(start, start + len(written))


def _steps(line: str) -> Steps:
    """The keys that one line of TOML leads through; none where it cannot stand alone."""
    import tomllib

    try:
        data: object = tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return ()
    steps: list[str] = []
    while isinstance(data, dict) and data:
        key, data = next(iter(data.items()))
        steps.append(key)
    return tuple(steps)


def _yaml(source: SourceText) -> tuple[dict[str, object], dict[Steps, Span]] | Diagnostic:
    document = read(source)
    if document.diagnostics:
        return document.diagnostics[0]
    places: dict[Steps, Span] = {}
    root = document.roots[0] if document.roots else None
    data = None if root is None else _plain(root, (), places, {})
    return (cast("dict[str, object]", data) if isinstance(data, dict) else {}), places


def _plain(
    node: Node, steps: Steps, places: dict[Steps, Span], seen: dict[tuple[int, int], object]
) -> object:
    """The data of a node: scalars as their text, nothing deeper than what counts.

    Args:
        node: The node.
        steps: The keys that lead to it.
        places: Takes where keys are written.
        seen: What there is of other nodes: aliases can name one many times.
    """
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Tagged) or len(steps) > _DEPTH:
        return None
    known = id(node), len(steps)
    if known not in seen:
        if isinstance(node, Mapping):
            found: dict[str, object] = {}
            for key, (written, value) in node.entries.items():
                last = max(written.end, value.end)  # an alias stands for what is written before
                places[*steps, key] = node.source.span(written.start, last)
                found[key] = _plain(value, (*steps, key), places, seen)
            seen[known] = found
        else:
            seen[known] = [_plain(item, (*steps, ""), places, seen) for item in node.items]
    return seen[known]
