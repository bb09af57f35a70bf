"""Every finding over the corpus stands where it says, however the files are written."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.cli.program import run, write
from tests.cli.test_true_positions import text_at
from tests.invariance.corpus import Case, cases_in_turn, native_cases
from tests.invariance.syntax import modules, walk

from iac_ec2lint.engine.finding import Finding, Status
from iac_ec2lint.hcl import tree

_INDEX = re.compile(r"\[[^\]]*\]")
_RESOURCE = re.compile(r"(?:^|\.)(data\.)?([a-z0-9_]+)\.([\w-]+)(?:\[.*\])?$")


WRITTEN: dict[str, Callable[[str], bytes]] = {
    "utf-8": str.encode,
    "utf-8 with a mark": lambda text: codecs.BOM_UTF8 + text.encode(),
    "utf-16": lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
    "crlf": lambda text: text.replace("\n", "\r\n").encode(),
    "tabs": str.encode,
}


def _raw(name: str, text: str, written: str) -> bytes:
    """A file's bytes. What is no configuration is its data, and stays as it is."""
    if not name.endswith((".tf", ".json", ".yaml", ".yml", ".tfvars")):
        return text.encode()
    if written == "tabs" and name.endswith((".tf", ".json")) and "<<" not in text:
        # Only where indentation says nothing.
        text = re.sub(r"^( {2})+", lambda found: "\t" * (len(found[0]) // 2), text, flags=re.M)
    return WRITTEN[written](text)


def _findings(folder: Path, written: str) -> list[tuple[str, ...]]:
    """Check, file, message and covered text of what each case's own checks find in it.

    Of this run's cases.
    """
    rows: list[tuple[str, ...]] = []
    for case in cases_in_turn():
        top = folder / re.sub(r"[/.]", "_", str(case))
        write(top, {name: _raw(name, text, written) for name, text in case.project.items()})
        selected = [part for code in case.own_checks for part in ("--select", code)]
        report = run(".", "--format", "json", "--boundary", ".", *selected, cwd=top).report
        assert report["errors"] == []
        rows += [(str(case), *_row(top, finding)) for finding in report["findings"]]
    return sorted(rows)


def _row(folder: Path, finding: dict[str, Any]) -> tuple[str, ...]:
    covered = text_at((folder / finding["path"]).read_bytes(), finding)
    plain = re.sub(r"[\t ]+", " ", covered.replace("\r", ""))
    places = [
        re.sub(r"[\t ]+", " ", text_at((folder / hop["path"]).read_bytes(), hop).replace("\r", ""))
        for hop in finding["evidence"]
    ]
    return (finding["check"], finding["path"], finding["message"], plain, json.dumps(places))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, ...]]:
    return _findings(tmp_path_factory.mktemp("plain"), "utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("written", [name for name in WRITTEN if name != "utf-8"])
def test_the_same_text_is_covered_however_files_are_written(
    tmp_path: Path, plain: list[tuple[str, ...]], written: str
) -> None:
    assert len(plain) > 100
    assert all(row[4].strip() for row in plain)
    assert _findings(tmp_path, written) == plain


@pytest.mark.slow
@pytest.mark.parametrize("case", native_cases(), ids=str)
def test_a_span_is_what_it_names(case: Case) -> None:
    found = {
        path: file
        for module in modules(case.project).values()
        for path, file in module.files.items()
    }
    for finding in case.own_report.findings:
        file = found.get(finding.span.path)
        if file is None:
            continue  # a file of variables
        if finding.subjects[0].address == ".":
            assert finding.span.start == 0, finding.span
            continue  # it is about the root module as a whole
        spans = {(node.start, node.end) for node, _ in walk(file.body)}
        spans |= {(b.start, b.header_end) for b, _ in walk(file.body) if isinstance(b, tree.Block)}
        place = (finding.span.start, finding.span.end)
        texts = [node.span for node, _ in walk(file.body) if isinstance(node, tree.Template)]
        # A line of a script is a part of the text that it stands in.
        in_text = any(text.contains(finding.span) for text in texts)
        assert place in spans or in_text, finding.span
        # What is in a template that a resource holds is no attribute of that resource.
        if finding.status is Status.FAIL and finding.language == "terraform":
            _assert_on_the_way(finding, file)


def _assert_on_the_way(finding: Finding, file: tree.File) -> None:
    """A span in its own resource's block lies on the way to the attribute that is named."""
    address = _RESOURCE.search(finding.resource)
    assert address is not None or "." not in finding.resource or finding.attribute == ""
    if address is None:
        return
    for block in file.body.blocks:
        if block.labels == (address[2], address[3]) and block.span.contains(finding.span):
            way = _way(block, finding.span.start, finding.span.end)
            named = [part for part in _INDEX.sub("", finding.attribute).split(".") if part]
            # What a value is repeated over is where the value is written.
            written_elsewhere = way[-1:] == ["for_each"]
            # A tag is named by its key, in a map as in a block of its own.
            by_key = named == ["tags"] and way == ["tag", "value"]
            assert named[: len(way)] == way or written_elsewhere or by_key, finding


def _way(block: tree.Block, start: int, end: int) -> list[str]:
    """The names of the blocks and the attribute that lead to a place in a block."""
    if start < block.header_end:
        return []
    for attribute in block.body.attributes.values():
        if _within(attribute, start, end):
            return [attribute.name]
    for nested in block.body.blocks:
        if nested.start <= start and end <= nested.end:
            if nested.type == "dynamic":
                if _within(nested.body.attributes.get("for_each"), start, end):
                    return ["for_each"]
                content = [b for b in nested.body.blocks if b.type == "content"]
                inner = [_way(b, start, end) for b in content if b.start <= start and end <= b.end]
                return [nested.labels[0], *(inner[0] if inner else [])]
            return [nested.type, *_way(nested, start, end)]
    return []


def _within(node: tree.Node | None, start: int, end: int) -> bool:
    return node is not None and node.start <= start and end <= node.end
