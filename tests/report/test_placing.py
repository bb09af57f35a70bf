from __future__ import annotations

import pytest

from iac_ec2lint.report.placing import from_root, root_prefix, tree_url

GITHUB = {
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REPOSITORY": "acme/infra",
    "GITHUB_SHA": "0123456789abcdef",
}
GITLAB = {
    "CI_SERVER_URL": "https://gitlab.example.org",
    "CI_PROJECT_PATH": "acme/infra",
    "CI_COMMIT_SHA": "0123456789abcdef",
}


@pytest.mark.parametrize(
    ("workspace", "working", "expected"),
    [
        ("/home/runner/work/a/a", "/home/runner/work/a/a", ""),
        ("/home/runner/work/a/a", "/home/runner/work/a/a/infra/prod", "infra/prod/"),
        ("/home/runner/work/a/a", "/srv", ""),
        ("D:\\a\\a", "D:\\a\\a\\infra", "infra/"),
        ("", "/srv", ""),
    ],
)
def test_the_prefix_is_the_working_directory_below_the_workspace(
    workspace: str, working: str, expected: str
) -> None:
    assert root_prefix({"GITHUB_WORKSPACE": workspace}, working) == expected


@pytest.mark.parametrize("name", ["GITHUB_WORKSPACE", "CI_PROJECT_DIR", "BUILD_SOURCESDIRECTORY"])
def test_each_ci_says_where_the_repository_is(name: str) -> None:
    assert root_prefix({name: "/builds/acme"}, "/builds/acme/envs/prod") == "envs/prod/"


def test_without_a_ci_there_is_no_prefix() -> None:
    assert root_prefix({}, "/srv") == ""


@pytest.mark.parametrize(
    ("path", "prefix", "expected"),
    [
        ("main.tf", "envs/prod/", "envs/prod/main.tf"),
        ("../modules/a.tf", "envs/prod/", "envs/modules/a.tf"),
        ("/srv/main.tf", "envs/", "/srv/main.tf"),
        ("./main.tf", "", "main.tf"),
    ],
)
def test_paths_are_seen_from_the_root(path: str, prefix: str, expected: str) -> None:
    assert from_root(path, prefix) == expected


def test_the_address_of_the_files_comes_from_the_environment() -> None:
    assert tree_url(GITHUB) == "https://github.com/acme/infra/blob/0123456789abcdef"
    assert tree_url(GITLAB) == "https://gitlab.example.org/acme/infra/-/blob/0123456789abcdef"
    assert tree_url({**GITHUB, "GITHUB_SHA": ""}) == ""
    assert tree_url({}) == ""
