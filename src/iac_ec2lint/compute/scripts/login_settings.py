"""What a boot script says about logins over SSH: settings, passwords, keys, ``sudo``.

Sources: sshd_config(5), sudoers(5), chpasswd(8), passwd(1), usermod(8); cloud-init's documentation,
"Module reference" and "Cloud config examples".
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from iac_ec2lint.compute.scripts.boot_scripts import read_packed
from iac_ec2lint.compute.scripts.script_parts import script_parts
from iac_ec2lint.compute.scripts.sed import Edit, read_call
from iac_ec2lint.compute.scripts.shell.calls import given_to, output_of, plain
from iac_ec2lint.compute.scripts.shell.reader import Scope, commands
from iac_ec2lint.compute.scripts.shell.words import RUN_TIME, Command, Line, numbers_of
from iac_ec2lint.document.reading import read
from iac_ec2lint.document.tree import Mapping, Node, Scalar, Sequence, Tagged
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.source.span import SourceText

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Kind = Literal["setting", "password", "sudo", "key", "anything"]

_DEPTH: Final = 8
_CALLS: Final = 100
"""Calls of ``sed`` that are tried on lines; of those beyond, what they put in is judged."""
_LONGEST: Final = 100
"""Longer lines are not tried."""
_SSHD: Final = regular_expression(
    r"\s*(PasswordAuthentication|PermitRootLogin)(?:\s+|\s*=\s*)\"?([^\s\"#]+)\"?\s*(?:#.*)?",
    re.IGNORECASE,
)
_CLOUD: Final = regular_expression(
    r"\s*(ssh_pwauth|disable_root)\s*:\s*[\"']?([^\s\"'#]+)[\"']?\s*(?:#.*)?"
)
_KEYWORDS: Final = {
    "passwordauthentication": "PasswordAuthentication",
    "permitrootlogin": "PermitRootLogin",
}
_EVERYONE: Final = regular_expression(
    r"\s*ALL\s+\S+\s*=\s*(?:\([^)]*\)\s*)?(?:[A-Z]+:\s*)*NOPASSWD:\s*(?:[A-Z]+:\s*)*ALL\b"
    r"|\s*Defaults\s+!authenticate\b"
)
_KEY: Final = regular_expression(
    r"(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-\S+|sk-(?:ssh|ecdsa)-\S+)\s+(AAAA[^\s\"']*)"
)
_ON: Final = frozenset({"true", "1", "on", "yes"})
"""cloud-init's own words for true: whatever else it is asked for is false."""
_STOCK: Final = tuple(
    f"{mark}{keyword} {value}"
    for keyword, values in (
        ("PasswordAuthentication", ("no", "yes")),
        ("PermitRootLogin", ("no", "prohibit-password", "without-password", "yes")),
    )
    for mark in ("", "#", "# ")
    for value in (*values, "forced-commands-only")
    if (keyword, value) != ("PasswordAuthentication", "forced-commands-only")
)
"""Lines that images have in sshd_config."""
_STOCK_CLOUD: Final = (
    *(
        f"ssh_pwauth:{gap}{value}"
        for gap in (" ", "   ")
        for value in ("false", "0", "no", "False")
    ),
    *(f"disable_root: {value}" for value in ("true", "1", "yes", "True")),
)
"""Lines that images have in cloud.cfg."""


class Setting(NamedTuple):
    """Something that a script says about logins.

    Attributes:
        kind: What it concerns; ``anything`` where nobody knows what is run.
        what: The setting and its value, where it is one.
        number: The line of the script.
        doubt: The unknown pieces that decide whether it does so.
        reason: What else keeps that from being known.
        literal: The unknown pieces that are the password or the key.
        key: The key itself, without its type, where that is written.
    """

    kind: Kind
    what: str
    number: int
    doubt: tuple[int, ...] = ()
    reason: str = ""
    literal: tuple[int, ...] = ()
    key: str = ""


