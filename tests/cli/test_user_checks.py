"""Checks of one's own: ``--checks DIR`` and entry points of installed packages."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.program import PLAIN_VOLUME, environment, run, run_process, scan, write

pytestmark = pytest.mark.slow

GOOD = '''\
from collections.abc import Iterator

from iac_ec2lint.api import (Check, Graph, Severity, Verdict)
from iac_ec2lint.api.resources import (Volume)


class VolumeDeclared(Check):
    """A volume that is declared at all.

    ## Why it matters
    This company has none.
    """

    code = "CORP001"
    name = "volume-declared"
    severity = Severity.LOW
    since = "1.0"

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        for volume in graph.all(Volume):
            yield Verdict(subject=volume, at=volume, message="a volume is declared")
'''
DOCUMENTATION = GOOD[GOOD.index('    """') : GOOD.index("    code")]


def lacking(attribute: str) -> str:
    """The good check without one attribute."""
    lines = GOOD.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(f"    {attribute} ="))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path, {"infra/main.tf": PLAIN_VOLUME, "own/corp/volume.py": GOOD})


def test_a_check_of_ones_own_runs_beside_the_built_in_ones(folder: Path) -> None:
    ended = scan("infra", "--checks", "own", cwd=folder)
    assert {("CORP001", "infra/main.tf", 1), ("DATA001", "infra/main.tf", 4)} <= set(ended.found)
    assert ended.errors == []


def test_it_is_selected_ignored_listed_and_explained_like_them(folder: Path) -> None:
    own = ("--checks", "own")
    assert [c for c, _, _ in scan("infra", *own, "--select", "CORP", cwd=folder).found] == [
        "CORP001"
    ]
    ignored = scan("infra", *own, "--ignore", "volume-declared", cwd=folder)
    assert "CORP001" not in {check for check, _, _ in ignored.found}
    assert "CORP001" in run("checks", *own, cwd=folder).out
    assert "This company has none." in run("explain", "CORP001", *own, cwd=folder).out
    assert run("scan", "infra", "--select", "CORP001", cwd=folder).status == 2, "not without it"


def test_it_can_be_suppressed(folder: Path) -> None:
    write(folder, {"infra/main.tf": "# ec2lint:ignore=CORP001 bought long ago\n" + PLAIN_VOLUME})
    ended = scan("infra", "--checks", "own", "--select", "CORP001", cwd=folder)
    [finding] = ended.report["findings"]
    assert finding["status"] == "suppressed"
    assert finding["suppression"]["reason"] == "bought long ago"
    assert ended.status == 0


BROKEN_CHECKS = {
    "syntax": ("class Broken(:\n", 1, "syntax"),
    "import": (
        "import iac_ec2lint\nimport no_such_package_of_ours\n",
        2,
        "no_such_package_of_ours",
    ),
    "raises": ("value = 1\nvalue / 0\n", 2, "ZeroDivisionError"),
    "code": (lacking("code"), 7, "code"),
    "name": (lacking("name"), 7, "name"),
    "severity": (lacking("severity"), 7, "severity"),
    "since": (lacking("since"), 7, "since"),
    "documentation": (GOOD.replace(DOCUMENTATION, ""), 7, "docstring"),
    "form of the code": (GOOD.replace("CORP001", "corp-1"), 7, "code"),
    "form of the name": (GOOD.replace("volume-declared", "Volume declared"), 7, "name"),
    "taken code": (GOOD.replace("CORP001", "SG001"), 7, "SG001"),
    "taken name": (
        GOOD.replace("volume-declared", "ssh-open-to-internet"),
        7,
        "ssh-open-to-internet",
    ),
}


@pytest.mark.parametrize("case", BROKEN_CHECKS)
def test_a_check_that_cannot_be_loaded_is_an_error_at_its_file_and_line(
    folder: Path, case: str
) -> None:
    text, line, word = BROKEN_CHECKS[case]
    write(folder, {"own/corp/broken.py": text})
    ended = scan("infra", "--checks", "own", cwd=folder)
    assert ended.status == 3
    [error] = ended.errors
    assert error["path"].endswith("own/corp/broken.py")
    assert error["line"] == line
    assert word in error["message"]
    assert {"CORP001", "DATA001"} <= {check for check, _, _ in ended.found}, "the others run"


def test_a_check_that_raises_while_it_examines_is_an_error_at_its_line(folder: Path) -> None:
    text = GOOD.replace("CORP001", "CORP002").replace("volume-declared", "volume-raised")
    text = text.replace(
        "            yield Verdict", "            volume.no_such_thing\n            yield Verdict"
    )
    write(folder, {"own/corp/raising.py": text})
    ended = scan("infra", "--checks", "own", cwd=folder)
    assert ended.status == 3
    [error] = ended.errors
    assert error["path"].endswith("own/corp/raising.py")
    assert "volume.no_such_thing" in text.splitlines()[error["line"] - 1]
    assert "CORP002" in error["message"]
    assert {"CORP001", "DATA001"} <= {check for check, _, _ in ended.found}, "the others run"


