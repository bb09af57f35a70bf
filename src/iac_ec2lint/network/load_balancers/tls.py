"""What load balancers negotiate with clients: versions of TLS, ciphers, and whose certificates.

A listener of an Application or Network Load Balancer has one of AWS's security policies. One of a
Classic Load Balancer has a policy that refers to such a one, or lists protocols and ciphers itself;
what it does not list is off. Without a policy each has ``ELBSecurityPolicy-2016-08``.

Source: Elastic Load Balancing User Guides, "Security policies" and "SSL negotiation
configurations"; facts/tls_policies.json; RFC 7465, RFC 8996 and RFC 9325 for what is weak.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from iac_ec2lint.facts import facts
from iac_ec2lint.graph.nodes import External
from iac_ec2lint.network.hosts.attached import attached
from iac_ec2lint.resources.certificate import (
    AcmCertificate,
    AcmCertificateDataSource,
    ServerCertificate,
    ServerCertificateDataSource,
)
from iac_ec2lint.resources.load_balancer import (
    ClassicListener,
    ClassicListenerPolicy,
    ClassicLoadBalancer,
    ClassicNegotiationPolicy,
    ClassicPolicy,
    Listener,
    PolicyAttribute,
)
from iac_ec2lint.values import NO, YES, Answer, Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from iac_ec2lint.graph.graph import Edge, Graph
    from iac_ec2lint.resources.part import Part, Place, Resource

RECOMMENDED: Final = "ELBSecurityPolicy-TLS13-1-2-2021-06"
"""A policy of TLS 1.2 and 1.3 that Application and Network Load Balancers have."""
RECOMMENDED_POST_QUANTUM: Final = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
"""The same with key exchanges that quantum computers do not break."""
RECOMMENDED_CLASSIC: Final = "ELBSecurityPolicy-TLS-1-2-2017-01"
"""The one predefined policy of Classic Load Balancers without TLS 1.0 and 1.1."""

_DEFAULT: Final = "ELBSecurityPolicy-2016-08"
_ENCRYPTED: Final = frozenset({"HTTPS", "SSL", "TLS"})
_ENOUGH: Final = frozenset({"TLS 1.2", "TLS 1.3"})
_NEGOTIATION: Final = "SSLNegotiationPolicyType"
_OLD_PROTOCOLS: Final = {
    "Protocol-SSLv2": "SSL 2.0",
    "Protocol-SSLv3": "SSL 3.0",
    "Protocol-TLSv1": "TLS 1.0",
    "Protocol-TLSv1.1": "TLS 1.1",
}
_REFERENCE: Final = "Reference-Security-Policy"
_WEAK: Final = frozenset({"ADH", "DES", "EXP", "MD5", "NULL", "RC2", "RC4"})
"""Parts of the names of ciphers that are broken, too short, or of nobody's identity."""

_Table = dict[str, dict[str, Any]]


class Negotiation(NamedTuple):
    """What a setting lets a listener negotiate.

    Attributes:
        subject: The listener, or the Classic Load Balancer that has it.
        declaring: What declares the setting.
        place: Where it is written; the listener where it is not.
        strong: Whether it permits neither TLS below 1.2 nor weak ciphers.
        fact: What it permits, where it is not strong.
        mend: What is to stand at the place; empty where that is no one value.
    """

    subject: Resource
    declaring: Resource
    place: Place | Part
    strong: Answer
    fact: str
    mend: str


class _Applied(NamedTuple):
    """A policy of a Classic listener, given by its attributes, or a predefined one by its name."""

    declaring: Resource
    place: Place | Part
    attributes: Sequence[PolicyAttribute]
    predefined: Val | None
    applies: Answer


def ends_tls(listener: ClassicListener | Listener) -> Answer:
    """Whether a listener speaks TLS with clients: it is of HTTPS, TLS or SSL."""
    return has_protocol(listener.protocol, *_ENCRYPTED)


