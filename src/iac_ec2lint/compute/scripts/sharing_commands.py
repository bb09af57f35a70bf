"""Commands of boot scripts and provisioners that let every AWS account at an image or a snapshot.

Source: AWS CLI Command Reference, ``ec2 modify-image-attribute`` and ``modify-snapshot-attribute``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from iac_ec2lint.compute.scripts.boot_script import UNKNOWN_PIECE, BootScript, variants
from iac_ec2lint.compute.scripts.boot_scripts import boot_scripts
from iac_ec2lint.compute.scripts.provisioner_scripts import provisioner_scripts
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values import NO, YES, Answer, Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.source.span import Span

_CONTINUED: Final = regular_expression(r"[\\`]\r?\n")
_COMMAND: Final = regular_expression(r"\bmodify-(image|snapshot)-attribute\b")
_ENDS: Final = regular_expression(r"[;|&]")
_GROUP: Final = regular_expression(
    rf"(?:--(?:group-names|user-groups)[ =]+[\"']?|\bAdd\W{{1,6}}Group[^\w${UNKNOWN_PIECE}]{{1,5}})"
    r"(?P<group>[^\s\"',\]})]+)"
)
_REMOVES: Final = regular_expression(r"--operation-type[ =]+[\"']?remove\b")
_ID: Final = regular_expression(r"--(?:image|snapshot)-id[ =]+[\"']?([^\s\"']+)")
_REGION: Final = regular_expression(r"--region[ =]+[\"']?([^\s\"']+)")
_LITERAL: Final = regular_expression(r"(?:ami|snap)-[0-9a-f]+")


class SharingCommand(NamedTuple):
    """A command that makes an image or a snapshot public.

    Attributes:
        script: The script.
        of: What has the script, in words.
        kind: Which of them.
        everyone: Whether it lets in all accounts: the group may be one that nobody knows.
        id: Its id: a reference, a literal one, or an unknown where the script finds it out.
        span: Where the command stands.
        region: The Region that it is for, if it names one.
    """

    script: BootScript
    of: str
    kind: Literal["image", "snapshot"]
    everyone: Answer
    id: Val
    span: Span
    region: Val | None = None


def sharing_commands(graph: Graph) -> Iterator[SharingCommand]:
    """The commands of all boot scripts and provisioners that make something public, or may."""
    for script in boot_scripts(graph):
        whole = script.kind in ("component", "document", "parameter")
        of = "" if whole else "the boot script of "
        for one, doubt in variants(script):
            yield from _in_script(one._replace(doubt=doubt), of + script.resource.address)
    for script in provisioner_scripts(graph):
        yield from _in_script(script, f"a provisioner of {script.resource.address}")


def _in_script(script: BootScript, of: str) -> Iterator[SharingCommand]:
    text = script.text or ""
    if _COMMAND.search(text) is None:
        return
    number = 0
    for line in _CONTINUED.sub(" ", text).split("\n"):
        yield from _in_line(script, of, line, number)
        number += line.count(UNKNOWN_PIECE)


def _in_line(script: BootScript, of: str, line: str, number: int) -> Iterator[SharingCommand]:
    """The commands of one line.

    Args:
        script: The script.
        of: What has it.
        line: The line, with those that continue it.
        number: How many pieces before it are unknown.
    """
    for found in _COMMAND.finditer(line):
        rest = _ENDS.split(line[found.end() :], maxsplit=1)[0]
        group = _GROUP.search(rest)
        if "#" in line[: found.start()] or _REMOVES.search(rest) or group is None:
            continue
        named = _ID.search(rest)
        written = named[1] if named is not None else ""
        before = line[: found.end() + (named.start(1) if named is not None else 0)]
        span = script.span_of(line[: found.end()].strip(), found[0])
        at = number + line[: found.end() + group.start("group")].count(UNKNOWN_PIECE)
        everyone = _is_everyone(_word(script, group["group"], at, span, "group"))
        if everyone.truth is False:
            continue
        if script.doubt is not None:
            everyone = everyone & Answer(None, (script.doubt,))
        kind: Literal["image", "snapshot"] = "image" if found[1] == "image" else "snapshot"
        at = number + before.count(UNKNOWN_PIECE)
        id_ = _word(script, written, at, span, "id")
        region = _region(script, line[: found.start()], rest, number, span)
        yield SharingCommand(script, of, kind, everyone, id_, span, region)


def _region(script: BootScript, before: str, rest: str, number: int, span: Span) -> Val | None:
    """The Region that options name, before the command (``aws --region R ec2 ...``) or behind."""
    command = before[max((one.end() for one in _ENDS.finditer(before)), default=0) :]
    for text, start in ((rest, before + rest[:0]), (command, before[: len(before) - len(command)])):
        named = _REGION.search(text)
        if named is not None:
            at = number + (start + text[: named.start(1)]).count(UNKNOWN_PIECE)
            return _word(script, named[1], at, span, "Region")
    return None


def _is_everyone(group: Val) -> Answer:
    return (
        YES if group.text == "all" else Answer(None, (group,)) if isinstance(group, Unknown) else NO
    )


def _word(script: BootScript, written: str, number: int, span: Span, what: str) -> Val:
    """What an argument is: the pieces that are unknown stand in the order of their causes."""
    if written == UNKNOWN_PIECE and number < len(script.causes):
        return script.causes[number]
    literal = _LITERAL.fullmatch(written) if what == "id" else "$" not in written
    if literal and UNKNOWN_PIECE not in written:
        return Value(written, span)
    return Unknown(f"the script finds out the {what} {written}".strip(), "computed", span)
