"""What the text of an input must look like, as whoever takes it demands.

A deployment refuses every other text (``AllowedPattern``, ``validation``), so that this much is
known of an input without a value. Only what no such text can be is concluded from it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from iac_ec2lint.values.re2.language import Language

_LONGEST = 1_000
"""Characters of a pattern that is read."""


class Form(NamedTuple):
    """A regular expression that a text must match.

    Attributes:
        pattern: The expression, in what RE2 and the language that it is written in have in common.
        whole: Whether all of the text must match, and not only a part of it.
    """

    pattern: str
    whole: bool


class Allowed(NamedTuple):
    """What a text, or each text of a list, must match one of.

    Attributes:
        forms: The expressions.
        each: Whether it is said of a list, of each text in it.
    """

    forms: tuple[Form, ...]
    each: bool = False

    def may_be(self, text: str) -> bool:
        """Whether a text may be allowed."""
        return any(_may_be(form, text) for form in self.forms)


def language(form: Form) -> Language | None:
    """The texts that match an expression; ``None`` where that is not known."""
    # Rare: it reads regular expressions.
    from iac_ec2lint.values.re2.language import Language
    from iac_ec2lint.values.re2.machine import TooMuchWork
    from iac_ec2lint.values.re2.nodes import InvalidPattern
    from iac_ec2lint.values.re2.parser import NotMatched, read

    if len(form.pattern) > _LONGEST:
        return None
    try:
        return Language(read(form.pattern).node, whole=form.whole)
    except (InvalidPattern, NotMatched, TooMuchWork):
        return None


@lru_cache(maxsize=4096)
def _may_be(form: Form, text: str) -> bool:
    from iac_ec2lint.values.re2.machine import TooMuchWork  # as above

    known = language(form)
    try:
        return known is None or known.may_be(text)
    except TooMuchWork:
        return True
