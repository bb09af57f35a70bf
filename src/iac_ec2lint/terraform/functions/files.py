"""Filesystem functions: they read inside the boundary only, and messages never quote contents.

Source: "Filesystem Functions" of the Terraform language.
"""

from __future__ import annotations

import base64
import os
import posixpath
import re
from pathlib import Path
from typing import TYPE_CHECKING

from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.source.files import decode
from iac_ec2lint.source.span import Source
from iac_ec2lint.terraform.containers import make_set, normalize
from iac_ec2lint.terraform.functions.registry import FunctionError, function, scalar
from iac_ec2lint.terraform.types import ANY, BOOL, STRING, SetOf
from iac_ec2lint.terraform.unknowns import steps_of
from iac_ec2lint.values import Unknown, Val, Value

if TYPE_CHECKING:
    from iac_ec2lint.terraform.functions.registry import Call

_MAX_FILES = 20_000


def _place(call: Call, path: str) -> Path | Unknown:
    """Where a path leads: relative ones start at the root module's folder."""
    if path.startswith("~"):
        return Unknown(
            "what lies in the home folder depends on who deploys", "expression", call.span
        )
    if "\0" in path:
        raise FunctionError("the path has a NUL character in it")
    return Path(os.path.normpath(call.scope.evaluation.working / path))


def read_raw(call: Call, path: Val) -> bytes | Unknown:
    """The bytes of a file, or the error that it cannot be read."""
    place = _place(call, path.text or "")
    if isinstance(place, Unknown):
        return place
    raw = call.scope.evaluation.files.read_bytes(place)
    if isinstance(raw, Diagnostic):
        return call.error(f"{raw.path}: {raw.message}")
    return raw


def read_text(call: Call, path: Val) -> str | Unknown:
    """The text of a file, or the error that it cannot be read."""
    raw = read_raw(call, path)
    if isinstance(raw, Unknown):
        return raw
    text = decode(raw) if not raw.startswith((b"\xff\xfe", b"\xfe\xff")) else None
    if text is None:
        return call.error("the file is no UTF-8")
    # Terraform's file() keeps a byte order mark, which no consumer wants; it is left out here.
    return text


@function("file", STRING, result=STRING, needs="all")
def _file(call: Call, path: Val) -> Val:
    text = read_text(call, path)
    return text if isinstance(text, Unknown) else call.value(normalize(text), path)


@function("filebase64", STRING, result=STRING, needs="all")
def _filebase64(call: Call, path: Val) -> Val:
    raw = read_raw(call, path)
    if isinstance(raw, Unknown):
        return raw
    return call.value(base64.b64encode(raw).decode(), path)


@function("fileexists", STRING, result=BOOL, needs="all")
def _fileexists(call: Call, path: Val) -> Val:
    place = _place(call, path.text or "")
    if isinstance(place, Unknown):
        return place
    files = call.scope.evaluation.files
    if not files.inside(place):
        return call.error(f"{files.display(place)}: it lies outside the boundary")
    if place.is_dir():
        return call.error(f"{files.display(place)}: it is a folder")
    return call.value(place.is_file(), path)


@scalar("basename", STRING)
def _basename(path: str) -> str:
    if not path:
        return "."
    stripped = path.rstrip("/")
    return stripped.rpartition("/")[2] if stripped else "/"


@scalar("dirname", STRING)
def _dirname(path: str) -> str:
    return _clean(path[: path.rfind("/") + 1])


def _clean(path: str) -> str:
    """The shortest path that names the same place, as Go's ``path.Clean``."""
    cleaned = posixpath.normpath(path) if path else "."
    return cleaned[1:] if cleaned.startswith("//") else cleaned


@function("abspath", STRING, result=STRING, needs="all")
def _abspath(call: Call, path: Val) -> Val:
    text = path.text or ""
    if text.startswith("/"):
        return call.value(_clean(text), path)
    return Unknown("abspath() depends on the machine", "expression", call.span, type=STRING)


@function("pathexpand", STRING, result=STRING, needs="all")
def _pathexpand(call: Call, path: Val) -> Val:
    text = path.text or ""
    if text.startswith("~"):
        return Unknown(
            "the home folder depends on who deploys", "expression", call.span, type=STRING
        )
    return call.value(text, path)


@function("fileset", STRING, STRING, result=SetOf(STRING), needs="all")
def _fileset(call: Call, path: Val, pattern: Val) -> Val:
    place = _place(call, path.text or "")
    if isinstance(place, Unknown):
        return place
    files = call.scope.evaluation.files
    if not files.inside(place):
        return call.error(f"{files.display(place)}: it lies outside the boundary")
    wanted = _glob(pattern.text or "")
    found: list[Val] = []
    visited = 0
    for folder, folders, names in os.walk(place, followlinks=False):
        folders.sort()
        visited += len(names)
        if visited > _MAX_FILES:
            return call.limit(f"more than {_MAX_FILES} files")
        for name in sorted(names):
            full = Path(folder, name)
            relative = os.path.relpath(full, place).replace(os.sep, "/")
            if wanted.fullmatch(relative) and full.is_file() and files.inside(full):
                found.append(Value(normalize(relative), call.span))
    return Value(make_set(found, STRING), call.span, steps_of(path, pattern))


def _glob(pattern: str) -> re.Pattern[str]:
    """A pattern of Go's ``doublestar``: ``*``, ``**``, ``?``, ``[a-z]``, ``{a,b}``."""
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
            pieces.append(re.escape(rest[1]))
            index += 1
        else:
            pieces.append(re.escape(character))
        index += 1
    try:
        return re.compile("".join(pieces), re.DOTALL)
    except re.error:
        raise FunctionError("the pattern is not well formed") from None


@function("templatefile", STRING, ANY, needs="none")
def _templatefile(call: Call, path: Val, names: Val) -> Val:
    if isinstance(path, Unknown):
        return call.unknown(path, kind=STRING)
    text = read_text(call, path)
    if isinstance(text, Unknown):
        return text
    place = _place(call, path.text or "")
    if isinstance(place, Unknown):
        return place
    name = call.scope.evaluation.files.display(place)
    return _render(call, Source(name, text), names, place)


@function("templatestring", STRING, ANY, result=STRING, needs="none")
def _templatestring(call: Call, template: Val, names: Val) -> Val:
    text = template.text
    if text is None:
        return call.unknown(template, kind=STRING)
    return _render(call, Source(template.span.path, text), names, None)


def _render(call: Call, source: Source, names: Val, place: Path | None) -> Val:
    from iac_ec2lint.hcl import tree
    from iac_ec2lint.hcl.parser import parse_template
    from iac_ec2lint.terraform.scope import Scope
    from iac_ec2lint.terraform.template_names import TemplateNames
    from iac_ec2lint.terraform.templates import evaluate_template

    if isinstance(names, Unknown):
        return call.unknown(names, kind=STRING)
    members = names.data
    if not isinstance(members, dict):
        raise FunctionError("the variables must be a map or an object")
    module = TemplateNames(call.scope.module, place)
    if place is not None and module.is_nested(place):
        raise FunctionError("a template cannot call templatefile() itself")
    template, problems = parse_template(source, 0, len(source.text))
    if problems or isinstance(template, tree.Broken):
        first = problems[0] if problems else None
        where = f"line {first.line}: {first.message}" if first else "a syntax error"
        return call.error(f"{source.path}, {where}")
    bound = names.items()
    scope = Scope(call.scope.evaluation, module, dict(bound))
    value = evaluate_template(template, scope)
    if isinstance(value, Value):
        return Value(value.data, call.span, value.via)
    if value.cause != "error":
        value.span = call.span
    return value
