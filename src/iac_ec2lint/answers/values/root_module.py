"""The names of a root module, and of the modules that it calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.answers.values.encoding import Faults, error_in, shown
from iac_ec2lint.report.answers.values_report import NamedValue
from iac_ec2lint.terraform.body import BlockSection
from iac_ec2lint.terraform.unit import open_unit
from iac_ec2lint.values import Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from iac_ec2lint.answers.values.addresses import RequestedNames
    from iac_ec2lint.declaration import Presence, Section, Unit
    from iac_ec2lint.hcl.tree import Block
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.terraform.evaluated import DeclaredResource, Instance, Module
    from iac_ec2lint.terraform.repetition import Repetition
    from iac_ec2lint.terraform.unit import Modules


def entries(
    folder: Path, modules: Modules, wanted: RequestedNames
) -> tuple[Unit, list[NamedValue]]:
    """The root module in a folder, and what its names came to.

    Args:
        folder: The folder.
        modules: The modules of the run.
        wanted: Which resources are asked for.
    """
    context = open_unit(folder, modules, frozenset())
    reading = _Reading(wanted, Faults(context.unit.diagnostics))
    pending: list[Module] = [context.root]
    found: list[NamedValue] = []
    while pending:
        module = pending.pop(0)
        found.extend(reading.named(module))
        found.extend(reading.resources(module))
        inner: list[Module] = []
        for name, block in module.syntax.calls.items():
            call = module.module_call(name)
            if call is None:
                continue
            inner.extend(call.instances)
            if not call.instances and not call.unavailable:
                _note_off(wanted, call.address, block, call.repetition)
            if not call.instances and call.unavailable:
                missing = Unknown(call.unavailable, "module", block.header)
                found.extend(reading.entry(call.address, missing, block.header, module.presence))
        pending = inner + pending
    return context.unit, found


class _Reading:
    """Evaluates names, in the order in which they are declared."""

    def __init__(self, wanted: RequestedNames, faults: Faults) -> None:
        self._wanted = wanted
        self._faults = faults

    def entry(
        self,
        name: str,
        value: Val,
        span: Span | None,
        presence: Presence,
        *,
        resource: bool = False,
        blocks: bool = False,
    ) -> Iterator[NamedValue]:
        """What a name came to, and the parts of it that are asked for.

        Args:
            name: The name.
            value: What it came to.
            span: Its own expression.
            presence: That of what it stands in.
            resource: Whether it is only there where it is asked for.
            blocks: Whether it is made of blocks, each of whose expressions is on its own.
        """
        error = None if blocks else self._faults.within(span) or error_in(value)
        parts = self._wanted.parts(name, value)
        for part, inside in parts:
            yield NamedValue(part, shown(inside, error), _when(presence))
        if not any(part == name for part, _ in parts) and (self._wanted.everything or not resource):
            yield NamedValue(name, shown(value, error), _when(presence), asked=False)

    def named(self, module: Module) -> Iterator[NamedValue]:
        """Its variables, local values and outputs."""
        presence = module.presence
        for name, block in module.syntax.variables.items():
            variable = module.variable(name)
            yield from self.entry(f"{module.prefix}var.{name}", variable, block.span, presence)
        for name, attribute in module.syntax.locals.items():
            local = module.local(name)
            yield from self.entry(f"{module.prefix}local.{name}", local, attribute.span, presence)
        for name, block in module.syntax.outputs.items():
            output = module.output(name)
            if output is not None:
                yield from self.entry(f"{module.prefix}output.{name}", output, block.span, presence)

    def resources(self, module: Module) -> Iterator[NamedValue]:
        """The arguments of its resources and data sources, where they are asked for."""
        for mode, index in (("resource", module.syntax.resources), ("data", module.syntax.data)):
            for kind, name in index:
                resource = module.resource(mode, kind, name)
                if resource is not None:
                    yield from self._resource(resource)

    def _resource(self, resource: DeclaredResource) -> Iterator[NamedValue]:
        if not self._wanted.covers(resource.address):
            return
        if not resource.instances:
            _note_off(self._wanted, resource.address, resource.block, resource.repetition)
        for instance in resource.instances:
            if self._wanted.covers(instance.address):
                yield from self._arguments(instance)

    def _arguments(self, instance: Instance) -> Iterator[NamedValue]:
        section = instance.section
        names = section.names()
        for name in names:
            value = section.evaluate(name)
            span = section.attribute_span(name)
            blocks = value is None
            if value is None:
                value = self._blocks(section, name)
            yield from self.entry(
                f"{instance.address}.{name}",
                value,
                span,
                instance.presence,
                resource=True,
                blocks=blocks,
            )
        if not names:  # it is there all the same
            nothing = Value({}, section.span)
            yield from self.entry(
                instance.address, nothing, None, instance.presence, resource=True, blocks=True
            )

    def _blocks(self, section: BlockSection, name: str) -> Value:
        """The nested blocks of a type: a list of objects."""
        blocks: list[Val] = []
        sections = section.sections(name)
        for block in sections:
            cause = block.presence.cause
            if cause is not None and cause is not section.presence.cause:
                reason = f"such a block may be there: {cause.reason}"
                blocks.append(Unknown(reason, cause.cause, block.span))
            else:
                blocks.append(self._block(block))
        return Value(tuple(blocks), sections[0].span if sections else section.span)

    def _block(self, section: Section) -> Val:
        members: dict[str, Val] = {}
        for name in section.names():
            if not isinstance(section, BlockSection):
                value = section.get(name)
            else:
                value = section.evaluate(name)
                if value is None:
                    value = self._blocks(section, name)
                else:
                    span = section.attribute_span(name)
                    error = self._faults.within(span) or error_in(value)
                    if error is not None:
                        value = Unknown(error, "error", value.span)
            if value is not None:
                members[name] = value
        return Value(members, section.span)


def _when(presence: Presence) -> str:
    if presence.cause is None:
        return ""
    return presence.when or presence.cause.reason


def _note_off(wanted: RequestedNames, name: str, block: Block, made: Repetition) -> None:
    """Note a resource or a module call that has no instances."""
    argument = "count" if made.kind == "count" else "for_each"
    attribute = block.body.attributes.get(argument)
    span = block.header if attribute is None else attribute.span
    what = "0" if made.kind == "count" else "empty"
    why = f"its {argument} is {what} ({span.path}:{span.line})"
    wanted.note_off(name, why, made.presence.assumptions)
