"""Values as JSON: the forms that ``values.schema.json`` describes."""

from __future__ import annotations

from bisect import bisect_left, insort
from decimal import Decimal
from typing import TYPE_CHECKING

from iac_ec2lint.source.concealment import CONCEALED
from iac_ec2lint.terraform.cloud_control import written_attribute
from iac_ec2lint.terraform.language.containers import Lazy, is_open
from iac_ec2lint.terraform.language.marks import EPHEMERAL
from iac_ec2lint.terraform.language.unknowns import depend_on
from iac_ec2lint.values import Items, Reference, Unknown, Val, walk
from iac_ec2lint.values.stated import OF_INPUT

if TYPE_CHECKING:
    from iac_ec2lint.report.answers.values_report import Shown
    from iac_ec2lint.source.diagnostic import Diagnostic
    from iac_ec2lint.source.span import Span

_CREATED = frozenset({"computed", "data-source"})
_EPHEMERAL = "(ephemeral value)"
_DIGITS = 4000  # of a number; beyond them it is written with an exponent


def shown(value: Val, error: str | None = None) -> Shown:
    """What a name came to.

    Args:
        value: What it came to.
        error: What was wrong in its own expression, if anything was.
    """
    value = _settled(value)
    place: Shown = {"path": value.span.path, "line": value.span.line, **_said(value)}
    if error is not None:
        return {"error": error, **place}
    if isinstance(value, Unknown) and not _is_identity(value):
        if value.cause == "error":
            return {"error": value.reason, **place}
        candidates: list[object] = []
        for candidate in () if value.marks else value.candidates:
            data = encode(candidate)
            if data not in candidates:
                candidates.append(data)
        return {"unknown": value.reason, "candidates": candidates, **place}
    return {"value": encode(value), **place}


def _said(value: Val) -> Shown:
    """The places of a configuration that a value, or a part of it, is taken from."""
    steps = {
        (step.span.path, step.span.line): None
        for part in walk(value)
        for step in part.via
        if step.words.startswith(OF_INPUT)
    }
    return {"stated": [{"path": path, "line": line} for path, line in steps]} if steps else {}


def error_in(value: Val) -> str | None:
    """The error that a part of a value came to: it is then the whole expression's."""
    if isinstance(value, Unknown):
        return None
    for part in walk(value):
        if isinstance(part, Unknown) and part.cause == "error":
            return part.reason
    return None


def encode(value: Val) -> object:
    """A value, or a part of one, as JSON."""
    value = _settled(value)
    if isinstance(value, Unknown):
        if isinstance(value, Reference) and _is_identity(value):
            return {"$resource": value.target, "attribute": written_attribute(value)}
        return {"$unknown": value.reason}
    if value.marks:
        return {"$concealed": _EPHEMERAL if value.marks == EPHEMERAL else CONCEALED}
    data = value.data
    if isinstance(data, tuple):
        elements = [encode(element) for element in data]
        return {"$set": elements} if isinstance(data, Items) else elements
    if isinstance(data, dict):
        return {key: encode(member) for key, member in data.items()}
    if isinstance(data, int | Decimal) and not isinstance(data, bool):
        return _number(data)
    return data


def _settled(value: Val) -> Val:
    """A value whose insides are evaluated; a list of unknown length is an unknown."""
    if isinstance(value, Lazy):
        value = value.whole()
    if not isinstance(value, Unknown) and is_open(value.data):
        assert isinstance(value.data, tuple)  # noqa: S101 - nothing else can be open
        return depend_on(value.span, value.data).marked(value.marks)
    return value


def _is_identity(value: Unknown) -> bool:
    """Whether it is known which attribute of which resource it is, and nothing beyond that."""
    if not isinstance(value, Reference) or value.cause not in _CREATED or value.candidates:
        return False
    # What a dynamic reference reads is named by its service: "ssm:/path".
    return ":" not in value.target.partition("[")[0]


def _number(number: int | Decimal) -> object:
    exact = Decimal(number)
    if exact.adjusted() < _DIGITS and exact == exact.to_integral_value():
        whole = int(exact)
        return whole if _fits(whole) else {"$number": format(Decimal(whole), "f")}
    double = float(exact)
    if Decimal(repr(double)) == exact:
        return double
    if abs(exact.adjusted()) >= _DIGITS:
        return {"$number": str(exact)}
    return {"$number": format(exact, "f").rstrip("0")}


def _fits(whole: int) -> bool:
    """Whether a double holds it."""
    try:
        return int(float(whole)) == whole
    except OverflowError:
        return False


class Faults:
    """The errors of one unit by place; those that are reported later count too.

    Args:
        diagnostics: The unit's, which grow while it is evaluated.
    """

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        self._diagnostics = diagnostics
        self._seen = 0
        self._places: dict[str, list[tuple[int, int, str]]] = {}

    def within(self, span: Span | None) -> str | None:
        """The first error reported inside a span."""
        for diagnostic in self._diagnostics[self._seen :]:
            places = self._places.setdefault(diagnostic.path, [])
            insort(places, (diagnostic.line, diagnostic.column, diagnostic.message))
        self._seen = len(self._diagnostics)
        places = self._places.get(span.path, []) if span is not None else []
        if not places or span is None:
            return None
        at = bisect_left(places, (span.line, span.column, ""))
        if at == len(places) or places[at][:2] >= (span.end_line, span.end_column):
            return None
        return places[at][2]
