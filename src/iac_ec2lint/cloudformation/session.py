"""The evaluation of one unit: a root stack with the stacks nested in it, and what it imports."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from iac_ec2lint.cloudformation import serverless
from iac_ec2lint.cloudformation.exports import parameter_value
from iac_ec2lint.cloudformation.functions.dynamic import SSM
from iac_ec2lint.cloudformation.locations import is_local
from iac_ec2lint.cloudformation.nest import StackPlace
from iac_ec2lint.cloudformation.options import StackOptions
from iac_ec2lint.cloudformation.parameters.nested import NestedInputs, given_to
from iac_ec2lint.cloudformation.parameters.values import default_span
from iac_ec2lint.cloudformation.properties import body_of
from iac_ec2lint.cloudformation.stack import Stack
from iac_ec2lint.cloudformation.syntax import intrinsic
from iac_ec2lint.cloudformation.template import (
    MODULE,
    NESTED,
    PRODUCT,
    STACK_SET,
    Template,
    extent,
    templates_in,
)
from iac_ec2lint.declaration import (
    NO_OTHERS,
    Branches,
    Declaration,
    InputDefault,
    OtherInputs,
    Unit,
)
from iac_ec2lint.document.embedded import read_text
from iac_ec2lint.document.tree import Mapping, Node, Scalar, Tagged, walk
from iac_ec2lint.document.wording import shorten
from iac_ec2lint.source import limits
from iac_ec2lint.source.budget import MODULE_STEPS
from iac_ec2lint.source.diagnostic import Diagnostic, Diagnostics, Observation
from iac_ec2lint.source.files import place_named
from iac_ec2lint.source.span import beginning
from iac_ec2lint.values import (
    SEVERAL,
    UNGUARDED,
    Guard,
    Join,
    Joins,
    Reference,
    Step,
    Unknown,
    Val,
    Value,
    references_of,
    several,
    used_at,
    walk_possible,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iac_ec2lint.cloudformation.exports import Export
    from iac_ec2lint.cloudformation.instance import StackOutput, StackResource
    from iac_ec2lint.cloudformation.templates import Templates
    from iac_ec2lint.declaration import Section
    from iac_ec2lint.source.budget import Budget
    from iac_ec2lint.source.span import Span

IMPORT = "Fn::ImportValue"
_ROLE = "AWS::IAM::Role"
_OUTPUT = "output"
_MODULE = "module"

_VERSION: Final = re.compile(r":\d+$")
_TELLING: Final = frozenset({"Description", "GroupDescription", "Parameters"})
"""What says something for people, or can name no resource."""
_WORD: Final = re.compile(r"[A-Za-z0-9]+")


def _naming(template: Template, kinds: frozenset[str]) -> Iterator[Node]:
    """The parts of a template that may name resources, but for resources of some types."""
    for section, (_, node) in template.root.entries.items():
        if section == "Resources" and isinstance(node, Mapping):
            for name, (_, resource) in node.entries.items():
                declared = template.resources.get(name)
                if declared is None or declared.type not in kinds:
                    yield resource
        elif section not in _TELLING:
            yield node


def _words_in(node: Node) -> Iterator[str]:
    for key, found in walk(node):
        inner = found.node if isinstance(found, Tagged) else found
        if isinstance(inner, Scalar) and (key is None or key.text not in _TELLING):
            yield from _WORD.findall(inner.text)


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
        imported: The files of other root stacks whose exports it imports.
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
        self._templates = templates
        self._real = templates.files.tree.real
        self.budget = budget or templates.budget
        self._path = path
        name = templates.files.display(path)
        self._unit = Unit(name, "stack", branches=Branches(name, self._defaults, others, taken))
        self._unit.joins = joins or Joins()
        self._reported = Diagnostics(self._unit.diagnostics)
        self._unclear: dict[str, str] = {}
        self._reading: set[str] = set()
        self._read: dict[str, set[str]] = {}
        self._foreign: dict[Path, list[Stack]] = {}
        self.imported: set[Path] = set()
        self._declared: list[Stack] = []
        self._unit.mentions = self._mentions
        self.roots: list[Stack] = self._make_roots(path, "")
        if self.roots:
            first = next(iter(self.roots[0].template.root.entries.values()))[0]
            self._unit.span = first.span
        if not self.roots and self._unit.files.get(name):
            self.report(Diagnostic.of_file(name, "it holds no CloudFormation template"))

    def _make_roots(self, path: Path, prefix: str) -> list[Stack]:
        """The root stacks of a file: of this unit, or, with a prefix, of another one."""
        unit = self._templates.files.display(path)
        found = self._open(path, unit)
        roots: list[Stack] = []
        for index, template in enumerate(found):
            before = f"{prefix}document{index + 1}/" if index else prefix
            # Exports are of one account and Region, so what is imported is in the same ones.
            place = StackPlace(unit, self._unit.path, (path,))
            options = self._templates.options
            if not prefix:
                self._unit.stated = options.stated
                branches = self._unit.branches
                options = replace(options, branches=branches, others=branches.others)
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

    def _open(self, path: Path, unit: str) -> list[Template]:
        """The templates of a file that belongs to a unit; its errors are recorded."""
        document = self._templates.document(path)
        if isinstance(document, Diagnostic):
            self._unit.files[document.path] = False
            self.report(document)
            return []
        name = document.source.path
        templates = self._templates.templates(path)
        new = name not in self._read
        self._read.setdefault(name, set()).add(unit)
        if new:
            faults = [d for template in templates for d in template.diagnostics]
            self._unit.files[name] = document.complete and not document.diagnostics and not faults
            for fault in (*document.diagnostics, *faults):
                self.report(fault)
            self._unit.observations.extend(document.repeated)
            after = 0
            for template in templates:
                self._note(template, after)
                after = template.root.end
        return templates

    def _note(self, template: Template, after: int = 0) -> None:
        """Record a template's suppressions, macros and snippets, once."""
        self._unit.suppressions.extend(self._templates.suppressions(template, after))
        for unread in (template.macros, template.changed_parts, template.directives):
            for source, node in unread.items():
                self.missing(source, node)
        self._unit.observations.extend(template.observations)
        for snippet in template.snippets:
            self._unit.files[snippet.source.path] = not snippet.diagnostics

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
        while len(done) < len(self._foreign):
            for path, roots in list(self._foreign.items()):
                if path not in done:
                    done.add(path)
                    for stack in roots:
                        self._declare_all(stack, wanted)
        own = self._unit.path
        self._unit.imported.update(name for name, units in self._read.items() if own not in units)
        return self._unit

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
                        self._unit.branches.absent(
                            "resource",
                            f"{stack.prefix}{logical_id}",
                            instance.resource.key.span,
                            instance.presence.assumptions,
                            kind,
                        )
                    continue
                if wanted is None or kind in wanted:
                    self._unit.declarations.append(self._declare(stack, instance))
                    self._follow_imports(stack, instance)
                if kind.endswith((MODULE, PRODUCT)):
                    self.missing(kind, instance.resource.key)
                    self._note_unread(stack, instance, instance.resource.properties, wanted)
                if kind in NESTED:
                    self._follow_imports(stack, instance)
                    inner = stack.nested(logical_id)
                    if inner is not None:
                        pending.append(inner)
                    elif isinstance(instance.resource.properties, Mapping):
                        self._note_unread(stack, instance, given_to(instance), wanted)
            if wanted is not None and _OUTPUT in wanted:
                for output in stack.outputs():
                    self._unit.declarations.append(self._declare_output(stack, output))
            if wanted is None or _ROLE in wanted:
                for name, function in stack.roles.items():
                    self._unit.declarations.append(self._declare_role(stack, name, function))

    def _mentions(self, kinds: frozenset[str]) -> frozenset[str]:
        """See ``Unit.mentions``; a logical ID counts wherever it stands but in descriptions."""
        found: set[str] = set()
        for stack in self._declared:
            template = stack.template
            named = {word for node in _naming(template, kinds) for word in _words_in(node)}
            for snippet in template.snippets:
                named.update(_WORD.findall(snippet.source.text))
            found.update(f"{stack.prefix}{name}" for name in named & template.resources.keys())
        return frozenset(found)

    def _note_unread(
        self,
        stack: Stack,
        instance: StackResource,
        given: Node | None,
        wanted: frozenset[str] | None,
    ) -> None:
        """Declare a stack or a module of which nothing is known, with what is passed to it."""
        self._note_escapes(stack, instance, given)
        if wanted is not None and _MODULE in wanted:
            address = stack.prefix + instance.logical_id
            body = body_of(stack, given, instance.scope, instance.resource.key.span)
            self._unit.declarations.append(
                self._declaration(stack, instance, _MODULE, address, body, stack.callers, None)
            )

    def _note_escapes(self, stack: Stack, instance: StackResource, given: Node | None) -> None:
        """Record the resources that are passed to a stack or a module of which nothing is known."""
        nodes: list[Node | None] = [given]
        if isinstance(given, Mapping) and intrinsic(given) is None:
            nodes = [node for _, node in given.entries.values()]
        for node in nodes:
            value = stack.evaluate(node, instance.scope) if node is not None else None
            for part in walk_possible(value) if value is not None else ():
                for reference in references_of(part):
                    self._unit.escaped.setdefault(reference.target, reference.span)

    def _follow_imports(self, stack: Stack, instance: StackResource) -> None:
        """Evaluate what a resource imports, so that the exporting stacks are declared too."""
        if not stack.template.imports:
            return
        for _, node in walk(instance.resource.node):
            call = intrinsic(node)
            if call is not None and call.name == IMPORT:
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
        """Declare the role that SAM makes for a function."""
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
        self._unit.modules_unavailable.setdefault(source, node.span)

    def exported(self, stack: Stack, name: Val, node: Node) -> Val | None:
        """See ``nest.Nest``."""
        found, sure = self._templates.exports.find(name, stack.place.files[0])
        joins = self._unit.joins
        key = _named_by(name)
        if key is not None and found:
            joins.may_be(key, (export.path for export in found))
        chosen = joins.chosen.get(key) if key is not None else None
        if chosen is not None:
            found = [export for export in found if export.path == chosen]
        shown = name.text if name.text is not None else _as_written(node)
        step = Step(node.span, f'import of "{shown}"', assumed=not sure)
        if len(found) > 1:
            # Several stacks export it: copies for several accounts, where those of a folder belong
            # together.
            folder = stack.place.files[0].parent
            near = [export for export in found if export.path.parent == folder]
            if not sure or len(near) != 1:
                names = [self._templates.files.display(export.path) for export in found]
                self._note_several(
                    node.span, f'"{shown}"', [f"what {one} exports" for one in names]
                )
                if not isinstance(name, Unknown):
                    exporters = ", ".join(dict.fromkeys(names))
                    reason = f'"{shown}" is exported by several templates: {exporters}'
                    return Unknown(reason, "external-id", node.span)
                return None
            found = near
            step = step._replace(assumed=True)
        if not found:
            return None
        export = found[0]
        reason = f'"{shown}" is exported by another stack'
        join = Join(
            name.reason if isinstance(name, Unknown) else reason,
            node.span,
            f'"{shown}" is what {self._templates.files.display(export.path)} exports',
            export.span,
            likely=not sure,
        )
        if not joins.add(join):
            return None
        exporter = self._exporter(export)
        value = exporter.output(export.output) if exporter is not None else None
        if value is None:
            return None
        if isinstance(value, Reference):
            value = value.after(Step(value.span, f'export of "{shown}"'))
        return used_at(value, node.span).after(step)

    def parameter(self, stack: Stack, read: Reference) -> Val | None:
        """See ``nest.Nest``."""
        name = _VERSION.sub("", read.target.removeprefix(SSM))
        reader = stack.place.files[0]
        found = self._templates.exports.parameters(name, reader)
        others = self._templates.exports.parameters_of_modules(name, reader)
        if others is None:
            return None
        if len(found) + len(others) > 1:
            names = [self._templates.files.display(export.path) for export in found]
            what = f'the SSM parameter "{name}"'
            writers = [f"what {one} writes" for one in names]
            self._note_several(read.span, what, [*writers, *(one.writer for one in others)])
            return None
        if others:
            words = f'the SSM parameter "{name}" is {others[0].writer}'
            join = Join(read.reason, read.span, words, others[0].span, likely=True)
            return self._told(others[0].value, join, read)
        if not found or name in self._reading:
            return None
        export = found[0]
        writing = self._templates.files.display(export.path)
        words = f'the SSM parameter "{name}" is what {writing} writes'
        join = Join(read.reason, read.span, words, export.span, likely=True)
        if not self._unit.joins.add(join):
            return None
        writer = self._exporter(export)
        if writer is None:
            return None
        self._reading.add(name)
        value = parameter_value(writer, export.output)
        self._reading.discard(name)
        # A list is not told apart from a text here.
        if value is None or value.marks or (value.text is not None and "," in value.text):
            return None
        return value.after(join.step, *read.via)

    def _told(self, value: Val, join: Join, read: Reference) -> Val | None:
        """What a root module writes; of its resources nothing is here, so that only a text is."""
        if not self._unit.joins.add(join) or value.marks or value.text is None or "," in value.text:
            return None
        return value.after(join.step, *read.via)

    def _exporter(self, export: Export) -> Stack | None:
        """The stack that has an export: of this unit, or of another unit that is opened here."""
        if export.path == self._path:
            roots = self.roots
        else:
            self.imported.add(export.path)
            if export.path not in self._foreign:
                relative = os.path.relpath(export.path, self._path.parent).replace(os.sep, "/")
                prefix = f"{relative}:"
                self._unit.foreign.append(prefix)
                self._foreign[export.path] = []
                self._foreign[export.path] = self._make_roots(export.path, prefix)
            roots = self._foreign[export.path]
        found = roots[export.document] if export.document < len(roots) else None
        for logical_id in export.stacks:
            found = found.nested(logical_id) if found is not None else None
        return found

    def nested(self, stack: Stack, instance: StackResource) -> Stack | None:
        """See ``nest.Nest``."""
        resource = instance.resource
        name = NESTED.get(resource.type)
        properties = resource.properties
        if name is None or not isinstance(properties, Mapping):
            return None
        written = properties.get(name)
        asset = self._templates.asset(resource, stack.place.files[-1])
        if asset is not None and written is not None:
            return self._nested_in_file(stack, instance, asset, written)
        if written is None:
            body = properties.get("TemplateBody")
            return None if body is None else self._nested_in_text(stack, instance, body)
        location = stack.evaluate(written, instance.scope)
        text = location.text if isinstance(location, Value) else None
        if text is None or not is_local(text):
            return self._nested_by_name(stack, instance, location, written)
        return self._nested_in_file(stack, instance, text.removeprefix("file://"), written)

    def _nested_by_name(
        self, stack: Stack, instance: StackResource, location: Val | None, written: Node
    ) -> Stack | None:
        """The stack whose template is likely the one file whose path a URL ends in."""
        shown = location.text if isinstance(location, Value) else None
        self.missing(shown or shorten(written.span.text), written)
        root = stack.place.files[0]
        found = self._templates.named.find(location, root) if location is not None else []
        address = f"{stack.prefix}{instance.logical_id}"
        names = [self._templates.files.display(path) for path in found]
        if len(found) != 1:
            if found:
                what = f"the template of {address}"
                self._note_several(instance.resource.key.span, what, names)
            return None
        place, [path], [name] = stack.place, found, names
        around = {self._real(file) for file in place.files}
        if self._real(path) in around or len(place.files) >= limits.MODULE_DEPTH:
            self._unclear[address] = f"{name}, which its URL ends in, contains it"
            return None
        templates = self._templates.templates(path)
        if not templates:
            return None
        join = Join(
            self.unread(stack, instance.logical_id),
            instance.resource.key.span,
            f'the template of the nested stack "{instance.logical_id}" is {name}',
            beginning(templates[0].source),
            likely=True,
            file=name,
            prefix=f"{address}/",
        )
        if not self._unit.joins.add(join):
            return None
        self._open(path, place.unit)
        return self._make_nested(stack, instance, templates[0], path)

    def _note_several(self, span: Span, what: str, names: Iterable[str]) -> None:
        """Take note of what may be meant where nothing tells several templates apart."""
        note = Observation(SEVERAL, span, several(what, names))
        if note not in self._unit.observations:
            self._unit.observations.append(note)

    def unread(self, stack: Stack, logical_id: str) -> str:
        """See ``nest.Nest``."""
        why = self._unclear.get(f"{stack.prefix}{logical_id}")
        words = f'the template of the nested stack "{logical_id}" is not on the disk'
        return f"{words}: {why}" if why else words

    def _nested_in_text(self, stack: Stack, instance: StackResource, body: Node) -> Stack | None:
        """The stack whose template is written in the resource itself."""
        found = self._templates.embedded(body) if isinstance(body, Scalar) else None
        if not found:
            value = stack.evaluate(body, instance.scope)
            found = self._written_templates(value) if isinstance(value, Value) else None
        if not found:
            self.missing(f"TemplateBody of {stack.prefix}{instance.logical_id}", body)
            return None
        for fault in found[0].diagnostics:
            self.report(fault)
        self._note(found[0], found[0].root.start)
        return self._make_nested(stack, instance, found[0], stack.place.files[-1])

    def _written_templates(self, body: Value) -> list[Template]:
        """The template in a text, where it holds one; what is wrong with it is reported."""
        if not isinstance(body.data, str):
            return []
        files = (step.span for step in body.via if step.contents)
        span = next((one for one in files if one.source.text == body.data), body.span)
        document = read_text(span, body.data)
        found = [Template(document, root) for root in templates_in(document)[:1]]
        for template in found:
            template.diagnostics.extend(document.diagnostics)
            for fault in template.diagnostics:
                self.report(fault)
        return found

    def _nested_in_file(
        self, stack: Stack, instance: StackResource, text: str, written: Node
    ) -> Stack | None:
        """The stack whose template is in a file."""
        place = stack.place
        path = place_named(place.files[-1].parent, text)
        if path is None or not text:
            stack.fail(written, "the template's location is no path that a file can have")
            return None
        if self._real(path) in {self._real(file) for file in place.files}:
            stack.fail(written, f'the nested stack "{text}" contains itself')
            return None
        if len(place.files) >= limits.MODULE_DEPTH:
            stack.fail(written, f"more than {limits.MODULE_DEPTH} stacks inside one another")
            return None
        document = self._templates.document(path, place.files[0])
        if isinstance(document, Diagnostic):
            stack.fail(written, f'the template "{text}": {document.message}')
            return None
        found = self._open(path, place.unit)
        if not found:
            stack.fail(written, f'"{text}" holds no CloudFormation template')
            return None
        if not instance.absent:
            self._unit.called.add(self._templates.files.display(path))
        return self._make_nested(stack, instance, found[0], path)

    def _make_nested(
        self, stack: Stack, instance: StackResource, template: Template, path: Path
    ) -> Stack | None:
        steps = MODULE_STEPS + (template.root.end - template.root.start) // 100
        if stack.spend(instance.resource.key, steps) is not None:
            return None
        place = stack.place
        kind = "nested stack"
        account = place.account
        region = self._templates.options.region
        if instance.resource.type == STACK_SET:
            # Its stacks are in accounts and Regions that the set's own stack does not tell.
            kind, account, region = "stack set", f"{account}#{instance.logical_id}", None
        step = Step(instance.resource.key.span, f'{kind} "{instance.logical_id}"')
        return Stack(
            template,
            StackOptions(
                NestedInputs(stack, instance, step),
                region,
                self._unit.branches,
                stated=stack.options.stated,
            ),
            self,
            f"{stack.prefix}{instance.logical_id}/",
            (*stack.callers, step),
            instance.presence,
            StackPlace(place.unit, account, (*place.files, path)),
        )


def _named_by(name: Val) -> str | None:
    """The input that names the stack, where the name of an export begins with it."""
    parts = name.parts if isinstance(name, Unknown) else ()
    if len(parts) < 2 or any(not isinstance(part, str) for part in parts[1:]):
        return None
    first = parts[0]
    inputs = first.inputs if isinstance(first, Unknown) else ()
    return inputs[0].key if len(inputs) == 1 else None


def _as_written(node: Node) -> str:
    """The name of an export as it is written, without the functions around its text."""
    call = intrinsic(node)
    while call is not None and not isinstance(node, Scalar):
        node = call.argument
        call = intrinsic(node)
    return shorten(node.text if isinstance(node, Scalar) else node.span.text)


def _region(stack: Stack) -> str:
    """The Region that a stack is deployed to; empty where that is unknown."""
    region = stack.options.parameters.get("AWS::Region")
    return region if isinstance(region, str) else stack.options.region or ""
