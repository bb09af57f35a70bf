"""Facts that age: what AWS has, supports and has ended, as dated data from outside.

A file here is JSON: ``about`` says what it holds, from where, under which licence, of which day,
and what writes it anew; the rest is data. What is not in a file is not known, so that a question
about it is undecided: never that it is not there. NOTICE is made of what each says about itself.
"""

from __future__ import annotations

import json
from functools import cache
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent


@cache
def facts(name: str) -> dict[str, Any]:
    """The content of one file, read once and when it is first asked for.

    Args:
        name: The file's path in the folder, without its ending: ``instance_types``.

    Raises:
        OSError: There is no such file.
    """
    content: dict[str, Any] = json.loads((_FOLDER / f"{name}.json").read_text("utf-8"))
    return content


@cache
def fact(name: str, key: str) -> Any | None:
    """One entry of a large file, which has each on a line of its own; the others are not parsed.

    Args:
        name: The file's name without its ending: ``managed_policies``.
        key: What the entry is called; ``about`` is one as well.

    Returns:
        ``None`` where the file has no such entry.

    Raises:
        OSError: There is no such file.
    """
    start = f"\n{json.dumps(key)}: ".encode()
    path = _FOLDER / f"{name}.json"
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content:
        at = content.find(start)
        if at < 0:
            return None
        content.seek(at + len(start))
        return json.loads(content.readline().rstrip(b",\r\n"))


def names() -> list[str]:
    """The names of all files."""
    files = (file.relative_to(_FOLDER) for file in _FOLDER.rglob("*.json"))
    return sorted(file.with_suffix("").as_posix() for file in files)
