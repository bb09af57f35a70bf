"""Protocols, sets of ports, and which ports the protocol and port fields of a rule cover."""

from __future__ import annotations

from functools import cache, lru_cache
from math import ceil, floor
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.network.sets.ranges import Ranges, RangeSet, merged
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values.allowed import bounds_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Self

    from iac_ec2lint.values import Unknown

ALL: Final = -1
"""Every protocol in a rule; in a traffic set, every protocol that is not named in it."""

ICMP: Final = 1
TCP: Final = 6
UDP: Final = 17
ICMPV6: Final = 58

TOP_PORT: Final = 65535

_PROTOCOLS: Final = {
    "-1": ALL,
    "all": ALL,
    "any": ALL,
    "icmp": ICMP,
    "icmpv6": ICMPV6,
    "tcp": TCP,
    "udp": UDP,
    **{str(number): number for number in range(256)},
}
_NAMES: Final = {ICMP: "icmp", TCP: "tcp", UDP: "udp", ICMPV6: "icmpv6"}

_ANSWERED: Final = {ICMP: {8: 0, 13: 14, 15: 16, 17: 18}, ICMPV6: {128: 129, 139: 140}}
"""The ICMP types that are answered, and the types of their answers (RFC 792, 950, 4443, 4620)."""

_PORTS: Final = regular_expression(r"([0-9]{1,5})(?:-([0-9]{1,5}))?")


def parse_protocol(value: str | int) -> int | None:
    """The number of a protocol, 0 to 255, or ``ALL``.

    Args:
        value: A name (tcp, udp, icmp, icmpv6, all, any; in any case), a number, or a number as text
            (EC2 API reference, IpPermission; both languages coerce).

    Returns:
        None where it is no such name or number.
    """
    if isinstance(value, bool):  # an int in Python, but no protocol
        return None
    return _PROTOCOLS.get(str(value).lower())


def protocol_name(protocol: int) -> str:
    """A protocol for people: ``tcp``, ``all protocols``, ``protocol 47``."""
    if protocol == ALL:
        return "all protocols"
    return _NAMES.get(protocol) or f"protocol {protocol}"


