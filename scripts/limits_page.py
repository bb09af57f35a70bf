"""The page of what is not modelled, made of ``docs/limits.yaml``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby

_HEAD = """# Limits

What is not modelled, and what the program says then. [limits.yaml](limits.yaml) has an example of
each line, and a test holds that it is answered as the line says. What you miss here is a bug of
this page.
"""
_SAYS = {
    "fails": "reported all the same",
    "undecided": "undecided, with the reason",
    "nothing": "nothing",
    "passed over": "nothing; listed as passed over",
    "not available": "nothing; listed as not available",
}


def page(limits: Iterable[Mapping[str, str]]) -> str:
    """The page: a table for each topic, in the order of the file."""
    tables = groupby(limits, key=lambda limit: limit["topic"])
    return _HEAD + "".join(
        f"\n## {topic}\n\n| What | Why | Then it says |\n| --- | --- | --- |\n"
        + "".join(map(_row, listed))
        for topic, listed in tables
    )


def _row(limit: Mapping[str, str]) -> str:
    confidence = f", `{limit['confidence']}`" if "confidence" in limit else ""
    check = f"[{limit['check']}](checks/{limit['check']}.md)"
    says = f"{_SAYS[limit['says']]}{confidence} ({check})"
    return f"| {limit['what']} | {limit['because']} | {says} |\n"
