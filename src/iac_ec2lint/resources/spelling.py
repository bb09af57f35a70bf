"""A field of a typed resource: how the two languages spell it, and that it is read once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Generic, NamedTuple, Self, TypeVar, overload

from iac_ec2lint.resources.layer import (
    Entry,
    Steps,
)
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values import (
    Cause,
    Input,
    Unknown,
    Val,
    Value,
)


class Keyed(NamedTuple):
    """A path to the value of one entry in a list of pairs, which is how CloudFormation says much.

    ``Keyed("LoadBalancerAttributes", "deletion_protection.enabled")`` reads ``Value`` of the entry
    ``{Key: deletion_protection.enabled, Value: "true"}``.

    Attributes:
        list: The path of the list.
        key: The entry's key.
        named: The member that holds the key.
        value: The member that holds the value.
        within: Another member that an entry must have, and what it must be, where the key alone
            does not tell entries apart.
    """

    list: str
    key: str
    named: str = "Key"
    value: str = "Value"
    within: tuple[str, str] | None = None


OnePath = str | Keyed
Path = OnePath | tuple[OnePath, ...]
"""Steps with dots between them; of several paths the first that is written counts."""

Spelling = Path | Mapping[str, Path | None] | None
"""A path, or a path for each resource type (``""`` for all others), or no way to say it."""

T = TypeVar("T")


class Fields:
    """What has fields; see ``Part``."""

    __slots__ = ("__dict__",)

    @classmethod
    def fields(cls) -> tuple[Field[object], ...]:
        """Its fields, the base classes' first."""
        found = _FIELDS.get(cls)
        if found is None:
            by_name = {
                name: field
                for base in reversed(cls.__mro__)
                for name, field in vars(base).items()
                if isinstance(field, Field)
            }
            found = _FIELDS[cls] = tuple(by_name.values())
        return found


class Field(Generic[T]):
    """A field of a part: how it is spelled and read.

    Args:
        terraform: Terraform's spelling.
        cloudformation: CloudFormation's spelling.
        read: Reads it from a part, given itself.
        kind: The class of the nested parts that it has, if it has any.

    Attributes:
        paths: The steps of each of its spellings in a resource of a type; none where it has none.

    Raises:
        ValueError: A path has a step that is no name, and so could never be read.
    """

    __slots__ = ("_read", "cloudformation", "kind", "name", "paths", "terraform")

    def __init__(
        self,
        terraform: Spelling,
        cloudformation: Spelling,
        read: Callable[[Any, Field[T]], T],
        kind: type[Any] | None = None,
    ) -> None:
        for spelling in (terraform, cloudformation):
            for path in _paths_in(spelling):
                _steps(path)  # a path that could never be read is refused here
        self.terraform = terraform
        self.cloudformation = cloudformation
        self.name = ""
        self.kind = kind
        self._read = read
        # Asked for each time that a field is read: no function of Python's is called for it.
        self.paths = _PathsByType(terraform, cloudformation).__getitem__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, part: None, owner: type) -> Self: ...
    @overload
    def __get__(self, part: Fields, owner: type) -> T: ...
    def __get__(self, part: Fields | None, owner: type) -> T | Self:
        if part is None:
            return self
        # Kept under the field's own name, where Python looks first: this is called once.
        found = part.__dict__[self.name] = self._read(part, self)
        return found


_FIELDS: dict[type[Fields], tuple[Field[object], ...]] = {}


class _PathsByType(dict[str, tuple[Steps, ...]]):
    """See ``Field.paths``; worked out for each type that is asked for."""

    def __init__(self, terraform: Spelling, cloudformation: Spelling) -> None:
        super().__init__()
        self._spellings = terraform, cloudformation

    def __missing__(self, kind: str) -> tuple[Steps, ...]:
        spelling = self._spellings["::" in kind]
        if isinstance(spelling, Mapping):
            spelling = spelling[kind] if kind in spelling else spelling.get("")
        found = self[kind] = tuple(map(_steps, _paths_in(spelling)))
        return found


def _paths_in(spelling: Spelling) -> tuple[OnePath, ...]:
    """All the paths of a spelling."""
    if spelling is None:
        return ()
    if isinstance(spelling, Mapping):
        return tuple(path for one in spelling.values() for path in _paths_in(one))
    return (spelling,) if isinstance(spelling, str | Keyed) else spelling


def _steps(path: OnePath) -> Steps:
    if isinstance(path, Keyed):
        within = () if path.within is None else (Entry(path.within[1], path.within[0]),)
        return (*_steps(path.list), *within, Entry(path.key, path.named), path.value)
    steps = tuple(path.split("."))
    if not all(_STEP.fullmatch(step) for step in steps):
        raise ValueError(f"{path!r} is no path of names with dots between them; see Keyed")
    return steps


_STEP = regular_expression(r"[A-Za-z_][A-Za-z0-9_-]*")


class Relation(Field[T]):
    """A field that refers to other resources: an edge of its name in the graph.

    Attributes:
        to: The names of the classes of resources that it may refer to; empty where the type that
            it refers to has no adapter, or it may be any.
    """

    __slots__ = ("to",)

    def __init__(
        self,
        terraform: Spelling,
        cloudformation: Spelling,
        read: Callable[[Any, Field[T]], T],
        to: tuple[str, ...] = (),
    ) -> None:
        super().__init__(terraform, cloudformation, read)
        self.to = to


def named_by(field: Field[T], kind: str, value: Val) -> Val | None:
    """What a relation names; ``None`` where that is nothing, as an empty text mostly is.

    What a template says is sent as it is, and EC2 refuses an empty id of a group, or an empty name
    of a key pair or an instance profile: what is deployed names another, whatever a default says.

    Source: Amazon EC2 API Reference, "Error codes" (``InvalidParameterValue``).

    Args:
        field: The relation.
        kind: The type of the resource that has it.
        value: What is written.
    """
    if not isinstance(value, Value) or value.data != "":
        return value
    if "::" not in kind or not isinstance(field, Relation) or _REFUSED.isdisjoint(field.to):
        return None
    inputs = tuple(Input(step.input, step.span) for step in value.via if step.input)
    reason = "an empty text names none, and AWS refuses it"
    cause: Cause = "parameter" if inputs else "external-id"
    return Unknown(reason, cause, value.span, value.via, inputs=inputs)


_REFUSED = frozenset({"InstanceProfile", "KeyPair", "SecurityGroup"})
"""The classes of what EC2 takes no empty name for."""
