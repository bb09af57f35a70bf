"""Whom trust policies admit by the tokens of an identity provider: others than one's own users.

Sources: AWS STS API Reference, AssumeRoleWithWebIdentity and AssumeRoleWithSAML; IAM User Guide,
"Available keys for OIDC federation"; ``identity_providers``; semantics.md, D1 and D3.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.document.policy_json import UNKNOWN_KEY
from iac_ec2lint.iam.access import tidy
from iac_ec2lint.iam.policy.glob import has_wildcard, is_everything, pieces_of
from iac_ec2lint.iam.policy.matching import covers_action
from iac_ec2lint.iam.policy.outsiders import each_value, identifies, narrows, stops_strangers
from iac_ec2lint.iam.policy.statement import PrincipalEntry, principal_entries
from iac_ec2lint.iam.trust.identity_providers import (
    ANY,
    COGNITO,
    EKS,
    END,
    HOLE,
    SAML,
    IdentityProvider,
    by_issuer,
)
from iac_ec2lint.iam.trust.role_trust import trust_of
from iac_ec2lint.resources.identity_provider import (
    CognitoIdentityPool,
    OpenIdProvider,
    OpenIdProviderDataSource,
    SamlProvider,
)
from iac_ec2lint.values import (
    NO,
    YES,
    Answer,
    Reference,
    Step,
    Unknown,
    Val,
    Value,
    all_of,
    any_of,
    references_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.iam.policy.document import PolicyDocument
    from iac_ec2lint.iam.policy.statement import Condition, Statement
    from iac_ec2lint.resources.iam_role import Role
    from iac_ec2lint.source.span import Span

_WEB: Final = "sts:AssumeRoleWithWebIdentity"
_SAML: Final = "sts:AssumeRoleWithSAML"
_TEXTS: Final = frozenset({"StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnLike"})
_GLOBS: Final = frozenset({"StringLike", "ArnLike"})
_AWS_KEYS: Final = ("aws:", "sts:")
_REQUIRED: Final = frozenset({"aud", "sub"})
"""The claims that every token has; ``iss`` is the same for all of a provider."""
_CLUSTER: Final = re.compile(r"(?:.*\.)?(?:data\.)?aws_eks_cluster\.[^.]+")
_CLUSTER_ISSUER: Final = "OpenIdConnectIssuerUrl"


class FederatedTrust(NamedTuple):
    """Somebody with a token of an identity provider whom a trust policy admits.

    Attributes:
        provider: The provider.
        who: Who, in words.
        statement: The statement that admits it.
        answer: Whether it does, and is none of one's own users.
        why: What leaves open whose a token is: where, and in which words.
        limit: What keeps others out, in words.
        bounded: Whether AWS bounds what it may do with the role: a guest in the enhanced flow.
    """

    provider: IdentityProvider
    who: str
    statement: Statement
    answer: Answer
    why: tuple[Span, str]
    limit: str
    bounded: Answer = NO


def federated_trust(graph: Graph, role: Role) -> Iterator[FederatedTrust]:
    """Whom the trust policy of a role admits by tokens that others than one's own users can have.

    Args:
        graph: The graph, where providers are looked up.
        role: The role.
    """
    document = trust_of(role)
    if role.trust_policy is None or not document.valid:
        return
    for statement in document.statements:
        if statement.effect.text == "Deny":
            continue
        found: dict[str, FederatedTrust] = {}
        for entry, federated in _federated(statement.principals or ()):
            for action in (_WEB, _SAML):
                covered = statement.allows & covers_action(statement, action)
                # That nobody knows who may do nobody knows what is no news.
                if covered.truth is False or covered.truth is federated.truth is None:
                    continue
                for provider, known in _providers(graph, entry, statement, action):
                    trust = _admitted(graph, document, statement, entry, provider, action)
                    answer = trust.answer & covered & federated & known
                    other = found.get(trust.who)
                    if answer.may_be_true and (other is None or answer.truth):
                        found[trust.who] = trust._replace(answer=tidy(answer))
        yield from found.values()


def _federated(entries: Iterable[PrincipalEntry]) -> Iterator[tuple[PrincipalEntry, Answer]]:
    """The entries that are, or may be, somebody with a provider's token, and whether they are."""
    for entry in entries:
        value = entry.value
        if entry.kind in {"Federated", "*"}:
            yield entry, YES
        elif not entry.kind and isinstance(value, Unknown):
            doubt = Answer(None, (value,))
            if not value.candidates:
                yield PrincipalEntry("Federated", value), doubt
            for candidate in value.candidates:
                for one, answer in _federated(principal_entries(candidate)):
                    yield one, doubt & answer


