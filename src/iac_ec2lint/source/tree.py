"""The one place through which files of what is scanned are opened, listed and looked at.

``Files`` holds the boundary over it. A tree is the disk, or what git keeps of a revision.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

from iac_ec2lint.source.boundary import work_tree
from iac_ec2lint.source.version_control import VersionControl


class Entry(NamedTuple):
    """What stands in a folder.

    Attributes:
        name: Its name.
        is_link: Whether it is a symbolic link.
        is_folder: Whether it is a folder, or a link to one.
    """

    name: str
    is_link: bool
    is_folder: bool


class OpenFile(Protocol):
    """A file that is read from its beginning.

    Attributes:
        size: How many bytes it has.
    """

    size: int

    def read(self, count: int) -> bytes:
        """The next bytes: so many, or all that are left."""

    def __enter__(self) -> OpenFile: ...

    def __exit__(self, *error: object) -> None: ...


class IrregularFileError(OSError):
    """It is a folder, a pipe or a device."""


class Tree(Protocol):
    """Files by their absolute paths; all links are followed, as the disk does."""

    @property
    def disk(self) -> Tree:
        """What it asks of the disk: itself, where it is that."""

    def real(self, path: Path | str) -> str:
        """A path with its links resolved, whether or not there is something."""

    def is_link(self, path: Path | str) -> bool:
        """Whether a path is a symbolic link itself."""

    def is_folder(self, path: Path | str) -> bool:
        """Whether there is a folder."""

    def is_file(self, path: Path | str) -> bool:
        """Whether there is a regular file."""

    def target(self, link: Path) -> str:
        """Where a symbolic link leads, as it says itself.

        Raises:
            OSError: It is none.
        """

    def entries(self, folder: Path | str) -> list[Entry]:
        """What stands in a folder, in any order.

        Raises:
            OSError: It is none, or cannot be listed.
        """

    def open(self, path: Path | str) -> OpenFile:
        """Open a regular file.

        Raises:
            IrregularFileError: It is something else.
            OSError: There is none, or it cannot be read.
        """

    def size(self, path: Path | str) -> int:
        """The bytes of a file, or of all files that stand in a folder; 0 where there is none."""

    def absence(self, real: Path) -> str:
        """Why a file is not in version control; see ``VersionControl``."""

    def tracks(self, real: Path) -> bool:
        """Whether git has something in a folder, or that is not known."""

    def tracked(self, real: Path, names: tuple[str, ...]) -> list[Path]:
        """The files of some names that git has in the work tree above a folder, sorted.

        None at the top of one, of which all is searched anyway.
        """


class Disk:
    """What lies on the disk."""

    def __init__(self) -> None:
        self._git = VersionControl()

    @property
    def disk(self) -> Tree:
        """See ``Tree``."""
        return self

    def real(self, path: Path | str) -> str:
        """See ``Tree``."""
        return os.path.realpath(path)

    def is_link(self, path: Path | str) -> bool:
        """See ``Tree``."""
        return os.path.islink(path)  # noqa: PTH114 - asked for each file, so without a Path

    def is_folder(self, path: Path | str) -> bool:
        """See ``Tree``."""
        return os.path.isdir(path)  # noqa: PTH112 - as above

    def is_file(self, path: Path | str) -> bool:
        """See ``Tree``."""
        return os.path.isfile(path)  # noqa: PTH113 - as above

    def target(self, link: Path) -> str:
        """See ``Tree``."""
        return os.readlink(link)  # noqa: PTH115 - the text, and no path made of it

    def entries(self, folder: Path | str) -> list[Entry]:
        """See ``Tree``."""
        with os.scandir(folder) as listing:
            return [Entry(one.name, one.is_symlink(), _is_folder(one)) for one in listing]

    def open(self, path: Path | str) -> OpenFile:
        """See ``Tree``."""
        return _DiskFile(path)

    def size(self, path: Path | str) -> int:
        """See ``Tree``."""
        try:
            if not self.is_folder(path):
                return os.stat(path).st_size  # noqa: PTH116 - as above
            with os.scandir(path) as listing:
                return sum(one.stat().st_size for one in listing if one.is_file())
        except OSError:
            return 0

    def absence(self, real: Path) -> str:
        """See ``Tree``."""
        return self._git.absence(real)

    def tracks(self, real: Path) -> bool:
        """See ``Tree``."""
        return self._git.tracks(real)

    def tracked(self, real: Path, names: tuple[str, ...]) -> list[Path]:
        """See ``Tree``."""
        return self._git.tracked(real, names)


class _DiskFile:
    __slots__ = ("_handle", "size")

    def __init__(self, path: Path | str) -> None:
        # A named pipe without a writer would hold the scan up for ever.
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        self._handle = os.open(path, flags)
        # Opened before it is examined, so that the file examined is the file read.
        status = os.fstat(self._handle)
        self.size = status.st_size
        if not stat.S_ISREG(status.st_mode):
            os.close(self._handle)
            raise IrregularFileError

    def read(self, count: int) -> bytes:
        raw = os.read(self._handle, count)
        while 0 < len(raw) < count and (more := os.read(self._handle, count - len(raw))):
            raw += more
        return raw

    def __enter__(self) -> _DiskFile:
        return self

    def __exit__(self, *error: object) -> None:
        os.close(self._handle)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself; it is reported when it is read
        return False


def walk(tree: Tree, top: Path | str) -> Iterator[tuple[str, list[Entry], list[Entry]]]:
    """Each folder below one, itself included, with the folders and the files that stand in it.

    Links are not followed, and what cannot be listed is left out. Folders that are taken out of the
    list are not walked.
    """
    pending = [str(top)]
    while pending:
        place = pending.pop()
        try:
            found = sorted(tree.entries(place))
        except OSError:
            continue
        folders = [entry for entry in found if entry.is_folder]
        yield place, folders, [entry for entry in found if not entry.is_folder]
        inner = [os.path.join(place, one.name) for one in folders if not one.is_link]  # noqa: PTH118 - a Path is slow
        pending += reversed(inner)


def leads_out(tree: Tree, path: Path, top: Path) -> bool:
    """Whether links lead a path out of a folder, or into what is git's own in it."""
    real, inside = Path(tree.real(path)), Path(tree.real(top))
    return not real.is_relative_to(inside) or ".git" in real.relative_to(inside).parts


def read_named(path: Path, most: int) -> bytes:
    """What is in a file that somebody names on the command line, which may be a pipe.

    In a work tree, and below the working folder, no link leads it out: others may have made it.

    Args:
        path: The file.
        most: The bytes that it may have.

    Raises:
        OSError: It cannot be read, has more, or a link leads it out.
    """
    working = Path.cwd()
    path = Path(os.path.normpath(working / path))
    top = work_tree(path.parent) or (working if path.is_relative_to(working) else None)
    if top is not None and leads_out(Disk(), path, top):
        raise OSError(errno.EACCES, "a link leads it out of its work tree")
    with path.open("rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, f"it has more than {most} bytes")
    return content
