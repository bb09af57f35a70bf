"""What a run says where the machine has no room for it, and with Python's own optimisations."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor
from pathlib import Path
from typing import Any

import pytest
from tests.cli.program import OPEN_SSH, PATIENCE, environment, run, scan, write

from iac_ec2lint.answers.scanning import workers
from iac_ec2lint.answers.units import Job, Survey, UnitGraph
from iac_ec2lint.answers.units.finder import UnitFinder


def lack_memory(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Let the unit of a folder need more memory than there is."""
    graph = Survey.graph

    def lacking(self: Survey, job: Job, *rest: Any, **more: Any) -> UnitGraph:
        if job.path.name == name:
            raise MemoryError
        return graph(self, job, *rest, **more)

    monkeypatch.setattr(Survey, "graph", lacking)


def test_a_unit_that_memory_lacks_for_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lack_memory(monkeypatch, "large")
    folder = write(tmp_path, {"large/main.tf": OPEN_SSH, "small/main.tf": OPEN_SSH})
    ended = scan(".", "--select", "SG001", cwd=folder)
    assert ended.status == 3
    assert ended.found == [("SG001", "small/main.tf", 8)]
    [error] = ended.errors
    assert error["path"] == "large"
    assert "memory" in error["message"]


@pytest.mark.parametrize("command", ["scan", "values", "reach", "graph"])
def test_a_command_that_memory_lacks_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    def lacking(_: UnitFinder) -> None:
        raise MemoryError

    monkeypatch.setattr(UnitFinder, "find", lacking)
    ended = run(command, ".", cwd=write(tmp_path, {"main.tf": OPEN_SSH}))
    assert (ended.status, ended.out) == (3, "")
    assert ended.err.startswith("iac-ec2lint: there is not enough memory")
    assert ended.err.count("\n") == 1


def test_a_worker_that_is_killed_is_lack_of_memory() -> None:
    class Killed(Executor):
        def map(self, *_: Any, **__: Any) -> Iterator[Any]:
            yield "a result"
            raise BrokenExecutor

    results = workers.while_they_live(Killed().map())
    assert str(next(iter(results))) == "a result"
    with pytest.raises(MemoryError):
        next(results)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
@pytest.mark.parametrize(
    "arguments",
    [("scan", "."), ("scan", ".", "--format", "sarif"), ("graph", "."), ("checks",), ("--help",)],
)
def test_output_that_cannot_be_written(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    write(tmp_path, {"main.tf": OPEN_SSH})
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "iac_ec2lint", *arguments],
            cwd=tmp_path,
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=PATIENCE,
        )
    assert done.returncode == 3
    assert done.stderr == "iac-ec2lint: the output cannot be written: No space left on device\n"


@pytest.mark.slow
def test_a_pipe_that_nobody_reads(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": OPEN_SSH})
    with subprocess.Popen(
        [sys.executable, "-m", "iac_ec2lint", "."],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        told = running.stderr.read()
        assert running.wait(PATIENCE) == 3
    assert told == "iac-ec2lint: the output cannot be written: Broken pipe\n"


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [(".", "--format", "json"), ("explain", "SG001")])
def test_checks_do_not_rest_on_docstrings_and_assertions(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    write(tmp_path, {"main.tf": OPEN_SSH})

    def printed(level: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "iac_ec2lint", *arguments],
            cwd=tmp_path,
            env=environment({"PYTHONOPTIMIZE": level}),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        return done.returncode, done.stdout

    assert printed("2") == printed("0")
    assert "SG001" in printed("2")[1]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="its shell closes no streams")
@pytest.mark.parametrize(
    ("arguments", "closed", "words"),
    [
        ("scan .", ">&-", "the output cannot be written"),
        ("values . --all", ">&-", "the output cannot be written"),
        ("scan . --format json", ">&- <&-", "the output cannot be written"),
        ("scan . --output json=found.json", "2>&-", ""),
        ("scan - --stdin-filename x.tf", "<&-", "standard input is empty"),
    ],
)
def test_standard_streams_that_are_closed(
    tmp_path: Path, arguments: str, closed: str, words: str
) -> None:
    """They are one line and an incomplete run, where they are needed, and no traceback."""
    write(tmp_path, {"main.tf": OPEN_SSH})
    program = f'"{sys.executable}" -m iac_ec2lint {arguments} {closed}'
    done = subprocess.run(
        ["/bin/sh", "-c", program],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=environment(),
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == (3 if words else 1)
    assert words in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a folder in use cannot be removed")
def test_a_working_folder_that_is_gone(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    main = "from iac_ec2lint.cli.main import main; main()"
    program = f'rmdir "{gone}" && "{sys.executable}" -c "{main}" .'
    done = subprocess.run(
        ["/bin/sh", "-c", program],
        cwd=gone,
        capture_output=True,
        text=True,
        env=environment(),
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 3
    assert done.stderr == "iac-ec2lint: the working folder is not there any more\n"