def _admitted(
    graph: Graph,
    document: PolicyDocument,
    statement: Statement,
    entry: PrincipalEntry,
    provider: IdentityProvider,
    action: str,
) -> FederatedTrust:
    """Whether a statement admits others than one's own users of a provider, and no Deny stops."""
    own = [_narrows(graph, one, entry, provider) for one in statement.conditions]
    bounded = any_of(own)
    stopped = any_of(
        _stops(graph, deny, entry, provider, action)
        for deny in document.statements
        if deny.effect.text != "Allow"
    )
    why = statement.span, f"no condition limits {provider.key}"
    for condition, answer in zip(statement.conditions, own, strict=True):
        if answer.truth is not True and condition.claim in provider.claims:
            verb = "admits" if answer.truth is False else "may admit"
            why = condition.span, f"the condition on {_name(condition, provider)} {verb} others"
    if provider is COGNITO and bounded.truth and not stopped.may_be_true:
        guests = ~any_of(_signs_in(condition) for condition in statement.conditions)
        words = "no condition on cognito-identity.amazonaws.com:amr asks for a sign-in"
        who = "a guest of the Cognito identity pool"
        why = statement.span, words
        let_in = guests & _lets_guests_in(graph, statement)
        enhanced = _keeps_to_enhanced_flow(graph, statement)
        return FederatedTrust(provider, who, statement, let_in, why, _SIGN_IN, enhanced)
    limit = f"add a condition on {provider.key} that names your own alone"
    return FederatedTrust(provider, provider.holders, statement, ~bounded & ~stopped, why, limit)


def _name(condition: Condition, provider: IdentityProvider) -> str:
    if UNKNOWN_KEY in condition.key:
        return f"{provider.prefix}:{condition.claim}"
    return condition.key


def _narrows(
    graph: Graph, condition: Condition, entry: PrincipalEntry, provider: IdentityProvider
) -> Answer:
    """Whether a condition of an Allow holds for one's own users only."""
    if condition.unknown is not None and not condition.claim:
        return Answer(None, (condition.unknown,))
    if condition.negated:
        return NO
    if condition.positive == "Null":
        # Which asks for tokens without the claim: nobody has one.
        absent = all_of(value.equals("true", True) for value in condition.values)
        return absent & _is_given(graph, condition, entry, provider)
    own = _is_own(condition, provider)
    if condition.if_exists or condition.qualifier == "ForAllValues":
        return own & _is_given(graph, condition, entry, provider)
    return own


def _is_given(
    graph: Graph, condition: Condition, entry: PrincipalEntry, provider: IdentityProvider
) -> Answer:
    """Whether every token that an entry admits has the claim that a condition is about.

    Source: OpenID Connect Core 1.0, section 2: ``sub`` and ``aud`` are required. A request has the
    keys of the one provider whose token it brings.
    """
    if condition.claim not in _REQUIRED or provider is SAML or entry.kind == "*":
        return NO
    issuer = condition.key.rpartition(":")[0].lower()
    words = f"whether {_name(condition, provider)} is a claim of the provider is not known"
    unsure = Answer(None, (Unknown(words, "expression", condition.span),))
    if UNKNOWN_KEY in issuer:
        return unsure
    if by_issuer(issuer) is not provider:
        return unsure if provider is ANY else NO
    answer = YES
    for value, _ in _values(entry.value):
        named = _named(graph, value)
        if is_everything(value):
            return NO
        if isinstance(named, Unknown):
            answer = answer & unsure
        elif named is EKS and provider is EKS:
            # Each cluster has an issuer of its own.
            text = _text(value).lower().rpartition(":oidc-provider/")[2]
            if text != issuer:
                answer = answer & (unsure if HOLE in text else NO)
    return answer


def _stops(
    graph: Graph,
    deny: Statement,
    entry: PrincipalEntry,
    provider: IdentityProvider,
    action: str,
) -> Answer:
    """Whether a Deny stops all but one's own users of a provider."""
    answer = deny.denies & covers_action(deny, action)
    if answer.truth is False:
        return NO
    named = any(
        other.kind == entry.kind and _is_same(other.value, entry.value)
        for other in deny.principals or ()
    )
    answer = answer & (YES if named else stops_strangers(deny))
    return answer & all_of(
        _spares_own_alone(graph, condition, entry, provider) for condition in deny.conditions
    )


