"""The exports of the stacks of a scan, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.cloudformation.template import NESTED
from iac_ec2lint.document.tree import Mapping
from iac_ec2lint.values import Value, as_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from iac_ec2lint.cloudformation.session import Session
    from iac_ec2lint.cloudformation.stack import Stack
    from iac_ec2lint.cloudformation.templates import Templates
    from iac_ec2lint.source.span import Span


class Export(NamedTuple):
    """An output of a stack that other stacks may import.

    Attributes:
        path: The file of the root stack that it belongs to.
        document: The index of the template in that file, from 0.
        stacks: The logical IDs of the nested stacks that lead to it.
        output: The output's name.
        span: Where it is written.
    """

    path: Path
    document: int
    stacks: tuple[str, ...]
    output: str
    span: Span


class Exports:
    """The exports of all stacks, found on the first request.

    Args:
        templates: Reads the templates.
        paths: The files of the root stacks.
    """

    def __init__(self, templates: Templates, paths: Callable[[], Iterable[Path]]) -> None:
        self._templates = templates
        self._paths = paths
        self._found: dict[str, list[Export]] | None = None

    def find(self, name: str) -> list[Export]:
        """The outputs that are exported with a name."""
        if self._found is None:
            # The name of an export may itself depend on an import; it finds nothing then.
            self._found = {}
            found: dict[str, list[Export]] = {}
            for path in self._paths():
                for exported, where in self._exports(path):
                    found.setdefault(exported, []).append(where)
            self._found = found
        return self._found.get(name, [])

    def _exports(self, path: Path) -> Iterator[tuple[str, Export]]:
        templates = self._templates.templates(path)
        if not any(
            template.mentions("Export")
            or any(resource.type in NESTED for resource in template.resources.values())
            for template in templates
        ):
            return
        session = self._templates.apart(path, joined=False)
        for document, root in enumerate(session.roots):
            yield from _of_stack(
                session, root, Export(path, document, (), "", root.template.root.span)
            )


def _of_stack(session: Session, stack: Stack, where: Export) -> Iterator[tuple[str, Export]]:
    for output in stack.outputs():
        export = output.node.get("Export")
        written = export.get("Name") if isinstance(export, Mapping) else None
        name = stack.evaluate(written, output.scope) if written is not None else None
        text = as_text(name) if isinstance(name, Value) else None
        if isinstance(text, Value) and text.text:
            yield text.text, where._replace(output=output.name, span=output.key.span)
    for logical_id, instance in stack.instances.items():
        if instance.resource.type in NESTED and not instance.absent:
            inner = stack.nested(logical_id)
            if inner is not None and inner.place.account == stack.place.account:
                yield from _of_stack(
                    session, inner, where._replace(stacks=(*where.stacks, logical_id))
                )
