"""``format`` and ``formatlist``.

Source: "format Function" of the Terraform language; go-cty, ``cty/function/stdlib/format.go``,
which hands numbers to Go's ``fmt``.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING

from iac_ec2lint.terraform.functions.encodings import encode_json, json_string
from iac_ec2lint.terraform.functions.registry import FunctionError, function
from iac_ec2lint.terraform.functions.texts.graphemes import graphemes
from iac_ec2lint.terraform.language.arithmetic import CONTEXT, negate
from iac_ec2lint.terraform.language.containers import Several, is_open, make_list
from iac_ec2lint.terraform.language.conversion import Mismatch, convert, primitive_text
from iac_ec2lint.terraform.language.types import (
    ANY,
    BOOL,
    NUMBER,
    STRING,
    ListOf,
    SetOf,
    TupleOf,
    Type,
)
from iac_ec2lint.terraform.language.unknowns import depend_on, element_of, wholly_known
from iac_ec2lint.values import Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iac_ec2lint.terraform.functions.registry import FunctionCall

_VERB = re.compile(
    r"%(?P<flags>[ +\-0#]*)(?P<width>[1-9][0-9]*)?(?:\.(?P<precision>[0-9]*))?"
    r"(?:\[(?P<argument>[0-9]+)\])?(?P<mode>.)",
    re.DOTALL | re.ASCII,
)
_MAX_WIDTH = 10_000


class _Verb:
    """One verb of a format string."""

    __slots__ = ("argument", "flags", "mode", "precision", "text", "width")

    def __init__(self, found: re.Match[str]) -> None:
        self.text = found[0]
        self.flags = found["flags"]
        self.width = int(found["width"] or 0)
        given = found["precision"]
        self.precision = None if given is None else int(given or 0)
        self.argument = None if found["argument"] is None else int(found["argument"])
        self.mode = found["mode"]
        if self.width > _MAX_WIDTH or (self.precision or 0) > _MAX_WIDTH:
            raise FunctionError("the width of a verb is too large")


@function(
    "format", STRING, variadic=ANY, result=STRING, needs="none", nulls=frozenset(range(1, 99))
)
def _format(call: FunctionCall, template: Val, *arguments: Val) -> Val:
    text = template.text
    if text is None:
        return call.undecided(lambda v: _format(call, *v), template, *arguments, kind=STRING)
    from iac_ec2lint.terraform.language.templates import join_pieces

    pieces = format_pieces(call, text, arguments)
    return join_pieces(call.span, [*pieces, Value("", call.span, template.via)], call.scope)


def format_pieces(call: FunctionCall, text: str, arguments: Sequence[Val]) -> list[Val]:
    """The text of a format string with its arguments put in, piece by piece.

    Raises:
        FunctionError: It does not fit its arguments.
    """
    pieces: list[Val] = []
    position = 0
    following = 1
    highest = 0
    while True:
        start = text.find("%", position)
        if start < 0:
            break
        if start > position:
            pieces.append(Value(text[position:start], call.span))
        if text.startswith("%%", start):
            pieces.append(Value("%", call.span))
            position = start + 2
            continue
        found = _VERB.match(text, start)
        if found is None:
            raise FunctionError("a verb at the end of the format is not complete")
        verb = _Verb(found)
        number = verb.argument if verb.argument is not None else following
        if not 1 <= number <= len(arguments):
            raise FunctionError(f"there is no argument for {verb.text}")
        following = number + 1
        highest = max(highest, number)
        pieces.append(_piece(call, verb, arguments[number - 1]))
        position = found.end()
    if position < len(text):
        pieces.append(Value(text[position:], call.span))
    if highest < len(arguments):
        raise FunctionError(f"{len(arguments)} arguments, of which {highest} are used")
    return pieces


_MODES: dict[str, Type] = {
    "v": ANY,
    "t": BOOL,
    **dict.fromkeys("bdoxXeEfgG", NUMBER),
    "s": STRING,
    "q": STRING,
}


def _piece(call: FunctionCall, verb: _Verb, argument: Val) -> Val:
    kind = _MODES.get(verb.mode)
    if kind is None:
        raise FunctionError(f"there is no verb {verb.text}")
    if verb.mode != "v" and argument.is_null:
        raise FunctionError(f"a null value for {verb.text}")
    try:
        value = convert(argument, kind)
    except Mismatch as mismatch:
        raise FunctionError(f"unsuitable value for {verb.text}: {mismatch}") from None
    if not wholly_known(value):
        return _unknown_piece(call, verb, value)
    assert isinstance(value, Value)  # noqa: S101 - it is known
    return Value(_render(verb, value), value.span, value.via)


def _unknown_piece(call: FunctionCall, verb: _Verb, value: Val) -> Val:
    if isinstance(value, Unknown):
        plain = not (verb.width or verb.flags or verb.precision is not None)
        if plain and verb.mode in "sv" and (value.parts or value.type is STRING):
            return value
        return call.undecided(lambda v: _piece(call, verb, v[0]), value, kind=STRING)
    return call.unknown(value, kind=STRING)


def _render(verb: _Verb, value: Value) -> str:
    mode = verb.mode
    data = value.data
    if mode == "v":
        return _pad(verb, _plain(verb, value))
    if mode == "t":
        return "true" if data else "false"
    if mode == "s":
        text = str(data)
        return _pad(verb, _shorten(verb, text))
    if mode == "q":
        return _pad(verb, json_string(_shorten(verb, str(data))))
    assert isinstance(data, int | Decimal)  # noqa: S101 - it has been converted
    return _number(verb, data)


def _shorten(verb: _Verb, text: str) -> str:
    return "".join(graphemes(text)[: verb.precision]) if verb.precision else text


def _plain(verb: _Verb, value: Value) -> str:
    data = value.data
    if "#" not in verb.flags:
        if isinstance(data, str):
            return data
        if isinstance(data, int | Decimal) and not isinstance(data, bool):
            return _general(Decimal(data), None, "e")
    return encode_json(value)


def _pad(verb: _Verb, text: str) -> str:
    missing = verb.width - len(graphemes(text)) if verb.width else 0
    if missing <= 0:
        return text
    if "-" in verb.flags:
        return text + " " * missing
    return ("0" if "0" in verb.flags else " ") * missing + text


def _number(verb: _Verb, number: int | Decimal) -> str:
    mode = verb.mode
    magnitude: int | Decimal = number
    if number < 0:
        magnitude = negate(number)
    if mode in "bdoxX":
        if isinstance(magnitude, Decimal):
            raise FunctionError(f"a whole number is required for {verb.text}")
        digits = format(magnitude, mode)
        if verb.precision is not None:
            digits = digits.rjust(verb.precision, "0")
        prefix = (
            {"b": "0b", "o": "0", "x": "0x", "X": "0X"}.get(mode, "") if "#" in verb.flags else ""
        )
        body = prefix + digits
    else:
        body = _real(mode, Decimal(magnitude), verb.precision)
    sign = "-" if number < 0 else "+" if "+" in verb.flags else " " if " " in verb.flags else ""
    missing = verb.width - len(sign) - len(body)
    if missing <= 0:
        return sign + body
    if "-" in verb.flags:
        return sign + body + " " * missing
    if "0" in verb.flags:
        return sign + "0" * missing + body
    return " " * missing + sign + body


def _real(mode: str, number: Decimal, precision: int | None) -> str:
    if mode == "f":
        places = 6 if precision is None else precision
        return format(number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN, CONTEXT), "f")
    if mode in "eE":
        return _scientific(number, 6 if precision is None else precision, mode)
    return _general(number, precision, "e" if mode == "g" else "E")


def _scientific(number: Decimal, places: int, letter: str) -> str:
    text = format(number, f".{places}e")
    mantissa, _, exponent = text.partition("e")
    power = int(exponent)
    return f"{mantissa}{letter}{'-' if power < 0 else '+'}{abs(power):02d}"


def _general(number: Decimal, precision: int | None, letter: str) -> str:
    """Go's ``%g``: an exponent where the number is very small or large."""
    sign = "-" if number < 0 else ""
    number = number.copy_abs()
    if not number:
        return sign + "0"
    if precision is not None:
        number = Decimal(format(number, f".{max(precision, 1) - 1}e"))
    digits = "".join(map(str, number.as_tuple().digits)).rstrip("0") or "0"
    exponent = number.adjusted()
    limit = 6 if precision is None else max(precision, 1)
    if precision is not None and limit > len(digits) >= exponent + 1:
        limit = len(digits)
    if exponent < -4 or exponent >= limit:
        mantissa = digits[0] + ("." + digits[1:] if len(digits) > 1 else "")
        return f"{sign}{mantissa}{letter}{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
    return sign + (
        primitive_text(int(number) if number == int(number) else number.normalize()) or ""
    )


