"""What it comes to that lines are written to the files that decide about logins.

Sources: sshd_config(5), sudoers(5); cloud-init's documentation, "Module reference".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from iac_ec2lint.compute.scripts.logins.setting import Setting, in_doubt
from iac_ec2lint.compute.scripts.shell.words import RUN_TIME, Line, numbers_of
from iac_ec2lint.source.regular_expression import regular_expression

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SSHD: Final = regular_expression(
    r"\s*(PasswordAuthentication|PermitRootLogin)(?:\s+|\s*=\s*)\"?([^\s\"#]+)\"?\s*(?:#.*)?",
    re.IGNORECASE,
)
_CLOUD: Final = regular_expression(
    r"\s*(ssh_pwauth|disable_root)\s*:\s*[\"']?([^\s\"'#]+)[\"']?\s*(?:#.*)?"
)
_KEYWORDS: Final = {
    "passwordauthentication": "PasswordAuthentication",
    "permitrootlogin": "PermitRootLogin",
}
_EVERYONE: Final = regular_expression(
    r"\s*ALL\s+\S+\s*=\s*(?:\([^)]*\)\s*)?(?:[A-Z]+:\s*)*NOPASSWD:\s*(?:[A-Z]+:\s*)*ALL\b"
    r"|\s*Defaults\s+!authenticate\b"
)
_KEY: Final = regular_expression(
    r"(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-\S+|sk-(?:ssh|ecdsa)-\S+)\s+(AAAA[^\s\"']*)"
)
ON: Final = frozenset({"true", "1", "on", "yes"})
"""cloud-init's own words for true: whatever else it is asked for is false."""
STOCK: Final = tuple(
    f"{mark}{keyword} {value}"
    for keyword, values in (
        ("PasswordAuthentication", ("no", "yes")),
        ("PermitRootLogin", ("no", "prohibit-password", "without-password", "yes")),
    )
    for mark in ("", "#", "# ")
    for value in (*values, "forced-commands-only")
    if (keyword, value) != ("PasswordAuthentication", "forced-commands-only")
)
"""Lines that images have in sshd_config."""
STOCK_CLOUD: Final = (
    *(
        f"ssh_pwauth:{gap}{value}"
        for gap in (" ", "   ")
        for value in ("false", "0", "no", "False")
    ),
    *(f"disable_root: {value}" for value in ("true", "1", "yes", "True")),
)
"""Lines that images have in cloud.cfg."""


def of_file(path: str, lines: Iterable[Line]) -> Iterator[Setting]:
    """What it comes to that lines are written to a file."""
    for part, judge in FILES:
        if part in path:
            for line in lines:
                yield from judge(line)
            return
    if not in_doubt(path):
        return
    for part, judge in FILES:
        if may_be(path, part):
            for line in lines:  # what is known of them, if it is that file
                for setting in judge(line):
                    if not setting.literal and setting.kind != "anything":
                        yield in_file_in_doubt(setting, path)


def may_be(path: str, part: str) -> bool:
    """Whether a path of which a part is not known may be one of the files that count."""
    known = [piece for piece in re.split(f"[{RUN_TIME}\U000f0000-\U000fffff]+", path) if piece]
    for sample in _SAMPLES[part]:
        at = 0
        for piece in known:
            found = sample.find(piece, at)
            if found < 0:
                break
            at = found + len(piece)
        else:
            starts = in_doubt(path[:1]) or sample.startswith(known[0] if known else "")
            ends = in_doubt(path[-1:]) or sample.endswith(known[-1] if known else "")
            if starts and ends:
                return True
    return False


def in_file_in_doubt(setting: Setting, path: str) -> Setting:
    """A setting in a file of which it is not known whether it is one that counts."""
    reason = "which file is written is not known" if RUN_TIME in path else setting.reason
    return setting._replace(doubt=(*setting.doubt, *numbers_of(path)), reason=reason)


def of_sshd_config(line: Line) -> Iterator[Setting]:
    """What a line of the server's configuration says."""
    found = _SSHD.fullmatch(line.text)
    if found is not None:
        yield from if_on(_KEYWORDS[found[1].lower()], " ", found[2], ("yes",), line.number)
    elif RUN_TIME in line.text and not line.text.replace(RUN_TIME, "").strip():
        reason = "what is written to sshd_config is worked out when the script runs"
        yield Setting("anything", "", line.number, (), reason)
    else:
        yield from _unread(line)


def _of_cloud_cfg(line: Line) -> Iterator[Setting]:
    found = _CLOUD.fullmatch(line.text)
    if found is None:
        yield from _unread(line)
    elif found[1] == "ssh_pwauth":
        yield from if_on("ssh_pwauth", ": ", found[2], ON, line.number)
    else:
        off = found[2] if in_doubt(found[2]) or found[2].lower() not in ON else ""
        if off:
            yield from if_on("disable_root", ": ", off, (off.lower(),), line.number)


def _of_sudoers(line: Line) -> Iterator[Setting]:
    if _EVERYONE.match(line.text):
        yield Setting("sudo", "", line.number, tuple(numbers_of(line.text)))
    else:
        yield from _unread(line)


def of_authorized_keys(line: Line) -> Iterator[Setting]:
    """The key that a line of a user's file of keys admits."""
    text = line.text
    if text.lstrip().startswith("#"):
        return
    pieces = tuple(numbers_of(text))
    found = _KEY.search(text)
    if found is not None and RUN_TIME not in found[1] and not numbers_of(found[1]):
        yield Setting("key", "", line.number, key=found[1])
    elif pieces:
        yield Setting("key", "", line.number, literal=pieces)


FILES: Final = (
    ("authorized_keys", of_authorized_keys),
    ("sshd_config", of_sshd_config),
    ("sudoers", _of_sudoers),
    ("cloud.cfg", _of_cloud_cfg),
)
"""The files that decide about logins, by a part of their path."""
_SAMPLES: Final = {
    "authorized_keys": ("/home/ec2-user/.ssh/authorized_keys", "/root/.ssh/authorized_keys"),
    "sshd_config": ("/etc/ssh/sshd_config", "/etc/ssh/sshd_config.d/50-login.conf"),
    "sudoers": ("/etc/sudoers", "/etc/sudoers.d/users"),
    "cloud.cfg": ("/etc/cloud/cloud.cfg", "/etc/cloud/cloud.cfg.d/99-login.cfg"),
}
"""Paths of these files."""


def _unread(line: Line) -> Iterator[Setting]:
    """A line that is nothing but what is not known."""
    pieces = tuple(numbers_of(line.text))
    if pieces and not re.sub(r"[^\S\n]", "", without_pieces(line.text)):
        yield Setting("anything", "", line.number, pieces)


def without_pieces(text: str) -> str:
    """A text without the characters that stand for its unknown pieces; see ``numbers_of``."""
    return "".join(char for char in text if not numbers_of(char))


def if_on(name: str, between: str, value: str, on: Iterable[str], number: int) -> Iterator[Setting]:
    """A setting, if its value is one that opens logins, or may be."""
    if in_doubt(value):
        reason = "its value is worked out when the script runs" if RUN_TIME in value else ""
        word = "false" if name == "disable_root" else ("yes" if between == " " else "true")
        yield Setting("setting", f"{name}{between}{word}", number, tuple(numbers_of(value)), reason)
    elif value.lower() in on:
        yield Setting("setting", f"{name}{between}{value}", number)
