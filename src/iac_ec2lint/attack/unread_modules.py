"""What is handed to modules that are not on the disk: what they make of it, nobody can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.engine.check import Verdict
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.sets.addresses import AddressSet, Family, Openness, openness, parse_cidr
from iac_ec2lint.resources.part import Place
from iac_ec2lint.resources.unread_module import UnreadModule
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values import Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

_WAYS_OUT = ("egress", "outbound", "destination", "route")
"""Words in the names of arguments whose ranges are no sources."""

_ACLS = frozenset({"acl", "acls", "nacl", "nacls"})
_WEB_ACLS = frozenset({"waf", "web"})
_WORD = regular_expression(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


class Handed(NamedTuple):
    """One argument of a module that is not on the disk, or all values of one name in it.

    Attributes:
        module: The module.
        name: The argument, with the names inside it: ``ingress_with_cidr_blocks.cidr_blocks``.
        values: The values, as far as they are known.
    """

    module: UnreadModule
    name: str
    values: tuple[Value, ...]

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

    def open_source(self) -> Value | None:
        """The range that opens it to the internet, alone or with others; ``None`` if none does."""
        return None if self.is_of_acl or self.is_way_out else self.open_range()

    @property
    def is_way_out(self) -> bool:
        """Whether its name says that its ranges are no sources."""
        return any(word in self.name.lower() for word in _WAYS_OUT)

    @property
    def is_of_acl(self) -> bool:
        """Whether it is called an entry of a network ACL: ``public_inbound_acl_rules``."""
        words = {word.lower() for word in _WORD.findall(self.name)}
        return not words.isdisjoint(_ACLS) and words.isdisjoint(_WEB_ACLS)

    def open_range(self) -> Value | None:
        """The same, whatever the argument is called."""
        found: dict[Family, list[AddressSet]] = {}
        first: dict[Family, Value] = {}
        for value in self.values:
            for text in (value.text or "").split(","):
                parsed = parse_cidr(text.strip())
                if parsed is not None:
                    found.setdefault(parsed.family, []).append(parsed.addresses)
                    first.setdefault(parsed.family, value)
        for family, sets in found.items():
            if openness(AddressSet.union(family, sets)) is Openness.WORLD:
                return first[family]
        return None

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
        Handed(module, name, tuple(values))
        for module in graph.all(UnreadModule)
        for name, values in _by_name(module).items()
    )


def _by_name(module: UnreadModule) -> dict[str, list[Value]]:
    found: dict[str, list[Value]] = {}
    for name, value in module.arguments():
        for path, leaf in _leaves(name, value):
            found.setdefault(path, []).append(leaf)
    return found


def _leaves(path: str, value: Val) -> Iterator[tuple[str, Value]]:
    """The known values in a value, each with the names that lead to it."""
    if isinstance(value, Unknown):
        for candidate in value.candidates:
            yield from _leaves(path, candidate)
    elif isinstance(value.data, dict):
        for key, member in value.items().items():
            yield from _leaves(f"{path}.{key}", member)
    elif isinstance(value.data, tuple):
        for element in value.elements():
            yield from _leaves(path, element)
    elif value.data is not None:
        yield path, value


def _plain(name: str) -> str:
    return name.replace("_", "").lower()
