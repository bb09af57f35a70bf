"""The ports on which Global Accelerator leads clients to an endpoint.

Source: Global Accelerator Developer Guide, "Listeners for standard accelerators", "Override
listener ports" and "Adjust traffic flow with traffic dials".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.sets.ports import PortSet, parse_protocol
from iac_ec2lint.resources.front import Accelerator, AcceleratorEndpoint, AcceleratorListener

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iac_ec2lint.graph.graph import Edge, Graph
    from iac_ec2lint.resources.front import AcceleratorEndpointGroup
    from iac_ec2lint.values import Val


def led_to(graph: Graph, edge: Edge, group: AcceleratorEndpointGroup) -> tuple[int, PortSet] | None:
    """The protocol and the ports on which clients certainly get to an endpoint.

    Args:
        graph: The graph.
        edge: What names the endpoint.
        group: Its endpoint group.

    Returns:
        ``None`` where not all of that is known, or where clients may be led elsewhere.
    """
    endpoint = edge.part
    if not isinstance(endpoint, AcceleratorEndpoint) or edge.target is None or not edge.certain:
        return None
    weight, dial = _number(endpoint.weight), _number(group.traffic_dial)
    return _ports_of(graph, group) if weight and dial else None


@remembered
def _ports_of(graph: Graph, group: AcceleratorEndpointGroup) -> tuple[int, PortSet] | None:
    """The protocol and the ports of endpoints that a listener leads to."""
    listener = graph.only(group, "listener", AcceleratorListener)
    if listener is None or not (group.presence.certain and listener.presence.certain):
        return None
    front = graph.only(listener, "accelerator", Accelerator)
    if front is None or not front.presence.certain or front.enabled.is_true().truth is not True:
        return None
    text = None if listener.protocol is None else listener.protocol.text
    protocol = None if text is None else parse_protocol(text)
    heard = _pairs((one.from_port, one.to_port) for one in listener.port_ranges)
    moved = _pairs((one.listener_port, one.endpoint_port) for one in group.port_overrides)
    if protocol is None or heard is None or moved is None:
        return None
    every = PortSet.of(heard)
    moved = [(port, to) for port, to in moved if every.contains(port)]
    kept = every - PortSet.of((port, port) for port, _ in moved)
    return protocol, kept | PortSet.of((to, to) for _, to in moved)


def _pairs(values: Iterable[tuple[Val | None, Val | None]]) -> list[tuple[int, int]] | None:
    """Numbers two by two; ``None`` where one of them is not known."""
    found = [(_number(one), _number(other)) for one, other in values]
    known = [(one, other) for one, other in found if one is not None and other is not None]
    return known if len(known) == len(found) else None


def _number(value: Val | None) -> int | None:
    return None if value is None or value.number is None else int(value.number)
