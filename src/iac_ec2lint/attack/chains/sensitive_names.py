"""Names that say that what they are of is not for everybody."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from iac_ec2lint.facts import facts

_PARTS: Final = re.compile(r"[^a-z0-9]+|(?<=[a-z])(?=[A-Z])")


@cache
def _words() -> frozenset[str]:
    return frozenset(facts("sensitive_names")["words"])


def names_sensitive(name: str) -> bool:
    """Whether a word of a name says that what it holds is not for everybody."""
    return not _words().isdisjoint(part.lower() for part in _PARTS.split(name))
