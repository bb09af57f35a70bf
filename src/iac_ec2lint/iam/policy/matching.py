"""Whether policy documents allow a request, in three values.

The answer is true where the request is in the lower decision set (unconditional, known Allows
without every Deny that may apply), false where it is not in the upper one, else undecided.
Sources: IAM User Guide, "Policy evaluation logic"; semantics.md, D1. Service and resource control
policies and session policies are not visible here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from iac_ec2lint.iam.policy.document import PolicyDocument, choices_of, worlds
from iac_ec2lint.iam.policy.glob import arn_key, match_action, match_arn, match_arn_by, pieces_of
from iac_ec2lint.iam.policy.operators import Keys, agree, evaluate, known_to_be_there, three_valued
from iac_ec2lint.iam.policy.statement import PrincipalEntry, Statement, principal_entries
from iac_ec2lint.values import NO, YES, Answer, Reference, Unknown, Val, Value, any_of

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from iac_ec2lint.iam.policy.statement import Condition

PrincipalKind = Literal["AWS", "Service", "Federated", "CanonicalUser"]

_ACCOUNT = re.compile(r"\d{12}")
_ROOT = re.compile(r"arn:[^:]+:iam::(\d{12}):root")
_SUFFIX = re.compile(r"(.*[./])?(AWS::URLSuffix|data\.aws_partition\..*)")
_PRINCIPAL_ARN = "aws:principalarn"
_OF_ARNS = {"ArnLike", "StringEquals", "StringEqualsIgnoreCase", "StringLike"}
_UNIQUE_ID = re.compile(r"A[A-Z]{3}[A-Z0-9]{12,}")


class RequestPrincipal(NamedTuple):
    """Who makes a request.

    Attributes:
        kind: What it is.
        value: Its ARN, service (``ec2.amazonaws.com``), provider or canonical id. Unknown pieces
            stand for text without colons.
        identity: The reference to its ARN, where it is declared.
    """

    kind: PrincipalKind
    value: Val
    identity: Reference | None = None

    @property
    def account(self) -> str | None:
        """The account of an ARN, where it is known."""
        pieces = pieces_of(self.value)
        first = pieces[0] if pieces else None
        segments = first.split(":") if isinstance(first, str) else []
        complete = len(segments) > 5
        return segments[4] if complete and segments[0] == "arn" else None


class Request:
    """What somebody asks of AWS.

    Args:
        action: ``ec2:RunInstances``.
        resource: The ARN that it is about, or ``*`` for an action without resources; unknown
            pieces stand for text without colons. ``None``: statements are not asked about it.
        principal: Who asks. ``None``: whoever the policy is attached to; statements are not asked
            about it.
        context: The condition keys of the request with their values: no values says that the
            request has no such key. Of keys that are not listed nothing is known.
        identity: The reference to the resource's ARN, where it is declared.
    """

    __slots__ = ("_key", "action", "context", "identity", "principal", "resource")

    def __init__(
        self,
        action: str,
        resource: Val | None = None,
        principal: RequestPrincipal | None = None,
        context: Keys | None = None,
        identity: Reference | None = None,
    ) -> None:
        self.action = action
        self.resource = resource
        self.principal = principal
        self.context = {key.lower(): values for key, values in (context or {}).items()}
        self.identity = identity
        self._key: Hashable = None

    @property
    def about(self) -> Hashable:
        """What is read of its resource: equal for resources that no statement tells apart."""
        if self._key is None and self.resource is not None:
            self._key = arn_key(self.resource, self.identity)
        return self._key


def allows(
    documents: Sequence[PolicyDocument],
    request: Request,
    boundary: Sequence[PolicyDocument] | None = None,
) -> Answer:
    """Whether ``documents`` together allow ``request``; an explicit Deny wins.

    Args:
        documents: All policies that apply to the principal, or the one of the resource.
        request: What is asked.
        boundary: The permissions boundary, which must allow it as well; ``None`` where there is
            none. One that is declared elsewhere is an unknown document.
    """
    said = said_of(documents, request.action) if request.principal is None else None
    if said is not None:
        answer = allows_by(said, request)
    else:
        answers = [_decide(statements, request) for statements in worlds(documents)]
        answer = over_worlds(answers, documents)
    return answer if boundary is None else answer & allows(boundary, request)


Said: TypeAlias = "tuple[tuple[PolicyDocument, tuple[Statement, ...]], ...]"
"""What documents without choices say of an action: those that say anything, and what."""


def said_of(documents: Sequence[PolicyDocument], action: str) -> Said | None:
    """What documents say of an action; ``None`` where one of them has choices."""
    if not all(document.plain for document in documents):
        return None
    said = ((document, speaking_of(document, action)) for document in documents)
    return tuple((document, statements) for document, statements in said if statements)


def allows_by(said: Said, request: Request) -> Answer:
    """Whether what documents say of its action allows a request of whoever they apply to."""
    allowed: list[Answer] = []
    denied: list[Answer] = []
    for document, statements in said:
        allows_it, denies_it = _of_document(document, statements, request)
        if denies_it.truth:
            return NO
        if allows_it is not NO:
            allowed.append(allows_it)
        if denies_it is not NO:
            denied.append(denies_it)
    return _any(allowed) & ~_any(denied)


def _any(answers: list[Answer]) -> Answer:
    """``any_of``; hundreds that are joined one by one would take the square of their number."""
    return any_of(answers) if len(answers) > 1 else answers[0] if answers else NO


def speaking_of(document: PolicyDocument, action: str) -> tuple[Statement, ...]:
    """The statements of a document that cover an action, or may."""
    found = document.by_action.get(action)
    if found is None:
        service = action.partition(":")[0].lower()
        about = document.by_service.get(service)
        if about is None:
            about = document.by_service[service] = tuple(
                statement
                for statement in document.statements
                if statement.services is None or service in statement.services
            )
        found = document.by_action[action] = tuple(
            statement for statement in about if covers_action(statement, action).may_be_true
        )
    return found


def _of_document(
    document: PolicyDocument, statements: tuple[Statement, ...], request: Request
) -> tuple[Answer, Answer]:
    """Whether the statements of a document that speak of it allow, or deny, a request."""
    if document.answers is None:
        return _allowed_and_denied(statements, request)
    key = request.action, request.about, tuple(request.context.items())
    found = document.answers.get(key)
    if found is None:
        found = document.answers[key] = _allowed_and_denied(statements, request)
    return found


def over_worlds(answers: list[Answer], documents: Sequence[PolicyDocument]) -> Answer:
    """What the answers in all combinations of alternatives come to."""
    if len(answers) == 1:
        return answers[0]
    truths = {answer.truth for answer in answers}
    assumptions = tuple(step for answer in answers for step in answer.assumptions)
    if len(truths) == 1 and None not in truths:
        return Answer(truths.pop(), (), assumptions)
    causes = tuple(cause for answer in answers for cause in answer.causes)
    return Answer(None, choices_of(documents) + causes, assumptions)


def _decide(statements: Iterable[Statement], request: Request) -> Answer:
    allowed, denied = _allowed_and_denied(statements, request)
    return NO if denied.truth else allowed & ~denied


def _allowed_and_denied(statements: Iterable[Statement], request: Request) -> tuple[Answer, Answer]:
    """Whether some statement allows a request, and whether one denies it, which ends it."""
    allowed: list[Answer] = []
    denied: list[Answer] = []
    is_allowed = False
    for statement in statements:
        if covers_action(statement, request.action).truth is False:
            continue
        effect = statement.effect.text
        if effect != "Deny" and not is_allowed:
            allows_it = _applies_as(statement.allows, statement, request)
            is_allowed = allows_it.truth is True
            if allows_it is not NO:
                allowed.append(allows_it)
        if effect != "Allow":
            denies_it = _applies_as(statement.denies, statement, request)
            if denies_it is not NO:
                denied.append(denies_it)
            if denies_it.truth:
                break
    return _any(allowed), _any(denied)


def _applies_as(effect: Answer, statement: Statement, request: Request) -> Answer:
    return NO if effect.truth is False else effect & applies(statement, request)


def applies(statement: Statement, request: Request) -> Answer:
    """Whether all elements of a statement match a request, and its conditions hold."""
    answer = covers_action(statement, request.action)
    if answer.truth is False:
        return NO
    if request.principal is not None:
        answer = answer & covers_principal(statement, request.principal)
    if request.resource is not None and answer.truth is not False:
        answer = answer & _covers_resource(
            statement, request.resource, request.identity, request.about
        )
    for condition in statement.conditions:
        if answer.truth is False:
            return NO
        answer = answer & holds(condition, request)
    return answer


def holds(condition: Condition, request: Request) -> Answer:
    """Whether a condition of a statement holds for a request; of who asks, the ARN is a key of it.

    Source: IAM User Guide, "AWS global condition context keys", ``aws:PrincipalArn``: every signed
    request has it; of a role's session it is the ARN of the role.
    """
    who = request.principal
    key = condition.key.lower()
    there = known_to_be_there(condition, signed=who is None or who.kind == "AWS")
    if there is not None and key not in request.context:
        return there
    if who is None or who.kind != "AWS" or key != _PRINCIPAL_ARN or key in request.context:
        return evaluate(condition, request.context)
    operator = condition.positive
    # It is a group's members that ask.
    group = any(isinstance(one, str) and ":group/" in one for one in pieces_of(who.value) or ())
    if condition.unknown is not None or operator not in _OF_ARNS or group:
        return evaluate(condition, request.context)
    found = any_of(
        answer_for(value, lambda one: match_arn_by(operator, one, who.value, who.identity))
        for value in condition.values
    )
    return ~found if condition.negated else found


def covers_action(statement: Statement, action: str) -> Answer:
    """Whether ``Action`` or ``NotAction`` covers an action; nothing is covered without either."""
    if statement.actions is None and statement.not_actions is None:
        return NO
    services = statement.services
    if services is not None and action.partition(":")[0].lower() not in services:
        return NO
    found = statement.covered.get(action)
    if found is None:
        found = statement.covered[action] = _covers(
            statement.actions, statement.not_actions, lambda entry: match_action(entry, action)
        )
    return found


def covers_resource(
    statement: Statement, resource: Val, identity: Reference | None = None
) -> Answer:
    """Whether ``Resource`` or ``NotResource`` covers an ARN; all are covered without either.

    Trust policies have no ``Resource``: theirs is the role.
    """
    return _covers_resource(statement, resource, identity, arn_key(resource, identity))


def _covers_resource(
    statement: Statement, resource: Val, identity: Reference | None, key: Hashable
) -> Answer:
    found = statement.covered.get(key)
    if found is None:
        found = statement.covered[key] = _covers(
            statement.resources,
            statement.not_resources,
            lambda entry: match_arn(entry, resource, identity),
        )
    return found


def covers_principal(statement: Statement, principal: RequestPrincipal) -> Answer:
    """Whether ``Principal`` or ``NotPrincipal`` covers who asks; all are without either."""
    answer = YES
    if statement.principals is not None:
        answer = any_of(_covers_entry(entry, principal) for entry in statement.principals)
    if statement.not_principals is not None:
        excluded = any_of(_covers_entry(entry, principal) for entry in statement.not_principals)
        answer = answer & ~excluded
    return answer


def _covers(
    entries: tuple[Val, ...] | None,
    excluded: tuple[Val, ...] | None,
    match: Callable[[Val], bool | None],
) -> Answer:
    answer = YES if entries is None else _any_entry(entries, match)
    return answer if excluded is None else answer & ~_any_entry(excluded, match)


def _any_entry(entries: tuple[Val, ...], match: Callable[[Val], bool | None]) -> Answer:
    answer = NO
    for entry in entries:
        answer = answer | answer_for(entry, match)
        if answer.truth:
            break
    return answer


def answer_for(entry: Val, match: Callable[[Val], bool | None]) -> Answer:
    """What ``match`` says of an entry; of one with candidates, where they agree.

    A candidate may be a list: one of its elements must match.
    """
    if isinstance(entry, Unknown) and entry.candidates:
        return agree([answer_for(candidate, match) for candidate in entry.candidates], entry)
    if isinstance(entry, Value) and isinstance(entry.data, tuple):
        return any_of(answer_for(element, match) for element in entry.elements())
    truth = match(entry)
    if truth is None and isinstance(entry, Value):
        reason = f'what "{entry.text}" would have to match is known only in part'
        return Answer(None, (Unknown(reason, "condition", entry.span, entry.via),))
    return three_valued(truth, entry)


def _covers_entry(entry: PrincipalEntry, principal: RequestPrincipal) -> Answer:
    if entry.kind == "*":
        return YES
    value = entry.value
    if not entry.kind:
        if isinstance(value, Unknown) and value.candidates:
            return agree(
                [
                    any_of(_covers_entry(e, principal) for e in principal_entries(candidate))
                    for candidate in value.candidates
                ],
                value,
            )
        return three_valued(None, value)
    if entry.kind != principal.kind:
        return _may_cover_everyone(entry)
    if principal.kind == "AWS":
        return answer_for(value, lambda one: _is_principal(one, principal))
    return answer_for(value, lambda one: _is_same(one, principal))


def _may_cover_everyone(entry: PrincipalEntry) -> Answer:
    """An unknown entry under ``AWS`` may be ``*``, which is everyone."""
    if entry.kind != "AWS":
        return NO
    return answer_for(
        entry.value,
        lambda one: None if isinstance(one, Unknown) and not one.parts else one.text == "*",
    )


def _is_same(value: Val, principal: RequestPrincipal) -> bool | None:
    if isinstance(value, Unknown) or isinstance(principal.value, Unknown):
        known = _by_identity(value, principal)
        if known is not None:
            return known
        name = service_name(value) if principal.kind == "Service" else None
        return None if name is None else name == principal.value.text
    return value.text == principal.value.text


def service_name(value: Val) -> str | None:
    """A service as a trust policy names it, in the partition ``aws`` where that is the unit's own.

    ``ec2.${AWS::URLSuffix}`` is EC2 in whatever partition the unit is deployed.
    """
    pieces = pieces_of(value) or ()
    if len(pieces) != 2:
        return value.text
    name, suffix = pieces
    own = isinstance(suffix, Reference) and _SUFFIX.fullmatch(suffix.target) is not None
    return f"{name}amazonaws.com" if own and isinstance(name, str) and name[-1:] == "." else None


def _is_principal(value: Val, principal: RequestPrincipal) -> bool | None:
    """Whether an entry under ``AWS`` is a principal, or its account (IAM UG, "Principal")."""
    text = value.text
    known = _by_identity(value, principal)
    if known is not None:
        return known
    if text is None:
        return _may_be(value, principal)
    if text == "*":
        return True
    if "*" in text or "?" in text:
        return False
    account = text if _ACCOUNT.fullmatch(text) else None
    root = _ROOT.fullmatch(text)
    if account is not None or root is not None:
        wanted = account or (root[1] if root else "")
        return None if principal.account is None else principal.account == wanted
    if _UNIQUE_ID.fullmatch(text):
        return None
    return match_arn(value, principal.value, principal.identity)


def _by_identity(value: Val, principal: RequestPrincipal) -> bool | None:
    identity = principal.identity
    if identity is None or not isinstance(value, Reference):
        return None
    if value.attribute.lower() != "arn" or identity.attribute.lower() != "arn":
        return None
    return value.target == identity.target


def _may_be(value: Val, principal: RequestPrincipal) -> bool | None:
    """A partly known entry: false where no completion of it is the principal or its account."""
    pieces = pieces_of(value)
    if pieces is None:
        return False
    if len(pieces) == 1 or (isinstance(pieces[-1], str) and pieces[-1].endswith(":root")):
        return None
    return match_arn(value, principal.value, principal.identity)
