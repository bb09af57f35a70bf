"""Text to trees: YAML through PyYAML's events, JSON checked as JSON first.

The tree is built from parser events rather than from PyYAML's composed nodes: that is as fast,
needs no recursion (a composed node for each of 100,000 brackets overflows the C stack), and nesting
and aliases are bounded while they are read.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import islice
from typing import TYPE_CHECKING, Any

from iac_ec2lint.document import json_text, wording
from iac_ec2lint.document.tree import Mapping, Node, Scalar, Sequence, Tagged
from iac_ec2lint.source import limits
from iac_ec2lint.source.collection import collection_paused
from iac_ec2lint.source.diagnostic import Diagnostic, Observation
from iac_ec2lint.source.regular_expression import regular_expression

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.source.span import SourceText

_STANDARD = "tag:yaml.org,2002:"
_COMMENT = regular_expression(r"(?:^|[,{\[])[ \t]*(?://|/\*)(?![^\n]*:[ \n])", re.MULTILINE)
"""A comment as other languages have them; with a colon behind it, it is a key of YAML's."""


class Document:
    """The trees of one file's text, and its errors.

    Attributes:
        source: The text.
        roots: The tree of each document in it, as far as it could be read.
        diagnostics: What is wrong with the text.
        repeated: The keys that are written a second time.
        complete: Whether all of it could be read.
        tags: The application tags in it (``!Sub``), each with the first node that has it.
    """

    __slots__ = ("_order", "complete", "diagnostics", "repeated", "roots", "source", "tags")

    def __init__(
        self,
        source: SourceText,
        roots: list[Node],
        diagnostics: list[Diagnostic],
        tags: dict[str, Tagged] | None = None,
        repeated: list[Observation] | None = None,
        *,
        complete: bool,
    ) -> None:
        self.source = source
        self.roots = roots
        self.diagnostics = diagnostics
        self.complete = complete
        self.tags = tags or {}
        self._order: list[tuple[int, str]] | None = None
        self.repeated = repeated or []

    def tags_between(self, start: int, end: int) -> Iterator[tuple[str, Tagged]]:
        """The tags whose first node begins between two offsets, with it."""
        if self._order is None:
            self._order = sorted((node.start, tag) for tag, node in self.tags.items())
        first = bisect_left(self._order, (start, ""))
        for at, tag in islice(self._order, first, None):
            if at > end:
                return
            yield tag, self.tags[tag]


def read(source: SourceText, text: str | None = None) -> Document:
    """The trees of a file's text.

    A file named ``.json``, and one that begins with ``{`` and is not named as YAML, is read as
    JSON (RFC 8259); any other as YAML 1.1. Text that cannot be parsed gives no tree and one
    diagnostic. Of a key that is written twice the last one counts, as in CloudFormation.

    Args:
        source: The file's text.
        text: YAML to read in its place, each code point at its offset in the file; the rest of the
            file is blank in it.
    """
    with collection_paused():
        return _read(source) if text is None else _Reader(source, text).read()


def _read(source: SourceText) -> Document:
    if _is_json(source):
        fault = json_text.check(source)
        if fault is not None:
            return Document(source, [], [fault], complete=False)
        document = _Reader(source).read()
        if not document.complete:
            # This is JSON that YAML's parser rejects: escaped surrogates, keys over 1,024
            # characters.
            return _read_json(source)
        return document
    return _Reader(source).read()


def _is_json(source: SourceText) -> bool:
    name = source.path.lower()
    if name.endswith(".json"):
        return True
    if not source.text.lstrip().startswith("{"):
        return False
    if not name.endswith((".yaml", ".yml")):
        return True
    # A YAML flow mapping may have plain keys, or be JSON; with JSON's comments it is neither.
    return json_text.check(source) is None or bool(_COMMENT.search(source.text))


def _read_json(source: SourceText) -> Document:
    builder = _Reader(source)
    root = json_text.build(source, builder.mapping, builder.diagnostics)
    roots = [] if root is None else [root]
    return Document(
        source, roots, builder.diagnostics, repeated=builder.repeated, complete=root is not None
    )


class _StopError(Exception):
    """Stops reading; its diagnostic is the argument."""


