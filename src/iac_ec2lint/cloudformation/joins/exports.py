"""The exports of the stacks of a scan, by name."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.cloudformation.syntax import text_of
from iac_ec2lint.cloudformation.template.resource import NESTED, imports_in
from iac_ec2lint.declaration import Told
from iac_ec2lint.document.tree import Mapping, Scalar, Sequence, walk
from iac_ec2lint.values import Unknown, Value, as_text
from iac_ec2lint.values.join import WrittenText, no_parameters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from iac_ec2lint.cloudformation.stack.stack import Stack
    from iac_ec2lint.cloudformation.template.files import TemplateFiles
    from iac_ec2lint.cloudformation.template.resource import TemplateResource
    from iac_ec2lint.cloudformation.template.template import Template
    from iac_ec2lint.declaration import Named
    from iac_ec2lint.document.tree import Node
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.values import Val
    from iac_ec2lint.values.join import ReadsParameters


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
        roots: Makes the root stacks of a file, for what others know of them.
        paths: The files of the root stacks.

    Attributes:
        parameters_of_modules: The parameters of Systems Manager that root modules write.
    """

    def __init__(
        self,
        templates: TemplateFiles,
        roots: Callable[[Path], list[Stack]],
        paths: Callable[[], Iterable[Path]],
    ) -> None:
        self._templates = templates
        self._roots = roots
        self._paths = paths
        self._is_read = False
        self._found: dict[str, list[Export]] = {}
        self._partly: list[tuple[tuple[str, ...], Export]] = []
        self._same: dict[str | tuple[str, ...], list[Export]] = {}
        self._seen: dict[tuple[str | tuple[str, ...], Path], tuple[list[Export], bool]] = {}
        self._parameters: dict[str, list[Export]] | None = None
        self._adding: dict[tuple[str, frozenset[str], str, Told | None], str] = {}
        self._names: dict[
            tuple[frozenset[str], frozenset[str]], dict[str, dict[str, list[Template]]]
        ] = {}
        self.parameters_of_modules: ReadsParameters = no_parameters

    def find(self, name: Val, importer: Path) -> tuple[list[Export], bool]:
        """The outputs that are exported with a name, and whether that is sure.

        The name of a stack, or a parameter, is often a part of both names, and known of neither:
        then they are likely the same if the rest is.

        Args:
            name: The name that is imported.
            importer: The file of the root stack that imports it.
        """
        self._read()
        named = name.text if name.text is not None else _pieces(name)
        found = self._seen.get((named, importer))
        if found is None:
            found = self._seen[named, importer] = self._find(named, importer)
        return found

    def adding_to(
        self, unit: str, kinds: frozenset[str], own: str, told: Told | None = None
    ) -> str:
        """A stack that imports of another one and declares something of some types.

        Args:
            unit: The file of the stack that is imported of, as messages name it.
            kinds: The types.
            own: The file of the stack that is judged, which is none of these.
            told: What leads to the one resource that is meant, where one is.

        Returns:
            Its file, as messages name it; empty where there is none.
        """
        key = unit, kinds, own, told
        if key not in self._adding:
            self._read()
            self._adding[key] = next(self._adding_to(*key), "")
        return self._adding[key]

    def _adding_to(
        self, unit: str, kinds: frozenset[str], own: str, told: Told | None
    ) -> Iterator[str]:
        display = self._templates.files.display
        if told is not None and told.named.name:
            by_name = self._naming(kinds, told.named.arguments).get(told.named.name, {})
            for file, templates in by_name.items():
                others = file not in (own, unit, *told.joined)
                if others and not any(_declares(one, told.named) for one in templates):
                    yield file

        def leads_there(one: Export) -> bool:
            return display(one.path) == unit and (told is None or one.output in told.outputs)

        partly = [pieces for pieces, one in self._partly if leads_there(one)]
        names = [name for name, ones in self._found.items() if any(map(leads_there, ones))]
        for path in self._paths() if names or partly else ():
            file = display(path)
            for template in () if file in (own, unit) else self._templates.templates(path):
                made = partly or any(map(template.mentions, (*names, "Fn::Sub", "!Sub")))
                every = template.resources.values() if template.imports and made else ()
                if told is None:
                    adds = any(one.type in kinds for one in every)
                else:
                    asked = (one for each in every for one in _named_in(each, kinds, told))
                    adds = any(_may_be(one, names, partly) for one in asked)
                if adds:
                    yield file

    def _naming(
        self, kinds: frozenset[str], arguments: frozenset[str]
    ) -> dict[str, dict[str, list[Template]]]:
        """What has resources of some types that name what they are for, by what they write.

        Args:
            kinds: The types.
            arguments: The properties that name it: a text, or a list of these.

        Returns:
            The templates by file, of each text.
        """
        found = self._names.get((kinds, arguments))
        if found is None:
            found = self._names[kinds, arguments] = {}
            for path in self._paths():
                for template in self._templates.templates(path):
                    for resource in template.resources.values():
                        for part in _naming_parts(resource, kinds, arguments):
                            for one in part.items if isinstance(part, Sequence) else [part]:
                                text = text_of(one)
                                if text is not None:
                                    files = found.setdefault(text, {})
                                    file = self._templates.files.display(path)
                                    files.setdefault(file, []).append(template)
        return found

    def _find(self, named: str | tuple[str, ...], importer: Path) -> tuple[list[Export], bool]:
        exact = self._found.get(named, []) if isinstance(named, str) else []
        exact = self._inside(exact, importer)
        if exact:
            return exact, True
        likely = (one for one in self._likely(named) if one.path != importer)
        return self._inside(likely, importer), False

    def _read(self) -> None:
        if self._is_read:
            return
        self._is_read = True
        # The name of an export may itself depend on an import; it finds nothing then.
        found: dict[str, list[Export]] = {}
        partly: list[tuple[tuple[str, ...], Export]] = []
        for path in self._paths():
            for exported, where in self._exports(path):
                if isinstance(exported, str):
                    found.setdefault(exported, []).append(where)
                else:
                    partly.append((exported, where))
        self._found, self._partly = found, partly
        self._same.clear()
        self._seen.clear()

    def _likely(self, name: str | tuple[str, ...]) -> list[Export]:
        """The exports whose names are the same but for pieces that are unknown of one, or of both.

        Args:
            name: A name, or what is known of one; see ``_pieces``.
        """
        if name not in self._same:
            if isinstance(name, str):
                same = [one for own, one in self._partly if _pattern(own).fullmatch(name)]
            elif name:
                same = [one for own, one in self._partly if own == name]
                fits = _pattern(name).fullmatch
                same.extend(one for text, ones in self._found.items() if fits(text) for one in ones)
            else:
                same = []
            self._same[name] = same
        return self._same[name]

    def _inside(self, exports: Iterable[Export], user: Path) -> list[Export]:
        """Those that a root stack may see; see ``Files.inside``."""
        return [one for one in exports if self._templates.files.inside(one.path, user)]

    def parameters(self, name: str, reader: Path) -> list[Export]:
        """The parameters of Systems Manager of a name that stacks write.

        Args:
            name: The name.
            reader: The file of the root stack that reads it, which may write it too.

        Returns:
            Each with its logical ID as the ``output``.
        """
        if self._parameters is None:
            self._parameters = {}
            for path in self._paths():
                templates = self._templates.templates(path)
                if any(_may_write(template) for template in templates):
                    for document, root in enumerate(self._roots(path)):
                        where = Export(path, document, (), "", root.template.root.span)
                        for written, export in _parameters_of(root, where):
                            self._parameters.setdefault(written, []).append(export)
        return self._inside(self._parameters.get(name, []), reader)

    def written(self, name: str, reader: Path) -> tuple[WrittenText, ...]:
        """See ``ReadsParameters``: what root stacks write, for root modules."""
        found: list[WrittenText] = []
        for export in self.parameters(name, reader):
            root = self._roots(export.path)[export.document]
            value = parameter_value(root, export.output)
            writer = f"{export.output} of {self._templates.files.display(export.path)}"
            gap = Unknown("it is not known", "external-id", export.span)
            taken = gap if value is None or value.marks else value
            found.append(WrittenText(writer, taken, export.span))
        return tuple(found)

    def _exports(self, path: Path) -> Iterator[tuple[str | tuple[str, ...], Export]]:
        templates = self._templates.templates(path)
        if not any(
            template.mentions("Export")
            or any(resource.type in NESTED for resource in template.resources.values())
            for template in templates
        ):
            return
        for document, root in enumerate(self._roots(path)):
            yield from _of_stack(root, Export(path, document, (), "", root.template.root.span))


