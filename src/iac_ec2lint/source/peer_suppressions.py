"""Suppressions that are written for other programs, in comments and in metadata.

Which of our checks one stands for follows from what the checks declare (``Check.peers``). Only what
names single checks is read: a wildcard, and what ignores a whole line, block or file whatever is
found there, would hide checks that the other program does not have. What is limited in a way that
cannot be said here (a workspace, a value) is not read either.

Sources: Checkov, "Suppressing and Skipping Policies"; Trivy, "Filtering: by inline comments", and
the metadata of its checks for their long names (``facts/trivy_names.json``); Terrascan, "In-file
instrumentation"; TFLint, "Annotations"; Semgrep, "Ignore files, folders, and code"; cfn_nag,
"Per-resource rule suppression"; CloudFormation Guard, "Suppressing rules".
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from iac_ec2lint.facts import facts
from iac_ec2lint.source.regular_expression import regular_expression

MARKS = (":skip=", ":ignore:", "ts:skip", "tflint-ignore", "nosem")
"""What stands in each comment that is one."""
METADATA = {
    "checkov": ("skip", "comment"),
    "cfn_nag": ("rules_to_suppress", "reason"),
    "guard": ("SuppressedRules", ""),
}
"""By program, the key in the ``Metadata`` of a resource and that of a reason."""

_NAME = r"[\w.-]+"
_CHECKOV = regular_expression(rf"\b(?:checkov|bridgecrew|cortex):skip=\s*({_NAME})(?::\s*(.*))?")
_TRIVY = regular_expression(
    rf"\b(?:trivy|tfsec):ignore:({_NAME})(\[[^\]]*\])?((?::\w+:[^\s:]+)*)", re.I
)
_TRIVY_ID: Final = regular_expression(r"aws-\d+")
_EXPIRY = regular_expression(r":exp:(\d{4}-\d\d-\d\d)", re.I)
_TERRASCAN = regular_expression(rf"\bts:skip=({_NAME})\s*(.*)")
_TFLINT = regular_expression(rf"\btflint-ignore:\s*({_NAME}(?:\s*,\s*{_NAME})*)")
_SEMGREP = regular_expression(rf"\bnosem(?:grep)?:\s*({_NAME}(?:\s*,\s*{_NAME})*)")


class PeerWords(NamedTuple):
    """A suppression for another program, as it is written in one line of a comment.

    Attributes:
        peer: The program, as ``Check.peers`` names it.
        names: Its checks, as ``normal`` has them.
        reason: Why; may be empty.
        until: The last day on which it is in force, if it has one.
        in_block: Whether it stands inside what it covers, the whole resource, and not above it.
    """

    peer: str
    names: tuple[str, ...]
    reason: str = ""
    until: str | None = None
    in_block: bool = False


def normal(peer: str, name: str) -> str:
    """The name of a check of another program as names are compared."""
    lower = name.lower()
    if peer == "trivy" and lower.startswith("aws-"):
        known: dict[str, str] = {} if _TRIVY_ID.fullmatch(lower) else facts("trivy_names")["names"]
        return known.get(lower, f"avd-{lower}")
    return lower.rpartition(".")[2] if peer == "semgrep" else lower


def parse_peer_line(line: str) -> PeerWords | None:
    """The suppression for another program in one line of a comment; ``None`` without one."""
    if not any(mark in line for mark in MARKS):
        return None
    if found := _CHECKOV.search(line):
        reason = (found[2] or "").strip()
        return PeerWords("checkov", (normal("checkov", found[1]),), reason, in_block=True)
    if found := _TERRASCAN.search(line):
        return PeerWords("terrascan", (normal("terrascan", found[1]),), found[2], in_block=True)
    for peer, pattern in (("tflint", _TFLINT), ("semgrep", _SEMGREP)):
        if found := pattern.search(line):
            names = (normal(peer, name.strip()) for name in found[1].split(","))
            return PeerWords(peer, tuple(names))
    return _trivy(line)


def _trivy(line: str) -> PeerWords | None:
    """Of several in a line, those that end as the first does."""
    names: dict[str, list[str]] = {}
    for name, values, limits in _TRIVY.findall(line):
        if not values and not _EXPIRY.sub("", limits):
            names.setdefault(limits, []).append(normal("trivy", name))
    for limits, same in names.items():
        ends = _EXPIRY.findall(limits)
        return PeerWords("trivy", tuple(same), until=min(ends, default=None))
    return None