class _Reader:
    """Builds the trees of one file."""

    def __init__(self, source: SourceText, text: str | None = None) -> None:
        self.source = source
        self.text = source.text if text is None else text
        self.roots: list[Node] = []
        self.diagnostics: list[Diagnostic] = []
        self.repeated: list[Observation] = []
        self.complete = True
        # The node of each anchor, and its nodes and levels once its aliases are followed.
        self.anchors: dict[str, tuple[Node, int, int]] = {}
        self.weight = 0
        self.tags: dict[str, Tagged] = {}

    def read(self) -> Document:
        import yaml  # costs start-up time, and Terraform alone needs none

        loader: Any = getattr(yaml, "CLoader", yaml.Loader)
        try:
            self._consume(loader(self.text))
        except yaml.YAMLError as error:
            self._fail(wording.of_yaml(self.source, error))
        except UnicodeEncodeError as error:
            self._fail(self.at(error.start, "half of a surrogate pair is no character"))
        except _StopError as stop:
            self._fail(stop.args[0])
        return Document(
            self.source,
            self.roots,
            self.diagnostics,
            self.tags,
            self.repeated,
            complete=self.complete,
        )

    def _fail(self, diagnostic: Diagnostic) -> None:
        self.roots = []
        self.complete = False
        self.diagnostics = [diagnostic]
        self.repeated = []

    def at(self, offset: int, message: str) -> Diagnostic:
        line, column = self.source.position(offset)
        return Diagnostic(self.source.path, line, column, message)

    def _consume(self, loader: Any) -> None:
        from yaml.events import (  # see read
            AliasEvent,
            DocumentEndEvent,
            MappingEndEvent,
            MappingStartEvent,
            ScalarEvent,
            SequenceEndEvent,
            SequenceStartEvent,
        )

        source = self.source
        get_event = loader.get_event
        current: list[Any] = []
        # Of each open collection: the list that it is in, itself, its anchor, whether it is in flow
        # style, the number of nodes before it; and its height so far.
        opened: list[tuple[list[Any], Sequence | Mapping, str | None, bool, int]] = []
        heights = [0]
        last = 0  # where the text of the last item read ends
        while True:
            event = get_event()
            kind = type(event)
            if kind is ScalarEvent:
                self.weight += 1
                scalar = self._scalar(event)
                current.append(scalar)
                last = scalar.end
            elif kind is SequenceStartEvent or kind is MappingStartEvent:
                if len(opened) >= limits.NESTING:
                    raise _StopError(
                        self.at(
                            event.start_mark.index,
                            f"more than {limits.NESTING} levels of nesting are not read",
                        )
                    )
                start = event.start_mark.index
                node: Sequence | Mapping
                if kind is SequenceStartEvent:
                    node = Sequence(source, [], start, -1)
                else:
                    node = Mapping(source, {}, start, -1)
                tag = event.tag
                anchor = event.anchor
                current.append(node if tag is None else self._tagged(tag, node))
                if anchor is not None:
                    self.anchors[anchor] = (current[-1], 0, 0)
                opened.append((current, node, anchor, event.flow_style, self.weight))
                heights.append(0)
                self.weight += 1
                current = node.items if isinstance(node, Sequence) else []
            elif kind is SequenceEndEvent or kind is MappingEndEvent:
                parent, node, anchor, flow, before = opened.pop()
                if flow:
                    last = event.end_mark.index
                # A block collection's end mark is at the next token, after comments that are not
                # its own.
                node.end = max(last, node.start)
                if isinstance(node, Mapping):
                    node.entries = self.mapping(current)
                height = heights.pop() + 1
                if height > heights[-1]:
                    heights[-1] = height
                if anchor is not None:
                    self.anchors[anchor] = (parent[-1], self.weight - before, height)
                current = parent
            elif kind is AliasEvent:
                current.append(self._alias(event, heights, len(opened)))
                last = event.end_mark.index
            elif kind is DocumentEndEvent:
                self.roots.extend(current)
                current.clear()
                self.anchors.clear()
            elif event is None:
                return

    def _scalar(self, event: Any) -> Scalar | Tagged:
        style = event.style
        start = event.start_mark.index
        end = event.end_mark.index
        if style in ("|", ">"):
            # A block scalar's end mark is at the next token; what is between is not its own.
            text = self.source.text
            while end > start and text[end - 1] in " \t\r\n":
                end -= 1
        scalar = Scalar(self.source, event.value, start, end, plain=not style)
        node: Scalar | Tagged = scalar
        tag = event.tag
        if tag is not None:
            node = self._tagged(tag, scalar)
        if event.anchor is not None:
            self.anchors[event.anchor] = (node, 1, 0)
        return node

    def _tagged(self, tag: str, node: Any) -> Any:
        if not tag.startswith(_STANDARD):
            if tag == "!":
                if isinstance(node, Scalar):
                    node.plain = False
                return node
            tagged = Tagged(tag, node)
            self.tags.setdefault(tag, tagged)
            return tagged
        name = tag[len(_STANDARD) :]
        if name in ("str", "map", "seq", "int", "float", "bool", "null"):
            if isinstance(node, Scalar):
                node.plain = name != "str"
            return node
        tagged = Tagged("!!" + name, node)
        self.tags.setdefault(tagged.tag, tagged)
        return tagged

    def _alias(self, event: Any, heights: list[int], depth: int) -> Node:
        start = event.start_mark.index
        found = self.anchors.get(event.anchor)
        if found is None:
            raise _StopError(self.at(start, f"there is no anchor &{event.anchor} above this alias"))
        node, weight, height = found
        if node.end < 0:
            raise _StopError(
                self.at(start, f"the alias *{event.anchor} stands inside its own anchor")
            )
        self.weight += weight
        if self.weight > limits.ALIAS_NODES:
            raise _StopError(
                self.at(
                    start,
                    f"more than {limits.ALIAS_NODES} nodes come of following aliases up to here",
                )
            )
        if depth + height > limits.NESTING:
            raise _StopError(
                self.at(
                    start,
                    f"more than {limits.NESTING} levels of nesting come of following this alias",
                )
            )
        if height > heights[-1]:
            heights[-1] = height
        return node

    def mapping(self, flat: list[Any]) -> dict[str, tuple[Scalar, Node]]:
        """The entries of alternating keys and nodes; errors in them are reported."""
        keys = flat[::2]
        try:
            entries = {key.text: (key, node) for key, node in zip(keys, flat[1::2], strict=True)}
        except AttributeError:
            entries = self._scalar_keys(flat)
        if len(entries) != len(keys):
            self._report_repeated(keys)
        merge = entries.get("<<")
        if merge is not None and merge[0].plain:
            del entries["<<"]
            entries = self._merged(entries, *merge)
        return entries

    def _scalar_keys(self, flat: list[Any]) -> dict[str, tuple[Scalar, Node]]:
        entries: dict[str, tuple[Scalar, Node]] = {}
        for key, node in zip(flat[::2], flat[1::2], strict=True):
            if isinstance(key, Scalar):
                entries[key.text] = (key, node)
            else:
                self.diagnostics.append(self.at(key.start, "a key that is not plain text"))
        return entries

    def _report_repeated(self, keys: list[Any]) -> None:
        first: dict[str, Scalar] = {}
        for key in keys:
            if not isinstance(key, Scalar):
                continue
            if key.text in first and not (key.plain and key.text == "<<"):
                line = self.source.position(first[key.text].start)[0]
                self.repeated.append(
                    Observation(
                        "key-written-twice",
                        key.span,
                        f'the key "{wording.shorten(key.text)}" is written a second time, and the '
                        f"last one counts; the first is on line {line}",
                    )
                )
            else:
                first[key.text] = key

    def _merged(
        self, own: dict[str, tuple[Scalar, Node]], key: Scalar, merged: Node
    ) -> dict[str, tuple[Scalar, Node]]:
        # https://yaml.org/type/merge.html: own keys take precedence, then those of the earlier
        # mapping.
        sources = merged.items if isinstance(merged, Sequence) else [merged]
        entries: dict[str, tuple[Scalar, Node]] = {}
        for node in reversed(sources):
            if not isinstance(node, Mapping):
                self.diagnostics.append(
                    self.at(key.start, "what << merges is not a mapping or a list of mappings")
                )
                continue
            if node.end < 0:
                raise _StopError(self.at(key.start, "a mapping is merged into itself"))
            entries.update(node.entries)
        entries.update(own)
        return entries


_BOUNDED = re.compile(r"^more than \d|is not read$")


def is_bounded(document: Document | Diagnostic) -> bool:
    """Whether a bound of this program kept text from being read, which others may read."""
    if isinstance(document, Diagnostic):
        return True
    return any(_BOUNDED.search(fault.message) for fault in document.diagnostics)
