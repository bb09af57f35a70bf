"""Which units a change can make a difference to: only those are judged, in both trees.

What cannot be told from the text counts as touched: a file that is named by an expression may be
any file of the repository, and what one stack exports changes what another one is. Only a unit all
of whose possible files are the same in both trees is left out.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.cloudformation.parameters.environment_files import parameter_files
from iac_ec2lint.cloudformation.template.assemblies import MANIFEST
from iac_ec2lint.source.discovery import CONFIGURATION, SAM, TEMPLATES, TERRAGRUNT, is_module_file
from iac_ec2lint.source.span import SourceText
from iac_ec2lint.source.version_control import SUBMODULES
from iac_ec2lint.terraform.folders.modules import LOCK_FILE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from iac_ec2lint.answers.changes.objects import TreeEntry
    from iac_ec2lint.answers.units import Job, Survey
    from iac_ec2lint.cloudformation.parameters.environment_files import ParameterFile

_CALL: Final = re.compile(r"\b(file\w*|template\w*)\s*\(")
_PLAIN: Final = re.compile(r'\s*"((?:[^"\\$%]|\$\{\s*path\.\w+\s*\})*)"\s*[,)]')
"""The first argument of a call, where it is a path that is known but for the module's folder."""
_JOINED: Final = re.compile(r"ImportValue|\bExports?\b")
"""What joins a stack to others."""
_READS_STATE: Final = re.compile("terraform_remote_state")
_IS_READ: Final = re.compile(r"terraform_remote_state|\boutput\b")
"""What joins a root module to others, where one reads a state."""
_LEADS_ON: Final = re.compile(r"Include|Transform|::Stack\b|TemplateU|::Application\b|\bLocation\b")
"""What makes a template read other files."""
_EVERYWHERE: Final = frozenset({".gitignore", SUBMODULES, *TERRAGRUNT})

_AUTOMATIC: Final = re.compile(r"(\.auto|(^|/)terraform)\.tfvars(\.json)?$")

_Group = tuple[str, re.Pattern[str]]
Key = tuple[str, str, bool, str]
"""What a unit is in either tree: its kind, its path, whether it is a root, and its reading."""


class Side(NamedTuple):
    """One of the trees.

    Attributes:
        survey: What was read of it.
        jobs: Its units.
        paths: All its files.
    """

    survey: Survey
    jobs: Sequence[Job]
    paths: Iterable[str]


def changed_paths(
    before: Mapping[str, TreeEntry], after: Mapping[str, TreeEntry]
) -> frozenset[str]:
    """The files that are not the same in two trees."""
    every = before.keys() | after.keys()
    return frozenset(path for path in every if before.get(path) != after.get(path))


