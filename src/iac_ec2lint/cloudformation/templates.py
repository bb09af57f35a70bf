"""Templates on the disk, and what their stacks declare."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from iac_ec2lint.cloudformation import suppressions
from iac_ec2lint.cloudformation.inputs import Inputs
from iac_ec2lint.cloudformation.options import Options
from iac_ec2lint.cloudformation.properties import body_of
from iac_ec2lint.cloudformation.stack import Stack
from iac_ec2lint.cloudformation.syntax import text_of
from iac_ec2lint.cloudformation.template import MODULE, NESTED, Template, templates_in
from iac_ec2lint.declaration import Declaration, Unit
from iac_ec2lint.document.reading import Document, read
from iac_ec2lint.document.sniffing import sniff
from iac_ec2lint.document.tree import Mapping, Node
from iac_ec2lint.document.wording import shorten
from iac_ec2lint.source import limits
from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.values import Step, Val, Value

if TYPE_CHECKING:
    from iac_ec2lint.cloudformation.instance import Instance
    from iac_ec2lint.source.files import Files


class Templates:
    """The templates of a scan: each file is read once, whoever asks for it.

    Args:
        files: The files that may be read.
        options: What the deployments are given.
    """

    def __init__(self, files: Files, options: Options | None = None) -> None:
        self.files = files
        self.options = options or Options()
        self._documents: dict[str, Document | Diagnostic] = {}
        self._templates: dict[str, list[Template]] = {}

    def document(self, path: Path) -> Document | Diagnostic:
        """The trees of a file, or what keeps it from being read."""
        key = os.path.normpath(path)
        if key not in self._documents:
            source = self.files.read(path)
            self._documents[key] = source if isinstance(source, Diagnostic) else read(source)
        return self._documents[key]

    def templates(self, path: Path) -> list[Template]:
        """The templates in a file: one for each YAML document that is one."""
        key = os.path.normpath(path)
        if key not in self._templates:
            document = self.document(path)
            roots = [] if isinstance(document, Diagnostic) else templates_in(document)
            self._templates[key] = [
                Template(document, root) for root in roots if isinstance(document, Document)
            ]
        return self._templates[key]

    def is_template(self, path: Path) -> bool:
        """Whether a file holds a template, by its content.

        One that cannot be read, or is broken, counts where it looks like one: what is wrong with
        it is then told when it is evaluated.
        """
        head = self.files.read_bytes(path, limits.PLAN_BYTES)
        if isinstance(head, Diagnostic) or not sniff(head):
            return False
        if self.templates(path):
            return True
        document = self.document(path)
        broken = isinstance(document, Diagnostic) or bool(document.diagnostics)
        return broken and (b"AWSTemplateFormatVersion" in head or b"AWS::" in head)

    def nested(self, path: Path) -> set[Path]:
        """The files that a file's templates name literally as templates of nested stacks."""
        found: set[Path] = set()
        for template in self.templates(path):
            for resource in template.resources.values():
                name = NESTED.get(resource.type)
                properties = resource.properties
                if name is None or not isinstance(properties, Mapping):
                    continue
                text = text_of(properties.get(name))
                if text and "://" not in text.removeprefix("file://"):
                    place = path.parent / text.removeprefix("file://")
                    if place.is_file() and self.files.inside(place):
                        found.add(Path(os.path.normpath(place)))
        return found

    def evaluate(self, path: Path, wanted: frozenset[str] | None = None) -> Unit:
        """What the stack of a file declares, with its nested stacks that are on the disk.

        Args:
            path: The template's file.
            wanted: The resource types to declare; all, where it is ``None``.

        Returns:
            The stack. Its properties are evaluated when they are asked for, and diagnostics and
            unavailable modules are added to it then.
        """
        return Session(self, path).unit(wanted)


def evaluate(
    path: Path, files: Files, options: Options, wanted: frozenset[str] | None = None
) -> Unit:
    """What the stack of one file declares; see ``Templates.evaluate``."""
    return Templates(files, options).evaluate(path, wanted)


