"""One statement of a policy document: its elements, each of which may be unknown.

Source: IAM User Guide, "Grammar of the IAM JSON policy language".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from iac_ec2lint.document.policy_json import UNKNOWN_KEY, Problem
from iac_ec2lint.iam.policy.glob import is_everything, pieces_of
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values import YES, Answer, Unknown, Val, Value, as_text

if TYPE_CHECKING:
    from collections.abc import Hashable

    from iac_ec2lint.source.span import Span

Qualifier = Literal["", "ForAllValues", "ForAnyValue"]

OPERATORS: dict[str, tuple[str, bool]] = {
    "StringEquals": ("StringEquals", False),
    "StringNotEquals": ("StringEquals", True),
    "StringEqualsIgnoreCase": ("StringEqualsIgnoreCase", False),
    "StringNotEqualsIgnoreCase": ("StringEqualsIgnoreCase", True),
    "StringLike": ("StringLike", False),
    "StringNotLike": ("StringLike", True),
    "ArnEquals": ("ArnLike", False),
    "ArnNotEquals": ("ArnLike", True),
    "ArnLike": ("ArnLike", False),
    "ArnNotLike": ("ArnLike", True),
    "NumericEquals": ("NumericEquals", False),
    "NumericNotEquals": ("NumericEquals", True),
    "NumericLessThan": ("NumericLessThan", False),
    "NumericLessThanEquals": ("NumericLessThanEquals", False),
    "NumericGreaterThan": ("NumericGreaterThan", False),
    "NumericGreaterThanEquals": ("NumericGreaterThanEquals", False),
    "DateEquals": ("DateEquals", False),
    "DateNotEquals": ("DateEquals", True),
    "DateLessThan": ("DateLessThan", False),
    "DateLessThanEquals": ("DateLessThanEquals", False),
    "DateGreaterThan": ("DateGreaterThan", False),
    "DateGreaterThanEquals": ("DateGreaterThanEquals", False),
    "Bool": ("Bool", False),
    "BinaryEquals": ("StringEquals", False),
    "IpAddress": ("IpAddress", False),
    "NotIpAddress": ("IpAddress", True),
    "Null": ("Null", False),
}
"""Each condition operator, the positive one it is made of, and whether it negates that.