def _spares_own_alone(
    graph: Graph, condition: Condition, entry: PrincipalEntry, provider: IdentityProvider
) -> Answer:
    """Whether a condition of a Deny holds for all but one's own users of a provider."""
    if condition.positive == "Null":
        present = any_of(value.equals("false", False) for value in condition.values)
        return present & _is_given(graph, condition, entry, provider)
    if not condition.negated:
        return NO
    own = _is_own(condition, provider)
    if condition.qualifier == "ForAnyValue":
        return own & _is_given(graph, condition, entry, provider)
    return own


def _is_same(one: Val, other: Val) -> bool:
    if isinstance(one, Reference) and isinstance(other, Reference):
        return (one.target, one.attribute) == (other.target, other.attribute)
    return one.text is not None and one.text == other.text


def _is_own(condition: Condition, provider: IdentityProvider) -> Answer:
    """Whether all that a condition compares with is one's own, whatever the comparison is for."""
    said = {key.lower(): start for key, start in provider.claims.items()}
    key = condition.key.lower()
    if key.startswith(_AWS_KEYS) and key not in said:
        return narrows(condition, "principal", "trust-policy")
    start = said.get(key) or provider.claims.get(condition.claim)
    if start is None or condition.positive not in _TEXTS:
        return NO
    glob = condition.positive in _GLOBS
    named = all_of(
        each_value(value, lambda one: _begins(one, start, glob=glob)) for value in condition.values
    )
    if condition.claim not in provider.lured:
        return named
    words = f"what {provider.name} calls {condition.claim} may have been lured to others' project"
    return named & Answer(None, (Unknown(words, "expression", condition.span),))


def _begins(value: Val, start: re.Pattern[str], *, glob: bool) -> bool | None:
    """Whether the known beginning of a value says whose it is; ``None`` where it may go on so."""
    pieces = pieces_of(value)
    if pieces is None:
        return True
    text = ""
    for piece in pieces:
        if isinstance(piece, str):
            known = piece
            if glob:
                known = piece.replace("?", "*").partition("*")[0]
            known = known.partition("${")[0]
            text += known
            if len(known) < len(piece):
                open_end = piece[len(known)] != "$"
                return start.search(text) is not None or (False if open_end else None)
        elif identifies(piece):
            text += HOLE
        else:
            return True if start.search(text) is not None else None
    # Nobody has a literal star in a claim.
    return True if start.search(text + END) is not None or has_wildcard(text) else None


def _lets_guests_in(graph: Graph, statement: Statement) -> Answer:
    """Whether the identity pools that a statement names hand the role to guests.

    Source: Amazon Cognito Developer Guide, "Identity pools authentication flow" and "Role trust and
    permissions".
    """
    pools: list[Answer] = []
    gap = Unknown(
        "whether the identity pool lets guests in is not known", "external-id", statement.span
    )
    for pool in _pools(graph, statement):
        if pool is None:
            pools.append(Answer(None, (gap,)))
        else:
            said = pool.lets_guests_in
            pools.append(NO if said is None else said.is_true())
    let_in = any_of(pools) if pools else Answer(None, (gap,))
    meant = any(
        value.text == "unauthenticated"
        for condition in statement.conditions
        if condition.claim == "amr" and not condition.negated
        for value in condition.values
    )
    if not let_in.truth or not meant:
        reason = "whether the identity pool gives the role to guests is not known"
        return let_in & Answer(None, (Unknown(reason, "external-id", statement.span),))
    step = Step(statement.span, "the identity pool gives the role to its guests", assumed=True)
    return let_in & Answer(True, (), (step,))


def _pools(graph: Graph, statement: Statement) -> Iterator[CognitoIdentityPool | None]:
    """The identity pools that a statement names; ``None`` for one of elsewhere."""
    for condition in statement.conditions:
        for value in condition.values if condition.claim == "aud" else ():
            found = [graph.get(reference.target) for reference in references_of(value)]
            pool = found[0] if len(found) == 1 else None
            yield pool if isinstance(pool, CognitoIdentityPool) else None


def _keeps_to_enhanced_flow(graph: Graph, statement: Statement) -> Answer:
    """Whether the basic flow, in which nothing bounds guests, is off for all pools it may be."""
    gap = Unknown(
        "whether the basic flow of the identity pool is on is not known",
        "external-id",
        statement.span,
    )
    pools = [*_pools(graph, statement)] or [None]
    return all_of(
        Answer(None, (gap,)) if pool is None or pool.classic is None else ~pool.classic.is_true()
        for pool in pools
    )


