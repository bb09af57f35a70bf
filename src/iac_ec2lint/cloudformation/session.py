"""The evaluation of one unit: a root stack with the stacks nested in it, and what it imports."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from iac_ec2lint.cloudformation import serverless
from iac_ec2lint.cloudformation.joins.imports import Imports, parameters_read
from iac_ec2lint.cloudformation.joins.nested import NestedStacks
from iac_ec2lint.cloudformation.nest import StackPlace
from iac_ec2lint.cloudformation.parameters.nested import by_key, given_to, overridden
from iac_ec2lint.cloudformation.parameters.pseudo import given_region
from iac_ec2lint.cloudformation.parameters.values import default_span, not_echoed
from iac_ec2lint.cloudformation.properties import body_of
from iac_ec2lint.cloudformation.stack import Stack
from iac_ec2lint.cloudformation.syntax import intrinsic
from iac_ec2lint.cloudformation.template import (
    MODULE,
    NESTED,
    PRODUCT,
    Template,
    extent,
    is_third_party,
)
from iac_ec2lint.declaration import (
    CERTAIN,
    NO_OTHERS,
    Branches,
    Declaration,
    InputDefault,
    OtherInputs,
    Told,
    Unit,
)
from iac_ec2lint.document.tree import Mapping, Node
from iac_ec2lint.source.diagnostic import Diagnostic, Diagnostics, Observation
from iac_ec2lint.values import (
    SEVERAL,
    UNGUARDED,
    Guard,
    Joins,
    Step,
    Val,
    leads_to,
    references_of,
    several,
    walk_possible,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iac_ec2lint.cloudformation.instance import StackOutput, StackResource
    from iac_ec2lint.cloudformation.templates import Templates
    from iac_ec2lint.declaration import Named, Section
    from iac_ec2lint.source.budget import Budget
    from iac_ec2lint.source.span import Span

_ROLE = "AWS::IAM::Role"
_OUTPUT = "output"
_MODULE = "module"


class Session:
    """The evaluation of one unit.

    Args:
        templates: The templates it reads.
        path: The root stack's file.
        others: The root stack's parameters that have not their defaults (``parameter "Create"``).
        budget: What it may take; what the unit may that is evaluated next if it is not given.
        joins: Takes note of what other stacks know of its values; these are taken without it.

    Attributes:
        roots: Its root stacks: one for each template in the file.
        templates: The templates it reads.
        result: The unit, as far as it is evaluated.
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
        self.templates = templates
        self.budget = budget or templates.budget
        name = templates.files.display(path)
        self.result = Unit(name, "stack", branches=Branches(name, self._defaults, others, taken))
        self.result.joins = joins or Joins()
        self._reported = Diagnostics(self.result.diagnostics)
        self._read: dict[str, set[str]] = {}
        self.imports = Imports(self, path)
        self.nested = NestedStacks(self)
        self._declared: list[Stack] = []
        self.result.mentions, self.result.leave = self._mentions, self.leave
        self.result.added_to = self._added_to
        self.roots: list[Stack] = self.make_roots(path, "")
        if self.roots:
            first = next(iter(self.roots[0].template.root.entries.values()))[0]
            self.result.span = first.span
        if not self.roots and self.result.files.get(name):
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

    def unit(self, wanted: frozenset[str] | None) -> Unit:
        """The declarations of all its stacks, and of those whose exports it imports.

        Args:
            wanted: The types to declare (``AWS::EC2::Instance``, ``output``); ``None`` for those of
                all resources.
        """
        for stack in self.roots:
            stack.check_parameters()
            self._declare_all(stack, wanted)
        done: set[Path] = set()
        while len(done) < len(self.imports.foreign):
            for path, roots in list(self.imports.foreign.items()):
                if path not in done:
                    done.add(path)
                    for stack in roots:
                        self._declare_all(stack, wanted)
        own = self.result.path
        self.result.imported.update(name for name, units in self._read.items() if own not in units)
        return self.result

    def leave(self) -> None:
        """See ``Unit.leave``."""
        for stack in self._declared:
            stack.leave()
        self._declared.clear()

    def _declare_all(self, root: Stack, wanted: frozenset[str] | None) -> None:
        pending = [root]
        while pending:
            stack = pending.pop(0)
            self._declared.append(stack)
            for name in stack.conditions:
                stack.decide(name, stack.template.root, stack.scope)
            for logical_id, instance in stack.instances.items():
                kind = instance.resource.type
                if instance.absent:
                    if wanted is None or kind in wanted or kind in NESTED:
                        self.result.branches.absent(
                            "resource",
                            f"{stack.prefix}{logical_id}",
                            instance.resource.key.span,
                            instance.presence.assumptions,
                            kind,
                        )
                    continue
                if wanted is None or kind in wanted:
                    self.result.declarations.append(self._declare(stack, instance))
                    self._follow_imports(stack, instance)
                if kind.endswith((MODULE, PRODUCT)):
                    self.missing(kind, instance.resource.key)
                    self._note_unread(stack, instance, instance.resource.properties, wanted)
                if is_third_party(kind):
                    taker = f"{stack.prefix}{logical_id}, whose type {kind} is not AWS's"
                    properties = instance.resource.properties
                    self.result.escapes.add(self._passed(stack, instance, properties), taker)
                if kind in NESTED:
                    self._follow_imports(stack, instance)
                    inner = stack.nested(logical_id)
                    if inner is not None:
                        pending += [inner, *self.nested.with_overrides(stack, instance, inner)]
                    elif isinstance(instance.resource.properties, Mapping):
                        self._note_unread(stack, instance, given_to(instance), wanted)
                        for number, own in overridden(instance):
                            self._note_unread(stack, instance, by_key(own), wanted, f"[{number}]")
            if stack.template.made_elsewhere is not None:
                self._note_made(stack, stack.template.made_elsewhere, wanted)
            if wanted is not None and _OUTPUT in wanted:
                for output in stack.outputs():
                    self.result.declarations.append(self._declare_output(stack, output))
            if wanted is None or _ROLE in wanted:
                for name, function in stack.roles.items():
                    self.result.declarations.append(self._declare_role(stack, name, function))

    def _mentions(self, kinds: frozenset[str]) -> frozenset[str]:
        """See ``Unit.mentions``; a logical ID counts wherever it stands but in descriptions."""
        return frozenset(
            f"{stack.prefix}{name}" for stack in self._declared for name in stack.mentioned(kinds)
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
        return self.templates.exports.adding_to(unit, kinds, self.result.path, told)

    def _note_unread(
        self,
        stack: Stack,
        instance: StackResource,
        given: Node | None,
        wanted: frozenset[str] | None,
        suffix: str = "",
    ) -> None:
        """Declare a stack or a module of which nothing is known, with what is passed to it."""
        # Evaluated now: what is wrong with it is told, whether or not anybody asks.
        self.result.escapes.add([*self._passed(stack, instance, given)])
        if wanted is not None and _MODULE in wanted:
            address = stack.prefix + instance.logical_id + suffix
            body = body_of(stack, given, instance.scope, instance.resource.key.span)
            self.result.declarations.append(
                self._declaration(stack, instance, _MODULE, address, body, stack.callers, None)
            )

    def _note_made(self, stack: Stack, node: Node, wanted: frozenset[str] | None) -> None:
        """Declare what adds resources that are not read: they may name each one that is here."""
        self.result.escapes.add((stack.prefix + one, node.span) for one in stack.instances)
        if wanted is not None and _MODULE in wanted:
            self.result.declarations.append(
                Declaration(
                    language="cloudformation",
                    type=_MODULE,
                    address=f"{stack.prefix}Resources",
                    span=node.span,
                    extent=node.span,
                    body=body_of(stack, None, stack.scope, node.span),
                    presence=CERTAIN,
                    callers=stack.callers,
                    scope=stack.place.account,
                    unit=stack.place.unit,
                    region=_region(stack),
                )
            )

    def _passed(
        self, stack: Stack, instance: StackResource, given: Node | None
    ) -> Iterator[tuple[str, Span]]:
        """The resources that are passed to a stack or a module of which nothing is known."""
        nodes: list[Node | None] = [given]
        if isinstance(given, Mapping) and intrinsic(given) is None:
            nodes = [node for _, node in given.entries.values()]
        for node in nodes:
            value = stack.evaluate(node, instance.scope) if node is not None else None
            for part in walk_possible(value) if value is not None else ():
                for reference in references_of(part):
                    yield reference.target, reference.span

    def _follow_imports(self, stack: Stack, instance: StackResource) -> None:
        """Evaluate what a resource has of other stacks, so that these are declared too."""
        if stack.template.imports:
            for node in instance.resource.imports:
                stack.evaluate(node, instance.scope)
        if stack.reads and self.result.joins.taken:
            for node in parameters_read(stack.template, instance.resource):
                stack.evaluate(node, instance.scope)

    def _declare(self, stack: Stack, instance: StackResource) -> Declaration:
        resource = instance.resource
        metadata = resource.node.get("Metadata")
        said: Val | None = None
        if metadata is not None:
            said = stack.evaluate(metadata, instance.scope)
        callers = stack.callers
        construct = said.items().get("aws:cdk:path") if said is not None else None
        if construct is not None and construct.text:
            step = Step(construct.span, f'CDK construct "{construct.text}"')
            callers = (*callers, step)
        body = body_of(stack, resource.properties, instance.scope, resource.key.span)
        address = stack.prefix + instance.logical_id
        return self._declaration(stack, instance, resource.type, address, body, callers, said)

    def _declare_output(self, stack: Stack, output: StackOutput) -> Declaration:
        key, node = output.key, output.node
        return Declaration(
            language="cloudformation",
            type=_OUTPUT,
            address=f"{stack.prefix}Outputs.{output.name}",
            span=key.span,
            extent=extent(key, node),
            body=body_of(stack, node, output.scope, key.span),
            presence=output.presence,
            callers=stack.callers,
            scope=stack.place.account,
            unit=stack.place.unit,
            region=_region(stack),
        )

    def _declare_role(self, stack: Stack, name: str, function: StackResource) -> Declaration:
        """Declare the role that SAM makes for a function or a state machine."""
        body = serverless.role_body(stack, function)
        address = stack.prefix + name
        return self._declaration(stack, function, _ROLE, address, body, stack.callers, None)

    def _declaration(
        self,
        stack: Stack,
        instance: StackResource,
        kind: str,
        address: str,
        body: Section,
        callers: tuple[Step, ...],
        metadata: Val | None,
    ) -> Declaration:
        resource = instance.resource
        policy = resource.node.get("UpdatePolicy") if kind == resource.type else None
        return Declaration(
            language="cloudformation",
            type=kind,
            address=address,
            span=resource.key.span,
            extent=resource.extent,
            body=body,
            presence=instance.presence,
            callers=callers,
            scope=stack.place.account,
            unit=stack.place.unit,
            region=_region(stack),
            metadata=metadata,
            update_policy=None if policy is None else stack.evaluate(policy, instance.scope),
        )

    # The stacks' interface: see ``Nest``.

    def report(self, diagnostic: Diagnostic, call: str = "") -> None:
        """See ``nest.Nest``."""
        self._reported.report(diagnostic, call)

    def missing(self, source: str, node: Node) -> None:
        """See ``nest.Nest``."""
        self.result.modules_unavailable.setdefault(source, node.span)

    def note_several(self, span: Span, what: str, names: Iterable[str]) -> None:
        """Take note of what may be meant where nothing tells several templates apart."""
        self.observe(Observation(SEVERAL, span, several(what, names)))

    def observe(self, observation: Observation) -> None:
        """See ``nest.Nest``."""
        if observation not in self.result.observations:
            self.result.observations.append(observation)


def _region(stack: Stack) -> str:
    """The Region that a stack is deployed to; empty where that is unknown."""
    return given_region(stack.options) or ""
