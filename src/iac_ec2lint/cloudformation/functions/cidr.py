"""The network functions: Cidr and GetAZs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.cloudformation.texts import depending_on, steps_of
from iac_ec2lint.values import Reference, Unknown, Val, Value, as_number
from iac_ec2lint.values.allowed import Allowed, Form

if TYPE_CHECKING:
    from iac_ec2lint.cloudformation.functions.call import Call

_MOST: Final = 256
_WIDTHS: Final = (32, 128)
"""The bits of an address of IPv4, and of IPv6."""


def cidr(call: Call) -> Val | None:
    """``Fn::Cidr``: CIDR blocks inside a block, each with a given number of host bits."""
    import ipaddress

    items = call.items(2, 3, "an address range, a count and a number of bits")
    if items is None:
        return call.malformed()
    values = [call.evaluate(item) for item in items]
    unknowns = [value for value in values if isinstance(value, Unknown)]
    if unknowns:
        return _of_known_size(values[1:], depending_on(unknowns, call.span))
    known = [value for value in values if isinstance(value, Value)]
    if len(known) < len(items):
        return call.fail("Fn::Cidr takes no AWS::NoValue")
    if len(known) == 2:
        return Unknown("Fn::Cidr is given no number of bits", "expression", call.span)
    numbers = [as_number(value) for value in known[1:]]
    count, bits = (number.number if isinstance(number, Value) else None for number in numbers)
    try:
        network = ipaddress.ip_network(known[0].text or "", strict=False)
    except ValueError:
        return call.fail(f'"{known[0].text}" is no address range', items[0])
    if not isinstance(count, int) or not 1 <= count <= _MOST:
        return call.fail("Fn::Cidr makes 1 to 256 address ranges", items[1])
    width = network.max_prefixlen
    if not isinstance(bits, int) or not 1 <= bits <= width - network.prefixlen:
        return call.fail(f'the number of bits does not fit into "{known[0].text}"', items[2])
    if count > 1 << (width - network.prefixlen - bits):
        return call.fail(f'"{known[0].text}" has no room for {count} such ranges', items[1])
    base = int(network.network_address)
    made = (
        f"{type(network.network_address)(base + (index << bits))}/{width - bits}"
        for index in range(count)
    )
    return Value(tuple(Value(text, call.span) for text in made), call.span, steps_of(list(known)))


def _of_known_size(numbers: list[Val | None], made: Unknown) -> Val:
    """Ranges in a block that is not known: how many they are, and how large, is known all the same.

    Of IPv4 and of IPv6 ranges the prefixes leave as many bits.
    """
    found = [as_number(one).number if isinstance(one, Value) else None for one in numbers]
    count, bits = found if len(found) == 2 else (None, None)
    if not isinstance(count, int) or not isinstance(bits, int):
        return made
    lengths = [str(width - bits) for width in _WIDTHS if 0 < bits < width]
    if not 1 <= count <= _MOST or not lengths:
        return made
    form = Form(f"[^/]*/0*(?:{'|'.join(lengths)})", whole=True)
    return Value((made.but(allowed=(Allowed((form,)),)),) * count, made.span)


def get_azs(call: Call) -> Val | None:
    """``Fn::GetAZs``: the Availability Zones of a Region, which only AWS knows.

    One of them is another than the next, so that they are known by their place in the list.
    """
    value = call.evaluate(call.argument)
    if isinstance(value, Value) and not isinstance(value.data, str | None):
        return call.fail("Fn::GetAZs takes the name of a Region")
    region = value.text if isinstance(value, Value) else None
    if isinstance(value, Unknown) and not isinstance(value, Reference):
        region = value.reason
    return Reference(
        f"Fn::GetAZs {region}" if region else "Fn::GetAZs",
        "names",
        call.span,
        reason="the Region's Availability Zones are known to AWS only",
        cause="data-source",
    )
