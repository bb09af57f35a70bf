"""What a key itself gives to a principal: its policy, and grants.

Either is enough without any policy of the principal's (KMS Developer Guide, "Key policies" and
"Grants"). Policies under conditions, and grants for some encryption context, are undecided.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.iam.access import first_sure
from iac_ec2lint.iam.arns import arn_in, identity_of, joined, own_id, own_region
from iac_ec2lint.iam.escalation.steps import ActionRequest
from iac_ec2lint.iam.grants import as_caller, in_the_terms_of, is_allowed, is_denied
from iac_ec2lint.iam.policy.document import PolicyDocument
from iac_ec2lint.iam.policy.glob import pieces_of
from iac_ec2lint.iam.policy.matching import (
    Request,
    applies,
    covers_action,
    covers_principal,
)
from iac_ec2lint.iam.policy.operators import OWN_ACCOUNT, CallingService, NamedArn
from iac_ec2lint.resources.kms_key import KmsAlias, KmsGrant, KmsKey, KmsKeyPolicy
from iac_ec2lint.values import NO, YES, Answer, Unknown, any_of, references_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Edge, Graph
    from iac_ec2lint.iam.policy.operators import Keys
    from iac_ec2lint.iam.policy.statement import PrincipalEntry, Statement
    from iac_ec2lint.iam.principal import Principal
    from iac_ec2lint.resources.part import Resource
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.values import Val

DECRYPT: Final = "kms:Decrypt"
_GRANT: Final = "kms:CreateGrant"
_POLICY: Final = "kms:PutKeyPolicy"
OPENING_KEYS: Final = (_GRANT, _POLICY)
"""What lets whoever may do it use a key, itself too."""
DIRECTLY: Final[Keys] = {"kms:viaservice": (), "kms:calleraccount": (OWN_ACCOUNT,)}
"""Of what a principal of the unit asks of KMS itself, and no service on its behalf (KMS Developer
Guide, "kms:ViaService" and "kms:CallerAccount")."""
BY_ITSELF: Final[Keys] = {
    "kms:grantisforawsresource": ("false",),
    "kms:grantoperations": ("Decrypt",),
    **DIRECTLY,
}
"""Of a grant to decrypt that no service asks for: whoever makes one says what it is for (KMS
Developer Guide, "kms:GrantIsForAWSResource" and "kms:GrantOperations")."""
_GRANTEE: Final = "kms:granteeprincipal"
_VIA: Final = "kms:viaservice"
_WRITTEN_REGION: Final = re.compile(r"[^.]+\.([a-z]{2}(?:-[a-z]+)+-\d)\..*")


class Admission(NamedTuple):
    """What lets a principal use a key, or another thing, beside its own policies.

    Attributes:
        declaring: What declares the policy of the thing; or a grant.
        span: Where that is written.
        answer: Whether it does.
        to: The thing.
        named: Whether it names the principal, and not whom else it may be about.
    """

    declaring: Resource
    span: Span
    answer: Answer
    to: Resource
    named: bool = True


def _grants(graph: Graph, principal: Principal, key: KmsKey, action: str) -> Iterator[Admission]:
    """The grants for a key that are, or may be, a principal's.

    Source: KMS API Reference, CreateGrant: ``Operations``, ``Constraints``.
    """
    for edge in graph.sources(key, "key"):
        grant = edge.source
        if not isinstance(grant, KmsGrant):
            continue
        listed = any_of(one.equals(action.partition(":")[2]) for one in grant.operations)
        for to in graph.targets(grant, "grantee"):
            answer = edge.answer & to.answer & listed
            if grant.constraints:
                words = f"for which encryption context {grant.address} is meant is not worked out"
                answer = answer & Answer(None, (Unknown(words, "expression", grant.span),))
            if to.target in (principal.resource, None) and answer.may_be_true:
                yield Admission(grant, grant.span, answer, key, to.target is not None)


def key_policies(graph: Graph, key: KmsKey) -> Iterator[tuple[KmsKey | KmsKeyPolicy, Val]]:
    """The policy of a key, or those that it may have: with what declares it."""
    if key.policy is not None:
        yield key, key.policy
    for edge in graph.sources(key, "key"):
        if isinstance(edge.source, KmsKeyPolicy) and edge.source.policy is not None:
            yield edge.source, edge.source.policy


def key_of(graph: Graph, edge: Edge) -> Resource | None:
    """The key that a reference means, by itself or by an alias."""
    if isinstance(edge.target, KmsAlias):
        return next((to.target for to in graph.targets(edge.target, "key")), None)
    return edge.target


def _documents(graph: Graph, key: KmsKey) -> list[PolicyDocument]:
    """What the policies of a key say."""
    return [PolicyDocument.read(policy) for _, policy in key_policies(graph, key)]


def through_service(
    graph: Graph, principal: Principal, key: KmsKey, service: str
) -> tuple[Keys, ...]:
    """The condition keys of a call that a service makes on behalf of a principal, by Region.

    Where the unit's Region is not known, it may be any that an allowing statement asks for.

    Args:
        graph: The graph.
        principal: Who asks the service.
        key: The key, in the Region of what is asked for.
        service: ``secretsmanager``.

    Source: KMS Developer Guide, "kms:ViaService": "limits use of a KMS key to requests from
    specified AWS services".
    """
    regions: dict[str | None, None] = {key.declared.region or None: None}
    if None in regions:
        for document in (*principal.documents, *_documents(graph, key)):
            regions |= dict.fromkeys(_regions_asked_for(document))
    made: list[Keys] = []
    for region in regions:
        pieces = (f"{service}.", region or own_region(key.span), ".amazonaws.com")
        named = CallingService(service, region, joined(pieces, key.span))
        made.append({**DIRECTLY, _VIA: (named,)})
    return tuple(made)


def _regions_asked_for(document: PolicyDocument) -> Iterator[str]:
    """The Regions of the services for which the statements that allow something ask."""
    for statement in document.statements:
        for condition in statement.conditions if statement.effect.text == "Allow" else ():
            if condition.key.lower() == _VIA and not condition.negated:
                for value in condition.values:
                    for one in value.elements():
                        written = _WRITTEN_REGION.fullmatch(one.text or "")
                        if written is not None:
                            yield written[1]


def refused_by_key(
    graph: Graph, principal: Principal, key: KmsKey, action: str, context: Keys | None = None
) -> Answer:
    """Whether the policy of a key keeps a principal of the account out, whatever its own say.

    That is where no statement names it, or the account as a whole, and no grant, or where one
    denies. Conditions of what allows are not looked at.

    Source: KMS Developer Guide, "Default key policy", "Allows access to the AWS account" and
    "Grants in AWS KMS".
    """
    documents = _documents(graph, key)
    if not documents:
        return NO
    allowed = any_of(grant.answer for grant in _grants(graph, principal, key, action))
    for document in documents:
        caller = as_caller(principal, document)
        for statement in document.statements:
            if statement.effect.text != "Deny":
                admits = statement.allows & covers_action(statement, action)
                if not leaves_it_to_accounts(statement):
                    admits = admits & covers_principal(statement, caller)
                allowed = allowed | admits
    return _denied_by_key(graph, principal, key, action, context) | ~allowed


def uses_key(
    graph: Graph, principal: Principal, key: KmsKey, action: str, context: Keys | None = None
) -> Answer:
    """Whether a principal may do something with a key: by its own policies, the key's, a grant.

    Args:
        graph: The graph.
        principal: Who.
        key: The key.
        action: What.
        context: The condition keys that are known.
    """
    arn, identity = _arn(key), identity_of(key)
    if context is None and action in OPENING_KEYS:
        context = BY_ITSELF if action == _GRANT else DIRECTLY
    answer = is_allowed(principal, action, arn, identity, context)
    if answer.truth is None and context == BY_ITSELF:
        itself = NamedArn(in_the_terms_of(principal, principal.arn), principal.identity)
        to_itself = {**BY_ITSELF, _GRANTEE: (itself,)}
        own = is_allowed(principal, action, arn, identity, to_itself)
        answer = own if own.truth else answer
    if answer.truth is not True:
        admissions = key_admissions(graph, principal, key, action, context=context)
        admitted = any_of(one.answer for one in admissions)
        answer = answer | (admitted & ~is_denied(principal, action, arn, identity, context))
    return answer & ~refused_by_key(graph, principal, key, action, context)


def gives_itself_key(graph: Graph, principal: Principal, key: KmsKey) -> Answer:
    """Whether a principal may let itself decrypt with a key: by a grant, or by the key's policy."""
    return any_of(opens_key(graph, principal, key, action) for action in OPENING_KEYS)