def has_protocol(protocol: Val | None, *accepted: str) -> Answer:
    """Whether a protocol, in whatever case it is written, is one of several; absent, it is none."""
    if protocol is None:
        return NO
    return protocol.test(lambda data: isinstance(data, str) and data.upper() in accepted)


def negotiations(graph: Graph, *, post_quantum: bool = False) -> Iterator[Negotiation]:
    """What each listener that speaks TLS may negotiate, where that is not known to be strong.

    Args:
        graph: The graph.
        post_quantum: Whether Application and Network Load Balancers need a key exchange that
            quantum computers do not break.
    """
    for listener in graph.all(Listener):
        ends = ends_tls(listener)
        if ends.truth is False:
            continue
        policy = listener.security_policy
        strong = ~ends | _is_strong(policy, "application and network", post_quantum)
        if strong.truth is not True:
            fact = _fact(policy, "application and network")
            mend = RECOMMENDED_POST_QUANTUM if post_quantum else RECOMMENDED
            place = listener.place("security_policy")
            yield Negotiation(listener, listener, place, strong, fact, mend)
    for balancer in graph.all(ClassicLoadBalancer):
        for part in balancer.listeners:
            ends = ends_tls(part)
            if ends.truth is not False:
                for one in _of_classic(graph, balancer, part):
                    strong = ~ends | one.strong
                    if strong.truth is not True:
                        yield one._replace(strong=strong)


def outdated_policies() -> tuple[str, ...]:
    """The names of the predefined policies that permit TLS below 1.2, in lower case."""
    kinds: tuple[_Table, ...] = (
        facts("tls_policies")["application and network"],
        facts("tls_policies")["classic"],
    )
    return tuple(
        name.lower()
        for table in kinds
        for name, known in table.items()
        if known["oldest"] not in _ENOUGH
    )


def is_of_acm(edge: Edge) -> Answer:
    """Whether a certificate is kept by AWS Certificate Manager, and not by IAM."""
    target = edge.target
    found: bool | None = None
    if isinstance(target, AcmCertificate | AcmCertificateDataSource):
        found = True
    elif isinstance(target, ServerCertificate | ServerCertificateDataSource):
        found = False
    elif isinstance(target, External) and target.text is not None:
        found = _arn_of_acm(target.text)
    elif isinstance(edge.value, Unknown):
        known = {_arn_of_acm(text) for text in edge.value.parts if isinstance(text, str)} - {None}
        found = known.pop() if len(known) == 1 else None
    if found is None:
        cause = edge.value
        if not isinstance(cause, Unknown):
            cause = Unknown("it is no ARN of a certificate", "expression", edge.value.span)
        return Answer(None, (cause,))
    return Answer(found) if edge.certain or target is None else Answer(None, edge.answer.causes)


def _arn_of_acm(text: str) -> bool | None:
    """Whether a part of an ARN is that of a certificate of ACM, or of IAM."""
    if ":server-certificate/" in text:
        return False
    return True if ":acm:" in text else None


def _is_strong(policy: Val, kind: str, post_quantum: bool = False) -> Answer:
    """Whether a predefined policy permits nothing old; undecided where it is not in the data."""
    table: _Table = facts("tls_policies")[kind]
    enough = [
        name
        for name, known in table.items()
        if known["oldest"] in _ENOUGH and (not post_quantum or known.get("post quantum"))
    ]
    strong = policy.equals(*enough)
    if strong.truth is False and policy.equals(*table.keys() - enough).truth is not True:
        if isinstance(policy, Unknown):
            return Answer(None, (policy,))
        day = facts("tls_policies")["about"]["on"]
        words = f"{policy.text} is none of the security policies that are known on {day}"
        return Answer(None, (Unknown(words, "expression", policy.span),))
    return strong


