"""The sections of one template: what is declared in it, not yet evaluated."""

from __future__ import annotations

import re
from copy import copy
from typing import TYPE_CHECKING

from iac_ec2lint.cloudformation import serverless
from iac_ec2lint.cloudformation.parameters.rules import Ruled, demanded_by_rules
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
from iac_ec2lint.document.tree import Mapping, Node, Scalar, Sequence, Tagged, walk
from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.source.span import Span
from iac_ec2lint.values.allowed import Bounds
from iac_ec2lint.values.conversion import parse_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from iac_ec2lint.cloudformation.functions.includes import Includes
    from iac_ec2lint.document.reading import Document
    from iac_ec2lint.source.span import SourceText
    from iac_ec2lint.values.allowed import Allowed

STACK_SET = "AWS::CloudFormation::StackSet"
NESTED = {
    "AWS::CloudFormation::Stack": "TemplateURL",
    "AWS::Serverless::Application": "Location",
    STACK_SET: "TemplateURL",
}
"""The types that create stacks, and the property that locates their template."""

MODULE = "::MODULE"
"""The suffix of the types of the registry's modules."""

PRODUCT = "AWS::ServiceCatalog::CloudFormationProvisionedProduct"
"""The type that creates a stack of a template that Service Catalog has."""

# A variable of the Serverless Framework, whose files hold resources of the template that it makes.
_VERSION = "AWSTemplateFormatVersion"
_SECTIONS = frozenset(
    {"Conditions", "Description", "Globals", "Hooks", "Mappings"}
    | {"Metadata", "Outputs", "Parameters", "Rules", "Transform", "Transforms"}
)
"""The sections that a template may have beside its version and its resources, SAM's too."""
_IMPORT = "Fn::ImportValue"
_SERVERLESS_FRAMEWORK = re.compile(r"\$\{(?:self|opt|sls|file|param)[:(]")

LANGUAGE_EXTENSIONS = "AWS::LanguageExtensions"
SERVERLESS = "AWS::Serverless-2016-10-31"
INCLUDE = "AWS::Include"
_KNOWN_TRANSFORMS = {LANGUAGE_EXTENSIONS, SERVERLESS, "AWS::SecretsManager-2020-07-23"}


class Parameter:
    """A parameter's declaration.

    Attributes:
        key: Its name, where it is declared.
        type: Its type as written; ``String`` where there is none.
        default: Its default, if it has one.
        allowed: Its allowed values, if they are restricted.
        no_echo: Whether its value must not be shown.
        never_empty: Whether a deployment refuses an empty text.
        pattern: What its value must match, as it is written.
        number: The least and the greatest number that it may be.
        length: How few and how many characters it may have.
        ruled: What the rules of the template demand of it.
    """

    __slots__ = (
        *("allowed", "default", "key", "length", "never_empty", "no_echo", "number", "pattern"),
        *("ruled", "type"),
    )

    def __init__(self, key: Scalar, node: Mapping) -> None:
        self.key = key
        self.type = text_of(node.get("Type")) or "String"
        self.default = node.get("Default")
        allowed = node.get("AllowedValues")
        self.allowed: list[Node] = allowed.items if isinstance(allowed, Sequence) else []
        hidden = node.get("NoEcho")
        self.no_echo = isinstance(hidden, Scalar) and hidden.text.lower() == "true"
        least = node.get("MinLength")
        digits = least.text.lstrip("0") if isinstance(least, Scalar) else ""
        long = digits.isascii() and digits.isdecimal()
        self.never_empty = long or self.type == "Number" or self.type.startswith("AWS::EC2::")
        self.pattern = text_of(node.get("AllowedPattern"))
        self.number = _bounds(node, "MinValue", "MaxValue")
        self.length = _bounds(node, "MinLength", "MaxLength")
        self.ruled = Ruled()

    @property
    def name(self) -> str:
        """Its name."""
        return self.key.text

    def under(self, demanded: tuple[Allowed, ...]) -> Parameter:
        """The parameter where a condition of a rule demands this of it as well."""
        if not demanded:
            return self
        found = copy(self)
        found.ruled = self.ruled._replace(always=(*self.ruled.always, *demanded))
        return found


def is_third_party(type_: str) -> bool:
    """Whether a type is one of the registry that another than AWS has published.

    Source: CloudFormation User Guide, "Use third-party public extensions".
    """
    own = type_.startswith(("AWS::", "Alexa::", "Custom::"))
    return "::" in type_ and not own and not type_.endswith(MODULE)


def imports_in(node: Node) -> Iterator[tuple[Node, Node]]:
    """What is imported in a part of a template from other stacks: the calls, and the names."""
    for _, found in walk(node):
        call = intrinsic(found)
        if call is not None and call.name == _IMPORT:
            yield found, call.argument


def _bounds(node: Mapping, least: str, most: str) -> Bounds | None:
    """What two properties bound; ``None`` where neither is written as a number."""
    texts = [text_of(node.get(name)) for name in (least, most)]
    lo, hi = [None if text is None else parse_number(text) for text in texts]
    return None if lo is None and hi is None else Bounds(lo, hi)


