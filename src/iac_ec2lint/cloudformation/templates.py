"""Templates on the disk, and the declarations of their stacks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from iac_ec2lint.cloudformation.declaring import StackDeclarations
from iac_ec2lint.cloudformation.joins.exports import Exports
from iac_ec2lint.cloudformation.joins.imports import Imports
from iac_ec2lint.cloudformation.joins.nested import NestedStacks
from iac_ec2lint.cloudformation.joins.record import UnitRecord
from iac_ec2lint.cloudformation.options import StackOptions
from iac_ec2lint.cloudformation.parameters.values import default_span, not_echoed
from iac_ec2lint.cloudformation.stack.place import StackPlace
from iac_ec2lint.cloudformation.stack.stack import Stack
from iac_ec2lint.cloudformation.template.files import TemplateFiles
from iac_ec2lint.declaration import (
    NO_OTHERS,
    Branches,
    InputDefault,
    OtherInputs,
    Told,
    Unit,
)
from iac_ec2lint.source.budget import Budget
from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.values import (
    UNGUARDED,
    Guard,
    Joins,
    leads_to,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from iac_ec2lint.declaration import Named
    from iac_ec2lint.source.budget import Budget
    from iac_ec2lint.source.files import Files


__all__ = ["Session", "Templates", "evaluate"]


class Templates(TemplateFiles):
    """The templates of a scan, and the units that their stacks make.

    Args:
        files: See ``TemplateFiles``.
        options: See ``TemplateFiles``.
        stacks: The files of all root stacks of the scan, whose exports may be imported.
        every: See ``TemplateFiles``.

    Attributes:
        exports: What all stacks export.
    """

    def __init__(
        self,
        files: Files,
        options: StackOptions | None = None,
        stacks: Callable[[], Iterable[Path]] = lambda: (),
        every: Callable[[], Iterable[Path]] = lambda: (),
    ) -> None:
        super().__init__(files, options, every)

        def roots(path: Path) -> list[Stack]:
            return self.apart(path, joined=False).roots

        self.exports = Exports(self, roots, stacks)

    def imported(self, path: Path) -> set[Path]:
        """The files of the root stacks whose exports a file's stacks import, even indirectly."""
        if not any(template.imports for template in self.templates(path)):
            return set()
        session = self.apart(path)
        session.unit(None)
        return session.imports.files

    def session(
        self,
        path: Path,
        others: OtherInputs = NO_OTHERS,
        taken: Guard = UNGUARDED,
        joins: Joins | None = None,
    ) -> Session:
        """The evaluation of one file's stack; see ``evaluate``."""
        return Session(self, path, others, taken, joins=joins)

    def apart(self, path: Path, *, joined: bool = True) -> Session:
        """The evaluation of a file's stack for what others know of it, not as a unit itself."""
        return Session(self, path, budget=Budget(), joins=Joins(taken=joined))

    def evaluate(
        self,
        path: Path,
        wanted: frozenset[str] | None = None,
        others: OtherInputs = NO_OTHERS,
        taken: Guard = UNGUARDED,
        joins: Joins | None = None,
    ) -> Unit:
        """Evaluate the stack of a file, with its nested stacks that are on the disk.

        Args:
            path: The template's file.
            wanted: The resource types to declare; ``None`` for all.
            others: The root stack's parameters that have not their defaults.
            taken: What is taken to hold; see ``Branches``.
            joins: Takes note of what other stacks know of its values; these are taken without it.

        Returns:
            The unit. Properties are evaluated when they are read; diagnostics and unavailable
            modules are added to the unit then.
        """
        return self.session(path, others, taken, joins).unit(wanted)