def _fact(policy: Val, kind: str) -> str:
    """What a predefined policy permits, or lacks, in words."""
    if policy.text is None:
        return "the security policy is not known"
    table: Mapping[str, dict[str, Any]] = facts("tls_policies")[kind]
    oldest = table.get(policy.text, {}).get("oldest")
    permits = "has no post-quantum key exchange" if oldest in _ENOUGH else f"permits {oldest}"
    if oldest is None:
        permits = "is not known"
    if isinstance(policy, Value) and policy.implied:
        return f"no security policy is chosen, and the default, {policy.text}, {permits}"
    return f'the security policy "{policy.text}" {permits}'


def _of_classic(
    graph: Graph, balancer: ClassicLoadBalancer, listener: ClassicListener
) -> Iterator[Negotiation]:
    """What the policies of a listener permit, setting by setting."""
    applied = [*_inline(balancer, listener), *_separate(graph, balancer, listener)]
    applied = [one for one in applied if one.applies.truth is not False]
    applied = [one for one in applied if one.applies.truth is True] or applied
    default = f"no policy is chosen, and the default, {_DEFAULT}, permits TLS 1.0"
    if not applied:
        yield Negotiation(balancer, balancer, listener, NO, default, "")
    for one in applied:
        # Where it does not apply, the default policy does, which is weak.
        found = [made for made in _settings(balancer, one) if made.strong.truth is not True]
        if not found and one.applies.truth is not True:
            found = [Negotiation(balancer, balancer, listener, YES, default, "")]
        yield from (made._replace(strong=one.applies & made.strong) for made in found)


def _settings(balancer: ClassicLoadBalancer, policy: _Applied) -> Iterator[Negotiation]:
    """What each setting of a policy permits."""
    if policy.predefined is not None:
        strong = _is_strong(policy.predefined, "classic")
        fact = _fact(policy.predefined, "classic")
        yield Negotiation(balancer, policy.declaring, policy.place, strong, fact, "")
        return
    for attribute in policy.attributes:
        strong, fact, mend = _permits(attribute)
        place = attribute.place("value")
        yield Negotiation(balancer, policy.declaring, place, strong, fact, mend)
    if not policy.attributes:
        words = "what a policy without attributes permits is not documented"
        gap = Answer(None, (Unknown(words, "expression", policy.place.span),))
        yield Negotiation(balancer, policy.declaring, policy.place, gap, words, "")


def _permits(attribute: PolicyAttribute) -> tuple[Answer, str, str]:
    """Whether an attribute permits nothing old or weak, what it permits, and what it should say."""
    name, value = attribute.name, attribute.value
    if isinstance(name, Unknown) or isinstance(value, Unknown):
        gaps = tuple(one for one in (name, value) if isinstance(one, Unknown))
        harmless = isinstance(name, Value) and _weakness(name.text or "") is None
        if harmless and name is not None and name.text != _REFERENCE:
            return YES, "", ""
        return Answer(None, gaps), "what the policy permits is not known", ""
    if name is None or name.text is None or value is None:
        return YES, "", ""
    if name.text == _REFERENCE:
        return _is_strong(value, "classic"), _fact(value, "classic"), RECOMMENDED_CLASSIC
    weakness = _weakness(name.text)
    if weakness is None:
        return YES, "", ""
    on = value.test(lambda data: str(data).lower() == "true")
    return ~on, f"the policy permits {weakness}", "false"


def _weakness(name: str) -> str | None:
    """What an attribute permits where it is on; ``None`` where that is neither old nor weak."""
    if name in _OLD_PROTOCOLS:
        return _OLD_PROTOCOLS[name]
    if name.startswith("Protocol-") or _WEAK.isdisjoint(name.split("-")):
        return None
    return f"the cipher {name}"


