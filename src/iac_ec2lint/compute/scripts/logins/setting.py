"""What a boot script says about logins, one at a time.

Sources: chpasswd(8), passwd(1), usermod(8).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from iac_ec2lint.compute.scripts.shell.words import RUN_TIME, numbers_of

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind = Literal["setting", "password", "sudo", "key", "anything"]


class Setting(NamedTuple):
    """Something that a script says about logins.

    Attributes:
        kind: What it concerns; ``anything`` where nobody knows what is run.
        what: The setting and its value, where it is one.
        number: The line of the script.
        doubt: The unknown pieces that decide whether it does so.
        reason: What else keeps that from being known.
        literal: The unknown pieces that are the password or the key.
        key: The key itself, without its type, where that is written.
    """

    kind: Kind
    what: str
    number: int
    doubt: tuple[int, ...] = ()
    reason: str = ""
    literal: tuple[int, ...] = ()
    key: str = ""


def of_password(text: str, number: int) -> Iterator[Setting]:
    """A password that is set; one that the script makes when it runs is none."""
    if not text.strip() or RUN_TIME in text:
        return
    yield Setting("password", "", number, literal=tuple(numbers_of(text)))


def in_doubt(text: str) -> bool:
    """Whether a part of a text is not known."""
    return RUN_TIME in text or bool(numbers_of(text))


def is_piece(word: str) -> bool:
    """Whether a word begins with what is not known."""
    return bool(numbers_of(word[:1]))
