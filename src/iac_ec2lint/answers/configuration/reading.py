"""Reading a configuration file, and what is wrong with it, each with its line."""

from __future__ import annotations

import errno
import re
from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.document import reading as document
from iac_ec2lint.document.tree import Mapping, Scalar, Sequence, Tagged
from iac_ec2lint.engine.check import did_you_mean
from iac_ec2lint.source.boundary import work_tree
from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.source.limits import few_frames
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.source.span import SourceText, Span
from iac_ec2lint.source.tree import leads_out, read_named

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any

    from jsonschema.exceptions import ValidationError

    from iac_ec2lint.answers.configuration.schema import Schema
    from iac_ec2lint.document.tree import Node
    from iac_ec2lint.source.tree import Tree

NAMES = (".iac-ec2lint.yaml", ".iac-ec2lint.yml")
PROJECT = "pyproject.toml"
_TABLE = "iac-ec2lint"
_MISSPELLED = regular_expression(r"\[tool\.[\"']?(iac[-_]?ec2[-_]?lint)\b", re.IGNORECASE)
"""A table of a project file that is meant, and is not called so."""
_LARGEST = 1_000_000
_DEPTH = 20

Steps = tuple[str | int, ...]
"""The keys and indices that lead to a place in a configuration."""


class ConfigurationFile(NamedTuple):
    """What a file says.

    Attributes:
        path: The file.
        source: Its text, named as messages name it.
        data: Its content, as JSON has it; what is wrong in it is left out.
        errors: What is wrong.
        places: Where things are written, by the steps that lead to them.
    """

    path: Path
    source: SourceText
    data: dict[str, object]
    errors: tuple[Diagnostic, ...]
    places: dict[Steps, Span]

    def place(self, *steps: str | int) -> Span:
        """Where something is written, or the nearest that holds it."""
        for length in range(len(steps), 0, -1):
            found = self.places.get(steps[:length])
            if found is not None:
                return found
        return self.source.span(0, 0)


def find(start: Path, top: Path, tree: Tree) -> Path | None:
    """The configuration file nearest to a folder, in it or above it.

    Args:
        start: The folder.
        top: The last folder that is looked at; not above ``start`` where it does not hold it.
        tree: Where they are.
    """
    folder = start
    while True:
        for name in NAMES:
            if tree.is_file(folder / name):
                return folder / name
        if _has_table(folder / PROJECT, tree):
            return folder / PROJECT
        if folder == top or not folder.is_relative_to(top) or folder == folder.parent:
            return None
        folder = folder.parent


def _has_table(file: Path, tree: Tree) -> bool:
    if _leads_out(file, tree):
        return False
    try:
        with tree.open(file) as opened:
            text = opened.read(_LARGEST).decode("utf-8", "replace")
            return f"[tool.{_TABLE}" in text or _MISSPELLED.search(text) is not None
    except OSError:
        return False


