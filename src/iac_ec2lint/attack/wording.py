"""Words of findings and of their evidence, no firmer than what they say is known."""

from __future__ import annotations

from typing import Final

from iac_ec2lint.values import Answer


def can(answer: Answer) -> str:
    """The verb of a message: ``can``, or ``may be able to`` where the answer is undecided."""
    return "may be able to" if answer.truth is None else "can"


def as_known(answer: Answer, sure: str, perhaps: str) -> str:
    """A fact in words, no firmer than it is known: what is undecided names the unknown.

    Args:
        answer: Whether it is so.
        sure: The words where it is: ``the policy allows it``.
        perhaps: The words where it may be: ``the policy may allow it``.
    """
    if answer.truth is True:
        return sure
    return f"{perhaps}: {answer.causes[0].reason}" if answer.causes else perhaps


def stated(answer: Answer, who: str, verb: str, what: str) -> str:
    """The same of a sentence: ``has`` becomes ``may have``."""
    return as_known(
        answer, f"{who} {verb} {what}", f"{who} may {_BARE.get(verb, verb[:-1])} {what}"
    )


_BARE: Final = {"can be": "be", "has": "have", "is": "be"}
"""Verbs whose third person has more to it than an ``s``."""


def join_words(words: list[str]) -> str:
    """Words as a list in a sentence; the fourth and later ones are counted."""
    if len(words) > 4:
        words = [*words[:3], f"{len(words) - 3} more"]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
