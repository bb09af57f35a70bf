"""A revision that is read from git's objects is what the disk is where it is checked out."""

from __future__ import annotations

import errno
import os
import pickle
import random
import subprocess
from pathlib import Path

import pytest

from iac_ec2lint.answers.changes.objects import GitObjects
from iac_ec2lint.answers.changes.trees import GitTree, work_tree_files
from iac_ec2lint.source.files import Files
from iac_ec2lint.source.tree import Disk, Tree, walk

NAMES = ("a", "b", "c", "d")
LINKS = (
    *("a", "b/c", "../a", "../../b", ".", "..", "../..", "./b", "/etc", "c/./d", "TOP/a/b", "TOP"),
    *("../../../../../../../../etc", "../../NAME/a", "../NAME/b", "d", "TOP/../x"),
)


def git(folder: Path, *arguments: str) -> None:
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    names = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    subprocess.run(["git", *names, *arguments], cwd=folder, env=environment, check=True)


def grown(folder: Path, chance: random.Random, depth: int = 0) -> None:
    """Fill a folder with files, folders and links."""
    for name in NAMES:
        kind = chance.choice(["file", "folder", "link", "link", "nothing"])
        place = folder / name
        if kind == "folder" and depth < 3:
            place.mkdir()
            grown(place, chance, depth + 1)
        elif kind == "link":
            target = chance.choice(LINKS).replace("TOP", str(TOP[0])).replace("NAME", TOP[0].name)
            place.symlink_to(target)
        elif kind == "file":
            place.write_text(f"{chance.random()}", "utf-8")
    if not any(folder.iterdir()):
        (folder / "a").write_text("", "utf-8")


TOP: list[Path] = []


def committed(top: Path) -> tuple[GitObjects, GitTree]:
    git(top, "init", "-q")
    git(top, "add", "-A")
    git(top, "commit", "-qm", "all")
    objects = GitObjects(top)
    return objects, GitTree(top, objects, {one.path: one for one in objects.files("HEAD")}, Disk())


def content(tree: Tree, path: str) -> str:
    try:
        with tree.open(path) as file:
            return f"{file.size} {file.read(3)!r} {file.read(999)!r}"
    except OSError:
        return "none"


def is_circle(path: str) -> bool:
    try:
        Path(path).stat()
    except OSError as error:
        return error.errno == errno.ELOOP
    return False


def seen(tree: Tree, path: str) -> tuple[object, ...]:
    try:
        # Outside there is nothing, so that a link to there is one to no folder.
        entries = sorted(
            one
            for one in tree.entries(path)
            if one.name != ".git" and Path(tree.real(f"{path}/{one.name}")).is_relative_to(TOP[0])
        )
    except OSError:
        entries = []
    return (
        *(tree.real(path), tree.is_link(path), tree.is_file(path), tree.is_folder(path)),
        *(content(tree, path), entries),
    )


@pytest.mark.parametrize("seed", range(4))
def test_it_is_what_a_checkout_is(tmp_path: Path, seed: int) -> None:
    top = tmp_path / "top"
    top.mkdir()
    TOP[:] = [top]
    chance = random.Random(seed)  # noqa: S311 - nothing is kept secret by it
    grown(top, chance)
    objects, tree = committed(top)
    disk, files = Disk(), Files(top, top)
    inside = [
        [chance.choice([*NAMES, ".."]) for _ in range(chance.randint(1, 6))] for _ in range(400)
    ]
    with objects:
        for path in sorted({os.path.normpath(f"{top}/{'/'.join(parts)}") for parts in inside}):
            there, real = seen(disk, path), Path(disk.real(path))
            if is_circle(path):  # which way it is given up, nobody says
                assert seen(tree, path)[2:] == there[2:] == (False, False, "none", []), path
                continue
            if real.is_relative_to(top) and ".git" not in real.parts:
                assert seen(tree, path) == there, path
            else:
                assert not Path(tree.real(path)).is_relative_to(top), path
                assert seen(tree, path)[2:] == (False, False, "none", []), path
            assert Files(top, top, tree=tree).inside(path) == files.inside(path), path
        same = work_tree_files(top, {}, Disk())
        assert same == {one.path: one for one in objects.files("HEAD")}
        again = pickle.loads(pickle.dumps(tree))  # noqa: S301 - our own; as a new worker gets it
        walked = [[*walk(one, top)] for one in (tree, again)]
        assert walked[0] == walked[1]


def test_only_modules_that_are_installed_are_the_disks(tmp_path: Path) -> None:
    (tmp_path / "unit").mkdir()
    (tmp_path / "unit" / "main.tf").write_text("# 1", "utf-8")
    (tmp_path / "linked").symlink_to("unit")
    objects, tree = committed(tmp_path)
    filled = tmp_path / "unit" / ".terraform" / "modules"
    filled.mkdir(parents=True)
    (filled / "m.tf").write_text("# m", "utf-8")
    (filled / "out").symlink_to("/etc")
    (filled / "back").symlink_to("../../main.tf")
    (filled / "new").symlink_to("../../new.tf")
    (tmp_path / "unit" / ".terraform" / "other.tf").write_text("# other", "utf-8")
    (tmp_path / "unit" / "main.tf").write_text("# 2", "utf-8")
    (tmp_path / "unit" / "new.tf").write_text("# new", "utf-8")
    with objects:
        files = Files(tmp_path, tmp_path, tree=tree)
        for above in ("unit", "linked"):
            modules = f"{tmp_path}/{above}/.terraform/modules"
            assert content(tree, f"{modules}/m.tf") == "3 b'# m' b''"
            assert content(tree, f"{modules}/back") == "3 b'# 1' b''"
            assert content(tree, f"{modules}/new") == "none"
            assert files.names(modules) == ("back", "m.tf", "new")
            assert not files.inside(f"{modules}/out/hosts")
            assert not files.is_file(f"{tmp_path}/{above}/.terraform/other.tf")
            assert content(tree, f"{tmp_path}/{above}/main.tf") == "3 b'# 1' b''"


def test_a_worker_reads_by_a_process_of_its_own(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"{number}.tf").write_text(f"{number:0>3}", "utf-8")
    objects, tree = committed(tmp_path)
    with objects:
        content(tree, f"{tmp_path}/0.tf")
        if (worker := os.fork()) == 0:
            fine = all(
                content(tree, f"{tmp_path}/{n}.tf") == f"3 b'{n:0>3}' b''" for n in range(20)
            )
            os._exit(0 if fine else 1)
        for n in range(20):
            assert content(tree, f"{tmp_path}/{n}.tf") == f"3 b'{n:0>3}' b''"
        assert os.waitpid(worker, 0)[1] == 0