def opens_key(graph: Graph, principal: Principal, key: KmsKey, action: str) -> Answer:
    """Whether a principal may let itself decrypt with a key by one of ``OPENING_KEYS``.

    What the principal's own policies deny, neither gives it; what that of the key denies, no grant.

    Source: KMS Developer Guide, "Grants in AWS KMS": who may create grants may grant what it may
    not do itself.
    """
    answer = uses_key(graph, principal, key, action)
    if answer.may_be_true and action == _GRANT:
        answer = answer & ~_denied_by_key(graph, principal, key, DECRYPT)
    if answer.truth is False:
        return answer
    identity = identity_of(key)
    return answer & ~is_denied(principal, DECRYPT, _arn(key), identity)


class Unlocking(NamedTuple):
    """What lets a principal decrypt with a key.

    Attributes:
        asked: What its own policies allow it for that.
        given: What admits it beside these, where they do not.
    """

    asked: tuple[ActionRequest, ...] = ()
    given: tuple[Admission, ...] = ()


def unlocking(
    graph: Graph, principal: Principal, key: KmsKey, calls: tuple[Keys, ...] = ()
) -> Unlocking:
    """What lets a principal decrypt with a key: the surest of all that does.

    Args:
        graph: The graph.
        principal: Who.
        key: The key.
        calls: The condition keys of the calls in which a service may decrypt for it.
    """
    best = first_sure(_unlocking(graph, principal, key, calls), lambda way: way[1])
    return Unlocking() if best is None else best[0]


