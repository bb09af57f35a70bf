"""What holds for all tests: byte code for programs they start, and whose turn it is."""

from __future__ import annotations

import datetime
import gc
import os
import shutil
import subprocess
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

# Wall time on a machine that runs other tests too says nothing of the program.
settings.register_profile("without deadlines", deadline=None)
settings.register_profile(
    "few examples",
    parent=settings.get_profile("without deadlines"),
    max_examples=20,
    derandomize=True,
)
settings.load_profile("without deadlines")

ROTATION = "EC2LINT_ROTATION"
"""Which share of the long sweeps this run takes (tests/invariance/corpus.py); ``all`` is all."""


def pytest_configure(config: pytest.Config) -> None:
    """Settle, before workers are started, what they and all programs inherit."""
    if config.getoption("markexpr") == "not slow":
        settings.load_profile("few examples")
    os.environ["IAC_EC2LINT_CACHE_DIR"] = ""  # no test is answered by what another one was told
    if ROTATION not in os.environ:
        os.environ[ROTATION] = str(_rotation())
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
        # Each program that a test starts would compile some 400 modules again.
        folder = tempfile.mkdtemp(prefix="byte-code-")
        os.environ["PYTHONPYCACHEPREFIX"] = folder
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Search for no garbage while tests are collected: they are kept."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


def pytest_collection_finish() -> None:
    """Leave the thousands of collected tests out of each later search for garbage."""
    gc.collect()
    gc.freeze()


def pytest_report_header() -> str:
    """How this run's rotation is asked for again."""
    return f"rotation: {ROTATION}={os.environ[ROTATION]}"


def _rotation() -> int:
    """A number that each commit changes; where there is no git, each day."""
    try:
        done = subprocess.run(
            ["git", "rev-parse", "HEAD"],
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return datetime.datetime.now(tz=datetime.UTC).toordinal()
    return int(done.stdout[:8], 16)