def test_checks_lists_what_could_be_loaded_and_is_3(folder: Path) -> None:
    write(folder, {"own/corp/broken.py": "class Broken(:\n"})
    ended = run("checks", "--checks", "own", cwd=folder)
    assert ended.status == 3
    assert "CORP001" in ended.out
    assert "broken.py:1:" in ended.err


def test_several_folders_and_files_of_one_name(folder: Path) -> None:
    other = GOOD.replace("CORP001", "CORP002").replace("volume-declared", "volume-there")
    write(folder, {"second/corp/volume.py": other})
    ended = scan("infra", "--checks", "own", "--checks", "second", "--select", "CORP", cwd=folder)
    assert {check for check, _, _ in ended.found} == {"CORP001", "CORP002"}


def test_a_file_without_a_check_is_no_error(folder: Path) -> None:
    write(folder, {"own/corp/ports.py": "SSH = 22\n"})
    assert scan("infra", "--checks", "own", cwd=folder).errors == []


def test_nothing_in_what_is_scanned_is_run(folder: Path) -> None:
    trap = "from pathlib import Path\nPath(__file__).with_name('ran').touch()\n"
    write(
        folder,
        {"infra/checks/trap.py": trap, "infra/sitecustomize.py": trap, "infra/conftest.py": trap},
    )
    run_process("infra", cwd=folder)
    run_process(".", cwd=folder / "infra")
    assert list(folder.rglob("ran")) == []


def installed(folder: Path, name: str, module: str) -> Path:
    """A folder as pip leaves it, with a package whose entry point names a module."""
    metadata = f"{name}-1.0.dist-info"
    return write(
        folder,
        {
            f"{name}/__init__.py": "",
            f"{name}/storage/volume.py": GOOD,
            f"{metadata}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
            f"{metadata}/entry_points.txt": f"[iac_ec2lint.checks]\ncorp = {module}\n",
        },
    )


def test_checks_of_an_installed_package_are_found_by_its_entry_point(folder: Path) -> None:
    packages = installed(folder / "packages", "corp_checks", "corp_checks")
    env = environment(before=[packages])
    ended = run_process("infra", "--format", "json", "--select", "CORP", cwd=folder, env=env)
    assert ended.found == [("CORP001", "infra/main.tf", 1)]
    assert "CORP001" in run_process("checks", cwd=folder, env=env).out


@pytest.mark.parametrize(
    "module", ["corp_checks.gone", "gone", "gone.inner", "corp_checks.storage.volume"]
)
def test_an_entry_point_that_leads_to_no_folder_is_an_error(folder: Path, module: str) -> None:
    packages = installed(folder / "packages", "corp_checks", module)
    ended = run_process("infra", "--format", "json", cwd=folder, env=environment(before=[packages]))
    assert ended.status == 3, ended.err
    [error] = ended.errors
    assert error["path"] == module
    assert "entry point corp" in error["message"]
    assert "DATA001" in {check for check, _, _ in ended.found}


UNLOADABLE = "import no_such_package_of_ours\n" + GOOD


@pytest.mark.parametrize(
    "arguments",
    [
        ("infra", "--select", "CORP001"),
        ("infra", "--select", "SG001,CORP001"),
        ("infra", "--ignore", "volume-declared"),
        ("explain", "CORP001"),
        ("graph", "infra", "--finding", "CORP001"),
    ],
    ids=" ".join,
)
def test_a_check_that_is_asked_for_and_does_not_load_says_so_first(
    folder: Path, arguments: tuple[str, ...]
) -> None:
    write(folder, {"own/corp/volume.py": UNLOADABLE})
    ended = run(*arguments, "--checks", "own", cwd=folder)
    assert ended.status == 3, "it may well exist"
    first = ended.err.splitlines()[0]
    assert "own/corp/volume.py:1:1: the check cannot be loaded" in first
    assert "no_such_package_of_ours" in first
    assert "no check" in ended.err


def test_the_list_of_checks_begins_with_those_that_do_not_load(folder: Path) -> None:
    write(folder, {"own/corp/volume.py": UNLOADABLE})
    ended = run("checks", "--checks", "own", cwd=folder)
    assert ended.status == 3
    assert "own/corp/volume.py:1:1: the check cannot be loaded" in ended.err
    assert "SG001" in ended.out


def test_a_wrong_word_is_a_wrong_use_where_all_checks_load(folder: Path) -> None:
    for arguments in (("infra", "--select", "CORP002"), ("explain", "CORP002")):
        assert run(*arguments, "--checks", "own", cwd=folder).status == 2
