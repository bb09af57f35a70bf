"""What a script of a shell says about logins.

Sources: chpasswd(8), passwd(1), usermod(8), sshd(8).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from iac_ec2lint.compute.scripts.logins.files import (
    FILES,
    STOCK,
    STOCK_CLOUD,
    in_file_in_doubt,
    may_be,
    of_file,
    of_sshd_config,
)
from iac_ec2lint.compute.scripts.logins.setting import Setting, in_doubt, is_piece, of_password
from iac_ec2lint.compute.scripts.sed import Edit, read_call
from iac_ec2lint.compute.scripts.shell.calls import given_to, output_of, plain
from iac_ec2lint.compute.scripts.shell.reader import commands
from iac_ec2lint.compute.scripts.shell.scope import Scope
from iac_ec2lint.compute.scripts.shell.words import Command, Line, numbers_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_DEPTH: Final = 8
_CALLS: Final = 100
"""Calls of ``sed`` that are tried on lines; of those beyond, what they put in is judged."""
_LONGEST: Final = 100
"""Longer lines are not tried."""


class ShellLogins:
    """Reads scripts of a shell; what they write to files is remembered."""

    def __init__(self) -> None:
        self.files: dict[str, list[Line]] = {}
        self.scope = Scope()
        self.calls = 0

    def read(self, script: str, number: int) -> Iterator[Setting]:
        """What a script does to logins, its functions too that nothing is seen to call."""
        yield from self.run(script, number)
        for name, body in tuple(self.scope.functions.items()):
            if name not in self.scope.called:
                reason = f"whether the script calls {name} is not known"
                for setting in self.run(body.text, body.number, 1):
                    yield setting._replace(reason=reason)
        if self.scope.left < 0:
            reason = "the script repeats more than is read of it"
            yield Setting("anything", "", number, (), reason)

    def run(self, script: str, number: int, depth: int = 0) -> Iterator[Setting]:
        """What a script does to logins."""
        if depth > _DEPTH:
            return
        for command in commands(script, number, self.scope):
            for setting in self._of_command(command, depth):
                yield setting._replace(doubt=(*command.doubt, *setting.doubt))

    def _of_command(self, command: Command, depth: int) -> Iterator[Setting]:
        called = plain(command)
        words = called.words
        if called.script is not None:
            yield from self.run(called.script, command.number, depth + 1)
        if called.shell:
            for line in self._numbered(given_to(command, self.files)):
                yield from self.run(line.text, line.number, depth + 1)
        elif words and words[0] in ("sh", "bash", "dash", "source", ".") and len(words) > 1:
            written = self.files.get(words[1], ())
            if not _is_script(written):  # else it was read where it was written
                for line in self._numbered(written):
                    yield from self.run(line.text, line.number, depth + 1)
        made = output_of(command, self.files) if command.outputs else []
        for path, appends in command.outputs:
            yield from self.write(path, made, appends=appends, depth=depth)
        if not words:
            return
        if is_piece(words[0]):
            yield Setting("anything", "", command.number, tuple(numbers_of(words[0])))
            return
        judge = _COMMANDS.get(words[0])
        if judge is not None:
            yield from judge(self, command, words, depth)

    def _numbered(self, lines: Iterable[Line]) -> Iterator[Line]:
        """Lines that belong together, as one text."""
        every = list(lines)
        if every:
            yield Line("\n".join(line.text for line in every), every[0].number)

    def write(
        self, path: str, lines: list[Line], *, appends: bool, depth: int
    ) -> Iterator[Setting]:
        """What it comes to that lines are written to a file, which may be a script itself."""
        if path == "/dev/null":
            return
        before = self.files.get(path, []) if appends else []
        self.files[path] = [*before, *lines] if before else lines
        yield from of_file(path, lines)
        if _is_script(before or lines) and lines:
            yield from self.run("\n".join(line.text for line in lines), lines[0].number, depth + 1)

    def tee(self, command: Command, words: list[str], depth: int) -> Iterator[Setting]:
        """``tee`` writes what it reads to files."""
        appends = any(word in ("-a", "--append") for word in words)
        lines = given_to(command, self.files)
        for path in words[1:]:
            if not path.startswith("-"):
                yield from self.write(path, lines, appends=appends, depth=depth)

    def copy(self, command: Command, words: list[str], depth: int) -> Iterator[Setting]:
        """``cp``, ``mv`` and ``install`` write what is in one file to another."""
        named = [word for word in words[1:] if not word.startswith("-")]
        if len(named) < 2:
            return
        source, target = named[-2:]
        lines = given_to(command, self.files) if source == "/dev/stdin" else self.files.get(source)
        if lines:
            name = source.rpartition("/")[2]
            path = f"{target}{name}" if target.endswith("/") else target
            yield from self.write(path, lines, appends=False, depth=depth)

    def dd(self, command: Command, words: list[str], depth: int) -> Iterator[Setting]:
        """``dd`` writes what it reads to ``of``."""
        for word in words[1:]:
            if word.startswith("of="):
                lines = given_to(command, self.files)
                yield from self.write(word[3:], lines, appends=False, depth=depth)

    def edit(self, command: Command, words: list[str], depth: int) -> Iterator[Setting]:  # noqa: ARG002 - as all of them
        """``sed`` changes files, or what it reads on the way to one."""
        call = read_call(words[1:])
        paths = [output.path for output in command.outputs]
        paths += call.files if call.in_place else []
        self.calls += 1
        for path in paths:
            kinds = [part for part, _ in FILES if part in path]
            is_perhaps = not kinds and in_doubt(path) and may_be(path, "sshd_config")
            if not kinds and not is_perhaps:
                continue
            for setting in self._edited(call.edits, kinds or ["sshd_config"], path, command.number):
                yield in_file_in_doubt(setting, path) if is_perhaps else setting

    def _edited(
        self, edits: list[Edit], kinds: list[str], path: str, number: int
    ) -> Iterator[Setting]:
        """What the lines of a file become that are there, or may be."""
        judge = dict(FILES)[kinds[0]]
        found: dict[Setting, None] = {}
        tried = self.calls <= _CALLS
        stock = STOCK if kinds[0] == "sshd_config" else STOCK_CLOUD
        stock = stock if kinds[0] in ("sshd_config", "cloud.cfg") else ()
        lines = [
            *stock,
            *(line.text for line in self.files.get(path, ()) if line.text not in stock),
        ]
        for line in lines if tried else ():
            if len(line) > _LONGEST or any(judge(Line(line, number))):
                continue  # open already: this is not what opens it
            made, used = line, []
            for edit in edits:
                after = edit.apply(made)
                if after != made:
                    used.append(edit)
                made = after
            if not used or len(made) > _LONGEST:
                continue
            said = " ".join(edit.written for edit in used).lower()
            for text in made.split("\n"):
                for setting in judge(Line(text, number)):
                    value = setting.what.rpartition(" ")[2].lower()
                    if setting.doubt or setting.reason or re.search(rf"\b{value}\b", said):
                        found.setdefault(setting)
                    else:
                        reason = f"what {path.rpartition('/')[2]} of the image says is not known"
                        found.setdefault(setting._replace(reason=reason))
        for edit in edits:
            if edit.letter != "s" or edit.pattern is None or not (tried and stock):
                for text in edit.text.split("\n"):
                    for setting in judge(Line(text, number)):
                        found.setdefault(setting)
        sure = [one for one in found if not (one.doubt or one.reason or one.literal)]
        yield from sure or found

    def perl(self, command: Command, words: list[str], depth: int) -> Iterator[Setting]:
        """``perl -pi -e`` changes files as ``sed`` does."""
        if any(word.startswith("-") and "p" in word and "i" in word for word in words[1:]):
            yield from self.edit(command, words, depth)

    def find(self, command: Command, words: list[str], depth: int) -> Iterator[Setting]:
        """``find -exec`` and ``xargs`` run another command on files that they find."""
        for option in ("-exec", "-execdir"):
            if option in words:
                inner = Command(command.number, (), [])
                inner.words = [
                    word if word != "{}" else " ".join(words[1 : words.index(option)])
                    for word in words[words.index(option) + 1 :]
                    if word not in (";", "+")
                ]
                yield from self._of_command(inner, depth)
                return

    def chpasswd(self, command: Command, words: list[str], depth: int) -> Iterator[Setting]:  # noqa: ARG002 - as all of them
        """``chpasswd`` sets passwords that it reads: ``user:password``."""
        for line in given_to(command, self.files):
            yield from of_password(line.text.partition(":")[2], line.number)

    def passwd(self, command: Command, words: list[str], depth: int) -> Iterator[Setting]:  # noqa: ARG002 - as all of them
        """``passwd`` sets a password that it reads."""
        if any(word in ("-l", "--lock", "-u", "-S", "-e", "-d") for word in words[1:]):
            return
        for line in given_to(command, self.files)[:1]:
            yield from of_password(line.text, line.number)

    def usermod(self, command: Command, words: list[str], depth: int) -> Iterator[Setting]:  # noqa: ARG002 - as all of them
        """``usermod -p`` and ``useradd -p`` set the hash of a password."""
        for at, word in enumerate(words):
            value = ""
            if word in ("-p", "--password") and at + 1 < len(words):
                value = words[at + 1]
            elif word.startswith("--password="):
                value = word.partition("=")[2]
            if not value.startswith(("!", "*")):
                yield from of_password(value, command.number)

    def dscl(self, command: Command, words: list[str], depth: int) -> Iterator[Setting]:  # noqa: ARG002 - as all of them
        """``dscl . -passwd`` of macOS sets a password."""
        if "-passwd" in words:
            for value in words[words.index("-passwd") + 2 :][-1:]:
                yield from of_password(value, command.number)

    def sshd(self, command: Command, words: list[str], depth: int) -> Iterator[Setting]:  # noqa: ARG002 - as all of them
        """``sshd -o`` starts the server with other settings."""
        for at, word in enumerate(words[:-1]):
            if word == "-o":
                yield from of_sshd_config(Line(words[at + 1], command.number))


_COMMANDS: Final = {
    "adduser": ShellLogins.usermod,
    "chpasswd": ShellLogins.chpasswd,
    "cp": ShellLogins.copy,
    "dd": ShellLogins.dd,
    "dscl": ShellLogins.dscl,
    "find": ShellLogins.find,
    "gsed": ShellLogins.edit,
    "install": ShellLogins.copy,
    "mv": ShellLogins.copy,
    "passwd": ShellLogins.passwd,
    "perl": ShellLogins.perl,
    "sed": ShellLogins.edit,
    "sshd": ShellLogins.sshd,
    "tee": ShellLogins.tee,
    "useradd": ShellLogins.usermod,
    "usermod": ShellLogins.usermod,
}


def _is_script(lines: Iterable[Line]) -> bool:
    """Whether what is written to a file is a script of a shell."""
    first = next(iter(lines), None)
    return first is not None and re.match(r"#!\s*\S*?\b(?:ba|da|z|k)?sh\b", first.text) is not None
