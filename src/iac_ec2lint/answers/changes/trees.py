"""A revision's files in a folder of their own, for as long as they are judged."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.answers.changes.objects import GitObjects

_MODULES = Path(".terraform") / "modules"
_READ = (
    *(".tf", ".tofu", ".tfvars", ".json", ".yaml", ".yml", ".template", ".cfn", ".cform"),
    *(".cloudformation", ".hcl", ".toml", ".tftpl", ".tpl", ".sh", ".txt", ".ps1", ".cfg", ".py"),
    *(".conf", ".ini", ".md", ".pub", ".pem", ".j2", ".service"),
)
_SMALL = 200_000


@contextmanager
def private_folder() -> Iterator[Path]:
    """A new folder that nobody else may enter, removed at the end however the program is ended.

    Ended by SIGKILL, or by a system that stops, it is left behind.
    """
    if threading.current_thread() is not threading.main_thread():
        with tempfile.TemporaryDirectory(prefix="iac-ec2lint-") as made:  # 0700
            yield Path(made).resolve()
        return
    owner = os.getpid()

    def end(number: int, _frame: object) -> None:
        if os.getpid() != owner:  # a worker, which has nothing to remove
            os._exit(128 + number)
        raise SystemExit(128 + number)

    numbers = [n for n in (signal.SIGTERM, getattr(signal, "SIGHUP", None)) if n is not None]
    old = {number: signal.getsignal(number) for number in numbers}
    for number in numbers:
        if old[number] == signal.SIG_DFL:  # nohup and the like have chosen already
            signal.signal(number, end)
    try:
        with tempfile.TemporaryDirectory(prefix="iac-ec2lint-") as made:
            yield Path(made).resolve()
    finally:
        for number in numbers:
            signal.signal(number, old[number])


def lay_out(objects: GitObjects, revision: str, folder: Path) -> None:
    """Write a revision's files that a scan may read.

    Args:
        objects: The repository's.
        revision: A commit, a branch, a tag.
        folder: An empty folder.

    Raises:
        MissingObject: The revision, or a part of it, is not here.
    """
    made: set[Path] = set()
    for entry in objects.files(revision):
        target = folder / entry.path
        content = objects.content(entry)
        if not entry.is_link and not entry.path.endswith(_READ) and len(content) > _SMALL:
            content = b""  # an archive, a picture: its being there is enough
        if target.parent not in made:
            target.parent.mkdir(parents=True, exist_ok=True)
            made.add(target.parent)
        with suppress(OSError):  # a name that this system has not is no file here either
            if entry.is_link:
                target.symlink_to(os.fsdecode(content))
            else:
                target.write_bytes(content)


def bring_modules(work_tree: Path, folder: Path) -> None:
    """Copy the modules that ``terraform init`` installed in a work tree to where they belong.

    A manifest says which call each is for, so that what a revision calls otherwise is not used.
    """
    for top, folders, _ in os.walk(work_tree):
        if ".git" in folders:
            folders.remove(".git")
        if ".terraform" not in folders:
            continue
        folders.remove(".terraform")
        source = Path(top) / _MODULES
        target = folder / Path(top).relative_to(work_tree) / _MODULES
        if source.is_dir() and target.parent.parent.is_dir() and not target.exists():
            with suppress(OSError, shutil.Error):
                shutil.copytree(source, target, symlinks=True)
