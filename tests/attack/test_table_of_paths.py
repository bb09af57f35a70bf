"""Each kind of entry leads to each kind of end, and each edge on the way is broken by itself."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from tests.attack.table_of_paths import (
    ENDS,
    ENTRIES,
    NETWORK,
    TEMPLATE,
    Blocker,
    code,
    name,
)

from iac_ec2lint.answers.inputs import Inputs
from iac_ec2lint.answers.units import UnitWalk
from iac_ec2lint.engine.check import Check, Verdict
from iac_ec2lint.engine.registry import builtin_folder, load

LANGUAGES = ("hcl", "yaml")
PAIRS = [(entry, end) for entry in ENTRIES for end in ENDS]
PAGE = Path(__file__).resolve().parents[2] / "docs" / "semantics.md"


@cache
def checks() -> dict[str, Check]:
    loaded, _ = load([builtin_folder()])
    return {one.info.code: one.check for one in loaded if one.info.code.startswith("PATH")}


def said(
    folder: Path, entry: str, end: str, language: str, blocker: Blocker | None = None
) -> list[bool]:
    """Whether each verdict on the path is undecided."""
    at = LANGUAGES.index(language)
    text = (
        NETWORK + ENTRIES[entry].hcl + ENDS[end].hcl
        if language == "hcl"
        else TEMPLATE + ENTRIES[entry].yaml + ENDS[end].yaml
    )
    if blocker is not None:
        old, new = blocker.hcl if language == "hcl" else blocker.yaml
        assert old in text
        text = text.replace(old, new)
    folder.mkdir()
    (folder / ("main.tf" if language == "hcl" else "main.yaml")).write_text(text)
    walk = UnitWalk(Inputs(paths=(folder,), working=folder, boundary=folder))
    [made] = walk.graphs()
    assert not walk.errors
    found = checks()[code(entry, end) or "PATH007"].examine(made.graph)
    words = name(entry, end, at)
    return [one.undecided for one in found if isinstance(one, Verdict) and words in one.message]


@pytest.mark.parametrize(("entry", "end"), PAIRS)
def test_an_entry_leads_to_an_end(entry: str, end: str, tmp_path: Path) -> None:
    there = [language for language, own in zip(LANGUAGES, ENDS[end].named, strict=True) if own]
    expected = {one: [False] if code(entry, end) and one in there else [] for one in LANGUAGES}
    assert {one: said(tmp_path / one, entry, end, one) for one in LANGUAGES} == expected


def test_the_page_has_the_table() -> None:
    alike: dict[str, list[str]] = {}
    for end in ENDS:
        codes = " | ".join(code(entry, end) or "none (guard 11)" for entry in ENTRIES)
        alike.setdefault(codes, []).append(end)
    rows = [f"| {'; '.join(ends)} | {codes} |" for codes, ends in alike.items()]
    head = f"| | {' | '.join(ENTRIES)} |"
    assert "\n".join((head, f"|{'---|' * (len(ENTRIES) + 1)}", *rows)) in PAGE.read_text()


OF_ENTRIES = [
    pytest.param(entry, "a role that may be assumed", blocker, id=f"{entry}: {blocker.name}")
    for entry, part in ENTRIES.items()
    for blocker in part.blockers
]
OF_ENDS = [
    pytest.param(entry, end, blocker, id=f"{entry}, {end}: {blocker.name}")
    for end, part in ENDS.items()
    for blocker in part.blockers
    for entry in ("a login", "any principal")
    # Snapshots that are there may still be shared.
    if not (entry == "any principal" and end == "a disk" and blocker.name.endswith("denied"))
]


@pytest.mark.parametrize(("entry", "end", "blocker"), [*OF_ENTRIES, *OF_ENDS])
def test_one_change_breaks_it(entry: str, end: str, blocker: Blocker, tmp_path: Path) -> None:
    there = [language for language, own in zip(LANGUAGES, ENDS[end].named, strict=True) if own]
    found = {one: said(tmp_path / one, entry, end, one, blocker) for one in there}
    assert [one for one, undecided in found.items() if False in undecided] == []
