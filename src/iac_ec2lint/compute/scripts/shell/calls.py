"""What a command is called with, and what it reads and writes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from iac_ec2lint.compute.scripts.boot_script import read_packed
from iac_ec2lint.compute.scripts.shell.words import (
    ASSIGNMENT,
    RUN_TIME,
    Command,
    Line,
    numbers_of,
    unescaped,
)


class Plain(NamedTuple):
    """A command without what only says how it runs.

    Attributes:
        words: Its words.
        shell: Whether it is a shell that runs what it is given.
        script: The script that it is given as an argument.
    """

    words: list[str]
    shell: bool = False
    script: str | None = None


_PASSING: Final = frozenset(
    {"cat", "tee", "tr", "sort", "head", "tail", "gunzip", "gzip", "zcat", "envsubst"}
)
"""Commands that write what they read, more or less; what is packed in Base64 is unpacked then."""
_WRAPPERS: Final = frozenset(
    {"sudo", "nohup", "exec", "command", "builtin", "env", "time", "nice", "ionice", "doas"}
)
_SHELLS: Final = frozenset({"sh", "bash", "dash", "zsh", "ksh", "ash"})
_WITH_ARGUMENT: Final = {
    "sudo": frozenset({"-u", "-g", "-h", "-p", "-C", "-r", "-t", "-U"}),
    "env": frozenset({"-u", "-C", "-S"}),
    "nice": frozenset({"-n"}),
    "ionice": frozenset({"-c", "-n"}),
}


def plain(command: Command) -> Plain:
    """A command without ``sudo`` and the like; a shell's script, where it is called with one."""
    words = list(command.words)
    became_shell = False
    while words:
        name = words[0].rpartition("/")[2]
        if name in _WRAPPERS:
            takes = _WITH_ARGUMENT.get(name, frozenset())
            words.pop(0)
            while words and (words[0].startswith("-") or ASSIGNMENT.fullmatch(words[0])):
                option = words.pop(0)
                became_shell = became_shell or (name == "sudo" and option in ("-i", "-s"))
                if option in takes and words:
                    words.pop(0)
            continue
        if name == "timeout" and len(words) > 2:
            del words[:2]
            continue
        if name == "eval":
            return Plain(words, script=" ".join(words[1:]))
        if name in _SHELLS or name in ("su", "runuser"):
            return _shell(name, words)
        return Plain([name, *words[1:]])
    return Plain([], shell=became_shell)


def _shell(name: str, words: list[str]) -> Plain:
    arguments = words[1:]
    for at, word in enumerate(arguments):
        if word == "--command" or (
            word.startswith("-") and not word.startswith("--") and word.endswith("c")
        ):
            return Plain(words, script=arguments[at + 1] if at + 1 < len(arguments) else "")
    named = [word for word in arguments if not word.startswith("-")]
    reads = name in ("su", "runuser") or not named or "-s" in arguments
    return Plain([name, *named], shell=reads)


Files = Mapping[str, Sequence[Line]]
"""What a script has written to files, by path."""


def given_to(command: Command, files: Files) -> list[Line]:
    """What a command reads from a heredoc, a here-string or a pipe, as far as it is literal."""
    if command.given is not None:
        return command.given
    return [line for source in command.piped for line in output_of(source, files)]


def output_of(command: Command, files: Files) -> list[Line]:
    """What a command writes to its output, as far as that is literal."""
    words = plain(command).words
    name = words[0] if words else ""
    if name == "echo":
        return _echoed(words[1:], command.number)
    if name == "printf":
        return _formatted(words[1:], command.number)
    if name == "cat":
        named = [word for word in words[1:] if not word.startswith("-")]
        if named:
            return [line for word in named for line in files.get(word, ())]
    if name == "base64" and any(word in ("-d", "-D", "--decode") for word in words):
        text = "\n".join(line.text for line in given_to(command, files))
        return _lines(read_packed(text), command.number, escapes=False)
    if name in _PASSING or not words:
        return given_to(command, files)
    return []


def _echoed(words: list[str], number: int) -> list[Line]:
    escapes = False
    while words and re.fullmatch(r"-[neE]+", words[0]):
        escapes = escapes or "e" in words[0]
        words = words[1:]
    text = " ".join(words)
    return _lines(text, number, escapes=escapes)


def _formatted(words: list[str], number: int) -> list[Line]:
    if words[:1] == ["--"]:
        words = words[1:]
    if not words:
        return []
    form, arguments = words[0], words[1:]
    slots = len(re.findall(r"%[sb]", form))
    made: list[str] = []
    if not slots:
        made.append(form)
    else:
        for at in range(0, max(len(arguments), 1), slots):
            row = iter(arguments[at : at + slots])
            made.append(re.sub(r"%[sb]", lambda _, row=row: next(row, ""), form))  # type: ignore[misc]  # bound now
    return _lines("".join(made).replace("%%", "%"), number, escapes=True)


def _lines(text: str, number: int, *, escapes: bool) -> list[Line]:
    """The lines of a text that stands in the script; those of escapes are on its line."""
    found: list[Line] = []
    for offset, line in enumerate(text.split("\n")):
        parts = unescaped(line).split("\n") if escapes else [line]
        found.extend(Line(part, number + offset) for part in parts)
    return found


def hashes_literal(command: Command) -> bool:
    """Whether a command makes a hash of a password that is written in the script."""
    words = plain(command).words
    if words[:2] != ["openssl", "passwd"] and words[:1] != ["mkpasswd"]:
        return False
    given = [word for word in words[1:] if not word.startswith("-")][-1:]
    texts = [*given, *(line.text for line in given_to(command, {}))]
    return any(text and RUN_TIME not in text and text != "passwd" for text in texts)


def truth_of(condition: Sequence[Command]) -> bool | tuple[int, ...] | None:
    """Whether a condition holds; the unknown pieces that decide it; ``None`` where it may."""
    if len(condition) != 1:
        return None
    words = condition[0].words
    if words == ["true"] or words == ["false"]:
        return words == ["true"]
    if words[:1] not in (["["], ["[["], ["test"]):
        return None
    inside = words[1:-1] if words[0] != "test" else words[1:]
    negated = inside[:1] == ["!"]
    inside = inside[1:] if negated else inside
    if RUN_TIME in "".join(inside):
        return None
    pieces = tuple(numbers_of("".join(inside)))
    compares = len(inside) == 3 and inside[1] in ("=", "==", "!=")
    counts = len(inside) == 3 and inside[1] in ("-eq", "-ne")
    asks = len(inside) == 2 and inside[0] in ("-n", "-z")
    if not (compares or counts or asks):
        return None
    if pieces:
        return pieces
    if asks:
        holds = (inside[1] != "") == (inside[0] == "-n")
    else:
        if any(char in inside[2] for char in "*?[") and words[0] == "[[":
            return None
        holds = (inside[0] == inside[2]) == (inside[1] in ("=", "==", "-eq"))
    return holds is not negated
