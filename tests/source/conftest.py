"""What the tests of reading share: files and folders that may not be read."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def close(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path], None]]:
    """Takes all rights to a path away; the superuser, who keeps them, is refused in the call."""
    closed: dict[str, Path] = {}

    def refusing(call: Callable[..., Any]) -> Callable[..., Any]:
        def refuse(path: Any, *arguments: Any, **named: Any) -> Any:
            if str(path) in closed:
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
            return call(path, *arguments, **named)

        return refuse

    def take_away(path: Path) -> None:
        closed[str(path)] = path
        path.chmod(0)
        if os.access(path, os.R_OK):
            for name in ("open", "scandir"):
                monkeypatch.setattr(os, name, refusing(getattr(os, name)))

    yield take_away
    for path in closed.values():
        path.chmod(0o700)
