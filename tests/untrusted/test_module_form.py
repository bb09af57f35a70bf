"""What lies in the working folder is never taken for a part of the program."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.program import PLAIN_VOLUME, environment, run_process, write

pytestmark = pytest.mark.slow

SPY = "raise SystemExit('what lies in the working folder was run')\n"
CHECKS = "[iac_ec2lint.checks]\nplanted = planted.checks\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A root module beside modules that shadow others, and a package that brings checks."""
    shadows = ("click", "yaml", "networkx", "hcl2", "json", "decimal", "ipaddress", "planted")
    return write(
        tmp_path / "tree",
        {
            **{f"{name}.py": SPY for name in shadows if name != "planted"},
            "planted/__init__.py": SPY,
            "planted/checks/planted.py": SPY,
            "planted-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: planted\nVersion: 1\n",
            "planted-1.0.dist-info/entry_points.txt": CHECKS,
            "main.tf": PLAIN_VOLUME,
        },
    )


@pytest.mark.parametrize("form", [("-m",), ("-P", "-m")], ids=" ".join)
def test_the_module_form_does_not_search_the_working_folder(
    tree: Path, form: tuple[str, ...]
) -> None:
    ended = run_process(".", "--quiet", cwd=tree, python=(*form, "iac_ec2lint"))
    assert "DATA001" in ended.out, ended.err
    assert "working folder was run" not in ended.err
    assert ended.status == 1
    ended = run_process("checks", cwd=tree, python=(*form, "iac_ec2lint"))
    assert ended.status == 0, ended.err


def test_only_the_working_folder_is_taken_off(tree: Path) -> None:
    program = (
        "import runpy, sys\nsys.path.insert(0, 'kept')\n"
        "try:\n    runpy.run_module('iac_ec2lint', run_name='__main__')\n"
        "finally:\n    print(sys.path[0])\n"
    )
    started = write(tree.parent / "bin", {"start.py": program}) / "start.py"
    ended = run_process("--version", cwd=tree, env=environment(), python=(str(started),))
    assert ended.out.splitlines()[-1] == "kept"
