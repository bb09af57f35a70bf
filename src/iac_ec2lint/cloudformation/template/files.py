"""The files of templates: each is read once, and told apart from other data."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from iac_ec2lint.cloudformation.options import StackOptions
from iac_ec2lint.cloudformation.template.assemblies import Assemblies
from iac_ec2lint.cloudformation.template.includes import Includes, may_include
from iac_ec2lint.cloudformation.template.locations import Assets, NamedFiles, literal_location
from iac_ec2lint.cloudformation.template.recognition import (
    declares_aws,
    declares_in_service,
    mappings_in,
    templates_in,
)
from iac_ec2lint.cloudformation.template.resource import NESTED
from iac_ec2lint.cloudformation.template.suppressions import in_template
from iac_ec2lint.cloudformation.template.template import Template
from iac_ec2lint.document.embedded import read_embedded
from iac_ec2lint.document.reading import Document, is_bounded, read
from iac_ec2lint.document.sniffing import is_other_source, looks_like_template, sniff
from iac_ec2lint.source import limits
from iac_ec2lint.source.budget import Budget
from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.source.discovery import TEMPLATES
from iac_ec2lint.source.files import place_named
from iac_ec2lint.source.marks import has_plan_mark, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from iac_ec2lint.cloudformation.template.resource import TemplateResource
    from iac_ec2lint.document.tree import Mapping, Scalar
    from iac_ec2lint.source.files import Files
    from iac_ec2lint.source.span import SourceText
    from iac_ec2lint.source.suppression import Suppression


_OTHER_SOURCE = "it cannot be read as it is; it may be the source of a template for another program"


_OF_SERVICE = (
    "it is a service of the Serverless Framework, whose resources are not evaluated;"
    " scan what serverless package makes of it"
)


_SERVERLESS = "it has variables of the Serverless Framework, which are not evaluated"


class TemplateFiles:
    """The templates of a scan: each file is read once.

    Args:
        files: The files that may be read.
        options: The inputs of the deployments.
        every: The files of all templates of the scan, which may be nested by what a URL ends in.

    Attributes:
        budget: What the unit that is evaluated next may take.
        named: The templates by the ends of their paths.
        assemblies: What templates of the CDK are deployed with.
    """

    def __init__(
        self,
        files: Files,
        options: StackOptions | None = None,
        every: Callable[[], Iterable[Path]] = lambda: (),
    ) -> None:
        self.files = files
        self.options = options or StackOptions()
        self.budget = Budget()
        self.named = NamedFiles(files, every)
        self.assemblies = Assemblies(files, self.document)
        self._assets = Assets(files)
        self._documents: dict[str, Document | Diagnostic] = {}
        self._templates: dict[str, list[Template]] = {}
        # Templates in texts are made anew for each unit.
        self._suppressions: WeakKeyDictionary[Template, tuple[Suppression, ...]] = (
            WeakKeyDictionary()
        )

    def deployed(self, path: Path) -> StackOptions:
        """The inputs of the deployment of a root stack: those that are given, else of its assembly.

        Args:
            path: The template's file.
        """
        written = self.assemblies.inputs(path)
        if self.options.region is not None:
            written.pop("AWS::Region", None)
        if not written:
            return self.options
        return replace(self.options, parameters={**written, **self.options.parameters})

    def document(self, path: Path, user: Path | None = None) -> Document | Diagnostic:
        """The trees of a file, or a diagnostic that says why it cannot be read.

        Args:
            path: The file.
            user: The template that refers to it; see ``Files.inside``.
        """
        if user is not None and (refusal := self.files.refusal(path, user)):
            return Diagnostic.of_file(self.files.display(path), f"it {refusal}")
        key = os.path.normpath(path)
        if key not in self._documents:
            source = self.files.read(path)
            if isinstance(source, Diagnostic):
                self._documents[key] = source
            elif may_include(source.text):
                self._documents[key] = read(source)  # what it includes becomes a part of it
            else:
                found = self.files.parse_once("document", source, lambda: read(source))
                self._documents[key] = found
        return self._documents[key]

    def templates(self, path: Path) -> list[Template]:
        """The templates in a file: one for each YAML document that is one."""
        key = os.path.normpath(path)
        if key not in self._templates:
            document = self.document(path)
            roots = [] if isinstance(document, Diagnostic) else templates_in(document)
            self._templates[key] = [
                self._template(document, root, path)
                for root in roots
                if isinstance(document, Document)
            ]
        return self._templates[key]

    def suppressions(self, template: Template, after: int) -> tuple[Suppression, ...]:
        """The suppressions of a template, sought once; see ``suppressions.in_template``."""
        if template not in self._suppressions:
            self._suppressions[template] = tuple(in_template(template, after))
        return self._suppressions[template]

    def _template(self, document: Document, root: Mapping, path: Path) -> Template:
        if not may_include(document.source.text, root.start, root.end):
            return Template(document, root)

        def text(target: Path) -> SourceText | None:
            if self.files.refusal(target, path) or self.files.absence(target):
                return None
            source = self.files.read(target)
            return None if isinstance(source, Diagnostic) else source

        def snippet(target: Path) -> Document | Diagnostic:
            return self.document(target, path)

        includes = Includes(path, snippet, text, self.files.tree)
        includes.expand(root)
        return Template(document, root, includes)

    def embedded(self, scalar: Scalar) -> list[Template] | None:
        """The templates in the text of a scalar; ``None`` where their places are unknown."""
        document = read_embedded(scalar)
        if document is None:
            return None
        found = [Template(document, root) for root in templates_in(document)]
        for template in found[:1]:
            template.diagnostics.extend(document.diagnostics)
            template.observations.extend(document.repeated)
        return found

    def is_template(self, path: Path) -> bool:
        """Whether a file holds a template, by its content.

        One that cannot be read, or is broken, counts if it looks like a template and has a usual
        suffix: its errors are reported when it is evaluated. Others must be whole.
        """
        raw = self.files.read_bytes(path, limits.PLAN_BYTES)
        if isinstance(raw, Diagnostic) or not self._sniff(path, raw):
            return False
        document = self.document(path)
        if not path.name.endswith(TEMPLATES):
            whole = isinstance(document, Document) and not document.diagnostics
            return whole and any(declares_aws(template.root) for template in self.templates(path))
        if self.templates(path):
            return True
        return looks_like_template(raw) and (
            is_bounded(document) or (_is_broken(document) and not is_other_source(raw))
        )

    def _sniff(self, path: Path, raw: bytes) -> bool:
        return sniff(raw, lambda text: self.files.json_keys(path, text))

    def omission(self, path: Path) -> str | None:
        """Why a file of a usual suffix that seems to hold a template is not read as one, in words.

        Args:
            path: A file that holds no template, by ``is_template``.
        """
        raw = self.files.read_bytes(path, limits.PLAN_BYTES)
        if not path.name.endswith(TEMPLATES):
            return None
        if isinstance(raw, Diagnostic):
            return raw.message
        if not self._sniff(path, raw):
            return None  # other programs' data may be large
        document = self.document(path)
        if _is_broken(document):
            return _OTHER_SOURCE if looks_like_template(raw) else None
        roots = mappings_in(document) if isinstance(document, Document) else []
        if any(map(declares_aws, roots)):
            return _SERVERLESS
        return _OF_SERVICE if any(map(declares_in_service, roots)) else None

    def is_other_data(self, path: Path) -> bool:
        """Whether a file has a usual suffix of templates and no mark of a template or of a plan."""
        raw = self.files.read_bytes(path, limits.PLAN_BYTES)
        if isinstance(raw, Diagnostic) or not path.name.endswith(TEMPLATES):
            return False
        return not has_plan_mark(plain(raw)) and (
            not self._sniff(path, raw) or not _is_broken(self.document(path))
        )

    def nested(self, path: Path) -> set[Path]:
        """The files to which a file's templates refer literally as templates of nested stacks."""
        found: set[Path] = set()
        for template in self.templates(path):
            for resource in template.resources.values():
                text = self.asset(resource, path) or literal_location(resource)
                if text is not None:
                    place = place_named(path.parent, text)
                    if place is not None and self.files.is_file(place, path):
                        found.add(place)
        return found

    def asset(self, resource: TemplateResource, path: Path) -> str | None:
        """The file that CDK uploads as a nested stack's template; see ``locations.Assets``."""
        if resource.type not in NESTED:
            return None
        return self._assets.file(resource, path)


def _is_broken(document: Document | Diagnostic) -> bool:
    return isinstance(document, Diagnostic) or bool(document.diagnostics)
