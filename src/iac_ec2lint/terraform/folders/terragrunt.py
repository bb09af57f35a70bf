"""Which folders Terragrunt runs Terraform in, as far as its files say so in plain text.

It tells where files may be generated, also by a configuration that cannot be evaluated; what is
deployed is ``terragrunt.deployments``'s. Source: "terraform" of Terragrunt's configuration blocks.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.source.span import SourceText

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from iac_ec2lint.source.files import Files
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.values import Val

_SOURCE: Final = regular_expression(r"^[^\S\n]*source\s*=(.*)$", re.MULTILINE)
_RELATIVE: Final = regular_expression(r"\"(\.{1,2}/[^\"$?]*)")


def terragrunt_folders(files: Files, found: Iterable[Path]) -> dict[str, str]:
    """The folders that Terragrunt's files stand in, or name as their source by a relative path.

    Args:
        files: The files that may be read.
        found: Terragrunt's files.

    Returns:
        For each folder, links resolved, how messages name one of its files of Terragrunt.
    """
    folders: dict[str, str] = {}
    for path in found:
        name = files.display(path)
        folders[files.tree.real(path.parent)] = name
        source = files.read(path)
        if not isinstance(source, SourceText):
            continue
        for line in _SOURCE.findall(source.text):
            for relative in _RELATIVE.findall(line):
                # Two slashes part what is copied from the folder in it that is run.
                folder = path.parent / relative.replace("//", "/")
                folders.setdefault(files.tree.real(folder), name)
    return folders


class Deployment(NamedTuple):
    """What a configuration deploys.

    Attributes:
        folder: The folder of the root module.
        span: Where its inputs are written, or its first line.
        read: The files that say so, and what its inputs are.
    """

    folder: Path
    span: Span
    read: frozenset[Path]


class Generated(NamedTuple):
    """A configuration that a stack generates.

    Attributes:
        template: The file that it is a copy of.
        values: What it is given.
        read: The files that say so.
    """

    template: Path
    values: Callable[[], Val]
    read: set[Path]