class PortSet(RangeSet):
    """An immutable set of ports, 0 to 65535, with the operators ``|``, ``&``, ``-`` and ``~``.

    For ICMP it holds types and codes, each as type * 256 + code.

    Args:
        ranges: Ranges in normal form; ``of`` makes them of any pairs.
    """

    __slots__ = ()

    def __init__(self, ranges: Ranges) -> None:
        super().__init__(TOP_PORT, ranges)

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, int]]) -> Self:
        """The ports that closed ranges ``(lo, hi)``, in any order, cover together."""
        return cls(merged((max(lo, 0), min(hi, TOP_PORT)) for lo, hi in pairs))

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Reads ``22`` or ``22, 80-443``; None where it is neither, or beyond 65535."""
        pairs = []
        for part in text.split(","):
            written = _PORTS.fullmatch(part.strip())
            if not written:
                return None
            lo = int(written[1])
            hi = int(written[2] or lo)
            if lo > hi or hi > TOP_PORT:
                return None
            pairs.append((lo, hi))
        return cls(merged(pairs))

    def _like(self, ranges: Ranges) -> Self:
        return type(self)(ranges)

    def __repr__(self) -> str:
        return f"<ports {self.describe()}>"

    def describe(self, most: int | None = None) -> str:
        """The set for people: ``22, 80-443``; or ``no ports``.

        Args:
            most: How many ranges are named where more are to be counted alone; all without it.
        """
        shown = self.ranges if most is None or len(self.ranges) <= most + 1 else self.ranges[:most]
        named = ", ".join(_span(lo, hi) for lo, hi in shown) or "no ports"
        more = len(self.ranges) - len(shown)
        return f"{named} and {more} more ranges" if more else named


NO_PORTS: Final = PortSet(())
ALL_PORTS: Final = PortSet(((0, TOP_PORT),))
USABLE_PORTS: Final = PortSet(((1, TOP_PORT),))
"""Those on which anything can listen: port 0 of TCP and of UDP is reserved (IANA, "Service Name and
Transport Protocol Port Number Registry")."""
CLIENT_PORTS: Final = PortSet(((1, TOP_PORT),))
"""The ports that a client can be bound to: any, by its own choice (semantics.md, N8)."""


def describe_ports(protocol: int, ports: PortSet, most: int | None = None) -> str:
    """A protocol with its ports for people: ``tcp 22, 80-443``, ``icmp type 8``, ``protocol 47``.

    Ports are left out where all of them are meant and the protocol says so already.

    Args:
        protocol: The protocol's number.
        ports: Its ports.
        most: See ``PortSet.describe``.
    """
    name = protocol_name(protocol)
    if protocol in (ICMP, ICMPV6):
        what = ", ".join(_types(ports)) if not ports.is_everything else "all types"
        return f"{name} {what or 'no types'}"
    if ports.is_everything and protocol not in (TCP, UDP):
        return name
    return f"{name} {ports.describe(most)}"


class Exchange(NamedTuple):
    """Ports of the receiver that are answered alike, and the ports that answers come to.

    Attributes:
        requests: The ports of the receiver; for ICMP type * 256 + code.
        answers: The ports of the client, of its own choice; empty where nothing answers.
    """

    requests: PortSet
    answers: PortSet


@cache
def exchanges(protocol: int) -> tuple[Exchange, ...]:
    """How the ports of a protocol are answered (semantics.md, N8), each port once.

    TCP and UDP are answered on any port that the client picks, an ICMP request by the type that is
    its answer alone. A protocol without ports is answered as a whole.
    """
    if protocol in (TCP, UDP):
        return (Exchange(ALL_PORTS, CLIENT_PORTS),)
    if protocol not in _ANSWERED:
        return (Exchange(ALL_PORTS, ALL_PORTS),)
    answered = [
        Exchange(PortSet(((kind * 256, kind * 256 + 255),)), PortSet(((reply * 256,) * 2,)))
        for kind, reply in _ANSWERED[protocol].items()
    ]
    rest = ALL_PORTS
    for one in answered:
        rest -= one.requests
    return (*answered, Exchange(rest, NO_PORTS))


@lru_cache(maxsize=4096)
def answers_to(protocol: int, port: int) -> PortSet:
    """The ports of the client of which an answer needs one; none where nothing answers."""
    return next(one.answers for one in exchanges(protocol) if one.requests.contains(port))


def _types(ports: PortSet) -> Iterator[str]:
    """ICMP types and codes: whole types together, others one by one."""
    for first, last in ports.ranges:
        at = first
        while at <= last:
            kind, code = divmod(at, 256)
            whole = (last + 1) // 256 - 1  # the last type that the range holds to its end
            if code or whole < kind:
                end = min(last, kind * 256 + 255)
                yield f"type {kind} code{_plural(code, end % 256)}"
            else:
                end = whole * 256 + 255
                yield f"type{_plural(kind, whole)}"
            at = end + 1


def _plural(lo: int, hi: int) -> str:
    return f" {lo}" if lo == hi else f"s {lo}-{hi}"


def _span(lo: int, hi: int) -> str:
    return str(lo) if lo == hi else f"{lo}-{hi}"


def rule_ports(
    protocol: int, from_port: int | None, to_port: int | None
) -> tuple[PortSet, str | None]:
    """The ports that a security group rule covers (EC2 API reference, IpPermission).

    Args:
        protocol: A protocol number, or ``ALL``.
        from_port: The first port, or the ICMP type; None where it is not written.
        to_port: The last port, or the ICMP code; None where it is not written.

    Returns:
        The ports, and what is odd about the way they are written: a clause without a full stop, or
        None. Ranges out of bounds are cut to 0-65535; what AWS refuses covers nothing.
    """
    if protocol in (TCP, UDP):
        return _port_range(from_port, to_port)
    if protocol in (ICMP, ICMPV6):
        return _icmp_range(from_port, to_port)
    return ALL_PORTS, None  # AWS ignores the port fields


def least_port(value: Unknown) -> int | None:
    """The least port that an unknown first one can be; ``None`` where it may be any, or unset."""
    least = bounds_of(value).least
    return None if least is None or least < 0 else ceil(least)


def most_port(value: Unknown) -> int | None:
    """The greatest port that an unknown last one can be; ``None`` as for ``least_port``."""
    most = bounds_of(value).most
    return None if most is None or least_port(value) is None else floor(most)


def _port_range(from_port: int | None, to_port: int | None) -> tuple[PortSet, str | None]:
    lo = 0 if from_port is None or from_port == -1 else from_port
    hi = TOP_PORT if to_port is None or to_port == -1 else to_port
    if lo > hi:
        return NO_PORTS, f"the range {lo}-{hi} ends before it begins, so it covers no port"
    ports = PortSet.of([(lo, hi)])
    if lo < 0 or hi > TOP_PORT:
        return ports, f"the range {lo}-{hi} goes beyond the ports 0-{TOP_PORT}"
    missing = [bound for bound in (from_port, to_port) if bound is None or bound == -1]
    if missing:
        how = "-1" if missing == [-1] * len(missing) else "not set"
        return ports, f"a bound of the port range is {how}, so it covers {ports.describe()}"
    return ports, None


def _icmp_range(icmp_type: int | None, code: int | None) -> tuple[PortSet, str | None]:
    any_type = icmp_type is None or icmp_type == -1
    any_code = code is None or code == -1
    if any_type and not any_code:
        return NO_PORTS, f"ICMP code {code} without a type is invalid, so it covers nothing"
    lo_type, hi_type = (0, 255) if icmp_type is None or icmp_type == -1 else (icmp_type,) * 2
    lo_code, hi_code = (0, 255) if code is None or code == -1 else (code,) * 2
    if not 0 <= lo_type <= 255 or not 0 <= lo_code <= 255:
        return NO_PORTS, f"ICMP type {icmp_type} with code {code} does not exist: both are 0-255"
    ports = PortSet(((lo_type * 256 + lo_code, hi_type * 256 + hi_code),))
    if icmp_type is None:
        return ports, "the ICMP type is not set, so every type is covered"
    if code is None:
        return ports, "the ICMP code is not set, so every code is covered"
    return ports, None
