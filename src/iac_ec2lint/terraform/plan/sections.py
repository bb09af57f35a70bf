"""The body of a planned resource as a ``Section``: the plan's values over the configuration's."""

from __future__ import annotations

import re
from hashlib import sha1
from typing import TYPE_CHECKING, Protocol

from iac_ec2lint.declaration import CERTAIN, Section, UnknownSection, sections_of
from iac_ec2lint.terraform.body import BlockSection
from iac_ec2lint.terraform.plan.marks import marks_inside, with_marks
from iac_ec2lint.terraform.plan.values import has_unknown, loosely_equal
from iac_ec2lint.values import Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iac_ec2lint.source.span import Span
    from iac_ec2lint.terraform.plan.configuration import Owner
    from iac_ec2lint.terraform.plan.file import Json
    from iac_ec2lint.terraform.plan.values import Overlay

_HASH = re.compile(r"[0-9a-f]{40}")
_EXPRESSION = frozenset({"constant_value", "references"})
_EMPTY: tuple[Json, ...] = ("", [], {})


class Expressions(Protocol):
    """Evaluates expressions of a plan's configuration."""

    def value(self, name: str, expression: Json, owner: Owner, span: Span) -> Val:
        """The value of an expression in an argument ``name``, written at ``span``."""


class ConfiguredSection(Section):
    """A block of the plan's configuration: constants and references.

    Args:
        expressions: Its expressions, by name.
        owner: The block that they are in.
        reader: Evaluates them.
        span: The place that is reported for it.
        path: Its path in the resource.
    """

    __slots__ = ("_expressions", "_owner", "_reader", "_values")

    def __init__(
        self,
        expressions: dict[str, Json],
        owner: Owner,
        reader: Expressions,
        span: Span,
        path: str,
    ) -> None:
        super().__init__(span, path)
        self._expressions = expressions
        self._owner = owner
        self._reader = reader
        self._values: dict[str, Val] = {}

    def get(self, name: str) -> Val | None:
        """See ``Section``."""
        expression = self._expressions.get(name)
        if not _is_expression(expression):
            return None
        found = self._values.get(name)
        if found is None:
            found = self._reader.value(name, expression, self._owner, self.span)
            self._values[name] = found
        return None if found.is_null else found

    def sections(self, name: str) -> tuple[Section, ...]:
        """See ``Section``."""
        written = self._expressions.get(name)
        if isinstance(written, list):
            blocks = [block for block in written if isinstance(block, dict)]
        elif isinstance(written, dict) and not _is_expression(written):
            blocks = [written]
        else:
            value = self.get(name)
            return () if value is None else sections_of(value, self.join(name))
        return tuple(
            ConfiguredSection(block, self._owner, self._reader, self.span, self.join(name, index))
            for index, block in enumerate(blocks)
        )

    def names(self) -> tuple[str, ...]:
        """See ``Section``."""
        return tuple(self._expressions)


def _is_expression(written: Json) -> bool:
    return isinstance(written, dict) and written.keys() <= _EXPRESSION


class PlannedBody:
    """The context that all sections of one planned resource share.

    Attributes:
        overlay: Combines the plan's values with the configuration's.
        left_out: The attributes that are not written and that AWS fills in from other resources.
        perhaps_dynamic: The sets of blocks that a dynamic block may make, where one is unknown.
        complete: Whether all that is written is known, as it is where the sources are read.
    """

    __slots__ = ("complete", "left_out", "overlay", "perhaps_dynamic")

    def __init__(
        self,
        overlay: Overlay,
        left_out: frozenset[str],
        perhaps_dynamic: frozenset[str],
        *,
        complete: bool,
    ) -> None:
        self.overlay = overlay
        self.left_out = left_out
        self.perhaps_dynamic = perhaps_dynamic
        self.complete = complete


