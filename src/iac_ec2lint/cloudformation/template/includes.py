"""``AWS::Include`` and directives of Rain: local files, inserted before a template is read.

"AWS::Include transform", CloudFormation Template Reference: at the top of a template, among the
keys of a section or resource, and in place of a value. Locations are those that ``aws
cloudformation package`` uploads: paths relative to the template.

``Rain::Include`` stands for what a file of YAML or JSON holds, ``Rain::Embed`` for a file's text;
``Rain::S3Http`` uploads a file and stands for its address, which may be a nested stack's template.
Paths are relative to the file that has the directive (rain, package ``cft/pkg``). What they name
that is not there, lies outside or is not in version control stays unread.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from iac_ec2lint.cloudformation.syntax import DIRECTIVE, TRANSFORM, intrinsic, is_directive, text_of
from iac_ec2lint.document.reading import Document
from iac_ec2lint.document.tree import Mapping, Node, Scalar, Sequence, Tagged
from iac_ec2lint.source import limits
from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.source.files import place_named

if TYPE_CHECKING:
    from collections.abc import Callable

    from iac_ec2lint.source.span import SourceText
    from iac_ec2lint.source.tree import Tree

NAME = "AWS::Include"
_INCLUDE = f"{DIRECTIVE}Include"
_EMBED = f"{DIRECTIVE}Embed"
_UPLOAD = f"{DIRECTIVE}S3Http"
_LOCATIONS = frozenset({"TemplateURL", "Location"})
"""The properties that locate the template of a stack."""


def may_include(text: str, start: int = 0, end: int | None = None) -> bool:
    """Whether a text, or a part of it, may have other files inserted."""
    return any(text.find(name, start, end) >= 0 for name in (NAME, DIRECTIVE))


class Includes:
    """Inserts snippets into the trees of one file.

    Args:
        path: The file, to which locations are relative.
        read: Returns the trees of another file, or a diagnostic that says why it cannot be read.
        text: Returns the text of another file; ``None`` where it is not to be read.
        tree: Where they are.

    Attributes:
        documents: The snippets that were inserted.
        texts: The files whose text was inserted.
        diagnostics: The errors.
    """

    def __init__(
        self,
        path: Path,
        read: Callable[[Path], Document | Diagnostic],
        text: Callable[[Path], SourceText | None],
        tree: Tree,
    ) -> None:
        self.documents: list[Document] = []
        self.texts: list[SourceText] = []
        self.diagnostics: list[Diagnostic] = []
        self._followed: set[str] = set()
        self._unread: set[str] = set()
        self._text = text
        self._path = path
        self._tree = tree
        self._read = read
        self._inside: list[str] = [self._tree.real(path)]
        # Of each collection visited, by identity: itself, what replaces it, and the nodes in that.
        self._visited: dict[int, tuple[Node, Node, int]] = {}
        self._nodes = 0

    def expand(self, root: Mapping) -> None:
        """Insert every snippet whose location is a local path."""
        self._expand_top(root)
        self._visit(root, self._path)

    def follows(self, name: str) -> bool:
        """Whether a directive is replaced wherever it stands."""
        return name in self._followed and name not in self._unread

    def _expand_top(self, root: Mapping) -> None:
        written = root.get("Transform")
        kept: list[Node] = []
        snippets: list[Node] = []
        for item in written.items if isinstance(written, Sequence) else [written]:
            place = _location(item)
            (kept if place is None or not _is_local(place) else snippets).append(item or root)
        if written is None or not snippets:
            return
        if isinstance(written, Sequence):
            written.items[:] = kept
        else:
            del root.entries["Transform"]
        for item in snippets:
            self._merge(item, root, self._path)

    def _visit(self, node: Node, path: Path) -> Node:
        """The node that replaces ``node`` once the snippets below it are inserted."""
        if isinstance(node, Scalar):
            self._nodes += 1
            return node
        known = self._visited.get(id(node))
        if known is None:
            before = self._nodes
            self._nodes += 1
            found = self._inserted(node, path)
            self._visited[id(node)] = (node, found, self._nodes - before)
            return found
        _, found, weight = known
        self._nodes += weight
        return found

    def _inserted(self, node: Sequence | Mapping | Tagged, path: Path) -> Node:
        call = intrinsic(node)
        if call is not None and call.name == TRANSFORM:
            place = _location(call.argument)
            if place is not None and _is_local(place):
                found = self._snippet(place, path)
                return node if found is None else found
        if call is not None and is_directive(call.name):
            found = self._directed(call.name, call.argument, path)
            (self._unread if found is None else self._followed).add(call.name)
            return node if found is None else found
        inner = node.node if isinstance(node, Tagged) else node
        if isinstance(inner, Sequence):
            inner.items[:] = [self._visit(item, path) for item in inner.items]
        elif isinstance(inner, Mapping):
            self._visit_entries(inner, path)
        return node

    def _visit_entries(self, node: Mapping, path: Path) -> None:
        for name, (key, child) in list(node.entries.items()):
            if name == TRANSFORM and len(node.entries) > 1:
                calls = child.items if isinstance(child, Sequence) else [child]
                if all((at := _location(c)) is not None and _is_local(at) for c in calls):
                    del node.entries[name]
                    for call in calls:
                        self._merge(call, node, path)
                continue
            found = self._uploaded(name, child, path) or self._visit(child, path)
            if found is not child:
                node.entries[name] = (key, found)

    def _directed(self, name: str, argument: Node, path: Path) -> Node | None:
        """What a directive stands for; ``None`` where it is not read."""
        target = self._named(argument, path)
        if target is None or not isinstance(argument, Scalar):
            return None
        if name == _EMBED:
            source = self._text(target)
            if source is None:
                return None
            if source not in self.texts:
                self.texts.append(source)
            return Scalar(source, source.text, 0, len(source.text), plain=False)
        if name != _INCLUDE or self._text(target) is None:
            return None
        return self._snippet(argument, path)

    def _uploaded(self, key: str, node: Node, path: Path) -> Node | None:
        """The path of a nested stack's template that a directive uploads, if it is one."""
        call = intrinsic(node) if key in _LOCATIONS else None
        if call is None or call.name != _UPLOAD:
            return None
        target = self._named(call.argument, path)
        if target is None or self._text(target) is None:
            return None
        self._followed.add(_UPLOAD)
        return call.argument

    def _named(self, argument: Node, path: Path) -> Path | None:
        written = text_of(argument)
        return None if not written else place_named(path.parent, written)

    def _merge(self, call: Node, into: Mapping, path: Path) -> None:
        """Add the entries of a snippet to a mapping, whose own entries take precedence."""
        place = _location(call)
        found = self._snippet(place, path) if place is not None else None
        if isinstance(found, Mapping):
            for name, entry in found.entries.items():
                present = into.get(name)
                if isinstance(present, Mapping) and isinstance(entry[1], Mapping):
                    # At the top of a template, sections are merged.
                    for inner, inner_entry in entry[1].entries.items():
                        present.entries.setdefault(inner, inner_entry)
                else:
                    into.entries.setdefault(name, entry)
        elif found is not None and place is not None:
            self.diagnostics.append(
                Diagnostic.at(place.span, f'the snippet "{place.text}" is no mapping')
            )

    def _snippet(self, place: Scalar, path: Path) -> Node | None:
        target = place_named(path.parent, place.text.removeprefix("file://"))
        if target is None:
            message = "the snippet's location is no path that a file can have"
            self.diagnostics.append(Diagnostic.at(place.span, message))
            return None
        real = self._tree.real(target)
        fault = ""
        if real in self._inside:
            fault = f'the snippet "{place.text}" contains itself'
        elif len(self._inside) > limits.MODULE_DEPTH:
            fault = f"more than {limits.MODULE_DEPTH} snippets inside one another"
        elif self._nodes > limits.ALIAS_NODES:
            fault = f"more than {limits.ALIAS_NODES} nodes come of inserting snippets up to here"
        document = None if fault else self._read(target)
        if isinstance(document, Diagnostic):
            fault = f'the snippet "{place.text}": {document.message}'
        if document is None or isinstance(document, Diagnostic):
            self.diagnostics.append(Diagnostic.at(place.span, fault))
            return None
        if all(document is not known for known in self.documents):
            self.documents.append(document)
            self.diagnostics.extend(document.diagnostics)
        if not document.roots:
            return None
        self._inside.append(real)
        try:
            return self._visit(document.roots[0], target)
        finally:
            self._inside.pop()


def _location(node: Node | None) -> Scalar | None:
    """The location of the snippet of an ``AWS::Include``, where it is a literal."""
    if not isinstance(node, Mapping) or text_of(node.get("Name")) != NAME:
        return None
    parameters = node.get("Parameters")
    place = parameters.get("Location") if isinstance(parameters, Mapping) else None
    return place if isinstance(place, Scalar) and text_of(place) else None


def _is_local(place: Scalar) -> bool:
    return "://" not in place.text.removeprefix("file://") and "${" not in place.text
