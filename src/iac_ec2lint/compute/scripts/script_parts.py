"""What the user data of a boot script consists of: scripts of a shell, cloud-config, other things.

Sources: cloud-init's documentation, "User data formats"; EC2 User Guide, "Run commands when you
launch an EC2 instance with user data input" and, for Windows, "Scripts and agent versions" and
"EC2Launch v2 task configuration"; cloudbase-init's documentation, "Userdata".
"""

from __future__ import annotations

import base64
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from iac_ec2lint.compute.scripts.shell.words import RUN_TIME, numbers_of
from iac_ec2lint.source.regular_expression import regular_expression

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind = Literal["shell", "cloud-config", "archive", "powershell", "batch", "tasks", "other", "none"]

_SHEBANG: Final = regular_expression(r"#!\s*(?:/\S*/)?(?:env\s+(?:-S\s+)?)?([^\s/]+)")
_SHELLS: Final = frozenset({"sh", "bash", "dash", "zsh", "ksh", "ash"})
_HEADER: Final = regular_expression(r"([A-Za-z][A-Za-z-]*):[ \t]*(.*)")
_BOUNDARY: Final = regular_expression(r"boundary=(?:\"([^\"]+)\"|([^\s;]+))")
_BY_TYPE: Final[dict[str, Kind]] = {
    "text/cloud-boothook": "shell",
    "text/cloud-config": "cloud-config",
    "text/cloud-config-archive": "archive",
    "text/part-handler": "none",
    "text/upstart-job": "none",
    "text/x-include-once-url": "none",
    "text/x-include-url": "none",
}
_BY_WORD: Final[dict[str, Kind]] = {
    "#cloud-boothook": "shell",
    "#cloud-config": "cloud-config",
    "#cloud-config-archive": "archive",
    "#include": "none",
    "#include-once": "none",
    "#part-handler": "none",
    "#ps1": "powershell",
    "#ps1_sysnative": "powershell",
    "#ps1_x86": "powershell",
    "#upstart-job": "none",
}
_EXPRESSION: Final = regular_expression(r"\{\{(?:(?!\{\{|\}\}).)*\}\}")
_STATEMENT: Final = regular_expression(r"\{[%#](?:(?!\{[%#]|[%#]\}).)*[%#]\}")
_ELEMENT: Final = regular_expression(
    r"(?is)<(?P<name>powershell|script)>(?P<text>.*?)(?:</(?P=name)>|\Z)"
)
"""What EC2's agents run on Windows, wherever it stands."""
_WINDOWS: Final = regular_expression(r"(?i)\s*<(?:persist|runAsLocalSystem|version)\b")
_TASKS: Final = regular_expression(
    r"\s*(?:#[^\n]*\n\s*)*version:[ \t]*[\"']?1\.\d[\"']?[^\n]*\n\s*(?:#[^\n]*\n\s*)*tasks:"
)
"""How the tasks of EC2Launch v2 begin."""
_BATCH: Final = regular_expression(r"(?i)rem\s+cmd\s*$")
_LEVELS: Final = 4


class ScriptPart(NamedTuple):
    """A part of user data.

    Attributes:
        kind: What it is: ``tasks`` are those of EC2Launch v2, ``other`` is a script in another
            language, ``none`` nothing that runs commands.
        text: Its text.
        number: The number of the user data's line that is its first.
        whole: Whether each of its lines is one of the user data's.
        doubt: The unknown pieces that decide whether it is of that kind.
    """

    kind: Kind
    text: str
    number: int = 1
    whole: bool = True
    doubt: tuple[int, ...] = ()


def script_parts(text: str, number: int = 1, level: int = 0) -> Iterator[ScriptPart]:
    """The parts of user data, in order; one where it is not of several.

    Args:
        text: The user data, unpacked.
        number: The number of its first line.
        level: How deep it stands in other user data.
    """
    header = _HEADER.match(text.lstrip("\n"))
    if header is not None and header[1].lower() in ("content-type", "mime-version"):
        if level < _LEVELS:
            yield from _of_message(text, number, level)
        return
    sniffed, inner, first = _sniffed(text, number)
    # What begins as a script of Linux is one, whatever it has in it.
    elements = [] if _is_marked(text) else list(_ELEMENT.finditer(text))
    for found in elements:
        kind: Kind = "powershell" if found["name"].lower() == "powershell" else "batch"
        start = number + text.count("\n", 0, found.start("text"))
        yield ScriptPart(kind, found["text"], start)
    if not elements or not text.lstrip().startswith("<"):
        yield ScriptPart(sniffed, inner, first)


