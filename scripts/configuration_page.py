"""The reference of configuration files, made of their JSON Schema."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from iac_ec2lint.answers.configuration.schema import schema
from iac_ec2lint.engine.finding import CheckInfo

_HEAD = """# Configuration reference

What may stand in `.iac-ec2lint.yaml`, and below `[tool.iac-ec2lint]` in `pyproject.toml`;
[using.md](using.md#configuration) says how files are found and what wins. `iac-ec2lint config
schema` prints the schema that this page is made of, `config show` what is in effect and where each
value comes from.

| Key | Value | Meaning |
| --- | --- | --- |
"""
_BY_CODE = ("checks", "severity")
"""What has one key for each check: it is described once."""


def page(infos: Iterable[CheckInfo]) -> str:
    """The page: a row for each key, those inside others with the way to them."""
    listed = [*infos]
    rows = _rows("", schema(listed))
    own = [info for info in listed if any(not one.shared for one in info.parameters)]
    links = ", ".join(f"[{info.code}](checks/{info.code}.md)" for info in own)
    tail = f"\nParameters of their own, below `checks`, have {links}: see the page of each.\n"
    return _HEAD + "".join(f"| {' | '.join(row)} |\n" for row in rows) + tail


def _rows(prefix: str, node: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for key, value in node.get("properties", {}).items():
        name = f"{prefix}{key}"
        words = value.get("description", "")
        if not prefix and key in _BY_CODE:
            example = next(iter(value["properties"].values()))
            kind = _kind(example) if key == "severity" else "mapping"
            yield f"`{name}.CODE`", kind, words
            continue
        yield f"`{name}`", _kind(value), words
        if value.get("type") == "object":
            yield from _rows(f"{name}.", value)
        elif value.get("type") == "array":
            yield from _rows(f"{name}[].", value["items"])


def _kind(node: dict[str, Any]) -> str:
    """The type of a value in words."""
    if "enum" in node:
        return " or ".join(f"`{one}`" for one in node["enum"])
    for choice in ("anyOf", "oneOf"):
        if choice in node:
            return " or ".join(dict.fromkeys(_kind(one) for one in node[choice]))
    if node.get("type") == "array":
        return f"list of {_kind(node['items'])}"
    kinds = node.get("type", "any value")
    words = {"object": "mapping", "string": "text", "boolean": "`true` or `false`"}
    listed = [kinds] if isinstance(kinds, str) else kinds
    return " or ".join(words.get(one, one) for one in listed)
