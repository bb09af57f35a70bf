"""``--select`` and ``--ignore``: codes and how they begin, names, severities, ALL and DEFAULT."""

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


def test_the_beginning_of_a_code_selects(folder: Path) -> None:
    assert codes(folder, "--select", "SG00,DATA0") == {"SG001", "DATA001"}


def test_a_severity_selects_the_checks_that_have_it_at_most(folder: Path) -> None:
    assert codes(folder, "--select", "high") == {"SG001", "DATA001"}


def test_what_is_off_by_default_runs_where_it_is_named_or_all_is(tmp_path: Path) -> None:
    host = 'resource "aws_instance" "web" {\n  key_name = "ops"\n}\n'
    folder = write(tmp_path, {"main.tf": host})
    assert "KEY001" not in codes(folder)
    assert "KEY001" in codes(folder, "--select", "ALL")
    assert "KEY001" in codes(folder, "--select", "KEY001")
    assert "KEY001" not in codes(folder, "--select", "KEY")
    assert "KEY001" not in codes(folder, "--select", "info")
    assert codes(folder, "--select", "DEFAULT,KEY001") == codes(folder) | {"KEY001"}
    assert codes(folder, "--ignore", "ALL") == set()


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
    ended = run(".", "--select", "SG001,SG9", cwd=folder)
    assert ended.status == 2
    assert "'SG9'" in ended.err
    assert "iac-ec2lint checks" in ended.err
