"""Instance keys of ``count`` and ``for_each`` in addresses."""

from __future__ import annotations


def key_text(key: str | int | None) -> str:
    """An instance key as written in addresses: ``[0]``, ``["a"]``, or nothing."""
    if key is None:
        return ""
    if isinstance(key, int):
        return f"[{key}]"
    escaped = key.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'["{escaped}"]'
