"""The values of parameters that a user gives: files in the shapes of AWS's own tools, or text.

The shapes are those of ``aws cloudformation create-stack --parameters`` (a list of ``ParameterKey``
and ``ParameterValue``), of CodePipeline's template configuration files (a map under
``Parameters``), of ``aws cloudformation deploy --parameter-overrides`` (a list of ``Key=Value``),
and of Git sync (a map under ``parameters``, beside ``template-file-path``); besides, a plain map of
keys to values, and lines of ``Key=Value``. A deployment of the SAM CLI is named as
``samconfig.toml [prod]``; see ``sam``.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from iac_ec2lint.cloudformation.parameters.pseudo import NAMES
from iac_ec2lint.cloudformation.parameters.sam import (
    DEFAULT_NAME,
    SamDeployment,
    is_sam_configuration,
    named_deployment,
    sam_deployments,
)
from iac_ec2lint.cloudformation.syntax import kind_of
from iac_ec2lint.document.reading import read
from iac_ec2lint.document.tree import Mapping, Node, Scalar, Sequence
from iac_ec2lint.source.boundary import boundary_of
from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.source.files import Files
from iac_ec2lint.source.span import SourceText, Span
from iac_ec2lint.source.tree import Disk, Tree
from iac_ec2lint.values import Step, Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Iterable

ON_THE_COMMAND_LINE = "--parameters"
"""The path in the span of a value that is given on the command line."""

SHAPES = (
    "a list of ParameterKey and ParameterValue, a list of Key=Value, "
    "or a map of keys to values, alone or under Parameters"
)

_ASSIGNMENT = re.compile(r"\s*([A-Za-z0-9]+|AWS::[A-Za-z]+)=(.*)", re.DOTALL)
_FILLED_IN = re.compile(r"\{\{(?!resolve:)|\{%")
"""What marks a place for another program, and is no dynamic reference."""
_SHORTHAND = re.compile(r"ParameterKey=([A-Za-z0-9:]+),ParameterValue=(.*)", re.DOTALL)


class GivenValues:
    """The values that are given for parameters, by name; of several for one, the last applies.

    Attributes:
        values: The value of each: as a value with its place from a file, as text from the command
            line.
        places: Where each is given.
        template: The path of the template that a deployment file names.
        others: Whether a file that is not read gives others, to any that have none here.
        fault: The first error; the values must not be used then.
    """

    __slots__ = ("fault", "others", "places", "template", "values")

    def __init__(self) -> None:
        self.values: dict[str, str | Val] = {}
        self.places: dict[str, Span] = {}
        self.template: str | None = None
        self.others = False
        self.fault: Diagnostic | None = None

    def put(self, name: str, value: str | Val, place: Span) -> None:
        """Add a value; a name that no parameter can have is a fault."""
        if name.startswith("AWS::") and (name not in NAMES or name == "AWS::NoValue"):
            self.fail(place, f"there is no pseudo parameter {name} to be given")
            return
        self.values[name] = value
        self.places[name] = place

    def fail(self, place: Span, message: str) -> None:
        """Record an error; only the first is kept."""
        if self.fault is None:
            shown = place.path == ON_THE_COMMAND_LINE
            self.fault = (
                Diagnostic.of_file(place.path, message) if shown else Diagnostic.at(place, message)
            )


def given_values(arguments: Iterable[str], working: Path, tree: Tree | None = None) -> GivenValues:
    """The values of parameters and pseudo parameters that are given to a run.

    Args:
        arguments: Names of files, and ``Key=Value`` (or ``ParameterKey=K,ParameterValue=V``). An
            argument that is the path of an existing file is read as a file, and so is that of one
            with the name of a deployment of the SAM CLI in brackets.
        working: The folder to which paths are relative.
        tree: Where the files are; the disk where it is not given.
    """
    found = GivenValues()
    tree = tree or Disk()
    for argument in arguments:
        path = Path(os.path.normpath(working / argument.removeprefix("file://")))
        named = named_deployment(path)
        if tree.is_file(path):
            _read_file(path, working, tree, found)
        elif named is not None and tree.is_file(named[0]):
            _read_file(named[0], working, tree, found, named[1])
        else:
            place = SourceText(ON_THE_COMMAND_LINE, argument).span(0, len(argument))
            pair = _pair(argument)
            if pair is None:
                found.fail(place, f'"{argument}" is neither a file that is there nor Key=Value')
            else:
                found.put(*pair, place)
        if found.fault is not None:
            break
    return found


def _pair(text: str) -> tuple[str, str] | None:
    """The key and the value of ``Key=Value``; ``None`` where the text is not of that form."""
    shorthand = _SHORTHAND.fullmatch(text)
    if shorthand is not None:
        # The AWS CLI's shorthand syntax: quotes around the value, commas after a backslash.
        return shorthand[1], shorthand[2].replace("\\,", ",").strip("\"'")
    written = _ASSIGNMENT.fullmatch(text)
    return None if written is None else (written[1], written[2])


def _step(name: str, span: Span) -> Step:
    return Step(span, f'value given to parameter "{name}"')


def _read_file(
    path: Path, working: Path, tree: Tree, found: GivenValues, name: str = DEFAULT_NAME
) -> None:
    # A user names the file, so it may be anywhere: it has a boundary of its own.
    source = Files(boundary_of(path, working), working, tree=tree).read(path)
    if isinstance(source, Diagnostic):
        found.fault = Diagnostic.of_file(source.path, f"{source.path}: {source.message}")
        return
    if is_sam_configuration(path) and _read_deployment(source, name, found):
        return
    if _read_lines(source, found):
        return
    document = read(source)
    repeated = [Diagnostic.at(one.span, one.message) for one in document.repeated]
    if faults := [*document.diagnostics, *repeated]:
        found.fault = faults[0]
        return
    if len(document.roots) != 1:
        found.fail(source.span(0, 0), f"it gives no parameters: expected {SHAPES}")
        return
    _read_root(document.roots[0], found)


def _read_deployment(source: SourceText, name: str, found: GivenValues) -> bool:
    """Add what one deployment gives; returns False where the file has none at all."""
    every = sam_deployments(source)
    if isinstance(every, Diagnostic):
        found.fault = every
        return True
    for one in every:
        if one.name == name:
            give_deployment(one, found)
            return True
    if every or source.path.endswith(".toml"):
        found.fail(source.span(0, 0), f'it has no deployment "{name}" that gives parameters')
        return True
    return False


def give_deployment(one: SamDeployment, found: GivenValues) -> None:
    """Add what a deployment of the SAM CLI gives: what a generator fills in is not known."""
    found.others = found.others or one.others
    for key, (text, span) in one.values.items():
        value: Val = Value(text, span, (_step(key, span),))
        if _FILLED_IN.search(text):
            value = Unknown(f'another program fills in parameter "{key}"', "parameter", span)
        found.put(key, value, span)
    if one.region is not None:
        region, span = one.region
        found.put("AWS::Region", Value(region, span), span)


def _read_lines(source: SourceText, found: GivenValues) -> bool:
    """Add lines of ``Key=Value``; returns False where the text is something else."""
    spans: list[tuple[int, int]] = []
    at = 0
    for line in source.text.splitlines(keepends=True):
        written = line.rstrip("\r\n")
        if written.strip() and not written.lstrip().startswith("#"):
            if _ASSIGNMENT.fullmatch(written) is None:
                return False
            indent = len(written) - len(written.lstrip())
            spans.append((at + indent, at + len(written)))
        at += len(line)
    for start, end in spans:
        _put_pair(source.text[start:end], source.span(start, end), found)
    return bool(spans)


def _put_pair(text: str, span: Span, found: GivenValues) -> bool:
    pair = _pair(text)
    if pair is not None:
        found.put(pair[0], Value(pair[1], span, (_step(pair[0], span),)), span)
    return pair is not None


def _read_root(root: Node, found: GivenValues) -> None:
    if isinstance(root, Mapping):
        named = root.get("template-file-path")
        inner = root.get("Parameters" if named is None else "parameters")
        if isinstance(named, Scalar):
            found.template = named.text
            if isinstance(inner, Mapping):
                _read_map(inner, found)
        elif isinstance(inner, Mapping | Sequence):
            _read_root(inner, found) if isinstance(inner, Sequence) else _read_map(inner, found)
        else:
            _read_map(root, found)
    elif isinstance(root, Sequence):
        for item in root.items:
            _read_item(item, found)
    else:
        found.fail(root.span, f"it gives no parameters: expected {SHAPES}")


def _read_map(node: Mapping, found: GivenValues) -> None:
    for name, (key, value) in node.entries.items():
        _take(name, value, key.span, found)


def _read_item(item: Node, found: GivenValues) -> None:
    if isinstance(item, Scalar):
        if _put_pair(item.text, item.span, found):
            return
    elif isinstance(item, Mapping):
        key = item.get("ParameterKey")
        if isinstance(key, Scalar):
            _read_pair(key, item, found)
            return
    found.fail(item.span, f"this gives no parameter: expected {SHAPES}")


def _read_pair(key: Scalar, item: Mapping, found: GivenValues) -> None:
    previous = item.get("UsePreviousValue")
    value = item.get("ParameterValue")
    if value is not None:
        _take(key.text, value, key.span, found)
    elif isinstance(previous, Scalar) and previous.text.lower() == "true":
        reason = f'parameter "{key.text}" keeps the value that it has'
        found.put(key.text, Unknown(reason, "parameter", previous.span), key.span)
    else:
        found.fail(item.span, f'the parameter "{key.text}" has no ParameterValue')


def _take(name: str, node: Node, place: Span, found: GivenValues) -> None:
    step = _step(name, node.span)
    if isinstance(node, Scalar) and not (node.plain and node.data is None):
        found.put(name, Value(node.text, node.span, (step,)), place)
        return
    if isinstance(node, Sequence) and all(isinstance(item, Scalar) for item in node.items):
        texts = ",".join(item.text for item in node.items if isinstance(item, Scalar))
        found.put(name, Value(texts, node.span, (step,)), place)
        return
    found.fail(node.span, f'the value of "{name}" is {kind_of(node)}; text is expected')
