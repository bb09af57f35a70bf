"""Filesystem functions: they read inside the boundary only, and messages never quote contents.

Source: "Filesystem Functions" of the Terraform language.
"""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import TYPE_CHECKING

from iac_ec2lint.source.budget import VISIT
from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.source.discovery import CONFIGURATION
from iac_ec2lint.source.files import decode, place_named
from iac_ec2lint.source.span import SourceText
from iac_ec2lint.source.tree import walk
from iac_ec2lint.terraform.functions.contents import contents
from iac_ec2lint.terraform.functions.registry import FunctionError, function
from iac_ec2lint.terraform.functions.rendering import render, render_text
from iac_ec2lint.terraform.language.containers import make_set, normalize
from iac_ec2lint.terraform.language.types import ANY, BOOL, STRING, SetOf, Type
from iac_ec2lint.terraform.language.unknowns import steps_of
from iac_ec2lint.terraform.places import inside
from iac_ec2lint.values import Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from iac_ec2lint.terraform.functions.registry import FunctionCall

_MAX_FILES = 20_000


def on_file(
    name: str, *parameters: Type, result: Type = STRING
) -> Callable[[Callable[..., Val]], Callable[..., Val]]:
    """Declare a function whose first argument is a path: it gets the place that this leads to.

    Relative paths start at the root module's folder. Of absolute ones that differ from machine to
    machine those inside the boundary are found all the same.
    """

    def declare(compute: Callable[..., Val]) -> Callable[..., Val]:
        @function(name, STRING, *parameters, result=result, needs="none")
        def on_path(call: FunctionCall, path: Val, *arguments: Val) -> Val:
            place = place_of(call, path)
            if place is None or any(isinstance(a, Unknown) for a in arguments):
                return call.undecided(
                    lambda values: on_path(call, *values), path, *arguments, kind=result
                )
            if isinstance(place, Unknown):
                return place
            made = compute(call, place, path, *arguments)
            return from_file(call, place, made) if result is STRING and made.text else made

        return compute

    return declare


def place_of(call: FunctionCall, path: Val) -> Path | Unknown | None:
    """Where a path leads; ``None`` where that is not known.

    Raises:
        FunctionError: No file can have its name.
    """
    evaluation = call.scope.evaluation
    text = path.text
    if text is None:
        return inside(path, evaluation.files.boundary_of(evaluation.root))
    if text.startswith("~"):
        return Unknown(
            "what lies in the home folder depends on who deploys", "expression", call.span
        )
    place = place_named(evaluation.working, text)
    if place is None:
        raise FunctionError("the path is none that a file can have")
    return place


def read_raw(call: FunctionCall, place: Path) -> bytes | Unknown:
    """The bytes of a file, or the error that it cannot be read."""
    evaluation = call.scope.evaluation
    if refusal := evaluation.files.refusal(place, evaluation.root):
        return call.error(f"{evaluation.files.display(place)}: it {refusal}")
    if absence := evaluation.files.absence(place):
        name = evaluation.files.display(place)
        reason = f"{name} is not in version control: {absence} (--read-ignored reads it)"
        return Unknown(reason, "expression", call.span, type=STRING)
    raw = evaluation.files.read_bytes(place)
    if isinstance(raw, Diagnostic):
        return call.error(f"{raw.path}: {raw.message}")
    return raw


def read_text(call: FunctionCall, place: Path) -> str | Unknown:
    """The text of a file, or the error that it cannot be read."""
    raw = read_raw(call, place)
    if isinstance(raw, Unknown):
        return raw
    text = decode(raw) if not raw.startswith((b"\xff\xfe", b"\xfe\xff")) else None
    if text is None:
        return call.error("the file is no UTF-8")
    # Terraform's file() keeps a byte order mark, which no consumer wants; it is left out here.
    return text


def note_file(call: FunctionCall, place: Path, text: str = "") -> None:
    """Note a file that is read, and its text: messages quote little of it."""
    evaluation = call.scope.evaluation
    name = evaluation.files.display(place)
    if not name.endswith(CONFIGURATION):  # which is shown for itself
        evaluation.file_texts.paths.add(name)
    evaluation.file_texts.note(text)


def from_file(call: FunctionCall, place: Path, made: Val) -> Val:
    """What a function made of a file, with the step from that."""
    note_file(call, place, made.text or "")
    return made.after(contents(call.scope.evaluation.files, place, call.span))


@on_file("file")
def _file(call: FunctionCall, place: Path, path: Val) -> Val:
    text = read_text(call, place)
    if isinstance(text, Unknown):
        return text
    return call.value(normalize(text), path)