class Session(UnitRecord):
    """The evaluation of one unit.

    Args:
        templates: The templates it reads.
        path: The root stack's file.
        others: The root stack's parameters that have not their defaults (``parameter "Create"``).
        budget: What it may take; what the unit may that is evaluated next if it is not given.
        joins: Takes note of what other stacks know of its values; these are taken without it.

    Attributes:
        roots: Its root stacks: one for each template in the file.
        imports: What its stacks import of others.
        nested: The stacks that they nest.
    """

    def __init__(
        self,
        templates: Templates,
        path: Path,
        others: OtherInputs = NO_OTHERS,
        taken: Guard = UNGUARDED,
        budget: Budget | None = None,
        joins: Joins | None = None,
    ) -> None:
        name = templates.files.display(path)
        result = Unit(name, "stack", branches=Branches(name, self._defaults, others, taken))
        result.joins = joins or Joins()
        super().__init__(templates, result, budget)
        self.exports = templates.exports
        self.imports = Imports(self, self.exports, path, self.make_roots)
        self.nested = NestedStacks(self)
        self._declarations = StackDeclarations(self, self.nested)
        result.mentions, result.leave = self._mentions, self.leave
        result.added_to = self._added_to
        self.roots: list[Stack] = self.make_roots(path, "")
        self.imports.roots = self.roots
        if self.roots:
            first = next(iter(self.roots[0].template.root.entries.values()))[0]
            result.span = first.span
        if not self.roots and result.files.get(name):
            self.report(Diagnostic.of_file(name, "it holds no CloudFormation template"))

    def make_roots(self, path: Path, prefix: str) -> list[Stack]:
        """The root stacks of a file: of this unit, or, with a prefix, of another one."""
        unit = self.templates.files.display(path)
        found = self.open(path, unit)
        roots: list[Stack] = []
        for index, template in enumerate(found):
            before = f"{prefix}document{index + 1}/" if index else prefix
            # Exports are of one account and Region, so what is imported is in the same ones.
            place = StackPlace(unit, self.result.path, (path,))
            options = self.templates.deployed(path)
            if not prefix:
                self.result.stated = options.stated
                branches = self.result.branches
                options = replace(options, branches=branches, others=branches.others)
                # Others may be given on the same line.
                self.result.secrets.update(not_echoed(template.parameters.values(), options))
            roots.append(Stack(template, options, self, before, place=place))
        return roots

    def _defaults(self) -> dict[tuple[str, int, int], InputDefault]:
        """The defaults of the root stacks' parameters; see ``Branches``."""
        found: dict[tuple[str, int, int], InputDefault] = {}
        for stack in self.roots:
            for parameter in stack.template.parameters.values():
                if parameter.default is not None:
                    span = default_span(parameter, parameter.default)
                    text = getattr(parameter.default, "text", None)
                    found[span.key] = InputDefault(f'parameter "{parameter.name}"', span, text)
        return found

    def unit(self, wanted: frozenset[str] | None) -> Unit:
        """The declarations of all its stacks, and of those whose exports it imports.

        Args:
            wanted: The types to declare (``AWS::EC2::Instance``, ``output``); ``None`` for those of
                all resources.
        """
        for stack in self.roots:
            stack.check_parameters()
            self._declarations.add(stack, wanted)
        done: set[Path] = set()
        while len(done) < len(self.imports.foreign):
            for path, roots in list(self.imports.foreign.items()):
                if path not in done:
                    done.add(path)
                    for stack in roots:
                        self._declarations.add(stack, wanted)
        self.result.imported.update(self.imported())
        return self.result

    def leave(self) -> None:
        """See ``Unit.leave``."""
        for stack in self._declarations.stacks:
            stack.leave()
        self._declarations.stacks.clear()

    def _mentions(self, kinds: frozenset[str]) -> frozenset[str]:
        """See ``Unit.mentions``; a logical ID counts wherever it stands but in descriptions."""
        return frozenset(
            f"{stack.prefix}{name}"
            for stack in self._declarations.stacks
            for name in stack.mentioned(kinds)
        )

    def _added_to(self, unit: str, kinds: frozenset[str], named: Named | None) -> str:
        """See ``Unit.added_to``."""
        told: Told | None = None
        if named is not None:
            outputs = (
                output.name
                for path, roots in self.imports.foreign.items()
                if self.templates.files.display(path) == unit
                for stack in roots
                for output in stack.outputs()
                if leads_to(stack.output(output.name), named.address)
            )
            joined = frozenset(map(self.templates.files.display, self.imports.foreign))
            told = Told(named, frozenset(outputs), joined)
        return self.exports.adding_to(unit, kinds, self.result.path, told)


def evaluate(
    path: Path, files: Files, options: StackOptions, wanted: frozenset[str] | None = None
) -> Unit:
    """Evaluate the stack of one file; see ``Templates.evaluate``."""
    return Templates(files, options).evaluate(path, wanted)
