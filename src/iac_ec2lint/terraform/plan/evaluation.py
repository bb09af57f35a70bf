"""The resources of a plan evaluated: the plan's values, located where they are written."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from iac_ec2lint.declaration import CERTAIN, Declaration, Presence
from iac_ec2lint.source.budget import HINT, INSTANCE_STEPS, SPENT
from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.terraform.cloud_control import is_made, made_as
from iac_ec2lint.terraform.language.unknowns import MAX_CANDIDATES
from iac_ec2lint.terraform.modules.auxiliary import UNJUDGED
from iac_ec2lint.terraform.plan.configuration import Configuration, Owner, Steps, Targets
from iac_ec2lint.terraform.plan.file import mapping, module_address, module_steps, string
from iac_ec2lint.terraform.plan.places import Places
from iac_ec2lint.terraform.plan.sections import ConfiguredSection, PlannedBody, PlannedSection
from iac_ec2lint.terraform.plan.separate_rules import BLOCKS_OF_SETS, DECLARED_APART, PARENTS
from iac_ec2lint.terraform.plan.sources import find_sources, value_of
from iac_ec2lint.terraform.plan.values import Overlay
from iac_ec2lint.terraform.resources.policy_document import document_text
from iac_ec2lint.values import Reference, Unknown, Val, Value, number_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from iac_ec2lint.declaration import Section, Unit
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.terraform.evaluated import Instance
    from iac_ec2lint.terraform.plan.file import Json, PlanFile, PlannedInstance
    from iac_ec2lint.terraform.plan.values import Place
    from iac_ec2lint.terraform.unit import Modules

_USUAL = 10_000
_STEPS_OF_A_VALUE = 50
"""Values that each resource may have, and the steps that each one beyond them takes."""

_POLICY = "data.aws_iam_policy_document"
_REFERENCES = 100
"""The greatest number of references that one unknown has; with more, it has none."""

_NO_PLURALS = frozenset({"vpc_zone_identifier"})
"""Lists of references whose names are not plurals."""


class PlanEvaluation:
    """One plan while its resources are declared, and after, since sections read on demand."""

    def __init__(self, plan: PlanFile, unit: Unit, modules: Modules, folder: Path) -> None:
        self.unit = unit
        self._instances = plan.instances
        self._budget = modules.budget
        self.configuration = Configuration(plan)
        self._steps: dict[str, Steps] = {}
        self._identities: dict[str, Place] = {}
        self._apart: set[tuple[str, str, str]] = set()
        self._referred: frozenset[tuple[str, str, str]] | None = None
        self._policies: dict[str, Val] = {}
        for instance in plan.instances.values():
            self._index(instance)
        self.sources = find_sources(
            folder, modules, plan.variables, self.configuration, unit.secrets
        )
        headers = self.sources.headers if self.sources is not None else frozenset()
        if self.sources is not None:
            unit.file_texts = self.sources.unit.file_texts
        self.overlay = Overlay(self._identities, headers, self.attribute)
        self._note_secrets(plan)
        self._places: Places | None = None
        self._plan = plan
        unit.mentions = self._mentions

    def _index(self, instance: PlannedInstance) -> None:
        """Index an instance by its id and ARN, and note its key."""
        self.configuration.note(instance.block, instance.key)
        steps = self.steps(instance.module)
        for size in range(1, len(steps) + 1):
            outer = f"{module_address(steps[: size - 1])}." if size > 1 else ""
            self.configuration.note(f"{outer}module.{steps[size - 1][0]}", steps[size - 1][1])
        for name in ("id", "arn"):
            text = instance.values.get(name)
            if isinstance(text, str):
                self._identities.setdefault(text, (instance.address, name))
        for parent_name in PARENTS.get(instance.type, ()):
            parent = instance.values.get(parent_name)
            if isinstance(parent, str):
                self._apart.add((instance.type, parent_name, parent))

    def steps(self, module: str) -> Steps:
        """The calls that lead to a module instance."""
        found = self._steps.get(module)
        if found is None:
            found = self._steps[module] = module_steps(module) or ()
        return found

    def attribute(self, address: str, name: str) -> Json:
        """The known value of an attribute of an instance."""
        instance = self._instances.get(address)
        return None if instance is None else instance.values.get(name)

    # Declarations.

    def declare(self, wanted: frozenset[str]) -> Span:
        """Declare the resources; returns the place of what has no place of its own."""
        chosen = [
            one
            for one in self._instances.values()
            if one.kind in wanted or is_made(one.kind, wanted)
        ]
        modules = {one.module for one in chosen}
        addresses = {one.address for one in chosen} | modules
        self._places = Places(self._plan, addresses | self._policy_addresses())
        budget = self._budget
        for judged, instance in enumerate(chosen):
            if not budget.has(INSTANCE_STEPS):
                message = f"{len(chosen) - judged} resources from here on: {SPENT}{HINT}"
                place = self.place(instance.address)
                self.unit.diagnostics.append(Diagnostic.at(place, message))
                break
            if not budget.has(_steps_of(instance.values)):
                message = f"{instance.address}: {SPENT}{HINT}"
                place = self.place(instance.address)
                self.unit.diagnostics.append(Diagnostic.at(place, message))
                continue
            declared = self._declaration(instance, wanted)
            if declared is None:
                continue
            self.unit.declarations.append(declared)
            self.unit.secrets.update(_secrets(instance.values, instance.sensitive))
        self.unit.unjudged.update(
            (self._plan.path, one.type)
            for one in self._instances.values()
            if one.mode == "resource" and one.type.startswith(UNJUDGED)
        )
        return self._places.top

    def take_from_sources(self, top: Span) -> None:
        """Give the unit what its sources have beside declarations, once these are made."""
        self.unit.span = top
        if self.sources is not None:
            if self.sources.unit.span is not None:
                self.unit.span = self.sources.unit.span
            self.unit.suppressions.extend(self.sources.unit.suppressions)
            self.unit.sources.extend(self.sources.unit.files)

    def _mentions(self, kinds: frozenset[str]) -> frozenset[str] | None:
        """See ``Unit.mentions``: as the sources say, if all modules are in them, else the plan."""
        modules = {one.module for one in self._instances.values()}
        if self.sources is None or any(
            self.sources.module(self.steps(module)) is None for module in modules
        ):
            return self.configuration.mentions(kinds)
        return self.sources.context.mentions(kinds)

    def _policy_addresses(self) -> set[str]:
        return {one.address for one in self._instances.values() if one.kind == _POLICY}

    def place(self, address: str) -> Span:
        """The place of an address in the plan."""
        assert self._places is not None  # noqa: S101 - made before anything is declared
        return self._places.of(address)

    def _declaration(self, instance: PlannedInstance, wanted: frozenset[str]) -> Declaration | None:
        steps = self.steps(instance.module)
        source = self.sources.instance(instance, steps) if self.sources is not None else None
        block = source.resource.block if source is not None else None
        span = block.header if block is not None else self.place(instance.address)
        body: Section = self.section(instance, steps, source, span)
        kind = instance.kind
        if kind not in wanted and is_made(kind, wanted):
            kind, body = made_as(kind, body, wanted)
            if not kind:
                self.unit.unjudged[self._plan.path, instance.type] += 1
            if kind not in wanted:
                return None
        return Declaration(
            language="terraform",
            type=kind,
            address=instance.address,
            span=span,
            extent=block.span if block is not None else span,
            body=body,
            presence=_deferred(span) if instance.deferred else CERTAIN,
            callers=self.sources.callers(steps) if self.sources is not None else (),
            scope=self._scope(instance, steps, source),
            unit=self.unit.path,
            home=self.sources.unit.path if self.sources is not None else "",
            region=self._region(instance, steps, source),
        )

    def section(
        self, instance: PlannedInstance, steps: Steps, source: Instance | None, span: Span
    ) -> PlannedSection:
        """The body of a resource."""
        block = self._block(instance, steps)
        configured = None
        if block:
            owner = Owner(steps, instance.block, instance.key, block.get("for_each_expression"))
            configured = ConfiguredSection(mapping(block.get("expressions")), owner, self, span, "")
        body = PlannedBody(
            self.overlay,
            self._left_out(instance, complete=source is not None),
            self._perhaps_dynamic(instance) if source is None else frozenset(),
            complete=source is not None,
        )
        return PlannedSection(
            body,
            instance.values,
            instance.unknown,
            instance.sensitive,
            source.section if source is not None else None,
            configured,
            span,
            "",
        )

    def _block(self, instance: PlannedInstance, steps: Steps) -> dict[str, Json]:
        return self.configuration.resource(steps, f"{instance.kind}.{instance.name}")

    def _left_out(self, instance: PlannedInstance, *, complete: bool) -> frozenset[str]:
        apart = DECLARED_APART.get(instance.type)
        if apart is None or instance.mode == "data" or not instance.exists:
            return frozenset()
        own = [string(instance.values.get(name)) for name in ("id", "name")]
        return frozenset(
            name
            for name, types in apart.items()
            if complete
            or not types
            or any((*kind, one) in self._apart for kind in types for one in own)
        )

    def _perhaps_dynamic(self, instance: PlannedInstance) -> frozenset[str]:
        """The sets of blocks that dynamic blocks may make: what makes them apart is not there.

        A plan's configuration leaves ``dynamic`` out, and a set with an unknown in one of its
        blocks is unknown as a whole: it looks like one that nobody wrote.
        """
        apart = DECLARED_APART.get(instance.type, {})
        names = BLOCKS_OF_SETS & apart.keys()
        if not names or instance.mode == "data":
            return frozenset()
        if self._referred is None:
            self._referred = frozenset(self._references_to_parents())
        made = self._referred
        return frozenset(
            name
            for name in names
            if not any((*kind, instance.address) in made for kind in apart[name])
        )

    def _references_to_parents(self) -> Iterator[tuple[str, str, str]]:
        for one in self._instances.values():
            for parent_name in PARENTS.get(one.type, ()):
                steps = self.steps(one.module)
                block = self._block(one, steps)
                owner = Owner(steps, one.block, one.key, block.get("for_each_expression"))
                expression = mapping(block.get("expressions")).get(parent_name)
                for target in self.configuration.targets(expression, owner).found:
                    yield one.type, parent_name, target.address

    def _scope(self, instance: PlannedInstance, steps: Steps, source: Instance | None) -> str:
        if source is not None and self.sources is not None:
            return self.sources.context.providers.scope_of(source)
        block = self._block(instance, steps)
        scope = self.configuration.scope(steps, block, instance.type)
        region = string(instance.values.get("region"))
        if not region or "region" not in mapping(block.get("expressions")):
            return scope
        # Since version 6 of the provider a resource can set its own Region.
        return scope if region == self.configuration.region(scope) else f"{scope}@{region}"

    def _region(self, instance: PlannedInstance, steps: Steps, source: Instance | None) -> str:
        """The Region that a resource is deployed to; empty where that is unknown."""
        own = string(instance.values.get("region"))
        if own:
            return own  # since version 6 of the provider each resource has one
        if source is not None and self.sources is not None:
            return self.sources.context.providers.region_of(source)
        block = self._block(instance, steps)
        return self.configuration.region(self.configuration.scope(steps, block, instance.type))

    def _note_secrets(self, plan: PlanFile) -> None:
        """The texts of sensitive variables and outputs: they can be part of other values too."""
        root = mapping(plan.configuration.get("root_module"))
        for kind, values in (("variables", plan.variables), ("outputs", plan.outputs)):
            for name, declared in mapping(root.get(kind)).items():
                said = mapping(declared)
                if any(said.get(mark) is True for mark in ("sensitive", "ephemeral")):
                    self.unit.secrets.update(_secrets(values.get(name), marks=True))

    # Expressions of the plan's configuration.

    def value(self, name: str, expression: Json, owner: Owner, span: Span) -> Val:
        """The value of an expression in an argument ``name``, written at ``span``."""
        written = mapping(expression)
        if "constant_value" in written and "references" not in written:
            return value_of(written["constant_value"], span)
        return self._referring(name, self.configuration.targets(expression, owner), span)

    def _referring(self, name: str, targets: Targets, span: Span) -> Val:
        references = [
            self._reference(target.address, target.attribute, span)
            for target in list(targets.found)[:_REFERENCES]
        ]
        why = f"{name} is known after apply"
        unsure = targets.opaque or targets.either
        plural = name in _NO_PLURALS or name.endswith("s")
        if not references or unsure:
            candidates = references if targets.either and not targets.opaque else []
            return _one_of(why, references, candidates, span)
        if len(references) == 1:
            if plural and targets.given:
                rest = Unknown(why, "computed", span)
                return Value((*references, rest), span)
            return references[0]
        if plural and not targets.given and len(targets.found) <= _REFERENCES:
            return Value(tuple(references), span)
        return _one_of(why, references, references, span)

    def _reference(self, address: str, attribute: str, span: Span) -> Reference:
        reference = Reference(address, attribute, span)
        if attribute in ("json", "minified_json"):
            document = self._policy(address, attribute)
            if document is not None:
                references = document.references if isinstance(document, Unknown) else ()
                return reference.but(decoded=document.decoded, references=references[1:])
        return reference

    def _policy(self, address: str, attribute: str) -> Val | None:
        """A policy document that is a data source of the plan."""
        instance = self._instances.get(address)
        if instance is None or instance.kind != _POLICY:
            return None
        found = self._policies.get(address)
        if found is None:
            span = self.place(address)
            # Documents cannot refer to one another in a cycle, except in a broken plan.
            self._policies[address] = Unknown("it refers to itself", "error", span)
            document = _Policy(instance, self, span)
            found = self._policies[address] = document_text(document, attribute, span)
        return found


class _Policy:
    """A policy document of a plan, as a ``PolicySource``."""

    def __init__(self, instance: PlannedInstance, evaluation: PlanEvaluation, span: Span) -> None:
        self.address = instance.address
        self.section = evaluation.section(instance, evaluation.steps(instance.module), None, span)
        self.scope = self

    def reference(self, name: str, span: Span) -> Reference:
        """A reference to one of its attributes."""
        return Reference(self.address, name, span)

    def error(self, span: Span, message: str) -> None:
        """Ignore an error: Terraform reported it when the plan was made."""


def _one_of(
    why: str, references: list[Reference], candidates: list[Reference], span: Span
) -> Unknown:
    known = candidates if len(candidates) <= MAX_CANDIDATES else []
    return Unknown(why, "computed", span, candidates=tuple(known), references=tuple(references))


def _deferred(span: Span) -> Presence:
    unknown = Unknown("the plan defers it: how many there are is not known yet", "computed", span)
    return Presence(unknown, unknown.reason)


def _steps_of(values: Json) -> int:
    """The steps that the values of a resource take besides, where they are unusually many."""
    pending = [values]
    number = 0
    while pending:
        one = pending.pop()
        if isinstance(one, dict):
            pending += one.values()
            number += len(one)
        elif isinstance(one, list):
            pending += one
            number += len(one)
    return max(0, number - _USUAL) * _STEPS_OF_A_VALUE


def _secrets(values: Json, marks: Json) -> Iterator[str]:
    """The sensitive texts among values."""
    stack = [(values, marks)]
    while stack:
        value, mark = stack.pop()
        if isinstance(value, str):
            if mark is True:
                yield value
        elif isinstance(value, int | Decimal) and not isinstance(value, bool):
            if mark is True:
                yield number_text(value)
        elif isinstance(value, dict):
            if mark is True:
                stack.extend((member, True) for member in value.values())
            elif isinstance(mark, dict):
                stack.extend((value.get(name), inner) for name, inner in mark.items() if inner)
        elif isinstance(value, list):
            if mark is True:
                stack.extend((element, True) for element in value)
            elif isinstance(mark, list):
                stack.extend(zip(value, mark, strict=False))
