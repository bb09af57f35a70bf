"""PATH018 where it is told which accounts are one's own or trusted."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
from tests.checks.fixture_cases import FIXTURES
from tests.network.infrastructure import graph

from iac_ec2lint.engine.check import Check, Verdict
from iac_ec2lint.engine.registry import builtin_folder, load

OWN, FOREIGN = "123456789012", "999999999999"
CHECK = next(one.check for one in load([builtin_folder()])[0] if one.info.code == "PATH018")


def verdicts(file: str, trusted: tuple[str, ...], folder: Path) -> dict[str, Verdict]:
    """What it says of the roles of a fixture that one account may assume."""
    kind = type("Trusting", (type(CHECK),), {"trusted_accounts": trusted})
    check = cast("Check", kind())
    made = graph((FIXTURES / "PATH018" / file).read_text("utf-8"), folder)
    found = [one for one in check.examine(made) if isinstance(one, Verdict)]
    return {one.subject.address: one for one in found if one.message.startswith("account ")}


@pytest.mark.parametrize("file", ["trust.tf", "trust.yaml"])
def test_without_any_nothing_about_an_account_is_proven(file: str, tmp_path: Path) -> None:
    found = verdicts(file, (), tmp_path)
    assert found
    assert all(one.undecided or one.assumptions for one in found.values())


@pytest.mark.parametrize("file", ["trust.tf", "trust.yaml"])
def test_an_account_that_is_none_of_them_is_foreign(file: str, tmp_path: Path) -> None:
    (tmp_path / "before").mkdir()
    before = verdicts(file, (), tmp_path / "before")
    found = verdicts(file, (FOREIGN,), tmp_path)
    assert found.keys() == before.keys()
    for one in found.values():
        assert not one.undecided
        assert one.message.startswith(f"account {OWN} can assume role")
        assert one.severity == "medium"


@pytest.mark.parametrize("file", ["trust.tf", "trust.yaml"])
def test_an_account_that_is_one_of_them_passes(file: str, tmp_path: Path) -> None:
    assert not verdicts(file, (FOREIGN, OWN), tmp_path)


@pytest.mark.parametrize("file", ["trust.tf", "trust.yaml"])
def test_everyone_is_foreign_all_the_same(file: str, tmp_path: Path) -> None:
    kind = type("Trusting", (type(CHECK),), {"trusted_accounts": (OWN,)})
    check = cast("Check", kind())
    made = graph((FIXTURES / "PATH018" / file).read_text("utf-8"), tmp_path)
    found = [one for one in check.examine(made) if isinstance(one, Verdict)]
    assert any(one.message.startswith("any AWS principal can assume role") for one in found)
