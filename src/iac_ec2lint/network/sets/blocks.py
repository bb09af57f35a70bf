"""Address blocks as they are written, known, one of several, or known in part."""

from __future__ import annotations

from typing import NamedTuple

from iac_ec2lint.network.sets.addresses import AddressSet, Family, parse_cidr
from iac_ec2lint.network.sets.allowed_blocks import allowed_blocks
from iac_ec2lint.values import Unknown, Val, Value
from iac_ec2lint.values.inputs import input_of_default


class AddressBlock(NamedTuple):
    """An address block as it is written, evaluated.

    Attributes:
        lower: The addresses that are certainly in it.
        upper: The addresses that may be in it.
        lengths: The prefix lengths that it may have, ascending; empty where unknown.
        causes: The unknowns by which ``lower`` and ``upper`` differ.
    """

    lower: AddressSet
    upper: AddressSet
    lengths: tuple[int, ...]
    causes: tuple[Unknown, ...]

    @property
    def is_known(self) -> bool:
        """Whether it is one block that is known."""
        return not self.causes

    @property
    def most(self) -> int:
        """The greatest number of addresses that it may have."""
        if not self.lengths:
            return self.upper.size
        return min(self.upper.size, 1 << (self.upper.family.bits - self.lengths[0]))


def read_block(value: Val, family: Family) -> AddressBlock:
    """A block of one family, or a bare address.

    What cannot be read, or is of the other family, may be anything of this one
    (semantics.md, A1).
    """
    known = value.candidates if isinstance(value, Unknown) else (value,)
    absent = isinstance(value, Unknown) and value.unset
    sets: list[AddressSet] = []
    lengths: set[int] = set()
    for candidate in known:
        if candidate.is_null:
            absent = True
            continue
        text = candidate.text if isinstance(candidate, Value) else None
        parsed = parse_cidr(text) if text is not None else None
        if parsed is None or parsed.family is not family:
            return _anything(value, family)
        sets.append(parsed.addresses)
        lengths.add(family.bits - (parsed.addresses.size.bit_length() - 1))
    if not sets:
        return _anything(value, family)
    lower, upper = sets[0], AddressSet.union(family, sets)
    for other in sets[1:]:
        lower &= other
    if absent:
        lower = AddressSet.nothing(family)
    causes = (value,) if isinstance(value, Unknown) and lower != upper else ()
    return AddressBlock(lower, upper, tuple(sorted(lengths)), causes)


def _anything(value: Val, family: Family) -> AddressBlock:
    nothing = AddressSet.nothing(family)
    if not isinstance(value, Unknown):
        cause = no_range(value, value.text, family, "block")
        return AddressBlock(nothing, AddressSet.everything(family), (), (cause,))
    bound = bound_of(value, family)
    if bound.whole:
        return AddressBlock(bound.upper, bound.upper, bound.lengths, ())
    return AddressBlock(nothing, bound.upper, bound.lengths, (value,))


def no_range(value: Val, text: object, family: Family, kind: str = "range") -> Unknown:
    """The unknown that a text is which is no range of a family: EC2 refuses it.

    Where it is the default of an input, another deployment has to give that a value.

    Args:
        value: What came to the text.
        text: The text.
        family: The family.
        kind: What a range is called there.
    """
    words = f'"{text}" is not an {"IPv4" if family is Family.IPV4 else "IPv6"} {kind}'
    given = [(step, found) for step in value.via if (found := input_of_default(step)) is not None]
    if not given:
        return Unknown(words, "error", value.span, value.via)
    step, found = given[0]
    words = f"the {step.words} is to be replaced: {words}"
    return Unknown(words, "error", value.span, value.via, inputs=(found,))


class Bound(NamedTuple):
    """What is known of a block that is unknown.

    Attributes:
        upper: The addresses that may be in it.
        lengths: The prefix lengths that it may have, ascending; empty where unknown.
        whole: Whether it surely holds all of ``upper``: whatever address stands before ``/0``.
    """

    upper: AddressSet
    lengths: tuple[int, ...]
    whole: bool = False


def bound_of(value: Unknown, family: Family) -> Bound:
    """What the known parts of an unknown block say, and what it is demanded to match."""
    if len(value.parts) == 1 and isinstance(value.parts[0], Unknown):
        return bound_of(value.parts[0], family)  # a template of it alone
    if value.candidates and not value.parts:
        return _widest([_bound(one, family) for one in value.candidates], family)
    if value.allowed and not value.parts:
        allowed = allowed_blocks(value, family)
        if allowed is not None:
            return Bound(allowed.upper, tuple(sorted(allowed.lengths)))
    last = value.parts[-1] if value.parts else None
    _, slash, digits = last.rpartition("/") if isinstance(last, str) else ("", "", "")
    if slash and digits.isascii() and digits.isdigit() and int(digits) <= family.bits:
        length = int(digits)
        return Bound(_around(value, family, length), (length,), whole=length == 0)
    return Bound(AddressSet.everything(family), ())


def _bound(value: Val, family: Family) -> Bound:
    """The same of one that may be known."""
    if value.is_null:
        return Bound(AddressSet.nothing(family), (family.bits,))
    if isinstance(value, Unknown):
        return bound_of(value, family)
    block = read_block(value, family)
    return Bound(block.upper, block.lengths)


def _widest(bounds: list[Bound], family: Family) -> Bound:
    """What is known of a block that is one of several."""
    upper = AddressSet.union(family, [one.upper for one in bounds])
    known = all(one.lengths for one in bounds)
    lengths = {length for one in bounds for length in one.lengths} if known else set()
    return Bound(upper, tuple(sorted(lengths)))


def _around(value: Unknown, family: Family, length: int) -> AddressSet:
    """The smallest block of whole octets around an IPv4 block whose first octets are known.

    Args:
        value: The block.
        family: Its family.
        length: Its prefix length: a block may be wider than the octets that are known.
    """
    first = value.parts[0] if value.parts else None
    everything = AddressSet.everything(family)
    if family is not Family.IPV4 or not isinstance(first, str):
        return everything
    octets = first.split(".")[:-1]  # the last one may go on
    if not 0 < len(octets) < 4:
        return everything
    filled = ".".join([*octets, *("0" * (4 - len(octets)))])
    parsed = parse_cidr(f"{filled}/{min(8 * len(octets), length)}")
    return everything if parsed is None else parsed.addresses
