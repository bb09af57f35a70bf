"""What is read of installed packages' metadata without the standard library's slow reader of it."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Iterator
from importlib.machinery import PathFinder
from importlib.metadata import entry_points, metadata
from pathlib import Path

import pytest

from iac_ec2lint.engine import registry

ADDRESS = "https://example.org/lint"


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    registry.project_url.cache_clear()
    yield
    registry.project_url.cache_clear()


def package(folder: Path, **files: str) -> None:
    inside = folder / "iac_ec2lint-9.9.9.dist-info"
    inside.mkdir()
    for name, text in files.items():
        (inside / name).write_text(text, "utf-8")


def alone(monkeypatch: pytest.MonkeyPatch, *places: Path) -> None:
    """Only these places on the path, and no finders of other tools."""
    monkeypatch.setattr(sys, "path", list(map(str, places)))
    monkeypatch.setattr(sys, "meta_path", [PathFinder])


def test_the_address_is_the_one_that_the_standard_library_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stated = f"Project-URL: Source, {ADDRESS}/src\nProject-URL: Homepage, {ADDRESS}\n"
    text = f"Metadata-Version: 2.4\nName: iac-ec2lint\nVersion: 9.9.9\n{stated}\n"
    package(tmp_path, METADATA=f"{text}Project-URL: Homepage, of the description\n")
    alone(monkeypatch, tmp_path)
    assert f"Homepage, {ADDRESS}" in (metadata("iac-ec2lint").get_all("Project-URL") or [])
    assert registry.project_url() == ADDRESS


def test_without_a_package_there_is_no_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone(monkeypatch, tmp_path, tmp_path / "missing")
    assert registry.project_url() == ""


def test_a_package_without_metadata_has_no_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package(tmp_path)
    alone(monkeypatch, tmp_path)
    assert registry.project_url() == ""


@pytest.mark.parametrize("suffix", [".dist-info", ".egg-info"])
def test_entry_points_are_found_in_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    inside = tmp_path / f"corp-1.0{suffix}"
    inside.mkdir()
    (inside / "entry_points.txt").write_text("[iac_ec2lint.checks]\ncorp = nowhere.at.all\n")
    alone(monkeypatch, tmp_path)
    assert [one.name for one in entry_points(group=registry.ENTRY_POINT_GROUP)] == ["corp"]
    folders, problems = registry.installed_folders()
    assert not folders
    assert [problem.path for problem in problems] == ["nowhere.at.all"]


def test_entry_points_are_found_in_archives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "corp.zip"
    with zipfile.ZipFile(archive, "w") as file:
        text = "[iac_ec2lint.checks]\ncorp = nowhere.at.all\n"
        file.writestr("corp-1.0.dist-info/entry_points.txt", text)
        file.writestr("corp-1.0.dist-info/METADATA", "Name: corp\nVersion: 1.0\n")
    alone(monkeypatch, archive)
    assert [one.name for one in entry_points(group=registry.ENTRY_POINT_GROUP)] == ["corp"]
    assert len(registry.installed_folders()[1]) == 1


def test_packages_without_checks_bring_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = tmp_path / "other-1.0.dist-info"
    inside.mkdir()
    (inside / "entry_points.txt").write_text("[console_scripts]\nother = other:main\n")
    alone(monkeypatch, tmp_path)
    assert registry.installed_folders() == ((), ())
