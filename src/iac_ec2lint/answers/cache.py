"""Answers that are kept on the disk, and given again while nothing that they rest on has changed.

A record names its question (the options, where the program stands and runs), the program, and all
that was asked of the files: what they hold, what stands in folders, what was looked for and not
found. It is used where each of these is the same. It is JSON, so that nothing in it can be run, and
lies in the user's own cache folder, never in what is scanned.
"""

from __future__ import annotations

import json
import os
import sys
import time
import zlib
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import iac_ec2lint
from iac_ec2lint.engine.registry import builtin_folder, metadata_folders
from iac_ec2lint.source.observed import ask_again

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iac_ec2lint.source.observed import Observed
    from iac_ec2lint.source.tree import Tree

FOLDER_VARIABLE: Final = "IAC_EC2LINT_CACHE_DIR"
"""The environment variable that names another folder than the user's; where it is empty, none."""
MOST_BYTES: Final = 200_000_000
"""What all records may take; beyond, those that were not used for the longest time leave."""
MOST_TEXT: Final = 20_000_000
"""Characters of an answer that is kept."""

_FORM: Final = 1
_MOST_RECORD: Final = 10 * MOST_TEXT
"""Bytes of a record: what packs more is none of ours."""
_RECORD: Final = ".answer"
_UNFINISHED: Final = ".part"
_LOST: Final = 3600.0
"""Seconds after which a record that is not finished belongs to a run that was ended."""
_OTHERS_MAY_WRITE: Final = 0o022


class Answer(NamedTuple):
    """What a command said.

    Attributes:
        status: Its exit status.
        said: Its texts in their order, each with where it went: ``out``, ``err``, or a file's path.
        seconds: How long it took.
    """

    status: int
    said: tuple[tuple[str, str], ...]
    seconds: float


class Cleared(NamedTuple):
    """What was in a cache: how many records, and their bytes."""

    records: int
    size: int


def cache_folder() -> Path | None:
    """The folder of the cache: what the variable names, else that of the user for this program."""
    named = os.environ.get(FOLDER_VARIABLE)
    if named is not None:
        return Path(named).absolute() if named else None
    from platformdirs import user_cache_path  # only where there may be a record

    return user_cache_path("iac-ec2lint", appauthor=False)


def key_of(question: object) -> str:
    """The name of the record of a question, which is the same for an equal one."""
    return blake2b(repr(question).encode("utf-8", "surrogateescape"), digest_size=20).hexdigest()


def program() -> str:
    """What changes with the program: its files, what is installed beside it, the interpreter."""
    known = blake2b(sys.version.encode(), digest_size=20)
    for top in {Path(iac_ec2lint.__file__).parent, builtin_folder()}:
        for line in sorted(_files_below(str(top))):
            known.update(line.encode("utf-8", "surrogateescape"))
    for folder in sorted(map(str, metadata_folders() or ())):  # their names have versions
        known.update(folder.encode("utf-8", "surrogateescape"))
    return known.hexdigest()


def _files_below(top: str) -> Iterator[str]:
    """Each file of the program below a folder, with what changes when it is written."""
    pending = [top]
    while pending:
        with os.scandir(pending.pop()) as listing:
            for one in listing:
                if one.is_dir():
                    pending.append(one.path)
                elif not one.name.endswith(".pyc"):
                    found = one.stat()
                    yield f"{one.path} {found.st_mtime_ns} {found.st_size}\n"


class Cache:
    """The records in a folder.

    Args:
        folder: Where they lie; made where it is not there.
        most: The bytes that they may take together.
    """

    def __init__(self, folder: Path, most: int = MOST_BYTES) -> None:
        self._folder = folder
        self._most = most

    def is_inside(self, tops: Iterable[Path]) -> bool:
        """Whether it lies in what is scanned, where anybody may have written it."""
        real = Path(os.path.realpath(self._folder))
        return any(real.is_relative_to(os.path.realpath(top)) for top in tops)

    def get(self, key: str, tree: Tree) -> Answer | None:
        """The answer to a question; ``None`` where there is none, or it may be another one now.

        Args:
            key: See ``key_of``.
            tree: What has the files now.
        """
        place = self._folder / f"{key}{_RECORD}"
        try:
            if not self._is_ours():
                return None
            unpack = zlib.decompressobj()
            record = json.loads(unpack.decompress(place.read_bytes(), _MOST_RECORD))
            if record["form"] != _FORM or record["program"] != program():
                return None
            asked = [(kind, path, more) for kind, path, more in record["asked"]]
            if _digest_of(ask_again(tree, asked)) != record["answers"]:
                return None
            said = tuple((str(where), str(text)) for where, text in record["said"])
            answer = Answer(int(record["status"]), said, float(record["seconds"]))
        except (OSError, ValueError, KeyError, TypeError, zlib.error):
            return None  # there is none, or it is none of this program's
        with suppress(OSError):
            os.utime(place)
        return answer

    def put(self, key: str, observed: Observed, answer: Answer) -> None:
        """Keep an answer; where that cannot be done, nothing is kept and nothing said.

        Args:
            key: See ``key_of``.
            observed: What was asked of the files for it.
            answer: It.
        """
        if not observed.is_steady or sum(len(text) for _, text in answer.said) > MOST_TEXT:
            return
        # Files are opened once: what reads them says their size too.
        asked = sorted(observed.answers, key=lambda question: (question[0] != "read", question))
        record = {
            "form": _FORM,
            "program": program(),
            "asked": asked,
            "answers": _digest_of(observed.answers[question] for question in asked),
            **answer._asdict(),
        }
        part = self._folder / f"{key}.{os.urandom(8).hex()}{_UNFINISHED}"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not self._is_ours():
                return
            raw = zlib.compress(json.dumps(record).encode("ascii"), 1)
            with open(part, "xb", opener=_for_owner) as file:
                file.write(raw)
            part.replace(self._folder / f"{key}{_RECORD}")
            self._make_room()
        except (OSError, ValueError):
            with suppress(OSError):
                part.unlink(missing_ok=True)

    def clear(self) -> Cleared:
        """Remove all records.

        Raises:
            OSError: One cannot be removed.
        """
        found = list(self._records())
        for _, _, path in found:
            path.unlink(missing_ok=True)
        return Cleared(len(found), sum(size for _, size, _ in found))

    def _is_ours(self) -> bool:
        """Whether nobody else may write into the folder.

        Raises:
            OSError: It is not there.
        """
        if not hasattr(os, "geteuid"):
            return True
        found = self._folder.stat()
        return found.st_uid == os.geteuid() and not found.st_mode & _OTHERS_MAY_WRITE

    def _records(self) -> Iterator[tuple[float, int, Path]]:
        """When each record was last used, its bytes, and where it is."""
        with suppress(OSError), os.scandir(self._folder) as listing:
            for one in listing:
                if one.name.endswith((_RECORD, _UNFINISHED)):
                    with suppress(OSError):  # another run may have removed it
                        found = one.stat(follow_symlinks=False)
                        yield found.st_mtime, found.st_size, Path(one.path)

    def _make_room(self) -> None:
        now = time.time()
        left = 0
        for used, size, path in sorted(self._records(), reverse=True):
            lost = path.suffix == _UNFINISHED and now - used > _LOST
            left += size
            if lost or left > self._most:
                left -= size
                path.unlink(missing_ok=True)


def _for_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _digest_of(answers: Iterable[bytes]) -> str:
    whole = blake2b(digest_size=20)
    for one in answers:
        whole.update(one)
        whole.update(b"\0")
    return whole.hexdigest()
