"""Which resources a stack names, and where: with what its loops make, and in what they repeat."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.cloudformation.functions.loops import Loops
from iac_ec2lint.cloudformation.syntax import FOR_EACH
from iac_ec2lint.declaration import AWS_ALONE
from iac_ec2lint.document.tree import Mapping, Scalar, Sequence, Tagged
from iac_ec2lint.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.cloudformation.instance import StackResource
    from iac_ec2lint.cloudformation.scope import StackScope
    from iac_ec2lint.cloudformation.template.template import Template
    from iac_ec2lint.document.tree import Node

_TELLING: Final = frozenset({"Description", "GroupDescription", "Parameters"})
"""What says something for people, or can name no resource."""
_OTHERS: Final = ""
"""What has no type: a section, a snippet, what is no resource."""
_FILLED: Final = re.compile(r"\\[$&]\\\{\w+\\\}")
"""An identifier of a loop in a word, after ``re.escape``."""


class Naming(NamedTuple):
    """A part of a stack.

    Attributes:
        kind: The type of the resource that it is; empty for what is none.
        names: The logical IDs that stand in it.
    """

    kind: str
    names: frozenset[str]


def mentioned(parts: tuple[Naming, ...], kinds: frozenset[str]) -> frozenset[str]:
    """The logical IDs that stand in a stack, but for descriptions and resources of some types.

    Args:
        parts: The parts of the stack.
        kinds: See ``Unit.mentions``.
    """
    alone = AWS_ALONE in kinds
    return frozenset().union(
        *(
            part.names
            for part in parts
            if part.kind not in kinds and (not alone or _is_of_aws(part.kind))
        )
    )


def _is_of_aws(type_: str) -> bool:
    """Whether a type is one of AWS's that makes something, and no stack or module."""
    return type_.startswith("AWS::") and not type_.startswith("AWS::CloudFormation::")


def naming_parts(
    template: Template, instances: dict[str, StackResource], scope: StackScope, loops: Loops
) -> tuple[Naming, ...]:
    """The parts of a stack that may name its resources.

    Args:
        template: Its template.
        instances: Its resources by logical ID.
        scope: Its scope.
        loops: Its loops.
    """
    made = {one: each for one, each in instances.items() if "{" in one}

    def named(words: set[str]) -> frozenset[str]:
        found = instances.keys() & words
        for word in words if made else ():
            found |= {one for one, each in made.items() if each.may_make(word)}
        for word in words:
            if "{" in word:
                may_be = _pattern(word).fullmatch
                found |= {one for one in instances if may_be(one)}
        return frozenset(found)

    parts: list[Naming] = []
    for kind, node, around in _nodes(template, instances, scope):
        words: set[str] = set()
        for text, inner in _texts(loops, node, around):
            words.update(_word(_unbound(inner)).findall(text))
        parts.append(Naming(kind, named(words)))
    snippets = (snippet.source.text for snippet in template.snippets)
    others = [Naming(_OTHERS, named({*_word(()).findall(text)})) for text in snippets]
    return (*parts, *others)


def _nodes(
    template: Template, instances: dict[str, StackResource], scope: StackScope
) -> Iterator[tuple[str, Node, StackScope]]:
    """The parts, with their types and where they are evaluated."""
    for name, resource in template.resources.items():
        instance = instances.get(name)
        own = scope if instance is None else instance.scope
        yield resource.type, resource.node, own
    for name, instance in instances.items():
        if name not in template.resources:
            yield instance.resource.type, instance.resource.node, instance.scope
    for section, (_, node) in template.root.entries.items():
        if section != "Resources":
            if section not in _TELLING:
                yield _OTHERS, node, scope
        elif isinstance(node, Mapping):
            for name, (_, other) in node.entries.items():
                if name not in template.resources and not name.startswith(FOR_EACH):
                    yield _OTHERS, other, scope


def _texts(loops: Loops, node: Node, scope: StackScope) -> Iterator[tuple[str, StackScope]]:
    """The texts in a part, with what is bound where they stand; each loop's in each iteration."""
    seen: set[tuple[int, int]] = set()
    pending: list[tuple[Node, StackScope]] = [(node, scope)]
    while pending:
        current, inner = pending.pop()
        mark = id(current), id(inner)
        if mark in seen:  # through an alias
            continue
        seen.add(mark)
        held = current.node if isinstance(current, Tagged) else current
        if isinstance(held, Scalar):
            yield inner.fill(held.text) if inner.bindings else held.text, inner
            bound = inner.bindings.get(held.text)
            if bound is not None and bound.text is not None:
                yield bound.text, inner
        elif isinstance(held, Sequence):
            pending.extend((item, inner) for item in held.items)
        elif isinstance(held, Mapping):
            for name, (key, child) in held.entries.items():
                if name.startswith(FOR_EACH):
                    turns, _ = loops.possible_turns(name, key, child, inner)
                    pending.extend((body, turn) for turn, body in turns)
                elif name not in _TELLING:
                    pending.append((child, inner))


def _unbound(scope: StackScope) -> tuple[str, ...]:
    """The identifiers of loops that have no value, so that they stay in texts."""
    return tuple(
        sorted(
            name
            for name, value in scope.bindings.items()
            if not isinstance(value, Value) or value.text is None
        )
    )


@cache
def _word(unbound: tuple[str, ...]) -> re.Pattern[str]:
    """A name of a resource in a text, where some identifiers of loops may stand in it."""
    names = "|".join(map(re.escape, unbound))
    return re.compile(rf"(?:[A-Za-z0-9]|[$&]\{{(?:{names})\}})+" if names else r"[A-Za-z0-9]+")


@cache
def _pattern(word: str) -> re.Pattern[str]:
    """What a name may be that has identifiers of loops without values in it."""
    return re.compile(_FILLED.sub(".*", re.escape(word)))
