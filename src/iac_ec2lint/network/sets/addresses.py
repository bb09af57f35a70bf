"""Sets of IP addresses of one family, CIDR blocks as text, and how open a set of sources is."""

from __future__ import annotations

from enum import Enum
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.network.sets.ranges import Ranges, RangeSet, merged
from iac_ec2lint.source.regular_expression import regular_expression

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Self

CIDRS_SHOWN: Final = 5
"""Blocks that a description lists before it counts the rest."""


class Family(Enum):
    """A family of addresses.

    Attributes:
        bits: Length of an address.
        top: The greatest address, as a number.
    """

    IPV4 = "ipv4"
    IPV6 = "ipv6"

    bits: int
    top: int

    def __init__(self, value: str) -> None:
        self.bits = 32 if value == "ipv4" else 128
        self.top = (1 << self.bits) - 1

    __hash__ = object.__hash__  # Enum's own hashes the name, each time that it is looked up


class AddressSet(RangeSet):
    """An immutable set of addresses of one family, each a number of 32 or 128 bits.

    Addresses are never enumerated and CIDR text is never compared: the operators ``|``, ``&``,
    ``-`` and ``~`` merge sorted ranges.

    Args:
        family: The family.
        ranges: Ranges in normal form; ``of`` makes them of any pairs.
    """

    __slots__ = ("family",)

    def __init__(self, family: Family, ranges: Ranges) -> None:
        super().__init__(family.top, ranges)
        self.family: Final = family

    @classmethod
    def of(cls, family: Family, pairs: Iterable[tuple[int, int]]) -> Self:
        """The addresses that closed ranges ``(lo, hi)``, in any order, cover together."""
        return cls(family, merged(pairs))

    @classmethod
    def nothing(cls, family: Family) -> Self:
        """No address."""
        return cls(family, ())

    @classmethod
    def everything(cls, family: Family) -> Self:
        """Every address of the family."""
        return cls(family, ((0, family.top),))

    @classmethod
    def union(cls, family: Family, sets: Iterable[AddressSet]) -> Self:
        """What is in any of ``sets``, all of the family: one sort for all of them."""
        pairs = [pair for addresses in sets for pair in addresses.ranges]
        return cls(family, merged(pairs) if len(pairs) > 1 else tuple(pairs))

    def _like(self, ranges: Ranges) -> Self:
        return type(self)(self.family, ranges)

    def __repr__(self) -> str:
        return f"<{self.family.value} {self.describe()}>"

    def cidrs(self, limit: int | None = None) -> list[str]:
        """The fewest blocks that make up the set, ascending, in canonical text.

        Args:
            limit: How many at most; all where it is None.
        """
        return [_cidr(self.family, *block) for block in islice(self._blocks(), limit)]

    def describe(self) -> str:
        """The set for people: at most five blocks, then ``+N more``; or ``no addresses``."""
        shown = self.cidrs(CIDRS_SHOWN)
        more = sum(1 for _ in self._blocks()) - len(shown)
        return ", ".join([*shown, f"+{more} more"] if more else shown) or "no addresses"

    def _blocks(self) -> Iterator[tuple[int, int]]:
        """First address and prefix length of each block."""
        bits = self.family.bits
        for first, last in self.ranges:
            at = first
            while at <= last:
                aligned = (at & -at).bit_length() - 1 if at else bits
                host = min(aligned, (last - at + 1).bit_length() - 1)
                yield at, bits - host
                at += 1 << host


class ParsedCidr(NamedTuple):
    """A CIDR literal, parsed.

    Attributes:
        addresses: Its addresses, of its family.
        text: Its canonical text: host bits zero, RFC 5952 for IPv6.
        host_bits: Whether it was written with host bits set, which EC2 clears: worth a remark.
    """

    addresses: AddressSet
    text: str
    host_bits: bool

    @property
    def family(self) -> Family:
        """The family that it is written in."""
        return self.addresses.family


_NUMBERS: Final = {str(number): number for number in range(256)}
"""Octets and prefix lengths as they may be written: no sign, no space, no leading zero."""

_GROUP: Final = regular_expression("[0-9A-Fa-f]{1,4}")


@lru_cache(maxsize=4096)
def parse_cidr(text: str) -> ParsedCidr | None:
    """Reads a CIDR block or a bare address, which is a block of one.

    Host bits are tolerated, since EC2 clears them (API reference, AuthorizeSecurityGroupIngress).
    All else is as strict as EC2 and Terraform's provider are: decimal octets and prefix lengths
    without leading zeros, no spaces, no zone, no netmask. ``::ffff:192.0.2.1`` is the IPv6 address
    that it is written as: packets of the one family never match a block of the other.

    Returns:
        None where the text is no CIDR block; the caller knows where it is written.
    """
    address, slash, length = text.partition("/")
    if ":" in address:
        family, number = Family.IPV6, _ipv6(address)
    else:
        family, number = Family.IPV4, _ipv4(address)
    prefix = _NUMBERS.get(length) if slash else family.bits
    if number is None or prefix is None or prefix > family.bits:
        return None
    host = family.top >> prefix
    first = number & ~host
    addresses = AddressSet(family, ((first, first | host),))
    return ParsedCidr(addresses, _cidr(family, first, prefix), host_bits=first != number)


