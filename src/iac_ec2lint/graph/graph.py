"""The graph: resources as nodes, their references as edges.

An edge has the name of the relation that it comes from (``security_groups``). It is built
generically: a resource type declares its relations as fields, and nothing here knows any type. The
edges of a relation are built when somebody asks for them.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeVar, cast

from iac_ec2lint.declaration import Escapes, Unit
from iac_ec2lint.graph.nodes import (
    AnalysedUnit,
    Edge,
    External,
    Implicit,
    analysed_unit,
    external,
    implicit,
)
from iac_ec2lint.graph.relations import (
    Spelling,
    listed,
    name_in_arn,
    named_by_arn,
    named_with_account,
    relations,
    spelling,
    there,
    there_with_target,
    undecided,
    ways,
)
from iac_ec2lint.resources.auxiliary import Auxiliary
from iac_ec2lint.resources.part import DataSource, Part, Resource
from iac_ec2lint.resources.spelling import Relation
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values import Guard, Reference, Unknown, Val, Value, exclude, guard_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import networkx as nx

    from iac_ec2lint.graph.memo import Answers
    from iac_ec2lint.source.span import Span

__all__ = ["AnalysedUnit", "Edge", "External", "Graph", "Implicit"]

R = TypeVar("R", bound=Resource)

_IDENTITIES: Final = frozenset(
    {"", "id", "arn", "name", "ids", "arns", "value", "Ref", "Arn", "Value"}
)
"""Attributes that stand for the resource itself, where no adapter says what its others are."""

_ID = regular_expression(
    r"arn:|\d+(\.\d+){3}$"
    r"|(acl|ami|eigw|eipalloc|eni|i|igw|lt|nat|pcx|pl|rtb|sg|snap|subnet|tgw|vgw|vol|vpc|vpce)"
    r"-[0-9a-z]+$"
)
"""Texts that name one thing in AWS whatever its kind: ARNs, ids, addresses."""


class _Edges:
    """The edges of one relation, by source and by target."""

    __slots__ = ("sources", "targets", "unresolved")

    def __init__(self, edges: Iterable[Edge]) -> None:
        targets: dict[Resource, list[Edge]] = {}
        sources: dict[Resource | None, list[Edge]] = {}
        for edge in edges:
            targets.setdefault(edge.source, []).append(edge)
            sources.setdefault(edge.target, []).append(edge)
        self.unresolved = tuple(sources.pop(None, ()))
        self.targets = {source: tuple(found) for source, found in targets.items()}
        self.sources = {target: tuple(found) for target, found in sources.items()}


class Graph:
    """The resources of one unit and what they refer to.

    Args:
        resources: The typed resources, each with an address of its own.
        escapes: See ``Unit.escapes``.
        unit: What they are the resources of; a root module that nothing is known of if not given.

    Attributes:
        unit: The root module, stack or plan, as the subject of verdicts about what is not there.
        answers: What functions said of it, by function and arguments; see ``remembered``.
    """

    def __init__(
        self,
        resources: Iterable[Resource],
        escapes: Escapes | None = None,
        unit: AnalysedUnit | None = None,
    ) -> None:
        self._escapes = escapes or Escapes()
        self.unit = unit or analysed_unit(Unit("", "root-module"))
        self._nodes: dict[str, Resource] = {}
        self._auxiliary: dict[str, Auxiliary] = {}
        self._by_class: dict[type[Resource], list[Resource]] = defaultdict(list)
        self._edges: dict[str, _Edges] = {}
        self._selected: dict[tuple[type[Resource], ...], list[Resource]] = {}
        self._named: dict[str, dict[str | Spelling, list[Resource]]] = {}
        self._fits: dict[tuple[type[Resource], tuple[str, ...]], bool] = {}
        self._adopters: dict[tuple[Resource, str], Resource] | None = None
        self._made: dict[tuple[Resource, str], Resource] = {}
        self._followed: dict[tuple[Resource, Part, str], tuple[Edge, ...]] = {}
        self.answers: Answers = defaultdict(dict)
        for resource in sorted(resources, key=lambda resource: resource.address):
            if resource.presence.never:
                continue
            if isinstance(resource, Auxiliary):
                self._auxiliary[resource.address] = resource
            else:
                self._add(resource)

    def all(self, *kinds: type[R]) -> Iterator[R]:
        """What is declared of some classes and their subclasses, by address.

        What is nothing in AWS (``Auxiliary``) is found where its class is asked for.
        Externals and implicit ones are known once all edges are; asking for them builds those.
        """
        found = self._selected.get(kinds)
        return iter(cast("list[R]", self._select(kinds) if found is None else found))

    def has(self, *kinds: type[Resource]) -> bool:
        """Whether anything of some classes is declared."""
        found = self._selected.get(kinds)
        return bool(self._select(kinds) if found is None else found)

    def _select(self, kinds: tuple[type[Resource], ...]) -> list[Resource]:
        if any(issubclass(kind, External | Implicit) or kind is Resource for kind in kinds):
            self._complete()
        found = [
            resource
            for kind, resources in self._by_class.items()
            if issubclass(kind, kinds)
            for resource in resources
        ]
        if any(issubclass(kind, Auxiliary) for kind in kinds):
            found += [one for one in self._auxiliary.values() if isinstance(one, kinds)]
        found.sort(key=lambda resource: resource.address)
        self._selected[kinds] = found
        return found

    @property
    def escaped(self) -> Mapping[str, Span]:
        """The resources that are passed to a module or a stack of which nothing is known.

        They are given by address, with where that is (semantics.md, B0).
        """
        return self._escapes.places

    def escaped_to(self, address: str) -> str:
        """What a resource is passed to that is neither a module nor a stack; else empty."""
        return self._escapes.taker(address)

    @property
    def addresses(self) -> list[str]:
        """The addresses of what is declared, and of what was met that AWS makes along with it."""
        nodes = [node for node in self._nodes.values() if not isinstance(node, External)]
        return [node.address for node in (self.unit, *self._auxiliary.values(), *nodes)]

    def declared(self) -> Iterator[Resource]:
        """The resources that are declared, by address: neither externals nor implicit ones."""
        found = (one for one in self._nodes.values() if not isinstance(one, External | Implicit))
        return iter(sorted(found, key=lambda resource: resource.address))

    @cached_property
    def types(self) -> frozenset[str]:
        """The types of what is declared."""
        return frozenset(one.type for one in (*self.declared(), *self._auxiliary.values()))

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The names of the classes of what is declared, and of what these are subclasses of."""
        found = {type(one) for one in (*self.declared(), *self._auxiliary.values())}
        return frozenset(base.__name__ for kind in found for base in kind.__mro__)

    @cached_property
    def scopes(self) -> frozenset[str]:
        """The scopes of what is declared: see ``Declaration.scope``."""
        return frozenset(resource.scope for resource in self.declared() if resource.scope)

    def get(self, address: str) -> Resource | None:
        """What is at an address: a resource, external and implicit ones too, an output."""
        if address in self._auxiliary:
            return self._auxiliary[address]
        if address not in self._nodes:
            self._complete()
        return self._nodes.get(address)

    def targets(self, resource: Resource, *names: str) -> tuple[Edge, ...]:
        """The edges that leave a resource, of some relations or all; with unknown targets too."""
        if len(names) == 1:  # as nearly always
            edges = self._edges.get(names[0]) or self._relation(names[0])
            return edges.targets.get(resource, ())
        return tuple(
            edge
            for name in names or relations(type(resource))
            for edge in self._relation(name).targets.get(resource, ())
        )

    def sources(self, resource: Resource, *names: str) -> tuple[Edge, ...]:
        """The edges that arrive at a resource, of some relations or of all."""
        if len(names) == 1:  # as nearly always
            edges = self._edges.get(names[0]) or self._relation(names[0])
            return edges.sources.get(resource, ())
        return tuple(
            edge
            for name in names or self._all_relations()
            for edge in self._relation(name).sources.get(resource, ())
        )

    def unresolved(self, *names: str) -> tuple[Edge, ...]:
        """The edges whose target nobody knows: each may lead to any resource of the right kind."""
        return tuple(edge for name in names for edge in self._relation(name).unresolved)

    def only(self, resource: Resource, relation: str, *kinds: type[R]) -> R | None:
        """The resource of some classes that a relation certainly leads to, if there is one."""
        for edge in self.targets(resource, relation):
            if edge.certain and isinstance(edge.target, kinds):
                return edge.target
        return None

    def follow(self, source: Resource, part: Part, relation: str) -> tuple[Edge, ...]:
        """The edges of one field of one part, which may be laid over others (``Part.over``).

        Args:
            source: The resource that they are to leave.
            part: The part that has the field.
            relation: The field's name.
        """
        found = self._followed.get((source, part, relation))
        if found is None:
            field = getattr(type(part), relation)
            if not isinstance(field, Relation):
                raise TypeError(f"{relation} is no relation of {type(part).__name__}")
            found = tuple(self._edges_of_field(source, part, field))
            self._followed[source, part, relation] = found
        return found

    def resolve(self, value: Val, to: tuple[str, ...] = ()) -> tuple[Resource, ...]:
        """The resources that a reference may mean; empty where that is unknown.

        Args:
            value: The reference, or a literal id, ARN or name.
            to: The names of the classes that it can mean; empty for any.
        """
        if isinstance(value, Reference):
            other = self._declared(value, to) is None
            return (self._spelled(value, to) if other else ()) or (self._node(value, to),)
        if value.of is not None:
            node = self._declared(value.of, to)
            if node is not None:
                return (node,)
        if isinstance(value, Value) and not isinstance(value.data, tuple):
            return self._literal(value.text, value.span, to) if value.text else ()
        named_alike = self._spelled(value, to)
        if named_alike:
            return named_alike
        # An undecided list may lead to all that one of its arms lists.
        alternatives = value.elements() if isinstance(value, Value) else value.candidates
        if alternatives:
            found = (node for one in alternatives for node in self.resolve(one, to))
            return tuple(dict.fromkeys(found))
        if isinstance(value, Value):
            return ()
        for named in (named_by_arn(value), named_with_account(value)):
            if named is not None:
                return (self._node(named, to),)
        name = name_in_arn(value)
        return tuple(node for kind in to for node in self._names(kind).get(name or "", ()))

    def _spelled(self, value: Val, to: tuple[str, ...]) -> tuple[Resource, ...]:
        """What has the very name that a value is, of which pieces are unknown."""
        spelled = spelling(value) if to else None
        if spelled is None:
            return ()
        return tuple(node for kind in to for node in self._names(kind).get(spelled, ()))

    def implicit(self, owner: Resource, words: str) -> Resource:
        """What AWS makes along with a resource, or the resource that adopts it.

        Args:
            owner: The resource: a VPC.
            words: What is made along with it: ``default security group``.
        """
        found = self._made.get((owner, words))
        if found is None:
            found = self._made[owner, words] = self._make(self._same(owner), words)
        return found

    def _make(self, owner: Resource, words: str) -> Resource:
        adopter = self._adopted().get((owner, words))
        if adopter is not None:
            return adopter
        stack = owner.declared.of_cloudformation
        attribute, kind = next(
            (attribute, kind)
            for attribute, (made, kind) in type(owner).implicit.items()
            if made == words and stack == attribute[0].isupper()
        )
        address = f"{owner.address}.{attribute}"
        found = self._nodes.get(address)
        if found is None:
            found = implicit(address, owner, words, kind)
            self._add(found)
        return found

    @cached_property
    def network(self) -> nx.MultiDiGraph[str]:
        """All of it for the algorithms of networkx.

        Its nodes are addresses, with the resource as ``resource``. Its edges are those whose target
        is known, with the edge as ``edge`` and its relation's name as ``relation``; two resources
        have an edge for each reference between them. It is made when it is first asked for.
        """
        # networkx is imported here for start-up: it takes longer than all else.
        import networkx as nx

        self._complete()
        network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        for address, resource in self._nodes.items():
            network.add_node(address, resource=resource)
        for name in self._all_relations():
            for edges in self._relation(name).targets.values():
                for edge in edges:
                    if edge.target is not None:
                        ends = edge.source.address, edge.target.address
                        network.add_edge(*ends, edge=edge, relation=name)
        return network

    def leave(self) -> None:
        """See ``Unit.leave``; what answers about a graph may know itself, and the graph."""
        for resource in (*self._nodes.values(), *self._auxiliary.values()):
            resource.forget()
        vars(self).clear()

    def _add(self, resource: Resource) -> None:
        self._nodes[resource.address] = resource
        self._by_class[type(resource)].append(resource)
        for kinds in [kinds for kinds in self._selected if isinstance(resource, kinds)]:
            del self._selected[kinds]

    def _all_relations(self) -> tuple[str, ...]:
        names = {name for kind in tuple(self._by_class) for name in relations(kind)}
        return tuple(sorted(names))

    def _complete(self) -> None:
        for name in self._all_relations():
            self._relation(name)

    def _relation(self, name: str) -> _Edges:
        found = self._edges.get(name)
        if found is None:
            carriers = [kind for kind in tuple(self._by_class) if name in relations(kind)]
            resources = [resource for kind in carriers for resource in self._by_class[kind]]
            resources.sort(key=lambda resource: resource.address)
            found = _Edges(edge for one in resources for edge in self._edges_of(one, name))
            self._edges[name] = found
        return found

    def _edges_of(self, resource: Resource, name: str) -> Iterator[Edge]:
        pending: list[Part] = [resource]
        while pending:
            part = pending.pop()
            if not part.written:
                continue
            relation, nested = ways(type(part), name)
            if relation is not None:
                yield from self._edges_of_field(resource, part, relation)
            inner: list[Part] = []
            for field in nested:
                found = getattr(part, field)
                inner.extend(found if isinstance(found, tuple) else (found,))
            pending.extend(reversed(inner))

    def _edges_of_field(
        self, source: Resource, part: Part, field: Relation[object]
    ) -> Iterator[Edge]:
        found = getattr(part, field.name)
        if found is None:
            return
        values = found if isinstance(found, tuple) else (found,)
        for value in (one for v in values if v is not None for one in listed(v, field.to)):
            if value.is_null:
                continue
            guard = source.presence.guard
            if part is not source:
                guard = guard | part.presence.guard
            chosen = _consistent(value, guard) if guard else value
            if chosen.is_null:
                continue
            nodes = self.resolve(chosen, field.to)
            if not nodes:
                yield Edge(source, None, field.name, chosen, part, certain=False)
                for node in self._mentioned(chosen, field.to):
                    yield Edge(source, node, field.name, chosen, part, certain=False)
                continue
            if guard and len(nodes) > 1:
                together = (node for node in nodes if not exclude(guard, node.presence.guard))
                nodes = tuple(together) or nodes
            decided = not undecided(chosen) or self._spelled(chosen, field.to) == nodes
            decided = decided or there_with_target(chosen, nodes)
            certain = len(nodes) == 1 and there(source, part) and decided
            for node in nodes:
                yield Edge(source, node, field.name, chosen, part, certain=certain)

    def _mentioned(self, value: Val, to: tuple[str, ...]) -> tuple[Resource, ...]:
        """The resources of the right kind that an expression depends on: it may come to their id.

        So it is with ``split(",", join(",", aws_instance.web[*].id))[0]``.
        """
        if not to or not isinstance(value, Unknown) or value.parts:
            return ()
        found = (self._declared(reference, to) for reference in value.references)
        return tuple(dict.fromkeys(node for node in found if node is not None))

    def _node(self, reference: Reference, to: tuple[str, ...]) -> Resource:
        found = self._declared(reference, to)
        if found is not None:
            return found
        address = reference.target
        other = not isinstance(self._nodes.get(address), External | None)
        if other or reference.attribute not in _IDENTITIES:
            address = f"{address}.{reference.attribute}"
        return self._external(address, None, reference.span, reference.reason)

    def _declared(self, reference: Reference, to: tuple[str, ...]) -> Resource | None:
        node = self._nodes.get(reference.target)
        if node is None or isinstance(node, External):
            return None
        if isinstance(node, DataSource) and reference.attribute in _IDENTITIES:
            along = node.made_along
            if along is not None and (not to or node.finds in to):
                return self._made_along(*along) or node
        made = type(node).implicit.get(reference.attribute)
        if made is not None:
            words, kind = made
            if not to or kind in to:
                return self.implicit(node, words)
        return node if self._fit(node, to) else None

    def _made_along(self, owner: Val, words: str) -> Resource | None:
        """What is looked up as that which AWS made along with a resource that is known here."""
        identity = owner if isinstance(owner, Reference) else owner.of
        node = self._declared(identity, ()) if identity is not None else None
        made = type(node).implicit.values() if node is not None else ()
        return self.implicit(node, words) if node and any(w == words for w, _ in made) else None

    def _fit(self, node: Resource, to: tuple[str, ...]) -> bool:
        key = (type(node), to)
        found = self._fits.get(key)
        if found is None:
            names = {base.__name__ for base in type(node).__mro__}
            if isinstance(node, DataSource):
                names.add(node.finds)
            found = self._fits[key] = not to or not names.isdisjoint(to)
        return found

    def _literal(self, text: str, span: Span, to: tuple[str, ...]) -> tuple[Resource, ...]:
        found = [node for kind in to for node in self._names(kind).get(text, ())]
        if found:
            return tuple(found)
        address = text if _ID.match(text) else f'{to[0] if to else "external"} "{text}"'
        return (self._external(address, text, span),)

    def _names(self, kind: str) -> dict[str | Spelling, list[Resource]]:
        """The resources of a class by the names that they are known by, in whole or in part."""
        found = self._named.get(kind)
        if found is None:
            found = self._named[kind] = defaultdict(list)
            for type_, resources in self._by_class.items():
                if any(base.__name__ == kind for base in type_.__mro__):
                    for resource in resources:
                        imported = resource.declared.imported_as
                        if imported is not None and imported.text:
                            found[imported.text].append(resource)
                        for field in type_.names:
                            name = getattr(resource, field)
                            if name is None:
                                continue
                            known = spelling(name) if name.text is None else name.text
                            if known:
                                found[known].append(resource)
        return found

    def _same(self, resource: Resource) -> Resource:
        """Of several nodes that are one and the same, the first that something is made along with.

        What is made along with the default VPC is one thing, however the VPC is referred to.
        """
        if not resource.same_as:
            return resource
        return self._one_and_the_same[resource.scope, resource.same_as]

    @cached_property
    def _one_and_the_same(self) -> dict[tuple[str, str], Resource]:
        found: dict[tuple[str, str], Resource] = {}
        for kind in [kind for kind in self._by_class if kind.implicit]:
            for resource in self._by_class[kind]:
                if resource.same_as:
                    found.setdefault((resource.scope, resource.same_as), resource)
        return found

    def _adopted(self) -> dict[tuple[Resource, str], Resource]:
        if self._adopters is None:
            self._adopters = found = {}
            for kind in [kind for kind in self._by_class if kind.adopts]:
                for resource in self._by_class[kind]:
                    if resource.type not in kind.adopts:
                        continue
                    relation, words, whose = kind.adopts[resource.type]
                    value = getattr(resource, relation)
                    if value is None:
                        owner = self._one_and_the_same.get((resource.scope, whose))
                    else:
                        identity = value if isinstance(value, Reference) else value.of
                        owner = self._nodes.get(identity.target) if identity is not None else None
                    if owner is not None:
                        found[self._same(owner), words] = resource
        return self._adopters

    def _external(self, address: str, text: str | None, span: Span, reason: str = "") -> Resource:
        found = self._nodes.get(address)
        if found is None:
            found = external(address, text, span, reason)
            self._add(found)
        return found


def _consistent(value: Val, guard: Guard) -> Val:
    """Of a value that is one of several what it can be where a guard holds.

    Where nothing is left it is unchanged: what refers to what is never there is not deployed.
    """
    if not isinstance(value, Unknown) or not value.candidates:
        return value
    left = [one for one in value.candidates if not exclude(guard, guard_of(one))]
    if not left or len(left) == len(value.candidates):
        return value
    if len(left) == 1:
        return left[0]
    unset = any(one.is_null or (isinstance(one, Unknown) and one.unset) for one in left)
    return value.but(candidates=tuple(left), unset=unset)
