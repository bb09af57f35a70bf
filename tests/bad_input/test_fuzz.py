"""A short run of the fuzzers; ``benchmarks/fuzz.py`` runs them for as long as one likes."""

from __future__ import annotations

from contextlib import chdir
from pathlib import Path

import fuzz
import pytest
from fuzzing import guided


@pytest.mark.slow
@pytest.mark.parametrize("name", ["grown", "changed", "bent"])
def test_no_input_crashes_hangs_or_hides_another(tmp_path: Path, name: str) -> None:
    fuzzer = fuzz.fuzzers(seed=7)[name]
    with chdir(tmp_path):
        tried = list(fuzz.fuzz(fuzzer, fuzzer.batch, tmp_path / "units", seed=7))
    assert [(done, wrong) for done, _, wrong in tried] == [(fuzzer.batch, [])]


def test_what_they_write_is_the_seeds() -> None:
    first, again = fuzz.fuzzers(1), fuzz.fuzzers(1)
    for name in first:
        assert [first[name].write() for _ in range(5)] == [again[name].write() for _ in range(5)]


def test_a_crash_a_hang_and_a_silence_are_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    harmless = {"main.tf": b"locals {}\n"}
    top = tmp_path / "units"
    with chdir(tmp_path):
        assert [*fuzz.failing([harmless, harmless], top)] == []
        monkeypatch.setitem(fuzz.BESIDE, "beside.tf", "locals { a = 1 }\n")
        assert [*fuzz.failing([harmless], top)] == [([harmless], ["u0/beside.tf is silenced"])]
        plan = {"plan.json": b'{"format_version": 1'}
        [(_, wrong)] = fuzz.failing([plan], top)
        assert wrong == ["beside-tf-0/beside.tf is silenced"]

        def crash(*_: object) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr(fuzz, "scan", crash)
        assert [*fuzz.failing([harmless], top)] == [([harmless], ["it raises ZeroDivisionError: "])]

        def hang(*_: object) -> None:
            while True:
                pass

        monkeypatch.setattr(fuzz, "scan", hang)
        monkeypatch.setattr(fuzz, "PATIENCE", 0.01)
        assert [*fuzz.failing([harmless], top)] == [([harmless], ["it hangs"])]


def test_what_fails_only_together_is_kept_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs = [{"a.tf": b"1"}, {"a.tf": b"2"}, {"a.tf": b"3"}]
    monkeypatch.setattr(fuzz, "try_inputs", lambda some, *_: ["bad"] if len(some) > 1 else [])
    assert [*fuzz.failing(inputs, tmp_path)] == [(inputs[1:], ["bad"])]


def test_what_coverage_guides_tries_each_shape_and_sees_what_is_lost(tmp_path: Path) -> None:
    """Without atheris, which only chooses the bytes."""
    try_input = guided.target(tmp_path)
    for shape in range(len(guided.SHAPES)):
        try_input(bytes([shape]) + b'{a = "b"}')
    (tmp_path / "beside.tf").write_text("locals {}\n")
    with pytest.raises(AssertionError, match="what is beside it is lost"):
        try_input(b"\0locals {}\n")