def _declares(template: Template, named: Named) -> bool:
    """Whether a template has a resource of its own of a type and a name."""
    return any(
        one.type == named.type and named.name in one.node.span.text
        for one in template.resources.values()
    )


def _naming_parts(
    resource: TemplateResource, kinds: frozenset[str], arguments: frozenset[str]
) -> Iterator[Node]:
    """What some properties of a resource are, where it is of one of some types."""
    properties = resource.properties
    if resource.type in kinds and isinstance(properties, Mapping):
        for name in sorted(arguments & properties.entries.keys()):
            yield properties.entries[name][1]


def _named_in(
    resource: TemplateResource, kinds: frozenset[str], told: Told
) -> Iterator[tuple[str, ...]]:
    """The names by which a resource imports what it is added to, or hands on to a nested stack."""
    parts = [*_naming_parts(resource, kinds, told.named.arguments)]
    if resource.type in NESTED and resource.properties is not None:
        parts.append(resource.properties)
    for part in parts:
        for _, name in imports_in(part):
            texts = [found.text for _, found in walk(name) if isinstance(found, Scalar)]
            written = _FILLED.split(texts[0]) if len(texts) == 1 else [""]
            yield tuple("" if piece.startswith("${") else piece for piece in written if piece)


def _may_be(asked: tuple[str, ...], names: list[str], partly: list[tuple[str, ...]]) -> bool:
    """Whether a name that is imported, as far as it is written, may be one of some exports."""
    text = "".join(asked) if all(asked) else ""
    return any(map(_pattern(asked).fullmatch, names)) or any(
        asked in (own, ("",)) or _pattern(own).fullmatch(text) for own in partly
    )


