"""What a stack imports of others, and what it reads of parameters that others write."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

from iac_ec2lint.cloudformation.dynamic import MARK, SSM
from iac_ec2lint.cloudformation.joins.exports import PARAMETER, parameter_value
from iac_ec2lint.cloudformation.parameters import pseudo
from iac_ec2lint.cloudformation.parameters.types import SSM_VALUE
from iac_ec2lint.cloudformation.syntax import intrinsic, text_of
from iac_ec2lint.document.tree import Node, Scalar, walk
from iac_ec2lint.document.wording import shorten
from iac_ec2lint.values import Join, Reference, Step, Unknown, Val, used_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from iac_ec2lint.cloudformation.joins.exports import Export, Exports
    from iac_ec2lint.cloudformation.joins.record import UnitRecord
    from iac_ec2lint.cloudformation.stack.stack import Stack
    from iac_ec2lint.cloudformation.template.resource import TemplateResource
    from iac_ec2lint.cloudformation.template.template import Template

_NAMED: Final = re.compile(r"\$\{([^}]*)\}")
_VERSION: Final = re.compile(r":\d+$")
_DECLARED: Final = re.compile(r"\$\{([^{}]+)\.Ref\}")
"""The name of a parameter that is that of a resource; see ``dynamic.among``."""


class Imports:
    """What the stacks of one unit import of others, which are then opened for it.

    Args:
        record: What is read for the unit.
        exports: What all stacks export.
        path: The root stack's file.
        make_roots: Makes the root stacks of another file, with a prefix.

    Attributes:
        files: The files of other root stacks whose exports it imports.
        foreign: The root stacks of these that are open.
        roots: The root stacks of the unit, once they are made.
    """

    def __init__(
        self,
        record: UnitRecord,
        exports: Exports,
        path: Path,
        make_roots: Callable[[Path, str], list[Stack]],
    ) -> None:
        self._record = record
        self._exports = exports
        self._path = path
        self._make_roots = make_roots
        self.roots: list[Stack] = []
        self._reading: set[str] = set()
        self.files: set[Path] = set()
        self.foreign: dict[Path, list[Stack]] = {}

    def exported(self, stack: Stack, name: Val, node: Node) -> Val | None:
        """The value that a stack exports with a name; ``None`` where no stack of the scan does."""
        found, sure = self._exports.find(name, stack.place.files[0])
        joins = self._record.result.joins
        key = _named_by(name)
        if key is not None and found:
            joins.may_be(key, (export.path for export in found))
        chosen = joins.chosen.get(key) if key is not None else None
        if chosen is not None:
            found = [export for export in found if export.path == chosen]
        if not found:
            return None
        shown = name.text if name.text is not None else _as_written(node)
        step = Step(node.span, f'import of "{shown}"', assumed=not sure)
        if len(found) > 1:
            # Several stacks export it: copies for several accounts, where those of a folder belong
            # together.
            folder = stack.place.files[0].parent
            near = [export for export in found if export.path.parent == folder]
            if not sure or len(near) != 1:
                names = [self._record.templates.files.display(export.path) for export in found]
                self._record.note_several(
                    node.span, f'"{shown}"', [f"what {one} exports" for one in names]
                )
                if not isinstance(name, Unknown):
                    exporters = ", ".join(dict.fromkeys(names))
                    reason = f'"{shown}" is exported by several templates: {exporters}'
                    return Unknown(reason, "external-id", node.span)
                return None
            found = near
            step = step._replace(assumed=True)
        export = found[0]
        reason = f'"{shown}" is exported by another stack'
        join = Join(
            name.reason if isinstance(name, Unknown) else reason,
            node.span,
            f'"{shown}" is what {self._record.templates.files.display(export.path)} exports',
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
        """What a stack writes to a parameter of Systems Manager; ``None`` for nothing."""
        name = _VERSION.sub("", read.target.removeprefix(SSM))
        own = _DECLARED.fullmatch(name)
        if own is not None:
            return self._declared(stack, own[1], read)
        reader = stack.place.files[0]
        found = self._exports.parameters(name, reader)
        others = self._exports.parameters_of_modules(name, reader)
        if others is None:
            return None
        if own_writers := [export for export in found if export.path == reader]:
            # A name is of one parameter of an account and Region: others write it elsewhere.
            found, others = own_writers, ()
        if len(found) + len(others) > 1:
            names = [self._record.templates.files.display(export.path) for export in found]
            what = f'the SSM parameter "{name}"'
            writers = [f"what {one} writes" for one in names]
            self._record.note_several(read.span, what, [*writers, *(one.writer for one in others)])
            return None
        if others:
            words = f'the SSM parameter "{name}" is {others[0].writer}'
            join = Join(read.reason, read.span, words, others[0].span, likely=True)
            return self._told(others[0].value, join, read)
        if not found or name in self._reading:
            return None
        export = found[0]
        writing = self._record.templates.files.display(export.path)
        words = f'the SSM parameter "{name}" is what {writing} writes'
        join = Join(read.reason, read.span, words, export.span, likely=True)
        if not self._record.result.joins.add(join):
            return None
        writer = self._exporter(export)
        return None if writer is None else self._written(writer, export.output, name, join, read)

    def _declared(self, stack: Stack, address: str, read: Reference) -> Val | None:
        """What a stack writes to a parameter that it names by its own resource."""
        logical_id = address.removeprefix(stack.prefix)
        instance = stack.instances.get(logical_id)
        if f"{stack.prefix}{logical_id}" != address or instance is None:
            return None
        if instance.resource.type != PARAMETER or address in self._reading:
            return None
        span = instance.resource.key.span
        # What an update of the stack reads may be what the one before it wrote.
        join = Join(read.reason, read.span, f"{address} is what is read", span, likely=True)
        if not self._record.result.joins.add(join):
            return None
        return self._written(stack, logical_id, address, join, read)

    def _written(
        self, writer: Stack, logical_id: str, name: str, join: Join, read: Reference
    ) -> Val | None:
        self._reading.add(name)
        value = parameter_value(writer, logical_id)
        self._reading.discard(name)
        # A list is not told apart from a text here.
        if value is None or value.marks or (value.text is not None and "," in value.text):
            return None
        return value.after(join.step, *read.via)

    def _told(self, value: Val, join: Join, read: Reference) -> Val | None:
        """What a root module writes; of its resources nothing is here, so that only a text is."""
        if not self._record.result.joins.add(join):
            return None
        if value.marks or value.text is None or "," in value.text:
            return None
        return value.after(join.step, *read.via)

    def _exporter(self, export: Export) -> Stack | None:
        """The stack that has an export: of this unit, or of another unit that is opened here."""
        if export.path == self._path:
            roots = self.roots
        else:
            self.files.add(export.path)
            if export.path not in self.foreign:
                relative = os.path.relpath(export.path, self._path.parent).replace(os.sep, "/")
                prefix = f"{relative}:"
                self._record.result.foreign[prefix] = ""
                self.foreign[export.path] = []
                self.foreign[export.path] = self._make_roots(export.path, prefix)
            roots = self.foreign[export.path]
        found = roots[export.document] if export.document < len(roots) else None
        for logical_id in export.stacks:
            found = found.nested(logical_id) if found is not None else None
        return found


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


def parameters_read(template: Template, resource: TemplateResource) -> Iterator[Node]:
    """Where a resource reads parameters of Systems Manager, without what may not be evaluated.

    Args:
        template: The template of the resource.
        resource: The resource.
    """
    for _, node in walk(resource.node):
        call = intrinsic(node)
        name = text_of(call.argument) if call is not None else None
        if call is not None and name is not None:
            if call.name == "Ref" and name in template.parameters:
                if template.parameters[name].type.startswith(SSM_VALUE):
                    yield node
            elif call.name == "Fn::Sub" and MARK in name and _names_inputs_alone(template, name):
                yield node
        elif isinstance(node, Scalar) and MARK in node.text and "${" not in node.text:
            yield node


def _names_inputs_alone(template: Template, text: str) -> bool:
    names = _NAMED.findall(text)
    return all(name in template.parameters or name in pseudo.NAMES for name in names)