def login_settings(script: str, path: str = "") -> Iterator[Setting]:
    """What user data says that opens logins, in order.

    Args:
        script: The user data, with a character of ``piece_of`` for what is not known of it.
        path: The file that it is written to, where it is not run but written.
    """
    if path:
        written = [Line(text, number) for number, text in enumerate(script.split("\n"), 1)]
        yield from _Shell()._write(path, written, appends=False, depth=0)  # noqa: SLF001 - it is of this module
        return
    for part in script_parts(script):
        whole = part.whole
        number = part.number
        if part.kind == "shell":
            found: Iterable[Setting] = _Shell().read(part.text, number if whole else 1)
        elif part.kind in ("cloud-config", "archive"):
            found = _of_config(part.text, number if whole else 1, archive=part.kind == "archive")
        elif part.kind == "other":
            found = _of_other(part.text, number)
        else:
            continue
        for setting in found:
            yield setting if whole else setting._replace(number=number)


# Files


def _of_file(path: str, lines: Iterable[Line]) -> Iterator[Setting]:
    """What it comes to that lines are written to a file."""
    for part, judge in _FILES:
        if part in path:
            for line in lines:
                yield from judge(line)
            return
    if not _in_doubt(path):
        return
    for part, judge in _FILES:
        if _may_be(path, part):
            for line in lines:  # what is known of them, if it is that file
                for setting in judge(line):
                    if not setting.literal and setting.kind != "anything":
                        yield _in_file_in_doubt(setting, path)


def _may_be(path: str, part: str) -> bool:
    """Whether a path of which a part is not known may be one of the files that count."""
    known = [piece for piece in re.split(f"[{RUN_TIME}\U000f0000-\U000fffff]+", path) if piece]
    for sample in _SAMPLES[part]:
        at = 0
        for piece in known:
            found = sample.find(piece, at)
            if found < 0:
                break
            at = found + len(piece)
        else:
            starts = _in_doubt(path[:1]) or sample.startswith(known[0] if known else "")
            ends = _in_doubt(path[-1:]) or sample.endswith(known[-1] if known else "")
            if starts and ends:
                return True
    return False


def _in_file_in_doubt(setting: Setting, path: str) -> Setting:
    """A setting in a file of which it is not known whether it is one that counts."""
    reason = "which file is written is not known" if RUN_TIME in path else setting.reason
    return setting._replace(doubt=(*setting.doubt, *numbers_of(path)), reason=reason)


def _of_sshd_config(line: Line) -> Iterator[Setting]:
    found = _SSHD.fullmatch(line.text)
    if found is not None:
        yield from _if_on(_KEYWORDS[found[1].lower()], " ", found[2], ("yes",), line.number)
    elif RUN_TIME in line.text and not line.text.replace(RUN_TIME, "").strip():
        reason = "what is written to sshd_config is worked out when the script runs"
        yield Setting("anything", "", line.number, (), reason)
    else:
        yield from _unread(line)


def _of_cloud_cfg(line: Line) -> Iterator[Setting]:
    found = _CLOUD.fullmatch(line.text)
    if found is None:
        yield from _unread(line)
    elif found[1] == "ssh_pwauth":
        yield from _if_on("ssh_pwauth", ": ", found[2], _ON, line.number)
    else:
        off = found[2] if _in_doubt(found[2]) or found[2].lower() not in _ON else ""
        if off:
            yield from _if_on("disable_root", ": ", off, (off.lower(),), line.number)


def _of_sudoers(line: Line) -> Iterator[Setting]:
    if _EVERYONE.match(line.text):
        yield Setting("sudo", "", line.number, tuple(numbers_of(line.text)))
    else:
        yield from _unread(line)


