"""``iac-ec2lint diff`` in real repositories: what a change introduces, fixes and hides."""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import shlex
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from tests.cli.program import OPEN_SSH, PLAIN_VOLUME, Run, environment, run, write

from iac_ec2lint.answers.changes.objects import GitObjects, MissingObject

pytestmark = pytest.mark.slow

SELECT = ("--select", "SG001,DATA001")
CLOSED = OPEN_SSH.replace("0.0.0.0/0", "10.0.0.0/8")


def git(folder: Path, *arguments: str) -> str:
    names = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org"}
    names |= {"GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.org"}
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env={**os.environ, **names, "GIT_CONFIG_GLOBAL": os.devnull},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def commit(folder: Path, files: dict[str, str]) -> str:
    write(folder, files)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", "a change")
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    return folder


def diff(folder: Path, *arguments: str) -> Run:
    return run("diff", *arguments, *SELECT, cwd=folder)


def new(ended: Run) -> list[tuple[str, str]]:
    report = json.loads(ended.out)
    return [(finding["check"], finding["path"]) for finding in report["findings"]]


def test_what_a_change_introduces_is_found_and_what_was_there_is_not(repository: Path) -> None:
    base = commit(repository, {"main.tf": CLOSED, "disk.tf": PLAIN_VOLUME})
    head = commit(repository, {"main.tf": OPEN_SSH})
    ended = diff(repository, base, head, "-f", "json")
    assert new(ended) == [("SG001", "main.tf")]
    assert ended.status == 1
    back = diff(repository, head, base, "-f", "json")
    assert new(back) == []
    assert back.status == 0
    assert [one["check"] for one in json.loads(back.out)["fixed"]] == ["SG001"]


def test_a_change_in_a_module_is_found_where_it_is_called(repository: Path) -> None:
    module = 'variable "range" {}\n' + OPEN_SSH.replace('"0.0.0.0/0"', "var.range")
    call = 'module "m" {\n  source = "./m"\n  range = "10.0.0.0/8"\n}\n'
    base = commit(repository, {"m/main.tf": module, "main.tf": call})
    head = commit(repository, {"m/main.tf": module.replace("var.range", '"0.0.0.0/0"')})
    assert new(diff(repository, base, head, "-f", "json")) == [("SG001", "m/main.tf")]


def test_without_a_head_the_work_tree_is_judged(repository: Path) -> None:
    base = commit(repository, {"main.tf": CLOSED})
    write(repository, {"main.tf": OPEN_SSH})
    assert new(diff(repository, base, "-f", "json")) == [("SG001", "main.tf")]
    assert new(diff(repository, "main", "HEAD", "-f", "json")) == []


def test_what_moved_is_not_new(repository: Path) -> None:
    base = commit(repository, {"old/main.tf": OPEN_SSH})
    git(repository, "mv", "old", "new")
    head = commit(repository, {})
    assert new(diff(repository, base, head, "-f", "json")) == []


def test_what_is_suppressed_by_the_change_is_said(repository: Path) -> None:
    base = commit(repository, {"main.tf": OPEN_SSH})
    head = commit(repository, {"main.tf": f"# ec2lint:ignore=SG001 no\n{OPEN_SSH}"})
    ended = diff(repository, base, head)
    assert "Failed, and is suppressed now (1):\n  main.tf:9: high SG001" in ended.out


def test_the_configuration_is_that_of_the_base(repository: Path) -> None:
    base = commit(repository, {"main.tf": CLOSED, ".iac-ec2lint.yaml": "exclude: [labs/]\n"})
    relaxed = {"main.tf": OPEN_SSH, ".iac-ec2lint.yaml": "ignore: [SG]\n", "labs/a.tf": OPEN_SSH}
    head = commit(repository, relaxed)
    ended = diff(repository, base, head, "-f", "json")
    assert new(ended) == [("SG001", "main.tf")]
    assert json.loads(ended.out)["remarks"] == [
        "the configuration changes, or is new: the earlier one is judged by"
    ]