@on_file("filebase64")
def _filebase64(call: FunctionCall, place: Path, path: Val) -> Val:
    raw = read_raw(call, place)
    if isinstance(raw, Unknown):
        return raw
    return call.value(base64.b64encode(raw).decode(), path)


@on_file("fileexists", result=BOOL)
def _fileexists(call: FunctionCall, place: Path, path: Val) -> Val:
    files = call.scope.evaluation.files
    if refusal := files.refusal(place, call.scope.evaluation.root):
        return call.error(f"{files.display(place)}: it {refusal}")
    if files.tree.is_folder(place):
        return call.error(f"{files.display(place)}: it is a folder")
    return call.value(files.tree.is_file(place), path)


@on_file("fileset", STRING, result=SetOf(STRING))
def _fileset(call: FunctionCall, place: Path, path: Val, pattern: Val) -> Val:
    files, root = call.scope.evaluation.files, call.scope.evaluation.root
    if refusal := files.refusal(place, root):
        return call.error(f"{files.display(place)}: it {refusal}")
    # Rare: it reads RE2's syntax. Python's own matcher can take years for a pattern of stars.
    from iac_ec2lint.terraform.functions.texts.patterns import not_matched, paid
    from iac_ec2lint.values.re2.nodes import InvalidPattern
    from iac_ec2lint.values.re2.parser import NotMatched, read

    try:
        wanted = read(_glob(pattern.text or ""))
    except (InvalidPattern, NotMatched):
        raise FunctionError("the pattern is not well formed") from None
    found: list[Val] = []
    visited = 0
    for folder, folders, entries in walk(files.tree, place):
        folders[:] = [one for one in folders if files.inside(f"{folder}/{one.name}", root)]
        visited += len(entries)
        if visited > _MAX_FILES:
            return call.limit(f"more than {_MAX_FILES} files")
        spent = call.scope.evaluation.spend(call, len(entries) * VISIT)
        if spent is not None:
            return spent
        for entry in entries:
            full = Path(folder, entry.name)
            relative = os.path.relpath(full, place).replace(os.sep, "/")
            try:
                with paid(call) as work:
                    fits = next(wanted.matches(relative, work), None) is not None
            except NotMatched as problem:
                return not_matched(call, problem)
            if fits and files.is_file(full, root):
                found.append(Value(normalize(relative), call.span))
    return Value(make_set(found, STRING), call.span, steps_of(path, pattern))


def _glob(pattern: str) -> str:
    """A regular expression for one of Go's ``doublestar``: ``*``, ``**``, ``[a-z]``, ``{a,b}``."""
    pieces: list[str] = []
    index = 0
    depth = 0
    while index < len(pattern):
        rest = pattern[index:]
        character = pattern[index]
        if rest.startswith("**/"):
            pieces.append("(?:[^/]*/)*")
            index += 3
            continue
        if rest == "**":
            pieces.append(".*")
            index += 2
            continue
        if character == "*":
            pieces.append("[^/]*")
        elif character == "?":
            pieces.append("[^/]")
        elif character == "[" and "]" in rest[2:]:
            end = rest.index("]", 2)
            inside = rest[1:end].replace("\\", "\\\\").replace("[", "\\[")
            if inside[0] in "!^":
                inside = "^" + inside[1:]
            pieces.append(f"[{inside}]")
            index += end
        elif character == "{":
            depth += 1
            pieces.append("(?:")
        elif character == "}" and depth:
            depth -= 1
            pieces.append(")")
        elif character == "," and depth:
            pieces.append("|")
        elif character == "\\" and len(rest) > 1:
            pieces.append(_literal(rest[1]))
            index += 1
        else:
            pieces.append(_literal(character))
        index += 1
    return f"^(?s:{''.join(pieces)})$"


def _literal(character: str) -> str:
    return f"\\{character}" if character in "\\.+*?()|[]{}^$" else character


@function("templatefile", STRING, ANY, needs="none")
def _templatefile(call: FunctionCall, path: Val, names: Val) -> Val:
    place = place_of(call, path)
    if place is None:
        return call.undecided(lambda values: _templatefile(call, *values, names), path, kind=STRING)
    if isinstance(place, Unknown):
        return place
    text = read_text(call, place)
    if isinstance(text, Unknown):
        return text
    files = call.scope.evaluation.files
    source = SourceText(files.display(place), text)
    note_file(call, place, text)
    return from_file(
        call, place, render(source, names, call.span, call.scope, place, call.nodes[1])
    )


@function("templatestring", STRING, ANY, result=STRING, needs="none")
def _templatestring(call: FunctionCall, template: Val, names: Val) -> Val:
    if not isinstance(template, Value):
        return call.unknown(template, kind=STRING)
    return render_text(template, names, call.span, call.scope)
