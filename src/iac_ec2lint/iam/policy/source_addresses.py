"""How wide the addresses of ``aws:SourceIp`` are: the one question that policies have about them.

The bounds are those of semantics.md, A1; a test holds that they agree with ``network``, which this
package may not import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_NOT_PUBLIC: Final = (
    (0x00000000, 0x00FFFFFF),  # 0.0.0.0/8
    (0x0A000000, 0x0AFFFFFF),  # 10.0.0.0/8
    (0x64400000, 0x647FFFFF),  # 100.64.0.0/10
    (0x7F000000, 0x7FFFFFFF),  # 127.0.0.0/8
    (0xA9FE0000, 0xA9FEFFFF),  # 169.254.0.0/16
    (0xAC100000, 0xAC1FFFFF),  # 172.16.0.0/12
    (0xC0A80000, 0xC0A8FFFF),  # 192.168.0.0/16
    (0xC6120000, 0xC613FFFF),  # 198.18.0.0/15
    (0xE0000000, 0xFFFFFFFF),  # 224.0.0.0/4 and 240.0.0.0/4
)
_PUBLIC6: Final = (0x2 << 124, (0x4 << 124) - 1)  # 2000::/3
_WIDE: Final = {4: 1 << 24, 6: 1 << 108}


def address_range(text: str) -> tuple[int, int, int] | None:
    """Version, first and last address of a CIDR block or an address; ``None`` if it is neither.

    Host bits are tolerated.
    """
    import ipaddress  # Only policies with addresses need it.

    try:
        network = ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        return None
    return network.version, int(network.network_address), int(network.broadcast_address)


def are_wide(ranges: Iterable[tuple[int, int, int]]) -> bool:
    """Whether the union of address ranges holds so much of the internet that it restricts nobody.

    That is 2^24 public IPv4 or 2^108 public IPv6 addresses, or more.
    """
    listed = list(ranges)
    return any(_public_size(listed, version) >= _WIDE[version] for version in (4, 6))


def _public_size(ranges: list[tuple[int, int, int]], version: int) -> int:
    size = 0
    end = -1
    for first, last in sorted((low, high) for v, low, high in ranges if v == version):
        start = max(first, end + 1)
        if start <= last:
            size += _public_part(start, last, version)
        end = max(end, last)
    return size


def _public_part(first: int, last: int, version: int) -> int:
    if version == 6:
        return max(0, min(last, _PUBLIC6[1]) - max(first, _PUBLIC6[0]) + 1)
    hidden = sum(max(0, min(last, high) - max(first, low) + 1) for low, high in _NOT_PUBLIC)
    return last - first + 1 - hidden
