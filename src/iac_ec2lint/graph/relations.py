"""The relations that classes of resources have, and what can be said of one without the graph."""

from __future__ import annotations

from iac_ec2lint.resources.field import Relation
from iac_ec2lint.resources.part import Part, Resource
from iac_ec2lint.values import Reference, Unknown, Val, when_of

_RELATIONS: dict[type[Part], tuple[str, ...]] = {}
_WAYS: dict[tuple[type[Part], str], tuple[Relation[object] | None, tuple[str, ...]]] = {}


def relations(kind: type[Part]) -> tuple[str, ...]:
    """The names of the relations that a class has, itself or in nested parts."""
    found = _RELATIONS.get(kind)
    if found is None:
        names: list[str] = []
        for field in kind.fields():
            if isinstance(field, Relation):
                names.append(field.name)
            elif field.kind is not None:
                names.extend(relations(field.kind))
        found = _RELATIONS[kind] = tuple(dict.fromkeys(names))
    return found


def ways(kind: type[Part], name: str) -> tuple[Relation[object] | None, tuple[str, ...]]:
    """The field that is a relation of that name, and the fields whose parts have one."""
    found = _WAYS.get((kind, name))
    if found is None:
        relation = getattr(kind, name, None)
        nested = tuple(
            field.name
            for field in kind.fields()
            if field.kind is not None and name in relations(field.kind)
        )
        found = _WAYS[kind, name] = (relation if isinstance(relation, Relation) else None, nested)
    return found


def there(source: Resource, part: Part) -> bool:
    """Whether a part is there whenever its resource is."""
    if part is source or part.presence.certain:
        return True
    return bool(source.layers) and part.presence is source.layers[0].section.presence


def undecided(value: Val) -> bool:
    """Whether a value leads to one of several resources, or to none that is known."""
    return isinstance(value, Unknown) and not isinstance(value, Reference) and not value.parts


def there_with_target(value: Val, nodes: tuple[Resource, ...]) -> bool:
    """Whether a value leads to its one target wherever that exists, and else to nothing.

    So do ``one(aws_eip.this[*].id)`` and ``try(aws_eip.this[0].id, null)``.
    """
    if not isinstance(value, Unknown) or len(nodes) != 1:
        return False
    presence = nodes[0].presence
    to, *others = [c for c in value.candidates if not (c.is_null or c.text == "")]
    if others or not isinstance(to, Reference) or presence.cause is None:
        return False
    if when_of(to) not in ("", presence.when):
        return False
    return value.reason in (presence.cause.reason, to.reason)


def named_by_arn(value: Unknown) -> Reference | None:
    """The resource whose ARN a partly known string spells: it ends with the resource's name."""
    parts = value.parts
    if len(parts) < 2 or not isinstance(parts[0], str) or not parts[0].startswith("arn:"):
        return None
    last = parts[-1]
    return last if isinstance(last, Reference) else None
