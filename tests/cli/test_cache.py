"""What a scan says again from its cache is what it would say anew, whatever has changed."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from tests.cli.program import OPEN_SSH, PLAIN_VOLUME, PLAIN_VOLUME_TEMPLATE, SAFE_VOLUME, Run, run
from tests.cli.program import write as write_files

from iac_ec2lint.answers import cache
from iac_ec2lint.answers.cache import Answer, Cache
from iac_ec2lint.answers.scan import Scan, ScanOptions, scan
from iac_ec2lint.cli import cached
from iac_ec2lint.engine.report import Report
from iac_ec2lint.report import TIMED, formats, render
from iac_ec2lint.source.observed import Observed
from iac_ec2lint.source.tree import Disk

TREE = {
    "main.tf": """\
variable "open" {
  default = true
}
module "net" {
  source = "./net"
  range  = file("${path.module}/range.txt")
}
data "terraform_remote_state" "other" {
  backend = "local"
  config  = { path = "../other/terraform.tfstate" }
}
resource "aws_ebs_volume" "plain" {
  availability_zone = "eu-west-1a"
  size              = 10
  encrypted         = var.open ? false : true
}
""",
    "range.txt": "0.0.0.0/0",
    "net/main.tf": OPEN_SSH.replace('"0.0.0.0/0"', "var.range")
    + 'variable "range" {}\noutput "x" {\n  value = 1\n}\n',
    "other/main.tf": PLAIN_VOLUME,
    "stack/template.yaml": PLAIN_VOLUME_TEMPLATE,
    "stack/notes.md": "nothing\n",
}


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a cache in which each scan is kept, however short."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("IAC_EC2LINT_CACHE_DIR", str(folder))
    monkeypatch.setattr(cached, "KEPT_FROM", 0)
    # Other tests write checks into this checkout and take them away again.
    monkeypatch.setattr(cache, "program", lambda: "this one")
    return folder


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    folder = tmp_path / "tree"
    folder.mkdir()
    write_files(folder, TREE)
    return folder


@pytest.fixture
def scans(monkeypatch: pytest.MonkeyPatch) -> list[Scan]:
    """The scans that were done, and not answered from a cache."""
    done: list[Scan] = []
    run_scan = Scan.run

    def counted(self: Scan, *arguments: Any, **more: Any) -> Report:
        done.append(self)
        return run_scan(self, *arguments, **more)

    monkeypatch.setattr(Scan, "run", counted)
    return done


def both(tree: Path, *arguments: str) -> tuple[Run, Run]:
    """What a scan says with the cache, and without."""
    told = ("scan", ".", "--format", "json", "--show-notes", *arguments)
    return run(*told, cwd=tree), run(*told, "--no-cache", cwd=tree)


def test_an_unchanged_tree_is_scanned_once(kept: Path, tree: Path, scans: list[Scan]) -> None:
    first = run(".", "-o", "sarif=out.sarif", cwd=tree)
    written = (tree / "out.sarif").read_bytes()
    (tree / "out.sarif").unlink()
    # Its own output is a change of what stands in the folder: so it is asked twice.
    run(".", "-o", "sarif=../out.sarif", cwd=tree)
    (tree / "../out.sarif").unlink()
    again = run(".", "-o", "sarif=../out.sarif", "--jobs", "1", cwd=tree)
    assert len(scans) == 2
    assert again == first
    assert (tree / "../out.sarif").read_bytes() == written
    assert [path.suffix for path in kept.iterdir()] == [".answer"] * 2


@pytest.mark.usefixtures("kept")
def test_verbose_says_what_was_spared(tree: Path) -> None:
    first, again = (run(".", "--verbose", cwd=tree) for _ in range(2))
    assert again.out == first.out
    assert again.err.startswith(first.err)
    assert "cache: nothing has changed since the scan that took" in again.err


@pytest.mark.usefixtures("kept")
def test_other_words_are_another_question(tree: Path, scans: list[Scan]) -> None:
    (tree / "a.yaml").write_text("ignore: [DATA001]\n", "utf-8")
    (tree / "known.json").write_text('{"version": 1, "findings": []}', "utf-8")
    every: list[tuple[str, ...]] = [
        ("--select", "SG"),
        ("--format", "json"),
        ("--var", "open=false"),
        ("--config", "a.yaml"),
        ("--exit-zero",),
        ("net",),
    ]
    for number, more in enumerate(every, 1):
        for _ in range(2):
            run("scan", "." if more != ("net",) else "net", *more, cwd=tree)
        assert len(scans) == number
    (tree / "a.yaml").write_text("ignore: [SG001]\n", "utf-8")
    run("scan", ".", "--config", "a.yaml", cwd=tree)
    assert len(scans) == len(every) + 1


@pytest.mark.parametrize(
    "arguments",
    [("--no-cache",), ("--timeout", "60"), ("--checks", "checks"), ("--format", "gitlab-sast")],
    ids=" ".join,
)
def test_nothing_is_kept_of_what_hangs_on_more(
    kept: Path, tree: Path, arguments: tuple[str, ...]
) -> None:
    (tree / "checks").mkdir()
    run("scan", ".", *arguments, cwd=tree)
    assert not kept.exists()


def test_formats_that_tell_the_time_are_known(tree: Path) -> None:
    report = scan(ScanOptions(paths=(tree,), working=tree))
    for name in formats():
        times = ("2026-01-01T00:00:00", "2027-01-01T00:00:00")
        first, second = (
            render(name, report, started=t, ended=t, account="123456789012", region="eu-west-1")
            for t in times
        )
        assert (first != second) == (name in TIMED), name


def _change(tree: Path) -> dict[str, Callable[[], object]]:
    """What may happen to a tree."""

    def git(*words: str) -> bytes:
        done = subprocess.run(["git", *words], cwd=tree, check=True, capture_output=True)
        return done.stdout

    def link() -> None:
        if not (tree / "linked").is_symlink():
            (tree / "linked").symlink_to("other")

    return {
        "text": lambda: (tree / "other/main.tf").write_text(SAFE_VOLUME, "utf-8"),
        "read by a function": lambda: (tree / "range.txt").write_text("10.0.0.0/8", "utf-8"),
        "no more": lambda: (tree / "range.txt").unlink(missing_ok=True),
        "values": lambda: (tree / "terraform.tfvars").write_text("open = false\n", "utf-8"),
        "new file": lambda: (tree / "net/more.tf").write_text(PLAIN_VOLUME, "utf-8"),
        "new unit": lambda: write_files(tree, {"new/main.tf": OPEN_SSH}),
        "folder gone": lambda: shutil.rmtree(tree / "stack", ignore_errors=True),
        "template": lambda: write_files(tree, {"more.json": '{"Resources": {}}'}),
        "becomes one": lambda: write_files(tree, {"stack/notes.yaml": PLAIN_VOLUME_TEMPLATE}),
        "link": link,
        "configuration": lambda: write_files(tree, {".iac-ec2lint.yaml": "ignore: [SG]\n"}),
        "ignored": lambda: write_files(tree, {".gitignore": "range.txt\n"}),
        "git": lambda: git("init", "-q"),
        "tracked": lambda: git("init", "-q") + git("add", "-A"),
        "accepted": lambda: write_files(
            tree, {"net/main.tf": "# ec2lint:ignore=SG001 known\n" + TREE["net/main.tf"]}
        ),
        "as before": lambda: write_files(tree, TREE),
        "installed": lambda: write_files(tree, {".terraform/modules/modules.json": "{}"}),
        "nothing": lambda: None,
    }


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("seed", range(4))
def test_whatever_changes_it_says_what_a_scan_would_say(
    tree: Path, scans: list[Scan], seed: int
) -> None:
    chosen = random.Random(seed)  # noqa: S311 - any choice will do
    for _ in range(12):
        name, change = chosen.choice(list(_change(tree).items()))
        change()
        told, anew = both(tree)
        assert told == anew, name
    assert len(scans) < 24  # some were answered


def test_a_change_is_compared_once(kept: Path, tree: Path, scans: list[Scan]) -> None:
    def git(*words: str) -> None:
        told = ("-c", "user.name=a", "-c", "user.email=a@b.c", *words)
        subprocess.run(["git", *told], cwd=tree, check=True, capture_output=True)

    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "first")
    chosen = random.Random(7)  # noqa: S311 - as above
    done = 0
    for number in range(8):
        name, change = chosen.choice([*_change(tree).items()])
        change()
        told, anew = (
            run("diff", "HEAD", "-f", "json", *more, cwd=tree) for more in ((), ("--no-cache",))
        )
        assert told == anew, name
        done = len(scans)
        assert run("diff", "HEAD", "-f", "json", cwd=tree) == told
        assert len(scans) == done, (number, name)
    git("add", "-A")
    git("commit", "-qm", "second", "--allow-empty")
    committed = run("diff", "HEAD~", "HEAD", "-f", "json", cwd=tree)
    done = len(scans)
    git("tag", "same")
    assert run("diff", "HEAD~", "HEAD", "-f", "json", cwd=tree) == committed
    assert len(scans) == done
    assert kept.exists()


@pytest.mark.usefixtures("kept")
def test_workers_say_what_they_read(tree: Path, scans: list[Scan]) -> None:
    for _ in range(2):
        run(".", "--jobs", "2", cwd=tree)
    assert len(scans) == 1
    (tree / "range.txt").write_text("10.0.0.0/8", "utf-8")
    told = run(".", "--jobs", "2", cwd=tree)
    assert len(scans) == 2
    assert told == run(".", "--no-cache", cwd=tree)


def test_what_changes_while_it_is_read_is_not_kept(tmp_path: Path) -> None:
    records, file = Cache(tmp_path / "cache"), tmp_path / "a"
    tree = Observed(Disk())
    for text in ("one", "two"):
        file.write_text(text, "utf-8")
        with tree.open(file) as opened:
            opened.read(10)
    records.put("key", tree, Answer(0, (), 1.0))
    assert records.get("key", Disk()) is None
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("harm", ["cut", "empty", "other", "no list", "bomb"])
def test_a_broken_record_is_none(kept: Path, tree: Path, scans: list[Scan], harm: str) -> None:
    first = run(".", cwd=tree)
    [record] = kept.iterdir()
    raw = record.read_bytes()
    harmed: dict[str, Callable[[], bytes]] = {
        "cut": lambda: raw[: len(raw) // 2],
        "empty": lambda: b"",
        "other": lambda: zlib.compress(b"[1]"),
        "no list": lambda: zlib.compress(json.dumps({"form": 1, "asked": 3}).encode()),
        "bomb": lambda: zlib.compress(b" " * 400_000_000, 1),
    }
    record.write_bytes(harmed[harm]())
    assert run(".", cwd=tree) == first
    assert len(scans) == 2
    assert run(".", cwd=tree) == first  # it was written anew
    assert len(scans) == 2


def test_no_record_is_believed_that_lies_in_what_is_scanned(
    tree: Path, monkeypatch: pytest.MonkeyPatch, scans: list[Scan]
) -> None:
    monkeypatch.setattr(cached, "KEPT_FROM", 0)
    monkeypatch.setenv("IAC_EC2LINT_CACHE_DIR", str(tree / "cache"))
    for _ in range(2):
        run(".", cwd=tree)
    assert len(scans) == 2
    assert not (tree / "cache").exists()


def test_no_record_is_believed_that_others_may_write(
    kept: Path, tree: Path, scans: list[Scan]
) -> None:
    run(".", cwd=tree)
    kept.chmod(0o777)
    run(".", cwd=tree)
    assert len(scans) == 2


@pytest.mark.usefixtures("kept")
def test_a_cache_that_cannot_be_written_is_none(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    monkeypatch.setenv("IAC_EC2LINT_CACHE_DIR", str(tmp_path / "file/cache"))
    told, anew = both(tree)
    assert told == anew


def test_what_was_used_longest_ago_leaves_first(tmp_path: Path) -> None:
    records = Cache(tmp_path / "cache", most=2_500)
    tree = Observed(Disk())
    noise = random.Random(1)  # noqa: S311 - as above
    for number in range(4):
        text = "".join(chr(noise.randrange(32, 127)) for _ in range(900))
        records.put(f"{number}", tree, Answer(0, (("out", text),), 1.0))
        for path in (tmp_path / "cache").iterdir():  # each is a day older than the next
            os.utime(path, (path.stat().st_mtime - 86_400,) * 2)
        if number == 2:
            assert records.get("0", Disk()) is None
            assert records.get("1", Disk()) is not None  # it is used now
    assert [records.get(f"{n}", Disk()) is not None for n in range(4)] == [False, True, False, True]


def test_what_a_killed_run_left_is_removed(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    folder.mkdir(0o700)
    for name, age in (("old", 7_200), ("new", 10)):
        part = folder / f"{name}.part"
        part.write_bytes(b"half")
        os.utime(part, (part.stat().st_mtime - age,) * 2)
    Cache(folder).put("key", Observed(Disk()), Answer(0, (), 1.0))
    assert sorted(path.name for path in folder.iterdir()) == ["key.answer", "new.part"]


def test_runs_side_by_side_share_it(tmp_path: Path) -> None:
    records, tree = Cache(tmp_path / "cache"), Observed(Disk())
    answers = [Answer(0, (("out", f"{n}" * 10_000),), 1.0) for n in range(4)]

    def work(number: int) -> bool:
        records.put("key", tree, answers[number % 4])
        return records.get("key", Disk()) in answers

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(work, range(200)))


def test_another_program_gives_other_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "check.py").write_text("", "utf-8")
    monkeypatch.setattr(cache, "builtin_folder", lambda: tmp_path)
    before = cache.program()
    assert cache.program() == before
    (tmp_path / "check.py").write_text("# changed", "utf-8")
    assert cache.program() != before


def test_clear_removes_all_of_it(kept: Path, tree: Path) -> None:
    run(".", cwd=tree)
    assert run("cache", "folder", cwd=tree).out == f"{kept}\n"
    assert run("cache", "clear", cwd=tree).out.startswith("1 scan removed, ")
    assert list(kept.iterdir()) == []
    told = run("cache", "clear", cwd=tree, env={"IAC_EC2LINT_CACHE_DIR": ""})
    assert (told.status, "there is no cache" in told.err) == (2, True)
