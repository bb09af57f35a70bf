"""Suppressions in templates: comments in YAML, and ``Metadata`` in both languages."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from iac_ec2lint.cloudformation.syntax import text_of
from iac_ec2lint.cloudformation.template import extent
from iac_ec2lint.document.tree import Mapping, Node, Scalar, Sequence, Tagged, walk
from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.source.span import SourceText, Span
from iac_ec2lint.source.suppression import Suppression, parse_comment

if TYPE_CHECKING:
    from collections.abc import Iterator

MARK = "ec2lint"
_KEYS = {"code", "codes", "reason", "until"}


def in_comments(source: SourceText, root: Node, after: int = 0) -> list[Suppression]:
    """The suppressions in the comments of one document.

    A comment covers what begins on its line or, if nothing does, what begins on the next line that
    is neither empty nor a comment: a resource with its logical ID, a property, an element of a
    list. Text in a scalar, such as a script, is not a comment.

    Args:
        source: The file's text.
        root: The document's tree.
        after: The offset from which comments belong to it: the end of the previous document.
    """
    text = source.text
    stop = text.find("\n", root.end)  # the last line's comment is its own
    stop = len(text) if stop < 0 else stop
    at = text.find("ec2lint:ignore", after, stop)
    if at < 0:
        return []
    places = _Places(root)
    found: list[Suppression] = []
    while at >= 0:
        line, _ = source.position(at)
        start = source.offset(line, 1)
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        opens = text.rfind("#", start, at)
        if start > root.end:
            break
        if opens >= 0 and not places.in_scalar(at):
            comment = Span(source, opens, end - (text[end - 1 : end] == "\r"))
            parsed = parse_comment(comment.text)
            if parsed is not None:
                covers = places.covered(source, line) or comment
                found.append(Suppression(*parsed, comment, covers))
        at = text.find("ec2lint:ignore", end, stop)
    return found


class _Places:
    """Where nodes begin in a document, and where its scalars are."""

    def __init__(self, root: Node) -> None:
        scalars: list[tuple[int, int]] = []
        self.starts: dict[int, Span] = {}
        source = root.source
        for _, node in walk(root):
            inner = node.node if isinstance(node, Tagged) else node
            if inner.source is not source:
                continue  # part of a snippet in another file
            if isinstance(inner, Scalar):
                scalars.append((inner.start, inner.end))
            elif isinstance(inner, Mapping):
                for key, value in inner.entries.values():
                    scalars.append((key.start, key.end))
                    self._add(extent(key, value))
            elif isinstance(inner, Sequence):
                for item in inner.items:
                    if inner.start <= item.start <= inner.end:
                        self._add(item.span)
        scalars.sort()
        self._scalars = scalars

    def _add(self, span: Span) -> None:
        line = span.line
        known = self.starts.get(line)
        if known is None or (span.start, -span.end) < (known.start, -known.end):
            self.starts[line] = span

    def in_scalar(self, offset: int) -> bool:
        index = bisect_right(self._scalars, (offset, len(self._scalars) + offset)) - 1
        # Scalars do not overlap, except those that are reached through an alias too.
        return index >= 0 and self._scalars[index][1] > offset

    def covered(self, source: SourceText, line: int) -> Span | None:
        found = self.starts.get(line)
        if found is not None:
            return found
        last = source.position(len(source.text))[0]
        for following in range(line + 1, last + 1):
            words = source.line(following).strip()
            if words and not words.startswith("#"):
                return self.starts.get(following)
        return None


def in_metadata(key: Scalar, node: Mapping, report: list[Diagnostic]) -> Iterator[Suppression]:
    """The suppressions in the ``Metadata`` of a resource or of a template.

    It is written below ``ec2lint: ignore:`` as a code, a mapping with ``code`` (or ``codes``),
    ``reason`` and ``until``, a mapping of codes to reasons, or a list of these.

    Args:
        key: The resource's logical ID, or the template's first key.
        node: The resource or the template.
        report: Errors are added to it.
    """
    metadata = node.get("Metadata")
    ours = metadata.get(MARK) if isinstance(metadata, Mapping) else None
    ignored = ours.get("ignore") if isinstance(ours, Mapping) else None
    if ignored is None:
        return
    covers = extent(key, node)
    for item in ignored.items if isinstance(ignored, Sequence) else [ignored]:
        if isinstance(item, Scalar) and text_of(item):
            codes = tuple(code.strip() for code in item.text.split(",") if code.strip())
            yield Suppression(codes, "", None, item.span, covers)
        elif isinstance(item, Mapping) and item.entries.keys() & {"code", "codes"}:
            yield _of_mapping(item, covers)
        elif isinstance(item, Mapping) and not item.entries.keys() & _KEYS:
            for code, value in item.entries.values():
                yield _of_code(code, value, covers)
        else:
            report.append(
                Diagnostic.at(item.span, "a check's code, or a mapping with code, is expected here")
            )


def _of_mapping(node: Mapping, covers: Span) -> Suppression:
    codes: list[str] = []
    for name in ("code", "codes"):
        written = node.get(name)
        for item in written.items if isinstance(written, Sequence) else [written]:
            codes.extend(code.strip() for code in (text_of(item) or "").split(",") if code.strip())
    reason = text_of(node.get("reason")) or ""
    return Suppression(tuple(codes), reason, text_of(node.get("until")), node.span, covers)


def _of_code(code: Scalar, value: Node, covers: Span) -> Suppression:
    if isinstance(value, Mapping):
        reason, until = text_of(value.get("reason")) or "", text_of(value.get("until"))
    else:
        reason, until = text_of(value) or "", None
    return Suppression((code.text,), reason, until, extent(code, value), covers)
