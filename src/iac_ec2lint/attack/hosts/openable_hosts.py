"""Hosts that a principal may open to the internet."""

from __future__ import annotations

from itertools import islice
from typing import NamedTuple

from iac_ec2lint.attack.credentials import InstanceRole, instance_roles
from iac_ec2lint.attack.hosts.access import (
    HostControl,
    openable,
)
from iac_ec2lint.attack.hosts.takeover import PLACES, placed
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.iam.escalation.rows.instances import EXPOSES
from iac_ec2lint.iam.grants import may_somewhere
from iac_ec2lint.iam.principal import Principal
from iac_ec2lint.iam.privilege import privilege


class OpenableHost(NamedTuple):
    """A host that a principal may open to the internet.

    Attributes:
        held: The host, and a role that it has.
        port: The TCP port that is open then.
        access: Whether it may, and by what.
    """

    held: InstanceRole
    port: int
    access: HostControl


def openable_host(graph: Graph, principal: Principal) -> OpenableHost | None:
    """The first host with a stronger role that a principal may surely open to the internet."""
    if not any(may_somewhere(principal, action) for action in EXPOSES):
        return None
    own = privilege(graph, principal)
    for role, every in instance_roles(graph).items():
        if role is principal.resource:
            continue
        if privilege(graph, every[0].role).beyond(own).truth is not True:
            continue
        for held in islice(placed(graph, role, frozenset()), PLACES):
            for port in _LOGINS:
                access = openable(graph, principal, held.host, port)
                if access.answer.truth and held.answer.truth:
                    return OpenableHost(held, port, access)
    return None


_LOGINS = (22, 3389)
