"""docs/semantics.md is cited by codes (B4, N3, H 20): each is there, spelled as it is there."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path

import pytest
from tests.cli.program import REPOSITORY

pytestmark = pytest.mark.slow

PAGE = (REPOSITORY / "docs" / "semantics.md").read_text("utf-8")
FOLDERS = ("src", "checks", "tests", "benchmarks", "scripts")
KINDS = (".py", ".tf", ".tofu", ".txt", ".yaml", ".yml")
_ANCHOR = re.compile(r'<a id="([\w-]+)"></a>')
_CODE = re.compile(
    r"(?<![\w./-])(?:[A-D]\d{1,2}|N\d|H ?\d{1,2}|PATH-\d{2}|guard \d{1,2})(?![\w.:/-]*\w)"
)
_PAGE = re.compile(r"\b[\w-]*semantics?(?P<ending>\.\w+)?(?P<rest>\s?.{0,40})", re.I | re.DOTALL)
_CITED = re.compile(r"(?:,|'s,)\s+(?:[A-H](?![\w.-]*\w)|[A-D]\d|H ?\d|N\d|\")")
_DOCUMENT = re.compile(r"\b(?:style|design|house|user-pain|catalogue|semantic)\.md\b")


def anchor(code: str) -> str:
    """The anchor of a code: ``b4``, ``h20``, ``guard-4``."""
    return code.lower().replace("guard ", "guard-").replace(" ", "")


def cited(text: str) -> set[str]:
    """The anchors of the codes that a text cites."""
    return {anchor(found[0]) for found in _CODE.finditer(text)}


def misspelt(text: str) -> list[str]:
    """What speaks of the page in another form than ``semantics.md, CODE`` or in plain words."""
    found = []
    for match in _PAGE.finditer(text):
        name = match[0][: match.start("rest") - match.start()]
        if match["ending"] == ".md" and name != "semantics.md":
            found.append(match[0])
        if name == "semantics.md" and not _CITED.match(match["rest"]):
            found.append(match[0])
    return found + _DOCUMENT.findall(text)


@cache
def prose() -> tuple[tuple[str, str], ...]:
    """All comments and docstrings, and the files that they stand in."""
    files = chain.from_iterable((REPOSITORY / folder).rglob("*") for folder in FOLDERS)
    here = Path(__file__)
    return tuple(
        (file.relative_to(REPOSITORY).as_posix(), text)
        for file in sorted(files)
        if file.suffix in KINDS and file != here
        for text in (_of_python(file) if file.suffix == ".py" else _of_lines(file))
    )


def _of_python(file: Path) -> Iterator[str]:
    text = file.read_text("utf-8")
    if not _CODE.search(text) and "emantics" not in text and ".md" not in text:
        return  # it is read for its comments only where it may cite
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield str(node.value.value)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.string


def _of_lines(file: Path) -> Iterator[str]:
    """The comments, one after another, and the headings of tables of cases."""
    found = re.findall(r"(?:^|\s)#(.*)|^===(.*)", file.read_text("utf-8"), re.MULTILINE)
    yield "\n".join(comment or heading for comment, heading in found)


def test_every_code_that_is_cited_is_there() -> None:
    anchors = set(_ANCHOR.findall(PAGE))
    missing = {(file, code) for file, text in prose() for code in cited(text) - anchors}
    assert missing == set()
    assert len(set().union(*(cited(text) for _, text in prose()))) > 80


def test_codes_within_the_page_are_there() -> None:
    assert cited(PAGE) - set(_ANCHOR.findall(PAGE)) == set()


def test_no_citation_is_misspelt() -> None:
    wrong = {(file, words) for file, text in prose() for words in misspelt(text)}
    assert wrong == set()
    assert sum("semantics.md" in text for _, text in prose()) > 80


def test_misspelt_citations_are_seen() -> None:
    right = (
        "semantics.md, B4 and N3",
        "semantics.md,\n    B6",
        "semantics.md's, F: the",
        "semantics.md, H 20 and 21",
        'semantics.md, "diagnostic"',
        "the semantics' examples 29 to 31",
    )
    assert [text for text in right if misspelt(text)] == []
    wrong = ("semantics.md B4", "semantics.md, X9", "Semantics.md, A1", "semantic.md, B4")
    assert [text for text in wrong if not misspelt(text)] == []
    assert cited("B4 and (N8), H 20, guard 4; PATH-01, but SG001, S3, B4x and AL2023") == {
        *("b4", "n8", "h20", "guard-4", "path-01")
    }


def test_anchors_are_unique() -> None:
    found = _ANCHOR.findall(PAGE)
    assert len(found) == len(set(found)) > 100
