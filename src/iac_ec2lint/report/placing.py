"""Where files are in the repository that a CI job runs on, as its readers see them."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_TOPS = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR", "BUILD_SOURCESDIRECTORY")
"""What names the checked-out repository, by the lists of variables of GitHub, GitLab and Azure."""


def root_prefix(environment: Mapping[str, str], working: str) -> str:
    """The working directory as seen from the checked-out repository's root, with ``/`` at its end.

    Args:
        environment: Where the CI's variable for that root stands.
        working: The working directory's absolute path.

    Returns:
        Empty where they are the same, the root is unknown, or it does not hold ``working``.
    """
    top = next(filter(None, (environment.get(name) for name in _TOPS)), "").replace("\\", "/")
    if not top:
        return ""
    relative = posixpath.relpath(working.replace("\\", "/"), top)
    return "" if relative == "." or relative.startswith("..") else f"{relative}/"


def from_root(path: str, prefix: str) -> str:
    """A path as seen from the repository's root; an absolute one stays as it is."""
    return path if posixpath.isabs(path) else posixpath.normpath(prefix + path)


def tree_url(environment: Mapping[str, str]) -> str:
    """The address of the files of the commit that a job of GitHub or GitLab runs on, or empty."""
    for names, blob in (
        (("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_SHA"), "blob"),
        (("CI_SERVER_URL", "CI_PROJECT_PATH", "CI_COMMIT_SHA"), "-/blob"),
    ):
        server, repository, commit = (environment.get(name, "") for name in names)
        if server and repository and commit:
            return f"{server}/{repository}/{blob}/{commit}"
    return ""
