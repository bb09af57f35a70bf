"""``data.aws_iam_policy_document``, evaluated as the provider does.

Source: "aws_iam_policy_document" of the AWS provider's documentation; semantics.md, D4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from iac_ec2lint.document.policy_json import parse_pieces
from iac_ec2lint.terraform.functions.encodings import read_json
from iac_ec2lint.terraform.functions.registry import FunctionError
from iac_ec2lint.terraform.language.containers import OpenMap, Several, make_open
from iac_ec2lint.terraform.language.unknowns import depend, depend_on, wholly_known
from iac_ec2lint.terraform.resources.policy_text import STATEMENT, StatementBlock, policy_text
from iac_ec2lint.values import Reference, Unknown, Val, Value, walk

if TYPE_CHECKING:
    from iac_ec2lint.declaration import Section
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.terraform.evaluated import Instance

_LISTS = (
    ("Action", "actions"),
    ("NotAction", "not_actions"),
    ("Resource", "resources"),
    ("NotResource", "not_resources"),
)


class Errors(Protocol):
    """Receives the errors in a document."""

    def error(self, span: Span, message: str) -> object:
        """Report an error at ``span``."""


class PolicySource(Protocol):
    """A data source that declares a policy document."""

    @property
    def address(self) -> str:
        """Its full address."""

    @property
    def section(self) -> Section:
        """Its body."""

    @property
    def scope(self) -> Errors:
        """Receives its errors."""

    def reference(self, name: str, span: Span) -> Reference:
        """A reference to one of its attributes."""


def read_attribute(instance: Instance, name: str) -> Val | None:
    """``json`` or ``minified_json`` of a policy document; ``None`` for other attributes.

    The value has the policy's structure as ``decoded``, each part with the span where it is
    written; parts can be unknown.
    """
    if name not in ("json", "minified_json"):
        return None
    memo: dict[str, Val] = {}
    module = instance.resource.module
    span = instance.resource.block.header
    return module.unit.evaluation.hop(
        memo, name, f"{instance.address}.{name}", span, lambda: document_text(instance, name, span)
    )


def document_text(source: PolicySource, name: str, span: Span) -> Val:
    """``json`` or ``minified_json`` of a policy document whose block is at ``span``."""
    return _Document(source, span).text(name)


class _Merge(NamedTuple):
    """The structure of a document that is merged into another, and why it may not be."""

    structure: Val
    cause: Unknown | None


class _Document:
    """One document: its statements in the provider's order."""

    __slots__ = ("section", "source", "span")

    def __init__(self, source: PolicySource, span: Span) -> None:
        self.source = source
        self.section = source.section
        self.span = span

    def text(self, name: str) -> Val:
        """The document as a string, with its structure as ``decoded``."""
        policy = self.structure()
        reference = self.source.reference(name, self.span)
        if wholly_known(policy):
            text = policy_text(policy, minified=name == "minified_json")
            return Value(text, self.span, of=reference, decoded=policy)
        why = depend_on(self.span, [policy])
        return reference.but(
            reason=why.reason,
            cause=why.cause,
            decoded=policy,
            references=why.references,
            inputs=why.inputs,
        )

    def structure(self) -> Value:
        """``Version`` and ``Statement``, and ``Id`` where there is one."""
        sources = self.documents("source_policy_documents", "source_json")
        overrides = self.documents("override_policy_documents", "override_json")
        members: dict[str, Val] = {"Version": self.version([*sources, *overrides])}
        own = self.section.get("policy_id")
        ids = [*_named(sources, "Id"), *([] if own is None else [own]), *_named(overrides, "Id")]
        if ids:
            members["Id"] = ids[-1]
        members["Statement"] = Value(make_open(self.statements(sources, overrides)), self.span)
        return Value(members, self.span)

    def version(self, others: list[_Merge]) -> Val:
        """The version: the newest of its own and those of the documents merged with it."""
        newest = _given(self.section, "version", "2012-10-17")
        for version in _named(others, "Version"):
            if newest.text is not None and (version.text or "") > newest.text:
                newest = version
        return newest

    def statements(self, sources: list[_Merge], overrides: list[_Merge]) -> list[Val]:
        """All statements: those of sources, its own, then those of overrides."""
        merged = _Merged()
        for document in sources:
            for statement in _statements_of(document):
                if merged.has_sid_of(statement) and not isinstance(statement, Several):
                    self.source.scope.error(
                        statement.span,
                        f"{self.source.address}: two sources have a statement with the sid "
                        f'"{_known_sid(statement)}"',
                    )
                merged.put(statement)
        for section in self.section.sections("statement"):
            merged.put(self.statement(section))
        for document in overrides:
            for statement in _statements_of(document):
                merged.put(statement)
        return merged.statements

    def documents(self, listed: str, single: str) -> list[_Merge]:
        """The documents in an argument, in order: those that are there, and those that may be."""
        found: list[_Merge] = []
        one = self.section.get(single)
        if one is not None:
            found.extend(self.possible(one, None))
        many = self.section.get(listed)
        if isinstance(many, Unknown) and all(isinstance(c, Value) for c in many.candidates):
            each = [e for c in many.candidates if not c.is_null for e in c.elements()]
            for document in each if many.candidates else many.elements():
                found.extend(self.possible(document, many))
        elif many is not None:
            for document in many.elements():
                found.extend(self.possible(document, None))
        return found

    def possible(self, document: Val, cause: Unknown | None) -> list[_Merge]:
        """What a document can be; of several each may be the one that is there."""
        if isinstance(document, Unknown):
            why = document if cause is None else cause
            if isinstance(document, Several):
                return self.possible(document.element, why)
            if document.decoded is None and document.candidates:
                arms = [one for one in document.candidates if not one.is_null]
                return [each for one in arms for each in self.possible(one, why)]
        return [_Merge(self.decoded(document), cause)]

    def decoded(self, document: Val) -> Val:
        """The structure of a document in JSON; an unknown where it is unknown or not a policy."""
        found: object = document.decoded
        if found is None and isinstance(document, Unknown) and document.parts:
            found = parse_pieces(document.parts, document)
        if found is None and isinstance(document, Value):
            if not document.text:
                return Value({}, document.span)
            try:
                found = read_json(document.text, document.span)
            except FunctionError:
                self.source.scope.error(
                    document.span, f"{self.source.address}: a policy document that is no JSON"
                )
        if isinstance(found, Value) and isinstance(found.data, dict):
            return found
        return document if isinstance(document, Unknown) else depend_on(document.span, [document])

    def statement(self, section: Section) -> Val:
        """A ``statement`` block as a statement."""
        members: dict[str, Val] = {}
        sid = section.get("sid")
        if sid is not None and sid.text != "":
            members["Sid"] = sid
        members["Effect"] = _given(section, "effect", "Allow")
        for key, name in _LISTS:
            values = section.get(name)
            if values is not None and not _empty(values):
                members[key] = _with_variables(values) if "esource" in key else values
        for key, name in (("Principal", "principals"), ("NotPrincipal", "not_principals")):
            principals = self.principals(section, name)
            if principals is not None:
                members[key] = principals
        condition = self.conditions(section)
        if condition is not None:
            members["Condition"] = condition
        ordered = {key: members[key] for key in STATEMENT if key in members}
        statement = StatementBlock(ordered, section.span)
        cause = section.presence.cause
        if cause is None or _surely_in(section, self.section):
            return statement
        return _perhaps(statement, cause)

    def principals(self, statement: Section, name: str) -> Val | None:
        """``principals`` blocks as ``Principal``."""
        sections = statement.sections(name)
        if not sections:
            return None
        gathered: dict[str, list[Val]] = {}
        hidden: list[Val] = []
        for section in sections:
            kind = section.get("type")
            identifiers = section.get("identifiers")
            if kind is None or identifiers is None:
                continue
            if kind.text is None or not _surely_in(section, statement):
                hidden.extend((kind, identifiers))
                continue
            gathered.setdefault(kind.text, []).extend(_with_variables(identifiers).elements())
        if hidden:
            return depend_on(sections[0].span, [*_causes(sections), *hidden])
        if _is_everyone(gathered):
            return Value("*", gathered["*"][0].span)
        return Value(
            {
                kind: Value(make_open(values), sections[0].span)
                for kind, values in sorted(gathered.items())
            },
            sections[0].span,
        )

    def conditions(self, statement: Section) -> Val | None:
        """``condition`` blocks as ``Condition``; values of one test and variable are joined."""
        sections = statement.sections("condition")
        if not sections:
            return None
        tests: dict[str, dict[str, list[Val]]] = {}
        named: dict[str, dict[str, tuple[Unknown, list[Val]]]] = {}
        hidden: list[Val] = []
        for section in sections:
            test = section.get("test")
            variable = section.get("variable")
            values = section.get("values")
            if test is None or variable is None or values is None:
                continue
            odd = isinstance(variable, Value) and variable.text is None
            if test.text is None or odd or not _surely_in(section, statement):
                hidden.extend((test, variable, values))
                continue
            keys = tests.setdefault(test.text, {})
            if isinstance(variable, Unknown):
                # Names that end alike may be one name.
                others = named.setdefault(test.text, {})
                _, listed = others.setdefault(_end(variable), (variable, []))
            else:
                listed = keys.setdefault(variable.text or "", [])
            listed.extend(_with_variables(values).elements())
        if hidden:
            return depend_on(sections[0].span, [*_causes(sections), *hidden])
        span = sections[0].span
        made: dict[str, Val] = {}
        for test_name, others in named.items():
            _join_alike(tests[test_name], others)
        for test_name, keys in sorted(tests.items()):
            known: dict[str, Val] = {
                key: Value(make_open(listed), span) for key, listed in sorted(keys.items())
            }
            made[test_name] = Value(known, span)
            if test_name in named:
                more: list[tuple[Unknown, Val]] = [
                    (key, Value(make_open(listed), span))
                    for key, listed in named[test_name].values()
                ]
                why = depend(span, [key for key, _ in more])
                made[test_name] = OpenMap(why, known, named=more)
        return Value(made, span)


