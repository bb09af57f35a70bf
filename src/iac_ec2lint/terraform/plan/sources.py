"""The sources of a plan, if they are on the disk: they locate its values."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from iac_ec2lint.declaration import Unit
from iac_ec2lint.source import limits
from iac_ec2lint.terraform.instance_keys import key_text
from iac_ec2lint.terraform.plan.values import loosely_equal
from iac_ec2lint.terraform.unit import Modules, UnitContext
from iac_ec2lint.values import Step, Unknown, Val, Value

if TYPE_CHECKING:
    from pathlib import Path

    from iac_ec2lint.source.span import Span
    from iac_ec2lint.terraform.evaluated import Call, DeclaredResource, Instance, Module
    from iac_ec2lint.terraform.plan.configuration import Configuration, Steps
    from iac_ec2lint.terraform.plan.file import Json, Key, PlannedInstance


class Sources:
    """The root module from which a plan was made, with the plan's variables.

    Attributes:
        context: The root module, evaluated on demand.
        headers: The places of variables that are set from outside.
    """

    def __init__(
        self, folder: Path, modules: Modules, variables: dict[str, Json], secrets: set[str]
    ) -> None:
        # Errors in the sources are reported when these are scanned: here they only give places.
        self._unit = Unit(modules.files.display(folder), "root-module", secrets=secrets)
        self.context = UnitContext(folder, modules, self._unit)
        self.headers = frozenset(self._give(variables))
        self._modules: dict[Steps, Module | None] = {(): self.context.root}
        self._calls: dict[str, dict[str, Module]] = {}
        self._instances: dict[str, dict[str, Instance]] = {}

    @property
    def unit(self) -> Unit:
        """Its files and suppressions, so far."""
        return self._unit

    def _give(self, variables: dict[str, Json]) -> list[tuple[str, int, int]]:
        """Set the plan's variables; returns the places of those that differ from the module's."""
        context = self.context
        headers: list[tuple[str, int, int]] = []
        for name, block in context.root.syntax.variables.items():
            if name not in variables:
                continue
            planned = variables[name]
            kind, typed = context.root.variable_type(name, block)
            written = context.given.value(name, kind, typed)
            if written is None and "default" in block.body.attributes:
                written = context.empty.evaluate(block.body.attributes["default"].expression)
            if written is None or not loosely_equal(planned, written):
                context.given.set(name, value_of(planned, block.header))
                headers.append(block.header.key)
        return headers

    def module(self, steps: Steps) -> Module | None:
        """A module instance; ``None`` where it is not in the sources."""
        if steps not in self._modules:
            outer = self.module(steps[:-1])
            self._modules[steps] = None if outer is None else self._called(outer, *steps[-1])
        return self._modules[steps]

    def _called(self, outer: Module, name: str, key: Key) -> Module | None:
        call = outer.module_call(name)
        if call is None:
            return None
        known = self._calls.get(call.address)
        if known is None:
            known = {instance.address: instance for instance in call.instances}
            self._calls[call.address] = known
        found = known.get(call.address + key_text(key))
        if found is None and call.instances and call.repetition.kind == "unknown":
            return call.instances[-1]
        return found

    def callers(self, steps: Steps) -> tuple[Step, ...]:
        """The calls that lead to a module instance, as far as they are in the sources."""
        for size in range(len(steps), 0, -1):
            module = self.module(steps[:size])
            if module is not None:
                return module.callers
            outer = self.module(steps[: size - 1])
            call: Call | None = outer.module_call(steps[size - 1][0]) if outer else None
            if outer is not None and call is not None:
                step = Step(call.block.header, f"{call.address} is called here")
                return (*outer.callers, step)
        return ()

    def instance(self, planned: PlannedInstance, steps: Steps) -> Instance | None:
        """The instance of a planned resource; one of an unknown number represents all."""
        module = self.module(steps)
        if module is None:
            return None
        resource = module.resource(planned.mode, planned.type, planned.name)
        if resource is None:
            return None
        known = self._instances.get(resource.address)
        if known is None:
            known = {instance.address: instance for instance in resource.instances}
            self._instances[resource.address] = known
        found = known.get(resource.address + key_text(planned.key))
        return found if found is not None else _possible(resource)


def _possible(resource: DeclaredResource) -> Instance | None:
    if resource.repetition.kind == "unknown" and resource.instances:
        return resource.instances[-1]
    return None


def find_sources(
    folder: Path,
    modules: Modules,
    variables: dict[str, Json],
    configuration: Configuration,
    secrets: set[str],
) -> Sources | None:
    """The sources in a folder, if they are those of a plan.

    Args:
        folder: The folder.
        modules: The modules of the scan.
        variables: The plan's variables.
        configuration: The plan's configuration: something of it must be declared in the folder.
        secrets: The sensitive texts are added to it.
    """
    if not modules.files.is_folder(folder):
        return None
    syntax = modules.syntax(folder)
    blocks = {("resource", *name) for name in syntax.resources}
    blocks |= {("data", *name) for name in syntax.data}
    if configuration.root_names.isdisjoint(blocks) and configuration.root_calls.isdisjoint(
        syntax.calls
    ):
        return None
    return Sources(folder, modules, variables, secrets)


def value_of(data: Json, span: Span, depth: int = 0) -> Val:
    """JSON as a value, all of it written at ``span``."""
    if depth > limits.NESTING:
        return Unknown(f"more than {limits.NESTING} levels of nesting are not read", "limit", span)
    if isinstance(data, dict):
        return Value({k: value_of(member, span, depth + 1) for k, member in data.items()}, span)
    if isinstance(data, list):
        return Value(tuple([value_of(element, span, depth + 1) for element in data]), span)
    if data is None or isinstance(data, str | int | Decimal):
        return Value(data, span)
    return Value(str(data), span)
