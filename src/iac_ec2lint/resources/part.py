"""Typed views of declared resources: parts with fields, the largest of which are resources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self, TypeVar

from iac_ec2lint.declaration import CERTAIN, Declaration, Presence, Section
from iac_ec2lint.resources.layer import Layer, Steps, either, enclosing, exhaustive, said, spelled
from iac_ec2lint.resources.spelling import Field, Fields, Relation, named_by
from iac_ec2lint.resources.tags import may_spell, tag_pairs, tags_of
from iac_ec2lint.values import (
    NO,
    Answer,
    Data,
    Reference,
    Step,
    Unknown,
    Val,
    any_of,
    is_given,
)

if TYPE_CHECKING:
    from iac_ec2lint.source.span import Span

T = TypeVar("T")
P = TypeVar("P", bound="Part")


class Place(NamedTuple):
    """A field of a resource as findings point at it.

    Attributes:
        span: Where its value was written; where that was read from an attribute of another
            resource, the reference to that; where it is absent, what it is absent from.
        attribute: Its path in the resource: ``metadata_options[0].http_tokens``.
        value: What it came to; ``None`` where it is absent, or has no one value.
        presence: Whether what it stands in is certain to be there.
        part: The part that has the field; ``None`` where no field is meant.
        name: The field's name in its class.
    """

    span: Span
    attribute: str
    value: Val | None
    presence: Presence
    part: Part | None = None
    name: str = ""

    @property
    def left_out(self) -> tuple[Step, ...]:
        """The defaults of inputs that the field is left out by; see ``Part.left_out``."""
        if self.part is None:
            return ()
        return self.part.left_out(getattr(type(self.part), self.name))


class Part(Fields):
    """A group of fields: a nested block, or a resource.

    It reads from layers, the nearest first: an instance's block over its launch template's. What
    no layer says is what AWS does by default, where the field knows.

    Attributes:
        layers: The sections that it reads from.
        span: Where it is written; that of what it stands in, where it is absent.
        within: What it stands in, and as which field of that; ``None`` where it stands alone.
        resource_type: The type of the resource that it stands in.
    """

    __slots__ = ("layers", "resource_type", "span", "within")

    def __init__(
        self,
        layers: tuple[Layer, ...],
        span: Span,
        within: tuple[Part, str] | None = None,
        resource_type: str = "",
    ) -> None:
        self.layers = layers
        self.span = span
        self.within = within
        self.resource_type = layers[0].type if layers else resource_type

    def forget(self) -> None:
        """Forget what was read of it: its blocks, and what was read of those, know it in turn."""
        self.__dict__.clear()

    @property
    def written(self) -> bool:
        """Whether any of it is written."""
        return bool(self.layers)

    @property
    def path(self) -> str:
        """Its place in the resource: ``root_block_device[0]``; where it would be, if absent."""
        if self.layers:
            return self.layers[0].section.path
        return self.within[0].spelling(self.within[1]) if self.within is not None else ""

    @property
    def presence(self) -> Presence:
        """Whether it is certain to be there."""
        layers = self.layers
        if not layers:
            return CERTAIN
        nearest = layers[0].section.presence
        if len(layers) == 1 or nearest.cause is None:
            return nearest
        found = (layer.section.presence for layer in layers)
        return next((p for p in found if p.certain), nearest)

    def over(self, *below: Part) -> Self:
        """The same fields with what ``below`` says where this says nothing, field by field."""
        stack: tuple[Part, ...] = (self, *below)
        layers = tuple(layer for part in stack for layer in part.layers)
        return view(
            type(self),
            layers,
            next((part.span for part in stack if part.layers), self.span),
            self.within,
            self.resource_type,
        )

    def read(self, field: Field[T]) -> Val | None:
        """What the nearest layer says of a field; ``None`` where no layer does.

        Where the nearest may be absent, both what it says and what lies below are candidates.
        """
        possible: list[tuple[Val, Presence]] = []
        for layer in self.layers:
            for steps in field.paths(layer.type):
                found: Iterable[tuple[Val, Presence]]
                if len(steps) == 1:  # the ordinary case: an attribute of the section itself
                    one = layer.section.get(steps[0])
                    found = () if one is None else ((one, layer.presence),)
                else:
                    found = said(layer, enclosing(layer.section, steps), steps[-1])
                for written, presence in found:
                    value = written
                    if isinstance(field, Relation):
                        named = named_by(field, layer.type, written)
                        if named is None:
                            continue
                        value = named
                    if presence.certain and not (isinstance(value, Unknown) and value.unset):
                        return value if not possible else either(possible, value)
                    possible.append((value, presence))
            if possible and exhaustive(possible):
                return either(possible, None, unset=False)
        return either(possible, None) if possible else None

    def decides(self, name: str) -> Layer | None:
        """The nearest layer that says anything of a field."""
        said = self._saying(getattr(type(self), name))
        return None if said is None else said[0]

    def _saying(self, field: Field[object]) -> tuple[Layer, Section, str] | None:
        """The nearest layer that says anything of a field, in which section, and as what."""
        for layer in self.layers:
            for steps in field.paths(layer.type):
                last = steps[-1]
                if len(steps) == 1:  # the ordinary case
                    if layer.section.get(last) is not None:
                        return layer, layer.section, last
                    continue
                for inside in enclosing(layer.section, steps):
                    if inside.get(last) is not None:
                        return layer, inside, last
        return None

    def place(self, name: str, value: Val | None = None) -> Place:
        """The place of a field, to point at.

        Args:
            name: The field.
            value: Of a field with several elements the one meant.
        """
        found = value if value is not None else getattr(self, name)
        if isinstance(found, tuple):
            found = found[0] if found else None
        if isinstance(found, Part):
            return Place(found.span, self.spelling(name), None, found.presence, self, name)
        span = self.span if found is None else found.span
        if found is not None and found.of is not None:
            span = found.of.span
        return Place(span, self.spelling(name), found, self.presence, self, name)

    def here(self, place: Place) -> Place:
        """The place of a field, in the resource itself where its value is written elsewhere."""
        for section, steps in self.written_at(place.name):
            written = section.expression(str(steps[-1]))
            if written is not None and not written.contains(place.span):
                return place._replace(span=written)
        return place

    def is_set(self, name: str) -> Answer:
        """Whether a field has a value at all: it is written, is not null, and is not empty text.

        A reference to what AWS decides is set, though its value is unknown; so is what only a
        deployment knows and is never null. What AWS does by default where nothing is written
        counts as not set.
        """
        value = getattr(self, name)
        field = getattr(type(self), name)
        if isinstance(value, tuple):
            return any_of(map(_is_there, value)) if value else self._unset(field)
        if isinstance(value, Part):
            return value.presence.answer if value.written else NO
        written = None if value is None else self.read(field)  # without AWS's default
        return self._unset(field) if written is None else is_given(written)

    def _unset(self, field: Field[Any]) -> Answer:
        steps = self.left_out(field)
        return Answer(False, (), steps) if steps else NO

    def equals(self, name: str, *accepted: Data) -> Answer:
        """Whether a field of one value is one of ``accepted``; what is not set is ``None``."""
        value: Val | None = getattr(self, name)
        if value is None:
            steps = self.left_out(getattr(type(self), name))
            return Answer(any(one is None for one in accepted), (), steps)
        return value.equals(*accepted)

    def written_at(self, name: str) -> tuple[tuple[Section, Steps], ...]:
        """Where a field is written: the sections of the nearest layer that says it, and paths."""
        field: Field[object] = getattr(type(self), name)
        for layer in self.layers:
            found = tuple(
                (inside, steps)
                for steps in field.paths(layer.type)
                for inside in enclosing(layer.section, steps)
                if inside.get(steps[-1]) is not None or inside.sections(steps[-1])
            )
            if found:
                return found
        return ()

    def removed(self, name: str) -> tuple[Step, ...]:
        """What makes a field that is written come to nothing; see ``Section.removed``."""
        return self._removed(getattr(type(self), name))

    def left_out(self, field: Field[Any]) -> tuple[Step, ...]:
        """The defaults of inputs that a field is left out by: who deploys it may set them."""
        return tuple([step for step in self._removed(field) if step.assumed])

    def _removed(self, field: Field[Any]) -> tuple[Step, ...]:
        return tuple(
            [
                step
                for layer in self.layers
                for steps in field.paths(layer.type)
                for inside in enclosing(layer.section, steps)
                for step in inside.removed(steps[-1])
            ]
        )

    def spelling(self, name: str) -> str:
        """A field's path in the resource, as its language spells it where it is written."""
        field: Field[object] = getattr(type(self), name)
        said = self._saying(field)
        if said is not None:
            _, inside, last = said
            return inside.join(last)
        for section, kind, _ in self.layers:
            paths = field.paths(kind)
            for steps in paths:
                for inside in enclosing(section, steps):
                    return inside.join(steps[-1])
            if paths:
                return section.join(spelled(paths[0]))
        paths = field.paths(self.resource_type)
        path, last = self.path, self._as_written(spelled(paths[0])) if paths else name
        return f"{path}.{last}" if path else last

    def _as_written(self, path: str) -> str:
        """A path of its type as the resource that it would stand in spells it."""
        part: Part = self
        while not part.layers and part.within is not None:
            part = part.within[0]
        return part.layers[0].section.spelled(path) if part.layers else path


