"""A tree that takes note of all that is asked of it, so that a later run can ask the same again.

Where every question has the answer that it had, whatever was made of the answers is the same too:
of files that were read, and of those that were looked for and not found.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from iac_ec2lint.source.tree import Entry, OpenFile, Tree

Question = tuple[str, str, str]
"""What is asked: its kind, the path, and what else it takes."""

_DIGEST: Final = 16
_BETWEEN: Final = "\n"
"""Between the names that one question asks for."""


class Observed:
    """A tree, and what was asked of it so far.

    Args:
        tree: What answers.

    Attributes:
        answers: What was asked, and the digests of the answers.
        is_steady: Whether one question always had one answer: else something changed meanwhile.
    """

    def __init__(self, tree: Tree) -> None:
        self.answers: dict[Question, bytes] = {}
        self.is_steady = True
        self._tree = tree

    @property
    def disk(self) -> Tree:
        """See ``Tree``."""
        return self

    def note(self, question: Question, answer: bytes) -> None:
        """Keep the digest of an answer."""
        if self.answers.setdefault(question, answer) != answer:
            self.is_steady = False

    def take(self) -> dict[Question, bytes]:
        """The answers so far, which this tree has no more: for ``note_all`` of its original."""
        taken, self.answers = self.answers, {}
        return taken

    def note_all(self, answers: dict[Question, bytes]) -> None:
        """Keep what a copy of this tree in another process was asked."""
        for question, answer in answers.items():
            self.note(question, answer)

    def real(self, path: Path | str) -> str:
        """See ``Tree``."""
        found = self._tree.real(path)
        self.note(("real", os.fspath(path), ""), _digest(found))
        return found

    def is_link(self, path: Path | str) -> bool:
        """See ``Tree``."""
        found = self._tree.is_link(path)
        self.note(("link", os.fspath(path), ""), _digest(found))
        return found

    def is_folder(self, path: Path | str) -> bool:
        """See ``Tree``."""
        found = self._tree.is_folder(path)
        self.note(("folder", os.fspath(path), ""), _digest(found))
        return found

    def is_file(self, path: Path | str) -> bool:
        """See ``Tree``."""
        found = self._tree.is_file(path)
        self.note(("file", os.fspath(path), ""), _digest(found))
        return found

    def target(self, link: Path) -> str:
        """See ``Tree``."""
        question = "target", os.fspath(link), ""
        try:
            found = self._tree.target(link)
        except OSError as error:
            self.note(question, _failure(error))
            raise
        self.note(question, _digest(found))
        return found

    def entries(self, folder: Path | str) -> list[Entry]:
        """See ``Tree``."""
        question = "entries", os.fspath(folder), ""
        try:
            found = self._tree.entries(folder)
        except OSError as error:
            self.note(question, _failure(error))
            raise
        self.note(question, _digest(sorted(found)))
        return found

    def open(self, path: Path | str) -> OpenFile:
        """See ``Tree``."""
        question = "size of open", os.fspath(path), ""
        try:
            opened = self._tree.open(path)
        except OSError as error:
            self.note(question, _failure(error))
            raise
        self.note(question, _digest(opened.size))
        return _ObservedFile(self, os.fspath(path), opened)

    def size(self, path: Path | str) -> int:
        """See ``Tree``."""
        found = self._tree.size(path)
        self.note(("size", os.fspath(path), ""), _digest(found))
        return found

    def absence(self, real: Path) -> str:
        """See ``Tree``."""
        found = self._tree.absence(real)
        self.note(("absence", os.fspath(real), ""), _digest(found))
        return found

    def tracks(self, real: Path) -> bool:
        """See ``Tree``."""
        found = self._tree.tracks(real)
        self.note(("tracks", os.fspath(real), ""), _digest(found))
        return found

    def tracked(self, real: Path, names: tuple[str, ...]) -> list[Path]:
        """See ``Tree``."""
        found = self._tree.tracked(real, names)
        self.note(("tracked", os.fspath(real), _BETWEEN.join(names)), _digest(found))
        return found


class _ObservedFile:
    __slots__ = ("_asked", "_digest", "_file", "_path", "_tree", "size")

    def __init__(self, tree: Observed, path: str, file: OpenFile) -> None:
        self._tree = tree
        self._path = path
        self._file = file
        self._asked = 0
        self._digest = blake2b(digest_size=_DIGEST)
        self.size = file.size

    def read(self, count: int) -> bytes:
        raw = self._file.read(count)
        self._asked += count
        self._digest.update(raw)
        self._tree.note(("read", self._path, str(self._asked)), self._digest.digest())
        return raw

    def __enter__(self) -> _ObservedFile:
        self._file.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._file.__exit__(*error)


def ask_again(tree: Tree, questions: Iterable[Question]) -> Iterator[bytes]:
    """The digests of the answers that a tree has now.

    Args:
        tree: What answers.
        questions: What ``Observed`` took note of.

    Raises:
        KeyError: A question is of no known kind.
        ValueError: A question is none.
    """
    asked = Observed(tree)
    ask: dict[str, Callable[[str, str], object]] = {
        "real": lambda path, _: asked.real(path),
        "link": lambda path, _: asked.is_link(path),
        "folder": lambda path, _: asked.is_folder(path),
        "file": lambda path, _: asked.is_file(path),
        "target": lambda path, _: asked.target(Path(path)),
        "entries": lambda path, _: asked.entries(path),
        "size of open": lambda path, _: asked.open(path).__exit__(),
        "read": lambda path, count: _read(asked, path, int(count)),
        "size": lambda path, _: asked.size(path),
        "absence": lambda path, _: asked.absence(Path(path)),
        "tracks": lambda path, _: asked.tracks(Path(path)),
        "tracked": lambda path, names: asked.tracked(Path(path), tuple(names.split(_BETWEEN))),
    }
    for question in questions:
        kind, path, more = question
        if question not in asked.answers:
            with suppress(OSError):  # which is an answer too
                ask[kind](path, more)
        yield asked.answers.get(question, b"")


def _read(tree: Observed, path: str, count: int) -> None:
    with tree.open(path) as file:
        file.read(count)


def _digest(answer: object) -> bytes:
    raw = repr(answer).encode("utf-8", "surrogateescape")
    return raw if len(raw) < _DIGEST else blake2b(raw, digest_size=_DIGEST).digest()


def _failure(error: OSError) -> bytes:
    return _digest((type(error).__name__, error.errno))
