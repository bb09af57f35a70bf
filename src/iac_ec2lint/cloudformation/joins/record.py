"""What is read for one unit: the templates that it opens, and what is wrong or remarkable there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from iac_ec2lint.cloudformation.template.template import Template
from iac_ec2lint.declaration import (
    Unit,
)
from iac_ec2lint.document.tree import Node
from iac_ec2lint.source.diagnostic import Diagnostic, Diagnostics, Observation
from iac_ec2lint.values import (
    SEVERAL,
    several,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iac_ec2lint.cloudformation.template.files import TemplateFiles
    from iac_ec2lint.source.budget import Budget
    from iac_ec2lint.source.span import Span


class UnitRecord:
    """What is read for one unit.

    Args:
        templates: The templates that it may read.
        result: The unit, as far as it is evaluated.
        budget: What it may take; what the unit may that is evaluated next if it is not given.

    Attributes:
        templates: See above.
        result: See above.
        budget: See above.
    """

    def __init__(self, templates: TemplateFiles, result: Unit, budget: Budget | None) -> None:
        self.templates = templates
        self.result = result
        self.budget = budget or templates.budget
        self._reported = Diagnostics(result.diagnostics)
        self._read: dict[str, set[str]] = {}

    def open(self, path: Path, unit: str) -> list[Template]:
        """The templates of a file that belongs to a unit; its errors are recorded."""
        document = self.templates.document(path)
        if isinstance(document, Diagnostic):
            self.result.files[document.path] = False
            self.report(document)
            return []
        name = document.source.path
        templates = self.templates.templates(path)
        new = name not in self._read
        self._read.setdefault(name, set()).add(unit)
        if new:
            faults = [d for template in templates for d in template.diagnostics]
            self.result.files[name] = document.complete and not document.diagnostics and not faults
            for fault in (*document.diagnostics, *faults):
                self.report(fault)
            self.result.observations.extend(document.repeated)
            after = 0
            for template in templates:
                self.note(template, after)
                after = template.root.end
        return templates

    def note(self, template: Template, after: int = 0) -> None:
        """Record a template's suppressions, macros and snippets, once."""
        self.result.suppressions.extend(self.templates.suppressions(template, after))
        for unread in (template.macros, template.changed_parts, template.directives):
            for source, node in unread.items():
                self.missing(source, node)
        self.result.observations.extend(template.observations)
        for snippet in template.snippets:
            self.result.files[snippet.source.path] = not snippet.diagnostics
        for text in template.texts:
            self.result.files[text.path] = True

    def report(self, diagnostic: Diagnostic, call: str = "") -> None:
        """See ``Nest``."""
        self._reported.report(diagnostic, call)

    def missing(self, source: str, node: Node) -> None:
        """See ``Nest``."""
        self.result.modules_unavailable.setdefault(source, node.span)

    def note_several(self, span: Span, what: str, names: Iterable[str]) -> None:
        """Take note of what may be meant where nothing tells several templates apart."""
        self.observe(Observation(SEVERAL, span, several(what, names)))

    def observe(self, observation: Observation) -> None:
        """See ``Nest``."""
        if observation not in self.result.observations:
            self.result.observations.append(observation)

    def imported(self) -> Iterator[str]:
        """The files that only others than the unit itself need."""
        own = self.result.path
        return (name for name, units in self._read.items() if own not in units)
