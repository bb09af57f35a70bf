"""Whether a file is worth parsing as a template, from its raw text."""

from __future__ import annotations


def sniff(raw: str | bytes) -> bool:
    """Whether text might be a CloudFormation template: cheap, and never no for one.

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


def _has_type(raw: bytes) -> bool:
    return b"AWS::" in raw or b"Type" in raw
