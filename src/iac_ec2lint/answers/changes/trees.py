"""A revision's files in a folder of their own, for as long as they are judged."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import stat
import tempfile
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from iac_ec2lint.answers.changes.objects import LARGEST, TreeEntry
from iac_ec2lint.source.discovery import SKIPPED_FOLDERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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


def lay_out(
    objects: GitObjects,
    revision: str,
    folder: Path,
    other: tuple[Path, Mapping[str, TreeEntry]] | None = None,
) -> dict[str, TreeEntry]:
    """Write a revision's files that a scan may read.

    Args:
        objects: The repository's.
        revision: A commit, a branch, a tag.
        folder: An empty folder.
        other: A folder where another revision is laid out, and its files: those that are the same
            are not written again.

    Returns:
        All files of it, by path.

    Raises:
        MissingObject: The revision, or a part of it, is not here.
    """
    made: set[Path] = set()
    found: dict[str, TreeEntry] = {}
    for entry in objects.files(revision):
        found[entry.path] = entry
        target = folder / entry.path
        if other is not None and other[1].get(entry.path) == entry and not entry.is_link:
            if target.parent not in made:
                target.parent.mkdir(parents=True, exist_ok=True)
                made.add(target.parent)
            with suppress(OSError):
                os.link(other[0] / entry.path, target)
                continue
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
    return found


def work_tree_files(work_tree: Path, base: Mapping[str, TreeEntry]) -> dict[str, TreeEntry]:
    """The files of a work tree as git would name their content.

    Args:
        work_tree: Its top folder.
        base: The files of a revision, which are looked at wherever they are.

    Returns:
        Them, by path. Of what tools fill only those that are in the revision too.
    """
    length = max((len(entry.oid) for entry in base.values()), default=40)
    paths = {path for path in base if os.path.lexists(work_tree / path)}
    for top, folders, names in os.walk(work_tree):
        folders[:] = [name for name in folders if name not in SKIPPED_FOLDERS | {".git"}]
        links = [name for name in folders if (Path(top) / name).is_symlink()]
        inside = os.path.relpath(top, work_tree).replace(os.sep, "/")
        paths.update(name if inside == "." else f"{inside}/{name}" for name in (*names, *links))
    found = {}
    for path in paths:
        place = work_tree / path
        try:
            status = place.lstat()
            is_link = stat.S_ISLNK(status.st_mode)
            if not is_link and not stat.S_ISREG(status.st_mode):
                continue  # reading a pipe waits for ever
            if status.st_size > LARGEST:  # nobody reads it: its being there is enough
                found[path] = TreeEntry(path, "", is_link=False)
                continue
            content = os.fsencode(os.readlink(place)) if is_link else place.read_bytes()  # noqa: PTH115
        except OSError:  # a folder, or what may not be read: it is not the same
            continue
        hashed = hashlib.new("sha1" if length == 40 else "sha256", usedforsecurity=False)
        hashed.update(b"blob %d\0" % len(content))
        hashed.update(content)
        found[path] = TreeEntry(path, hashed.hexdigest(), is_link)
    return found


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
