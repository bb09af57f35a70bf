"""IP network functions.

Source: "IP Network Functions" of the Terraform language; addresses as Go's ``net.ParseCIDR`` (in
its older, lenient form) reads them.
"""

from __future__ import annotations

import ipaddress
from decimal import Decimal
from typing import TYPE_CHECKING

from iac_ec2lint.terraform.functions.registry import FunctionError, function, scalar, whole
from iac_ec2lint.terraform.language.containers import make_list
from iac_ec2lint.terraform.language.types import BOOL, NUMBER, STRING, ListOf
from iac_ec2lint.terraform.language.unknowns import steps_of
from iac_ec2lint.values import Unknown, Val, Value
from iac_ec2lint.values.allowed import LONGEST_PREFIX, Allowed, blocks_of

if TYPE_CHECKING:
    from iac_ec2lint.terraform.functions.registry import FunctionCall

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Number = int | Decimal


class Prefix:
    """An address with the length of its network prefix, as it is written."""

    __slots__ = ("address", "length")

    def __init__(self, address: Address, length: int) -> None:
        self.address = address
        self.length = length

    @property
    def bits(self) -> int:
        """The length of an address."""
        return self.address.max_prefixlen

    @property
    def network(self) -> int:
        """The first address, as a number."""
        host = self.bits - self.length
        return int(self.address) >> host << host

    def at(self, number: int) -> Address:
        """The address that a number is."""
        return type(self.address)(number)


def parse_address(text: str) -> Address:
    """An address; octets may have leading zeros, and are decimal all the same.

    Raises:
        FunctionError: It is none.
    """
    try:
        if ":" in text:
            if "%" in text:
                raise FunctionError(f'"{text}" is no IP address')
            return ipaddress.IPv6Address(text)
        octets = text.split(".")
        if len(octets) == 4 and all(o.isascii() and o.isdigit() and len(o) < 10 for o in octets):
            return ipaddress.IPv4Address(".".join(str(int(octet)) for octet in octets))
    except ipaddress.AddressValueError:
        pass
    raise FunctionError(f'"{text}" is no IP address')


def parse_prefix(text: str) -> Prefix:
    """A prefix in CIDR notation.

    Raises:
        FunctionError: It is none.
    """
    head, slash, tail = text.partition("/")
    if not slash:
        raise FunctionError(f'"{text}" is no prefix in CIDR notation')
    address = parse_address(head)
    if not (tail.isascii() and tail.isdigit() and len(tail) < 4):
        raise FunctionError(f'"{text}" is no prefix in CIDR notation')
    length = int(tail)
    if length > address.max_prefixlen:
        raise FunctionError(f'"{text}" is no prefix in CIDR notation')
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    if mapped is not None and length >= 96:
        # Go writes these as the IPv4 prefixes that they are.
        return Prefix(mapped, length - 96)
    return Prefix(address, length)


@scalar("cidrhost", STRING, NUMBER)
def _cidrhost(text: str, number: Number) -> str:
    prefix = parse_prefix(text)
    host = whole(number)
    size = 1 << (prefix.bits - prefix.length)
    if host >= size or -host > size:
        raise FunctionError(f"a prefix of {prefix.length} bits has no host {host}")
    return str(prefix.at(prefix.network + (host if host >= 0 else size + host)))


@scalar("cidrnetmask", STRING)
def _cidrnetmask(text: str) -> str:
    prefix = parse_prefix(text)
    if prefix.bits != 32:
        raise FunctionError("IPv6 has no netmask")
    host = 32 - prefix.length
    return str(ipaddress.IPv4Address((1 << 32) - (1 << host) if host < 32 else 0))


