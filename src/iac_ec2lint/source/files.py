"""Reading files inside the boundary: each once, decoded, bounded in size."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar, cast

from iac_ec2lint.source import limits
from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.source.marks import json_keys
from iac_ec2lint.source.span import SourceText
from iac_ec2lint.source.tree import Disk, IrregularFileError, Tree
from iac_ec2lint.source.version_control import SUBMODULES, git_folder, submodule_paths

T = TypeVar("T")

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)

_NAME_BYTES = 255
_PATH_BYTES = 4_000
"""What Linux and macOS allow for one name, and a little less than they do for a path."""


class Files:
    """The files that a scan may read.

    Args:
        boundary: The folder outside which nothing is read, links resolved first.
        working: The folder to which the paths in messages are relative.
        others: More such folders, where paths in several work trees are scanned.
        read_ignored: Whether functions read what git ignores and does not track.
        tree: Where the files are; the disk where it is not given.

    Attributes:
        tree: Where the files are.
        parsed: What texts were parsed to, by their kind, name and content: of each once, also in
            another tree that has many of the same.
    """

    def __init__(
        self,
        boundary: Path,
        working: Path,
        others: Iterable[Path] = (),
        *,
        read_ignored: bool = False,
        tree: Tree | None = None,
    ) -> None:
        self.tree = tree or Disk()
        self.boundary = Path(self.tree.real(boundary))
        tops = {self.boundary, *(Path(self.tree.real(other)) for other in others)}
        self._tops = sorted(str(top) for top in tops if tops.isdisjoint(top.parents))
        # Where ``.git`` is a file or a link, git's own folder may be anywhere in the work tree.
        self._gits = [Disk().real(git_folder(Path(top))) for top in self._tops]
        self.working = Path(self.tree.real(working))
        self._given: dict[str, bytes] = {}
        self._raw: dict[str, bytes] = {}
        self._read: dict[str, SourceText | Diagnostic] = {}
        self._keys: dict[str, frozenset[str] | None] = {}
        self._names: dict[str, tuple[str, ...]] = {}
        self._folders: dict[str, str] = {}
        self._reals: dict[Path | str, str] = {}
        self._shown: dict[Path | str, str] = {}
        self._submodules: dict[Path, tuple[Path, ...]] = {}
        self.parsed: dict[tuple[str, str, str], object] = {}
        self._read_ignored = read_ignored

    def give(self, path: Path, raw: bytes) -> None:
        """Set the content of a file, whatever is on the disk (for standard input)."""
        self._given[os.path.normpath(path)] = raw

    def display(self, path: Path | str) -> str:
        """How messages name a path: relative to the working directory, with ``/``."""
        shown = self._shown.get(path)
        if shown is None:
            shown = os.path.relpath(path, self.working).replace(os.sep, "/")
            self._shown[path] = shown
        return shown

    @property
    def working_inside(self) -> str:
        """The working directory as seen from the boundary, with ``/``."""
        folder = os.path.relpath(self.working, self.boundary)
        return folder.replace(os.sep, "/")

    def boundary_of(self, place: Path | str) -> Path:
        """The boundary that a path is in once its links are resolved; the first where in none."""
        top = self._top(self._real(place))
        return self.boundary if top is None else Path(top)

    def inside(self, path: Path | str, user: Path | str | None = None) -> bool:
        """Whether a path is inside the boundary once its links are resolved, and not git's own.

        Args:
            path: The path.
            user: What refers to it: with several boundaries, only that of this one counts.
        """
        real = self._real(path)
        top = self._top(real, user)
        return top is not None and not self._is_gits(real, top)

    def refusal(self, path: Path | str, user: Path | str | None = None) -> str:
        """Why a path may not be read, as the words after "it"; empty where it is ``inside``."""
        real = self._real(path)
        top = self._top(real, user)
        if top is None:
            tops = self._tops if user is None else [str(self.boundary_of(user))]
            said = f"lies outside the boundary {' and '.join(map(self.display, tops))}"
        elif self._is_gits(real, top):
            said = "lies in .git, which is git's own"
        else:
            return ""
        link = self._link_away(path)
        return said if link is None else f"{said}, where the link {self.display(link)} leads"

    def led_away(self, path: Path | str) -> bool:
        """Whether it is by a link inside the boundary that a path is not ``inside``."""
        return not self.inside(path) and self._link_away(path) is not None

    def absence(self, path: Path | str) -> str:
        """Why a file is not in version control, which functions do not read then; else empty."""
        return "" if self._read_ignored else self.tree.absence(Path(self._real(path)))

    def _disguise(self, path: Path) -> str:
        """Why a link may not be followed that gives a file the name of another kind.

        Variable files and modules are read though git ignores them; what is scanned must not have
        anything else that it ignores read as one of them.
        """
        if not self.tree.is_link(path):
            return ""
        target = Path(self._real(path))
        if _kind(target.name) == _kind(path.name) or not (absence := self.absence(target)):
            return ""
        if self.tree.absence(Path(self._real(path.parent)) / path.name):
            return ""  # nor is the link: whoever runs the scan has made it
        return f"is a link to what is not in version control: {absence} (--read-ignored reads it)"

    def tracks(self, folder: Path) -> bool:
        """Whether git tracks something in a folder, or what it tracks is not known."""
        return self.tree.tracks(Path(self._real(folder)))

    def is_left_out(self, folder: Path) -> bool:
        """Whether git ignores a folder and tracks nothing in it."""
        inside = Path(self._real(folder)) / "any"  # what is ignored as a folder is so only inside
        return bool(self.tree.absence(inside)) and not self.tracks(folder)

    def missing_submodule(self, folder: Path) -> str:
        """The git submodule that a folder is, or lies in, and that is not checked out; else empty.

        What ``.gitmodules`` says counts (git-scm.com/docs/gitmodules): git leaves an empty folder
        there until ``git submodule update --init``.
        """
        if self.names(folder):
            return ""
        for above in folder.parents:
            if above not in self._submodules:
                self._submodules[above] = self._submodules_in(above)
            for place in self._submodules[above]:
                if folder.is_relative_to(place) and not self._holds_something(place):
                    return self.display(place)
        return ""

    def _submodules_in(self, folder: Path) -> tuple[Path, ...]:
        if not self.is_file(folder / SUBMODULES):
            return ()
        source = self.read(folder / SUBMODULES)
        if isinstance(source, Diagnostic):
            return ()
        return tuple(folder / path for path in submodule_paths(source.text))

    def _holds_something(self, folder: Path) -> bool:
        try:
            return self.inside(folder) and any(True for _ in self.tree.entries(folder))
        except OSError:
            return False

    def _is_gits(self, real: str, top: str) -> bool:
        """Whether a path below a boundary is a ``.git``, below one, or in what one leads to."""
        below = real[len(top.rstrip(os.sep)) :].replace(os.sep, "/").casefold()
        # However it is spelled: file systems may take no notice of case.
        if "/.git" in below and ".git" in below.split("/"):
            return True
        return any(git != top and _is_below(real, git) for git in self._gits)

    def _link_away(self, path: Path | str) -> Path | None:
        written = Path(os.path.normpath(path))
        held = False
        for above in (*reversed(written.parents), written):
            inside = self.inside(above)
            if held and not inside:
                return above if self.tree.is_link(above) else None
            held = inside
        return None

    def _real(self, path: Path | str) -> str:
        known = self._reals.get(path)
        if known is not None:
            return known
        folder, name = os.path.split(os.path.normpath(path))
        real = self._folders.get(folder)
        if real is None:
            real = self._folders[folder] = self.tree.real(folder)
        # Many files share a folder, so only the last part of each path is resolved.
        real = f"{real.rstrip(os.sep)}{os.sep}{name}" if name else real
        found = self._reals[path] = self.tree.real(real) if self.tree.is_link(real) else real
        return found

    def _top(self, real: str, user: Path | str | None = None) -> str | None:
        if user is not None and len(self._tops) > 1:
            top = self._top(self._real(user))
            return top if top is not None and _is_below(real, top) else None
        return next((top for top in self._tops if _is_below(real, top)), None)

    def is_folder(self, path: Path | str) -> bool:
        """Whether a path is an existing folder inside the boundary."""
        return self.inside(path) and self.tree.is_folder(path)

    def is_file(self, path: Path | str, user: Path | str | None = None) -> bool:
        """Whether a path is an existing file inside the boundary; see ``inside``."""
        return self.inside(path, user) and self.tree.is_file(path)

    def names(self, folder: Path | str) -> tuple[str, ...]:
        """The names of the files (not folders) in a folder, sorted; empty where there is none."""
        key = str(folder)
        if key not in self._names:
            found: list[str] = []
            if self.inside(folder):
                try:
                    found = [one.name for one in self.tree.entries(folder) if not one.is_folder]
                except OSError:
                    found = []
            given = {path.name for path in map(Path, self._given) if str(path.parent) == key}
            self._names[key] = tuple(sorted(given.union(found)))
        return self._names[key]

    def read(self, path: Path | str, limit: int = limits.FILE_BYTES) -> SourceText | Diagnostic:
        """The text of a file, or a diagnostic that says why it cannot be read.

        Args:
            path: The file.
            limit: The size in bytes over which it is not read.
        """
        key = os.path.normpath(path)
        if key not in self._read:
            self._read[key] = self._load(Path(key), limit)
        return self._read[key]

    def parse_once(self, kind: str, source: SourceText, parse: Callable[[], T]) -> T:
        """What a text is parsed to, which is not changed later."""
        key = kind, source.path, source.text
        if key not in self.parsed:
            self.parsed[key] = parse()
        return cast("T", self.parsed[key])

    def json_keys(self, path: Path | str, raw: bytes) -> frozenset[str] | None:
        """The keys of an object of JSON: see ``marks.json_keys``. Each file is parsed once.

        Args:
            path: The file.
            raw: Its bytes.
        """
        key = os.path.normpath(path)
        if key not in self._keys:
            self._keys[key] = json_keys(raw)
        return self._keys[key]

    def _load(self, path: Path, limit: int) -> SourceText | Diagnostic:
        name = self.display(path)
        raw = self.read_bytes(path, limit)
        if isinstance(raw, Diagnostic):
            return raw
        text = decode(raw)
        return SourceText(name, text) if text is not None else no_text(name, raw)

    def read_head(self, path: Path | str, size: int) -> bytes:
        """The first ``size`` bytes of a file; empty where it cannot be read."""
        key = os.path.normpath(path)
        if (known := self._known(key)) is not None:
            return known[:size]
        if not self.inside(path):
            return b""
        try:
            with self.tree.open(path) as file:
                if file.size > limits.FILE_BYTES or self._disguise(Path(path)):
                    return file.read(size)
                raw = self._raw[key] = file.read(limits.FILE_BYTES)
                return raw[:size]
        except OSError:
            return b""

    def _known(self, key: str) -> bytes | None:
        given = self._given.get(key)
        return self._raw.get(key) if given is None else given

    def read_bytes(self, path: Path | str, limit: int = limits.FILE_BYTES) -> bytes | Diagnostic:
        """The bytes of a file, or a diagnostic that says why it cannot be read.

        Args:
            path: The file; it is opened once, unless it is large.
            limit: The size in bytes over which it is not read.
        """
        name, key = self.display(path), os.path.normpath(path)
        if (known := self._known(key)) is not None:
            return known
        if refusal := self.refusal(path) or self._disguise(Path(path)):
            return Diagnostic.of_file(name, f"it {refusal}")
        try:
            with self.tree.open(path) as file:
                if file.size > limit:
                    words = f"it has {file.size} bytes; at most {limit} are read"
                    return Diagnostic.of_file(name, words)
                raw = file.read(limit + 1)
        except IrregularFileError:
            return Diagnostic.of_file(name, "it is not a regular file")
        except OSError as error:
            return Diagnostic.of_file(name, f"it cannot be read: {error.strerror or error}")
        if len(raw) <= limits.FILE_BYTES:
            self._raw[key] = raw
        return raw


def _is_below(real: str, top: str) -> bool:
    return real == top or real.startswith(top.rstrip(os.sep) + os.sep)


def _kind(name: str) -> str:
    """The suffix that says what a file is to Terraform or CloudFormation."""
    *_, inner, suffix = ("", "", *Path(name).suffixes)
    return inner + suffix if inner in {".tf", ".tofu", ".tfvars"} else suffix


def place_named(folder: Path, text: str) -> Path | None:
    """The place that a path names, seen from a folder; ``None`` where no file can have its name.

    Such a name has a NUL or half of a surrogate pair in it, or is longer than file systems allow.
    """
    place = os.path.normpath(folder / text)
    try:
        raw = os.fsencode(place)
    except UnicodeEncodeError:
        return None
    if b"\0" in raw or len(raw) > _PATH_BYTES:
        return None
    return None if any(len(part) > _NAME_BYTES for part in raw.split(b"/")) else Path(place)


def decode(raw: bytes) -> str | None:
    """The text of UTF-8 with or without a byte order mark, or UTF-16 with one; else ``None``."""
    mark, encoding = _encoding(raw)
    try:
        return raw[len(mark) :].decode(encoding)
    except UnicodeDecodeError:
        return None


def no_text(name: str, raw: bytes) -> Diagnostic:
    """The diagnostic of a file that ``decode`` cannot read, at its first byte that is no text."""
    mark, encoding = _encoding(raw)
    before = ""
    try:
        raw[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        before = raw[len(mark) :][: error.start].decode(encoding)
    line, column = SourceText(name, before).position(len(before))
    message = "it is neither UTF-8 nor UTF-16 with a byte order mark"
    return Diagnostic(name, line, column, message, unread=True)


def _encoding(raw: bytes) -> tuple[bytes, str]:
    return next((bom for bom in _BOMS if raw.startswith(bom[0])), (b"", "utf-8"))
