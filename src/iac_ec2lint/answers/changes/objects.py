"""Git's objects, read by ``git cat-file --batch``: one process, and one in each worker.

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
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, NamedTuple

from iac_ec2lint.source import limits

LARGEST = limits.PLAN_BYTES
"""Bytes of the largest object that is read."""
_KEPT = 64 << 20
"""Bytes that are kept of what has been read: two trees have most of it in common."""
_PIECE = 1 << 20
_MOST = 1_000_000
"""Files and folders of a tree: one of a hundred objects may have more than any disk."""
_LONGEST = 4096
"""Bytes of a path, as Linux allows them."""
_LINK, _FOLDER, _SUBMODULE, _FILE = 0o120000, 0o040000, 0o160000, 0o100000
_TREE = "^{tree}"
_COMMIT = "^{commit}"
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
"""The tree without files, which git has everywhere."""
_DATED = re.compile(rb"^committer .*> (-?\d+) [-+]\d+$", re.MULTILINE)
_PARENT = re.compile(rb"^parent ([0-9a-f]+)$", re.MULTILINE)
_ENTRY = re.compile(rb"([0-7]{1,7}) ([^\0/]+)\0")
_NO_NAMES = {b".", b"..", b".git"}
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


def _missing(name: str) -> str:
    plain = name.removesuffix(_TREE).removesuffix(_COMMIT)
    return f"git has no {plain!r} here; fetch it: {_fetching(plain)}"


class MissingObject(Exception):  # noqa: N818 - it is shown as a sentence
    """What git has not; the message says what to do."""


class TreeEntry(NamedTuple):
    """A file in a tree.

    Attributes:
        path: Its path, with ``/``.
        oid: Its object.
        is_link: Whether its content is where a symbolic link leads.
        is_submodule: Whether it is a commit of another repository, and a folder of the work tree.
    """

    path: str
    oid: str
    is_link: bool
    is_submodule: bool = False


class GitObjects:
    """The objects of a repository.

    Args:
        work_tree: The top folder of its work tree.
    """

    def __init__(self, work_tree: Path) -> None:
        self._work_tree = work_tree
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._kept: dict[str, bytes] = {}
        self._room = _KEPT

    def __reduce__(self) -> tuple[type[GitObjects], tuple[Path]]:
        return GitObjects, (self._work_tree,)

    def __enter__(self) -> GitObjects:
        return self

    def __exit__(self, *error: object) -> None:
        self._end()

    def read(self, name: str) -> tuple[str, str, bytes]:
        """An object: its id, its kind and its content, which is left out where it is too large.

        Args:
            name: Its id, or the name of a revision.

        Raises:
            MissingObject: There is none, or it is not here, as in a shallow clone; or no git.
        """
        if not name or any(c in name for c in "\n\0") or name.startswith("-"):
            raise MissingObject(f"{name!r} names no revision")
        writer, reader = self._pipes()
        try:
            writer.write(name.encode("utf-8", "surrogateescape") + b"\n")
            writer.flush()
            head = reader.readline().decode("utf-8", "replace").split()
            is_there = len(head) == 3 and head[2].isdigit()
            content = _content(reader, int(head[2])) if is_there else b""
        except OSError as error:
            self._end()
            raise MissingObject("git has ended") from error
        except BaseException:  # what is left of the answer must not be taken for the next one
            self._end()
            raise
        if not is_there:
            raise MissingObject(_missing(name))
        return head[0], head[1], content

    def blob(self, oid: str) -> bytes:
        """The content of a file; empty where it is too large.

        Raises:
            OSError: It is not here any more.
        """
        found = self._kept.get(oid)
        if found is None:
            try:
                _, _, found = self.read(oid)
            except MissingObject as error:
                raise OSError(str(error)) from error
            if len(found) <= self._room:
                self._room -= len(found)
                self._kept[oid] = found
        return found

    def sizes(self, oids: Iterable[str]) -> dict[str, int]:
        """The bytes of each of some objects.

        Raises:
            MissingObject: One of them is not here, as in a partial clone.
        """
        every = list(dict.fromkeys(oids))
        try:
            done = subprocess.run(  # noqa: S603 - see ``_command``
                [*self._command(), "--batch-check=%(objectsize)"],
                input="".join(f"{oid}\n" for oid in every).encode("ascii"),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=self._environment(),
                check=False,
            )
        except OSError as error:
            raise MissingObject(f"git cannot be run: {error.strerror}") from error
        lines = done.stdout.splitlines()
        if len(lines) != len(every):
            raise MissingObject("git has ended")
        found = {}
        for oid, line in zip(every, lines, strict=True):
            if not line.isdigit():
                raise MissingObject(_missing(oid))
            found[oid] = int(line)
        return found

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        """Where names are written to, and what the answers come from: this process' own."""
        if self._process is not None and self._owner != os.getpid():
            self._end()
        if self._process is None:
            try:
                self._process = subprocess.Popen(  # noqa: S603 - see ``_command``
                    [*self._command(), "--batch"],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env=self._environment(),
                )
            except OSError as error:
                raise MissingObject(f"git cannot be run: {error.strerror}") from error
            self._owner = os.getpid()
        writer, reader = self._process.stdin, self._process.stdout
        assert writer is not None and reader is not None  # noqa: S101, PT018 - both are pipes
        return writer, reader

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        if self._owner == os.getpid():  # one that a worker has inherited is not its own
            process.wait()

    def _command(self) -> list[str]:
        """Without an argument that comes from anybody: names go to its standard input."""
        return ["git", "-C", str(self._work_tree), "cat-file"]  # the git that the user has

    def _environment(self) -> dict[str, str]:
        """No configuration but the repository's own is read, and nothing is fetched."""
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_SYSTEM": os.devnull,
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "safe.directory",
            "GIT_CONFIG_VALUE_0": str(self._work_tree),
            "GIT_NO_LAZY_FETCH": "1",
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_NO_REPLACE_OBJECTS": "1",
        }

    def files(self, revision: str) -> Iterator[TreeEntry]:
        """The files of a revision's tree, and its submodules, by path.

        Raises:
            MissingObject: See ``read``.
        """
        own, content = self._tree(revision)
        pending = [("", content)]
        trees: dict[str, bytes] = {}
        seen = 0
        while pending:
            folder, tree = pending.pop()
            for kind_of_entry, name, oid in _entries(tree, len(own) // 2):
                path = f"{folder}{name}"
                seen += 1
                if seen > _MOST:
                    raise MissingObject(f"{revision!r} has more than {_MOST:,} files and folders")
                if len(os.fsencode(path)) > _LONGEST:
                    raise MissingObject(f"{revision!r} has a path of more than {_LONGEST} bytes")
                if kind_of_entry == _FOLDER:
                    if oid not in trees:
                        _, kind, trees[oid] = self.read(oid)
                        if kind != "tree":
                            raise MissingObject(_DAMAGED)
                    pending.append((f"{path}/", trees[oid]))
                else:
                    yield TreeEntry(path, oid, kind_of_entry == _LINK, kind_of_entry == _SUBMODULE)

    def tree_of(self, revision: str) -> str:
        """The id of a revision's tree.

        Raises:
            MissingObject: See ``read``.
        """
        return self._tree(revision)[0]

    def _tree(self, revision: str) -> tuple[str, bytes]:
        own, kind, content = self.read(revision + _TREE)
        if kind != "tree":
            raise MissingObject(f"{revision!r} names no revision")
        return own, content

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
        found; of several they go on being, since dates may be equal, or wrong, and one that was
        found may be an ancestor of another. Source: gitrevisions(7) and git-merge-base(1).

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

        def best() -> list[str]:
            return [name for name in found if not flags[name] & _BEYOND]

        while any(not flags[name] & _BEYOND for _, name in queue) or (queue and len(best()) > 1):
            _, name = heapq.heappop(queue)
            flag = flags[name]
            if flag & (_ONE | _OTHER) == _ONE | _OTHER:
                if not flag & _BEYOND and name not in found:
                    found.append(name)
                flag |= _BEYOND
            for parent in parents[name]:
                with suppress(MissingObject):  # a shallow clone ends here
                    paint(parent, flag)
        if not best():
            words = f"{one!r} and {other!r} have no common ancestor here"
            raise MissingObject(f"{words}; fetch more: git fetch --unshallow origin")
        return best()[0]


def _content(reader: IO[bytes], size: int) -> bytes:
    """The content in an answer, which is passed over where it is too large."""
    content = reader.read(size) if size <= LARGEST else b""
    left = size - len(content)
    while left and (piece := reader.read(min(left, _PIECE))):
        left -= len(piece)
    reader.read(1)
    return content


_DAMAGED = "a tree of git's is damaged: 'git fsck' says more"


def _entries(tree: bytes, size: int) -> Iterator[tuple[int, str, str]]:
    """Kind, name and object of each entry of a tree; the names of objects have ``size`` bytes.

    Source: git's tree-walk.c and ``canon_mode``; what it refuses to check out is damaged.

    Raises:
        MissingObject: The tree is damaged.
    """
    at = 0
    names = set()
    while at < len(tree):
        found = _ENTRY.match(tree, at)
        at = found.end() + size if found is not None else len(tree) + 1
        if found is None or at > len(tree) or found[2] in names or found[2] in _NO_NAMES:
            raise MissingObject(_DAMAGED)
        names.add(found[2])
        kind = int(found[1], 8) & 0o170000
        if kind not in {_FILE, _LINK, _FOLDER}:
            kind = _SUBMODULE
        yield kind, os.fsdecode(found[2]), tree[found.end() : at].hex()
