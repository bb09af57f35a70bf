"""Commands in boot scripts that let every AWS account at an image or a snapshot.

Source: AWS CLI Command Reference, ``ec2 modify-image-attribute`` and ``modify-snapshot-attribute``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from iac_ec2lint.compute.scripts.boot_scripts import UNKNOWN_PIECE, BootScript, boot_scripts
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values import Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.source.span import Span

_CONTINUED: Final = regular_expression(r"[\\`]\r?\n")
_COMMAND: Final = regular_expression(r"\bmodify-(image|snapshot)-attribute\b")
_ENDS: Final = regular_expression(r"[;|&]")
_EVERYONE: Final = regular_expression(
    r"--(?:group-names|user-groups)[ =]+[\"']?all\b|\bAdd\W{1,6}Group\W{1,5}all\b"
)
_REMOVES: Final = regular_expression(r"--operation-type[ =]+[\"']?remove\b")
_ID: Final = regular_expression(r"--(?:image|snapshot)-id[ =]+[\"']?([^\s\"']+)")
_LITERAL: Final = regular_expression(r"(?:ami|snap)-[0-9a-f]+")


class SharingCommand(NamedTuple):
    """A command that makes an image or a snapshot public.

    Attributes:
        script: The script.
        kind: Which of them.
        id: Its id: a reference, a literal one, or an unknown where the script finds it out.
        span: Where the command stands.
    """

    script: BootScript
    kind: Literal["image", "snapshot"]
    id: Val
    span: Span


def sharing_commands(graph: Graph) -> Iterator[SharingCommand]:
    """The commands of all boot scripts that make something public, by resource."""
    for script in boot_scripts(graph):
        text = script.text or ""
        if _COMMAND.search(text) is None:
            continue
        number = 0
        for line in _CONTINUED.sub(" ", text).split("\n"):
            yield from _in_line(script, line, number)
            number += line.count(UNKNOWN_PIECE)


def _in_line(script: BootScript, line: str, number: int) -> Iterator[SharingCommand]:
    """The commands of one line.

    Args:
        script: The script.
        line: The line, with those that continue it.
        number: How many pieces before it are unknown.
    """
    for found in _COMMAND.finditer(line):
        rest = _ENDS.split(line[found.end() :], maxsplit=1)[0]
        if "#" in line[: found.start()] or _REMOVES.search(rest) or not _EVERYONE.search(rest):
            continue
        named = _ID.search(rest)
        written = named[1] if named is not None else ""
        before = line[: found.end() + (named.start(1) if named is not None else 0)]
        span = script.span_of(line[: found.end()].strip(), found[0])
        kind: Literal["image", "snapshot"] = "image" if found[1] == "image" else "snapshot"
        at = number + before.count(UNKNOWN_PIECE)
        yield SharingCommand(script, kind, _id(script, written, at, span), span)


def _id(script: BootScript, written: str, number: int, span: Span) -> Val:
    """What an argument is: the pieces that are unknown stand in the order of their causes."""
    if written == UNKNOWN_PIECE and number < len(script.causes):
        return script.causes[number]
    if _LITERAL.fullmatch(written):
        return Value(written, span)
    return Unknown(f"the script finds out the id {written}".strip(), "computed", span)
