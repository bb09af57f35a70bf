"""The files of parameters that a template is deployed with, one for each environment.

No template names them, so that nobody knows which of them counts, nor that no other does. The
shapes are those of the AWS CLI and of CodePipeline (see ``given``), and the deployment file of
CloudFormation's Git sync, which names its template.
Source: AWS CloudFormation User Guide, "Sync stacks with source code stored in a Git repository".
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.cloudformation.parameters.given import given_values
from iac_ec2lint.source import limits
from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.source.marks import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from iac_ec2lint.cloudformation.template import Template
    from iac_ec2lint.source.files import Files
    from iac_ec2lint.source.span import Span

ENVIRONMENTS: Final = 8
"""Files of one template that are taken; what is beyond them is passed over, and said to be."""

_MARK: Final = re.compile(rb"\bParameterKey\b|\bParameters\b|\btemplate-file-path\b")


class ParameterFile(NamedTuple):
    """A file that gives parameters to a template.

    Attributes:
        path: Where it is.
        span: Its first parameter.
        names: The parameters that it gives.
        template: The template that it names itself, by its path in the work tree.
    """

    path: Path
    span: Span
    names: frozenset[str]
    template: str | None


def parameter_files(candidates: Iterable[Path], files: Files) -> Iterator[ParameterFile]:
    """Those of some files of data that give parameters to a template."""
    for path in candidates:
        raw = files.read_bytes(path, limits.PLAN_BYTES)
        if isinstance(raw, Diagnostic) or not _MARK.search(plain(raw)):
            continue
        given = given_values([str(path)], files.working, files.tree)
        if given.fault is None and given.places:
            first = next(iter(given.places.values()))
            yield ParameterFile(path, first, frozenset(given.places), given.template)


def by_template(
    found: Iterable[ParameterFile],
    stacks: Sequence[Path],
    templates: Callable[[Path], Sequence[Template]],
    top: Path,
) -> dict[Path, tuple[tuple[Path, Span], ...]]:
    """The files of parameters of each template, with the first line of each.

    CloudFormation refuses a parameter that a template does not declare, and the lack of one that
    has no default: so a file belongs to the template that it fits, if that is one alone, among
    several the nearest, then the one that it is called after.

    Args:
        found: The files.
        stacks: The files of the root stacks.
        templates: What is in each of these.
        top: The folder that the paths in deployment files begin at.
    """
    fed: dict[Path, list[tuple[Path, Span]]] = {}
    for one in found:
        stack = _fed_by(one, stacks, templates, top)
        if stack is not None and len(fed.get(stack, ())) < ENVIRONMENTS:
            fed.setdefault(stack, []).append((one.path, one.span))
    return {stack: tuple(each) for stack, each in fed.items()}


def _fed_by(
    one: ParameterFile,
    stacks: Sequence[Path],
    templates: Callable[[Path], Sequence[Template]],
    top: Path,
) -> Path | None:
    if one.template is not None:
        named = top / os.path.normpath(one.template.strip("/"))
        stacks = [path for path in stacks if path == named]
    fitting = [path for path in stacks if any(_fits(one, each) for each in templates(path))]
    if len(fitting) > 1:
        shared = {path: _shared(path, one.path) for path in fitting}
        nearest = max(shared.values())
        fitting = [path for path in fitting if shared[path] == nearest]
    if len(fitting) > 1:
        fitting = [path for path in fitting if _is_called_after(one.path, path)]
    return fitting[0] if len(fitting) == 1 else None


def _fits(one: ParameterFile, template: Template) -> bool:
    declared = template.parameters
    required = {name for name, each in declared.items() if each.default is None}
    own = {name for name in one.names if not name.startswith("AWS::")}
    return bool(own) and required <= own <= declared.keys()


def _shared(one: Path, other: Path) -> int:
    """How many folders two paths have in common."""
    return len(Path(os.path.commonpath([one, other])).parts)


def _is_called_after(file: Path, template: Path) -> bool:
    """Whether ``vpc-prod.json`` or ``vpc/prod.json`` is beside ``vpc.yaml``."""
    name = re.escape(template.stem)
    return file.parent.name == template.stem or bool(re.match(rf"{name}(?![A-Za-z0-9])", file.name))