def _inline(balancer: ClassicLoadBalancer, listener: ClassicListener) -> Iterator[_Applied]:
    """The policies of a listener that stand in the load balancer itself, or are predefined."""
    port = None if listener.port is None else listener.port.number
    by_name = {policy.name.text: policy for policy in balancer.policies if policy.name is not None}
    unnamed = tuple(one.name for one in balancer.policies if isinstance(one.name, Unknown))
    for name in listener.policy_names:
        policy = by_name.get(name.text)
        if isinstance(name, Unknown):
            yield _Applied(balancer, listener, (), name, Answer(None, (name,)))
        elif policy is None and name.text in facts("tls_policies")["classic"]:
            yield _Applied(balancer, listener.place("policy_names", name), (), name, YES)
        elif policy is not None:
            applies = policy.equals("kind", _NEGOTIATION) & policy.presence.answer
            yield _Applied(balancer, policy, policy.attributes, None, applies)
        elif unnamed:
            place = listener.place("policy_names", name)
            yield _Applied(balancer, place, (), unnamed[0], Answer(None, unnamed))
    for policy in balancer.policies:
        if port is not None and any(text.text == str(port) for text in policy.ports):
            applies = policy.equals("kind", _NEGOTIATION) & policy.presence.answer
            yield _Applied(balancer, policy, policy.attributes, None, applies)


def _separate(
    graph: Graph, balancer: ClassicLoadBalancer, listener: ClassicListener
) -> Iterator[_Applied]:
    """The policies of a listener that are resources of their own."""
    for policy, surely in attached(graph, balancer, "load_balancer", ClassicNegotiationPolicy):
        applies = surely & _same_port(policy.port, listener.port)
        yield _Applied(policy, policy, policy.attributes, None, applies)
    belonging = dict(attached(graph, balancer, "load_balancer", ClassicPolicy))
    for binding, surely in attached(graph, balancer, "load_balancer", ClassicListenerPolicy):
        applies = surely & _same_port(binding.port, listener.port)
        if applies.truth is False:
            continue
        found, elsewhere = set[object](), dict[object, Val]()
        for edge in graph.targets(binding, "policies"):
            target, name = edge.target, edge.value
            if not isinstance(target, ClassicPolicy):
                elsewhere[name.span.key] = name
                continue
            belongs = belonging.get(target)
            if belongs is None:
                belongs = _is_of_unknown(graph, target)
            named = _is_named(edge, target, belongs)
            if named.truth is False:  # another load balancer's of the same name
                elsewhere.setdefault(name.span.key, name)
                continue
            found.add(name.span.key)
            own = applies & named & target.equals("kind", _NEGOTIATION)
            yield _Applied(target, target, target.attributes, None, own)
        for key, name in elsewhere.items():
            if key not in found:
                place = binding.place("policies", name)
                yield _Applied(binding, place, (), name, applies & _is_predefined(name))


def _is_of_unknown(graph: Graph, policy: ClassicPolicy) -> Answer:
    """Whether a policy may be of a load balancer whose name the source does not say."""
    edges = graph.targets(policy, "load_balancer")
    if any(isinstance(edge.target, ClassicLoadBalancer) and edge.certain for edge in edges):
        return NO
    words = f"which load balancer {policy.address} is of is not known"
    return Answer(None, (Unknown(words, "external-id", policy.span),))


def _is_named(edge: Edge, policy: ClassicPolicy, belongs: Answer) -> Answer:
    """Whether a name is that of a policy: names are unique within a load balancer alone."""
    text = edge.value.text
    if text is not None and policy.name is not None and policy.presence.certain:
        return belongs & policy.name.equals(text)
    return belongs & edge.answer


def _is_predefined(name: Val) -> Answer:
    """Whether a name is a predefined policy's; any other may be of stickiness, or of TLS."""
    if name.text in facts("tls_policies")["classic"]:
        return YES
    words = f"whether {name.text} is a policy of TLS is not known"
    cause = name if isinstance(name, Unknown) else Unknown(words, "expression", name.span)
    return Answer(None, (cause,))


def _same_port(one: Val | None, other: Val | None) -> Answer:
    """Whether two ports are the same."""
    if one is None or other is None:
        return NO
    gaps = tuple(port for port in (one, other) if isinstance(port, Unknown))
    return Answer(None, gaps) if gaps else one.equals(other.number)
