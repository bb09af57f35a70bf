"""Secrets that are written in scripts: what they are and where, never what they say.

A value that is read from somewhere at run time, such as a shell variable, the output of a command
or a dynamic reference, is none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.graph.boot_scripts import UNKNOWN_PIECE

if TYPE_CHECKING:
    from collections.abc import Iterator

_PATTERNS: Final = (
    ("an AWS access key", re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b")),
    (
        "an AWS secret access key",
        re.compile(r"(?i)aws_?secret_?access_?key[\"']?\s*[=:]\s*[\"']?[A-Za-z0-9/+]{40}\b"),
    ),
    ("a private key", re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----")),
    ("a GitHub token", re.compile(r"\bgh[pousr]_[A-Za-z0-9]{36,}\b")),
    ("a Slack token", re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{10,}")),
    (
        "a password in a URL",
        re.compile(rf"\b[a-z][a-z0-9+]*://[^\s:/@$\"']+:[^\s/@${{<{UNKNOWN_PIECE}\"']{{3,}}@"),
    ),
    (
        "a password",
        re.compile(
            rf"(?i)\b\w*(?:password|passwd|secret|api_?key|auth_?token)\w*[\"']?\s*[=:]\s*"
            rf"(?P<quote>[\"']?)(?P<value>[^\s\"'$`{{<(,;{UNKNOWN_PIECE}]{{6,}})(?P=quote)"
        ),
    ),
)
_HARMLESS: Final = re.compile(
    r"(?i)^(?:true|false|none|null|x+|\*+|example.*|arn:.*|/.*|https?:.*)$"
)


class Secret(NamedTuple):
    """A secret in a script.

    Attributes:
        kind: What it is, in words.
        line: The line of the script that it is on, from 1.
    """

    kind: str
    line: int


def secrets_in(script: str) -> Iterator[Secret]:
    """The secrets that a script holds, each line's first, in order."""
    for number, line in enumerate(script.splitlines(), 1):
        for kind, pattern in _PATTERNS:
            match = pattern.search(line)
            if match is None:
                continue
            value = match.groupdict().get("value")
            if value is None or not _HARMLESS.match(value):
                yield Secret(kind, number)
                break
