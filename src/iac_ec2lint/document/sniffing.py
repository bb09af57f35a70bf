"""Whether a file is worth parsing as a template, from its raw text."""

from __future__ import annotations

import json
import re

from iac_ec2lint.source.marks import has_template_mark, plain


def sniff(raw: str | bytes) -> bool:
    """Whether text might be a CloudFormation template: cheap, and never false for a template.

    Args:
        raw: The file's text, or its bytes in UTF-8 or UTF-16.
    """
    if isinstance(raw, str):
        raw = raw.encode("utf-8", "replace")
    if not any(_may_be(text) for text in (raw, plain(raw))):
        return False
    keys = json_keys(raw)
    return keys is None or not _SECTIONS.isdisjoint(keys)


_SECTIONS = frozenset(
    {"AWSTemplateFormatVersion", "Resources", "Transform", "Transforms", "resources"}
)
"""Of these one is a key of each template, and of what another program makes one of."""
_MOST = 16 * 1024 * 1024


def json_keys(raw: bytes) -> frozenset[str] | None:
    """The keys of an object of JSON; ``None`` of anything else, of broken JSON and of a huge one.

    Parsed without places, other programs' data takes a hundredth of the time and no memory.

    Args:
        raw: The file's bytes in UTF-8 or UTF-16.
    """
    if len(raw) > _MOST or b"{" not in raw[:64]:
        return None
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return frozenset(found) if isinstance(found, dict) else None


def _may_be(text: bytes) -> bool:
    # Custom::Thing is a type too, and a macro may make all types.
    made = b"Type" in text or b"Transform" in text
    return has_template_mark(text) or (b"Resources" in text and made)


# A template's keys in text that cannot be parsed, at the beginning of a line.
_KEYS = re.compile(
    rb"^[ \t{]*[\"']?(?:AWSTemplateFormatVersion|Resources)[\"']?[ \t]*:", re.MULTILINE
)
_TAGS = (b"{%", b"<%")
_DIRECTIVE = re.compile(rb"%\{~?[ \t]*(?:for|if)\b")


def is_other_source(raw: bytes) -> bool:
    """Whether text has tags of Jinja, ERB or ``templatefile``: the source of a template, perhaps.

    Args:
        raw: The file's bytes in UTF-8 or UTF-16.
    """
    text = plain(raw)
    return any(tag in text for tag in _TAGS) or _DIRECTIVE.search(text) is not None


def looks_like_template(raw: bytes) -> bool:
    """Whether a file that cannot be parsed is meant as a template.

    Args:
        raw: The file's bytes in UTF-8 or UTF-16.
    """
    text = plain(raw)
    if b"AWSTemplateFormatVersion" not in text and b"AWS::" not in text:
        return False
    return bool(_KEYS.search(text)) or b'"Resources"' in text
