"""What secrets look like that can be told by themselves: keys of vendors, private keys.

Source: the patterns of detect-secrets (``facts/secret_patterns.json``); RFC 7468 for private keys.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from iac_ec2lint.compute.scripts.boot_script import UNKNOWN_PIECE
from iac_ec2lint.facts import facts
from iac_ec2lint.source.regular_expression import regular_expression

PRIVATE_KEY: Final = regular_expression(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----")
"""How a private key begins that is written as PEM (RFC 7468), or as OpenSSH does."""

_OWN: Final = (
    (
        "an AWS secret access key",
        regular_expression(
            r"(?i)aws_?secret_?access_?key[\"']?(?:\s*[=:]\s*|\s+)[\"']?[A-Za-z0-9/+]{40}(?![\w/+=])"
        ),
    ),
    ("a private key", PRIVATE_KEY),
)
_IN_URL: Final = (
    (
        "a password in a URL",
        regular_expression(
            rf"\b[a-z][a-z0-9+]*://[^\s:/@$\"']+:[^\s/@$%{{<{UNKNOWN_PIECE}\"'][^\s/@${{<"
            rf"{UNKNOWN_PIECE}\"']{{2,}}@"
        ),
    ),
)
"""Patterns beside those of detect-secrets: they need no quotes, and what is put in is none."""


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    given = (
        (
            one["kind"],
            regular_expression(
                rf"(?<![A-Za-z0-9])(?:{one['pattern']})(?![A-Za-z0-9])",
                re.IGNORECASE if one["ignore_case"] else 0,
            ),
        )
        for one in facts("secret_patterns")["patterns"]
    )
    return (*_OWN, *given, *_IN_URL)


def patterns_in(text: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The patterns that are anywhere in a text, each with what it finds, in words."""
    return tuple((kind, pattern) for kind, pattern in _patterns() if pattern.search(text))
