"""Policy documents, in whichever form they arrive.

A document is known, known in parts, or one of several; in any case it is made of statements, of
which the uncertain ones say why (semantics.md, D4).
"""

from __future__ import annotations

from itertools import product
from operator import is_
from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.document.policy_json import Problem, parse_pieces, parse_text
from iac_ec2lint.iam.policy.statement import Statement
from iac_ec2lint.values import Answer, Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator

    from iac_ec2lint.source.span import Span

WORLDS = 64
"""Combinations of alternatives that are told apart; beyond, each statement is only possible."""


class Choice(NamedTuple):
    """Statements of which one set is there, and nobody knows which.

    Attributes:
        cause: What would decide it.
        options: The sets.
    """

    cause: Unknown
    options: tuple[tuple[Statement, ...], ...]


class PolicyDocument:
    """What a policy says.

    Attributes:
        items: Its statements and choices, in order.
        span: Where it stands.
        problems: What AWS would refuse in it, or what has no effect; those of its statements too.
        valid: Whether it could be read. One that could not is a single unknown statement.
        plain: Whether it is made of statements alone, without choices.
        by_service: Its statements that may speak of a service, by that; see
            ``matching.speaking_of``.
        by_action: Those that may speak of an action, by that.
        answers: What a plain one says of requests, where it applies to many principals; ``None``
            where it does not, and is asked once. See ``matching.allows``.
    """

    __slots__ = (
        "_services",
        "_statements",
        "answers",
        "by_action",
        "by_service",
        "items",
        "plain",
        "problems",
        "span",
        "valid",
    )

    def __init__(
        self,
        items: tuple[Statement | Choice, ...],
        span: Span,
        problems: tuple[Problem, ...] = (),
        *,
        valid: bool = True,
    ) -> None:
        self.items = items
        self.span = span
        self.problems = problems
        self.valid = valid
        self.plain = all(isinstance(item, Statement) for item in items)
        self.by_action: dict[str, tuple[Statement, ...]] = {}
        self.by_service: dict[str, tuple[Statement, ...]] = {}
        self.answers: dict[Hashable, tuple[Answer, Answer]] | None = None
        self._statements: tuple[Statement, ...] | None = None
        self._services: tuple[frozenset[str] | None, ...] = ()

    @classmethod
    def full_access(cls, span: Span) -> PolicyDocument:
        """The default policy of a VPC endpoint, at the span of the endpoint."""
        return cls((Statement.full_access(span),), span)

    @classmethod
    def read(cls, value: Val, if_null: PolicyDocument | None = None) -> PolicyDocument:
        """The document that a value comes to; it never raises.

        Args:
            value: A JSON string; a map; a value or an unknown that encodes one (``decoded``); a
                partly known string; an unknown with candidates. A list is read as statements.
            if_null: What applies in place of null or of an empty string; by default a document
                without statements.
        """
        return _read(value, if_null)

    @classmethod
    def read_identity(cls, value: Val) -> PolicyDocument:
        """The document of an identity's policy, of which AWS refuses a statement without resources.

        Source: IAM User Guide, "IAM JSON policy elements: Resource".
        """
        return cls.read(value).mapped(_with_resources)

    def of(self, items: tuple[Statement | Choice, ...]) -> PolicyDocument:
        """The same document with other statements and choices."""
        return PolicyDocument(items, self.span, self.problems, valid=self.valid)

    def mapped(self, change: Callable[[Statement], tuple[Statement, ...]]) -> PolicyDocument:
        """The same document with what each statement becomes, those of choices too.

        Returns:
            The document itself, where each stays as it is.
        """
        items: list[Statement | Choice] = []
        for item in self.items:
            if isinstance(item, Statement):
                items.extend(change(item))
                continue
            options = tuple(
                tuple(new for one in option for new in change(one)) for option in item.options
            )
            items.append(item if options == item.options else Choice(item.cause, options))
        same = len(items) == len(self.items) and all(map(is_, items, self.items))
        return self if same else self.of(tuple(items))

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All statements in order; those of a choice are uncertain."""
        if self._statements is None:
            self._statements = self._every_statement()
        return self._statements

    def may_speak_of(self, service: str) -> bool:
        """Whether a statement may cover actions of a service: a cheap first question.

        Args:
            service: The prefix of its actions, in lower case.
        """
        if not self._services:
            each = [one.services for one in self.statements]
            known = [services for services in each if services is not None]
            whole = len(known) == len(each)
            self._services = (frozenset().union(*known) if whole else None,)
        services = self._services[0]
        return services is None or service in services

    def _every_statement(self) -> tuple[Statement, ...]:
        found: list[Statement] = []
        for item in self.items:
            if isinstance(item, Statement):
                found.append(item)
            else:
                for option in item.options:
                    found.extend(statement.possible(item.cause) for statement in option)
        return tuple(found)

    def __repr__(self) -> str:
        return f"PolicyDocument({self.items!r})"


def _with_resources(statement: Statement) -> tuple[Statement, ...]:
    """A statement, which covers nothing where it has neither resources nor all but some."""
    if statement.resources is not None or statement.not_resources is not None:
        return (statement,)
    without = statement.about((), None)
    refused = Problem(statement.span, "the statement has neither Resource nor NotResource")
    without.problems = (*statement.problems, refused)
    return (without,)


def worlds(documents: Iterable[PolicyDocument]) -> Iterator[tuple[Statement, ...]]:
    """Every combination of the alternatives in ``documents``: the statements of all of them.

    There is one where nothing is undecided. Choices beyond ``WORLDS`` combinations are given as
    uncertain statements.
    """
    items = [item for document in documents for item in document.items]
    fixed = [item for item in items if isinstance(item, Statement)]
    choices: list[Choice] = []
    count = 1
    for item in items:
        if isinstance(item, Choice):
            if count * len(item.options) > WORLDS:
                fixed.extend(s.possible(item.cause) for option in item.options for s in option)
            else:
                count *= len(item.options)
                choices.append(item)
    for picked in product(*(choice.options for choice in choices)):
        yield (*fixed, *(statement for option in picked for statement in option))


def choices_of(documents: Iterable[PolicyDocument]) -> tuple[Unknown, ...]:
    """What would decide between the alternatives in ``documents``."""
    return tuple(
        item.cause for document in documents for item in document.items if isinstance(item, Choice)
    )


def _read(value: Val, if_null: PolicyDocument | None) -> PolicyDocument:
    if value.decoded is not None:
        return _read_structure(value.decoded.after(*value.via), value)
    if isinstance(value, Unknown):
        if value.candidates:
            return _read_candidates(value, if_null)
        if len(value.parts) > 1:
            return _read_embedded(parse_pieces(value.parts, value), value)
        return _unknown_document(value)
    if value.is_null or (value.text is not None and not value.text.strip()):
        return if_null or PolicyDocument((), value.span)
    if value.text is not None:
        return _read_embedded(parse_text(value.text, value), value)
    return _read_structure(value, value)


def _read_embedded(parsed: Value | Problem, value: Val) -> PolicyDocument:
    if isinstance(parsed, Value):
        return _read_structure(parsed, value)
    if isinstance(value, Unknown):
        # Its unknown pieces may be what makes JSON of it.
        return _unknown_document(value)
    return _invalid_document(parsed, value)


def _read_structure(structure: Val, value: Val) -> PolicyDocument:
    if isinstance(structure, Unknown):
        if structure is value or structure.decoded is None:
            return _read_candidates(structure, None)
        return _read(structure, None)
    if isinstance(structure.data, dict):
        members = {name.lower(): member for name, member in structure.items().items()}
        listed = members.get("statement")
        if listed is None or listed.is_null:
            return _invalid_document(Problem(value.span, "the policy has no Statement"), value)
    elif isinstance(structure.data, tuple):
        listed = structure
    else:
        problem = Problem(value.span, "the policy is neither a JSON text nor a map")
        return _invalid_document(problem, value)
    items = tuple(_items(listed))
    problems = tuple(
        problem
        for item in items
        for statement in ((item,) if isinstance(item, Statement) else sum(item.options, ()))
        for problem in statement.problems
    )
    return PolicyDocument(items, value.span, problems)


def _items(listed: Val) -> Iterator[Statement | Choice]:
    """The statements of a list; one that is undecided, or a whole list, is a choice."""
    if isinstance(listed, Unknown):
        yield _undecided(listed)
        return
    if isinstance(listed.data, tuple):
        for element in listed.elements():
            yield from _items(element)
        return
    if isinstance(listed.data, dict):
        yield Statement.read(listed)
    elif not listed.is_null:
        why = Unknown("a statement is not a map", "error", listed.span, listed.via)
        statement = Statement.unknown(why)
        statement.problems = (Problem(listed.span, why.reason),)
        yield statement


def _undecided(unknown: Unknown) -> Statement | Choice:
    if not unknown.candidates:
        return Statement.unknown(unknown)
    options: list[tuple[Statement, ...]] = []
    for candidate in unknown.candidates:
        options.extend(_combinations(tuple(_items(candidate)), unknown))
    if unknown.unset:
        options.append(())
    return Choice(unknown, tuple(options))


def _combinations(
    items: tuple[Statement | Choice, ...], cause: Unknown
) -> list[tuple[Statement, ...]]:
    """What the items of one option come to, where it holds choices of its own."""
    nested = PolicyDocument(items, cause.span)
    return list(worlds((nested,)))


def _read_candidates(unknown: Unknown, if_null: PolicyDocument | None) -> PolicyDocument:
    if not unknown.candidates:
        return _unknown_document(unknown)
    documents = [_read(candidate, if_null) for candidate in unknown.candidates]
    options = [
        option for document in documents for option in _combinations(document.items, unknown)
    ]
    return PolicyDocument(
        (Choice(unknown, tuple(options)),),
        unknown.span,
        tuple(problem for document in documents for problem in document.problems),
        valid=all(document.valid for document in documents),
    )


def _unknown_document(why: Unknown) -> PolicyDocument:
    return PolicyDocument((Statement.unknown(why),), why.span)


def _invalid_document(problem: Problem, value: Val) -> PolicyDocument:
    why = Unknown(problem.message, "error", problem.span, value.via)
    return PolicyDocument((Statement.unknown(why),), value.span, (problem,), valid=False)
