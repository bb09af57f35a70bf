"""Functions of paths as text; what they say of absolute ones holds on any machine, or is unknown.

Source: "Filesystem Functions" of the Terraform language.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from iac_ec2lint.source.files import place_named
from iac_ec2lint.terraform.functions.registry import FunctionError, function
from iac_ec2lint.terraform.language.types import STRING
from iac_ec2lint.terraform.places import absolute, inside
from iac_ec2lint.values import Unknown, Val, Value

if TYPE_CHECKING:
    from pathlib import Path

    from iac_ec2lint.terraform.functions.registry import FunctionCall


@function("basename", STRING, result=STRING, needs="none")
def _basename(call: FunctionCall, path: Val) -> Val:
    if path.text is not None:
        return call.value(_last(path.text), path)
    if isinstance(path, Unknown) and path.parts and not path.candidates:
        end = path.parts[-1]
        if isinstance(end, str) and "/" in end.rstrip("/"):
            return call.value(_last(end), path)
    return call.undecided(lambda values: _basename(call, *values), path, kind=STRING)


def _last(path: str) -> str:
    if not path:
        return "."
    stripped = path.rstrip("/")
    return stripped.rpartition("/")[2] if stripped else "/"


@function("dirname", STRING, result=STRING, needs="none")
def _dirname(call: FunctionCall, path: Val) -> Val:
    if isinstance(path, Value):
        assert path.text is not None  # noqa: S101 - it has been converted
        return call.value(_clean(path.text[: path.text.rfind("/") + 1]), path)
    evaluation = call.scope.evaluation
    boundary = evaluation.files.boundary_of(evaluation.root)
    place = inside(path, boundary)
    if place is not None and path.parts and not str(path.parts[-1]).endswith("/"):
        return absolute(_real(call, place.parent), boundary, call.span, path.via)
    return call.undecided(lambda values: _dirname(call, *values), path, kind=STRING)


def _real(call: FunctionCall, place: Path) -> str:
    if place_named(place, "") is None:
        raise FunctionError("the path is none that a file can have")
    return call.scope.evaluation.files.tree.real(place)


def _clean(path: str) -> str:
    """The shortest path that names the same place, as Go's ``path.Clean``."""
    cleaned = posixpath.normpath(path) if path else "."
    return cleaned[1:] if cleaned.startswith("//") else cleaned


@function("abspath", STRING, result=STRING, needs="none")
def _abspath(call: FunctionCall, path: Val) -> Val:
    evaluation = call.scope.evaluation
    boundary = evaluation.files.boundary_of(evaluation.root)
    text = path.text
    if text is not None:
        if text.startswith("/"):
            return call.value(_clean(text), path)
        via = call.value(None, path).via
        return absolute(_real(call, evaluation.working / text), boundary, call.span, via)
    place = inside(path, boundary)
    if place is not None:
        return absolute(_real(call, place), boundary, call.span, path.via)
    return call.undecided(lambda values: _abspath(call, *values), path, kind=STRING)


@function("pathexpand", STRING, result=STRING, needs="all")
def _pathexpand(call: FunctionCall, path: Val) -> Val:
    text = path.text or ""
    if text.startswith("~"):
        return Unknown(
            "the home folder depends on who deploys", "expression", call.span, type=STRING
        )
    return call.value(text, path)