@function("cidrsubnet", STRING, NUMBER, NUMBER, result=STRING, needs="none")
def _cidrsubnet(call: FunctionCall, given: Val, more: Val, number: Val) -> Val:
    if not any(isinstance(one, Unknown) for one in (given, more, number)):
        text = _subnet(given.text or "", more.number or 0, number.number or 0)
        return call.value(text, given, more, number)
    made = call.undecided(lambda v: _cidrsubnet(call, *v), given, more, number, kind=STRING)
    new_bits = more.number
    if made.candidates or new_bits is None:
        return made
    return made.but(allowed=_allowed_subnets(given, whole(new_bits)))


def _allowed_subnets(given: Val, new_bits: int) -> tuple[Allowed, ...]:
    """What is known of a subnet of which the block or the number is not known.

    Its prefix has as many bits more as are asked for, and what stands in whole octets of an IPv4
    block stands in those of its subnets.
    """
    start, least = "[^/]*", new_bits
    if given.text is not None:
        prefix = parse_prefix(given.text)
        least += prefix.length
        octets = str(prefix.address).split(".")[: prefix.length // 8]
        if prefix.bits == 32 and new_bits >= 0 and 0 < len(octets) < 4:
            start = "".join(f"{octet}[.]" for octet in octets) + "[0-9.]+"
    return (Allowed((blocks_of(least, start),)),) if 0 < least <= LONGEST_PREFIX else ()


def _subnet(text: str, more: Number, number: Number) -> str:
    prefix = parse_prefix(text)
    new_bits, index = whole(more), whole(number)
    length = prefix.length + new_bits
    if not 0 <= length <= prefix.bits:
        raise FunctionError(f"a prefix of {prefix.length} bits cannot be extended by {new_bits}")
    # A prefix may be shortened: then any number is put into it, and the address stays as it is.
    if not 0 <= index < 1 << (new_bits if new_bits >= 0 else length):
        raise FunctionError(f"{abs(new_bits)} bits do not hold the number {index}")
    return f"{prefix.at(prefix.network | (index << (prefix.bits - length)))}/{length}"


@function("cidrsubnets", STRING, variadic=NUMBER, result=ListOf(STRING), needs="none")
def _cidrsubnets(call: FunctionCall, given: Val, *lengths: Val) -> Val:
    if isinstance(given, Unknown) and not given.candidates:
        # How many there are does not hang on the addresses.
        made: list[Val] = [
            call.unknown(given, kind=STRING).but(
                allowed=() if one.number is None else _allowed_subnets(given, whole(one.number))
            )
            for one in lengths
        ]
        return Value(make_list(made, STRING), call.span, steps_of(*lengths))
    if isinstance(given, Unknown) or any(isinstance(one, Unknown) for one in lengths):
        kind = ListOf(STRING)
        return call.undecided(lambda v: _cidrsubnets(call, *v), given, *lengths, kind=kind)
    prefix = parse_prefix(given.text or "")
    end = prefix.network + (1 << (prefix.bits - prefix.length))
    current = prefix.network
    made = []
    for one in lengths:
        new_bits = whole(one.number)
        length = prefix.length + new_bits
        if new_bits < 1 or length > prefix.bits:
            raise FunctionError(
                f"a prefix of {prefix.length} bits cannot be extended by {new_bits}"
            )
        size = 1 << (prefix.bits - length)
        current = -(-current // size) * size
        if current + size > end:
            raise FunctionError(f"there is no room for a subnet of {length} bits")
        made.append(Value(f"{prefix.at(current)}/{length}", call.span))
        current += size
    return Value(make_list(made, STRING), call.span, steps_of(given, *lengths))


@scalar("cidrcontains", STRING, STRING, result=BOOL)
def _cidrcontains(text: str, other: str) -> bool:
    prefix = parse_prefix(text)
    inner = parse_prefix(other) if "/" in other else None
    address = inner.address if inner is not None else parse_address(other)
    if address.max_prefixlen != prefix.bits:
        return False
    if inner is not None and inner.length < prefix.length:
        return False
    first = inner.network if inner is not None else int(address)
    return first >> (prefix.bits - prefix.length) == prefix.network >> (prefix.bits - prefix.length)
