"""What is installed: the wheel's content, its size with what it needs, its checks."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from email import message_from_string
from pathlib import Path
from typing import Any

import pytest
from tests.cli.program import (
    OPEN_SSH,
    REPOSITORY,
    environment,
    run_process,
    without_byte_code_settings,
    write,
)

import iac_ec2lint

pytestmark = pytest.mark.slow

PYPROJECT: dict[str, Any] = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
PROJECT: dict[str, Any] = PYPROJECT["project"]
OFFLINE = ("Failed to establish a new connection", "Temporary failure in name", "ProxyError")
NOT_SHIPPED = {"__pycache__"}


def pip(*arguments: str, cwd: Path) -> None:
    """Run pip; skip where it reaches no package index, fail where it fails otherwise."""
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--quiet", *arguments],
        cwd=cwd,
        env=without_byte_code_settings(),
        capture_output=True,
        text=True,
        timeout=600,
    )
    for sign in OFFLINE:
        if done.returncode and sign in done.stderr:
            pytest.skip(f"pip reaches no package index: {sign}")
    if done.returncode and "No module named pip" in done.stderr:
        pytest.skip("this environment has no pip")
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-deps", "--wheel-dir", str(folder), str(REPOSITORY), cwd=folder)
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Path:
    """A virtual environment with nothing in it but the wheel and what it needs."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    pip("--python", str(python_of(folder)), "install", str(wheel), cwd=folder)
    return folder


def python_of(folder: Path) -> Path:
    return folder / ("Scripts" if os.name == "nt" else "bin") / "python"


def files_below(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not NOT_SHIPPED & set(path.parts)
    }


def test_the_wheel_holds_the_package_and_the_checks(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    package = {f"iac_ec2lint/{name}" for name in files_below(REPOSITORY / "src" / "iac_ec2lint")}
    checks = {f"iac_ec2lint/checks/{name}" for name in files_below(REPOSITORY / "checks")}
    assert len(checks) > 20
    assert {name for name in names if ".dist-info/" not in name} == package | checks
    assert "iac_ec2lint/py.typed" in names
    assert any(name.endswith(".schema.json") for name in names)
    licences = {name.partition("/licenses/")[2] for name in names if "/licenses/" in name}
    assert licences == set(PROJECT["license-files"]) == {"LICENSE", "NOTICE"}


def test_the_version_is_the_same_everywhere(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        [name] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        metadata = message_from_string(archive.read(name).decode())
    changes = (REPOSITORY / "CHANGELOG.md").read_text("utf-8")
    assert metadata["Version"] == PROJECT["version"] == iac_ec2lint.__version__
    assert re.search(rf"^## \[?{re.escape(iac_ec2lint.__version__)}\b", changes, re.MULTILINE)


def test_it_needs_few_packages_each_from_a_release_on() -> None:
    requirements = PROJECT["dependencies"]
    assert len(requirements) <= 7
    # .ci/bounds tries these releases, and none is pinned.
    assert all(re.fullmatch(r"[\w-]+>=[\d.]+", text) for text in requirements)


def test_the_source_distribution_has_what_the_tests_and_a_packager_ask_for() -> None:
    sdist = PYPROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    assert [name for name in sdist if not (REPOSITORY / name).exists()] == []
    asked = {*PROJECT["license-files"], PROJECT["readme"], "tests", ".pre-commit-hooks.yaml"}
    assert asked <= set(sdist)


def test_the_installed_program_finds_what_the_clone_finds(installed: Path, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": OPEN_SSH})
    program = python_of(installed).with_name("iac-ec2lint")
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [program, "scan", ".", "--format", "json"],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
    )
    clone = run_process("scan", ".", "--format", "json", cwd=tmp_path)
    assert clone.found
    assert done.returncode == clone.status == 1, done.stderr
    # The page of a check is known where the package is installed.
    assert without_pages(done.stdout) == without_pages(clone.out)


def without_pages(report: str) -> str:
    return re.sub(r'"url": *"[^"]*"', '"url": ""', report)


def test_it_takes_less_than_55_megabytes_with_all_that_it_needs(installed: Path) -> None:
    [packages] = installed.glob("lib/python*/site-packages")
    assert sum(path.stat().st_size for path in packages.rglob("*") if path.is_file()) < 55_000_000


@pytest.fixture(scope="module")
def clone_listing(tmp_path_factory: pytest.TempPathFactory) -> str:
    return run_process("checks", cwd=tmp_path_factory.mktemp("clone")).out


def test_a_wheel_alone_has_the_same_checks_as_the_clone(
    wheel: Path, tmp_path: Path, clone_listing: str
) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    ended = run_process("checks", cwd=tmp_path, env=only(tmp_path))
    assert (ended.status, ended.out) == (0, clone_listing)


def test_an_editable_install_reads_the_checks_of_the_clone(
    tmp_path: Path, clone_listing: str
) -> None:
    copy = tmp_path / "clone"
    for name in ("src", "checks"):
        ignored = shutil.ignore_patterns(*NOT_SHIPPED)
        shutil.copytree(REPOSITORY / name, copy / name, ignore=ignored)
    for name in ("pyproject.toml", "LICENSE", "README.md"):
        shutil.copy(REPOSITORY / name, copy / name)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"], check=True)
    python = python_of(tmp_path / "venv")
    pip("--python", str(python), "install", "--no-deps", "--editable", str(copy), cwd=tmp_path)
    listing = listed_by(python, tmp_path)
    assert listing == clone_listing
    [check] = (copy / "checks").rglob("ssh_open_to_internet.py")
    text = check.read_text("utf-8").replace("SG001", "SG901")
    check.write_text(text.replace("ssh-open-to-internet", "edited"), encoding="utf-8")
    assert "SG901" in listed_by(python, tmp_path), "what is edited is what runs"


def listed_by(python: Path, cwd: Path) -> str:
    """The list of checks by an interpreter that borrows this one's dependencies."""
    borrowed = Path(next(p for p in sys.path if p.endswith("site-packages")))
    done = subprocess.run(
        [python, "-m", "iac_ec2lint", "checks"],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(borrowed)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def only(folder: Path) -> dict[str, str]:
    """An environment in which the package is found in one folder alone."""
    return {**environment(), "PYTHONPATH": str(folder)}
