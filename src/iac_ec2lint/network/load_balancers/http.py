"""The ports on which load balancers speak HTTP, and pass no connections on as they are.

Source: Elastic Load Balancing User Guide; semantics.md, B11.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from iac_ec2lint.network.hosts.balancers import Balancer, BalancerListener, possible_ports
from iac_ec2lint.network.sets.ports import ALL_PORTS, NO_PORTS, PortSet
from iac_ec2lint.values import Answer, Unknown, Val


class HttpPorts(NamedTuple):
    """TCP ports on which HTTP is spoken, and nothing else.

    Attributes:
        sure: Those on which it certainly is.
        possible: Those on which it may be; all of ``sure`` are among them.
        causes: The unknowns by which these differ.
    """

    sure: PortSet
    possible: PortSet
    causes: tuple[Unknown, ...] = ()

    @classmethod
    def of(cls, heard: Iterable[tuple[Val, Answer, Unknown | None]]) -> HttpPorts:
        """The ports of some listeners, or of their targets.

        Args:
            heard: Each port, whether HTTP is spoken there, and why it may be that of others.
        """
        heard = tuple(heard)
        if not heard:  # as of most workloads
            return NO_HTTP
        sure = possible = passed = perhaps_passed = NO_PORTS
        causes: list[Unknown] = []
        for port, spoken, others in heard:
            numbers = possible_ports(port)
            ports = ALL_PORTS if numbers is None else PortSet.of((n, n) for n in numbers)
            gaps = [gap for gap in (port, others) if isinstance(gap, Unknown)]
            causes += (*gaps, *spoken.causes)
            if spoken.may_be_true:
                possible |= ports
            if spoken.truth is not True:
                perhaps_passed |= ports
            if spoken.truth and not gaps:
                sure |= ports
            if spoken.truth is False and not gaps:
                passed |= ports
        return cls(sure - perhaps_passed, possible - passed, tuple(dict.fromkeys(causes)))

    def __and__(self, other: HttpPorts) -> HttpPorts:
        causes = tuple(dict.fromkeys((*self.causes, *other.causes)))
        return HttpPorts(self.sure & other.sure, self.possible & other.possible, causes)

    def among(self, ports: PortSet) -> HttpPorts:
        """Those among some ports."""
        return HttpPorts(self.sure & ports, self.possible & ports, self.causes)

    @property
    def undecided(self) -> PortSet:
        """Those on which HTTP may be spoken, and may not."""
        return self.possible - self.sure


NO_HTTP = HttpPorts(NO_PORTS, NO_PORTS)


def speaks_http(balancer: Balancer, listener: BalancerListener) -> Answer:
    """Whether a listener of a load balancer speaks HTTP to clients and to its targets."""
    return ~balancer.is_network & ~listener.passes
