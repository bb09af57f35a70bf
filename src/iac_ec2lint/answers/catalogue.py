"""The index of the built-in checks: a scan loads those alone of which something is declared.

It lies beside the checks, in the package, and ``scripts/write_docs.py`` writes it. It is believed
while each file of checks is the one that it describes, so that a check that is being changed is
loaded from its file.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

from iac_ec2lint.engine.check import Check
from iac_ec2lint.engine.finding import Severity
from iac_ec2lint.engine.parameter import ParameterInfo
from iac_ec2lint.engine.registry import LoadedCheck, described, module_name, run

if TYPE_CHECKING:
    from collections.abc import Iterable

INDEX = "index.json"
_STATED = ("code", "name", "documentation", "default", "accepted_with_rules", "since")
"""What the index has of a check just as ``CheckInfo`` has it."""


def index(folder: Path, loaded: Iterable[LoadedCheck]) -> str:
    """The text of the index: a line a check.

    Args:
        folder: The folder of the built-in checks.
        loaded: These, loaded from their files.
    """
    from iac_ec2lint.resources.registry import classes  # heavy, and only where it is written

    marks = dict(_files(folder))
    lines = []
    for one in loaded:
        info, types = one.info, one.check.types
        file = Path(info.path).relative_to(folder).as_posix()
        judged = [name for name, kind in classes().items() if types and issubclass(kind, types)]
        row = {
            "file": file,
            "mark": marks[file],
            "class": type(one.check).__name__,
            "judges": None if one.check.of_units else sorted(judged) or None,
            **{name: getattr(info, name) for name in _STATED},
            "severity": info.severity,
            "supersedes": info.supersedes,
            "asks": info.asks,
            "types": info.types,
            "supplied_by": info.supplied_by,
            "parameters": [
                {name: getattr(each, name) for name in ParameterInfo.__slots__}
                for each in info.parameters
            ],
            "compliance": dict(info.compliance),
            "peers": dict(info.peers),
        }
        lines.append(json.dumps(row))
    return "[\n" + ",\n".join(lines) + "\n]\n"


def indexed(folder: Path) -> tuple[LoadedCheck, ...]:
    """The checks of the index, none of them loaded; none where it is not of the files there.

    Args:
        folder: The folder of the built-in checks.
    """
    try:
        marks, checks = _read(folder, (folder / INDEX).read_bytes())
    except (OSError, ValueError):
        return ()
    return checks if marks == dict(_files(folder)) else ()


@lru_cache(maxsize=1)  # scan after scan of one process, as of an editor's or a test's, asks for it
def _read(folder: Path, text: bytes) -> tuple[dict[str, int], tuple[LoadedCheck, ...]]:
    """The marks of the files that an index describes, and their checks."""
    rows = json.loads(text)
    return {row["file"]: row["mark"] for row in rows}, tuple(_entry(folder, row) for row in rows)


def _entry(folder: Path, row: dict[str, Any]) -> LoadedCheck:
    file = folder / row["file"]
    info = described(
        file,
        **{name: row[name] for name in _STATED},
        severity=Severity(row["severity"]),
        supersedes=tuple(row["supersedes"]),
        asks=tuple(row["asks"]),
        types=_lists(row["types"]),
        supplied_by=_lists(row["supplied_by"]),
        parameters=tuple(ParameterInfo(**each) for each in row["parameters"]),
        compliance=_lists(row["compliance"]),
        peers=_lists(row["peers"]),
    )
    judges = None if row["judges"] is None else frozenset(row["judges"])
    return LoadedCheck(partial(_load, folder, file, row["class"]), info, judges)


def _lists(found: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(words) for name, words in found.items()}


def _load(folder: Path, file: Path, name: str) -> Check:
    made = getattr(run(file, module_name(folder, file)), name)()
    if not isinstance(made, Check):
        raise TypeError(f"{name} in {file} is no check")
    return made


def _files(folder: Path) -> Iterator[tuple[str, int]]:
    """The files of checks, from the folder, and what changes with their text."""
    start = len(str(folder)) + 1
    for place, _, names in os.walk(folder):
        for name in names:
            if name.endswith(".py"):
                path = os.path.join(place, name)  # noqa: PTH118 - of hundreds, at each start
                found = os.stat(path)  # noqa: PTH116 - as above
                mark = _mark(path, found.st_mtime_ns, found.st_size)
                yield path[start:].replace(os.sep, "/"), mark


@cache
def _mark(path: str, changed: int, size: int) -> int:  # noqa: ARG001 - they tell its texts apart
    """What changes with the text of a file, which a process reads once as it stands."""
    with open(path, "rb") as file:  # noqa: PTH123 - of hundreds, at each start
        return crc32(file.read())
