"""The page of what is not modelled, made of ``docs/limits.yaml``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_HEAD = """# Limits

What is not modelled, and what the program says then. Written from [limits.yaml](limits.yaml); a
test holds that each example is answered as it says. What you miss here is a bug of this page.

| What | What the program says of it |
| --- | --- |
"""
_SAYS = {
    "fails": "reported all the same",
    "undecided": "undecided, with the reason",
    "nothing": "nothing",
    "passed over": "nothing; listed as passed over",
    "not available": "nothing; listed as not available",
}
LANGUAGES = {"hcl": "main.tf", "yaml": "template.yaml", "python": "stack.py"}
"""The languages of examples, and the file that one stands in."""


def page(limits: Iterable[Mapping[str, str]]) -> str:
    """The page: a table of all, then each with its reason and its example."""
    listed = [*limits]
    table = "".join(f"| {one['what']} | {_SAYS[one['says']]} |\n" for one in listed)
    return f"{_HEAD}{table}\n" + "\n".join(_section(one) for one in listed)


def _section(limit: Mapping[str, str]) -> str:
    language = next(name for name in LANGUAGES if name in limit)
    says = _SAYS[limit["says"]].split(";")[0]
    confidence = f", `{limit['confidence']}`" if "confidence" in limit else ""
    return (
        f"## {limit['what']}\n\n{limit['because']}\n\n"
        f"[{limit['check']}](checks/{limit['check']}.md) of this: {says}{confidence}.\n\n"
        f"```{language}\n{limit[language]}```\n"
    )