def _end(name: Unknown) -> str:
    """What a partly known name surely ends with; empty where nothing is known."""
    end = name.parts[-1] if name.parts else None
    return end if isinstance(end, str) else ""


def _join_alike(known: dict[str, list[Val]], unknown: dict[str, tuple[Unknown, list[Val]]]) -> None:
    """Add to the values of each name that they may be joined by those of a name like it.

    Args:
        known: The values of each name that is known.
        unknown: The others' with their names, by what these end with.
    """
    ends = [(end, listed) for end, (_, listed) in unknown.items()]
    doubts = [
        (listed, name)
        for end, (name, own) in unknown.items()
        for other, listed in (*ends, *known.items())
        if listed is not own and (end.endswith(other) or other.endswith(end))
    ]
    for listed, name in doubts:
        listed.append(Several(name))


def _given(section: Section, name: str, default: str) -> Val:
    """An attribute, or the provider's default where it is not written."""
    value = section.get(name)
    return value if value is not None else Value(default, section.span, implied=True)


def _surely_in(section: Section, outer: Section) -> bool:
    """Whether a block exists whenever the one around it does."""
    return section.presence.cause is outer.presence.cause


def _causes(sections: tuple[Section, ...]) -> list[Val]:
    return [s.presence.cause for s in sections if s.presence.cause is not None]