def _ipv4(text: str) -> int | None:
    octets = text.split(".")
    if len(octets) != 4:
        return None
    number = 0
    for written in octets:
        octet = _NUMBERS.get(written)
        if octet is None:
            return None
        number = number << 8 | octet
    return number


def _ipv6(text: str) -> int | None:
    """The number of an IPv6 address as RFC 4291, 2.2 has it, its last 32 bits perhaps dotted."""
    if "." in text:
        rest, _, dotted = text.rpartition(":")
        low = _ipv4(dotted)
        if low is None:
            return None
        text = f"{rest}:{low >> 16:x}:{low & 0xFFFF:x}"
    head, gap, tail = text.partition("::")
    left = head.split(":") if head else []
    right = tail.split(":") if tail else []
    missing = 8 - len(left) - len(right)
    if missing < 1 if gap else missing != 0:
        return None
    number = 0
    for group in (*left, *("0" * missing), *right):
        if not _GROUP.fullmatch(group):
            return None
        number = number << 16 | int(group, 16)
    return number


def _cidr(family: Family, address: int, prefix: int) -> str:
    if family is Family.IPV4:
        octets = (address >> 24, address >> 16 & 255, address >> 8 & 255, address & 255)
        return f"{'.'.join(map(str, octets))}/{prefix}"
    return f"{_ipv6_text(address)}/{prefix}"


def _ipv6_text(address: int) -> str:
    """RFC 5952: lower case, the first longest run of two or more zero groups as ``::``."""
    groups = [f"{address >> shift & 0xFFFF:x}" for shift in range(112, -1, -16)]
    best = start = length = 0
    for index in range(8):
        run = 0
        while index + run < 8 and groups[index + run] == "0":
            run += 1
        if run > best:
            best, start, length = run, index, run
    if length < 2:
        return ":".join(groups)
    return f"{':'.join(groups[:start])}::{':'.join(groups[start + length :])}"


_NOT_INTERNET4: Final = (
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "224.0.0.0/4",
    "240.0.0.0/4",
)


def _blocks_of(family: Family, cidrs: Iterable[str]) -> AddressSet:
    parsed = [block for block in map(parse_cidr, cidrs) if block]
    return AddressSet.union(family, (block.addresses for block in parsed))


INTERNET4: Final = ~_blocks_of(Family.IPV4, _NOT_INTERNET4)
"""IPv4 addresses of the internet: 198.18.0.0/15 (RFC 2544) is none, and VPCs use it ("VPC CIDR
blocks": 198.19.0.0/16). The blocks kept for documentation (RFC 5737) are in it, since
authors write them for real public ranges; ``ipaddress.is_global`` leaves them out."""

INTERNET6: Final = _blocks_of(Family.IPV6, ["2000::/3"])
"""IPv6 addresses of the internet: all global unicast, documentation (RFC 3849) included."""


def internet(family: Family) -> AddressSet:
    """The addresses of the internet, of one family."""
    return INTERNET4 if family is Family.IPV4 else INTERNET6


class Openness(Enum):
    """How much of the internet is in a set of sources."""

    WORLD = "world"
    BROAD = "broad"
    LIMITED = "limited"
    NONE = "none"


WORLD_PERCENT: Final = 50
"""World: this share of the family's public space, or more."""

BROAD_SIZE: Final = {Family.IPV4: 1 << 24, Family.IPV6: 1 << 108}
"""Broad: as many addresses as an IPv4 /8 or an IPv6 /20 has, or more."""


def openness(sources: AddressSet, public: AddressSet | None = None) -> Openness:
    """How open to the internet a rule for ``sources`` is.

    Args:
        sources: The sources, of one family.
        public: The internet as seen from there: ``internet`` of the family, less the public blocks
            that a VPC and its peers use as their own; ``internet`` of the family where it is None.
    """
    if not sources.ranges:
        return Openness.NONE
    return _openness(sources, public if public is not None else internet(sources.family))


@lru_cache(maxsize=4096)  # the same few ranges are in many rules
def _openness(sources: AddressSet, public: AddressSet) -> Openness:
    size = (sources & public).size
    if not size:
        return Openness.NONE
    if size * 100 >= public.size * WORLD_PERCENT:
        return Openness.WORLD
    return Openness.BROAD if size >= BROAD_SIZE[sources.family] else Openness.LIMITED