@function(
    "formatlist",
    STRING,
    variadic=ANY,
    result=ListOf(STRING),
    needs="none",
    nulls=frozenset(range(1, 99)),
)
def _formatlist(call: FunctionCall, template: Val, *arguments: Val) -> Val:
    length = _common_length(arguments)
    if length is None or template.text is None or any(_opaque(a) for a in arguments):
        lifted = call.undecided(
            lambda v: _formatlist(call, *v), template, *arguments, kind=ListOf(STRING)
        )
        if lifted.candidates or lifted.cause == "error" or template.text is None:
            return lifted
        each = _format(call, template, *(_any_element(a) for a in arguments))
        return Value(make_list([Several(lifted, each)], STRING, is_open=True), call.span)
    if length == 0:
        return Value(make_list((), STRING), call.span)
    columns = [_column(argument, length) for argument in arguments]
    made: list[Val] = []
    for row in range(length):
        values = [column[row] for column in columns]
        if any(isinstance(v, Several) for v in values):
            return call.unknown(template, *arguments, kind=ListOf(STRING))
        made.append(_format(call, template, *values))
    for one in made:
        if isinstance(one, Unknown) and one.cause == "error":
            return one
    return Value(make_list(made, STRING), call.span)


def _any_element(argument: Val) -> Val:
    """What stands for whichever element of a list; a single value is there for each row."""
    if isinstance(argument, Unknown):
        return element_of(argument)
    elements = [e.element if isinstance(e, Several) else e for e in argument.elements()]
    if len(elements) == 1:
        return elements[0]
    return depend_on(argument.span, elements, STRING)