def _is_everyone(principals: dict[str, list[Val]]) -> bool:
    # The provider writes principals { type = "*", identifiers = ["*"] } as "*".
    stars = principals.get("*")
    return len(principals) == 1 and stars is not None and [s.text for s in stars] == ["*"]


def _empty(values: Val) -> bool:
    return isinstance(values, Value) and values.data == ()


def _named(documents: list[_Merge], name: str) -> list[Val]:
    """The ``Version`` or ``Id`` of each known document."""
    found = [document.structure.items().get(name) for document in documents]
    return [member for member in found if member is not None and member.text]


def _statements_of(document: _Merge) -> list[Val]:
    """The statements of a document; an unknown number of them where it is unknown."""
    structure, cause = document
    if isinstance(structure, Unknown):
        return [Several(structure)]
    statements = structure.items().get("Statement")
    if statements is None:
        return []
    if isinstance(statements, Unknown):
        return [Several(statements)]
    found: list[Val] = [statements]
    if not isinstance(statements.data, dict):
        found = list(statements.elements())
    return found if cause is None else [_perhaps(statement, cause) for statement in found]


def _sid(statement: Val) -> Val | None:
    """A statement's sid, if it has one; the unknown itself where the statement is unknown."""
    if isinstance(statement, Several):
        statement = statement.element
    if isinstance(statement, Unknown):
        return statement
    sid = statement.items().get("Sid")
    return None if sid is None or sid.is_null or sid.text == "" else sid