PARAMETER = "AWS::SSM::Parameter"
_FILLED = re.compile(r"(\$\{[^}]*\})")
_TOLD = 2
"""Letters and digits that what is known of a name has, to tell it from others."""


def _pieces(name: Val) -> tuple[str, ...]:
    """What is known of a name, with an empty text for each unknown piece; none if too little is."""
    parts = name.parts if isinstance(name, Unknown) else ()
    pieces = tuple(part if isinstance(part, str) else "" for part in parts)
    return pieces if sum(map(str.isalnum, "".join(pieces))) >= _TOLD else ()


@cache
def _pattern(pieces: tuple[str, ...]) -> re.Pattern[str]:
    """What the names look like of which no more is known than some pieces."""
    return re.compile("".join(re.escape(piece) if piece else ".+" for piece in pieces), re.DOTALL)


def _parameters_of(stack: Stack, where: Export) -> Iterator[tuple[str, Export]]:
    for logical_id, instance in stack.instances.items():
        properties = instance.resource.properties
        if instance.absent:
            continue
        if instance.resource.type in NESTED:
            inner = stack.nested(logical_id)
            if inner is not None and inner.place.account == stack.place.account:
                deeper = where._replace(stacks=(*where.stacks, logical_id))
                yield from _parameters_of(inner, deeper)
        if instance.resource.type != PARAMETER:
            continue
        written = properties.get("Name") if isinstance(properties, Mapping) else None
        name = stack.evaluate(written, instance.scope) if written is not None else None
        if name is not None and name.text:
            span = instance.resource.key.span
            yield name.text, where._replace(output=logical_id, span=span)


def _may_write(template: Template) -> bool:
    """Whether a template, or one that it nests, may write a parameter of Systems Manager."""
    nests = any(resource.type in NESTED for resource in template.resources.values())
    return nests or template.mentions(PARAMETER)


def parameter_value(stack: Stack, logical_id: str) -> Val | None:
    """What a parameter of Systems Manager holds that a stack writes."""
    instance = stack.instances.get(logical_id)
    properties = instance.resource.properties if instance is not None else None
    written = properties.get("Value") if isinstance(properties, Mapping) else None
    if instance is None or written is None:
        return None
    return stack.evaluate(written, instance.scope)


def _of_stack(stack: Stack, where: Export) -> Iterator[tuple[str | tuple[str, ...], Export]]:
    for output in stack.outputs():
        export = output.node.get("Export")
        written = export.get("Name") if isinstance(export, Mapping) else None
        name = stack.evaluate(written, output.scope) if written is not None else None
        text = as_text(name) if isinstance(name, Value) else None
        if isinstance(text, Value) and text.text:
            yield text.text, where._replace(output=output.name, span=output.key.span)
        elif name is not None and (pieces := _pieces(name)):
            yield pieces, where._replace(output=output.name, span=output.key.span)
    for logical_id, instance in stack.instances.items():
        if instance.resource.type in NESTED and not instance.absent:
            inner = stack.nested(logical_id)
            if inner is not None and inner.place.account == stack.place.account:
                yield from _of_stack(inner, where._replace(stacks=(*where.stacks, logical_id)))
