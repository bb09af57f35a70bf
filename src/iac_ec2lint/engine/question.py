"""What a check asks the attack graph for: where paths begin, over which edges, and where they end.

A check declares it once, as data; it asks with it, and its page is worded from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from iac_ec2lint.network.sets.port_classes import port_classes
from iac_ec2lint.network.sets.ports import NO_PORTS, PortSet

if TYPE_CHECKING:
    from collections.abc import Iterator

Begin: TypeAlias = Literal["internet", "account", "provider", "principal"]
EdgeKind: TypeAlias = Literal[
    "reaches", "takes credentials", "controls", "assumes", "gains", "reads", "copies out"
]
End: TypeAlias = Literal["host", "principal", "store", "thing"]

_BEGINS: Final[dict[Begin, str]] = {
    "internet": "the internet",
    "account": "another AWS account, or any",
    "provider": "an identity provider that others share",
    "principal": "a role, user or group of the unit",
}
_EDGES: Final[dict[EdgeKind, str]] = {
    "reaches": "gets on to a host, or connects to a store",
    "takes credentials": "has them from the metadata service, a container or a script",
    "controls": "runs commands on an instance",
    "assumes": "is let in by the trust policy of a role",
    "gains": "starts something with a stronger role, or changes who may do what",
    "reads": "is let at data",
    "copies out": "takes or shares a copy of a disk or a database",
}
_ENDS: Final[dict[End, str]] = {
    "host": "an instance",
    "principal": "a principal that may do more",
    "store": "a data store",
    "thing": "what is sensitive",
}


class Question(NamedTuple):
    """The shape of the paths that a check asks for.

    Attributes:
        begins: Who begins.
        over: The kinds of edges that a path is made of, in the order in which they come.
        ends: What a path ends at.
        ports: The classes of ports that count where a path reaches something; all where empty.
        but: The classes that do not count there.
        longest: The name of the check's parameter that says how many hops a path has at most.
    """

    begins: tuple[Begin, ...]
    over: tuple[EdgeKind, ...]
    ends: tuple[End, ...]
    ports: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    longest: str = ""

    def walks(self, *kinds: EdgeKind) -> bool:
        """Whether a path over edges of these kinds is asked for."""
        return all(kind in self.over for kind in kinds)

    def counts(self, protocol: int, ports: PortSet) -> PortSet:
        """Of the ports of a protocol those that count."""
        if self.ports:
            ports &= _ports_of(self.ports, protocol)
        return ports - _ports_of(self.but, protocol)

    def words(self, code: str) -> Iterator[str]:
        """The shape in words, as lines of a list.

        Args:
            code: The code of the check.
        """
        yield f"- From: {'; '.join(_BEGINS[one] for one in self.begins)}"
        yield "- Over:"
        yield from (f"  - {one}: {_EDGES[one]}" for one in self.over)
        yield f"- To: {'; '.join(_ENDS[one] for one in self.ends)}"
        for what, names in (("of", self.ports), ("none of", self.but)):
            if names:
                yield f"- Ports: {what} {' and '.join(names)}"
        if self.longest:
            yield f"- Hops: at most `{code}.{self.longest}`"


def _ports_of(names: tuple[str, ...], protocol: int) -> PortSet:
    found = NO_PORTS
    for name in names:
        found |= port_classes()[name].ports(protocol)
    return found
