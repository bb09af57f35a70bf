"""Requests to the instance metadata service in boot scripts, and whether they bring a token.

A script is read as lines of commands: of a shell, PowerShell, or a language whose calls look like
commands. Source: EC2 User Guide, "Use the Instance Metadata Service to access instance metadata".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.compute.scripts.boot_script import UNKNOWN_PIECE, packed_scripts
from iac_ec2lint.compute.scripts.secrets.words import is_public_parameter
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values import Reference

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iac_ec2lint.values import Unknown

_HOST: Final = r"(?:169\.254\.169\.254|\[fd00:ec2::254\]|\binstance-data(?:\.ec2\.internal)?)"
_URL: Final = regular_expression(rf"(?:https?://{_HOST}|{_HOST}(?=/))[^\s\"'`|;,)]*", re.IGNORECASE)
_CLIENT: Final = regular_expression(
    r"(?<![\w./-])(?:/usr/bin/|/bin/)?(?:curl|wget|https?(?=\s)|GET(?=\s))(?![\w.-])"
    r"|\b(?:Invoke-RestMethod|Invoke-WebRequest|iwr|irm|DownloadString|DownloadFile)\b"
    r"|\b(?:requests\.get|urlopen|http\.get|Net::HTTP)\b"
)
_TOKEN_REQUEST: Final = regular_expression(r"/latest/api/token|/api/token", re.IGNORECASE)
_TOKEN: Final = regular_expression(r"X-aws-ec2-metadata-token(?!-ttl)", re.IGNORECASE)
_HEADER: Final = regular_expression(r"(?:^|\s)(?:-[A-Za-z]*H|--header|-Headers)\b|\bheaders\s*=")
_COMMENT: Final = regular_expression(r"#|//|::|rem\s", re.IGNORECASE)
_ASSIGNMENT: Final = regular_expression(
    r"(?:(?:export|local|readonly|declare|typeset|set)\s+)?(?:-\w+\s+)*(?:\[\w+\])?\$?(\w+)\s*:?=\s*"
    r"(?P<value>.+)",
    re.IGNORECASE,
)
_USE: Final = regular_expression(r"\$\{(\w+)\}|\$(\w+)|%(\w+)%")
_MAY_RUN: Final = regular_expression(
    r"(?:- )*(?:(?:mainSteps|phases|steps|runtimeConfig|properties|inputs|action|runCommand"
    rf"|commands):\s*)?{UNKNOWN_PIECE}"
)
"""A line that is a command, or the steps of a document, of which nothing is known."""
_NAME: Final = regular_expression(r"Ref|(?:\w*_)?(?:id|arn|name)|\w*(?:Id|Arn|Name)")
"""Attributes that name a resource, or where it is deployed (``AWS::Region``)."""
_CALL_LINES: Final = 12
"""Lines that one call may take."""


class MetadataRequest(NamedTuple):
    """A request for metadata that brings no token.

    Attributes:
        line: The line that its command starts on; empty where it is not known whether there is one.
        url: What it asks for, as written.
    """

    line: str
    url: str

    @property
    def words(self) -> str:
        """What it asks for, with ``...`` where that is not known."""
        return self.url.replace(UNKNOWN_PIECE, "...")


def is_name(piece: Unknown) -> bool:
    """Whether a piece is a name, an id or an ARN, and so neither a command nor an address."""
    if not isinstance(piece, Reference):
        return False
    if piece.cause in ("data-source", "module"):
        return is_public_parameter(piece)
    return _NAME.fullmatch(piece.attribute) is not None


def request_without_token(script: str, pieces: Sequence[Unknown] = ()) -> MetadataRequest | None:
    """The first request of a script that brings no token, if there is one.

    Args:
        script: The script; ``UNKNOWN_PIECE`` stands for what nobody knows.
        pieces: What stands there, in order, as far as that is known.

    Returns:
        A request without a line where none is seen, but a piece that is unknown may hold one.
    """
    found = _request(script)
    if found is not None and found.line:
        return found
    packed = {id(piece): list(_packed_requests(piece)) for piece in pieces}
    for request in (one for each in packed.values() for one in each):
        if request is not None and request.line:
            return request
    if found is None:
        return None
    names = (is_name(piece) or _asks_nothing(packed[id(piece)]) for piece in pieces)
    named = re.sub(UNKNOWN_PIECE, lambda at: "_" if next(names, False) else at[0], script)
    return None if _request(named) is None else found


def _packed_requests(piece: Unknown) -> Iterator[MetadataRequest | None]:
    return (request_without_token(text, causes) for text, causes in packed_scripts(piece))


def _asks_nothing(requests: list[MetadataRequest | None]) -> bool:
    """Whether all that is packed in a piece was read, and holds no request."""
    return bool(requests) and not any(requests)


def _request(script: str) -> MetadataRequest | None:
    has_token = False
    may_ask = False
    known: dict[str, str] = {}
    lines = script.splitlines()
    for first, whole in _logical_lines(lines):
        if _COMMENT.match(whole):
            continue
        if _MAY_RUN.fullmatch(whole):
            may_ask = True
        for written in _commands(whole):
            command = _expanded(written, known)
            assigned = _ASSIGNMENT.fullmatch(written.strip())
            if assigned and _is_worth_knowing(assigned["value"]):
                known[assigned[1]] = assigned["value"].strip("\"'")
            if not _CLIENT.search(command):
                continue
            if _TOKEN_REQUEST.search(command):
                has_token = True
                continue
            url = _URL.search(command)
            if url is None:
                may_ask = may_ask or _asks_somebody(command)
                continue
            call = _whole_call(command, first, lines)
            if not _TOKEN.search(call) and not (has_token and _HEADER.search(call)):
                in_script = _URL.search(written)
                return MetadataRequest(first, in_script[0] if in_script else url[0])
    return MetadataRequest("", "") if may_ask else None


def _asks_somebody(command: str) -> bool:
    """Whether the address that a command asks is unknown, and no header is sent.

    The service answers HTTP alone, so that an unknown host of HTTPS is another.
    """
    starts = re.search(rf"(?:^|[\s\"'(]|http://){UNKNOWN_PIECE}", command)
    return starts is not None and not _HEADER.search(command)


def _is_worth_knowing(value: str) -> bool:
    return bool(_URL.search(value) or _CLIENT.match(value.strip("\"'")))


def _expanded(command: str, known: dict[str, str]) -> str:
    """A command with what the script's own variables of addresses and clients stand for."""
    if not known:
        return command
    return _USE.sub(lambda use: known.get(use[1] or use[2] or use[3], use[0]), command)