class PlannedSection(Section):
    """A planned resource's body, or a block in it.

    An unknown attribute that is not written is decided by AWS: it is absent here, so that its
    default applies as it does where the sources are read.

    Args:
        body: The context of the resource's sections.
        values: The known values.
        unknown: The same shape, with ``True`` for what is known after apply.
        sensitive: The same shape, with ``True`` for what must not be shown.
        written: The block in the sources, if they are on the disk.
        configured: The block in the plan's configuration, if it has one.
        span: Where it is written.
        path: Its path in the resource.
    """

    __slots__ = (
        "_body",
        "_configured",
        "_read",
        "_sections",
        "_sensitive",
        "_unknown",
        "_values",
        "_written",
    )

    def __init__(
        self,
        body: PlannedBody,
        values: dict[str, Json],
        unknown: Json,
        sensitive: Json,
        written: Section | None,
        configured: Section | None,
        span: Span,
        path: str,
    ) -> None:
        super().__init__(span, path, CERTAIN)
        self._body = body
        self._values = values
        self._unknown = unknown if isinstance(unknown, dict) else {}
        self._sensitive = sensitive
        self._written = written
        self._configured = configured
        self._read: dict[str, Val | None] = {}
        self._sections: dict[str, tuple[Section, ...]] = {}

    def get(self, name: str) -> Val | None:
        """See ``Section``."""
        if name not in self._read:
            value = self._compute(name)
            if value is None or value.is_null:
                self._read[name] = None
            else:
                self._read[name] = with_marks(value, marks_inside(self._sensitive, name))
        return self._read[name]

    def _compute(self, name: str) -> Val | None:
        planned, unknown = self._values.get(name), self._unknown.get(name)
        if self._absent(name, planned, unknown):
            return None
        written = self._written.get(name) if self._written is not None else None
        if written is None and _are_blocks(planned):
            return None
        span = self.span
        if isinstance(self._written, BlockSection):
            span = self._written.attribute_span(name) or span
        if name == "user_data" and isinstance(planned, str) and _HASH.fullmatch(planned):
            return self._hashed(planned, written, span)
        return self._body.overlay.join(planned, unknown, written, lambda: self._said(name), span)

    def _said(self, name: str) -> Val | None:
        return self._configured.get(name) if self._configured is not None else None

    def _absent(self, name: str, planned: Json, unknown: Json) -> bool:
        if planned is None and not has_unknown(unknown):
            return True
        written = self._is_written(name)
        if written:
            return False
        if planned in _EMPTY or name in self._body.left_out:
            return True
        return unknown is True and written is False

    def _is_written(self, name: str) -> bool | None:
        """Whether the configuration sets it; ``None`` where that is unknown."""
        if self._written is not None and not isinstance(self._written, UnknownSection):
            return name in self._written.names()
        if self._configured is None or isinstance(self._configured, UnknownSection):
            return None
        if name in self._configured.names():
            return True
        # A dynamic block is not in a plan's configuration.
        dynamic = _are_blocks(self._values.get(name)) or name in self._body.perhaps_dynamic
        return None if dynamic and not self._body.complete else False

    def _hashed(self, planned: str, written: Val | None, span: Span) -> Val:
        """User data of which the provider keeps only a hash (before its version 6)."""
        for one in (written, self._said("user_data")):
            if isinstance(one, Value) and one.text is not None:
                if (
                    sha1(one.text.encode(errors="replace"), usedforsecurity=False).hexdigest()
                    == planned
                ):
                    return one
            elif one is not None:
                return one
        place, via = self._body.overlay.place(written, span)
        return Unknown("the plan has a hash of the user data only", "expression", place, via)

    def sections(self, name: str) -> tuple[Section, ...]:
        """See ``Section``."""
        found = self._sections.get(name)
        if found is None:
            found = self._sections[name] = self._find(name)
        return found

    def _find(self, name: str) -> tuple[Section, ...]:
        if name in ("provisioner", "connection"):  # a plan has none of them
            return self._written.sections(name) if self._written is not None else ()
        planned, unknown = self._values.get(name), self._unknown.get(name)
        if self._absent(name, planned, unknown):
            return ()
        written = self._written.sections(name) if self._written is not None else ()
        configured = self._configured.sections(name) if self._configured is not None else ()
        if unknown is True:
            return self._unknown_blocks(name, written, configured)
        if planned is None:
            return ()
        if not isinstance(planned, dict | list):
            return self._unknown_blocks(name, written, configured)
        items = planned if isinstance(planned, list) else [planned]
        marks = unknown if isinstance(unknown, list) else [unknown]
        sensitive = marks_inside(self._sensitive, name)
        in_sources, in_plan = paired(items, written), paired(items, configured)
        return tuple(
            section
            for index, item in enumerate(items)
            for section in self._block(
                name,
                index,
                item,
                marks[index] if index < len(marks) else None,
                marks_inside(sensitive, index),
                in_sources[index],
                in_plan[index],
            )
        )

    def _block(
        self,
        name: str,
        index: int,
        item: Json,
        unknown: Json,
        sensitive: Json,
        written: Section | None,
        configured: Section | None,
    ) -> tuple[Section, ...]:
        if isinstance(item, list):
            value = self._body.overlay.join(item, unknown, None, lambda: None, self.span)
            return sections_of(with_marks(value, sensitive), self.join(name, index))
        if unknown is True or not isinstance(item, dict):
            known = [section for section in (written, configured) if section is not None]
            return tuple(known[:1]) or self._unknown_blocks(name, (), ())
        nearest = written or configured
        return (
            PlannedSection(
                self._body,
                item,
                unknown,
                sensitive,
                written,
                configured,
                written.span if written is not None else self.span,
                nearest.path if nearest is not None else self.join(name, index),
            ),
        )

    def _unknown_blocks(
        self, name: str, written: tuple[Section, ...], configured: tuple[Section, ...]
    ) -> tuple[Section, ...]:
        """Blocks that are unknown in the plan: as they are written."""
        if written or configured:
            return written or configured
        value = self._said(name)
        if not isinstance(value, Unknown):
            value = Unknown(f"{self.join(name)} is known after apply", "computed", self.span)
        return (UnknownSection(value, self.join(name)),)

    def names(self) -> tuple[str, ...]:
        """See ``Section``."""
        every = dict.fromkeys((*self._values, *self._unknown))
        return tuple(
            name
            for name in every
            if not self._absent(name, self._values.get(name), self._unknown.get(name))
        )