def test_the_baseline_is_that_of_the_base(repository: Path) -> None:
    configuration = {".iac-ec2lint.yaml": "baseline: known.json\n"}
    commit(repository, {"main.tf": OPEN_SSH})
    accepted = run("baseline", "write", ".", "--baseline", "known.json", *SELECT, cwd=repository)
    assert accepted.status == 0
    known = (repository / "known.json").read_text("utf-8")
    empty = run(
        "baseline", "write", ".", "--baseline", "known.json", "--select", "DATA001", cwd=repository
    )
    assert empty.status == 0
    base = commit(repository, {**configuration, "main.tf": CLOSED})
    head = commit(repository, {"main.tf": OPEN_SSH, "known.json": known})
    ended = diff(repository, base, head, "-f", "json")
    assert new(ended) == [("SG001", "main.tf")]
    assert json.loads(ended.out)["remarks"] == ["the baseline changes: the earlier one counts"]


def test_text_says_what_is_new_first(repository: Path) -> None:
    base = commit(repository, {"main.tf": CLOSED})
    head = commit(repository, {"main.tf": OPEN_SSH})
    said, _, rest = diff(repository, base, head).out.partition("\n\n")
    assert said == (
        "No new access.\nUndecided whether there is a new flow, because nothing here has"
        " aws_security_group.open, of which a rule is new or unknown (main.tf:4)."
    )
    assert rest.startswith("New with this change:\n\nhigh      SG001")
    nothing = "No new flow and no new access.\n\nNothing new with this change.\n"
    assert diff(repository, base, base).out == nothing


def test_the_comment_is_short_and_begins_with_its_marker(repository: Path) -> None:
    many = {f"m{n}.tf": OPEN_SSH.replace('"open"', f'"open{n}"') for n in range(9)}
    named = {name: text.replace("22", str(22)) for name, text in many.items()}
    base = commit(repository, {"main.tf": CLOSED})
    head = commit(repository, {**named, "disk.tf": PLAIN_VOLUME})
    lines = diff(repository, base, head, "-f", "markdown").out.splitlines()
    assert lines[0] == "<!-- iac-ec2lint diff -->"
    assert lines[1] == "### iac-ec2lint: this change introduces 2 problems"
    assert len([line for line in lines if line.startswith("- **")]) == 2


def test_text_shows_what_is_asked_for(repository: Path) -> None:
    base = commit(repository, {"main.tf": CLOSED})
    head = commit(
        repository,
        {
            "main.tf": 'variable "range" {}\n' + CLOSED.replace('"10.0.0.0/8"', "var.range"),
            "volume.tf": PLAIN_VOLUME,
        },
    )
    brief, verbose, quiet, undecided = (
        diff(repository, base, head, *option).out
        for option in ((), ("-v",), ("-q",), ("--show-undecided",))
    )
    assert "  --> volume.tf:4:" in brief
    assert "     resource    aws_ebs_volume.plain" in verbose
    assert "\nvolume.tf:4:23: high DATA001" in quiet
    assert "undecided SG001" not in brief
    assert "undecided SG001" in undecided


def test_a_comment_can_wait_until_more_is_exposed(repository: Path) -> None:
    base = commit(repository, {"main.tf": CLOSED})
    only = ("-f", "markdown", "--only-exposure")
    nothing_reached = diff(repository, base, commit(repository, {"volume.tf": PLAIN_VOLUME}), *only)
    assert (nothing_reached.status, nothing_reached.out) == (1, "")
    user = """\
resource "aws_iam_user_policy_attachment" "a" {
  user       = "somebody"
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}
"""
    maybe = diff(repository, base, commit(repository, {"user.tf": user}), *only)
    assert "undecided whether there is new access" in maybe.out


def test_hostile_names_do_no_harm(repository: Path) -> None:
    base = commit(repository, {"main.tf": CLOSED})
    name = "a\x1b[31m|<img src=x>`.tf"
    head = commit(repository, {name: OPEN_SSH.replace('"open"', '"other"')})
    for form in ("text", "markdown"):
        out = diff(repository, base, head, "-f", form).out
        assert "\x1b" not in out
        assert form == "text" or "<img" not in out


