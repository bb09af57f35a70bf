"""What is handed to modules that are not on the disk: what they make of it, nobody can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.engine.check import Verdict
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.sets.addresses import AddressSet, Family, Openness, openness, parse_cidr
from iac_ec2lint.network.sets.ports import ALL, TCP, UDP, PortSet, parse_protocol
from iac_ec2lint.resources.part import Place
from iac_ec2lint.resources.unread_module import UnreadModule
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values import Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_WAYS_OUT = ("egress", "outbound", "destination", "route")
"""Words in the names of arguments whose ranges are no sources."""

_ACLS = frozenset({"acl", "acls", "nacl", "nacls"})
_NUMBERS = frozenset({"ruleno", "rulenumber"})
"""What entries of network ACLs have, and rules of security groups have not."""
_EVERY_PORT = PortSet(((1, 65535),))
_WEB_ACLS = frozenset({"waf", "web"})
_WORD = regular_expression(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


class Handed(NamedTuple):
    """One argument of a module that is not on the disk, or all values of one name in it.

    Attributes:
        module: The module.
        name: The argument, with the names inside it: ``ingress_with_cidr_blocks.cidr_blocks``.
        values: The values, as far as they are known.
        beside: What stands beside each of them in its object: the ports of a rule.
    """

    module: UnreadModule
    name: str
    values: tuple[Value, ...]
    beside: tuple[Mapping[str, Val], ...]

    def sets(self, setting: str, *data: str | bool) -> Value | None:
        """The value that sets a setting of that name, in either spelling, to one of ``data``.

        Args:
            setting: The setting, in Terraform's spelling.
            data: What it is looked for, texts in lower case.
        """
        if _plain(self.name.rpartition(".")[2]) != _plain(setting):
            return None
        texts = {str(one).lower() for one in data}
        return next((v for v in self.values if str(v.data).lower() in texts), None)

    def open_source(self, approved: PortSet) -> Value | None:
        """The range that opens it to the internet, alone or with others; ``None`` if none does.

        Args:
            approved: The ports that may be open: rules that say no others do not count.
        """
        if self.is_of_acl or self.is_way_out:
            return None
        rules = zip(self.values, self.beside, strict=True)
        return _open_of(value for value, beside in rules if not _is_fine(beside, approved))

    @property
    def is_way_out(self) -> bool:
        """Whether its name says that its ranges are no sources."""
        return any(word in self.name.lower() for word in _WAYS_OUT)

    @property
    def is_of_acl(self) -> bool:
        """Whether it is an entry of a network ACL: it is called one, or has a number as one has."""
        words = {word.lower() for word in _WORD.findall(self.name)}
        if not words.isdisjoint(_ACLS) and words.isdisjoint(_WEB_ACLS):
            return True
        return any(_NUMBERS & {_plain(key) for key in beside} for beside in self.beside)

    def open_entry(self) -> Value | None:
        """The range by which an entry of all traffic opens it to the internet, or may."""
        if not self.is_of_acl:
            return None
        entries = zip(self.values, self.beside, strict=True)
        return _open_of(value for value, beside in entries if not _is_less(beside))

    def verdict(self, value: Value, what: str) -> Verdict:
        """That it is undecided what comes of a value.

        Args:
            value: The value.
            what: What may come of it, in words.
        """
        module = self.module
        why = module.why
        return Verdict(
            subject=module,
            at=Place(value.span, self.name, value, module.presence),
            message=f"{what}: {module.address} is given it as {self.name}, and {why}",
            causes=(module.gap,),
            undecided=True,
        )


@remembered
def handed_to_unread_modules(graph: Graph) -> tuple[Handed, ...]:
    """What is handed to each module, or nested stack, that is not on the disk (B0)."""
    return tuple(
        Handed(module, name, tuple(v for v, _ in leaves), tuple(beside for _, beside in leaves))
        for module in graph.all(UnreadModule)
        for name, leaves in _by_name(module).items()
    )


def _by_name(module: UnreadModule) -> dict[str, list[tuple[Value, Mapping[str, Val]]]]:
    found: dict[str, list[tuple[Value, Mapping[str, Val]]]] = {}
    for name, value in module.arguments():
        for path, leaf, beside in _leaves(name, value, {}):
            found.setdefault(path, []).append((leaf, beside))
    return found


def _leaves(
    path: str, value: Val, beside: Mapping[str, Val]
) -> Iterator[tuple[str, Value, Mapping[str, Val]]]:
    """The known values in a value, each with the names that lead to it and its object."""
    if isinstance(value, Unknown):
        for candidate in value.candidates:
            yield from _leaves(path, candidate, beside)
    elif isinstance(value.data, dict):
        members = value.items()
        for key, member in members.items():
            yield from _leaves(f"{path}.{key}", member, members)
    elif isinstance(value.data, tuple):
        for element in value.elements():
            yield from _leaves(path, element, beside)
    elif value.data is not None:
        yield path, value, beside


def _open_of(values: Iterable[Value]) -> Value | None:
    """The first of some ranges that are the internet together; ``None`` where they are not."""
    found: dict[Family, list[AddressSet]] = {}
    first: dict[Family, Value] = {}
    for value in values:
        for text in (value.text or "").split(","):
            parsed = parse_cidr(text.strip())
            if parsed is not None:
                found.setdefault(parsed.family, []).append(parsed.addresses)
                first.setdefault(parsed.family, value)
    for family, sets in found.items():
        if openness(AddressSet.union(family, sets)) is Openness.WORLD:
            return first[family]
    return None


def _is_less(entry: Mapping[str, Val]) -> bool:
    """Whether an object says of its entry that it denies, or that it is of some ports alone."""
    said = {_plain(key): value for key, value in entry.items()}
    actions = (_data(said.get(key)) for key in ("action", "ruleaction"))
    if any(str(action).lower() == "deny" for action in actions):
        return True
    protocol = _data(said.get("protocol"))
    if protocol is not None and parse_protocol(str(protocol)) in (None, ALL):
        return False
    ports = _ports(said)
    if ports is None or (protocol is None and not ports.contains(1) and ports.contains(0)):
        return False  # ports from 0 to 0 are written for all protocols
    return bool(_EVERY_PORT - ports)


def _ports(said: Mapping[str, Val]) -> PortSet | None:
    """The ports that an object says; ``None`` where it says none, or they are not known."""
    first, last = (said.get(key) for key in ("fromport", "toport"))
    lo, hi = (None if one is None else one.number for one in (first, last))
    if lo is None or hi is None or not 0 <= lo <= hi:
        return None
    return PortSet(((int(lo), int(hi)),))


def _is_fine(rule: Mapping[str, Val], approved: PortSet) -> bool:
    """Whether an object says of its range that it is a destination, or for approved ports alone."""
    said = {_plain(key): value for key, value in rule.items()}
    kind, protocol = (_data(said.get(key)) for key in ("type", "ipprotocol"))
    if str(kind).lower() == "egress":
        return True
    if protocol is None:
        protocol = _data(said.get("protocol"))
    if protocol is not None and parse_protocol(str(protocol)) not in (TCP, UDP):
        return False
    ports = _ports(said)
    return ports is not None and not ports - approved


def _data(value: Val | None) -> object:
    return value.data if isinstance(value, Value) else value


def _plain(name: str) -> str:
    return name.replace("_", "").lower()
