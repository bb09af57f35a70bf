"""What git does not have: files that it ignores and does not track, told without starting git.

Read are git's own files of a work tree: ``.gitignore``, ``info/exclude`` and the index
(git-scm.com/docs: gitignore, gitrepository-layout, gitformat-index). What a user's own settings
ignore besides is outside the work tree and not read.
"""

from __future__ import annotations

import os
import re
import stat
import struct
from pathlib import Path
from typing import Final

from iac_ec2lint.source.patterns import PathPatterns

SUBMODULES: Final = ".gitmodules"

_RULES: Final = 5_000
"""Lines of ignore files of one run; beyond, everything below the next such file is ignored."""
_FILE_BYTES: Final = 1_000_000
_INDEX_BYTES: Final = 200_000_000
_STAT_BYTES: Final = 40
_HASH_BYTES: Final = (20, 32)
"""Sizes of an object's name: SHA-1, SHA-256."""
_EXTENDED: Final = 0x4000
_NAME_MASK: Final = 0x0FFF

_EVERYTHING: Final = PathPatterns(("*",))
_NOTHING: Final = PathPatterns(())


class VersionControl:
    """Which files are not in version control."""

    def __init__(self) -> None:
        self._tops: dict[Path, Path | None] = {}
        self._rules: dict[Path, PathPatterns] = {}
        self._left = _RULES
        self._indexes: dict[Path, bytes | None] = {}
        self._tracked: dict[Path, frozenset[bytes] | None] = {}

    def absence(self, place: Path) -> str:
        """Why a file is not in version control; empty where it is, and where no git is.

        Args:
            place: The file, links resolved.
        """
        top = self._top(place.parent)
        if top is None:
            return ""
        parts = place.relative_to(top).parts
        name = os.fsencode("/".join(parts))
        index = self._index(top)
        # Nearly every file is tracked, and that is soon found out.
        if (index is not None and _stands_in(index, name)) or not self._is_ignored(top, parts):
            return ""
        if index is None:
            return "git ignores it, and its index, which says what it tracks, cannot be read"
        tracked = self._paths(top, index)
        if tracked is None:
            return "git ignores it, and its index, which says what it tracks, is of no known form"
        return "" if name in tracked else "git ignores it"

    def tracks(self, folder: Path) -> bool:
        """Whether git tracks something in a folder, or what it tracks is not known.

        Args:
            folder: The folder, links resolved. Without a work tree, nothing is tracked.
        """
        top = self._top(folder.parent)
        if top is None:
            return False
        if not os.path.lexists(git_folder(top) / "index"):
            return False  # nothing was added yet
        index = self._index(top)
        tracked = None if index is None else self._paths(top, index)
        below = os.fsencode(folder.relative_to(top).as_posix() + "/")
        return tracked is None or any(path.startswith(below) for path in tracked)

    def tracked(self, folder: Path, names: tuple[str, ...]) -> list[Path]:
        """The tracked files of some names in the work tree that a folder stands in; see ``Tree``.

        Args:
            folder: The folder, links resolved.
            names: The names of files.
        """
        top = self._top(folder)
        index = None if top is None or top == folder else self._index(top)
        if top is None or index is None:
            return []
        paths = self._paths(top, index) or ()
        wanted = set(map(os.fsencode, names))
        return sorted(top / os.fsdecode(p) for p in paths if p.rpartition(b"/")[2] in wanted)

    def _index(self, top: Path) -> bytes | None:
        if top not in self._indexes:
            self._indexes[top] = _bytes_of(git_folder(top) / "index", _INDEX_BYTES)
        return self._indexes[top]

    def _paths(self, top: Path, index: bytes) -> frozenset[bytes] | None:
        if top not in self._tracked:
            self._tracked[top] = tracked_paths(index)
        return self._tracked[top]

    def _top(self, folder: Path) -> Path | None:
        if folder not in self._tops:
            if os.path.lexists(folder / ".git"):
                self._tops[folder] = folder
            else:
                above = folder.parent
                self._tops[folder] = None if above == folder else self._top(above)
        return self._tops[folder]

    def _is_ignored(self, top: Path, parts: tuple[str, ...]) -> bool:
        """Whether a path is ignored, by itself or through a folder above."""
        for depth in range(1, len(parts) + 1):
            folder = depth < len(parts)
            # The nearest file that says anything decides.
            for level in range(depth - 1, -1, -1):
                rules = self._ignored_by(top.joinpath(*parts[:level], ".gitignore"))
                taken = rules.decision("/".join(parts[level:depth]), folder=folder)
                if taken is not None:
                    break
            else:
                rules = self._ignored_by(_common_folder(git_folder(top)) / "info" / "exclude")
                taken = rules.decision("/".join(parts[:depth]), folder=folder)
            if taken:
                return True
        return False

    def _ignored_by(self, path: Path) -> PathPatterns:
        if path not in self._rules:
            self._rules[path] = self._read_rules(path)
        return self._rules[path]

    def _read_rules(self, path: Path) -> PathPatterns:
        if path.is_symlink() or not path.is_file():
            return _NOTHING  # git follows no link here
        raw = _bytes_of(path, _FILE_BYTES)
        lines = [] if raw is None else raw.removeprefix(b"\xef\xbb\xbf").split(b"\n")
        self._left -= len(lines)
        if raw is None or self._left < 0:
            return _EVERYTHING
        # Case is let go everywhere, since a file system may let go of it: what is ignored by
        # mistake is read all the same where it is tracked.
        texts = (os.fsdecode(line.removesuffix(b"\r")) for line in lines)
        return PathPatterns(texts, any_case=True)


