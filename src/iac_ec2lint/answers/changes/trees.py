"""The trees that are compared: what git keeps of a revision, and the work tree as it is."""

from __future__ import annotations

import errno
import hashlib
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from iac_ec2lint.answers.changes.objects import LARGEST, TreeEntry
from iac_ec2lint.source.discovery import SKIPPED_FOLDERS
from iac_ec2lint.source.tree import Entry, IrregularFileError, OpenFile, Tree, walk
from iac_ec2lint.source.version_control import commit_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iac_ec2lint.answers.changes.objects import GitObjects

_FILLED = ".terraform"
_MODULES = "modules"
_HOPS = 40
"""Links that a path goes through, as Linux allows them."""


class GitTree:
    """The files of a revision, at the paths that a work tree has them at.

    The disk is looked at below ``.terraform/modules``, where ``terraform init`` has put what a
    manifest says, and in submodules, which have repositories of their own. All else is git's: links
    are followed in it alone, and there is nothing outside of it.

    Args:
        top: The top folder of the work tree.
        objects: The repository's.
        files: All files of the revision, by path.
        disk: The disk.

    Raises:
        MissingObject: One of them is not here.
    """

    def __init__(
        self, top: Path, objects: GitObjects, files: Mapping[str, TreeEntry], disk: Tree
    ) -> None:
        self.disk = disk
        self._top = self.disk.real(top)
        self._objects = objects
        self._files = files
        blobs = (entry.oid for entry in files.values() if not entry.is_submodule)
        self._sizes = objects.sizes(blobs)
        self._folders: dict[str, set[str]] = {"": set()}
        for path in files:
            below = path
            while below:
                folder, _, name = below.rpartition("/")
                inner = self._folders.setdefault(folder, set())
                if name in inner:
                    break
                inner.add(name)
                below = folder

    def real(self, path: Path | str) -> str:
        """See ``Tree``."""
        text = os.fspath(path)
        place = self._below(text)
        if place is None:
            text = os.path.normpath(text)
            place = self._below(text)
        if place is None or place in self._folders:
            return text
        found = self._files.get(place)
        if found is not None and not found.is_link and not found.is_submodule:
            return text
        return self._followed(place)

    def is_link(self, path: Path | str) -> bool:
        """See ``Tree``."""
        place = self._below(os.fspath(path))
        if place is None or (place not in self._files and place not in self._folders):
            folder, name = os.path.split(path)
            place = self._below(f"{self.real(folder)}/{name}")
        if place is None:
            return False
        found = self._files.get(place)
        if found is None:
            return self._is_elsewhere(place) and self.disk.is_link(self._path(place))
        return found.is_link

    def is_folder(self, path: Path | str) -> bool:
        """See ``Tree``."""
        place = self._below(self.real(path))
        if place is None:
            return False
        if self._is_elsewhere(place):
            return self.disk.is_folder(self._path(place))
        return place in self._folders

    def is_file(self, path: Path | str) -> bool:
        """See ``Tree``."""
        place = self._below(self.real(path))
        if place is None:
            return False
        if self._is_elsewhere(place):
            return self.disk.is_file(self._path(place))
        return place in self._files and not self._files[place].is_link

    def target(self, link: Path) -> str:
        """See ``Tree``."""
        found = self._files.get(self._below(str(link)) or "")
        if found is None or not found.is_link:
            return self.disk.target(link)
        return os.fsdecode(self._objects.blob(found.oid))

    def entries(self, folder: Path | str) -> list[Entry]:
        """See ``Tree``."""
        place = self._below(self.real(folder))
        if place is not None and self._is_elsewhere(place):
            return self.disk.entries(self._path(place))
        if place is None or place not in self._folders:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        above = f"{place}/" if place else ""
        return [self._entry(f"{above}{name}", name) for name in self._folders[place]]

    def open(self, path: Path | str) -> OpenFile:
        """See ``Tree``."""
        place = self._below(self.real(path))
        if place is not None and self._is_elsewhere(place):
            return self.disk.open(self._path(place))
        if place in self._folders:
            raise IrregularFileError
        if place is None or place not in self._files:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        entry = self._files[place]
        if entry.is_link:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        return _GitFile(self._objects, entry.oid, self._sizes[entry.oid])

    def size(self, path: Path | str) -> int:
        """See ``Tree``."""
        place = self._below(self.real(path))
        if place is None:
            return 0
        if self._is_elsewhere(place):
            return self.disk.size(self._path(place))
        inner = (f"{place}/{name}" if place else name for name in self._folders.get(place, ()))
        found = [self._files[one] for one in (place, *inner) if one in self._files]
        return sum(self._sizes.get(entry.oid, 0) for entry in found)

    def absence(self, real: Path) -> str:
        """See ``Tree``."""
        place = self._below(str(real))
        elsewhere = place is not None and self._is_elsewhere(place)
        return self.disk.absence(real) if elsewhere else ""

    def tracks(self, real: Path) -> bool:
        """See ``Tree``."""
        place = self._below(str(real))
        elsewhere = place is not None and self._is_elsewhere(place)
        return self.disk.tracks(real) if elsewhere else place in self._folders

    def tracked(self, real: Path, names: tuple[str, ...]) -> list[Path]:
        """See ``Tree``; of the revision itself all is searched."""
        place = self._below(str(real))
        elsewhere = place is not None and self._is_elsewhere(place)
        return self.disk.tracked(real, names) if elsewhere else []

    def _entry(self, place: str, name: str) -> Entry:
        found = self._files.get(place)
        if found is None:
            return Entry(name, is_link=False, is_folder=True)
        may_be = found.is_link or found.is_submodule
        return Entry(name, found.is_link, may_be and self.is_folder(self._path(place)))

    def _path(self, place: str) -> str:
        return f"{self._top}/{place}" if place else self._top

    def _below(self, path: str) -> str | None:
        """A path as seen from the top; ``None`` outside of it."""
        path = path.replace(os.sep, "/")
        if path == self._top:
            return ""
        return path[len(self._top) + 1 :] if path.startswith(f"{self._top}/") else None

    def _followed(self, place: str) -> str:
        """Where a path leads once its links are followed; a circle of them is left as it is."""
        at, left = "", place.split("/")[::-1]
        for _ in range(_HOPS):
            while left:
                name = left.pop()
                if name == ".." and not at:
                    target = os.path.normpath("/".join([self._top, "..", *left[::-1]]))
                    back = self._below(target)
                    if back is None:
                        return target
                    left = back.split("/")[::-1]
                elif name == "..":
                    at = at.rpartition("/")[0]
                elif name not in {"", "."}:
                    at = f"{at}/{name}" if at else name
                    found = self._files.get(at)
                    if found is not None and found.is_link:
                        break
            else:
                if not self._is_elsewhere(at):
                    return self._path(at)
                found = None
            if found is None:
                target = self.disk.real(self._path(at))
                if target == self._path(at):
                    return target
            else:
                target = os.fsdecode(self._objects.blob(found.oid))
                at = at.rpartition("/")[0]
            if target.startswith("/"):
                inner = self._below(os.path.normpath(target))
                if inner is None:
                    return os.path.normpath("/".join([target, *left[::-1]]))
                at, target = "", inner
            left += target.split("/")[::-1]
        return self._path(place)

    def _is_elsewhere(self, place: str) -> bool:
        """Whether what is there is the disk's."""
        if place in self._folders:
            return False
        above = ""
        for name in place.split("/"):
            below = f"{above}/{name}" if above else name
            found = self._files.get(below)
            if found is not None:
                return found.is_submodule
            filled = name == _MODULES and f"/{above}".endswith(f"/{_FILLED}")
            if filled and below not in self._folders:
                return True
            above = below
        return False


