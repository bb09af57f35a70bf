"""What the text of an input must look like, as whoever takes it demands.

A deployment refuses every other text (``AllowedPattern``, ``validation``), so that this much is
known of an input without a value. Only what no such text can be is concluded from it.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, Protocol

from iac_ec2lint.values.numbers import parse_number

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from iac_ec2lint.values.re2.language import Language

EACH = "*"
"""What leads to the elements of a list, a set or a map (``Allowed.at``)."""
_LONGEST = 1_000
"""Characters of a pattern that is read."""


LONGEST_PREFIX = 128


class Form(NamedTuple):
    """A regular expression that a text must match.

    Attributes:
        pattern: The expression, in what RE2 and the language that it is written in have in common.
        whole: Whether all of the text must match, and not only a part of it.
        data: All that matches, where it is written one by one: texts, numbers, ``true``.
    """

    pattern: str
    whole: bool
    data: tuple[str | int | bool, ...] = ()


class Bounds(NamedTuple):
    """A least and a most number, each of which may be missing, and numbers that are left out."""

    least: int | Decimal | None
    most: int | Decimal | None
    left_out: frozenset[int] = frozenset()

    def hold(self, number: int | Decimal) -> bool:
        """Whether a number is within them."""
        least, most, left_out = self
        within = (least is None or least <= number) and (most is None or number <= most)
        return within and number not in left_out


class Allowed(NamedTuple):
    """What a text, or each text of a list, must be: all of this.

    Attributes:
        forms: Expressions, one of which it must match; none where it need not.
        each: Whether it is not said of it itself, but of what ``at`` leads to, or where that is
            empty of each text of a list.
        at: The names of members that lead there; ``*`` leads to each element.
        number: What it must be as a number.
        length: How many characters it must have.
        refused: What it must not be.
        null: Whether it may be null as well.
    """

    forms: tuple[Form, ...]
    each: bool = False
    number: Bounds | None = None
    length: Bounds | None = None
    refused: frozenset[str] = frozenset()
    null: bool = False
    at: tuple[str, ...] = ()

    def at_members(self, at: tuple[str, ...]) -> Allowed:
        """The same, said of what is at the end of some members."""
        return self._replace(each=True, at=at) if at else self

    def of_member(self, name: str) -> Allowed | None:
        """What it says of a member, or of each element (``*``); ``None`` where it says nothing."""
        at = self.at or (EACH,)
        if not self.each or at[0] != name:
            return None
        return self._replace(each=len(at) > 1, at=at[1:])

    def may_be(self, text: str) -> bool:
        """Whether a text may be allowed."""
        if text in self.refused or (self.length is not None and not self.length.hold(len(text))):
            return False
        if self.number is not None:
            number = parse_number(text)
            if number is not None and not self.number.hold(number):
                return False
        return not self.forms or any(_may_be(form, text) for form in self.forms)


class Limited(Protocol):
    """What is not known, but for what it must be; see ``Unknown``."""

    allowed: tuple[Allowed, ...]
    unset: bool


def bounds_of(value: Limited) -> Bounds:
    """What bounds the number that an unknown is."""
    each = [one.number for one in value.allowed if one.number is not None and not one.each]
    least = [one.least for one in each if one.least is not None]
    most = [one.most for one in each if one.most is not None]
    left_out = frozenset[int]().union(*(one.left_out for one in each))
    return Bounds(max(least, default=None), min(most, default=None), left_out)


def allowed_of(value: Limited, name: str = EACH) -> tuple[Allowed, ...]:
    """What a member of an unknown must be, or each element of it."""
    found = (one.of_member(name) for one in value.allowed) if value.allowed else ()
    return tuple(one for one in found if one is not None)


def one_of(data: Iterable[str | int | bool]) -> Form:
    """What is one of some texts, numbers and bools."""
    written = tuple(data)
    return Form("|".join(re.escape(_text(one)) for one in written), whole=True, data=written)


_ANY_CASE = "(?i)(?:"


def folded(form: Form) -> Form:
    """What is one of some texts, in whichever case they are written."""
    return Form(f"{_ANY_CASE}{form.pattern})", whole=form.whole)


def in_any_case(demands: Iterable[Allowed]) -> Iterator[Allowed]:
    """What is known of a text in lower or upper case, of what is known of it as it was."""
    for one in demands:
        forms = tuple(folded(form) if form.data else form for form in one.forms)
        if forms and not one.each and all(form.pattern.startswith(_ANY_CASE) for form in forms):
            yield Allowed(forms, null=one.null)


def listed(value: Limited) -> tuple[str | int | bool, ...]:
    """All that an unknown can be, as it is written; empty where it may be anything, or null."""
    own = [one for one in value.allowed if not one.each]
    several = [
        tuple(data for form in one.forms for data in form.data)
        for one in own
        if one.forms and all(form.data for form in one.forms)
    ]
    if not several or value.unset or all(one.null for one in own):
        return ()
    return tuple(data for data in several[0] if all(one.may_be(_text(data)) for one in own))


def _text(data: str | int | bool) -> str:
    return str(data).lower() if isinstance(data, bool) else str(data)


def is_never_null(value: Limited) -> bool:
    """Whether what takes an unknown refuses null."""
    return any(not one.null and not one.each for one in value.allowed)


def are_among(value: Limited, accepted: Collection[object]) -> bool | None:
    """Whether an unknown is one of some data, whatever it comes to; ``None`` where it may be.

    Args:
        value: The unknown, of whose text something is known.
        accepted: The data; a field of true or false, or of numbers, takes a text that spells one.
    """
    if value.unset or not is_never_null(value):
        return None
    texts = listed(value)
    told = {_among(_text(one), accepted) for one in texts}
    if texts:
        return told.pop() if len(told) == 1 else None
    whole = [one for one in value.allowed if not one.each]
    bounds = bounds_of(value)
    for one in accepted:
        if isinstance(one, str):
            may_be = all(demanded.may_be(one) for demanded in whole)
        else:
            number = isinstance(one, int | Decimal) and not isinstance(one, bool)
            may_be = not number or bounds.hold(one)  # type: ignore[arg-type] # it is a number
        if may_be:
            return None
    return False


def _among(text: str, accepted: Collection[object]) -> bool:
    """Whether a text is one of some data, or spells one (``conversion.as_boolean``)."""
    number = parse_number(text)
    boolean = {"true": True, "1": True, "false": False, "0": False}.get(text.lower())
    for one in accepted:
        if isinstance(one, bool):
            if one is boolean:
                return True
        elif one == text or (number is not None and one == number):
            return True
    return False


def blocks_of(least: int, start: str = "[^/]*") -> Form:
    """Address blocks with prefixes of at least so many bits.

    Args:
        least: How many.
        start: An expression for what stands before the slash.
    """
    lengths = "|".join(map(str, range(least, LONGEST_PREFIX + 1)))
    return Form(f"{start}/0*(?:{lengths})(?:/.*)?", whole=True)


def language(form: Form) -> Language | None:
    """The texts that match an expression; ``None`` where that is not known."""
    # Rare: it reads regular expressions.
    from iac_ec2lint.values.re2.language import Language
    from iac_ec2lint.values.re2.machine import TooMuchWork
    from iac_ec2lint.values.re2.nodes import InvalidPattern
    from iac_ec2lint.values.re2.parser import NotMatched, read

    if len(form.pattern) > _LONGEST:
        return None
    try:
        return Language(read(form.pattern).node, whole=form.whole)
    except (InvalidPattern, NotMatched, TooMuchWork):
        return None


@lru_cache(maxsize=4096)
def _may_be(form: Form, text: str) -> bool:
    from iac_ec2lint.values.re2.machine import TooMuchWork  # as above

    known = language(form)
    try:
        return known is None or known.may_be(text)
    except TooMuchWork:
        return True