@pytest.mark.parametrize("name", ["nowhere", "--help", "-x", "a\nb", ""])
def test_what_is_no_revision_is_refused_in_one_line(repository: Path, name: str) -> None:
    commit(repository, {"main.tf": CLOSED})
    ended = run("diff", *SELECT, "--", name, cwd=repository)
    assert ended.status == 2
    assert "Traceback" not in ended.err


def made(repository: Path, tree: bytes, kind: str = "tree") -> str:
    """The id of an object of any content, which git itself need not accept."""
    whole = b"%s %d\0%s" % (kind.encode(), len(tree), tree)
    oid = hashlib.sha1(whole, usedforsecurity=False).hexdigest()
    place = repository / ".git" / "objects" / oid[:2]
    place.mkdir(exist_ok=True)
    (place / oid[2:]).write_bytes(zlib.compress(whole))
    return oid


def entry(mode: str, name: str, oid: str) -> bytes:
    return f"{mode} {name}\0".encode() + bytes.fromhex(oid)


def test_modes_are_read_as_git_reads_them(repository: Path) -> None:
    base = commit(repository, {"main.tf": CLOSED})
    blob = made(repository, OPEN_SSH.encode(), "blob")
    folder = made(repository, entry("0100600", "main.tf", blob))
    deep = made(repository, entry("100644", "z.tf", blob))
    for _ in range(300):
        deep = made(repository, entry("40000", "d", deep))
    head = made(repository, entry("040000", "a", folder) + entry("40000", "b", deep))
    ended = diff(repository, base, head, "-f", "json")
    assert new(ended) == [("SG001", "a/main.tf"), ("SG001", f"b/{'d/' * 300}z.tf")]


@pytest.mark.parametrize("kind", ["garbage", "cut", "twice", "outside", "blob", "deep"])
def test_a_tree_that_is_no_work_tree_is_refused_in_one_line(repository: Path, kind: str) -> None:
    base = commit(repository, {"main.tf": CLOSED})
    blob = made(repository, OPEN_SSH.encode(), "blob")
    safe = made(repository, b"", "blob")
    deep = made(repository, entry("100644", "main.tf", blob))
    for _ in range(50 if kind == "deep" else 0):
        deep = made(repository, entry("40000", "d" * 99, deep))
    content = {
        "garbage": b"\xff" * 99,
        "cut": entry("100644", "main.tf", blob)[:-1],
        "twice": entry("100644", "main.tf", blob) + entry("100644", "main.tf", safe),
        "outside": entry("100644", "../main.tf", blob),
        "blob": entry("40000", "a", blob),
        "deep": entry("40000", "a", deep),
    }[kind]
    ended = diff(repository, base, made(repository, content))
    assert ended.status == 2
    words = "more than 4096 bytes" if kind == "deep" else "damaged"
    assert words in ended.err.splitlines()[-1]