def _column(argument: Val, length: int) -> tuple[Val, ...]:
    if isinstance(argument, Value) and isinstance(argument.data, tuple):
        return argument.elements()
    return (argument,) * length


def _opaque(argument: Val) -> bool:
    """Whether nobody knows if it is a list, or how long it is."""
    if isinstance(argument, Unknown):
        kind = argument.type
        return (
            not isinstance(kind, Type) or kind is ANY or isinstance(kind, ListOf | SetOf | TupleOf)
        )
    if is_open(argument.data):
        return True
    from iac_ec2lint.terraform.language.containers import Set

    return isinstance(argument.data, Set) and not wholly_known(argument)


def _common_length(arguments: Sequence[Val]) -> int | None:
    """The length of the lists among the arguments; 1 where there is none, ``None`` if unknown."""
    lengths: set[int] = set()
    unknown = False
    for argument in arguments:
        kind = argument.type if isinstance(argument, Unknown) else None
        if isinstance(kind, TupleOf):
            lengths.add(len(kind.elements))
        elif isinstance(argument, Value) and isinstance(argument.data, tuple):
            if not is_open(argument.data):
                lengths.add(len(argument.data))
        elif isinstance(argument, Unknown):
            unknown = True
    if len(lengths) > 1:
        raise FunctionError("the lists must have the same length")
    if lengths:
        return lengths.pop()
    return None if unknown and any(_opaque(a) for a in arguments) else 1
