"""The files of parameters that a template is deployed with, one for each environment.

No template names them, so that nobody knows which of them counts, nor that no other does. The
shapes are those of the AWS CLI and of CodePipeline (see ``given``), and the deployment file of
CloudFormation's Git sync, which names its template; and the deployments of the SAM CLI, of which
one file may have several (see ``sam``).
Source: AWS CloudFormation User Guide, "Sync stacks with source code stored in a Git repository".
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.cloudformation.parameters.given import given_values
from iac_ec2lint.cloudformation.parameters.sam import (
    deployment_path,
    is_sam_configuration,
    named_deployment,
    sam_deployments,
)
from iac_ec2lint.document.sniffing import is_other_source
from iac_ec2lint.source import limits
from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.source.discovery import TEMPLATES, is_example
from iac_ec2lint.source.files import place_named
from iac_ec2lint.source.marks import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from iac_ec2lint.cloudformation.template.template import Template
    from iac_ec2lint.source.files import Files
    from iac_ec2lint.source.span import Span

ENVIRONMENTS: Final = 8
"""Files and deployments of one template that are taken; others are passed over, and said to be."""

_MARK: Final = re.compile(rb"\bParameterKey\b|\bParameters\b|\btemplate-file-path\b")
_SURE: Final = re.compile(rb"\bParameterKey\b|\btemplate-file-path\b")
"""Of these, what stands in no other file of data: a program that makes them has it, too."""
_KEYS: Final = frozenset({"ParameterKey", "Parameters", "parameters", "template-file-path"})


_NOT_TAKEN: Final = "it gives a template parameters, which are not taken; name it with --parameters"
_NO_TEMPLATE: Final = (
    "it gives parameters to a template that is no root stack of the scan, or that others are given"
)


class ParameterFile(NamedTuple):
    """A file that gives parameters to a template.

    Attributes:
        path: Where it is; a deployment of the SAM CLI has a path of its own, see
            ``sam.deployment_path``.
        span: Its first parameter; ``None`` where something is wrong with it.
        names: The parameters that it gives.
        template: The template that it names itself, by its path in the work tree.
        fault: What is wrong with it; nothing of it is taken then.
        of_sam: The template that the SAM CLI deploys with it, whatever that declares; the file
            itself where there is none, or something is surely wrong.
    """

    path: Path
    span: Span | None
    names: frozenset[str]
    template: str | None
    fault: Diagnostic | None = None
    of_sam: Path | None = None

    @property
    def file(self) -> Path:
        """The file that it is read from."""
        return file_of(self.path)

    @property
    def error(self) -> Diagnostic | None:
        """What is wrong with a file that is surely one of parameters: its name says so."""
        return None if self.of_sam is None else self.fault


def why_not_taken(one: ParameterFile | None) -> str | None:
    """Why a document that gives parameters gives them to no template; ``None`` of any other."""
    if one is None:
        return None
    if one.fault is not None:
        return f"{_NOT_TAKEN}: {one.fault.message}"
    return _NOT_TAKEN if one.of_sam is None else _NO_TEMPLATE


def file_of(path: Path) -> Path:
    """The file that parameters are read from, by the path of a ``ParameterFile``."""
    named = named_deployment(path)
    return path if named is None else named[0]


def parameter_files(candidates: Iterable[Path], files: Files) -> Iterator[ParameterFile]:
    """Those of some files of data that give parameters to a template."""
    for path in candidates:
        if is_sam_configuration(path):
            of_sam = list(_of_sam(path, files))
            yield from of_sam
            if of_sam:
                continue
        raw = files.read_bytes(path, limits.PLAN_BYTES)
        if isinstance(raw, Diagnostic) or not _MARK.search(plain(raw)):
            continue
        keys = files.json_keys(path, raw)
        if keys is not None and _KEYS.isdisjoint(keys):
            continue
        given = given_values([str(path)], files.working, files.tree)
        names = frozenset(given.places)
        if given.fault is None and names:
            first = next(iter(given.places.values()))
            yield ParameterFile(path, first, names, given.template)
        elif given.fault is not None and path.name.endswith(TEMPLATES) and _SURE.search(plain(raw)):
            yield ParameterFile(path, None, names, given.template, given.fault)


def _of_sam(path: Path, files: Files) -> Iterator[ParameterFile]:
    """The deployments in a configuration of the SAM CLI."""
    source = files.read(path)
    found = source if isinstance(source, Diagnostic) else sam_deployments(source)
    if isinstance(found, Diagnostic):
        raw = files.read_bytes(path)
        other = isinstance(raw, bytes) and is_other_source(raw)
        yield ParameterFile(path, None, frozenset(), None, found, None if other else path)
        return
    for one in found:
        places = (place_named(path.parent, named) for named in one.templates)
        template = next((place for place in places if place and files.is_file(place, path)), None)
        names = frozenset(one.values)
        yield ParameterFile(
            deployment_path(path, one.name), one.span, names, None, of_sam=template or path
        )


def by_template(
    found: Iterable[ParameterFile],
    stacks: Sequence[Path],
    templates: Callable[[Path], Sequence[Template]],
    top: Path,
) -> dict[Path, tuple[tuple[Path, Span], ...]]:
    """The files of parameters of each template, with the first line of each.

    CloudFormation refuses a parameter that a template does not declare, and the lack of one that
    has no default: so a file belongs to the template that it fits, if that is one alone, among
    several the nearest, then the one that it is called after. One alone is none if it is an
    example.

    Args:
        found: The files.
        stacks: The files of the root stacks.
        templates: What is in each of these.
        top: The folder that the paths in deployment files begin at.
    """
    fed: dict[Path, list[tuple[Path, Span]]] = {}
    choice = _Choice(stacks, templates, top)
    for one in found:
        if one.span is None:
            continue
        stack = choice.of(one)
        if stack is not None:
            fed.setdefault(stack, []).append((one.path, one.span))
    return {
        stack: tuple(each)
        for stack, each in fed.items()
        if len(each) != 1 or not is_example(file_of(each[0][0]))
    }


class _Choice:
    """The stack that a file belongs to, of those that declare what it gives."""

    def __init__(
        self,
        stacks: Sequence[Path],
        templates: Callable[[Path], Sequence[Template]],
        top: Path,
    ) -> None:
        self._top = top
        self._stacks = frozenset(stacks)
        self._required: dict[tuple[Path, int], frozenset[str]] = {}
        self._declaring: dict[str, set[tuple[Path, int]]] = defaultdict(set)
        self._below: dict[Path, set[Path]] = defaultdict(set)
        self._called: dict[str, set[Path]] = defaultdict(set)
        for stack in stacks:
            for stem in (stack.stem, stack.name.partition(".")[0]):  # of vpc.template.yaml
                self._called[stem].add(stack)
            for folder in stack.parents:
                self._below[folder].add(stack)
            for number, template in enumerate(templates(stack)):
                declared = template.parameters
                required = frozenset(n for n, each in declared.items() if each.default is None)
                self._required[stack, number] = required
                for name in declared:
                    self._declaring[name].add((stack, number))

    def of(self, one: ParameterFile) -> Path | None:
        """The stack; ``None`` where that is none, or more than one."""
        if one.of_sam is not None:
            return one.of_sam if one.of_sam in self._stacks else None
        fitting = self._fitting(one)
        if one.template is not None:
            fitting &= {self._top / os.path.normpath(one.template.strip("/"))}
        elif len(fitting) > 1:
            near = (fitting & self._below.get(folder, set()) for folder in one.path.parents)
            fitting = next(filter(None, near))
        if len(fitting) > 1:
            fitting &= self._whose_name(one.path)
        return fitting.pop() if len(fitting) == 1 else None

    def _fitting(self, one: ParameterFile) -> set[Path]:
        """The stacks that declare all that a file gives, and lack nothing that it does not."""
        own = frozenset(name for name in one.names if not name.startswith("AWS::"))
        declaring = sorted((self._declaring.get(name, set()) for name in own), key=len)
        if not declaring:
            return set()
        each = declaring[0].intersection(*declaring[1:])
        return {path for path, number in each if self._required[path, number] <= own}

    def _whose_name(self, file: Path) -> set[Path]:
        """The stacks that ``vpc-prod.json`` or ``vpc/prod.json`` is called after: ``vpc.yaml``."""
        name = file.name
        ends = (at for at, character in enumerate(name) if not character.isalnum())
        stems = {file.parent.name, *(name[:at] for at in ends)}
        return {path for stem in stems for path in self._called.get(stem, ())}
