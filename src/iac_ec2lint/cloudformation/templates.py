"""Templates on the disk, and the declarations of their stacks."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from iac_ec2lint.cloudformation.exports import Exports
from iac_ec2lint.cloudformation.functions.includes import NAME as INCLUDE
from iac_ec2lint.cloudformation.functions.includes import Includes
from iac_ec2lint.cloudformation.locations import Assets, literal_location
from iac_ec2lint.cloudformation.options import StackOptions
from iac_ec2lint.cloudformation.session import Session
from iac_ec2lint.cloudformation.template import NESTED, Template, templates_in
from iac_ec2lint.declaration import NO_OTHERS
from iac_ec2lint.document.embedded import read_embedded
from iac_ec2lint.document.reading import Document, read
from iac_ec2lint.document.sniffing import looks_like_template, sniff
from iac_ec2lint.source import limits
from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.source.files import place_named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from iac_ec2lint.cloudformation.template import TemplateResource
    from iac_ec2lint.declaration import OtherInputs, Unit
    from iac_ec2lint.document.tree import Mapping, Scalar
    from iac_ec2lint.source.files import Files

__all__ = ["Session", "Templates", "evaluate"]


class Templates:
    """The templates of a scan: each file is read once.

    Args:
        files: The files that may be read.
        options: The inputs of the deployments.
        stacks: The files of all root stacks of the scan, whose exports may be imported.
    """

    def __init__(
        self,
        files: Files,
        options: StackOptions | None = None,
        stacks: Callable[[], Iterable[Path]] = lambda: (),
    ) -> None:
        self.files = files
        self.options = options or StackOptions()
        self.exports = Exports(self, stacks)
        self._assets = Assets(files)
        self._documents: dict[str, Document | Diagnostic] = {}
        self._templates: dict[str, list[Template]] = {}

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
            self._documents[key] = source if isinstance(source, Diagnostic) else read(source)
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

    def _template(self, document: Document, root: Mapping, path: Path) -> Template:
        if INCLUDE not in document.source.text:
            return Template(document, root)
        includes = Includes(path, lambda snippet: self.document(snippet, path))
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

        One that cannot be read, or is broken, counts if it looks like a template: its errors are
        reported when it is evaluated.
        """
        head = self.files.read_bytes(path, limits.PLAN_BYTES)
        if isinstance(head, Diagnostic) or not sniff(head):
            return False
        if self.templates(path):
            return True
        document = self.document(path)
        broken = isinstance(document, Diagnostic) or bool(document.diagnostics)
        return broken and looks_like_template(head)

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

    def imported(self, path: Path) -> set[Path]:
        """The files of the root stacks whose exports a file's stacks import, even indirectly."""
        if not any(template.imports for template in self.templates(path)):
            return set()
        session = self.session(path)
        session.unit(None)
        return session.imported

    def session(self, path: Path, others: OtherInputs = NO_OTHERS) -> Session:
        """The evaluation of one file's stack; see ``evaluate``."""
        return Session(self, path, others)

    def evaluate(
        self,
        path: Path,
        wanted: frozenset[str] | None = None,
        others: OtherInputs = NO_OTHERS,
    ) -> Unit:
        """Evaluate the stack of a file, with its nested stacks that are on the disk.

        Args:
            path: The template's file.
            wanted: The resource types to declare; ``None`` for all.
            others: The root stack's parameters that have not their defaults.

        Returns:
            The unit. Properties are evaluated when they are read; diagnostics and unavailable
            modules are added to the unit then.
        """
        return self.session(path, others).unit(wanted)


def evaluate(
    path: Path, files: Files, options: StackOptions, wanted: frozenset[str] | None = None
) -> Unit:
    """Evaluate the stack of one file; see ``Templates.evaluate``."""
    return Templates(files, options).evaluate(path, wanted)