``ArnEquals`` and ``ArnLike`` behave identically (IAM UG, "Condition operators").
"""

_CANONICAL = {name.lower(): name for name in OPERATORS}
_OPERATOR = regular_expression(
    r"(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?", re.IGNORECASE
)
_QUALIFIERS: dict[str, Qualifier] = {
    "": "",
    "forallvalues": "ForAllValues",
    "foranyvalue": "ForAnyValue",
}


class Condition:
    """One key of a condition block, compared by one operator.

    Attributes:
        operator: Without qualifier and ``IfExists``: a key of ``OPERATORS``.
        qualifier: ``ForAllValues``, ``ForAnyValue`` or nothing.
        if_exists: Whether it also holds where the request has no such key.
        key: The condition key as written (``aws:PrincipalOrgID``).
        values: What the key is compared with.
        span: Where it stands.
        unknown: Why it cannot be evaluated; ``None`` where it can.
    """

    __slots__ = ("if_exists", "key", "operator", "qualifier", "span", "unknown", "values")

    def __init__(
        self,
        operator: str,
        key: str,
        values: tuple[Val, ...],
        span: Span,
        *,
        qualifier: Qualifier = "",
        if_exists: bool = False,
        unknown: Unknown | None = None,
    ) -> None:
        self.operator = operator
        self.key = key
        self.values = values
        self.span = span
        self.qualifier = qualifier
        self.if_exists = if_exists
        self.unknown = unknown

    @property
    def claim(self) -> str:
        """What stands behind the last colon of its key, in lower case; empty where unknown."""
        claim = self.key.rpartition(":")[2].lower()
        return "" if UNKNOWN_KEY in claim else claim

    @property
    def positive(self) -> str:
        """The positive operator that it is made of (``StringEquals`` of ``StringNotEquals``)."""
        return OPERATORS[self.operator][0]

    @property
    def negated(self) -> bool:
        """Whether its operator is the negation of another."""
        return OPERATORS[self.operator][1]

    def __repr__(self) -> str:
        return f"Condition({self.operator} {self.key} {self.values!r})"


class PrincipalEntry(NamedTuple):
    """One principal that a statement names.

    Attributes:
        kind: ``*`` (everyone), ``AWS``, ``Service``, ``Federated`` or ``CanonicalUser``; empty
            where the whole element is unknown.
        value: The account, ARN, service or provider.
    """

    kind: str
    value: Val


class Statement:
    """One statement. An element that is absent is ``None``; an empty one is an empty tuple.

    Attributes:
        sid: Its identifier.
        effect: ``Allow`` or ``Deny``.
        actions: The entries of ``Action``; each may be unknown, or an undecided list.
        not_actions: Those of ``NotAction``.
        resources: Those of ``Resource``.
        not_resources: Those of ``NotResource``.
        principals: Those of ``Principal``.
        not_principals: Those of ``NotPrincipal``.
        conditions: All of them must hold.
        span: Where it stands.
        uncertain: Why it may not be there; ``None`` where it is there for sure.
        presence: Whether it is there.
        allows: Whether it is there and is an Allow.
        denies: Whether it is there and is a Deny.
        problems: What AWS would refuse in it, or what has no effect.
        covered: Whether it covers the actions and resources that it was asked about; see
            ``matching.covers_action``.
        services: The prefixes of all actions that it may cover, in lower case, where these are
            written; ``None`` where they may be any.
    """

    __slots__ = (
        "actions",
        "allows",
        "conditions",
        "covered",
        "denies",
        "effect",
        "not_actions",
        "not_principals",
        "not_resources",
        "presence",
        "principals",
        "problems",
        "resources",
        "services",
        "sid",
        "span",
        "uncertain",
    )

    def __init__(
        self,
        span: Span,
        effect: Val,
        *,
        sid: Val | None = None,
        actions: tuple[Val, ...] | None = None,
        not_actions: tuple[Val, ...] | None = None,
        resources: tuple[Val, ...] | None = None,
        not_resources: tuple[Val, ...] | None = None,
        principals: tuple[PrincipalEntry, ...] | None = None,
        not_principals: tuple[PrincipalEntry, ...] | None = None,
        conditions: tuple[Condition, ...] = (),
        uncertain: Unknown | None = None,
        problems: tuple[Problem, ...] = (),
    ) -> None:
        self.span = span
        self.effect = effect
        self.sid = sid
        self.actions = actions
        self.not_actions = not_actions
        self.resources = resources
        self.not_resources = not_resources
        self.principals = principals
        self.not_principals = not_principals
        self.conditions = conditions
        self.uncertain = uncertain
        self.problems = problems
        self.presence = YES if uncertain is None else Answer(None, (uncertain,))
        self.allows = self.presence & effect.equals("Allow")
        self.denies = self.presence & effect.equals("Deny")
        self.covered: dict[Hashable, Answer] = {}
        self.services = None if not_actions is not None else _services(actions)

    @classmethod
    def unknown(cls, why: Unknown) -> Statement:
        """A statement of which nothing is known, not even whether it allows or denies."""
        # The known text of a whole document says nothing about an action or a resource.
        anything = Unknown(why.reason, why.cause, why.span, why.via, inputs=why.inputs)
        return cls(
            why.span,
            anything,
            actions=(anything,),
            resources=(anything,),
            principals=(PrincipalEntry("", anything),),
            uncertain=why,  # what it hangs on may be taken for one of its candidates
        )

    @classmethod
    def full_access(cls, span: Span) -> Statement:
        """Everyone may do everything: the default policy of a VPC endpoint."""
        everything = Value("*", span, implied=True)
        return cls(
            span,
            Value("Allow", span, implied=True),
            actions=(everything,),
            resources=(everything,),
            principals=(PrincipalEntry("*", everything),),
        )

    @classmethod
    def read(cls, value: Value) -> Statement:
        """The statement that a map spells.

        Element names are read in any case. What AWS would refuse becomes a problem; an element
        that cannot be read matches nothing.
        """
        members = {name.lower(): member for name, member in value.items().items()}
        problems: list[Problem] = []
        statement = cls(
            value.span,
            _effect(members.get("effect"), value, problems),
            sid=members.get("sid"),
            actions=_entries(members.get("action")),
            not_actions=_entries(members.get("notaction")),
            resources=_entries(members.get("resource")),
            not_resources=_entries(members.get("notresource")),
            principals=_optional_principals(members.get("principal")),
            not_principals=_optional_principals(members.get("notprincipal")),
            conditions=_conditions(members.get("condition"), problems),
        )
        _note_problems(statement, problems)
        statement.problems = tuple(problems)
        return statement

    def possible(self, cause: Unknown) -> Statement:
        """The same statement, which may not be there."""
        return self._copy(
            self.resources,
            self.not_resources,
            cause if self.uncertain is None else self.uncertain,
        )

    def about(
        self, resources: tuple[Val, ...] | None, not_resources: tuple[Val, ...] | None
    ) -> Statement:
        """The same statement about other resources."""
        return self._copy(resources, not_resources, self.uncertain)

    def under(self, conditions: tuple[Condition, ...]) -> Statement:
        """The same statement with other conditions."""
        return self._copy(self.resources, self.not_resources, self.uncertain, conditions)

    def where(self, holds: Answer, conditions: tuple[Condition, ...]) -> Statement:
        """The same statement with other conditions, and whether those that are left out hold."""
        copy = self.under(conditions)
        copy.presence = copy.presence & holds
        copy.allows, copy.denies = self.allows & holds, self.denies & holds
        return copy

    def without_service(self, service: str) -> Statement:
        """The same statement without the actions of one service, in lower case."""
        every = Value(f"{service}:*", self.span)
        copy = self._copy(self.resources, self.not_resources, self.uncertain)
        if self.not_actions is not None:
            copy.not_actions = (*self.not_actions, every)
        elif any(one.text is not None and not one.text.strip("*") for one in self.actions or ()):
            copy.actions, copy.not_actions, copy.services = None, (every,), None
        elif self.actions is not None:
            copy.actions = tuple(one for one in self.actions if _service_of(one) != service)
            copy.services = _services(copy.actions)
        return copy

    def of_service(self, service: str) -> Statement:
        """The same statement with no other actions than those of one service, or more of these."""
        copy = self._copy(self.resources, self.not_resources, self.uncertain)
        entries = self.actions if self.actions is not None else ()
        kept = tuple(
            one for one in entries if _service_of(one) in {service, ""} and one.text != "*"
        )
        if self.not_actions is not None or any(one.text == "*" for one in entries):
            kept = (Value(f"{service}:*", self.span),)
        copy.actions, copy.not_actions, copy.services = kept, None, frozenset({service})
        return copy

    def _copy(
        self,
        resources: tuple[Val, ...] | None,
        not_resources: tuple[Val, ...] | None,
        uncertain: Unknown | None,
        conditions: tuple[Condition, ...] | None = None,
    ) -> Statement:
        return Statement(
            self.span,
            self.effect,
            sid=self.sid,
            actions=self.actions,
            not_actions=self.not_actions,
            resources=resources,
            not_resources=not_resources,
            principals=self.principals,
            not_principals=self.not_principals,
            conditions=self.conditions if conditions is None else conditions,
            uncertain=uncertain,
            problems=self.problems,
        )

    def __repr__(self) -> str:
        return f"Statement({self.effect!r} at {self.span!r})"


def _service_of(action: Val) -> str:
    return (action.text or "").partition(":")[0].lower()


def _services(actions: tuple[Val, ...] | None) -> frozenset[str] | None:
    """See ``Statement.services``; what rests on an assumption is none that is written."""
    found: set[str] = set()
    for entry in actions or ():
        service, colon, _ = (entry.text or "").partition(":")
        if not colon or "*" in service or "?" in service or any(s.assumed for s in entry.via):
            return None
        found.add(service.lower())
    return frozenset(found)


def principal_entries(value: Val) -> tuple[PrincipalEntry, ...]:
    """The principals that a ``Principal`` element names.

    ``"*"`` is the same as ``{"AWS": "*"}``; a map has a string or a list for each type.
    """
    if isinstance(value, Unknown):
        return (PrincipalEntry("", value),)
    members = value.items()
    if not members:
        return tuple(_entry("AWS", element) for element in _flat(value))
    return tuple(
        _entry(kind, element) for kind, named in members.items() for element in _flat(named)
    )


def _entry(kind: str, value: Val) -> PrincipalEntry:
    value = _as_name(value)
    if kind in {"AWS", "*"} and is_everything(value):
        return PrincipalEntry("*", value)
    return PrincipalEntry("AWS" if kind == "*" else kind, value)


def _as_name(value: Val) -> Val:
    """A principal as text: an account may be written as a number."""
    if isinstance(value, Unknown) and any(one.number is not None for one in value.candidates):
        return value.but(candidates=tuple(_as_name(one) for one in value.candidates))
    if isinstance(value, Value) and value.number is not None:
        return as_text(value)
    return value


def _optional_principals(value: Val | None) -> tuple[PrincipalEntry, ...] | None:
    return None if value is None or value.is_null else principal_entries(value)


def _entries(value: Val | None) -> tuple[Val, ...] | None:
    if value is None or value.is_null:
        return None
    return tuple(element for element in _flat(value) if not element.is_null)


def _effect(value: Val | None, statement: Value, problems: list[Problem]) -> Val:
    if value is None or value.is_null:
        problems.append(Problem(statement.span, "the statement has no Effect"))
        return Value(None, statement.span, statement.via)
    if isinstance(value, Value) and value.data not in ("Allow", "Deny"):
        problems.append(Problem(value.span, "Effect is neither Allow nor Deny"))
    return value


def _conditions(value: Val | None, problems: list[Problem]) -> tuple[Condition, ...]:
    if value is None or value.is_null:
        return ()
    if isinstance(value, Unknown):
        return (_unknown_condition(value),)
    found: list[Condition] = []
    for written, keys in value.items().items():
        members = _members(keys)
        if isinstance(members, Unknown):
            found.append(_unknown_condition(members))
            continue
        for key, values in members:
            condition = _condition(written, key, values)
            found.append(condition)
            if condition.unknown is not None and condition.unknown.cause == "error":
                problems.append(Problem(values.span, condition.unknown.reason))
    return tuple(found)


def _members(keys: Val) -> tuple[tuple[str, Val], ...] | Unknown:
    """The condition keys of one operator with their values; the unknown where any may be there.

    An unknown piece of a key, such as the issuer before its claim, is ``UNKNOWN_KEY``.
    """
    if isinstance(keys, Value):
        return tuple(keys.items().items())
    named = keys.members()
    if named is None:
        return keys
    return tuple(
        ("".join(one if isinstance(one, str) else UNKNOWN_KEY for one in pieces_of(key) or ()), of)
        for key, of in named
    )


def _condition(written: str, key: str, values: Val) -> Condition:
    match = _OPERATOR.fullmatch(written)
    operator = _CANONICAL.get(match[2].lower(), "") if match else ""
    if match is None or not operator:
        why = Unknown(f'"{written}" is no condition operator', "error", values.span, values.via)
        return _unknown_condition(why)
    unknown = None
    if UNKNOWN_KEY in key:
        unknown = Unknown("a condition key is unknown", "expression", values.span, values.via)
    return Condition(
        operator,
        key,
        tuple(as_text(element) for element in _flat(values)),
        values.span,
        qualifier=_QUALIFIERS[(match[1] or "").lower()],
        if_exists=match[3] is not None,
        unknown=unknown,
    )


def _flat(value: Val) -> tuple[Val, ...]:
    """The members of a list, or what is written alone.

    Of several that are alike as far as they are known, nobody knows how many, one is as good.
    """
    return tuple([_shape(member) for member in value.elements()])


def _shape(member: Val) -> Val:
    each = member.each if isinstance(member, Unknown) else None
    partly_known = isinstance(each, Unknown) and each.parts and not each.candidates
    return each if each is not None and partly_known else member


def _unknown_condition(why: Unknown) -> Condition:
    return Condition("StringEquals", "", (why,), why.span, unknown=why)


def _note_problems(statement: Statement, problems: list[Problem]) -> None:
    if statement.actions is None and statement.not_actions is None:
        problems.append(Problem(statement.span, "the statement has neither Action nor NotAction"))
    for pair in (
        (statement.actions, statement.not_actions, "Action"),
        (statement.resources, statement.not_resources, "Resource"),
        (statement.principals, statement.not_principals, "Principal"),
    ):
        if pair[0] is not None and pair[1] is not None:
            words = f"the statement has both {pair[2]} and Not{pair[2]}"
            problems.append(Problem(statement.span, words))
    for action in (*(statement.actions or ()), *(statement.not_actions or ())):
        text = action.text
        if text is not None and ":" not in text and not is_everything(action):
            problems.append(Problem(action.span, f'the action "{text}" names no service'))
    for entry in (*(statement.principals or ()), *(statement.not_principals or ())):
        text = entry.value.text
        if entry.kind != "*" and text is not None and ("*" in text or "?" in text):
            words = f'the principal "{text}" matches nothing: it may not hold wildcards'
            problems.append(Problem(entry.value.span, words, "principal-with-wildcard"))