class TemplateResource:
    """A resource as written in ``Resources``.

    Attributes:
        key: Its logical ID, where it is declared.
        node: Its declaration.
        type: Its type.
        properties: Its ``Properties``; ``None`` where it has none.
        condition: What names its condition, if it has one: text, or a function.
    """

    __slots__ = ("_imports", "condition", "key", "node", "properties", "type")

    def __init__(self, key: Scalar, node: Mapping, kind: str) -> None:
        self.key = key
        self.node = node
        self.type = kind
        self.properties = node.get("Properties")
        condition = node.get("Condition")
        self.condition = condition if condition is not None and _may_name(condition) else None
        self._imports: list[Node] | None = None

    @property
    def imports(self) -> list[Node]:
        """What is imported in it from other stacks."""
        if self._imports is None:
            self._imports = [node for node, _ in imports_in(self.node)]
        return self._imports

    @property
    def is_custom(self) -> bool:
        """Whether the user's own function creates it, so that its attributes can be anything."""
        return self.type.startswith("Custom::") or self.type in (
            "AWS::CloudFormation::CustomResource",
            "AWS::CloudFormation::Macro",
        )

    @property
    def extent(self) -> Span:
        """The span of all of it, from its logical ID on."""
        return extent(self.key, self.node)


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
        self.transforms = dict(_transforms(root))
        self.changed_parts = dict(_changed_parts(root))
        # org-formation's own format: it fills a template in for each account of an organization.
        self.of_organization = (text_of(root.get(_VERSION)) or "").endswith("-OC")
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


def read_resource(
    key: Scalar, node: Node, report: Callable[[Node, str], object]
) -> TemplateResource | None:
    """The resource that an entry of ``Resources`` declares.

    Args:
        key: Its logical ID.
        node: The declaration.
        report: Called with the node and the message of each error.

    Returns:
        The resource; ``None`` where the entry is not one.
    """
    name = key.text
    directed = intrinsic(node)
    if directed is not None and is_directive(directed.name):
        return None
    if not isinstance(node, Mapping):
        report(key, f'the resource "{name}" is {kind_of(node)}; a mapping is expected')
        return None
    written = node.get("Type")
    kind = text_of(written)
    if kind is None:
        call = intrinsic(written) if written is not None else None
        if call is not None and is_directive(call.name):
            return None
        if TRANSFORM not in node.entries and not (written is not None and is_foreign(written)):
            said = "has no Type" if written is None else "has a Type that is no text"
            report(key, f'the resource "{name}" {said}')
        return None
    resource = TemplateResource(key, node, kind)
    condition = node.get("Condition")
    if condition is not None and not _may_name(condition):
        report(condition, f'the Condition of "{name}" is {kind_of(condition)}; a name is expected')
    properties = resource.properties
    if properties is not None and not isinstance(properties, Mapping):
        if isinstance(properties, Scalar) and properties.data is None:
            resource.properties = None
        elif intrinsic(properties) is None:
            report(
                properties,
                f'the Properties of "{name}" are {kind_of(properties)}; a mapping is expected',
            )
            return None
    return resource


def _may_name(condition: Node) -> bool:
    return text_of(condition) is not None or intrinsic(condition) is not None


def templates_in(document: Document) -> list[Mapping]:
    """The trees of a file that are templates, by their content."""
    return [root for root in mappings_in(document) if _is_template_root(root)]


def mappings_in(document: Document) -> list[Mapping]:
    """The trees of a file that are mappings."""
    return [root for root in document.roots if isinstance(root, Mapping)]


def declares_aws(root: Mapping) -> bool:
    """Whether a tree has ``Resources`` of which one is of a type of AWS."""
    resources = root.get("Resources")
    return isinstance(resources, Mapping) and any(
        isinstance(node, Mapping) and (text_of(node.get("Type")) or "").startswith("AWS::")
        for _, node in resources.entries.values()
    )


def declares_in_service(root: Mapping) -> bool:
    """Whether a tree is a service of the Serverless Framework with resources of AWS of its own.

    Source: Serverless Framework, "AWS Infrastructure Resources": ``resources``, one or a list.
    """
    own = root.get("resources")
    parts = own.items if isinstance(own, Sequence) else [own]
    return any(isinstance(part, Mapping) and declares_aws(part) for part in parts)


def is_template(document: Document) -> bool:
    """Whether a file holds a template, by its content, not its name.

    A template has ``AWSTemplateFormatVersion``, or ``Resources`` of which one has a type with
    ``::`` in it, as all types that CloudFormation knows have, or is a loop, or is made by a macro.
    """
    return bool(templates_in(document))


def _is_template_root(root: Mapping) -> bool:
    if _VERSION in root.entries:
        return True
    if _SERVERLESS_FRAMEWORK.search(root.span.text):
        return False
    resources = root.get("Resources")
    made = [name for name, _ in _transforms(root)]
    if made and resources is not None:
        return True
    # Without resources it is a broken template, or other data with such a key.
    if any(name.startswith("AWS::") for name in made) and _SECTIONS.issuperset(root.entries):
        return True
    if isinstance(resources, Tagged) and resources.tag == "!Transform":
        return True
    if not isinstance(resources, Mapping):
        return False
    if TRANSFORM in resources.entries:
        return True
    for key, node in resources.entries.values():
        call = intrinsic(node)
        if key.text.startswith(FOR_EACH) or (call is not None and is_directive(call.name)):
            return True
        if isinstance(node, Mapping):
            kind = text_of(node.get("Type"))
            if TRANSFORM in node.entries or (kind is not None and "::" in kind):
                return True
    return False


def _transforms(root: Mapping) -> Iterator[tuple[str, Node]]:
    """The names of the macros that a template is given to, and where they are."""
    for key in ("Transform", "Transforms"):
        node = root.get(key)
        for item in node.items if isinstance(node, Sequence) else [node]:
            if isinstance(item, Mapping):
                item = item.get("Name")  # noqa: PLW2901 - a transform with parameters
            name = text_of(item)
            if name and item is not None:
                yield name, item


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


def extent(key: Scalar, node: Node) -> Span:
    """The span from a key to the end of its node; the key alone where the node is an alias."""
    if node.start < key.start or node.source is not key.source:
        return key.span
    return Span(key.source, key.start, max(node.end, key.end))
