"""Suppression comments: ``# ec2lint:ignore=SG001 reason`` on or above what they cover."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from iac_ec2lint.source.span import Span
from iac_ec2lint.source.suppression import Suppression, may_be_in, parse_comment

if TYPE_CHECKING:
    from iac_ec2lint.hcl import tree
    from iac_ec2lint.terraform.folders.syntax import ModuleSyntax


def suppressions_of(syntax: ModuleSyntax) -> list[Suppression]:
    """The suppressions in the files of a module."""
    if syntax.suppressions is None:
        syntax.suppressions = [
            suppression
            for file in syntax.files
            if may_be_in(file.source.text)
            for suppression in _read(file)
        ]
    return syntax.suppressions


def _read(file: tree.File) -> list[Suppression]:
    source = file.source
    starts, extents = _items(file.body)
    attributes = sorted(extents, key=_start)
    blocks = sorted((block.span for block in file.body.blocks), key=_start)
    below: dict[int, int] = {}  # the first line after the comments that begin on one
    for comment in sorted(file.comments, key=lambda comment: -comment.start):
        if _alone(source.text, comment.start, comment.end):
            after = source.position(comment.end)[0] + 1
            below[source.position(comment.start)[0]] = below.get(after, after)
    found: list[Suppression] = []
    for comment in file.comments:
        written = list(parse_comment(comment.text)) if may_be_in(comment.text) else ()
        if not written:
            continue
        line, last = source.position(comment.start)[0], source.position(comment.end - 1)[0]
        if line in below:
            covers = starts.get(below.get(last + 1, last + 1))
        else:
            covers = starts.get(line) or _around(attributes, comment.start)
        for start, end, one in written:
            at = comment.span
            if "\n" in comment.text:  # each of the lines between its marks may have one
                inside = comment.start + len("/*")
                at = Span(source, inside + start, inside + end)
            over = _around(blocks, comment.start) if one.in_block else covers
            words = (one.codes, one.reason, one.until, at, over or at, one.flaw, one.peer)
            found.append(Suppression(*words))
    return found


def _alone(text: str, start: int, end: int) -> bool:
    """Whether a comment is alone on its lines."""
    before = text[text.rfind("\n", 0, start) + 1 : start]
    rest = text.find("\n", end - 1)  # a comment in one line may have its end in it
    after = text[end : len(text) if rest < 0 else rest]
    return not before.strip() and not after.strip()


def _items(body: tree.Body) -> tuple[dict[int, Span], list[Span]]:
    """The block or attribute that starts on each line, the outer one first; all attributes."""
    starts: dict[int, Span] = {}
    attributes: list[Span] = []
    stack: list[tree.Body] = [body]
    while stack:
        current = stack.pop()
        for block in current.blocks:
            starts.setdefault(block.source.position(block.start)[0], block.span)
            stack.append(block.body)
        for attribute in current.attributes.values():
            starts.setdefault(attribute.source.position(attribute.start)[0], attribute.span)
            attributes.append(attribute.span)
    return starts, attributes


def _start(span: Span) -> int:
    return span.start


def _around(spans: list[Span], offset: int) -> Span | None:
    """The one of some spans, in their order and none in another, that contains a comment."""
    index = bisect_right(spans, offset, key=_start) - 1
    return spans[index] if index >= 0 and offset < spans[index].end else None
