"""JSON text that any reader takes, and the same bytes for the same report."""

from __future__ import annotations

import json
import re

_BEYOND_ASCII = re.compile(r"[^\x00-\x7e]+")


def serialise(document: object) -> str:
    """A document as indented JSON in ASCII, with a line feed at its end.

    ASCII, because a terminal obeys some of what lies beyond it. A lone surrogate, which a template
    can spell and which Unicode text cannot hold (RFC 8259, 8.2), becomes U+FFFD.
    """
    text = json.dumps(document, indent=2, ensure_ascii=False)
    if not text.isascii() or "\x7f" in text:
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        # Nothing beyond ASCII stands outside of strings, where these escapes are at home.
        text = _BEYOND_ASCII.sub(_escape, text)
    # GitHub's runner takes "##[command]" anywhere in a log for a command; in a string it can be
    # spelled so that it does not.
    return text.replace("##[", "##\\u005b") + "\n"


def _escape(found: re.Match[str]) -> str:
    return json.dumps(found.group())[1:-1].replace("\x7f", "\\u007f")
