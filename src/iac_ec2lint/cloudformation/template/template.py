"""The sections of one template: what is declared in it, not yet evaluated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.cloudformation.syntax import (
    DIRECTIVE,
    FOR_EACH,
    SHORT_TAGS,
    TRANSFORM,
    intrinsic,
    is_directive,
    is_foreign,
    kind_of,
    macros_of,
    text_of,
)
from iac_ec2lint.cloudformation.template import serverless
from iac_ec2lint.cloudformation.template.parameter import Parameter
from iac_ec2lint.cloudformation.template.recognition import VERSION, transforms_of
from iac_ec2lint.cloudformation.template.resource import TemplateResource, read_resource
from iac_ec2lint.cloudformation.template.rules import demanded_by_rules
from iac_ec2lint.document.tree import Mapping, Node, Scalar, Sequence, Tagged
from iac_ec2lint.source.diagnostic import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from iac_ec2lint.cloudformation.template.includes import Includes
    from iac_ec2lint.document.reading import Document
    from iac_ec2lint.source.span import SourceText

LANGUAGE_EXTENSIONS = "AWS::LanguageExtensions"
SERVERLESS = "AWS::Serverless-2016-10-31"
INCLUDE = "AWS::Include"
_KNOWN_TRANSFORMS = {LANGUAGE_EXTENSIONS, SERVERLESS, "AWS::SecretsManager-2020-07-23"}


class Template:
    """What one template declares.

    Args:
        document: The file's text; its diagnostics are reported by the caller.
        root: The template's tree.
        includes: The snippets that were inserted, if there are any.

    Attributes:
        snippets: The snippets of other files that were inserted.
        observations: What is remarkable about the snippets.
        imports: Whether it may import what other stacks export.
        changed_parts: The macros that parts of it are given to (``Fn::Transform``) and that may
            thereby declare or change resources, each with a place. What is made of properties is
            known where these are evaluated.
        directives: The directives that a preprocessor would replace (``Rain::Embed``), each with
            its first place.
    """

    def __init__(self, document: Document, root: Mapping, includes: Includes | None = None) -> None:
        self.source: SourceText = document.source
        self.root = root
        self.diagnostics: list[Diagnostic] = [] if includes is None else [*includes.diagnostics]
        self.snippets = () if includes is None else tuple(includes.documents)
        self.texts = () if includes is None else tuple(includes.texts)
        self.observations = [one for snippet in self.snippets for one in snippet.repeated]
        self.directives: dict[str, Node] = {}
        snippets = [snippet.source.text for snippet in self.snippets]
        self.imports = self.mentions("ImportValue") or any("ImportValue" in s for s in snippets)
        self.transforms = dict(transforms_of(root))
        self.changed_parts = dict(_changed_parts(root))
        # org-formation's own format: it fills a template in for each account of an organization.
        self.of_organization = (text_of(root.get(VERSION)) or "").endswith("-OC")
        self._foreign = self.of_organization
        self._check_tags(document, includes)
        self.parameters: dict[str, Parameter] = {}
        self.resources: dict[str, TemplateResource] = {}
        self.loops: list[tuple[str, Scalar, Node]] = []
        self.mappings = self._section("Mappings")
        self.outputs = self._section("Outputs")
        self._read_parameters()
        self.conditions = self._section("Conditions")
        self._read_resources()

    @property
    def extended(self) -> bool:
        """Whether the ``AWS::LanguageExtensions`` transform applies to it."""
        return LANGUAGE_EXTENSIONS in self.transforms

    @property
    def has_macros(self) -> bool:
        """Whether a macro, or another program's tag, may change any part of it."""
        return self._foreign or bool(self.macros)

    @property
    def macros(self) -> dict[str, Node]:
        """The transforms that are not evaluated here, and where they are referred to."""
        known = _KNOWN_TRANSFORMS
        return {name: node for name, node in self.transforms.items() if name not in known}

    @property
    def is_serverless(self) -> bool:
        """Whether the SAM transform adds resources to it."""
        return SERVERLESS in self.transforms

    @property
    def made_elsewhere(self) -> Node | None:
        """Where a macro, or a snippet that is not read, adds resources; ``None`` if none does."""
        resources = self.root.get("Resources")
        for section in (self.root, resources):
            if isinstance(section, Mapping) and TRANSFORM in section.entries:
                return section.entries[TRANSFORM][0]
        if isinstance(resources, Tagged) and resources.tag == "!Transform":
            return resources
        return self.transforms.get(INCLUDE)

    def mentions(self, text: str) -> bool:
        """Whether a text stands in it: not in the file's other documents, of which may be many."""
        return self.source.text.find(text, self.root.start, self.root.end) >= 0

    def report(self, node: Node, message: str) -> None:
        """Add a diagnostic at a node."""
        self.diagnostics.append(Diagnostic.at(node.span, message))

    def _check_tags(self, document: Document, includes: Includes | None) -> None:
        own = document.tags_between(self.root.start, self.root.end)
        for tags in (own, *(snippet.tags.items() for snippet in self.snippets)):
            for tag, node in tags:
                if tag in SHORT_TAGS or (includes is not None and includes.follows(tag[1:])):
                    continue
                self._foreign = True
                if is_directive(tag[1:]) or self.of_organization:
                    self.directives.setdefault(tag[1:], node)
                else:
                    self.report(node, f"{tag} is no function of CloudFormation")
        if self.mentions(f'"{DIRECTIVE}'):
            self._foreign = True

    def _section(self, name: str) -> Mapping | None:
        node = self.root.get(name)
        if isinstance(node, Mapping):
            self._foreign = self._foreign or TRANSFORM in node.entries
            return node
        if node is not None and not (isinstance(node, Scalar) and node.data is None):
            self.report(node, f"{name} is {kind_of(node)}; a mapping is expected")
        return None

    def _read_parameters(self) -> None:
        section = self._section("Parameters")
        for key, node in section.entries.values() if section else ():
            if isinstance(node, Mapping):
                self.parameters[key.text] = Parameter(key, node)
            elif not key.text.startswith(TRANSFORM):
                self.report(
                    key, f'the parameter "{key.text}" is {kind_of(node)}; a mapping is expected'
                )
        for name, demanded in demanded_by_rules(self.root.get("Rules")).items():
            if name in self.parameters:
                self.parameters[name].ruled = demanded

    def _read_resources(self) -> None:
        node = self.root.get("Resources")
        if node is None:
            if not self.has_macros:
                self.report(self.root, "the template has no Resources")
            return
        call = intrinsic(node)
        if call is not None and (call.name == TRANSFORM or is_directive(call.name)):
            self._foreign = True
            return
        is_named_ref = call is not None and isinstance(call.argument, Mapping)
        if not isinstance(node, Mapping) or (call is not None and not is_named_ref):
            if not is_foreign(node):
                said = "the function Ref" if isinstance(node, Mapping) else kind_of(node)
                self.report(node, f"Resources is {said}; a mapping is expected")
            return
        self._foreign = self._foreign or TRANSFORM in node.entries
        for name, (key, body) in node.entries.items():
            if name.startswith(FOR_EACH):
                self.loops.append((name, key, body))
            elif name != TRANSFORM:
                resource = self.resource(key, body, self.report)
                if resource is not None:
                    self.resources[name] = resource

    def resource(
        self, key: Scalar, node: Node, report: Callable[[Node, str], object]
    ) -> TemplateResource | None:
        """The resource that an entry of ``Resources`` declares; see ``read_resource``."""
        if self.has_macros and isinstance(node, Mapping) and node.get("Type") is None:
            return None  # a macro may give it one
        found = read_resource(key, node, report)
        if found is not None and self.is_serverless and found.type.startswith(serverless.PREFIX):
            properties = found.properties
            found.properties = serverless.with_globals(found.type, key, properties, self.root)
        return found


def _changed_parts(root: Mapping) -> Iterator[tuple[str, Node]]:
    """The macros in ``Fn::Transform`` outside of a resource's properties, and where they are.

    A macro is given the siblings of ``Fn::Transform`` with all below them, and returns what takes
    their place, so that one among the properties of a resource declares no other.

    Source: CloudFormation User Guide, "Perform custom processing with template macros" and the
    reference of ``Fn::Transform``.
    """
    seen: set[int] = set()
    rest: list[Node] = [root]
    while rest:
        node = rest.pop()
        if isinstance(node, Scalar) or id(node) in seen:  # reached through an alias
            continue
        seen.add(id(node))
        if isinstance(node, Sequence):
            rest.extend(node.items)
        elif isinstance(node, Mapping):
            if TRANSFORM in node.entries:
                key, argument = node.entries[TRANSFORM]
                yield macros_of(argument), key
            if "::" not in (text_of(node.get("Type")) or ""):
                rest.extend(child for _, child in node.entries.values())
        elif isinstance(node, Tagged) and node.tag == "!Transform":
            yield macros_of(node.node), node