def git_folder(top: Path) -> Path:
    """Where git keeps what it knows of a work tree: ``.git``, or what a file of that name says."""
    found = top / ".git"
    if not found.is_file():
        return found
    raw = _bytes_of(found, _FILE_BYTES) or b""
    return top / os.fsdecode(raw.removeprefix(b"gitdir:").strip())


def origin_of(top: Path) -> str:
    """The address of the remote ``origin`` of a work tree, as git's own configuration has it.

    Only what that file says itself: what it includes is not read. Empty where it says none.
    """
    raw = _bytes_of(_common_folder(git_folder(top)) / "config", _FILE_BYTES) or b""
    section = ""
    found = ""
    for line in raw.decode("utf-8", "replace").splitlines():
        text = line.strip()
        if text.startswith("["):
            section = "".join(text.split())
        name, mark, value = text.partition("=")
        if section == '[remote"origin"]' and mark and name.strip().lower() == "url":
            found = value.strip().strip('"')
    return found


def submodule_paths(text: str) -> tuple[str, ...]:
    """The paths that a ``.gitmodules`` gives to submodules, those alone that lead downwards."""
    found = (line.partition("=") for line in text.splitlines())
    paths = (value.strip().strip('"') for key, _, value in found if key.strip().lower() == "path")
    return tuple(path for path in paths if path and ".." not in path and not path.startswith("/"))


def commit_of(top: Path) -> str:
    """The commit that a work tree is at, where a file of its own says it; else empty."""
    folder = git_folder(top)
    raw = _bytes_of(folder / "HEAD", _FILE_BYTES) or b""
    text = raw.decode("ascii", "replace").strip()
    if branch := re.fullmatch(r"ref: (refs(?:/[\w-]+)+)", text):
        text = (
            (_bytes_of(folder / branch[1], _FILE_BYTES) or b"").decode("ascii", "replace").strip()
        )
    return text if re.fullmatch("[0-9a-f]{40,64}", text) else ""


def _common_folder(folder: Path) -> Path:
    """What all work trees of a repository share."""
    raw = _bytes_of(folder / "commondir", _FILE_BYTES)
    return folder if raw is None else folder / os.fsdecode(raw.strip())


def _stands_in(index: bytes, name: bytes) -> bool:
    """Whether an index (version 2 or 3) surely has a path; one that it has may not be found."""
    # Its length stands before it: up to 255 with a NUL, which no other name can hold.
    return len(name) <= 0xFF and len(name).to_bytes(2) + name + b"\0" in index


def tracked_paths(raw: bytes) -> frozenset[bytes] | None:
    """The paths in an index; ``None`` where its form is unknown, or where it is not the whole."""
    if len(raw) < 12 or not raw.startswith(b"DIRC"):
        return None
    version, count = struct.unpack(">LL", raw[4:12])
    if version not in {2, 3, 4} or count > len(raw):
        return None
    for size in _HASH_BYTES:
        try:
            return _entries(raw, version, count, size)
        except (ValueError, IndexError):
            continue
    return None


def _entries(raw: bytes, version: int, count: int, size: int) -> frozenset[bytes]:
    found: set[bytes] = set()
    previous = b""
    at = 12
    for _ in range(count):
        start = at
        at += _STAT_BYTES + size + 2
        flags = int.from_bytes(raw[at - 2 : at])
        if flags & _EXTENDED:
            at += 2
        if version == 4:
            cut, at = _offset(raw, at)
            end = raw.index(b"\0", at)
            if cut > len(previous):
                raise ValueError
            name = previous[: len(previous) - cut] + raw[at:end]
            at = end + 1
        else:
            end = raw.index(b"\0", at)
            name = raw[at:end]
            at = start + (end - start + 8) // 8 * 8
            if raw[end:at].strip(b"\0"):
                raise ValueError
        if min(len(name), _NAME_MASK) != flags & _NAME_MASK:
            raise ValueError
        found.add(name)
        previous = name
    end = len(raw) - size
    while at < end:
        kind, length = struct.unpack(">4sL", raw[at : at + 8]) if at + 8 <= end else (b"", 0)
        # Those in small letters must be understood; "link" says that the rest is elsewhere.
        if not kind[:1].isupper() and kind != b"sdir":
            raise ValueError
        at += 8 + length
    if at != end:
        raise ValueError
    return frozenset(found)


def _offset(raw: bytes, at: int) -> tuple[int, int]:
    """A number of variable length, and where it ends (gitformat-pack, "offset encoding")."""
    byte = raw[at]
    number = byte & 0x7F
    while byte & 0x80:
        at += 1
        byte = raw[at]
        number = ((number + 1) << 7) | (byte & 0x7F)
    return number, at + 1


def _bytes_of(path: Path, limit: int) -> bytes | None:
    """What is in a file; ``None`` where it is none, cannot be read or is larger than the limit."""
    try:
        if not stat.S_ISREG(path.stat().st_mode) or path.stat().st_size > limit:
            return None
        return path.read_bytes()
    except OSError:
        return None
