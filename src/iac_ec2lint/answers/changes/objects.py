"""Git's objects, read by one process: ``git cat-file --batch``.

It reads no configuration but the repository's own, fetches nothing and runs nothing else; names of
revisions go to its standard input, so that none is an option. Source: git-cat-file(1), "BATCH
OUTPUT"; gitformat-pack(5) for trees.
"""

from __future__ import annotations

import heapq
import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

LARGEST = 64 << 20
_DEPTH = 200
_TREE = "^{tree}"
_COMMIT = "^{commit}"
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
"""The tree without files, which git has everywhere."""
_DATED = re.compile(rb"^committer .*> (-?\d+) [-+]\d+$", re.MULTILINE)
_PARENT = re.compile(rb"^parent ([0-9a-f]+)$", re.MULTILINE)
_ONE, _OTHER, _BEYOND = 1, 2, 4


def _fetching(name: str) -> str:
    """The command after which git has a revision under the name that was given."""
    if re.fullmatch("[0-9a-f]{40,64}", name):
        return f"git fetch --depth=1 origin {name}"
    if re.search(r"[~^@]", name) or re.fullmatch("HEAD|[0-9a-f]{7,}", name):
        return "git fetch --unshallow origin"
    branch = name.removeprefix("origin/")
    refs = f"{branch}:refs/remotes/{name}" if branch != name else f"{name}:{name}"
    return f"git fetch --depth=1 origin {shlex.quote(refs)}"


class MissingObject(Exception):  # noqa: N818 - it is shown as a sentence
    """What git has not; the message says what to do."""


class TreeEntry(NamedTuple):
    """A file in a tree.

    Attributes:
        path: Its path, with ``/``.
        oid: Its object.
        is_link: Whether its content is where a symbolic link leads.
    """

    path: str
    oid: str
    is_link: bool


class GitObjects:
    """The objects of a repository.

    Args:
        work_tree: The top folder of its work tree.

    Raises:
        MissingObject: There is no git.
    """

    def __init__(self, work_tree: Path) -> None:
        null = os.devnull
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_SYSTEM": null,
            "GIT_CONFIG_GLOBAL": null,
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "safe.directory",
            "GIT_CONFIG_VALUE_0": str(work_tree),
            "GIT_NO_LAZY_FETCH": "1",
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_NO_REPLACE_OBJECTS": "1",
        }
        try:
            self._process = subprocess.Popen(  # noqa: S603 - see above
                ["git", "-C", str(work_tree), "cat-file", "--batch"],  # noqa: S607 - the user's git
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
            )
        except OSError as error:
            raise MissingObject(f"git cannot be run: {error.strerror}") from error

    def __enter__(self) -> GitObjects:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait()

    def read(self, name: str) -> tuple[str, str, bytes]:
        """An object: its id, its kind and its content.

        Args:
            name: Its id, or the name of a revision.

        Raises:
            MissingObject: There is none, or it is not here, as in a shallow clone.
        """
        if not name or any(c in name for c in "\n\0") or name.startswith("-"):
            raise MissingObject(f"{name!r} names no revision")
        writer, reader = self._process.stdin, self._process.stdout
        assert writer is not None and reader is not None  # noqa: S101, PT018 - both are pipes
        try:
            writer.write(name.encode("utf-8", "surrogateescape") + b"\n")
            writer.flush()
            head = reader.readline().decode("utf-8", "replace").split()
        except OSError as error:
            raise MissingObject("git has ended") from error
        if len(head) != 3 or not head[2].isdigit():
            plain = name.removesuffix(_TREE).removesuffix(_COMMIT)
            raise MissingObject(f"git has no {plain!r} here; fetch it: {_fetching(plain)}")
        content = reader.read(int(head[2]))
        reader.read(1)
        return head[0], head[1], content

    def files(self, revision: str) -> Iterator[TreeEntry]:
        """The files of a revision's tree, by path; submodules are left out.

        Raises:
            MissingObject: See ``read``.
        """
        _, kind, content = self.read(revision + _TREE)
        if kind != "tree":
            raise MissingObject(f"{revision!r} names no revision")
        pending = [("", content, 0)]
        while pending:
            folder, tree, depth = pending.pop()
            for mode, name, oid in _entries(tree):
                path = f"{folder}{name}"
                if mode == "40000" and depth < _DEPTH:
                    _, _, inner = self.read(oid)
                    pending.append((f"{path}/", inner, depth + 1))
                elif mode.startswith(("100", "120")):
                    yield TreeEntry(path, oid, mode.startswith("120"))

    def has(self, name: str) -> bool:
        """Whether there is an object of a name."""
        try:
            self.read(name)
        except MissingObject:
            return False
        return True

    def merge_base(self, one: str, other: str) -> str:
        """The best common ancestor of two commits, as ``git merge-base`` has it; of several one.

        Commits are visited from the latest on, until all that are left are ancestors of one that is
        found. Source: gitrevisions(7) and git-merge-base(1).

        Args:
            one: A revision.
            other: Another one.

        Raises:
            MissingObject: They have none here, as in a shallow clone.
        """
        flags: dict[str, int] = {}
        queue: list[tuple[int, str]] = []
        parents: dict[str, list[str]] = {}

        def paint(name: str, flag: int) -> None:
            if name not in parents:
                oid, _, content = self.read(name + _COMMIT)
                head = content.partition(b"\n\n")[0]
                parents[oid] = [found.decode("ascii") for found in _PARENT.findall(head)]
                date = _DATED.search(head)
                dates[oid] = int(date[1]) if date is not None else 0
                name = oid
            if flags.get(name, 0) | flag != flags.get(name, 0):
                flags[name] = flags.get(name, 0) | flag
                heapq.heappush(queue, (-dates[name], name))

        dates: dict[str, int] = {}
        paint(one, _ONE)
        paint(other, _OTHER)
        found: list[str] = []
        while any(not flags[name] & _BEYOND for _, name in queue):
            _, name = heapq.heappop(queue)
            flag = flags[name]
            if flag & (_ONE | _OTHER) == _ONE | _OTHER:
                if not flag & _BEYOND and name not in found:
                    found.append(name)
                flag |= _BEYOND
            for parent in parents[name]:
                with suppress(MissingObject):  # a shallow clone ends here
                    paint(parent, flag)
        best = [name for name in found if not flags[name] & _BEYOND]
        if not best:
            words = f"{one!r} and {other!r} have no common ancestor here"
            raise MissingObject(f"{words}; fetch more: git fetch --unshallow origin")
        return best[0]

    def content(self, entry: TreeEntry) -> bytes:
        """The content of a file; empty where it is too large to be of interest."""
        _, _, content = self.read(entry.oid)
        return content if len(content) <= LARGEST else b""


def _entries(tree: bytes) -> Iterator[tuple[str, str, str]]:
    """Mode, name and object of each entry of a tree."""
    at = 0
    while at < len(tree):
        space = tree.index(b" ", at)
        end = tree.index(b"\0", space)
        mode, name = tree[at:space].decode("ascii"), os.fsdecode(tree[space + 1 : end])
        at = end + 21
        if name not in {"", ".", "..", ".git"} and "/" not in name:
            yield mode, name, tree[end + 1 : at].hex()
