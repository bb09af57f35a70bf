"""The body of a resource, or a block in it, as a ``Section``: evaluated when it is read.

Source: "dynamic Blocks" and "Attributes as Blocks" of the Terraform language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.declaration import CERTAIN, Presence, Section, sections_of
from iac_ec2lint.source.budget import turns
from iac_ec2lint.terraform.folders.syntax import reference_text
from iac_ec2lint.terraform.language.conditions.words import existence_words
from iac_ec2lint.terraform.language.constants import is_plain
from iac_ec2lint.terraform.language.containers import Lazy, OpenMap, Several
from iac_ec2lint.terraform.language.marking import keep_secret
from iac_ec2lint.terraform.language.scope import IN_PROGRESS, Scope
from iac_ec2lint.terraform.language.traversal import pairs_of
from iac_ec2lint.terraform.language.unknowns import assumed_steps, depend
from iac_ec2lint.values import UNMARKED, Marks, Step, Unknown, Val, Value, blanks
from iac_ec2lint.values.allowed import allowed_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from iac_ec2lint.hcl import tree
    from iac_ec2lint.source.span import Span

META_ARGUMENTS = frozenset({"count", "for_each", "provider", "depends_on"})
META_BLOCKS = frozenset({"lifecycle", "provisioner", "connection"})
_OF_ITSELF = frozenset({"provisioner", "connection"})
"""The blocks in which ``self`` is the resource."""


class BlockSection(Section):
    """A block's attributes and nested blocks.

    Args:
        block: The block, or the ``content`` of a dynamic one.
        scope: The scope in which its expressions are evaluated.
        span: Its header.
        path: Its path in the resource.
        presence: Whether it is certain to exist.
        label: How messages name it.
        top: Whether it is the body of a resource, in which some names are Terraform's own.
        itself: Returns the value of ``self`` in the provisioners and connections of a resource.
        marks: The marks of the dynamic block that makes it: all values in it have them.
    """

    __slots__ = (
        "_attributes",
        "_block",
        "_itself",
        "_label",
        "_scope",
        "_sections",
        "_top",
        "_values",
        "marks",
    )

    def __init__(
        self,
        block: tree.Block,
        scope: Scope,
        span: Span,
        path: str,
        presence: Presence,
        label: str,
        *,
        top: bool = False,
        marks: Marks = UNMARKED,
        itself: Callable[[], Val] | None = None,
    ) -> None:
        super().__init__(span, path, presence, block.labels)
        self._itself = itself
        self.marks = marks
        self._block = block
        self._scope = scope
        self._label = label
        self._top = top
        self._attributes: dict[str, tree.Attribute] | None = None
        self._values: dict[str, Val] = {}
        self._sections: dict[str, tuple[Section, ...]] | None = None

    def get(self, name: str) -> Val | None:
        """See ``Section``."""
        attributes = self._attributes
        if attributes is None:
            attributes = self._attributes = self._block.body.attributes
        if name not in attributes:  # as most that are asked for
            return None
        value = self.evaluate(name)
        return None if value is None or value.is_null else value

    def evaluate(self, name: str) -> Val | None:
        """The value of an attribute, null included; ``None`` where it is not written."""
        value = self._values.get(name)
        if value is not None and value is not IN_PROGRESS:
            return value
        attributes = self._attributes
        if attributes is None:
            attributes = self._attributes = self._block.body.attributes
        attribute = attributes.get(name)
        if attribute is None or (self._top and name in META_ARGUMENTS):
            return None
        scope = self._scope
        constant = scope.constants.get(attribute.expression)
        if constant is None and is_plain(attribute.expression):
            constant = scope.evaluate(attribute.expression)
        if constant is not None and not self.marks:
            return constant
        return scope.evaluation.hop(
            self._values,
            name,
            f"{self._label}.{self.join(name)}",
            attribute.span,
            lambda: self._compute(attribute.expression),
            doubtful=not self.presence.certain,
        )

    def _compute(self, expression: tree.Expression) -> Val:
        value = self._scope.evaluate(expression)
        if isinstance(value, Lazy):
            value = value.whole()
        evaluation = self._scope.evaluation
        if evaluation.marked:
            if self.marks:
                value = value.marked(self.marks)
            keep_secret(evaluation, value)
        return value

    @property
    def extent(self) -> Span | None:
        """See ``Section``."""
        return self._block.span

    def expression(self, name: str) -> Span | None:
        """See ``Section``."""
        attribute = self._block.body.attributes.get(name)
        return None if attribute is None else attribute.expression.span

    def removed(self, name: str) -> tuple[Step, ...]:
        """See ``Section``."""
        written = self._block.body.attributes.get(name)
        value = None if written is None else self.evaluate(name)
        if written is None or not isinstance(value, Value):
            return ()
        if value.is_null:
            return (Step(written.expression.span, f"{name} is null here"), *value.via)
        via = value.via if value.data in ((), {}) else blanks(value)
        return (Step(written.expression.span, f"{name} is empty here"), *via) if via else ()

    def entry(self, name: str) -> Span | None:
        """See ``Section``."""
        attribute = self.attribute_span(name)
        if attribute is not None:
            return attribute
        blocks = [block for block in self._block.body.blocks if block.type == name]
        return blocks[0].span if len(blocks) == 1 else None

    def attribute_span(self, name: str) -> Span | None:
        """Where an attribute is written."""
        attribute = self._block.body.attributes.get(name)
        return None if attribute is None else attribute.span

    def sections(self, name: str) -> tuple[Section, ...]:
        """See ``Section``."""
        known = self._sections
        found = None if known is None else known.get(name)
        if found is None:
            body = self._block.body
            if not body.blocks and name not in body.attributes:
                return ()
            found = tuple(self._find(name))
            self._sections = self._sections or {}
            self._sections[name] = found
        return found

    def _find(self, name: str) -> Iterator[Section]:
        value = self.get(name)
        index = 0
        if value is not None:  # in JSON, a dynamic block may stand beside it
            for one in sections_of(_known_elements(value), self.join(name), self.presence):
                yield one
                index += 1
        for block in self._block.body.blocks:
            if block.type == name:
                yield self._nested(block, self._scope, name, index, CERTAIN)
                index += 1
            elif block.type == "dynamic" and block.labels == (name,):
                for section in self._expand(block, name, index):
                    yield section
                    index += 1

    def _nested(
        self, block: tree.Block, scope: Scope, name: str, index: int, presence: Presence
    ) -> BlockSection:
        if self._itself is not None and name in _OF_ITSELF:
            scope = scope.bind({"self": self._itself()})
        return BlockSection(
            block,
            scope,
            block.header,
            self.join(name, index),
            presence.within(self.presence),
            self._label,
            marks=self.marks,
        )

    def _expand(self, block: tree.Block, name: str, index: int) -> Iterator[Section]:
        """The blocks that a dynamic block makes."""
        body = block.body
        content = next((b for b in body.blocks if b.type == "content"), None)
        each = body.attributes.get("for_each")
        if each is None or content is None:
            what = "for_each" if each is None else "a content block"
            self._scope.error(block.header, f'dynamic "{name}" needs {what}')
            return
        iterator = body.attributes.get("iterator")
        bound = name if iterator is None else reference_text(iterator.expression)
        memo: dict[str, Val] = {}
        scope = self._scope
        collection = scope.evaluation.hop(
            memo,
            "for_each",
            f"{self._label} dynamic {name}",
            each.span,
            lambda: scope.evaluate(each.expression),
        )
        if isinstance(collection, Value) and collection.data in ((), {}):
            off = assumed_steps(collection)
            branches = scope.evaluation.branches
            branches.absent("block", f"{self._label}.{self.join(name)}", block.header, off)
        for key, element, presence in iterations(collection, each.expression, scope, content):
            names = Value({"key": key, "value": element}, each.expression.span)
            inner = scope.bind({bound: names})
            section = self._nested(content, inner, name, index, presence)
            section.span = block.header
            if collection.marks:
                section.marks = section.marks | collection.marks
            yield section
            index += 1

    def names(self) -> tuple[str, ...]:
        """See ``Section``."""
        found: dict[str, None] = {}
        for name in self._block.body.attributes:
            if not (self._top and name in META_ARGUMENTS):
                found[name] = None
        for block in self._block.body.blocks:
            kind = block.labels[0] if block.type == "dynamic" and block.labels else block.type
            if not (self._top and kind in META_BLOCKS):
                found[kind] = None
        return tuple(found)


def _known_elements(value: Val) -> Val:
    """The known elements of an open list are possible elements in it, and so must the blocks be."""
    if isinstance(value, OpenMap):
        return Unknown(
            value.reason,
            value.cause,
            value.span,
            value.via,
            references=value.references,
            inputs=value.inputs,
        )
    return value


def iterations(
    collection: Val, node: tree.Expression, scope: Scope, content: tree.Node | None = None
) -> list[tuple[Val, Val, Presence]]:
    """Key, element and presence of each block that a dynamic block's ``for_each`` makes.

    Args:
        collection: What ``for_each`` came to.
        node: The expression of ``for_each``.
        scope: Where it is evaluated.
        content: What each block has in it.
    """
    span = node.span
    if isinstance(collection, Lazy):
        collection = collection.whole()
    if isinstance(collection, Unknown):
        return _unknown_iterations(collection, node, scope)
    data = collection.data
    if data is None:
        wrong = scope.error(span, "for_each is null", collection)
        return _unknown_iterations(wrong, node, scope)
    if not isinstance(data, tuple | dict):
        scope.error(span, "for_each needs a collection")
        return []
    spent = scope.evaluation.spend(node, *turns(len(data), content or node))
    if spent is not None:
        return _unknown_iterations(spent, node, scope)
    assumed = assumed_steps(collection)
    certain = Presence(None, "", assumed) if assumed else CERTAIN
    found: list[tuple[Val, Val, Presence]] = []
    for key, element in pairs_of(collection):
        if isinstance(element, Several):
            why = depend(span, [element])
            found.append((why, element.element, Presence(why, why.reason)))
        else:
            found.append((key, element, certain))
    return found


def _unknown_iterations(
    collection: Unknown, node: tree.Expression, scope: Scope
) -> list[tuple[Val, Val, Presence]]:
    span = node.span
    if isinstance(collection, OpenMap):
        members = Value(dict(collection.known), collection.span)
        found = iterations(members, node, scope)
        found.append(
            (depend(span, [collection]), collection.element, _possibly(collection, node, scope))
        )
        return found
    if collection.candidates and all(
        isinstance(c, Value) and isinstance(c.data, tuple | dict | None)
        for c in collection.candidates
    ):
        found = []
        for candidate in collection.candidates:
            if candidate.is_null:
                continue
            there = Presence.where(collection, candidate, collection.reason)
            for key, element, presence in iterations(candidate, node, scope):
                found.append((key, element, presence.within(there)))
        return found
    unknown = depend(span, [collection])
    element = unknown.but(allowed=allowed_of(collection))
    return [(unknown, element, _possibly(collection, node, scope))]


def _possibly(unknown: Unknown, node: tree.Expression, scope: Scope) -> Presence:
    words = existence_words(node, scope, counted=False) or unknown.reason
    return Presence(unknown, words, key=unknown.reason)
