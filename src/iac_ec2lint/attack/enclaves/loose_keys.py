"""Whether the parents of enclaves use keys that only attested enclaves should.

An enclave asks by way of its parent, with the credentials of the parent's role. A key tells the two
apart by the attestation document alone (AWS Nitro Enclaves User Guide, "Using cryptographic
attestation with AWS KMS"; KMS Developer Guide, "Condition keys for attested platforms"). A grant
cannot ask for one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.attack.credentials import roles_of
from iac_ec2lint.attack.disks.key_access import key_policies, leaves_it_to_accounts
from iac_ec2lint.attack.grant_evidence import place_of_statement
from iac_ec2lint.compute.launch.launches import launches
from iac_ec2lint.compute.launch.running import runs
from iac_ec2lint.iam.arns import arn_in, identity_of, in_the_terms, own_id, somewhere
from iac_ec2lint.iam.grants import allowances, may_somewhere
from iac_ec2lint.iam.policy.document import PolicyDocument
from iac_ec2lint.iam.policy.glob import is_everything
from iac_ec2lint.iam.policy.matching import RequestPrincipal, covers_action, covers_principal
from iac_ec2lint.resources.kms_key import KmsGrant, KmsKey
from iac_ec2lint.resources.part import Place
from iac_ec2lint.values import Answer, Unknown, any_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.compute.launch.launches import Launch
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.iam.policy.statement import Condition, Statement
    from iac_ec2lint.iam.principal import Principal
    from iac_ec2lint.resources.part import Resource

_ACTIONS: Final = ("kms:Decrypt", "kms:GenerateDataKey")
_OPERATIONS: Final = ("Decrypt", "GenerateDataKey")
_PREFIX: Final = "kms:recipientattestation:"
_OF_IMAGE: Final = frozenset({"imagesha384", "pcr0", "pcr8"})
"""What says which image runs, or who has signed it."""
_OF_PARENT: Final = frozenset({"pcr3", "pcr4"})
"""What says which role the parent has, or which instance it is."""
_EQUAL: Final = frozenset({"StringEquals", "StringEqualsIgnoreCase", "StringLike"})


class LooseKey(NamedTuple):
    """A way in which the parent of an enclave uses a key without its enclave, or any enclave does.

    Attributes:
        key: The key; the parent where no key is known.
        declaring: What allows it.
        place: Where.
        words: What is wrong: completes "<key> can be used by <role> ...".
        role: Who uses it.
        launch: The parent.
        answer: Whether it is so.
    """

    key: Resource
    declaring: Resource
    place: Place
    words: str
    role: str
    launch: Launch
    answer: Answer


def loose_keys(graph: Graph) -> Iterator[LooseKey]:
    """The keys of the unit that roles of enclaves' parents may use without attestation."""
    seen: set[tuple[Resource, Resource]] = set()
    for launch in launches(graph):
        enclave = launch.settings.enclave_enabled
        if enclave is None or runs(graph, launch.host).truth is False:
            continue
        enabled = enclave.is_true()
        if enabled.truth is False:
            continue
        for held in roles_of(graph, launch.host):
            role = held.role
            if (launch.host, role.resource) in seen:
                continue
            seen.add((launch.host, role.resource))
            here = enabled & held.answer
            keys = list(graph.all(KmsKey))
            for key in keys:
                for declaring, place, words, answer in _ways(graph, role, key):
                    if (answer & here).may_be_true:
                        yield LooseKey(
                            key, declaring, place, words, role.name, launch, answer & here
                        )
            if not keys:
                yield from _elsewhere(role, launch, here)


def _elsewhere(role: Principal, launch: Launch, here: Answer) -> Iterator[LooseKey]:
    """Of keys that are declared elsewhere it is not known whether they ask for attestation."""
    for action in _ACTIONS:
        found = next(allowances(role, action, somewhere(action, role)), None)
        if found is not None:
            words = "the policy of the key is not in the source"
            gap = Unknown(words, "external-id", found.statement.span)
            place, answer = place_of_statement(found), here & Answer(None, (gap,))
            declaring, words = found.grant.resource, "without attestation"
            yield LooseKey(launch.host, declaring, place, words, role.name, launch, answer)
            return