def _is_marked(text: str) -> bool:
    """Whether a text begins with a line that says what it is to cloud-init."""
    word = (text.lstrip("\n").partition("\n")[0].split() or [""])[0]
    return word.startswith(("#!", "##")) or word in _BY_WORD


def _sniffed(text: str, number: int) -> tuple[Kind, str, int]:
    """What a text is by how it begins; the text without the line that says it is a template."""
    if _WINDOWS.match(text):
        return "none", text, number
    if _TASKS.match(text):
        return "tasks", text, number
    first, _, rest = text.lstrip("\n").partition("\n")
    if re.match(r"##\s*template:\s*jinja", first):
        skipped = len(text) - len(text.lstrip("\n")) + 1
        # What is put in at boot; what is said about it, such as conditions, is left out.
        return _sniffed(_STATEMENT.sub("", _EXPRESSION.sub(RUN_TIME, rest)), number + skipped)
    shebang = _SHEBANG.match(first)
    if shebang is not None:
        return ("shell" if shebang[1] in _SHELLS else "other"), text, number
    if _BATCH.match(first):
        return "batch", text, number
    word = first.split()[0] if first.split() else ""
    return _BY_WORD.get(word, "shell"), text, number


def _of_message(text: str, number: int, level: int) -> Iterator[ScriptPart]:
    """The parts of a MIME message."""
    lines = text.split("\n")
    at = 0
    while at < len(lines) and not lines[at].strip():
        at += 1
    headers, at = _headers(lines, at)
    kind = headers.get("content-type", "text/plain")
    if not kind.lower().startswith("multipart/"):
        yield from _body(headers, lines[at:], number + at, level)
        return
    found = _BOUNDARY.search(kind)
    boundary = (found[1] or found[2]) if found is not None else ""
    starts = [
        n for n, line in enumerate(lines) if line.rstrip() in (f"--{boundary}", f"--{boundary}--")
    ]
    for start, end in pairwise([*starts, len(lines)]):
        if lines[start].rstrip().endswith(f"{boundary}--"):
            return
        inner, after = _headers(lines, start + 1)
        yield from _body(inner, lines[after:end], number + after, level)


def _headers(lines: list[str], at: int) -> tuple[dict[str, str], int]:
    """The headers that begin at a line, and the line behind the empty one that ends them."""
    found: dict[str, str] = {}
    name = ""
    while at < len(lines) and lines[at].strip():
        match = _HEADER.match(lines[at])
        if match is not None:
            name = match[1].lower()
            found[name] = match[2].strip()
        elif name and lines[at][:1] in " \t":
            found[name] += f" {lines[at].strip()}"
        else:
            return found, at  # the body begins without an empty line
        at += 1
    return found, at + 1


def _body(
    headers: dict[str, str], lines: list[str], number: int, level: int
) -> Iterator[ScriptPart]:
    """What one part of a message is."""
    kind = headers.get("content-type", "text/plain").partition(";")[0].strip().lower()
    text = "\n".join(lines)
    whole = True
    if headers.get("content-transfer-encoding", "").lower() == "base64":
        try:
            text = base64.b64decode("".join(text.split())).decode("utf-8", "replace")
        except ValueError:
            return
        whole = False
    if kind.startswith("multipart/"):
        if level < _LEVELS:
            header = f"Content-Type: {headers['content-type']}\n\n"
            yield from script_parts(header + text, number - 2, level + 1)
        return
    for part in script_parts(text, number, level + 1):
        there = part._replace(kind=_BY_TYPE.get(kind, part.kind), whole=whole and part.whole)
        doubt = () if _is_marked(text) else tuple(numbers_of(kind))
        yield there._replace(doubt=(*there.doubt, *doubt))
        if doubt and part.kind == "shell":  # nothing but its type tells the two apart
            yield there._replace(kind="cloud-config", doubt=(*there.doubt, *doubt))