def read(path: Path, name: str, schema: Schema, tree: Tree | None = None) -> ConfigurationFile:
    """Read and check a configuration file.

    Args:
        path: The file.
        name: How messages name it.
        schema: What may stand in it.
        tree: Where it is; where it is not given, a user names it, and it may be a pipe.
    """
    try:
        raw = read_named(path, _LARGEST) if tree is None else _beginning(path, tree)
        source = SourceText(name, raw.decode("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        words = getattr(error, "strerror", None) or str(error)
        return _broken(path, name, f"it cannot be read: {words}")
    if len(raw) > _LARGEST:
        return _broken(path, name, f"it has {len(raw)} bytes; at most {_LARGEST} are read")
    if path.suffix == ".toml":
        data, places, errors = _toml(source)
    else:
        data, places, errors = _yaml(source)
    found = ConfigurationFile(path, source, data, tuple(errors), places)
    return _checked(found, schema)


def _beginning(path: Path, tree: Tree) -> bytes:
    """A file, or so much of it that it is seen to be too large."""
    if _leads_out(path, tree):
        raise OSError(errno.EACCES, "a link leads it out of its work tree")
    with tree.open(path) as file:
        return file.read(_LARGEST + 1)


def _leads_out(path: Path, tree: Tree) -> bool:
    return leads_out(tree, path, work_tree(path.parent) or path.parent)


def _broken(path: Path, name: str, words: str) -> ConfigurationFile:
    return ConfigurationFile(path, SourceText(name, ""), {}, (Diagnostic.of_file(name, words),), {})


def _yaml(source: SourceText) -> tuple[dict[str, object], dict[Steps, Span], list[Diagnostic]]:
    read_ = document.read(source)
    errors = list(read_.diagnostics)
    errors += [Diagnostic.at(one.span, one.message) for one in read_.repeated]
    places: dict[Steps, Span] = {}
    if not read_.roots:
        return {}, places, errors
    if len(read_.roots) > 1:
        errors.append(Diagnostic.at(read_.roots[1].span, "a second document is not read"))
    data = _plain(read_.roots[0], (), places, errors)
    if data is None:
        return {}, places, errors
    if not isinstance(data, dict):
        errors.append(Diagnostic.at(read_.roots[0].span, "it must be a mapping of keys"))
        return {}, places, errors
    return data, places, errors


def _plain(node: Node, steps: Steps, places: dict[Steps, Span], errors: list[Diagnostic]) -> object:
    """A tree as JSON has it; what means nothing here is left out, and said."""
    places.setdefault(steps, node.span)
    if isinstance(node, Sequence):
        items = [item for item in node.items if _means_something(item, steps, errors)]
        return [_plain(item, (*steps, at), places, errors) for at, item in enumerate(items)]
    if isinstance(node, Mapping):
        found = {}
        for name, (key, value) in node.entries.items():
            places[(*steps, name)] = key.span
            if _means_something(value, steps, errors):
                found[name] = _plain(value, (*steps, name), places, errors)
        return found
    if not isinstance(node, Scalar):
        _means_something(node, steps, errors)
        return None
    data = node.data
    # A day is text here: YAML 1.1 would make a date of it.
    return data if isinstance(data, str | int | float | bool) or data is None else node.text


def _means_something(node: Node, steps: Steps, errors: list[Diagnostic]) -> bool:
    if isinstance(node, Tagged):
        errors.append(Diagnostic.at(node.span, f"tags such as {node.tag} mean nothing here"))
        return False
    if len(steps) > _DEPTH:
        errors.append(Diagnostic.at(node.span, "it is nested too deeply"))
        return False
    return True


def _toml(source: SourceText) -> tuple[dict[str, object], dict[Steps, Span], list[Diagnostic]]:
    import tomllib  # only where a project has such a file

    try:
        with few_frames():
            whole = tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"line (\d+), column (\d+)", str(error))
        line, column = (int(at[1]), int(at[2])) if at else (0, 0)
        return {}, {}, [Diagnostic(source.path, line, column, f"it is no TOML: {error}")]
    except RecursionError:
        return {}, {}, [Diagnostic.of_file(source.path, "it is nested too deeply")]
    tools = whole.get("tool", {})
    data = tools.get(_TABLE, {})
    wrong = None if _TABLE in tools else _MISSPELLED.search(source.text)
    if wrong is not None and wrong[1] in tools:
        place = source.span(wrong.start(), wrong.end())
        words = f"nothing reads [tool.{wrong[1]}]; write [tool.{_TABLE}]"
        return {}, {}, [Diagnostic.at(place, words)]
    places: dict[Steps, Span] = {}
    for steps in _steps(data, ()):
        key = re.escape(str(steps[-1]))
        found = re.search(rf"^[ \t]*(?:\[.*)?\"?{key}\"?(?=[\s=.\]])", source.text, re.MULTILINE)
        if found is not None and isinstance(steps[-1], str):
            places[steps] = source.span(found.start(), found.end())
    table = source.text.find(f"[tool.{_TABLE}")
    places[()] = source.span(max(table, 0), max(table, 0))
    return _as_json(data), places, []


def _as_json(data: object) -> dict[str, object]:
    """TOML's days and times as text."""

    def plain(one: object) -> object:
        if isinstance(one, dict):
            return {key: plain(value) for key, value in one.items()}
        if isinstance(one, list):
            return [plain(value) for value in one]
        return one if isinstance(one, str | int | float | bool) else str(one)

    made = plain(data)
    return made if isinstance(made, dict) else {}


def _steps(data: object, steps: Steps) -> Iterator[Steps]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield (*steps, key)
            yield from _steps(value, (*steps, key))
    elif isinstance(data, list):
        for at, value in enumerate(data):
            yield from _steps(value, (*steps, at))


def _checked(file: ConfigurationFile, schema: Schema) -> ConfigurationFile:
    """The file without what its schema does not permit, and an error for each such thing."""
    from jsonschema import Draft202012Validator  # heavy; only where there is a file

    errors = [*file.errors]
    data = file.data
    wrong: list[Steps] = []
    for error in sorted(Draft202012Validator(schema).iter_errors(data), key=_order):
        steps = tuple(error.absolute_path)
        for at, words in _words(error, steps):
            errors.append(Diagnostic.at(file.place(*at), words))
            wrong.append(at)
    left = _pruned(data, (), {_whole_entry(steps) for steps in wrong})
    return file._replace(data=left if isinstance(left, dict) else {}, errors=tuple(errors))


def _order(error: ValidationError) -> list[str]:
    return [str(step) for step in error.absolute_path]


def _words(error: ValidationError, steps: Steps) -> Iterator[tuple[Steps, str]]:
    """Where something is wrong, and what; an unknown key with the nearest one that there is."""
    named = ".".join(str(step) for step in steps) or "it"
    value: Any = error.validator_value
    instance: Any = error.instance
    if error.validator == "additionalProperties":
        whole: Any = error.schema
        known: dict[str, object] = whole["properties"]
        for key in sorted(instance.keys() - known.keys()):
            hint = did_you_mean(key, known) or f"there are {', '.join(known) or 'none'}"
            yield (*steps, key), f"no key is called {key!r} here; {hint}"
    elif error.validator == "required":
        lacking = [key for key in value if key not in instance]
        yield steps, f"{named} lacks {', '.join(lacking)}"
    elif error.validator == "enum":
        choices = ", ".join(map(str, value))
        yield steps, f"{named} must be one of {choices}, not {instance!r}"
    else:
        yield steps, f"{named}: {_shown(error)}"


def _shown(error: ValidationError) -> str:
    kind = error.schema.get("type") if isinstance(error.schema, dict) else None
    words = {"array": "a list", "object": "a mapping", "boolean": "true or false"}
    if error.validator == "type" and isinstance(kind, str):
        return f"it must be {words.get(kind, f'a {kind}')}"
    return error.message[:200]


def _whole_entry(steps: Steps) -> Steps:
    """The entry of a list that something is in: an entry with a part that is wrong is left out."""
    at = next((at for at, step in enumerate(steps) if isinstance(step, int)), len(steps))
    return steps[: at + 1]


def _pruned(data: object, steps: Steps, wrong: set[Steps]) -> object:
    if isinstance(data, dict):
        return {
            key: _pruned(value, (*steps, key), wrong)
            for key, value in data.items()
            if (*steps, key) not in wrong
        }
    if isinstance(data, list):
        return [
            _pruned(value, (*steps, at), wrong)
            for at, value in enumerate(data)
            if (*steps, at) not in wrong
        ]
    return data
