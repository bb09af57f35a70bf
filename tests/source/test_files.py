"""Reading files: encodings, what cannot be read, and what may not be."""

from __future__ import annotations

import codecs
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.source.files import Files, decode
from iac_ec2lint.source.marks import json_keys
from iac_ec2lint.source.span import SourceText

TEXT = "# caf\u00e9 \U0001f600\r\n\tx = 1\n"

ENCODINGS = {
    "utf-8": TEXT.encode(),
    "utf-8 with a mark": codecs.BOM_UTF8 + TEXT.encode(),
    "utf-16 little end first": codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
    "utf-16 big end first": codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
}


def text_of(source: SourceText | Diagnostic) -> str:
    assert isinstance(source, SourceText), source
    return source.text


def problem_of(source: SourceText | Diagnostic | bytes) -> str:
    assert isinstance(source, Diagnostic), source
    assert (source.line, source.column) == (0, 0)
    return source.message


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path, tmp_path)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_text_is_decoded_and_line_endings_stay(tmp_path: Path, files: Files, encoding: str) -> None:
    (tmp_path / "a.tf").write_bytes(ENCODINGS[encoding])
    source = files.read(tmp_path / "a.tf")
    assert text_of(source) == TEXT
    assert isinstance(source, SourceText)
    assert source.path == "a.tf"


@given(st.text())
def test_every_text_survives_its_encodings(text: str) -> None:
    assert decode(codecs.BOM_UTF8 + text.encode()) == text
    assert decode(codecs.BOM_UTF16_LE + text.encode("utf-16-le")) == text
    assert decode(codecs.BOM_UTF16_BE + text.encode("utf-16-be")) == text
    if not text.startswith("\ufeff"):
        assert decode(text.encode()) == text


@given(st.binary(max_size=60))
def test_bytes_are_decoded_or_refused_and_never_raise(raw: bytes) -> None:
    text = decode(raw)
    assert text is None or isinstance(text, str)


@pytest.mark.parametrize(
    ("raw", "line", "column"),
    [
        ("a\ncaf\u00e9".encode("latin-1"), 2, 4),
        (b"\xff\xfea", 1, 1),  # half a code unit
        (b"\xff\xfea\0\n\0\x00\xd8", 2, 1),  # half a surrogate pair
        (b"\xed\xa0\x80", 1, 1),  # a surrogate in UTF-8
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff\xd8", 1, 1),
    ],
    ids=repr,
)
def test_another_encoding_is_named_as_such_where_it_begins(
    tmp_path: Path, files: Files, raw: bytes, line: int, column: int
) -> None:
    (tmp_path / "a.tf").write_bytes(raw)
    problem = files.read(tmp_path / "a.tf")
    assert isinstance(problem, Diagnostic)
    assert "UTF-8" in problem.message
    assert (problem.line, problem.column) == (line, column)
    assert problem.unread


def test_a_file_over_the_limit_is_not_read(tmp_path: Path, files: Files) -> None:
    (tmp_path / "a.tf").write_bytes(b"x" * 101)
    (tmp_path / "b.tf").write_bytes(b"x" * 100)
    problem = problem_of(files.read(tmp_path / "a.tf", limit=100))
    assert "101 bytes" in problem
    assert "at most 100" in problem
    assert text_of(files.read(tmp_path / "b.tf", limit=100)) == "x" * 100


def test_a_file_that_vanished(tmp_path: Path, files: Files) -> None:
    assert "No such file" in problem_of(files.read(tmp_path / "gone.tf"))


def test_a_folder_is_no_file(tmp_path: Path, files: Files) -> None:
    (tmp_path / "x.tf").mkdir()
    assert problem_of(files.read(tmp_path / "x.tf"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_without_a_writer_does_not_hold_anything_up(tmp_path: Path, files: Files) -> None:
    os.mkfifo(tmp_path / "pipe.tf")
    assert "regular file" in problem_of(files.read(tmp_path / "pipe.tf"))


def test_a_file_that_may_not_be_read(
    tmp_path: Path, files: Files, close: Callable[[Path], None]
) -> None:
    (tmp_path / "a.tf").write_text("x")
    close(tmp_path / "a.tf")
    assert "ermission" in problem_of(files.read(tmp_path / "a.tf"))


def test_nothing_is_read_outside_the_boundary(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "in-side"  # a prefix as text, not as a folder
    for folder in (inside, outside):
        folder.mkdir()
        (folder / "a.tf").write_text("secret")
    (inside / "link.tf").symlink_to(outside / "a.tf")
    (inside / "folder").symlink_to(outside)
    files = Files(inside, tmp_path)
    assert text_of(files.read(inside / "a.tf")) == "secret"
    for path in ("../in-side/a.tf", "link.tf", "folder/a.tf"):
        source = files.read(inside / path)
        assert "outside the boundary" in problem_of(source)
        assert "secret" not in repr(source)
        assert isinstance(files.read_bytes(inside / path), Diagnostic)
        assert not files.inside(inside / path)
    assert not files.is_folder(inside / "folder")
    assert files.is_folder(inside)


def test_a_link_inside_the_boundary_is_followed(tmp_path: Path, files: Files) -> None:
    (tmp_path / "a.tf").write_text("text")
    (tmp_path / "link.tf").symlink_to(tmp_path / "a.tf")
    assert text_of(files.read(tmp_path / "link.tf")) == "text"


def test_the_boundary_may_be_the_root(tmp_path: Path) -> None:
    (tmp_path / "a.tf").write_text("text")
    assert text_of(Files(Path("/"), tmp_path).read(tmp_path / "a.tf")) == "text"


def test_a_given_text_stands_for_a_file(tmp_path: Path, files: Files) -> None:
    (tmp_path / "a.tf").write_text("on the disk")
    files.give(tmp_path / "a.tf", b"given")
    files.give(tmp_path / "b.tf", b"given too")
    assert text_of(files.read(tmp_path / "a.tf")) == "given"
    assert files.names(tmp_path) == ("a.tf", "b.tf")
    assert text_of(files.read(tmp_path / "." / "b.tf")) == "given too"


def test_a_file_is_read_once(tmp_path: Path, files: Files) -> None:
    (tmp_path / "a.tf").write_text("before")
    first = files.read(tmp_path / "a.tf")
    (tmp_path / "a.tf").write_text("after")
    assert files.read(str(tmp_path / "a.tf")) is first


def test_names_are_sorted_files_without_folders(tmp_path: Path, files: Files) -> None:
    for name in ("b.tf", "a.tf", ".hidden"):
        (tmp_path / name).touch()
    (tmp_path / "folder.tf").mkdir()
    assert files.names(tmp_path) == (".hidden", "a.tf", "b.tf")
    assert files.names(tmp_path / "gone") == ()


def test_paths_are_shown_from_the_working_directory(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    files = Files(tmp_path, tmp_path / "work")
    assert files.display(tmp_path / "work" / "in" / "a.tf") == "in/a.tf"
    assert files.display(tmp_path / "a.tf") == "../a.tf"


def test_keys_of_json_are_parsed_once(
    tmp_path: Path, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bytes] = []

    def counted(raw: bytes) -> frozenset[str] | None:
        asked.append(raw)
        return json_keys(raw)

    monkeypatch.setattr("iac_ec2lint.source.files.json_keys", counted)
    for name, raw in {"a.json": b'{"Resources": {}}', "b.json": b"[]"}.items():
        found = {files.json_keys(tmp_path / name, raw) for _ in range(2)}
        assert found == {json_keys(raw)}
    assert asked == [b'{"Resources": {}}', b"[]"]