def _is_there(element: Part | Val) -> Answer:
    """Whether there is anything in what is read as one element of a list.

    An unknown list is one unknown element, and may turn out to be empty. A reference is taken for
    the id of what it refers to.
    """
    if isinstance(element, Part):
        return element.presence.answer
    if isinstance(element, Reference) or not isinstance(element, Unknown) or element.parts:
        return is_given(element)
    answers = [any_of(map(_is_there, candidate.elements())) for candidate in element.candidates]
    if answers and not element.unset and len({answer.truth for answer in answers}) == 1:
        return answers[0]
    return Answer(None, (element,))


def view(
    made: type[P],
    layers: tuple[Layer, ...],
    span: Span,
    within: tuple[Part, str] | None = None,
    resource_type: str = "",
) -> P:
    """A part of class ``made`` that reads from ``layers``: of a resource, its fields alone.

    Args:
        made: The class.
        layers: The sections, the nearest first.
        span: Where it is written.
        within: See ``Part``.
        resource_type: The type of the resource, where there are no layers.
    """
    part = made.__new__(made)
    Part.__init__(part, layers, span, within, resource_type)
    return part


class Resource(Part):
    """A declared resource: a part that is the whole of it, and a node of the graph.

    Attributes:
        terraform: The types that Terraform has for it (``data.aws_ami`` for a data source).
        cloudformation: The types that CloudFormation has for it.
        implicit: Attributes that name an object which AWS makes along with it: that object's name
            in words, and the name of its class
            (``default_security_group_id``: ``default security group``, ``SecurityGroup``).
        names: The fields that say by what name others may refer to it.
        adopts: Types that take over an implicit object: the relation to its owner, the object's
            name in words, and whose it is where no owner is named (see ``same_as``).
        declared: The declaration that it is a view of.
        address: Its full resource address, or its logical ID after those of the nested stacks.
        type: The type it is declared with.
        presence: Whether it is certain to be there.
    """

    __slots__ = ("address", "declared", "presence", "type")
    presence: Presence
    terraform: ClassVar[tuple[str, ...]] = ()
    cloudformation: ClassVar[tuple[str, ...]] = ()
    implicit: ClassVar[Mapping[str, tuple[str, str]]] = {}
    names: ClassVar[tuple[str, ...]] = ()
    adopts: ClassVar[Mapping[str, tuple[str, str, str]]] = {}

    def __init__(self, declared: Declaration) -> None:
        super().__init__((Layer(declared.body, declared.type),), declared.span)
        self.declared = declared
        self.address = declared.address
        # Kept here, for that is asked of it more often than anything else.
        self.type = declared.type
        self.presence = declared.presence

    @property
    def scope(self) -> str:
        """What account-wide settings apply to it; see ``Declaration.scope``."""
        return self.declared.scope

    @property
    def configuration(self) -> str:
        """The provider's configuration that it has, whichever Region it sets itself; or its stack.

        What another configuration is for may be another account.
        """
        return self.declared.scope.partition("@")[0]

    @property
    def same_as(self) -> str:
        """What all are one and the same that say it in one scope (``default VPC``); else empty."""
        return ""

    @cached_property
    def tags(self) -> dict[str, Val]:
        """Its tags whose keys are known: a map, ``Tags``'s list of pairs, or ``tag`` blocks.

        Of a map of which not all is known, those that it has whatever the rest is.
        """
        return tags_of(self.declared.body)

    @cached_property
    def unknown_tags(self) -> Unknown | None:
        """Why it may have more tags than ``tags`` says: the key of one, or all, is unknown."""
        body = self.declared.body
        written = body.get("Tags" if "::" in self.type else "tags")
        if isinstance(written, Unknown):
            return written
        keys = (pair.get(key) for key, _, pair in tag_pairs(body))
        return next((key for key in keys if isinstance(key, Unknown)), None)

    @property
    def unnamed_tags(self) -> tuple[Val, ...]:
        """The values of its tags whose keys are unknown."""
        pairs = [(pair.get(k), pair.get(v)) for k, v, pair in tag_pairs(self.declared.body)]
        return tuple(v for k, v in pairs if isinstance(k, Unknown) and v is not None)

    def unknown_tag(self, *wanted: str) -> Unknown | None:
        """Why it may have more tags than ``tags`` says with one of some keys, whatever their case.

        A key of which a piece is known may be none but what has that piece:
        ``kubernetes.io/cluster/${var.name}`` is no ``Name``.
        """
        gap = self.unknown_tags
        if gap is None:
            return None
        members = gap.members()
        if members is not None:
            keys: list[Val | None] = [name for name, _ in members]
        else:
            keys = [pair.get(key) for key, _, pair in tag_pairs(self.declared.body)]
            if all(key is not gap for key in keys):
                return gap  # nothing is known of them
        names = [key for key in keys if isinstance(key, Unknown)]
        return next((one for one in names if any(may_spell(one, key) for key in wanted)), None)

    def carries_tag(self, *wanted: str) -> Answer:
        """Whether it carries one of some tags, each a key or ``key=value``."""
        return any_of(map(self._carries, wanted))

    def _carries(self, wanted: str) -> Answer:
        key, equals, value = wanted.partition("=")
        written = self.tags.get(key)
        if written is not None:
            return written.equals(value) if equals else Answer(True)
        gap = self.unknown_tag(key)
        return NO if gap is None else Answer(None, (gap,))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.address})"


class DataSource(Resource):
    """What a data source looks up: declared elsewhere, known by what it was looked up by.

    Attributes:
        finds: The name of the class of what it looks up.
    """

    __slots__ = ()
    finds: ClassVar[str] = ""

    @property
    def made_along(self) -> tuple[Val, str] | None:
        """What refers to a resource, and what AWS made along with it, where that is looked up."""
        return None