def _logical_lines(lines: list[str]) -> list[tuple[str, str]]:
    """Each line with those that continue it, after the line that it starts on."""
    found: list[tuple[str, str]] = []
    first, whole = "", ""
    for raw in lines:
        line = raw.strip()
        if not whole:
            first = line
        if _continues(whole + line):
            whole += line[:-1] + " "
            continue
        found.append((first, (whole + line).strip()))
        whole = ""
    if whole:
        found.append((first, whole.strip()))
    return found


def _continues(text: str) -> bool:
    """Whether the next line belongs to it: a shell's backslash, PowerShell's lone backtick."""
    if _COMMENT.match(text):
        return False
    return text.endswith("\\") or (text.endswith("`") and text.count("`") % 2 == 1)


def _whole_call(command: str, first: str, lines: list[str]) -> str:
    """A call with the lines that its parentheses reach over."""
    missing = command.count("(") - command.count(")")
    at = next((i for i, line in enumerate(lines) if line.strip() == first), len(lines))
    call = [command]
    for line in lines[at + 1 : at + 1 + _CALL_LINES]:
        if missing <= 0:
            break
        call.append(line)
        missing += line.count("(") - line.count(")")
    return "\n".join(call)


class _Frame:
    """A command that is being read, and what ends it."""

    __slots__ = ("closer", "depth", "quote", "text")

    def __init__(self, closer: str) -> None:
        self.closer = closer
        self.text: list[str] = []
        self.quote = ""
        self.depth = 0


def _commands(line: str) -> list[str]:
    """The commands of a line: parts of lists and pipes, and those substituted into others."""
    done: list[str] = []
    frames = [_Frame("")]
    at = 0
    while at < len(line):
        frame = frames[-1]
        char, pair = line[at], line[at : at + 2]
        at += 1
        if char == "\\" and frame.quote != "'":
            frame.text.append(pair)
            at += 1
        elif pair == "$(" and frame.quote != "'":
            frames.append(_Frame(")"))
            at += 1
        elif char == "`" and frame.quote != "'" and frame.closer != "`":
            frames.append(_Frame("`"))
        elif char == frame.closer and not frame.quote and not frame.depth:
            done.append("".join(frame.text))
            frames.pop()
            frames[-1].text.append("$_")
        elif frame.quote:
            frame.quote = "" if char == frame.quote else frame.quote
            frame.text.append(char)
        elif pair in {"&&", "||"} or char in ";|":
            done.append("".join(frame.text))
            frame.text.clear()
            at += pair in {"&&", "||"}
        else:
            if char in "\"'":
                frame.quote = char
            frame.depth += (char == "(") - (char == ")" and frame.depth > 0)
            frame.text.append(char)
    done.extend("".join(frame.text) for frame in reversed(frames))
    return done