def _of_authorized_keys(line: Line) -> Iterator[Setting]:
    text = line.text
    if text.lstrip().startswith("#"):
        return
    pieces = tuple(numbers_of(text))
    found = _KEY.search(text)
    if found is not None and RUN_TIME not in found[1] and not numbers_of(found[1]):
        yield Setting("key", "", line.number, key=found[1])
    elif pieces:
        yield Setting("key", "", line.number, literal=pieces)


_FILES: Final = (
    ("authorized_keys", _of_authorized_keys),
    ("sshd_config", _of_sshd_config),
    ("sudoers", _of_sudoers),
    ("cloud.cfg", _of_cloud_cfg),
)
"""The files that decide about logins, by a part of their path."""
_SAMPLES: Final = {
    "authorized_keys": ("/home/ec2-user/.ssh/authorized_keys", "/root/.ssh/authorized_keys"),
    "sshd_config": ("/etc/ssh/sshd_config", "/etc/ssh/sshd_config.d/50-login.conf"),
    "sudoers": ("/etc/sudoers", "/etc/sudoers.d/users"),
    "cloud.cfg": ("/etc/cloud/cloud.cfg", "/etc/cloud/cloud.cfg.d/99-login.cfg"),
}
"""Paths of these files."""


def _unread(line: Line) -> Iterator[Setting]:
    """A line that is nothing but what is not known."""
    pieces = tuple(numbers_of(line.text))
    if pieces and not re.sub(r"[^\S\n]", "", _without_pieces(line.text)):
        yield Setting("anything", "", line.number, pieces)


def _without_pieces(text: str) -> str:
    return "".join(char for char in text if not numbers_of(char))


def _if_on(
    name: str, between: str, value: str, on: Iterable[str], number: int
) -> Iterator[Setting]:
    """A setting, if its value is one that opens logins, or may be."""
    if _in_doubt(value):
        reason = "its value is worked out when the script runs" if RUN_TIME in value else ""
        word = "false" if name == "disable_root" else ("yes" if between == " " else "true")
        yield Setting("setting", f"{name}{between}{word}", number, tuple(numbers_of(value)), reason)
    elif value.lower() in on:
        yield Setting("setting", f"{name}{between}{value}", number)


def _in_doubt(text: str) -> bool:
    return RUN_TIME in text or bool(numbers_of(text))


# Commands of a shell


