"""Stacks whose template is a text that a configuration of another language makes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.cloudformation.stack.place import StackPlace
from iac_ec2lint.cloudformation.stack.stack import Stack
from iac_ec2lint.cloudformation.templates import Session
from iac_ec2lint.declaration import CERTAIN, Presence
from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.values import Joins, Step, Unknown, Val, Value

if TYPE_CHECKING:
    from iac_ec2lint.cloudformation.templates import Templates


class WrittenStack(NamedTuple):
    """A stack that a resource of another language makes of a text.

    Attributes:
        unit: The folder, or the file of the plan, of the unit that the resource belongs to.
        folder: The folder that local paths in the template are relative to.
        address: The resource's address.
        body: The text.
        parameters: What the resource gives to the template's parameters; ``None`` for nothing.
        callers: Where the resource and the modules around it are declared, the outermost first.
        presence: Whether the resource is certain to exist.
        region: The Region that it is deployed to, if that is known.
    """

    unit: Path
    folder: Path
    address: str
    body: Value
    parameters: Val | None
    callers: tuple[Step, ...] = ()
    presence: Presence = CERTAIN
    region: str | None = None

    def overridden(self, address: str, overrides: Val, presence: Presence) -> WrittenStack:
        """The stack where some instances of a stack set have parameters of their own.

        Args:
            address: The address of what says so.
            overrides: These parameters; all are unknown where these or the others are.
            presence: Whether that is certain to exist.
        """
        given = overrides
        if isinstance(overrides, Value) and self.parameters is not None:
            given = self.parameters
            if isinstance(given, Value):
                members = {**given.items(), **overrides.items()}
                given = Value(members, overrides.span, overrides.via)
        return self._replace(address=address, parameters=given, presence=presence)


class WrittenSession(Session):
    """The evaluation of such a stack as a unit.

    Args:
        templates: The templates that it may nest.
        written: The stack.
        joins: See ``Session``.
    """

    def __init__(
        self, templates: Templates, written: WrittenStack, joins: Joins | None = None
    ) -> None:
        self._written = written
        super().__init__(templates, written.unit, joins=joins)

    def make_roots(self, path: Path, prefix: str) -> list[Stack]:
        """See ``Session``; another unit's stacks are made as there."""
        if prefix:
            return super().make_roots(path, prefix)
        written = self._written
        found = self.nested.written_templates(written.body)
        if not found:
            message = f"what {written.address} is made of is no CloudFormation template"
            self.report(Diagnostic.at(written.body.span, message))
        files = {step.span.path for step in written.body.via if step.contents}
        if found:
            self.result.called.update(files)
            whole = not any(template.diagnostics for template in found)
            self.result.files.update(dict.fromkeys(files, whole))
        for template in found:
            self.note(template, 0 if files else template.root.start)
        options = replace(
            self.templates.options,
            region=written.region or self.templates.options.region,
            branches=self.result.branches,
            others=self.result.branches.others,
        )
        account = f"{self.result.path}#{written.address}"
        place = StackPlace(self.result.path, account, (written.folder / "template_body",))
        return [
            Stack(
                template,
                replace(options, parameters=_given(written.parameters, template.parameters)),
                self,
                f"{written.address}/",
                written.callers,
                written.presence,
                place,
            )
            for template in found
        ]


def _given(parameters: Val | None, declared: Iterable[str]) -> Mapping[str, Val]:
    """The values of a template's parameters; all are unknown where the map of them is."""
    if isinstance(parameters, Unknown):
        return dict.fromkeys(declared, parameters)
    return {} if parameters is None else parameters.items()
