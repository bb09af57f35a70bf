"""Whether a file is worth parsing as a template, from its raw text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iac_ec2lint.source.marks import has_template_mark, json_keys, plain

if TYPE_CHECKING:
    from collections.abc import Callable


def sniff(raw: bytes, keys: Callable[[bytes], frozenset[str] | None] = json_keys) -> bool:
    """Whether a file might be a CloudFormation template: cheap, and never false for a template.

    Args:
        raw: The file's bytes in UTF-8 or UTF-16.
        keys: What tells the keys of JSON: see ``json_keys``.
    """
    if not any(_may_be(text) for text in (raw, plain(raw))):
        return False
    found = keys(raw)
    return found is None or not _SECTIONS.isdisjoint(found)


_SECTIONS = frozenset(
    {"AWSTemplateFormatVersion", "Resources", "Transform", "Transforms", "resources"}
)
"""Of these one is a key of each template, and of what another program makes one of."""


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
