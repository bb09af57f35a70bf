"""The attributes and nested blocks of what is declared: evaluated when they are read."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from iac_ec2lint.declaration.presence import CERTAIN, Presence
from iac_ec2lint.values import Step, Unknown, Val, Value

if TYPE_CHECKING:
    from iac_ec2lint.source.span import Span


class Section(ABC):
    """Attributes and nested blocks of a declaration: a block, a property's map, or the body.

    Attributes:
        span: Where it is written: the block's header, or the map.
        path: Its path in the resource: empty for the body, else ``ingress[0]``.
        presence: Whether it is certain to exist.
        labels: The labels of its block, without its type: ``("remote-exec",)`` of a provisioner.
    """

    __slots__ = ("labels", "path", "presence", "span")

    def __init__(
        self, span: Span, path: str, presence: Presence = CERTAIN, labels: tuple[str, ...] = ()
    ) -> None:
        self.span = span
        self.path = path
        self.presence = presence
        self.labels = labels

    @abstractmethod
    def get(self, name: str) -> Val | None:
        """The value of an attribute; ``None`` where it is not written, or is null."""

    @abstractmethod
    def sections(self, name: str) -> tuple[Section, ...]:
        """The nested blocks of a type, in order; each has its ``presence``.

        A map or a list of maps in an attribute counts as blocks too. An attribute of which nothing
        is known is one possible section of unknowns.
        """

    @abstractmethod
    def names(self) -> tuple[str, ...]:
        """The attributes and block types that are written, in order."""

    @property
    def extent(self) -> Span | None:
        """The span of all of it, from its header or first key to its end.

        ``None`` where it is not written as a block or a mapping of its own.
        """
        return None

    def expression(self, name: str) -> Span | None:  # noqa: ARG002 - for those that are written
        """The span of an attribute's value; ``None`` where it is not in this section's text."""
        return None

    def removed(self, name: str) -> tuple[Step, ...]:  # noqa: ARG002 - for those that are written
        """What makes an attribute that is written come to nothing; empty where nothing does.

        That is ``null`` or an empty list in Terraform, ``AWS::NoValue`` at the end of ``Fn::If``,
        alone or for every element, and in both an empty text: the way to it, with the defaults that
        decide.
        """
        return ()

    def entry(self, name: str) -> Span | None:  # noqa: ARG002 - for those that are written
        """The span of an attribute, name included, or of a nested block; ``None`` where none is."""
        return None

    def section(self, name: str) -> Section | None:
        """The only nested block of a type that occurs at most once; ``None`` where it is absent."""
        found = self.sections(name)
        return found[0] if found else None

    def spelled(self, path: str) -> str:
        """A path of the resource's type as the resource itself spells it."""
        return path

    def join(self, name: str, index: int | None = None) -> str:
        """The path, in the resource, of an attribute or a nested block of this section."""
        name = self.spelled(name)
        path = f"{self.path}.{name}" if self.path else name
        return path if index is None else f"{path}[{index}]"


class ValueSection(Section):
    """A section that is the value of an expression or of a template's property: a map."""

    __slots__ = ("_members",)

    def __init__(self, value: Value, path: str, presence: Presence = CERTAIN) -> None:
        super().__init__(value.span, path, presence)
        self._members = value.items()

    def get(self, name: str) -> Val | None:
        """See ``Section``."""
        member = self._members.get(name)
        return None if member is None or member.is_null else member

    def sections(self, name: str) -> tuple[Section, ...]:
        """See ``Section``."""
        member = self._members.get(name)
        if member is None or member.is_null:
            return ()
        return sections_of(member, self.join(name), self.presence)

    def names(self) -> tuple[str, ...]:
        """See ``Section``."""
        return tuple(name for name, member in self._members.items() if not member.is_null)


class UnknownSection(Section):
    """A block that may exist and of which nothing else is known."""

    __slots__ = ("_unknown",)

    def __init__(self, unknown: Unknown, path: str, presence: Presence | None = None) -> None:
        super().__init__(unknown.span, path, presence or Presence(unknown))
        self._unknown = unknown

    def get(self, name: str) -> Val | None:  # noqa: ARG002 - the same for every name
        """The unknown itself, whatever the name."""
        return self._unknown

    def sections(self, name: str) -> tuple[Section, ...]:
        """One section that is as unknown."""
        return (UnknownSection(self._unknown, self.join(name), self.presence),)

    def names(self) -> tuple[str, ...]:
        """Empty, since no name is known."""
        return ()


def sections_of(value: Val, path: str, presence: Presence = CERTAIN) -> tuple[Section, ...]:
    """A map, or a list of maps, as sections.

    Args:
        value: The map or list, or an unknown in its place.
        path: The attribute's path; elements of a list get their index.
        presence: The presence of what it is a part of.
    """
    if isinstance(value, Unknown):
        return _possible(value, path, presence)
    if isinstance(value.data, dict):
        return (ValueSection(value, path, presence),)
    if value.data is not None and not isinstance(value.data, tuple):
        # Neither Terraform nor CloudFormation takes it; what hides there is not known.
        gap = Unknown(f"{path} is no map, and no list of maps", "expression", value.span, value.via)
        return (UnknownSection(gap, path, Presence(gap).within(presence)),)
    found: list[Section] = []
    for index, element in enumerate(value.elements()):
        place = f"{path}[{index}]"
        if isinstance(element, Unknown):
            found.extend(_possible(element, place, presence))
        else:
            found.extend(sections_of(element, place, presence))
    return tuple(found)


def _possible(unknown: Unknown, path: str, presence: Presence) -> tuple[Section, ...]:
    if not unknown.candidates:
        return (UnknownSection(unknown, path, Presence(unknown).within(presence)),)
    found: list[Section] = []
    for candidate in unknown.candidates:
        step = candidate.via[-1].words if candidate.via else ""
        there = Presence.where(unknown, candidate, step).within(presence)
        if not there.never:
            found.extend(sections_of(candidate, path, there))
    return tuple(found)
