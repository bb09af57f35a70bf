"""Which ports belong to which service, and what class of service it is: ``port_classes.json``.

A port that many services use says nothing of what answers there: 8080 and its like are alternative
web ports, whatever may be administered through one of them (semantics.md, C4). IANA has most ports
for UDP as well; a service is judged on the protocols that it speaks.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from iac_ec2lint.network.sets.ports import NO_PORTS, TCP, PortSet, parse_protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

_FILE: Final = Path(__file__).with_name("port_classes.json")


class Service:
    """A service and where it listens.

    Attributes:
        name: The service, as messages name it.
        ports: Its ports.
        protocols: The protocols that it is judged on, as numbers.
        http: Whether some of it is spoken over HTTP.
    """

    __slots__ = ("http", "name", "ports", "protocols")

    def __init__(
        self, name: str, ports: PortSet, protocols: tuple[int, ...], *, http: bool
    ) -> None:
        self.name: Final = name
        self.ports: Final = ports
        self.protocols: Final = protocols
        self.http: Final = http

    def __repr__(self) -> str:
        return f"<{self.name} {self.ports.describe()}>"


class PortClass:
    """Services that are equally bad, or harmless, to open.

    Attributes:
        name: ``administration``, ``data store``, ``legacy``, ``alternative web`` or ``web``.
        services: Its services, in the file's order.
    """

    __slots__ = ("_ports", "name", "services")

    def __init__(self, name: str, services: tuple[Service, ...]) -> None:
        self.name: Final = name
        self.services: Final = services
        self._ports: dict[int, PortSet] = {}

    def __repr__(self) -> str:
        return f"<{self.name} {self.services}>"

    def only(self, *names: str) -> PortClass:
        """The class with the services of these names alone.

        Raises:
            KeyError: For a name that the class does not have.
        """
        by_name = {service.name: service for service in self.services}
        return PortClass(self.name, tuple(by_name[name] for name in names))

    def without(self, *names: str) -> PortClass:
        """The class with all services but those of these names."""
        return PortClass(self.name, tuple(s for s in self.services if s.name not in names))

    def ports(self, protocol: int) -> PortSet:
        """All ports of its services on a protocol."""
        ports = self._ports.get(protocol)
        if ports is None:
            ports = NO_PORTS
            for service in self.services:
                if protocol in service.protocols:
                    ports |= service.ports
            self._ports[protocol] = ports
        return ports

    def services_on(self, protocol: int, ports: PortSet) -> tuple[Service, ...]:
        """The services that ``ports`` of a protocol touch."""
        return tuple(
            service
            for service in self.services
            if protocol in service.protocols and service.ports.overlaps(ports)
        )


@cache
def never_http() -> PortSet:
    """The TCP ports of services that are never spoken over HTTP."""
    named = [port_classes()[name] for name in ("administration", "data store", "legacy")]
    ports = {False: NO_PORTS, True: NO_PORTS}
    for service in (service for each in named for service in each.services):
        ports[service.http] |= service.ports if TCP in service.protocols else NO_PORTS
    return ports[False] - ports[True]


@cache
def port_classes() -> Mapping[str, PortClass]:
    """The classes by name, read once.

    Raises:
        ValueError: Where the file that ships with the program is broken.
    """
    read = json.loads(_FILE.read_text(encoding="utf-8"))
    return {
        name: PortClass(name, tuple(_service(*item) for item in services.items()))
        for name, services in read.items()
    }


def _service(name: str, written: Mapping[str, Any]) -> Service:
    ports = PortSet.parse(str(written["ports"]))
    protocols = [parse_protocol(protocol) for protocol in written["protocols"]]
    if ports is None or None in protocols:
        raise ValueError(f"{_FILE.name}: {name}: {written}")
    numbers = tuple(number for number in protocols if number is not None)
    return Service(name, ports, numbers, http=bool(written.get("http", False)))
