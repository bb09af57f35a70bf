"""Which folder a scan stays inside of."""

from __future__ import annotations

from pathlib import Path

import pytest

from iac_ec2lint.source.boundary import find_boundary, work_tree


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    top = tmp_path / "repository"
    (top / ".git").mkdir(parents=True)
    (top / "envs" / "prod").mkdir(parents=True)
    (top / "envs" / "prod" / "main.tf").touch()
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
    assert find_boundary([inner], repository) == inner
    assert find_boundary([inner, repository / "envs"], repository) == repository


def test_the_boundary_is_the_work_tree(repository: Path) -> None:
    prod = repository / "envs" / "prod"
    assert find_boundary([prod], prod) == repository
    assert find_boundary([prod, repository / "envs"], Path("/")) == repository


def test_without_one_it_is_the_working_directory_where_that_holds_all(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert find_boundary([tmp_path / "a", tmp_path / "b"], tmp_path) == tmp_path


def test_else_it_is_the_common_parent(tmp_path: Path) -> None:
    for name in ("work", "in/a", "in/b"):
        (tmp_path / name).mkdir(parents=True)
    work = tmp_path / "work"
    assert find_boundary([tmp_path / "in" / "a", tmp_path / "in" / "b"], work) == tmp_path / "in"
    (tmp_path / "in" / "a" / "main.tf").touch()
    assert find_boundary([tmp_path / "in" / "a" / "main.tf"], work) == tmp_path / "in" / "a"


def test_paths_in_two_work_trees(repository: Path) -> None:
    other = repository.parent / "other"
    (other / ".git").mkdir(parents=True)
    assert find_boundary([repository, other], repository) == repository.parent