class Touched:
    """The units whose findings may differ.

    Args:
        sides: The earlier tree and the later one.
        changed: The files that are not the same.
        given: The files that give values to units.

    Attributes:
        is_everything: Whether that may be any unit.
    """

    def __init__(
        self, sides: tuple[Side, Side], changed: frozenset[str], given: Iterable[str]
    ) -> None:
        self.is_everything = not changed.isdisjoint(given) or any(map(_is_everywhere, changed))
        self._readings = [_Reading(side, changed) for side in sides]
        keys = [{key_of(side.survey, job) for job in side.jobs} for side in sides]
        self._known = keys[0] | keys[1]
        self._found = keys[0] ^ keys[1]
        self._groups: list[_Group] = []
        self._parts: set[str] = set()
        self._leads_on = False
        if not self.is_everything:
            self._find(sides)

    def _find(self, sides: tuple[Side, Side]) -> None:
        pairs = list(zip(sides, self._readings, strict=True))
        for side, reading in pairs:
            touched = (job for job in side.jobs if reading.is_touched(job))
            self._found |= {key_of(side.survey, job) for job in touched}
        reads = any(r.has(job, "root-module", _READS_STATE) for s, r in pairs for job in s.jobs)
        self._groups = [("stack", _JOINED), *([("root-module", _IS_READ)] if reads else [])]
        for kind, words in [*self._groups]:
            joined = {
                key_of(side.survey, job)
                for side, reading in pairs
                for job in side.jobs
                if reading.has(job, kind, words)
            }
            if joined.isdisjoint(self._found):
                self._groups.remove((kind, words))
            else:
                self._found |= joined
        for side, reading in pairs:
            self._found |= {
                key_of(side.survey, job) for job in reading.nested(side.jobs, self._found)
            }
        for side, reading in pairs:
            for job in side.jobs:
                if key_of(side.survey, job) in self._found:
                    self._parts |= reading.parts(job)
                    self._leads_on = self._leads_on or reading.has(job, "stack", _LEADS_ON)

    def includes(self, side: int, job: Job) -> bool:
        """Whether a unit is one of them, also one that only the judged units make one.

        Args:
            side: 0: it is the earlier tree's; 1: the later one's.
            job: The unit.
        """
        reading = self._readings[side]
        key = key_of(reading.survey, job)
        if self.is_everything or key in self._known:
            return self.is_everything or key in self._found
        # A unit that none of the others calls in this tree: one that is touched may have in the
        # other tree, or may still be found to.
        return (
            (self._leads_on and job.kind == "stack")
            or reading.is_touched(job)
            or not reading.parts(job).isdisjoint(self._parts)
            or any(reading.has(job, kind, words) for kind, words in self._groups)
        )

    def values_beside(self, job: Job) -> list[str]:
        """The changed files of values that Terraform or CloudFormation is to be told of.

        Of a root module those in its folder, of a stack those with parameters of its template.
        """
        if self.is_everything:
            return []
        reading = self._readings[1]
        if job.kind == "stack":
            return reading.parameters_of(job)
        return sorted(
            path
            for path in reading.under(job)
            if path.endswith((".tfvars", ".tfvars.json"))
            and (path.rpartition("/")[0] or ".") == reading.survey.files.display(job.path)
            and not _AUTOMATIC.search(path)
        )

    def is_led_to(self, jobs: tuple[Job, Job]) -> bool:
        """Whether a call of a root module may read a changed file, or another unit say more of it.

        Args:
            jobs: The root module in the earlier tree and in the later one.
        """
        return any(
            reading.leads_to_changed(job)
            or any(reading.has(job, kind, words) for kind, words in self._groups)
            for reading, job in zip(self._readings, jobs, strict=True)
        )


def key_of(survey: Survey, job: Job) -> Key:
    """What a unit is in either tree."""
    return job.kind, survey.files.display(job.path), job.is_root, job.reading


def _is_everywhere(path: str) -> bool:
    folder, _, name = path.rpartition("/")
    configures = name.endswith(".hcl") and name != LOCK_FILE  # Terragrunt, whatever it is called
    return name in _EVERYWHERE or configures or ".terraform" in folder.split("/")


