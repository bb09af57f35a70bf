"""String functions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iac_ec2lint.source import limits
from iac_ec2lint.terraform.functions.registry import FunctionError, function, scalar, whole
from iac_ec2lint.terraform.functions.texts.graphemes import graphemes
from iac_ec2lint.terraform.identifiers import is_plain, parts_of_arn, without_revision
from iac_ec2lint.terraform.language.containers import (
    Several,
    is_open,
    make_list,
    normalize,
)
from iac_ec2lint.terraform.language.open_lists import closed_lists, is_exact
from iac_ec2lint.terraform.language.types import BOOL, NUMBER, STRING, ListOf
from iac_ec2lint.terraform.language.unknowns import choose, depend
from iac_ec2lint.values import Unknown, Val, Value
from iac_ec2lint.values.allowed import in_any_case

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from iac_ec2lint.terraform.functions.registry import FunctionCall

_SPACE = " \t\n\v\f\r\u0085\u00a0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
_SEPARATORS = frozenset({",", ";", " ", "\n", "|"})
_FINAL_NEWLINES = re.compile(r"(?:\r\n|\r|\n)*\Z")


@function("chomp", STRING, result=STRING, needs="none")
def _chomp(call: FunctionCall, given: Val) -> Val:
    return _without_ends(call, given, _without_newlines)


def _without_newlines(text: str) -> str:
    return text[: _FINAL_NEWLINES.search(text).start()]  # type: ignore[union-attr] # it matches always


@function("indent", NUMBER, STRING, result=STRING, needs="none")
def _indent(call: FunctionCall, spaces: Val, text: Val) -> Val:
    """What is only partly known is kept, as a boot script is; its pieces are taken to be lines."""
    if spaces.number is None:
        return call.unknown(spaces, text, kind=STRING)
    width = spaces.number
    if isinstance(text, Value):
        return call.value(_indented(width, text.text or ""), spaces, text)
    made = call.undecided(lambda v: _indent(call, *v), spaces, text, kind=STRING)
    if made.candidates:
        return made
    pieces = text.parts or (text,)
    return made.but(
        parts=tuple(_indented(width, one) if isinstance(one, str) else one for one in pieces)
    )


def _indented(spaces: int | Decimal, text: str) -> str:
    width = max(whole(spaces), 0) if "\n" in text else 0
    if len(text) + text.count("\n") * width > limits.STRING_LENGTH:
        raise FunctionError(f"a string of more than {limits.STRING_LENGTH} characters")
    return text.replace("\n", "\n" + " " * width)


def _one_to_one(changed: str, character: str) -> str:
    # Go maps each character to one; Python may map one to several ("ß" to "SS").
    return changed if len(changed) == 1 else character


@function("lower", STRING, needs="none")
def _lower(call: FunctionCall, text: Val) -> Val:
    return _each_character(call, text, str.lower)


@function("upper", STRING, needs="none")
def _upper(call: FunctionCall, text: Val) -> Val:
    return _each_character(call, text, str.upper)


def _each_character(call: FunctionCall, text: Val, change: Callable[[str], str]) -> Val:
    """A text with each character changed by itself, those of the known parts of an unknown too."""
    if isinstance(text, Value):
        return call.value(_changed(text.text or "", change), text)
    result = call.undecided(lambda v: _each_character(call, v[0], change), text, kind=STRING)
    if text.allowed:
        result = result.but(allowed=tuple(in_any_case(text.allowed)))
    if not text.parts:
        return result
    parts = (
        _changed(part, change) if isinstance(part, str) else call.unknown(part, kind=STRING)
        for part in text.parts
    )
    return result.but(parts=tuple(parts))


def _changed(text: str, change: Callable[[str], str]) -> str:
    if text.isascii():
        return change(text)
    return normalize("".join([_one_to_one(change(c), c) for c in text]))


@scalar("title", STRING)
def _title(text: str) -> str:
    result: list[str] = []
    inside = False
    for character in text:
        result.append(character if inside else _one_to_one(character.title(), character))
        if character.isascii():
            inside = character.isalnum() or character == "_"
        else:
            inside = character.isalnum() or not character.isspace()
    return "".join(result)


@scalar("strrev", STRING)
def _strrev(text: str) -> str:
    return "".join(reversed(graphemes(text)))


@scalar("substr", STRING, NUMBER, NUMBER)
def _substr(text: str, start: int | Decimal, length: int | Decimal) -> str:
    offset, count = whole(start), whole(length)
    pieces = graphemes(text)
    if offset < 0:
        offset = max(offset + len(pieces), 0)
    return "".join(pieces[offset:] if count < 0 else pieces[offset : offset + count])


@scalar("trim", STRING, STRING)
def _trim(text: str, characters: str) -> str:
    return text.strip(characters) if characters else text


@scalar("trimprefix", STRING, STRING)
def _trimprefix(text: str, prefix: str) -> str:
    return text.removeprefix(prefix)


@scalar("trimsuffix", STRING, STRING)
def _trimsuffix(text: str, suffix: str) -> str:
    return text.removesuffix(suffix)


@function("trimspace", STRING, result=STRING, needs="none")
def _trimspace(call: FunctionCall, given: Val) -> Val:
    return _without_ends(call, given, lambda text: text.strip(_SPACE))


def _without_ends(call: FunctionCall, given: Val, trim: Callable[[str], str]) -> Val:
    """A text without white space around it; one that is not known is taken to have none."""
    if isinstance(given, Value):
        return call.value(normalize(trim(given.text or "")), given)
    made = call.undecided(lambda v: _without_ends(call, v[0], trim), given, kind=STRING)
    return made if made.candidates else made.but(parts=(given,))


_ENDED = re.compile(":[^:]*/")
"""A text that only the end of an ARN before its id can hold: see ``parts_of_arn``."""


@function("strcontains", STRING, STRING, result=BOOL, needs="none")
def _strcontains(call: FunctionCall, text: Val, part: Val) -> Val:
    whole_text, wanted = text.text, part.text
    if whole_text is not None and wanted is not None:
        return call.value(wanted in whole_text, text, part)
    arn = parts_of_arn(text)
    if arn is not None and wanted is not None and _ENDED.fullmatch(wanted):
        return call.value(wanted == arn[0], text, part)
    return call.undecided(lambda values: _strcontains(call, *values), text, part, kind=BOOL)


@function("startswith", STRING, STRING, result=BOOL, needs="none")
def _startswith(call: FunctionCall, text: Val, prefix: Val) -> Val:
    return _edge(call, text, prefix, first=True)


@function("endswith", STRING, STRING, result=BOOL, needs="none")
def _endswith(call: FunctionCall, text: Val, suffix: Val) -> Val:
    return _edge(call, text, suffix, first=False)


def _edge(call: FunctionCall, text: Val, edge: Val, *, first: bool) -> Val:
    wanted = edge.text
    if wanted == "":
        return call.value(True, edge)
    whole_text = text.text
    if wanted is not None and whole_text is not None:
        verdict = whole_text.startswith(wanted) if first else whole_text.endswith(wanted)
        return call.value(verdict, text, edge)
    if wanted is not None and isinstance(text, Unknown) and text.parts:
        known = text.parts[0 if first else -1]
        if isinstance(known, str):
            size = min(len(known), len(wanted))
            agrees = known[:size] == wanted[:size] if first else known[-size:] == wanted[-size:]
            if not agrees or len(known) >= len(wanted):
                return call.value(agrees, text, edge)
    return call.unknown(text, edge, kind=BOOL)


@function("replace", STRING, STRING, STRING, result=STRING, needs="none")
def _replace(call: FunctionCall, text: Val, pattern: Val, replacement: Val) -> Val:
    if any(isinstance(one, Unknown) for one in (text, pattern, replacement)):
        family = without_revision(text, pattern.text or "")
        if family is not None and replacement.text is not None and "$" not in replacement.text:
            from iac_ec2lint.terraform.language.templates import join_pieces

            return join_pieces(call.span, [family, replacement], call.scope)
        return call.undecided(
            lambda values: _replace(call, *values), text, pattern, replacement, kind=STRING
        )
    whole, wanted, given = text.text or "", pattern.text or "", replacement.text or ""
    if len(wanted) > 1 and wanted.startswith("/") and wanted.endswith("/"):
        # Rare: it reads RE2's syntax.
        from iac_ec2lint.terraform.functions.texts.patterns import not_matched, paid, substitute
        from iac_ec2lint.values.re2.parser import NotMatched

        try:
            with paid(call) as work:
                result = substitute(wanted[1:-1], given, whole, work)
        except NotMatched as problem:
            return not_matched(call, problem)
    else:
        length = len(whole) + whole.count(wanted) * (len(given) - len(wanted))
        if length > limits.STRING_LENGTH and (bound := call.text_bound(length)) is not None:
            return bound
        result = whole.replace(wanted, given)
    return call.value(normalize(result), text, pattern, replacement)


@function("split", STRING, STRING, result=ListOf(STRING), needs="none")
def _split(call: FunctionCall, separator: Val, text: Val) -> Val:
    mark, whole_text = separator.text, text.text
    if mark is not None and whole_text is not None:
        pieces = _pieces(mark, whole_text)
        elements = [Value(normalize(p), text.span) for p in pieces]
        return Value(make_list(elements, STRING), call.span, call.value(None, separator, text).via)
    if mark and isinstance(text, Unknown) and text.parts and not text.candidates:
        return _split_parts(call, mark, text)
    arn = parts_of_arn(text) if mark == "/" else None
    if arn is not None:
        return Value(make_list((call.unknown(text, kind=STRING), arn[1]), STRING), call.span)
    return call.undecided(
        lambda values: _split(call, *values), separator, text, kind=ListOf(STRING)
    )


def _pieces(mark: str, text: str) -> list[str]:
    return text.split(mark) if mark else list(text)


def _split_parts(call: FunctionCall, mark: str, text: Unknown) -> Val:
    """Pieces that are known, or that have a name; from the first other one on nobody knows."""
    elements: list[Val] = []
    current: list[Val] = []
    for part in text.parts:
        if isinstance(part, str):
            first, *more = part.split(mark)
            current.append(Value(first, text.span))
            for piece in more:
                elements.append(_piece(call, current))
                current = [Value(piece, text.span)]
        elif is_plain(part) and mark in _SEPARATORS:
            current.append(part)
        elif elements:
            rest = call.unknown(text, kind=STRING)
            made = make_list([*elements, Several(rest, rest)], STRING, is_open=True)
            return Value(made, call.span)
        else:
            return call.unknown(text, kind=ListOf(STRING))
    return Value(make_list([*elements, _piece(call, current)], STRING), call.span)


def _piece(call: FunctionCall, pieces: list[Val]) -> Val:
    """One piece of a split text; as what it refers to, where that is all of it."""
    from iac_ec2lint.terraform.language.templates import join_pieces

    kept = [piece for piece in pieces if piece.text != ""]
    if len(kept) == 1:
        return kept[0]
    return join_pieces(call.span, kept, call.scope)


@function("join", STRING, variadic=ListOf(STRING), result=STRING, needs="none")
def _join(call: FunctionCall, separator: Val, *lists: Val) -> Val:
    if not lists:
        raise FunctionError("it needs a list or more")
    mark = separator.text
    elements: list[Val] = []
    for one in lists:
        if isinstance(one, Unknown):
            return _join_unknown(call, separator, lists)
        elements.extend(one.elements())
        if is_open(one.data):
            return _join_open(call, separator, lists)
    if len(elements) == 1 and isinstance(elements[0], Value) and elements[0].data is not None:
        # It stays what it is, a policy document with its statements.
        via = call.value(None, separator, *lists).via
        return elements[0] if elements[0].via else elements[0].after(*via)
    if mark is None:
        return call.unknown(separator, *lists, kind=STRING)
    pieces: list[Val] = []
    for position, element in enumerate(elements):
        if isinstance(element, Value) and element.data is None:
            raise FunctionError("an element is null", element)
        if position:
            pieces.append(separator)
        pieces.append(element)
    from iac_ec2lint.terraform.language.templates import join_pieces

    joined = join_pieces(call.span, pieces, call.scope)
    via = call.value(None, separator, *lists).via
    return joined.after(*via) if via and not joined.via else joined


def _join_unknown(call: FunctionCall, separator: Val, lists: tuple[Val, ...]) -> Val:
    return call.undecided(lambda values: _join(call, *values), separator, *lists, kind=STRING)


def _join_open(call: FunctionCall, separator: Val, lists: tuple[Val, ...]) -> Val:
    """The text of a list of which some elements may not be there, as far as it is known."""
    elements = [e for one in lists for e in one.elements()]
    if len(elements) == 1 and isinstance(elements[0], Several):
        # ``join("", aws_x.y[*].id)`` of a resource that may not be there: its id, or nothing.
        several = elements[0]
        nothing = Value("", call.span)
        return choose(call.span, several, [several.element, nothing], STRING)
    if separator.text is None or not all(map(is_exact, lists)):
        return call.unknown(separator, *lists, kind=STRING)
    from iac_ec2lint.terraform.language.templates import join_pieces

    texts = [
        _join(call, separator, Value(make_list(one.elements, STRING), call.span)).after(*one.when)
        for one in closed_lists(lists)
    ]
    if not texts:
        return join_pieces(call.span, _pieces_around(call, separator, elements), call.scope)
    undecided = [one for one in elements if isinstance(one, Several)]
    return choose(call.span, depend(call.span, undecided), texts, STRING)


def _pieces_around(call: FunctionCall, separator: Val, elements: list[Val]) -> list[Val]:
    """What elements make: each of those that may be there brings its separator along.

    Lines stay lines: those that may be there stand in a line of their own, be it an empty one.
    """
    lines = "\n" in (separator.text or "")
    pieces: list[Val] = []
    begun = False
    for element in elements:
        several = isinstance(element, Several)
        if begun and (lines or not several):
            pieces.append(separator)
        begun = begun or lines or not several
        pieces.append(
            depend(call.span, [element], STRING) if isinstance(element, Several) else element
        )
    return pieces
