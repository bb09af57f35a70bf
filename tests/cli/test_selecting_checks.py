"""``--select`` and ``--ignore``: codes, names and families."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.program import OPEN_SSH, PLAIN_VOLUME, run, scan, write


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path, {"main.tf": PLAIN_VOLUME, "open.tf": OPEN_SSH})


def codes(folder: Path, *arguments: str) -> set[str]:
    return {check for check, _, _ in scan(".", *arguments, cwd=folder).found}


@pytest.mark.parametrize("word", ["SG001", "sg001", "ssh-open-to-internet"])
def test_a_check_is_selected_by_code_or_name(folder: Path, word: str) -> None:
    assert codes(folder, "--select", word) == {"SG001"}


def test_a_family_is_selected(folder: Path) -> None:
    assert {code.rstrip("0123456789") for code in codes(folder, "--select", "SG")} == {"SG"}


def test_selections_add_up(folder: Path) -> None:
    expected = {"SG001", "DATA001"}
    assert codes(folder, "--select", "SG001", "--select", "DATA001") == expected
    assert codes(folder, "--select", "SG001, DATA001") == expected


def test_ignoring_takes_away(folder: Path) -> None:
    everything = codes(folder)
    assert {"SG001", "DATA001"} <= everything
    assert codes(folder, "--ignore", "SG001") == everything - {"SG001"}
    assert codes(folder, "--ignore", "SG,DATA001") == {
        code for code in everything if not code.startswith("SG") and code != "DATA001"
    }


def test_ignoring_wins_over_selecting(folder: Path) -> None:
    assert codes(folder, "--select", "SG", "--ignore", "ssh-open-to-internet") == (
        codes(folder, "--select", "SG") - {"SG001"}
    )


def test_an_unknown_word_is_named_with_what_to_do(folder: Path) -> None:
    ended = run(".", "--select", "SG001,SG01", cwd=folder)
    assert ended.status == 2
    assert "'SG01'" in ended.err
    assert "iac-ec2lint checks" in ended.err
