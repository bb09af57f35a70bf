"""What a cloud-config says about logins.

Source: cloud-init's documentation, "Module reference" and "Cloud config examples".
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Final

from iac_ec2lint.compute.scripts.boot_script import read_packed
from iac_ec2lint.compute.scripts.logins.files import ON, if_on, of_authorized_keys, without_pieces
from iac_ec2lint.compute.scripts.logins.setting import Setting, in_doubt, is_piece, of_password
from iac_ec2lint.compute.scripts.logins.shell import ShellLogins
from iac_ec2lint.compute.scripts.shell.words import Line, numbers_of
from iac_ec2lint.document.reading import read
from iac_ec2lint.document.tree import Mapping, Node, Scalar, Sequence, Tagged, items_of, scalar_text
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.source.span import SourceText

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


_WORDS: Final = regular_expression(
    r"ssh_pwauth|disable_root|passw|authorized|NOPASSWD|PermitRoot|sshd_config"
)


def of_config(
    text: str, number: int, of_part: Callable[[str], Iterator[Setting]] | None = None
) -> Iterator[Setting]:
    """What a cloud-config, or an archive of user data, says.

    Args:
        text: The cloud-config, with a character of ``piece_of`` for what is not known of it.
        number: The line of the script that it begins on.
        of_part: What a part of an archive says; not given where it is none.
    """
    lines = text.split("\n")
    unread: list[Setting] = []
    for at, line in enumerate(lines):
        pieces = tuple(numbers_of(line))
        if pieces and not without_pieces(line).strip():
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
        reader = _CloudConfig(number)
        yield from reader.archive(root, of_part) if of_part is not None else reader.config(root)
    yield from unread


class _CloudConfig:
    """Reads one document of a cloud-config."""

    def __init__(self, number: int) -> None:
        self.first = number
        self.shell = ShellLogins()

    def archive(self, root: Node, of_part: Callable[[str], Iterator[Setting]]) -> Iterator[Setting]:
        """What the parts of an archive say."""
        for item in items_of(root):
            content = item.get("content") if isinstance(item, Mapping) else item
            text = scalar_text(content)
            if text is not None and content is not None:
                for setting in of_part(text):
                    yield setting._replace(number=self._number(content) + setting.number - 1)

    def config(self, root: Node) -> Iterator[Setting]:
        """What the keys of a cloud-config say."""
        if not isinstance(root, Mapping):
            return
        for key, name in (("ssh_pwauth", ON), ("disable_root", None)):
            node = root.get(key)
            text = scalar_text(node)
            if node is not None and text is not None:
                yield from self._switch(key, text, name, self._number(node))
        yield from self._passwords(root)
        for key in ("users", "user"):
            for item in _users(root.get(key)):
                yield from self._user(item)
        yield from self._keys(root)
        for item in items_of(root.get("write_files")):
            yield from self._file(item)
        for key in ("bootcmd", "runcmd"):
            for item in items_of(root.get(key)):
                yield from self._command(item)

    def _switch(
        self, key: str, text: str, on: frozenset[str] | None, number: int
    ) -> Iterator[Setting]:
        if on is not None:
            yield from if_on(key, ": ", text, on, number)
        elif in_doubt(text) or text.lower() not in ON:
            yield from if_on(key, ": ", text, (text.lower(),), number)

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
        for item in items_of(listed) if not isinstance(listed, Scalar) else ():
            yield from _unless_random(
                (scalar_text(item) or "").partition(":")[2], self._number(item)
            )
        for item in items_of(block.get("users")):
            if isinstance(item, Mapping):
                kind = scalar_text(item.get("type"))
                if kind is None or kind.lower() != "random":
                    yield from self._password(item.get("password"))
            else:
                yield from self._in_doubt(item)

    def _password(self, node: Node | None) -> Iterator[Setting]:
        text = scalar_text(node)
        if node is not None and text is not None:
            yield from _unless_random(text, self._number(node))

    def _user(self, item: Node) -> Iterator[Setting]:
        """A user: its keys, and its password where it is not locked, as it is by default."""
        if not isinstance(item, Mapping):
            yield from self._in_doubt(item)
            return
        yield from self._keys(item)
        lock = scalar_text(item.get("lock_passwd") or item.get("lock-passwd"))
        if lock is None or (lock.lower() in ON):
            return
        for name in ("plain_text_passwd", "hashed_passwd", "passwd"):
            node = item.get(name)
            text = scalar_text(node)
            if node is not None and text and not text.startswith(("!", "*")):
                for setting in of_password(text, self._number(node)):
                    yield setting._replace(doubt=tuple(numbers_of(lock)))

    def _keys(self, block: Mapping) -> Iterator[Setting]:
        for name in ("ssh_authorized_keys", "ssh-authorized-keys"):
            for item in items_of(block.get(name)):
                text = scalar_text(item)
                if text is not None:
                    number = self._number(item)
                    for offset, line in enumerate(text.split("\n")):
                        yield from of_authorized_keys(Line(line, number + offset))

    def _file(self, item: Node) -> Iterator[Setting]:
        """A file that is written."""
        if not isinstance(item, Mapping):
            yield from self._in_doubt(item)
            return
        path, content = scalar_text(item.get("path")), item.get("content")
        text = scalar_text(content)
        if path is None or text is None or content is None:
            return
        number = self._number(content)
        encoding = (scalar_text(item.get("encoding")) or "").lower()
        binary = isinstance(content, Tagged) and content.tag.endswith("binary")
        packed = binary or encoding not in ("", "text/plain")
        text = read_packed(text) if packed else text
        offsets = range(text.count("\n") + 1)
        lines = [
            Line(line, number if packed else number + offset)
            for offset, line in zip(offsets, text.split("\n"), strict=True)
        ]
        yield from self.shell.write(path, lines, appends=False, depth=0)

    def _command(self, item: Node) -> Iterator[Setting]:
        """A command: a line for a shell, or the words of one."""
        if isinstance(item, Scalar):
            yield from self.shell.run(item.text, self._number(item))
        elif isinstance(item, Sequence):
            words = [scalar_text(word) or "" for word in item.items]
            yield from self.shell.run(shlex.join(words), self._number(item))

    def _in_doubt(self, node: Node | None) -> Iterator[Setting]:
        """What stands in place of a block, where it is a piece that is not known."""
        text = scalar_text(node)
        if node is not None and text is not None and is_piece(text.strip()):
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
    return items_of(node)


def _unless_random(value: str, number: int) -> Iterator[Setting]:
    """A password of cloud-config, which makes one itself where it says R or RANDOM."""
    if value.strip() not in ("R", "RANDOM"):
        yield from of_password(value, number)