def _unlocking(
    graph: Graph, principal: Principal, key: KmsKey, calls: tuple[Keys, ...]
) -> Iterator[tuple[Unlocking, Answer]]:
    ways = [(DECRYPT, call) for call in calls or (None,)]
    for action, context in (*ways, (_GRANT, BY_ITSELF), (_POLICY, DIRECTLY)):
        answer = uses_key(graph, principal, key, action, context)
        asked = ActionRequest(action, _arn(key), identity_of(key), context)
        if is_allowed(principal, *asked).truth is answer.truth:
            yield Unlocking((asked,)), answer
            continue
        admissions = key_admissions(graph, principal, key, action, context=context)
        given = [one for one in admissions if one.answer.truth]
        if given:
            yield Unlocking((), (given[0],)), answer


def _arn(key: KmsKey) -> Val:
    return arn_in(key.span, "kms", "key/", own_id(key))


def _denied_by_key(
    graph: Graph, principal: Principal, key: KmsKey, action: str, context: Keys | None = None
) -> Answer:
    """Whether the policy of a key denies a principal something, so that no grant gives it."""
    return any_of(
        statement.denies
        & applies(statement, Request(action, None, as_caller(principal, document), context))
        for document in _documents(graph, key)
        for statement in document.statements
        if statement.effect.text != "Allow"
    )


def key_admissions(
    graph: Graph,
    principal: Principal,
    key: KmsKey,
    action: str,
    *,
    by_itself: bool = True,
    context: Keys | None = None,
) -> Iterator[Admission]:
    """What admits a principal to a key, whatever its own policies allow: the key's, grants.

    Args:
        graph: The graph.
        principal: Who.
        key: The key.
        action: What for.
        by_itself: Whether it asks for a grant by itself, and no service for it.
        context: The condition keys that are known, if they are others.

    Source: KMS Developer Guide, "Key policies", "Grants in AWS KMS", "kms:GrantIsForAWSResource".
    """
    policies = list(key_policies(graph, key))
    doubt = YES
    if len(policies) > 1:
        words = f"which of its policies {key.address} has is not known"
        doubt = Answer(None, (Unknown(words, "expression", key.span),))
    for declaring, policy in policies:
        document = PolicyDocument.read(policy)
        known = BY_ITSELF if context is None and by_itself and action == _GRANT else context
        request = Request(action, None, as_caller(principal, document), known)
        for statement in document.statements:
            if statement.effect.text == "Deny" or leaves_it_to_accounts(statement):
                continue
            answer = doubt & statement.allows & applies(statement, request)
            if answer.may_be_true:
                entries = statement.principals or ()
                who = {one.target for entry in entries for one in references_of(entry.value)}
                named = principal.resource.address in who
                yield Admission(declaring, statement.span, answer, key, named)
    yield from _grants(graph, principal, key, action)


def leaves_it_to_accounts(statement: Statement) -> bool:
    """Whether a statement admits accounts alone, whose own policies decide then."""
    entries = statement.principals
    return entries is not None and all(map(_is_an_account, entries))


def _is_an_account(entry: PrincipalEntry) -> bool:
    pieces = pieces_of(entry.value) or ()
    last = pieces[-1] if pieces else None
    return isinstance(last, str) and (last.endswith(":root") or last.isdecimal())
