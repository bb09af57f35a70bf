"""What a root module declares: the resources and data sources of its modules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from iac_ec2lint.declaration import (
    Declaration,
)
from iac_ec2lint.source.diagnostic import INPUT_REFUSED, Observation
from iac_ec2lint.source.discovery import DEPLOYING
from iac_ec2lint.terraform.cloud_control import is_made, made_as
from iac_ec2lint.terraform.evaluated import Call, Instance, Module, RootModule
from iac_ec2lint.terraform.joins.lookups import TYPES as LOOKED_UP
from iac_ec2lint.terraform.joins.lookups import named_by
from iac_ec2lint.terraform.joins.remote_states import TYPE as REMOTE_STATE
from iac_ec2lint.terraform.modules.auxiliary import MODULE, UNJUDGED, declared_in, unread
from iac_ec2lint.terraform.modules.calls import META_ARGUMENTS
from iac_ec2lint.terraform.modules.imports import id_of, imports_of
from iac_ec2lint.terraform.other_clouds import is_for_another_cloud
from iac_ec2lint.terraform.repetition import instance_steps
from iac_ec2lint.values import (
    Val,
    references_of,
    walk_possible,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.declaration import Section
    from iac_ec2lint.hcl import tree
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.terraform.repetition import Repetition


class ModuleDeclarations:
    """Adds the declarations of the modules of one root module to its unit.

    Args:
        context: Evaluates them, on demand.
    """

    __slots__ = ("_context", "_imports")

    def __init__(self, context: RootModule) -> None:
        self._context = context
        self._imports: dict[str, Val] | None = None

    def add(self, module: Module, wanted: frozenset[str]) -> None:
        """Add the declarations of a module and of those that it calls."""
        if module is self._context.root:
            self._context.given.settle()
            self._note_refused()
        syntax = module.syntax
        self._context.unit.declarations.extend(declared_in(self._context, module, wanted))
        for kind, name in syntax.resources:
            if kind in wanted or is_made(kind, wanted):
                self._declare(module, "resource", kind, name)
            elif kind.startswith(UNJUDGED):
                self._count(module, kind, name)
        for kind, name in syntax.data:
            if f"data.{kind}" in wanted and not is_for_another_cloud(syntax, kind, name):
                self._declare(module, "data", kind, name)
            if kind == REMOTE_STATE or kind in LOOKED_UP:
                self._read_elsewhere(module, kind, name)
        for name in syntax.calls:
            call = module.module_call(name)
            if call is not None:
                for instance in call.instances:
                    self.add(instance, wanted)
                self._note_absent("module", call.address, call.block, call.repetition)
                if call.unavailable:
                    self._context.unit.escapes.add(self._passed(call))
                    if MODULE in wanted:
                        self._context.unit.declarations.extend(unread(self._context, call))

    def _note_refused(self) -> None:
        """Take note of what Terragrunt gives that a variable's own validation surely refuses.

        Source: "Custom Conditions" of the Terraform language: nothing is applied then.
        """
        named = self._context.options.var_files
        if not named or named[0].name not in DEPLOYING:
            return
        for name, block in self._context.root.syntax.variables.items():
            for one in block.body.blocks:
                condition = one.body.attributes.get("condition")
                if one.type != "validation" or condition is None:
                    continue
                value, faults = self._context.root.scope.trap(condition.expression)
                answer = value.is_true()
                if answer.truth is False and not answer.assumptions and not faults:
                    given = self._context.files.display(named[0])
                    message = f"what {given} gives var.{name} is refused here, and not deployed"
                    note = Observation(INPUT_REFUSED, condition.span, message)
                    self._context.unit.observations.append(note)

    def _read_elsewhere(self, module: Module, kind: str, name: str) -> None:
        """Declare what another root module declares of which this is read, where it is joined."""
        resource = module.resource("data", kind, name)
        for instance in resource.instances if resource is not None else ():
            if kind == REMOTE_STATE:
                self._context.others.outputs(instance, instance.resource.block.header)
            else:
                self._context.others.read(instance, named_by(kind), instance.resource.block.header)

    def _passed(self, call: Call) -> Iterator[tuple[str, Span]]:
        """The resources that are passed to a module of which nothing is known."""
        for name, attribute in call.block.body.attributes.items():
            if name in META_ARGUMENTS:
                continue
            value, _ = call.module.scope.trap(attribute.expression)
            for part in walk_possible(value):
                for reference in references_of(part):
                    yield reference.target, attribute.span

    def _declare(self, module: Module, mode: str, kind: str, name: str) -> None:
        resource = module.resource(mode, kind, name)
        if resource is None:
            return
        if not resource.repetition.is_paid and not self._pay(resource.block):
            return
        for instance in resource.instances:
            declared = self._declaration(instance)
            if declared is not None:
                self._context.unit.declarations.append(declared)
        if more := resource.repetition.more:
            judged = len(resource.instances)
            message = f"{more} more instances are the same as these {judged} and judged with them"
            note = Observation("alike-instances", resource.block.header, message)
            self._context.unit.observations.append(note)
        if mode == "resource":
            self._note_absent("resource", resource.address, resource.block, resource.repetition)

    def _count(self, module: Module, kind: str, name: str) -> None:
        """Count the instances of a resource that is never judged."""
        resource = module.resource("resource", kind, name)
        if resource is not None and resource.instances:
            place = resource.block.header.path
            self._context.unit.unjudged[place, kind] += len(resource.instances)

    def _pay(self, block: tree.Block) -> bool:
        """Take the steps of a block's only instance; where there are not as many, that is said."""
        spent = self._context.evaluation.spend(block, instance_steps(block))
        return spent is None

    def _note_absent(
        self, kind: Literal["resource", "module"], address: str, block: tree.Block, made: Repetition
    ) -> None:
        """Take note of something of which there are no instances because of defaults alone."""
        if not made.keys and made.presence.assumptions:
            type_ = address.split(".")[-2] if kind == "resource" else ""
            assumptions = made.presence.assumptions
            self._context.unit.branches.absent(kind, address, block.header, assumptions, type_)

    def _declaration(self, instance: Instance) -> Declaration | None:
        """The declaration of an instance; ``None`` where its type is not known, or not judged."""
        resource = instance.resource
        block = resource.block
        kind = f"data.{resource.type}" if resource.mode == "data" else resource.type
        body: Section = instance.section
        if kind not in self._context.wanted and is_made(kind, self._context.wanted):
            kind, body = made_as(kind, body, self._context.wanted)
            if not kind:
                self._context.unit.unjudged[block.header.path, resource.type] += 1
            if kind not in self._context.wanted:
                return None
        return Declaration(
            language="terraform",
            type=kind,
            address=instance.address,
            span=block.header,
            extent=block.span,
            body=body,
            presence=instance.presence,
            callers=resource.module.callers,
            # Another root module may be deployed to another account.
            scope=self._context.root.prefix + self._context.providers.scope_of(instance),
            unit=self._context.unit.path,
            region=self._context.providers.region_of(instance),
            imported_as=id_of(self._imported, instance.address)
            if resource.mode != "data"
            else None,
        )

    @property
    def _imported(self) -> dict[str, Val]:
        """See ``imports_of``."""
        if self._imports is None:
            self._imports = imports_of(self._context.root)
        return self._imports