class _Reading:
    """What the units of one tree may read."""

    def __init__(self, side: Side, changed: frozenset[str]) -> None:
        self.survey = side.survey
        self._files = side.survey.files
        self._changed = changed
        self._names = {path.rpartition("/")[2] for path in changed}
        self._folders = {path.rpartition("/")[0] for path in changed}
        self._paths: dict[str, list[str]] = defaultdict(list)
        for path in side.paths:
            self._paths[path.rpartition("/")[2]].append(path)
        self._parts: dict[Path, bool] = {}
        self._given: list[ParameterFile] | None = None

    def is_touched(self, job: Job) -> bool:
        """Whether a changed file may be one of a unit's."""
        if job.kind == "plan":
            return True
        whole = self._is_stack_touched if job.kind == "stack" else self._is_folder_touched
        if self.parameters_of(job) or any(
            self._files.display(file) in self._changed
            for path, _ in job.environments
            for file in self.survey.written(job, path)
        ):
            return True
        if any(path.endswith((".tfvars", ".tfvars.json")) for path in self.under(job)):
            return True  # of an environment
        for part in self.survey.finder.parts(job):
            if part not in self._parts:
                self._parts[part] = whole(part)
            if self._parts[part]:
                return True
        return False

    def nested(self, jobs: Iterable[Job], touched: set[Key]) -> Iterator[Job]:
        """The stacks that touched ones may nest: what is found in both is settled between them.

        They are known by the names of their files, which is how URLs name them.
        """
        pending = [job for job in jobs if key_of(self.survey, job) in touched]
        left = [
            job for job in jobs if job.kind == "stack" and key_of(self.survey, job) not in touched
        ]
        while pending:
            texts = [
                self._text(part) or ""
                for job in pending
                if self.has(job, "stack", _LEADS_ON)
                for part in self.survey.finder.parts(job)
            ]
            pending = [job for job in left if any(job.path.name in text for text in texts)]
            left = [job for job in left if job not in pending]
            yield from pending

    def parameters_of(self, job: Job) -> list[str]:
        """The changed files of parameters that may be a stack's."""
        if self._given is None:
            paths = (self._files.boundary / path for path in sorted(self._changed))
            documents = [
                path for path in paths if path.name.endswith(TEMPLATES) or SAM.fullmatch(path.name)
            ]
            self._given = list(parameter_files(documents, self._files))
        templates = self.survey.templates.templates(job.path) if job.kind == "stack" else ()
        declared = {name for template in templates for name in template.parameters}
        fitting = (one.file for one in self._given if not one.names.isdisjoint(declared))
        return [self._files.display(path) for path in fitting]

    def under(self, job: Job) -> Iterator[str]:
        """The changed files below a root module's folder."""
        folder = self._files.display(job.path)
        start = "" if folder == "." else f"{folder}/"
        return (p for p in self._changed if job.kind == "root-module" and p.startswith(start))

    def parts(self, job: Job) -> set[str]:
        """The folders or files that a unit is made of, by their paths in the tree."""
        return {self._files.display(part) for part in self.survey.finder.parts(job)}

    def has(self, job: Job, kind: str, words: re.Pattern[str]) -> bool:
        """Whether a unit of a kind has some words in it, or cannot be read."""
        return job.kind == kind and any(
            (text := self._text(file)) is None or words.search(text) is not None
            for part in self.survey.finder.parts(job)
            for file in self._texts_of(part, kind)
        )

    def _texts_of(self, part: Path, kind: str) -> Iterator[Path]:
        if kind == "stack":
            yield part
        else:
            yield from (part / name for name in self._files.names(part) if is_module_file(name))

    def _is_stack_touched(self, file: Path) -> bool:
        if self._real(file) in self._changed or self._files.display(file) in self._changed:
            return True
        if self._files.display(file.with_name(MANIFEST)) in self._changed:
            return True  # of what it is deployed with
        text = self._text(file)
        return text is None or (
            _LEADS_ON.search(text) is not None
            and not all(path.endswith(CONFIGURATION) for path in self._changed)
        )

    def _is_folder_touched(self, folder: Path) -> bool:
        if {self._real(folder), self._files.display(folder)} & {f or "." for f in self._folders}:
            return True
        names = self._files.names(folder)
        if any(self._real(folder / name) in self._changed for name in names):
            return True  # through a link
        return any(
            self._leads_to_changed(folder / name)
            for name in names
            if is_module_file(name) or name.endswith((".tfvars", ".tfvars.json"))
        )

    def leads_to_changed(self, job: Job) -> bool:
        """Whether a call in a root module, or in one that it calls, may read a changed file."""
        return any(
            self._leads_to_changed(file)
            for part in self.survey.finder.parts(job)
            for file in self._texts_of(part, job.kind)
        )

    def _leads_to_changed(self, file: Path) -> bool:
        """Whether a call in a file may read a changed one."""
        text = self._text(file)
        if text is None:
            return True
        return any(
            name is None or name in self._names or self._is_template_open(function, name)
            for function, name in _called_files(text)
        )

    def _is_template_open(self, function: str, name: str) -> bool:
        """Whether a template that is read calls functions that read files."""
        return function == "templatefile" and any(
            (text := self._text(self._files.boundary / path)) is None or _CALL.search(text)
            for path in self._paths.get(name, ())
        )

    def _text(self, file: Path) -> str | None:
        source = self._files.read(file)
        return source.text if isinstance(source, SourceText) else None

    def _real(self, path: Path) -> str:
        return os.path.relpath(self._files.tree.real(path), self._files.boundary).replace(
            os.sep, "/"
        )


def _called_files(text: str) -> Iterator[tuple[str, str | None]]:
    """The functions on files that a text calls, each with the name of the file if that is plain."""
    for call in _CALL.finditer(text):
        plain = _PLAIN.match(text, call.end())
        name = None if plain is None else plain[1].rpartition("/")[2].rpartition("}")[2]
        if call[1] in {"fileset", "templatestring"} or name in {"", ".", ".."}:
            name = None
        yield call[1], name