def _signs_in(condition: Condition) -> Answer:
    """Whether a condition asks for users who have signed in to a Cognito identity pool."""
    if condition.claim != "amr" or condition.negated or condition.if_exists:
        return NO
    if condition.qualifier == "ForAllValues":
        return NO
    return all_of(
        each_value(
            value,
            lambda one: None if one.text is None else one.text.partition("*")[0] not in _GUESTS,
        )
        for value in condition.values
    )


_SIGN_IN: Final = "ask for authenticated in cognito-identity.amazonaws.com:amr"
_GUESTS: Final = frozenset("unauthenticated"[:length] for length in range(16))
"""What a value begins with that guests may have."""


def _providers(
    graph: Graph, entry: PrincipalEntry, statement: Statement, action: str
) -> Iterator[tuple[IdentityProvider, Answer]]:
    """The providers that an entry may be whose tokens others can have, and whether it is each."""
    if entry.kind == "*" or is_everything(entry.value):
        yield (SAML if action == _SAML else _by_keys(statement) or ANY), YES
        return
    for value, named in _values(entry.value):
        for provider, known in _provider(graph, value, statement, action):
            yield provider, named & known


def _values(value: Val) -> Iterator[tuple[Val, Answer]]:
    """The single values that an undecided value or a list may hold, and whether it holds each."""
    if isinstance(value, Unknown) and value.candidates:
        decided = len(value.candidates) == 1 and not value.unset
        holds = YES if decided else Answer(None, (value,))
        for candidate in value.candidates:
            for one, answer in _values(candidate):
                yield one, holds & answer
    elif isinstance(value, Value) and isinstance(value.data, tuple):
        for element in value.elements():
            yield from _values(element)
    else:
        yield value, YES


def _provider(
    graph: Graph, value: Val, statement: Statement, action: str
) -> Iterator[tuple[IdentityProvider, Answer]]:
    found = _named(graph, value)
    if action == _SAML:
        if found is SAML:
            yield SAML, YES
        elif isinstance(found, Unknown):
            # Nobody has an assertion of a provider of tokens.
            other = covers_action(statement, _WEB).may_be_true
            yield SAML, Answer(None, (found,)) if other else YES
    elif isinstance(found, Unknown):
        by_keys = _by_keys(statement)
        yield (ANY, Answer(None, (found,))) if by_keys is None else (by_keys, YES)
    elif found is not None and found is not SAML:
        yield found, YES


def _by_keys(statement: Statement) -> IdentityProvider | None:
    """The provider whose name the condition keys of a statement have before their claims."""
    for condition in statement.conditions:
        issuer = condition.key.rpartition(":")[0]
        if issuer and UNKNOWN_KEY not in issuer:
            found = by_issuer(issuer)
            if found is not None:
                return found
    return None


def _named(graph: Graph, value: Val) -> IdentityProvider | Unknown | None:
    """The provider that a ``Federated`` entry names; ``None`` where it is one's own."""
    text = _text(value)
    if ":saml-provider/" in text:
        return SAML
    _, marked, url = text.partition(":oidc-provider/")
    if marked or not isinstance(value, Unknown):
        return _with_issuer(url or text, value)
    for node in graph.resolve(value, ("OpenIdProvider", "SamlProvider")):
        if isinstance(node, SamlProvider):
            return SAML
        if not isinstance(node, OpenIdProvider | OpenIdProviderDataSource):
            continue
        if node.url is not None:
            return _with_issuer(_text(node.url), node.url)
        if isinstance(node, OpenIdProviderDataSource) and node.arn is not None:
            return _named(graph, node.arn)
    return value


def _text(value: Val) -> str:
    return "".join(one if isinstance(one, str) else HOLE for one in pieces_of(value) or ())


def _with_issuer(url: str, value: Val) -> IdentityProvider | Unknown | None:
    """The provider with an issuer that is known as text, or by the cluster that has it."""
    found = by_issuer(url)
    if found is not None or not isinstance(value, Unknown) or HOLE not in url:
        return found
    of_cluster = any(
        _CLUSTER.fullmatch(reference.target) is not None or reference.attribute == _CLUSTER_ISSUER
        for reference in value.references
    )
    return EKS if of_cluster else value
