"""Which folders a scan stays inside of."""

from __future__ import annotations

from pathlib import Path

import pytest

from iac_ec2lint.source.boundary import boundary_of, find_boundaries, work_tree
from iac_ec2lint.source.files import Files


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    top = tmp_path / "repository"
    (top / ".git").mkdir(parents=True)
    (top / "envs" / "prod").mkdir(parents=True)
    (top / "envs" / "prod" / "main.tf").touch()
    return top


@pytest.fixture
def private(tmp_path: Path) -> Path:
    """Another work tree, beside the repository."""
    top = tmp_path / "private"
    (top / ".git").mkdir(parents=True)
    (top / "main.tf").touch()
    return top


def test_the_work_tree_that_encloses_a_path(repository: Path) -> None:
    for path in (repository, repository / "envs", repository / "envs" / "prod" / "main.tf"):
        assert work_tree(path) == repository
    assert work_tree(repository.parent) is None


def test_a_linked_work_tree_has_a_file_instead_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: /elsewhere\n")
    assert work_tree(tmp_path / "gone.tf") == tmp_path


def test_a_submodule_is_a_work_tree_of_its_own(repository: Path) -> None:
    inner = repository / "vendored"
    inner.mkdir()
    (inner / ".git").write_text("gitdir: ../.git/modules/vendored\n")
    assert boundary_of(inner, repository) == inner
    assert find_boundaries([inner, repository / "envs"], repository) == (inner, repository)


def test_the_boundary_is_the_work_tree(repository: Path) -> None:
    prod = repository / "envs" / "prod"
    assert find_boundaries([prod], prod) == (repository,)
    assert find_boundaries([prod, repository / "envs"], Path("/")) == (repository,)


def test_without_one_it_is_the_working_directory_where_that_holds_the_path(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    assert boundary_of(tmp_path / "a", tmp_path) == tmp_path
    assert find_boundaries([], tmp_path) == (tmp_path,)


def test_else_each_path_has_its_own_folder(tmp_path: Path) -> None:
    for name in ("work", "in/a", "in/b"):
        (tmp_path / name).mkdir(parents=True)
    work, a, b = tmp_path / "work", tmp_path / "in" / "a", tmp_path / "in" / "b"
    (a / "main.tf").touch()
    assert find_boundaries([a, b], work) == (a, b)
    assert find_boundaries([a / "main.tf"], work) == (a,)


def test_a_link_as_path_moves_no_boundary(repository: Path, private: Path) -> None:
    for name, target in (("zz.tf", Path("/etc/passwd")), ("infra", private)):
        (repository / name).symlink_to(target)
        assert boundary_of(repository / name, repository) == repository
        assert boundary_of(repository / name, Path("/")) == repository
    assert work_tree(repository / "infra" / "main.tf") == repository


def test_nor_does_it_where_nothing_is_a_work_tree(tmp_path: Path, private: Path) -> None:
    plain = tmp_path / "plain"
    plain.mkdir()
    (plain / "infra").symlink_to(private)
    (plain / "zz.tf").symlink_to("/etc/passwd")
    assert boundary_of(plain / "infra", plain) == plain
    assert boundary_of(plain / "infra" / "main.tf", plain) == plain
    assert boundary_of(plain / "zz.tf", private) == plain


def test_links_above_the_boundary_are_followed(tmp_path: Path, repository: Path) -> None:
    (tmp_path / "home").symlink_to(tmp_path)
    through = tmp_path / "home" / "repository"
    assert boundary_of(through / "envs", Path("/nowhere")) == through
    files = Files(through, tmp_path)
    assert files.inside(repository / "envs")
    (tmp_path / "plain").mkdir()
    assert boundary_of(tmp_path / "home" / "plain", tmp_path / "plain") == tmp_path / "plain"


def test_paths_in_two_work_trees_share_nothing(repository: Path, private: Path) -> None:
    boundaries = find_boundaries([repository, private], repository)
    assert boundaries == (repository, private)
    files = Files(repository, repository, boundaries[1:])
    assert files.inside(private / "main.tf")
    assert not files.inside(repository.parent)
    assert not files.inside(private / "main.tf", repository)
    assert files.inside(private / "main.tf", private / "net")
    assert files.refusal(private / "main.tf", repository) == "lies outside the boundary ."


def test_nothing_of_gits_own_is_read(repository: Path) -> None:
    (repository / ".git" / "config").write_text("secret")
    (repository / "link.tf").symlink_to(".git/config")
    (repository / "folder").symlink_to(".git")
    (repository / ".github").mkdir()
    files = Files(repository, repository)
    for name in (".git", ".git/config", ".GIT/config", "folder", "folder/config", "link.tf"):
        assert "is git's own" in files.refusal(repository / name)
        assert not files.inside(repository / name)
    assert files.names(repository / ".git") == files.names(repository / "folder") == ()
    assert files.led_away(repository / "link.tf")
    assert files.led_away(repository / "folder" / "config")
    assert not files.led_away(repository / ".git" / "config")
    assert files.inside(repository / ".github")


def test_nor_where_git_keeps_it_in_another_folder(tmp_path: Path) -> None:
    for name in ("linked", "named"):
        (tmp_path / name / "kept" / "hooks").mkdir(parents=True)
    (tmp_path / "linked" / ".git").symlink_to("kept")
    (tmp_path / "named" / ".git").write_text("gitdir: kept\n")
    for name in ("linked", "named"):
        top = tmp_path / name
        files = Files(top, top)
        assert not files.inside(top / "kept" / "hooks")
        assert files.inside(top / "kept2")
    (tmp_path / "named" / ".git").write_text("gitdir: .\n")
    assert Files(tmp_path / "named", tmp_path).inside(tmp_path / "named" / "main.tf")
