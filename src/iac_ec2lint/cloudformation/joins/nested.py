"""The stacks that a stack nests: by the path, the text or the name of their template."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.cloudformation.options import StackOptions
from iac_ec2lint.cloudformation.parameters.nested import NestedInputs, overridden
from iac_ec2lint.cloudformation.stack.place import StackPlace
from iac_ec2lint.cloudformation.stack.stack import Stack
from iac_ec2lint.cloudformation.template.locations import is_local
from iac_ec2lint.cloudformation.template.recognition import templates_in
from iac_ec2lint.cloudformation.template.resource import NESTED, STACK_SET
from iac_ec2lint.cloudformation.template.template import Template
from iac_ec2lint.document.embedded import read_text
from iac_ec2lint.document.tree import Mapping, Node, Scalar
from iac_ec2lint.document.wording import shorten
from iac_ec2lint.source import limits
from iac_ec2lint.source.budget import MODULE_STEPS
from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.source.files import place_named
from iac_ec2lint.source.span import beginning
from iac_ec2lint.values import Join, Step, Val, Value

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from iac_ec2lint.cloudformation.instance import StackResource
    from iac_ec2lint.cloudformation.joins.record import UnitRecord


class NestedStacks:
    """The stacks that the stacks of one unit nest.

    Args:
        record: What is read for the unit.
    """

    def __init__(self, record: UnitRecord) -> None:
        self._record = record
        self._unclear: dict[str, str] = {}

    def made_by(self, stack: Stack, instance: StackResource) -> Stack | None:
        """The stack that a resource creates; ``None`` where its template is not on the disk."""
        resource = instance.resource
        name = NESTED.get(resource.type)
        properties = resource.properties
        if name is None or not isinstance(properties, Mapping):
            return None
        written = properties.get(name)
        asset = self._record.templates.asset(resource, stack.place.files[-1])
        if asset is not None and written is not None:
            return self._nested_in_file(stack, instance, asset, written)
        if written is None:
            body = properties.get("TemplateBody")
            return None if body is None else self._nested_in_text(stack, instance, body)
        location = stack.evaluate(written, instance.scope)
        text = location.text if isinstance(location, Value) else None
        if text is None or not is_local(text):
            return self._nested_by_name(stack, instance, location, written)
        via = () if location is None else location.via
        default = next((step for step in via if step.assumed and step.input), None)
        if not text and default is not None:  # whoever deploys it says where the template is
            self._record.missing(f"TemplateURL of {stack.prefix}{instance.logical_id}", written)
            stack.to_be_set(written, "the template's location is empty", default, instance.scope)
            return None
        return self._nested_in_file(stack, instance, text.removeprefix("file://"), written)

    def with_overrides(self, stack: Stack, instance: StackResource, made: Stack) -> Iterator[Stack]:
        """The stacks of a stack set whose parameters have other values than the set's own.

        Args:
            stack: The stack that has the set.
            instance: The set.
            made: The stack with the set's own values.
        """
        for number, overrides in overridden(instance):
            one = self._make_nested(
                stack, instance, made.template, made.place.files[-1], f"[{number}]", overrides
            )
            if one is not None:
                yield one

    def _nested_by_name(
        self, stack: Stack, instance: StackResource, location: Val | None, written: Node
    ) -> Stack | None:
        """The stack whose template is likely the one file whose path a URL ends in."""
        shown = location.text if isinstance(location, Value) else None
        self._record.missing(shown or shorten(written.span.text), written)
        files = stack.place.files
        named = self._record.templates.named
        found = named.find(location, files[0], files[-1]) if location is not None else []
        address = f"{stack.prefix}{instance.logical_id}"
        names = [self._record.templates.files.display(path) for path in found]
        if len(found) != 1:
            if found:
                what = f"the template of {address}"
                self._record.note_several(instance.resource.key.span, what, names)
            return None
        place, [path], [name] = stack.place, found, names
        if self._is_around(place, path) or len(place.files) >= limits.MODULE_DEPTH:
            self._unclear[address] = f"{name}, which its URL ends in, contains it"
            return None
        templates = self._record.templates.templates(path)
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
        if not self._record.result.joins.add(join):
            return None
        self._record.open(path, place.unit)
        return self._make_nested(stack, instance, templates[0], path)

    def _is_around(self, place: StackPlace, path: Path) -> bool:
        """Whether a file has the template of a stack, or of one around it."""
        real = self._record.templates.files.tree.real
        return real(path) in {real(file) for file in place.files}

    def unread(self, stack: Stack, logical_id: str) -> str:
        """Why nothing is known of the stack that a resource creates."""
        why = self._unclear.get(f"{stack.prefix}{logical_id}")
        words = f'the template of the nested stack "{logical_id}" is not on the disk'
        return f"{words}: {why}" if why else words

    def _nested_in_text(self, stack: Stack, instance: StackResource, body: Node) -> Stack | None:
        """The stack whose template is written in the resource itself."""
        found = self._record.templates.embedded(body) if isinstance(body, Scalar) else None
        if not found:
            value = stack.evaluate(body, instance.scope)
            found = self.written_templates(value) if isinstance(value, Value) else None
        if not found:
            self._record.missing(f"TemplateBody of {stack.prefix}{instance.logical_id}", body)
            return None
        for fault in found[0].diagnostics:
            self._record.report(fault)
        self._record.note(found[0], found[0].root.start)
        return self._make_nested(stack, instance, found[0], stack.place.files[-1])

    def written_templates(self, body: Value) -> list[Template]:
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
                self._record.report(fault)
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
        if self._is_around(place, path):
            stack.fail(written, f'the nested stack "{text}" contains itself')
            return None
        if len(place.files) >= limits.MODULE_DEPTH:
            stack.fail(written, f"more than {limits.MODULE_DEPTH} stacks inside one another")
            return None
        document = self._record.templates.document(path, place.files[0])
        if isinstance(document, Diagnostic):
            stack.fail(written, f'the template "{text}": {document.message}')
            return None
        found = self._record.open(path, place.unit)
        if not found:
            stack.fail(written, f'"{text}" holds no CloudFormation template')
            return None
        if not instance.absent:
            self._record.result.called.add(self._record.templates.files.display(path))
        return self._make_nested(stack, instance, found[0], path)

    def _make_nested(
        self,
        stack: Stack,
        instance: StackResource,
        template: Template,
        path: Path,
        suffix: str = "",
        overrides: Node | None = None,
    ) -> Stack | None:
        steps = MODULE_STEPS + (template.root.end - template.root.start) // 100
        if stack.spend(instance.resource.key, steps) is not None:
            return None
        place = stack.place
        kind = "nested stack"
        account = place.account
        region = self._record.templates.options.region
        if instance.resource.type == STACK_SET:
            # Its stacks are in accounts and Regions that the set's own stack does not tell.
            account = f"{account}#{instance.logical_id}{suffix}"
            kind, region = "stack set", None
        step = Step(instance.resource.key.span, f'{kind} "{instance.logical_id}"')
        return Stack(
            template,
            StackOptions(
                NestedInputs(stack, instance, step, overrides),
                region,
                self._record.result.branches,
                stated=stack.options.stated,
            ),
            stack.nest,
            f"{stack.prefix}{instance.logical_id}{suffix}/",
            (*stack.callers, step),
            instance.presence,
            StackPlace(place.unit, account, (*place.files, path)),
        )