class _GitFile:
    __slots__ = ("_at", "_objects", "_oid", "size")

    def __init__(self, objects: GitObjects, oid: str, size: int) -> None:
        self._objects = objects
        self._oid = oid
        self._at = 0
        self.size = size

    def read(self, count: int) -> bytes:
        content = self._objects.blob(self._oid)
        part = content[self._at : self._at + count]
        self._at += len(part)
        return part

    def __enter__(self) -> _GitFile:
        return self

    def __exit__(self, *error: object) -> None:
        """Nothing is open."""


def work_tree_files(top: Path, base: Mapping[str, TreeEntry], disk: Tree) -> dict[str, TreeEntry]:
    """The files of a work tree as git would name their content.

    Args:
        top: Its top folder.
        base: The files of a revision, which are looked at wherever they are.
        disk: The disk.

    Returns:
        Them, by path. Of what tools fill only those that are in the revision too. Submodules are as
        the revision has them.
    """
    length = max((len(entry.oid) for entry in base.values()), default=40)
    submodules = {path: entry for path, entry in base.items() if entry.is_submodule}
    paths = base.keys() - submodules.keys()
    for folder, folders, files in walk(disk, top):
        inside = os.path.relpath(folder, top).replace(os.sep, "/")
        above = "" if inside == "." else f"{inside}/"
        passed = SKIPPED_FOLDERS | {".git"}
        folders[:] = [
            one for one in folders if one.name not in passed and above + one.name not in submodules
        ]
        paths.update(above + one.name for one in files)
        paths.update(above + one.name for one in folders if one.is_link)
    found = {path: entry for path, entry in submodules.items() if disk.is_folder(top / path)}
    for path in paths:
        place = top / path
        if disk.real(place.parent) != str(place.parent):
            continue  # git follows no link
        is_link = disk.is_link(place)
        try:
            if is_link:
                content = os.fsencode(disk.target(place))
            else:
                with disk.open(place) as file:
                    if file.size > LARGEST:  # nobody reads it: its being there is enough
                        found[path] = TreeEntry(path, "", is_link=False)
                        continue
                    content = file.read(LARGEST)
        except OSError:  # a folder, or what may not be read: it is not the same
            continue
        hashed = hashlib.new("sha1" if length == 40 else "sha256", usedforsecurity=False)
        hashed.update(b"blob %d\0" % len(content))
        hashed.update(content)
        found[path] = TreeEntry(path, hashed.hexdigest(), is_link)
    return found


def uncompared_submodules(
    top: Path, before: Mapping[str, TreeEntry], after: Mapping[str, TreeEntry], disk: Tree
) -> Iterator[str]:
    """What a reader must know of submodules, which are read as the work tree has them.

    Args:
        top: The top folder of the work tree.
        before: The files of the earlier tree, by path.
        after: Those of the later one.
        disk: The disk.
    """
    every = {**before, **after}
    for path in sorted(path for path, entry in every.items() if entry.is_submodule):
        if before.get(path) != after.get(path):
            yield f"the submodule {path} changes, or is new: what is in it is not compared"
        else:
            there: list[Entry] = []
            with suppress(OSError):
                there = disk.entries(top / path)
            if there and commit_of(top / path) != every[path].oid:
                yield f"the submodule {path} is read as it lies in the work tree, at another commit"
