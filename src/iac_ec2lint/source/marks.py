"""By what bytes a template or a plan is known before it is parsed, whatever its file is called."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final, Literal

from iac_ec2lint.source.regular_expression import regular_expression

if TYPE_CHECKING:
    from iac_ec2lint.source.tree import OpenFile, Tree

TEMPLATE_BYTES: Final = 1_000_000
"""The size of a template that CloudFormation takes. Source: "AWS CloudFormation quotas"."""

_JSON_BYTES: Final = 16 * 1024 * 1024
_OPENING_BYTES: Final = 64
_HEAD_BYTES: Final = 4096
_NAME_BYTES: Final = 64

Marked = Literal["document", "saved plan"]
SAVED_PLAN: Final = (
    "it is a plan as Terraform saves it; scan what `terraform show -json` makes of it"
)

_WIDE: Final = (b"\xff\xfe", b"\xfe\xff")
_BOMS: Final = b"\xef\xbb\xbf\xff\xfe"
_ESCAPE: Final = regular_expression(
    rb"\\(?:x([2-7][0-9A-Fa-f])|u00([2-7][0-9A-Fa-f])|U000000([2-7][0-9A-Fa-f])|\r?\n[ \t]*)"
)


def plain(raw: bytes) -> bytes:
    """Bytes in which ASCII text can be searched for, whatever the encoding and the escapes.

    Args:
        raw: UTF-8 or UTF-16. In quotes, JSON and YAML can spell each character as an escape.
    """
    raw = raw.lstrip(_BOMS)
    if b"\0" in raw:
        raw = raw.replace(b"\0", b"")
    return _ESCAPE.sub(_character, raw) if _has_escape(raw) else raw


def _has_escape(raw: bytes) -> bool:
    # Searched one by one: most text has none, and each search is fast.
    if b"\\" not in raw:
        return False
    return b"\\x" in raw or b"\\u00" in raw or b"\\U0" in raw or b"\\\n" in raw or b"\\\r" in raw


def _character(found: re.Match[bytes]) -> bytes:
    digits = found[1] or found[2] or found[3]
    return bytes((int(digits, 16),)) if digits else b""


def has_template_mark(text: bytes) -> bool:
    """Whether ``plain`` bytes have what each template has: a section, and AWS's types."""
    sections = b"Resources" in text or b"Transform" in text
    return (sections and b"AWS::" in text) or b"AWSTemplateFormatVersion" in text


def has_plan_mark(text: bytes) -> bool:
    """Whether ``plain`` bytes have the keys of a plan as JSON, in any order."""
    return b'"format_version"' in text and (
        b'"resource_changes"' in text or b'"planned_values"' in text
    )


def marked(path: str, tree: Tree) -> Marked | None:
    """What a file may hold by its bytes: a template or a plan as JSON, or a plan as saved.

    Args:
        path: The file, inside the boundary. Over the size of a template it may only be a plan.
        tree: Where it is.
    """
    try:
        with tree.open(path) as file:
            return _marked(file)
    except OSError:
        return None


def _marked(file: OpenFile) -> Marked | None:
    raw = file.read(_HEAD_BYTES)
    if raw.startswith(b"PK\x03\x04"):  # a ZIP, whose first entry is named first
        return "saved plan" if b"tfplan" in raw[:_NAME_BYTES] else None
    if b"\0" in raw and raw[:2] not in _WIDE:
        return None  # neither JSON nor YAML has this byte
    if file.size > TEMPLATE_BYTES:
        return "document" if begins_as_json(raw) else None
    if file.size > _HEAD_BYTES:
        raw += file.read(TEMPLATE_BYTES)
    text = plain(raw)
    return "document" if has_template_mark(text) or has_plan_mark(text) else None


def begins_as_json(head: bytes) -> bool:
    """Whether bytes in UTF-8 or UTF-16 begin as a JSON object does."""
    return head.lstrip(_BOMS + b"\0 \t\r\n").startswith(b"{")


def json_keys(raw: bytes) -> frozenset[str] | None:
    """The keys of an object of JSON; ``None`` of anything else, of broken JSON and of a huge one.

    Parsed without places, other programs' data takes a hundredth of the time and no memory.

    Args:
        raw: The file's bytes in UTF-8 or UTF-16.
    """
    if len(raw) > _JSON_BYTES or b"{" not in raw[:_OPENING_BYTES]:
        return None
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return frozenset(found) if isinstance(found, dict) else None