class _Shell:
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
            yield from self._write(path, made, appends=appends, depth=depth)
        if not words:
            return
        if _is_piece(words[0]):
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

    def _write(
        self, path: str, lines: list[Line], *, appends: bool, depth: int
    ) -> Iterator[Setting]:
        if path == "/dev/null":
            return
        before = self.files.get(path, []) if appends else []
        self.files[path] = [*before, *lines] if before else lines
        yield from _of_file(path, lines)
        if _is_script(before or lines) and lines:
            yield from self.run("\n".join(line.text for line in lines), lines[0].number, depth + 1)

    def tee(self, command: Command, words: list[str], depth: int) -> Iterator[Setting]:
        """``tee`` writes what it reads to files."""
        appends = any(word in ("-a", "--append") for word in words)
        lines = given_to(command, self.files)
        for path in words[1:]:
            if not path.startswith("-"):
                yield from self._write(path, lines, appends=appends, depth=depth)

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
            yield from self._write(path, lines, appends=False, depth=depth)

    def dd(self, command: Command, words: list[str], depth: int) -> Iterator[Setting]:
        """``dd`` writes what it reads to ``of``."""
        for word in words[1:]:
            if word.startswith("of="):
                lines = given_to(command, self.files)
                yield from self._write(word[3:], lines, appends=False, depth=depth)

    def edit(self, command: Command, words: list[str], depth: int) -> Iterator[Setting]:  # noqa: ARG002 - as all of them
        """``sed`` changes files, or what it reads on the way to one."""
        call = read_call(words[1:])
        paths = [output.path for output in command.outputs]
        paths += call.files if call.in_place else []
        self.calls += 1
        for path in paths:
            kinds = [part for part, _ in _FILES if part in path]
            in_doubt = not kinds and _in_doubt(path) and _may_be(path, "sshd_config")
            if not kinds and not in_doubt:
                continue
            for setting in self._edited(call.edits, kinds or ["sshd_config"], path, command.number):
                yield _in_file_in_doubt(setting, path) if in_doubt else setting

    def _edited(
        self, edits: list[Edit], kinds: list[str], path: str, number: int
    ) -> Iterator[Setting]:
        """What the lines of a file become that are there, or may be."""
        judge = dict(_FILES)[kinds[0]]
        found: dict[Setting, None] = {}
        tried = self.calls <= _CALLS
        stock = _STOCK if kinds[0] == "sshd_config" else _STOCK_CLOUD
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
            yield from _of_password(line.text.partition(":")[2], line.number)

    def passwd(self, command: Command, words: list[str], depth: int) -> Iterator[Setting]:  # noqa: ARG002 - as all of them
        """``passwd`` sets a password that it reads."""
        if any(word in ("-l", "--lock", "-u", "-S", "-e", "-d") for word in words[1:]):
            return
        for line in given_to(command, self.files)[:1]:
            yield from _of_password(line.text, line.number)

    def usermod(self, command: Command, words: list[str], depth: int) -> Iterator[Setting]:  # noqa: ARG002 - as all of them
        """``usermod -p`` and ``useradd -p`` set the hash of a password."""
        for at, word in enumerate(words):
            value = ""
            if word in ("-p", "--password") and at + 1 < len(words):
                value = words[at + 1]
            elif word.startswith("--password="):
                value = word.partition("=")[2]
            if not value.startswith(("!", "*")):
                yield from _of_password(value, command.number)

    def dscl(self, command: Command, words: list[str], depth: int) -> Iterator[Setting]:  # noqa: ARG002 - as all of them
        """``dscl . -passwd`` of macOS sets a password."""
        if "-passwd" in words:
            for value in words[words.index("-passwd") + 2 :][-1:]:
                yield from _of_password(value, command.number)

    def sshd(self, command: Command, words: list[str], depth: int) -> Iterator[Setting]:  # noqa: ARG002 - as all of them
        """``sshd -o`` starts the server with other settings."""
        for at, word in enumerate(words[:-1]):
            if word == "-o":
                yield from _of_sshd_config(Line(words[at + 1], command.number))


_COMMANDS: Final = {
    "adduser": _Shell.usermod,
    "chpasswd": _Shell.chpasswd,
    "cp": _Shell.copy,
    "dd": _Shell.dd,
    "dscl": _Shell.dscl,
    "find": _Shell.find,
    "gsed": _Shell.edit,
    "install": _Shell.copy,
    "mv": _Shell.copy,
    "passwd": _Shell.passwd,
    "perl": _Shell.perl,
    "sed": _Shell.edit,
    "sshd": _Shell.sshd,
    "tee": _Shell.tee,
    "useradd": _Shell.usermod,
    "usermod": _Shell.usermod,
}


def _is_script(lines: Iterable[Line]) -> bool:
    """Whether what is written to a file is a script of a shell."""
    first = next(iter(lines), None)
    return first is not None and re.match(r"#!\s*\S*?\b(?:ba|da|z|k)?sh\b", first.text) is not None


def _is_piece(word: str) -> bool:
    return bool(numbers_of(word[:1]))


def _of_password(text: str, number: int) -> Iterator[Setting]:
    """A password that is set; one that the script makes when it runs is none."""
    if not text.strip() or RUN_TIME in text:
        return
    yield Setting("password", "", number, literal=tuple(numbers_of(text)))


