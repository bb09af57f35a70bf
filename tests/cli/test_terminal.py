"""Colour and the progress bar: on a terminal, and nowhere else."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.program import PATIENCE, PLAIN_VOLUME, environment, run, run_process, write

from iac_ec2lint.cli import scan as scan_command

pytestmark = pytest.mark.slow

pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")

ESCAPE = "\x1b["


def on_terminal(*arguments: str, cwd: Path, env: dict[str, str] | None = None) -> str:
    """What the program writes to a terminal that is its standard output and error."""
    master, slave = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "iac_ec2lint", *arguments],
        cwd=cwd,
        env=env or environment({"TERM": "xterm"}),
        stdin=subprocess.DEVNULL,
        stdout=slave,
        stderr=slave,
    ) as process:
        os.close(slave)
        written = b""
        try:
            while chunk := os.read(master, 65536):
                written += chunk
        except OSError:  # Linux: EIO once the other side is closed
            pass
        process.wait(PATIENCE)
    os.close(master)
    return written.decode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path, {"main.tf": PLAIN_VOLUME})


def test_text_is_coloured_on_a_terminal(folder: Path) -> None:
    shown = on_terminal(".", cwd=folder)
    assert ESCAPE in shown
    assert "DATA001" in shown


def test_how_long_it_took_is_told_on_a_terminal_alone(folder: Path) -> None:
    """What goes elsewhere is the same for the same input."""
    assert re.search(r"It took [0-9]+\.[0-9] s\.", on_terminal("scan", ".", cwd=folder))
    assert "\ntime " not in run("scan", ".", cwd=folder).out


def test_no_color_is_obeyed(folder: Path) -> None:
    shown = on_terminal(".", cwd=folder, env=environment({"TERM": "xterm", "NO_COLOR": "1"}))
    assert "DATA001" in shown
    assert ESCAPE not in shown


def test_an_empty_no_color_means_nothing(folder: Path) -> None:
    # https://no-color.org: "when present and not an empty string"
    assert ESCAPE in on_terminal(
        ".", cwd=folder, env=environment({"TERM": "xterm", "NO_COLOR": ""})
    )


@pytest.mark.parametrize(
    ("variables", "options"),
    [({"TERM": "dumb"}, ()), ({"TERM": "xterm"}, ("--no-color",))],
    ids=["a dumb terminal", "--no-color"],
)
def test_there_are_ways_to_have_no_colour(
    folder: Path, variables: dict[str, str], options: tuple[str, ...]
) -> None:
    shown = on_terminal(".", *options, cwd=folder, env=environment(variables))
    assert "DATA001" in shown
    assert ESCAPE not in shown


def test_colour_is_forced_into_a_pipe(folder: Path) -> None:
    assert ESCAPE in run_process(".", cwd=folder, env=environment({"FORCE_COLOR": "1"})).out


@pytest.mark.parametrize("form", ["json", "sarif", "github"])
def test_other_formats_are_never_coloured(folder: Path, form: str) -> None:
    shown = on_terminal(".", "--format", form, cwd=folder)
    assert "DATA001" in shown
    assert ESCAPE not in shown


def test_no_colour_into_a_pipe_or_a_file(folder: Path) -> None:
    piped = run_process(".", cwd=folder, env=environment({"TERM": "xterm"}))
    assert "DATA001" in piped.out
    assert ESCAPE not in piped.out + piped.err
    on_terminal(".", "--output", "text=report", cwd=folder)
    assert (folder / "report").read_text("utf-8") == piped.out


def test_control_characters_from_a_file_do_not_reach_the_terminal(tmp_path: Path) -> None:
    text = PLAIN_VOLUME.replace("= false", '= false # \x1b]0;title\x07 \x1b[2J "')
    write(tmp_path, {"main.tf": text})
    env = environment({"TERM": "xterm", "NO_COLOR": "1"})
    shown = on_terminal(".", cwd=tmp_path, env=env)
    assert "DATA001" in shown
    assert "\x1b" not in shown
    assert "\x07" not in shown


class _Terminal:
    def __init__(self, *, is_terminal: bool) -> None:
        self.written = ""
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal

    def write(self, text: str) -> int:
        self.written += text
        return len(text)

    def flush(self) -> None:
        pass


@pytest.mark.parametrize("is_terminal", [True, False])
def test_a_progress_bar_appears_on_a_terminal_when_work_goes_on(
    monkeypatch: pytest.MonkeyPatch, is_terminal: bool
) -> None:
    errors = _Terminal(is_terminal=is_terminal)
    monkeypatch.setattr(sys, "stderr", errors)
    monkeypatch.setattr(scan_command, "_PATIENCE", 0)
    with scan_command._Progress() as progress:
        for done in range(1, 5):
            progress(done, 4)
    assert ("Checking" in errors.written) == is_terminal
    assert ("100%" in errors.written) == is_terminal


def test_no_progress_bar_for_what_is_done_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    errors = _Terminal(is_terminal=True)
    monkeypatch.setattr(sys, "stderr", errors)
    monkeypatch.setattr(scan_command, "_PATIENCE", 3600)
    with scan_command._Progress() as progress:
        for done in range(1, 5):
            progress(done, 4)
    assert errors.written == ""
