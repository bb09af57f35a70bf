"""The address blocks that a text can be which must match a regular expression.

A block that may be written in any way that anybody takes for one, leading zeros and spaces around
it among them, counts: what is left out is surely refused.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.network.sets.addresses import AddressSet, Family
from iac_ec2lint.network.sets.ranges import Ranges, merged
from iac_ec2lint.values.allowed import Form, language

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iac_ec2lint.values import Unknown
    from iac_ec2lint.values.allowed import Allowed
    from iac_ec2lint.values.re2.language import Language, Places

_SPACES = " \t\r\n"
_HEXADECIMAL = "0123456789abcdefABCDEF"
_HALF = 16
"""The bits of an IPv4 address that are told apart."""


class AllowedBlocks(NamedTuple):
    """The blocks that are allowed.

    Attributes:
        upper: All of their addresses.
        lengths: The prefix lengths that they may have.
    """

    upper: AddressSet
    lengths: frozenset[int]


def allowed_blocks(value: Unknown, family: Family) -> AllowedBlocks | None:
    """The blocks of one family that an unknown can be; ``None`` where nothing is known of them."""
    demands = [one for one in value.allowed if one.forms]
    found = _of_all(demands, family, None)
    if found is not None and found.lengths and len(demands) > 1:
        # What one allows with any length, another may allow with long ones alone.
        found = _of_all(demands, family, found.lengths)
    # One that can be no block at all is refused, or is not what it seems to be.
    return found if found is not None and found.lengths and found.upper.ranges else None


def _of_all(
    demands: list[Allowed], family: Family, within: frozenset[int] | None
) -> AllowedBlocks | None:
    """The blocks that all of some demands allow, with lengths ``within`` where that is given."""
    found: AllowedBlocks | None = None
    for allowed in demands:
        each = [_of_form(form, family, within) for form in allowed.forms]
        known = [one for one in each if one is not None]
        if len(known) < len(each):
            continue
        upper = AddressSet.union(family, (one.upper for one in known))
        lengths = frozenset[int]().union(*(one.lengths for one in known))
        if found is not None:
            upper, lengths = upper & found.upper, lengths & found.lengths
        found = AllowedBlocks(upper, lengths)
    return found


@lru_cache(maxsize=1024)
def _of_form(form: Form, family: Family, within: frozenset[int] | None) -> AllowedBlocks | None:
    """The blocks that an expression allows; ``None`` where that is not known."""
    from iac_ec2lint.values.re2.machine import TooMuchWork  # rare: it reads regular expressions

    known = language(form)
    if known is None:
        return None
    walk = _Walk(known, family, within)
    try:
        return walk.of_ipv4() if family is Family.IPV4 else walk.of_ipv6()
    except TooMuchWork:
        return None


class _Walk:
    """All spellings of blocks, followed through an expression at once."""

    def __init__(self, texts: Language, family: Family, within: frozenset[int] | None) -> None:
        self._texts = texts
        self._family = family
        self._within = within
        self._lengths: dict[Places, frozenset[int]] = {}

    def of_ipv4(self) -> AllowedBlocks:
        lengths: set[int] = set()
        pairs: list[tuple[int, int]] = []
        halves: dict[Places, tuple[Ranges, frozenset[int]]] = {}
        for start in self._spaced(self._texts.start):
            for places, numbers in self._numbers(start, 255, "."):
                if places not in halves:
                    halves[places] = self._second(places)
                ranges, found = halves[places]
                if not found:
                    continue
                lengths |= found
                for number in numbers:
                    shortest = min(found)
                    if shortest < 8:
                        size = 1 << (self._family.bits - shortest)
                        first = (number << 24) // size * size
                        pairs.append((first, first + size - 1))
                    base = number << 24
                    pairs += ((base + low, base + high) for low, high in ranges)
        return AllowedBlocks(AddressSet(self._family, merged(pairs)), frozenset(lengths))

    def _second(self, start: Places) -> tuple[Ranges, frozenset[int]]:
        """What follows the first number and its dot: the addresses below it, and the lengths."""
        lengths: set[int] = set()
        pairs: list[tuple[int, int]] = []
        for places, numbers in self._numbers(start, 255, "."):
            found = self._last_half(places)
            if not found:
                continue
            lengths |= found
            size = 1 << (self._family.bits - max(min(found), 8))
            for number in numbers:
                first = (number << _HALF) // size * size
                pairs.append((first, first + max(size, 1 << _HALF) - 1))
        return merged(pairs), frozenset(lengths)

    def _last_half(self, start: Places) -> frozenset[int]:
        found = self._lengths.get(start)
        if found is None:
            thirds = {places for places, _ in self._numbers(start, 255, ".")}
            ends = {places for one in thirds for places, _ in self._numbers(one, 255, "")}
            found = self._lengths[start] = self._prefixes(ends)
        return found

    def of_ipv6(self) -> AllowedBlocks:
        """Of IPv6 the prefix lengths alone are looked at."""
        begun = set(self._spaced(self._texts.start))
        plain = self._reached(begun, _HEXADECIMAL + ".")
        with_colon = {self._texts.after(places, ":") for places in plain} - _NOWHERE
        ends = self._reached(with_colon, _HEXADECIMAL + ".:")
        lengths = self._prefixes(ends)
        everything = AddressSet.everything(self._family)
        return AllowedBlocks(everything if lengths else everything - everything, lengths)

    def _prefixes(self, ends: Iterable[Places]) -> frozenset[int]:
        """The prefix lengths that may follow an address, which is a block of one without any."""
        ends = set(ends)
        bits = self._family.bits
        found = {bits} if self._may_end(ends) else set()
        for slash in {self._texts.after(places, "/") for places in ends} - _NOWHERE:
            for places, numbers in self._numbers(slash, bits, ""):
                if self._may_end({places}):
                    found |= numbers
        return frozenset(found if self._within is None else found & self._within)

    def _may_end(self, ends: set[Places]) -> bool:
        return any(self._texts.ends(places) for one in ends for places in self._spaced(one))

    def _spaced(self, places: Places) -> set[Places]:
        return self._reached({places}, _SPACES)

    def _reached(self, places: set[Places], characters: str) -> set[Places]:
        """The places that any number of some characters leads to, none among them."""
        found: set[Places] = set()
        stack = list(places)
        while stack:
            one = stack.pop()
            if one and one not in found:
                found.add(one)
                stack.extend(self._texts.after(one, character) for character in characters)
        return found

    def _numbers(self, start: Places, most: int, after: str) -> list[tuple[Places, set[int]]]:
        """The places that decimal numbers, and a text after them, lead to, with these numbers."""
        found: dict[Places, set[int]] = defaultdict(set)
        written = {(start, "")}
        for _ in range(len(str(most))):
            written = {
                (self._texts.after(places, digit), text + digit)
                for places, text in written
                for digit in "0123456789"
                if int(text + digit) <= most
            }
            written = {one for one in written if one[0]}
            for places, text in written:
                ends = self._texts.after(places, after) if after else places
                if ends:
                    found[ends] |= _meant(text)
        return list(found.items())


def _meant(text: str) -> set[int]:
    """What a number is, with a leading zero perhaps an octal one."""
    found = {int(text)}
    if text[0] == "0" and not set(text) & {"8", "9"}:
        found.add(int(text, 8))
    return found


_NOWHERE = {frozenset[int]()}
