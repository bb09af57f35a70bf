"""Whatever becomes of a good file, the program says what is wrong and never raises."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.cli.program import (
    OPEN_SSH,
    PLAIN_VOLUME,
    PLAIN_VOLUME_TEMPLATE,
    REPOSITORY,
    scan,
    write,
)

pytestmark = pytest.mark.slow

_ENDINGS = {".tf", ".tofu", ".json", ".yaml", ".yml", ".template"}
_LARGEST = 20_000


def corpus() -> list[tuple[str, bytes]]:
    """Names and contents of good files: the examples, and three of our own."""
    own = [("a.tf", OPEN_SSH), ("b.tf", PLAIN_VOLUME), ("c.yaml", PLAIN_VOLUME_TEMPLATE)]
    found = [(name, text.encode()) for name, text in own]
    found.extend(
        (path.name, path.read_bytes())
        for path in sorted((REPOSITORY / "examples").rglob("*"))
        if path.suffix in _ENDINGS and path.stat().st_size < _LARGEST
    )
    return found


CORPUS = corpus()
assert len(CORPUS) > 5, "the examples are not where they were"
TOKENS = [
    *(b"{", b"}", b"[", b"]", b"(", b")", b'"', b"'", b"\n", b"\r", b"\t", b" ", b"=", b":", b"-"),
    *(
        b"${",
        b"%{",
        b"<<EOT\n",
        b"<<-X",
        b"/*",
        b"*/",
        b"#",
        b"//",
        b"&a ",
        b"*a",
        b"!Ref ",
        b"!If ",
    ),
    *(b"\x00", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", "\u2028".encode(), b"null", b"each.value"),
    *(b"count = -1\n", b"for_each = {}\n", b'dynamic "x" {\n', b"[*]", b".0", b"...", b"\\u12"),
    *(b"Fn::If", b"Ref", b"Type: []\n", b'"Fn::GetAtt"', b"<<: *a\n", b"? ", b"---\n", b"1e999"),
]
EDITS = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.integers(0, 60),
        st.one_of(st.just(b""), st.sampled_from(TOKENS), st.binary(max_size=4)),
    ),
    min_size=1,
    max_size=4,
)


def edited(raw: bytes, edits: list[tuple[float, int, bytes]]) -> bytes:
    """``raw`` with some pieces replaced: where (a share of its length), how many bytes, by what."""
    for place, length, replacement in edits:
        at = int(place * len(raw))
        raw = raw[:at] + replacement + raw[at + length :]
    return raw


def judge(name: str, raw: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        top = write(Path(folder), {f"bad/{name}": raw, "good/main.tf": PLAIN_VOLUME})
        ended = scan(".", cwd=top)
    assert ended.status in {1, 3}
    assert (ended.status == 3) == bool(ended.errors)
    assert ("DATA001", "good/main.tf", 4) in ended.found
    for error in ended.errors:
        assert error["path"] == f"bad/{name}"
        assert "Traceback" not in error["message"]
        assert "failed, so its findings are missing" not in error["message"], error
    for finding in ended.report["findings"]:
        assert finding["line"] >= 1
        assert finding["column"] >= 1


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(CORPUS), EDITS)
def test_edited_files(file: tuple[str, bytes], edits: list[tuple[float, int, bytes]]) -> None:
    name, raw = file
    judge(name, edited(raw, edits))


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(CORPUS), st.floats(0, 1))
def test_files_cut_off(file: tuple[str, bytes], share: float) -> None:
    name, raw = file
    judge(name, raw[: int(len(raw) * share)])


@settings(max_examples=50, deadline=None)
@given(
    st.sampled_from(["a.tf", "a.tf.json", "a.yaml", "a.json"]), st.lists(st.sampled_from(TOKENS))
)
def test_heaps_of_tokens(name: str, tokens: list[bytes]) -> None:
    start = b"AWSTemplateFormatVersion: x\nResources:\n" if name == "a.yaml" else b""
    judge(name, start + b" ".join(tokens))


_PLANS = sorted((REPOSITORY / "tests" / "plans").glob("*/plan.json"))
_OTHER = [None, [], {}, "x", True, 5, ["create", "forget"], {"references": ["x"]}]
"""What a plan may have in the place of anything else, if it was not Terraform that wrote it."""


def _steps(data: object, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    entries = (
        data.items()
        if isinstance(data, dict)
        else enumerate(data)
        if isinstance(data, list)
        else ()
    )
    for step, inner in entries:
        yield (*at, step)
        yield from _steps(inner, (*at, step))


@pytest.mark.parametrize("path", _PLANS, ids=lambda path: path.parent.name)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_plans_with_other_types(path: Path, data: st.DataObject) -> None:
    plan = json.loads(path.read_bytes())
    at = data.draw(st.sampled_from(list(_steps(plan))))
    inner = plan
    for step in at[:-1]:
        inner = inner[step]
    inner[at[-1]] = data.draw(st.sampled_from(_OTHER))
    with tempfile.TemporaryDirectory() as folder:
        top = write(Path(folder), {"plan.json": json.dumps(plan)})
        ended = scan(".", cwd=top)
    assert ended.status in {0, 1, 3}
    assert not [e for e in ended.errors if "its findings are missing" in e["message"]]


def test_a_plan_in_whose_configuration_a_type_is_no_text(tmp_path: Path) -> None:
    [path] = [path for path in _PLANS if path.parent.name == "data_sources"]
    plan = json.loads(path.read_bytes())
    plan["configuration"]["root_module"]["resources"][0]["type"] = ["aws_vpc"]
    ended = scan(".", cwd=write(tmp_path, {"plan.json": json.dumps(plan)}))
    assert not [e for e in ended.errors if "its findings are missing" in e["message"]]
