"""What people see, kept in files; ``UPDATE_SNAPSHOTS=1`` rewrites them."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "snapshots"


def assert_snapshot(name: str, text: str) -> None:
    """Hold that a text is the one that is kept under a name."""
    file = FOLDER / name
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        file.write_text(text, encoding="utf-8", newline="")
    kept = file.read_bytes().decode("utf-8")
    assert text == kept, f"{file.name} differs; UPDATE_SNAPSHOTS=1 rewrites it"