class Session:
    """The evaluation of one unit: a root stack with the stacks nested in it.

    Args:
        templates: The templates it reads.
        path: The root stack's file.
    """

    def __init__(self, templates: Templates, path: Path) -> None:
        self._templates = templates
        self._path = path
        name = templates.files.display(path)
        self._unit = Unit(name, "stack")
        self._reported: set[Diagnostic] = set()
        self._read: set[str] = set()
        self._suppressed: set[int] = set()
        # The files of each stack and of those around it, so that none contains itself.
        self._chains: dict[int, tuple[str, ...]] = {}
        self._files: dict[int, Path] = {}
        self.roots: list[Stack] = self._make_roots()

    def _make_roots(self) -> list[Stack]:
        found = self._open(self._path)
        if not found and self._unit.files.get(self._unit.path):
            self.report(Diagnostic.of_file(self._unit.path, "it holds no CloudFormation template"))
        roots: list[Stack] = []
        for index, template in enumerate(found):
            prefix = f"document{index + 1}/" if index else ""
            stack = Stack(template, self._templates.options, self, prefix)
            self._chains[id(stack)] = (os.path.realpath(self._path),)
            self._files[id(stack)] = self._path
            roots.append(stack)
        return roots

    def _open(self, path: Path) -> list[Template]:
        """The templates of a file; the file and what is wrong with it are noted."""
        document = self._templates.document(path)
        if isinstance(document, Diagnostic):
            self._unit.files[document.path] = False
            self.report(document)
            return []
        name = document.source.path
        templates = self._templates.templates(path)
        faults = [d for template in templates for d in template.diagnostics]
        if name not in self._read:
            self._read.add(name)
            self._unit.files[name] = document.complete and not document.diagnostics and not faults
            for fault in (*document.diagnostics, *faults):
                self.report(fault)
            after = 0
            for template in templates:
                self._accept(template, after)
                after = template.root.end
                for macro, node in template.macros.items():
                    self.missing(macro, node)
        return templates

    def _accept(self, template: Template, after: int) -> None:
        """Notes a template's suppressions: the comments from the offset ``after`` on."""
        found = self._unit.suppressions
        found.extend(suppressions.in_comments(template.source, template.root, after))
        if suppressions.MARK not in template.source.text:
            return
        faults: list[Diagnostic] = []
        first = next(iter(template.root.entries.values()), None)
        if first is not None:
            found.extend(suppressions.in_metadata(first[0], template.root, faults))
        for resource in template.resources.values():
            found.extend(suppressions.in_metadata(resource.key, resource.node, faults))
        for fault in faults:
            self.report(fault)

    def unit(self, wanted: frozenset[str] | None) -> Unit:
        """The declarations of all its stacks."""
        pending = list(self.roots)
        while pending:
            stack = pending.pop(0)
            for name in stack.conditions:
                stack.decide(name, stack.template.root, stack.scope)
            for logical_id, instance in stack.instances.items():
                if instance.absent:
                    continue
                kind = instance.resource.type
                if wanted is None or kind in wanted:
                    self._unit.declarations.append(self._declare(stack, instance))
                if kind.endswith(MODULE):
                    self.missing(kind, instance.resource.key)
                if kind in NESTED:
                    inner = stack.nested(logical_id)
                    if inner is not None:
                        pending.append(inner)
        return self._unit

    def _declare(self, stack: Stack, instance: Instance) -> Declaration:
        resource = instance.resource
        key = resource.key
        metadata = resource.node.get("Metadata")
        said: Val | None = None
        if metadata is not None:
            said = stack.evaluate(metadata, instance.scope)
        return Declaration(
            language="cloudformation",
            type=resource.type,
            address=stack.prefix + instance.logical_id,
            span=key.span,
            extent=resource.extent,
            body=body_of(stack, resource.properties, instance.scope, key.span),
            presence=instance.presence,
            callers=stack.callers,
            scope=self._unit.path,
            unit=self._unit.path,
            metadata=said,
        )

    # What the stacks ask for.

    def report(self, diagnostic: Diagnostic) -> None:
        """See ``stack.Nest``."""
        if diagnostic not in self._reported:
            self._reported.add(diagnostic)
            self._unit.diagnostics.append(diagnostic)

    def missing(self, source: str, node: Node) -> None:
        """See ``stack.Nest``."""
        self._unit.modules_unavailable.setdefault(source, node.span)

    def nested(self, stack: Stack, instance: Instance) -> Stack | None:
        """See ``stack.Nest``."""
        resource = instance.resource
        name = NESTED.get(resource.type)
        properties = resource.properties
        if name is None or not isinstance(properties, Mapping):
            return None
        written = properties.get(name)
        if written is None:
            return None
        location = stack.evaluate(written, instance.scope)
        text = location.text if isinstance(location, Value) else None
        if text is None or "://" in text.removeprefix("file://") or text.startswith("s3:"):
            self.missing(text or shorten(written.span.text), written)
            return None
        path = self._files[id(stack)].parent / text.removeprefix("file://")
        return self._make_nested(stack, instance, path, text, written)

    def _make_nested(
        self, stack: Stack, instance: Instance, path: Path, text: str, written: Node
    ) -> Stack | None:
        chain = self._chains[id(stack)]
        real = os.path.realpath(path)
        if real in chain:
            stack.fail(written, f'the nested stack "{text}" contains itself')
            return None
        if len(chain) >= limits.MODULE_DEPTH:
            stack.fail(written, f"more than {limits.MODULE_DEPTH} stacks inside one another")
            return None
        document = self._templates.document(path)
        if isinstance(document, Diagnostic):
            stack.fail(written, f'the template "{text}" cannot be read: {document.message}')
            return None
        found = self._open(path)
        if not found:
            stack.fail(written, f'"{text}" holds no CloudFormation template')
            return None
        step = Step(instance.resource.key.span, f'nested stack "{instance.logical_id}"')
        options = Options(
            Inputs(stack, instance, step),
            self._templates.options.region,
            self._templates.options.exports,
        )
        inner = Stack(
            found[0],
            options,
            self,
            f"{stack.prefix}{instance.logical_id}/",
            (*stack.callers, step),
            instance.presence,
        )
        self._chains[id(inner)] = (*chain, real)
        self._files[id(inner)] = path
        return inner