def _of_other(text: str, number: int) -> Iterator[Setting]:
    """What a script in another language may do: it is not read, and its words are looked at."""
    for offset, line in enumerate(text.split("\n")):
        if line.lstrip().startswith("#"):
            continue
        for found in re.finditer(r"\b(PasswordAuthentication|PermitRootLogin)\s+yes\b", line):
            reason = "what a script in a language other than a shell's does is not worked out"
            yield Setting("setting", f"{found[1]} yes", number + offset, (), reason)


# cloud-config


def _of_config(text: str, number: int, *, archive: bool) -> Iterator[Setting]:
    """What a cloud-config, or an archive of user data, says."""
    lines = text.split("\n")
    unread: list[Setting] = []
    for at, line in enumerate(lines):
        pieces = tuple(numbers_of(line))
        if pieces and not _without_pieces(line).strip():
            lines[at] = ""
            unread.append(Setting("anything", "", number + at, pieces))
    document = read(SourceText("user-data.yaml", "\n".join(lines)))
    if not document.roots:
        if document.diagnostics and _WORDS.search(text):
            reason = "the cloud-config cannot be read as YAML"
            yield Setting("anything", "", number, tuple(numbers_of(text)), reason)
        yield from unread
        return
    for root in document.roots:
        reader = _Config(number)
        yield from reader.archive(root) if archive else reader.config(root)
    yield from unread


_WORDS: Final = regular_expression(
    r"ssh_pwauth|disable_root|passw|authorized|NOPASSWD|PermitRoot|sshd_config"
)