def test_a_few_objects_are_no_endless_tree(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wide = made(repository, b"")
    for _ in range(20):
        wide = made(repository, b"".join(entry("40000", f"{n}", wide) for n in range(9)))
    monkeypatch.setattr("iac_ec2lint.answers.changes.objects._MOST", 1_000)
    with GitObjects(repository) as objects, pytest.raises(MissingObject, match="more than 1,000"):
        list(objects.files(wide))


def test_what_is_worse_is_new_and_not_fixed(repository: Path) -> None:
    base = commit(repository, {"main.tf": OPEN_SSH.replace("0.0.0.0/0", "0.0.0.0/1")})
    head = commit(repository, {"main.tf": OPEN_SSH})
    ended = diff(repository, base, head, "-f", "json")
    assert new(ended) == [("SG001", "main.tf")]
    assert json.loads(ended.out)["fixed"] == []


def test_a_shallow_clone_says_what_to_fetch(repository: Path, tmp_path: Path) -> None:
    base = commit(repository, {"main.tf": CLOSED})
    commit(repository, {"main.tf": OPEN_SSH})
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth=1", repository.as_uri(), str(clone))
    ended = diff(clone, base)
    assert ended.status == 2
    assert f"git fetch --depth=1 origin {base}" in ended.err


@pytest.mark.parametrize("name", ["BASE", "HEAD~1", "origin/release/1", "release/1"])
def test_after_the_command_that_it_says_it_has_the_revision(
    repository: Path, tmp_path: Path, name: str
) -> None:
    base = commit(repository, {"main.tf": CLOSED})
    git(repository, "branch", "release/1")
    head = commit(repository, {"main.tf": OPEN_SSH})
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth=1", repository.as_uri(), str(clone))
    name = base if name == "BASE" else name
    found = re.search("fetch it: git (.+)", diff(clone, name).err)
    assert found is not None
    git(clone, *shlex.split(found[1]))
    assert diff(clone, name, head, "-f", "json").status == 1


def test_a_link_out_of_the_tree_leads_nowhere(repository: Path, tmp_path: Path) -> None:
    outside = write(tmp_path, {"outside/main.tf": OPEN_SSH})
    base = commit(repository, {"main.tf": CLOSED})
    (repository / "linked").symlink_to(outside / "outside")
    head = commit(repository, {})
    assert new(diff(repository, base, head, "-f", "json")) == []


def test_nothing_of_the_users_git_configuration_is_run(repository: Path, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    base = commit(repository, {"main.tf": CLOSED, ".gitattributes": "*.tf diff=x filter=x\n"})
    for key in ("core.fsmonitor", "core.sshCommand", "diff.x.textconv", "filter.x.smudge"):
        git(repository, "config", key, f"touch {mark}; cat")
    assert diff(repository, base).status == 0
    assert not mark.exists()


def test_outside_of_a_repository_it_is_refused(tmp_path: Path) -> None:
    ended = run("diff", "main", cwd=tmp_path)
    assert ended.status == 2
    assert "in no git work tree" in ended.err


_AUDITED = """\
import os, sys

def note(event, arguments):
    if event == "open" and isinstance(arguments[0], str):
        place = os.path.abspath(arguments[0])
        writes = arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if place != os.devnull and (writes or place.startswith(os.getcwd() + os.sep)):
            print("OPENED", place, file=sys.stderr)

sys.addaudithook(note)

from iac_ec2lint.cli.main import program

program(prog_name="iac-ec2lint")
"""


def test_nothing_is_written_and_no_file_of_the_work_tree_read(repository: Path) -> None:
    base = commit(repository, {"main.tf": CLOSED, "notes": "Resources", ".iac-ec2lint.yaml": "{}"})
    head = commit(repository, {"main.tf": OPEN_SSH, "x.yaml": "Resources: {}"})
    write(repository, {"main.tf": "not even Terraform {{{"})
    ended = subprocess.run(
        [sys.executable, "-B", "-c", _AUDITED, "diff", base, head, *SELECT, "-f", "json"],
        cwd=repository,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert [one["path"] for one in json.loads(ended.stdout)["findings"]] == ["main.tf"]
    assert "OPENED" not in ended.stderr


def test_modules_that_are_installed_are_those_of_the_work_tree(repository: Path) -> None:
    call = 'module "m" {\n  source  = "example/m/aws"\n  version = "1.0.0"\n  range = RANGE\n}\n'
    module = 'variable "range" {}\n' + OPEN_SSH.replace('"0.0.0.0/0"', "var.range")
    entry = {
        "Key": "m",
        "Source": "example/m/aws",
        "Version": "1.0.0",
        "Dir": ".terraform/modules/m",
    }
    entry["Source"] = "registry.terraform.io/example/m/aws"
    manifest = json.dumps({"Modules": [entry]})
    installed = {".terraform/modules/modules.json": manifest, ".terraform/modules/m/m.tf": module}
    closed = call.replace("RANGE", '"10.0.0.0/8"')
    base = commit(repository, {".gitignore": ".terraform\n", "main.tf": closed})
    head = commit(repository, {"main.tf": closed.replace("10.0.0.0/8", "0.0.0.0/0")})
    write(repository, installed)
    ended = diff(repository, base, head, "-f", "json")
    assert new(ended) == [("SG001", "main.tf")]
    assert json.loads(ended.out)["errors"] == []


def test_a_submodule_is_read_as_it_lies_there_and_said_to_be_where_it_changes(
    repository: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "-q", "-b", "main")
    commit(other, {"m.tf": OPEN_SSH})
    git(
        repository,
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "--quiet",
        "add",
        str(other),
        "sub",
    )
    base = commit(repository, {"main.tf": CLOSED})
    same = commit(repository, {"disk.tf": PLAIN_VOLUME})
    (ended, worked) = (diff(repository, base, *head, "-f", "json") for head in ([same], []))
    assert new(ended) == new(worked) == [("DATA001", "disk.tf")]
    assert json.loads(ended.out)["remarks"] == json.loads(worked.out)["remarks"] == []
    commit(repository / "sub", {"m.tf": CLOSED})
    head = commit(repository, {})
    words = "the submodule sub changes, or is new: what is in it is not compared"
    ended = diff(repository, base, head, "-f", "json")
    assert words in json.loads(ended.out)["remarks"]
    assert "Undecided" in diff(repository, base, head).out.split("\n\n")[0]
    ended = diff(repository, base, same, "-f", "json")
    words = "the submodule sub is read as it lies in the work tree, at another commit"
    assert json.loads(ended.out)["remarks"] == [words]


def history(folder: Path, chance: random.Random, dates: list[int]) -> list[str]:
    """Forty commits on one another, a third of them merges, each of some day in ``dates``."""
    written = ""
    for number in range(1, 41):
        day = 1_700_000_000 + chance.choice(dates)
        written += f"commit refs/heads/c{number}\nmark :{number}\n"
        written += f"committer a <a@example.org> {day} +0000\ndata 1\na\n"
        parents = chance.sample(range(1, number), min(number - 1, 1 + (chance.random() < 0.3)))
        for word, parent in zip(("from", "merge"), parents, strict=False):
            written += f"{word} :{parent}\n"
    marks = folder / "marks"
    subprocess.run(
        ["git", "fast-import", "--quiet", f"--export-marks={marks}"],
        cwd=folder,
        input=written,
        text=True,
        check=True,
    )
    return [line.split()[1] for line in marks.read_text().splitlines()]


@pytest.mark.parametrize("dates", [[0], [0, 1], [0, 50, -50]], ids=["equal", "near", "wrong"])
def test_the_merge_base_is_what_git_says(repository: Path, dates: list[int]) -> None:
    chance = random.Random(7)  # noqa: S311 - nothing is kept secret by it
    heads = history(repository, chance, dates)
    with GitObjects(repository) as objects:
        for _ in range(60):
            one, other = chance.sample(heads, 2)
            every = git(repository, "merge-base", "--all", one, other).split()
            assert objects.merge_base(one, other) in every


def test_from_the_merge_base_only_what_is_ones_own_counts(repository: Path) -> None:
    commit(repository, {"main.tf": CLOSED})
    git(repository, "checkout", "-q", "-b", "mine")
    commit(repository, {"disk.tf": PLAIN_VOLUME})
    git(repository, "checkout", "-q", "main")
    commit(repository, {"main.tf": OPEN_SSH})
    back = diff(repository, "main", "mine", "-f", "json")
    assert json.loads(back.out)["fixed"] != []
    own = diff(repository, "main", "mine", "--merge-base", "-f", "json")
    assert new(own) == [("DATA001", "disk.tf")]
    assert json.loads(own.out)["fixed"] == []


def test_without_a_common_ancestor_it_says_so(repository: Path) -> None:
    one = commit(repository, {"main.tf": CLOSED})
    git(repository, "checkout", "-q", "--orphan", "apart")
    other = commit(repository, {"main.tf": OPEN_SSH})
    ended = diff(repository, one, other, "--merge-base")
    assert ended.status == 2
    assert "have no common ancestor here" in ended.err


@pytest.mark.parametrize("name", ["$(touch x)", "--upload-pack=x", "a\nb", "\x1b[31m"])
def test_refs_that_pre_commit_gives_are_names_and_nothing_more(repository: Path, name: str) -> None:
    head = commit(repository, {"main.tf": CLOSED})
    given = {"PRE_COMMIT_FROM_REF": name, "PRE_COMMIT_TO_REF": head}
    ended = run("diff", "--pre-commit", cwd=repository, env=given)
    assert ended.status == 2
    assert "\x1b" not in ended.err
    assert [path.name for path in repository.iterdir() if path.name != ".git"] == ["main.tf"]
