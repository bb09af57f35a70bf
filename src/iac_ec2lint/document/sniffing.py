"""Whether a file is worth parsing as a template, from its raw text."""

from __future__ import annotations

import re


def sniff(raw: str | bytes) -> bool:
    """Whether text might be a CloudFormation template: cheap, and never false for a template.

    Args:
        raw: The file's text, or its bytes in UTF-8 or UTF-16.
    """
    if isinstance(raw, bytes):
        if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raw = raw.replace(b"\0", b"")
        return (b"Resources" in raw and _has_type(raw)) or b"AWSTemplateFormatVersion" in raw
    return ("Resources" in raw and ("AWS::" in raw or "Type" in raw)) or (
        "AWSTemplateFormatVersion" in raw
    )


# A template's keys in text that cannot be parsed, at the beginning of a line.
_KEYS = re.compile(
    rb"^[ \t{]*[\"']?(?:AWSTemplateFormatVersion|Resources)[\"']?[ \t]*:", re.MULTILINE
)
_TAGS = (b"{%", b"<%")
_DIRECTIVE = re.compile(rb"%\{~?[ \t]*(?:for|if)\b")


def looks_like_template(raw: bytes) -> bool:
    """Whether a file that cannot be parsed is meant as a template, so that an error is reported.

    The source of a template for another program (Jinja, ERB, Terraform's ``templatefile``) is not.

    Args:
        raw: The file's bytes in UTF-8 or UTF-16.
    """
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raw = raw[2:].replace(b"\0", b"")
    if any(tag in raw for tag in _TAGS) or _DIRECTIVE.search(raw):
        return False
    if b"AWSTemplateFormatVersion" not in raw and b"AWS::" not in raw:
        return False
    return bool(_KEYS.search(raw)) or b'"Resources"' in raw


def _has_type(raw: bytes) -> bool:
    return b"AWS::" in raw or b"Type" in raw