class _Config:
    """Reads one document of a cloud-config."""

    def __init__(self, number: int) -> None:
        self.first = number
        self.shell = _Shell()

    def archive(self, root: Node) -> Iterator[Setting]:
        """What the parts of an archive say."""
        for item in _items(root):
            content = item.get("content") if isinstance(item, Mapping) else item
            text = _text(content)
            if text is not None and content is not None:
                for setting in login_settings(text):
                    yield setting._replace(number=self._number(content) + setting.number - 1)

    def config(self, root: Node) -> Iterator[Setting]:
        """What the keys of a cloud-config say."""
        if not isinstance(root, Mapping):
            return
        for key, name in (("ssh_pwauth", _ON), ("disable_root", None)):
            node = root.get(key)
            text = _text(node)
            if node is not None and text is not None:
                yield from self._switch(key, text, name, self._number(node))
        yield from self._passwords(root)
        for key in ("users", "user"):
            for item in _users(root.get(key)):
                yield from self._user(item)
        yield from self._keys(root)
        for item in _items(root.get("write_files")):
            yield from self._file(item)
        for key in ("bootcmd", "runcmd"):
            for item in _items(root.get(key)):
                yield from self._command(item)

    def _switch(
        self, key: str, text: str, on: frozenset[str] | None, number: int
    ) -> Iterator[Setting]:
        if on is not None:
            yield from _if_on(key, ": ", text, on, number)
        elif _in_doubt(text) or text.lower() not in _ON:
            yield from _if_on(key, ": ", text, (text.lower(),), number)

    def _passwords(self, root: Mapping) -> Iterator[Setting]:
        """``password`` and ``chpasswd``."""
        yield from self._password(root.get("password"))
        block = root.get("chpasswd")
        if not isinstance(block, Mapping):
            yield from self._in_doubt(block)
            return
        listed = block.get("list")
        if isinstance(listed, Scalar):
            for offset, line in enumerate(listed.text.split("\n")):
                value = line.partition(":")[2]
                yield from _unless_random(value, self._number(listed) + offset)
            yield from self._in_doubt(listed)
        for item in _items(listed) if not isinstance(listed, Scalar) else ():
            yield from _unless_random((_text(item) or "").partition(":")[2], self._number(item))
        for item in _items(block.get("users")):
            if isinstance(item, Mapping):
                kind = _text(item.get("type"))
                if kind is None or kind.lower() != "random":
                    yield from self._password(item.get("password"))
            else:
                yield from self._in_doubt(item)

    def _password(self, node: Node | None) -> Iterator[Setting]:
        text = _text(node)
        if node is not None and text is not None:
            yield from _unless_random(text, self._number(node))

    def _user(self, item: Node) -> Iterator[Setting]:
        """A user: its keys, and its password where it is not locked, as it is by default."""
        if not isinstance(item, Mapping):
            yield from self._in_doubt(item)
            return
        yield from self._keys(item)
        lock = _text(item.get("lock_passwd") or item.get("lock-passwd"))
        if lock is None or (lock.lower() in _ON):
            return
        for name in ("plain_text_passwd", "hashed_passwd", "passwd"):
            node = item.get(name)
            text = _text(node)
            if node is not None and text and not text.startswith(("!", "*")):
                for setting in _of_password(text, self._number(node)):
                    yield setting._replace(doubt=tuple(numbers_of(lock)))

    def _keys(self, block: Mapping) -> Iterator[Setting]:
        for name in ("ssh_authorized_keys", "ssh-authorized-keys"):
            for item in _items(block.get(name)):
                text = _text(item)
                if text is not None:
                    number = self._number(item)
                    for offset, line in enumerate(text.split("\n")):
                        yield from _of_authorized_keys(Line(line, number + offset))

    def _file(self, item: Node) -> Iterator[Setting]:
        """A file that is written."""
        if not isinstance(item, Mapping):
            yield from self._in_doubt(item)
            return
        path, content = _text(item.get("path")), item.get("content")
        text = _text(content)
        if path is None or text is None or content is None:
            return
        number = self._number(content)
        encoding = (_text(item.get("encoding")) or "").lower()
        binary = isinstance(content, Tagged) and content.tag.endswith("binary")
        packed = binary or encoding not in ("", "text/plain")
        text = read_packed(text) if packed else text
        offsets = range(text.count("\n") + 1)
        lines = [
            Line(line, number if packed else number + offset)
            for offset, line in zip(offsets, text.split("\n"), strict=True)
        ]
        yield from self.shell._write(path, lines, appends=False, depth=0)  # noqa: SLF001 - it is of this module

    def _command(self, item: Node) -> Iterator[Setting]:
        """A command: a line for a shell, or the words of one."""
        if isinstance(item, Scalar):
            yield from self.shell.run(item.text, self._number(item))
        elif isinstance(item, Sequence):
            words = [_text(word) or "" for word in item.items]
            yield from self.shell.run(shlex.join(words), self._number(item))

    def _in_doubt(self, node: Node | None) -> Iterator[Setting]:
        """What stands in place of a block, where it is a piece that is not known."""
        text = _text(node)
        if node is not None and text is not None and _is_piece(text.strip()):
            yield Setting("anything", "", self._number(node), tuple(numbers_of(text)))

    def _number(self, node: Node) -> int:
        """The line of the script that a node's text begins on."""
        source = node.source
        block = source.text[node.start : node.start + 1] in ("|", ">")
        return self.first + source.position(node.start)[0] - 1 + block


def _users(node: Node | None) -> list[Node]:
    """The users of a list, or of a map by their names."""
    if isinstance(node, Mapping):
        inner = [one for _, one in node.entries.values()]
        if inner and all(isinstance(one, Mapping) for one in inner):
            return inner
    return _items(node)


def _items(node: Node | None) -> list[Node]:
    """The elements of a list; a single one is a list of it."""
    if node is None:
        return []
    return node.items if isinstance(node, Sequence) else [node]


def _text(node: Node | None) -> str | None:
    """The text of a scalar; ``None`` of everything else, and of null."""
    if isinstance(node, Tagged):
        node = node.node
    if not isinstance(node, Scalar) or node.data is None:
        return None
    return node.text


def _unless_random(value: str, number: int) -> Iterator[Setting]:
    """A password of cloud-config, which makes one itself where it says R or RANDOM."""
    if value.strip() not in ("R", "RANDOM"):
        yield from _of_password(value, number)