def _known_sid(statement: Val) -> str:
    sid = _sid(statement)
    return (sid.text or "") if sid is not None else ""


class _Merged:
    """Statements put together: one replaces another of its sid, and perhaps one of an unknown sid.

    Attributes:
        statements: The statements so far.
    """

    def __init__(self) -> None:
        self.statements: list[Val] = []
        self._known: dict[str, int] = {}
        # The sids of the statements that are there for certain: what can change is looked at alone.
        self._certain: dict[int, Val] = {}
        self._unknown: dict[int, Val] = {}

    def has_sid_of(self, statement: Val) -> bool:
        """Whether one of them has the sid that a statement is known to have."""
        return _known_sid(statement) in self._known

    def put(self, statement: Val) -> None:
        """Add a statement."""
        sid = _sid(statement)
        if sid is not None:
            others = self._certain if isinstance(sid, Unknown) else self._unknown
            for position, other in list(others.items()):
                cause = _perhaps_equal(sid, other)
                if cause is not None:
                    self.statements[position] = _perhaps(self.statements[position], cause)
                    self._certain.pop(position)
                    self._unknown.pop(position, None)
        known = _known_sid(statement)
        position = self._known.get(known, len(self.statements))
        if position < len(self.statements) and isinstance(statement, Several):
            # The one or the other is there.
            self.statements[position] = _perhaps(self.statements[position], statement)
            self._certain.pop(position, None)
            position = len(self.statements)
        if position == len(self.statements):
            self.statements.append(statement)
        else:
            self.statements[position] = statement
        if known:
            self._known[known] = position
        if sid is not None and isinstance(statement, Value):
            self._certain[position] = sid
            if isinstance(sid, Unknown):
                self._unknown[position] = sid
        else:
            self._certain.pop(position, None)


def _perhaps_equal(sid: Val | None, other: Val | None) -> Unknown | None:
    """The unknown that leaves open whether two sids are equal; ``None`` if that is known."""
    for unknown, against in ((sid, other), (other, sid)):
        if isinstance(unknown, Unknown) and against is not None:
            known = against.text
            return unknown if known is None or unknown.equals(known).truth is None else None
    return None


def _perhaps(statement: Val, cause: Unknown) -> Val:
    """A statement that may or may not exist."""
    if not isinstance(statement, Value):
        return statement
    return Several(depend(statement.span, [cause]).but(unset=True), statement)


def _with_variables(values: Val) -> Val:
    """Replace ``&{...}``, which Terraform does not interpolate, by IAM's variables, ``${...}``."""
    if not any(_mentions_variable(part) for part in walk(values)):
        return values
    if isinstance(values, Value) and isinstance(values.data, tuple):
        elements = [_with_variables(element) for element in values.elements()]
        return Value(make_open(elements), values.span)
    return _replace(values)


def _mentions_variable(value: Val) -> bool:
    if isinstance(value, Value):
        return "&{" in (value.text or "")
    return any(isinstance(part, str) and "&{" in part for part in value.parts) or any(
        _mentions_variable(candidate) for candidate in value.candidates
    )


def _replace(value: Val) -> Val:
    if isinstance(value, Value):
        text = value.text
        if text is None or "&{" not in text:
            return value
        return Value(text.replace("&{", "${"), value.span, value.via, of=value.of)
    parts = (part.replace("&{", "${") if isinstance(part, str) else part for part in value.parts)
    candidates = (_replace(candidate) for candidate in value.candidates)
    return value.but(parts=tuple(parts), candidates=tuple(candidates))
