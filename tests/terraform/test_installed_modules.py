"""Which entry of the manifest of installed modules is a call's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from iac_ec2lint.source.files import Files
from iac_ec2lint.terraform.folders.installed import Installed, satisfies


@pytest.mark.parametrize(
    ("version", "constraint", "answer"),
    [
        ("5.2.0", "5.2.0", True),
        ("5.2.0", "= 5.2", True),
        ("5.2.1", "5.2.0", False),
        ("5.2.0", "~> 5.1", True),
        ("5.0.0", "~> 5.1", False),
        ("6.0.0", "~> 5.1", False),
        ("5.1.9", "~> 5.1.2", True),
        ("5.2.0", "~> 5.1.2", False),
        ("7.0.0", "~> 5", True),
        ("5.2.0", ">= 5.0, < 6.0", True),
        ("6.0.0", ">= 5.0, < 6.0", False),
        ("5.2.0", "> 5.2.0", False),
        ("5.2.0", "<= 5.2.0", True),
        ("5.2.0", "!= 5.2.0", False),
        ("5.2.0-beta", "5.2.0", False),
        ("5.2.0-beta", "5.2.0-beta", True),
        ("", "~> 5.1", False),
        ("5.2.0", "latest", False),
        (">= 1", ">= 1", False),
    ],
)
def test_versions(version: str, constraint: str, answer: bool) -> None:
    assert satisfies(version, constraint) is answer


@pytest.mark.parametrize(
    ("written", "recorded", "answer"),
    [
        ("example/net/aws", "registry.terraform.io/example/net/aws", True),
        ("example/net/aws", "registry.opentofu.org/example/net/aws", True),
        ("example/net/aws", "example/net/aws", True),
        ("example/net/aws//inner", "registry.terraform.io/example/net/aws//inner", True),
        ("example/net/aws", "registry.example.com/example/net/aws", False),
        ("example/net/aws", "registry.terraform.io/example/net/aws//inner", False),
        ("github.com/a/b", "git::https://github.com/a/b.git", True),
        ("git@github.com:a/b.git", "git::ssh://git@github.com/a/b.git", True),
        ("git::https://a.example/b.git?ref=v1", "git::https://a.example/b.git?ref=v1", True),
        ("git::https://a.example/b.git?ref=v1", "git::https://a.example/b.git?ref=v2", False),
        ("github.com/a/b", "git::https://github.com/a/c.git", False),
    ],
)
def test_sources(tmp_path: Path, written: str, recorded: str, answer: bool) -> None:
    (tmp_path / "main.tf").write_text("")
    files = Files(tmp_path, tmp_path)
    assert Installed(tmp_path, recorded, "").is_for(written, None, files) is answer
