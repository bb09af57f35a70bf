"""A short run of the fuzzers; ``benchmarks/fuzz.py`` runs them for as long as one likes."""

from __future__ import annotations

from contextlib import chdir
from pathlib import Path

import fuzz
import pytest


@pytest.mark.slow
@pytest.mark.parametrize("name", ["grown", "changed"])
def test_no_input_crashes_hangs_or_hides_another(tmp_path: Path, name: str) -> None:
    makes = fuzz.makers(seed=7)[name]
    with chdir(tmp_path):
        assert [*fuzz.fuzz(makes, 3 * fuzz.BATCH, tmp_path / "units")] == []


def test_what_it_writes_is_the_seeds() -> None:
    first, again = fuzz.makers(1), fuzz.makers(1)
    for name in first:
        assert [first[name]() for _ in range(20)] == [again[name]() for _ in range(20)]
    assert len(fuzz.corpus()) > 50


def test_a_crash_a_hang_and_a_silence_are_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    harmless = {"main.tf": b"locals {}\n"}
    top = tmp_path / "units"
    with chdir(tmp_path):
        assert [*fuzz.failing([harmless, harmless], top)] == []
        monkeypatch.setitem(fuzz.BESIDE, "beside.tf", "locals { a = 1 }\n")
        assert [*fuzz.failing([harmless], top)] == [(harmless, ["u0/beside.tf is silenced"])]

        def crash(*_: object) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr(fuzz, "scan", crash)
        assert [*fuzz.failing([harmless], top)] == [(harmless, ["it raises ZeroDivisionError: "])]

        def hang(*_: object) -> None:
            while True:
                pass

        monkeypatch.setattr(fuzz, "scan", hang)
        monkeypatch.setattr(fuzz, "PATIENCE", 0.01)
        assert [*fuzz.failing([harmless], top)] == [(harmless, ["it hangs"])]
