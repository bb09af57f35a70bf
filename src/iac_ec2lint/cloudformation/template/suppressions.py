"""Suppressions in templates: comments in YAML, and ``Metadata`` in both languages."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from iac_ec2lint.cloudformation.syntax import text_of
from iac_ec2lint.cloudformation.template.resource import extent
from iac_ec2lint.document.tree import Mapping, Node, Scalar, Sequence, Tagged, walk
from iac_ec2lint.source.peer_suppressions import METADATA, normal
from iac_ec2lint.source.span import SourceText, Span
from iac_ec2lint.source.suppression import (
    Suppression,
    flaw_of_reason,
    flaw_of_until,
    is_like_name,
    may_be_in,
    names_in,
    parse_comment,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.cloudformation.template.template import Template

MARK = "ec2lint"
_KEYS = {"code", "codes", "reason", "until"}


def in_template(template: Template, after: int = 0) -> Iterator[Suppression]:
    """The suppressions of a template: in its comments, its ``Metadata`` and that of its resources.

    Args:
        template: The template.
        after: See ``in_comments``.
    """
    yield from in_comments(template.source, template.root, after)
    if not may_be_in(template.source.text, template.root.start, template.root.end):
        return
    first = next(iter(template.root.entries.values()), None)
    if first is not None:
        yield from in_metadata(first[0], template.root)
    for resource in template.resources.values():
        yield from in_metadata(resource.key, resource.node)


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
    last = text.find("\n", root.end)
    last = len(text) if last < 0 else last
    if not may_be_in(text, after, last):
        return []
    places = _Places(root)
    resources = _Resources(root)
    found: list[Suppression] = []
    done = after
    for at in names_in(text, after, last):
        if at < done:
            continue
        line, _ = source.position(at)
        opens = text.rfind("#", source.offset(line, 1), at)
        if opens < 0 or places.in_scalar(at):
            continue
        done = text.find("\n", at)
        done = len(text) if done < 0 else done
        comment = Span(source, opens, done - (text[done - 1 : done] == "\r"))
        for _, _, one in parse_comment(comment.text):
            over = resources.around(opens) if one.in_block else places.covered(source, line)
            words = (one.codes, one.reason, one.until, comment, over or comment, one.flaw, one.peer)
            found.append(Suppression(*words))
    return found


class _Resources:
    """The resources of a document, by where they stand."""

    def __init__(self, root: Node) -> None:
        declared = root.get("Resources") if isinstance(root, Mapping) else None
        entries = declared.entries.values() if isinstance(declared, Mapping) else ()
        self._spans = [extent(key, value) for key, value in entries]

    def around(self, offset: int) -> Span | None:
        """The one that an offset is in."""
        return next((one for one in self._spans if one.start <= offset < one.end), None)


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
        self._below: dict[int, int] = {}  # the first line after empty ones and comments

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
        passed: list[int] = []
        following = line + 1
        last = source.position(len(source.text))[0]
        while following <= last and following not in self._below:
            words = source.line(following).strip()
            if words and not words.startswith("#"):
                break
            passed.append(following)
            following += 1
        following = self._below.get(following, following)
        self._below.update(dict.fromkeys(passed, following))
        return self.starts.get(following)


def in_metadata(key: Scalar, node: Mapping) -> Iterator[Suppression]:
    """The suppressions in the ``Metadata`` of a resource or of a template.

    It is written below ``ec2lint: ignore:`` as a code, a mapping with ``code`` (or ``codes``),
    ``reason`` and ``until``, a mapping of codes to reasons, or a list of these. What is meant as
    one and is not written so suppresses nothing, and says how it is written.

    Args:
        key: The resource's logical ID, or the template's first key.
        node: The resource or the template.
    """
    metadata = node.get("Metadata")
    covers = extent(key, node)
    for name, ours in metadata.entries.values() if isinstance(metadata, Mapping) else ():
        if name.text in METADATA:
            if node.get("Type") is not None:  # they read that of resources alone
                yield from _of_peer(name.text, ours, covers)
            continue
        if name.text != MARK:
            if is_like_name(name.text):
                yield _malformed(extent(name, ours), covers)
            continue
        for word, ignored in ours.entries.values() if isinstance(ours, Mapping) else ():
            if word.text != "ignore":
                yield _malformed(extent(word, ignored), covers)
                continue
            for item in ignored.items if isinstance(ignored, Sequence) else [ignored]:
                yield from _of_item(item, covers)
        if not isinstance(ours, Mapping):
            yield _malformed(extent(name, ours), covers)


def _of_peer(peer: str, node: Node, covers: Span) -> Iterator[Suppression]:
    """What another program's metadata suppresses: a list of names, or of names with reasons."""
    listed, why = METADATA[peer]
    rules = node.get(listed) if isinstance(node, Mapping) else None
    for item in rules.items if isinstance(rules, Sequence) else ():
        named = item.get("id") if isinstance(item, Mapping) else item
        reason = item.get(why) if isinstance(item, Mapping) and why else None
        if name := text_of(named):
            codes, words = (normal(peer, name),), text_of(reason) or ""
            yield Suppression(codes, words, None, item.span, covers, peer=peer)


def _malformed(at: Span, covers: Span) -> Suppression:
    right = "ec2lint: {ignore: [{code: CODE, reason: why}]}"
    flaw = f"it is not written as a suppression; write {right}"
    return Suppression((), "", None, at, covers, flaw)


def _of_item(item: Node, covers: Span) -> Iterator[Suppression]:
    if isinstance(item, Scalar) and text_of(item):
        yield Suppression(_listed(item.text), "", None, item.span, covers)
    elif isinstance(item, Mapping) and not _KEYS.isdisjoint(map(str.lower, item.entries)):
        yield _of_mapping(item, covers)
    elif isinstance(item, Mapping) and item.entries:
        for code, value in item.entries.values():
            yield _of_code(code, value, covers)
    else:
        yield _malformed(item.span, covers)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(code.strip() for code in text.split(",") if code.strip())


def _of_mapping(node: Mapping, covers: Span) -> Suppression:
    codes: list[str] = []
    for name in ("code", "codes"):
        written = node.get(name)
        for item in written.items if isinstance(written, Sequence) else [written]:
            codes.extend(_listed(text_of(item) or ""))
    flaw = _flaw_of_keys(node, _KEYS)
    if not codes and not flaw:
        return _malformed(node.span, covers)
    return _made(tuple(codes), node, node.span, covers, flaw)


def _of_code(code: Scalar, value: Node, covers: Span) -> Suppression:
    at = extent(code, value)
    if isinstance(value, Mapping):
        return _made((code.text,), value, at, covers, _flaw_of_keys(value, {"reason", "until"}))
    reason = text_of(value) or ""
    return Suppression((code.text,), reason, None, at, covers, flaw_of_reason(reason))


def _made(codes: tuple[str, ...], node: Mapping, at: Span, covers: Span, flaw: str) -> Suppression:
    until = text_of(node.get("until"))
    if "until" in node.entries and not flaw:
        flaw = flaw_of_until(until or "")
    reason = text_of(node.get("reason")) or ""
    flaw = flaw or flaw_of_reason(reason)
    return Suppression(codes, reason, None if flaw else until, at, covers, flaw)


def _flaw_of_keys(node: Mapping, known: set[str]) -> str:
    """What is wrong with the keys of a suppression: one that is not read may be its end."""
    unknown = [f'"{name}"' for name in node.entries if name not in known]
    if not unknown:
        return ""
    return f"{', '.join(unknown)} is not read; write {', '.join(sorted(known))}"