def _are_blocks(planned: Json) -> bool:
    return isinstance(planned, list) and bool(planned) and isinstance(planned[0], dict)


def paired(items: Sequence[Json], sections: tuple[Section, ...]) -> list[Section | None]:
    """The written block for each planned one; those of a set may be in another order.

    Args:
        items: The planned blocks.
        sections: The blocks as they are written; a possible one may match several.
    """
    if not sections:
        return [None] * len(items)
    if len(items) == len(sections) and (
        len(items) == 1 or all(_score(i, s) >= 0 for i, s in zip(items, sections, strict=True))
    ):
        return list(sections)
    left = dict(enumerate(sections))
    found: list[Section | None] = [None] * len(items)
    for least in (0, None):  # those that fit are matched first
        for index, item in enumerate(items):
            if found[index] is None and left:
                score, place = max((_score(item, left[at]), -at) for at in left)
                if least is None or score >= least:
                    found[index] = sections[-place]
                    if sections[-place].presence.certain:
                        del left[-place]
    return found


def _score(item: Json, section: Section) -> int:
    """How well a planned block fits one that is written; below 0 where a value contradicts."""
    if not isinstance(item, dict) or isinstance(section, UnknownSection):
        return 0
    score = 0
    for name in section.names():
        planned = item.get(name)
        value = section.get(name)
        if isinstance(value, Value) and planned is not None and not _are_blocks(planned):
            if loosely_equal(planned, value):
                score += 1
            elif not isinstance(planned, list) or len(planned) == len(value.elements()):
                score -= 100
    return score