_Way = tuple["Resource", Place, str, Answer]


def _ways(graph: Graph, role: Principal, key: KmsKey) -> Iterator[_Way]:
    attested = delegated = False
    policies = list(key_policies(graph, key))
    for declaring, policy in policies:
        document = PolicyDocument.read(policy)
        caller = RequestPrincipal("AWS", in_the_terms((document,), role.arn), role.identity)
        denied = any(
            statement.effect.text != "Allow" and any(map(_claim, statement.conditions))
            for statement in document.statements
        )
        for statement in document.statements:
            covered = any_of(covers_action(statement, action) for action in _ACTIONS)
            if statement.effect.text == "Deny" or covered.truth is False:
                continue
            attested = attested or any(map(_claim, statement.conditions))
            if leaves_it_to_accounts(statement):
                delegated = delegated or not any(map(_claim, statement.conditions))
                continue
            answer = statement.allows & covered & covers_principal(statement, caller)
            found = _lacking(statement)
            if found is not None and answer.may_be_true:
                if denied:
                    answer = answer & Answer(None)
                place = declaring.place("policy")._replace(span=statement.span)
                yield declaring, place, found[0], answer & found[1]
    for edge in graph.sources(key, "key"):
        if isinstance(edge.source, KmsGrant):
            yield from _granted(graph, role, edge.source)
    if delegated or not policies:
        yield from _by_own_policies(role, key, attested=attested)


def _granted(graph: Graph, role: Principal, grant: KmsGrant) -> Iterator[_Way]:
    for to in graph.targets(grant, "grantee"):
        allowed = any_of(one.equals(*_OPERATIONS) for one in grant.operations)
        answer = to.answer & allowed
        if to.target is role.resource and answer.may_be_true:
            words = "without attestation, for a grant asks for none"
            yield grant, grant.place("grantee", to.value), words, answer


def _by_own_policies(role: Principal, key: KmsKey, *, attested: bool) -> Iterator[_Way]:
    """What the role's own policies allow, where the key leaves it to them."""
    identity = identity_of(key)
    arn = arn_in(key.span, "kms", "key/", own_id(key))
    for action in _ACTIONS:
        if not may_somewhere(role, action):
            continue
        for found in allowances(role, action, arn, identity):
            lacking = _lacking(found.statement)
            # A key of which none asks for attestation may be for other data, unless it is named.
            named = not any(map(is_everything, found.statement.resources or ()))
            if lacking is not None and (attested or named):
                place = place_of_statement(found)
                yield found.grant.resource, place, lacking[0], found.answer & lacking[1]
                return


def _lacking(statement: Statement) -> tuple[str, Answer] | None:
    """What the conditions of an Allow leave open of who is attested; ``None`` where nothing.

    What a service alone may do for a role, as EC2 does with the keys of volumes, gives neither the
    parent nor an enclave what is decrypted.
    """
    if any(map(_is_by_a_service, statement.conditions)):
        return None
    asked = (one for one in statement.conditions if not one.negated)
    names = {claim for claim in map(_claim, asked) if claim}
    unknown = tuple(c.unknown for c in statement.conditions if c.unknown is not None)
    answer = Answer(None, unknown) if unknown else Answer(True)
    if not names:
        return "without attestation", answer
    if not names & _OF_IMAGE:
        return "by an enclave of whatever image", answer
    if not names & _OF_PARENT:
        return "by an enclave of whatever parent", answer
    return None


def _is_by_a_service(condition: Condition) -> bool:
    """Whether a condition lets only a service of AWS's use the key, in somebody's name."""
    by = condition.key.lower() == "kms:viaservice" and condition.unknown is None
    plain = not (condition.negated or condition.if_exists or condition.qualifier)
    return by and plain and condition.positive in _EQUAL


def _claim(condition: Condition) -> str:
    """What a condition asks of the attestation document; empty where it asks for nothing."""
    key = condition.key.lower()
    if not key.startswith(_PREFIX) or condition.unknown is not None:
        return ""
    if condition.positive not in _EQUAL or condition.if_exists or condition.qualifier:
        return ""
    if any(is_everything(value) for value in condition.values):
        return ""
    return key.removeprefix(_PREFIX)
