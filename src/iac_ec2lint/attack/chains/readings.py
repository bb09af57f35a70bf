"""Who reads what is sensitive by its own policies, or by those of the thing.

Sources: AWS Secrets Manager User Guide, "Secret encryption and decryption", and AWS Systems Manager
User Guide, "How Parameter Store uses AWS KMS": who reads under a key of the account's must be able
to decrypt with it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from itertools import islice
from typing import Final, NamedTuple

from iac_ec2lint.attack.chains.databases import database_gains
from iac_ec2lint.attack.chains.kinds import KINDS
from iac_ec2lint.attack.chains.naming import named_things
from iac_ec2lint.attack.chains.own_policies import (
    given_by_own_policy,
    own_policies,
    refused_by_own_policy,
)
from iac_ec2lint.attack.chains.sensitive import SensitiveThing, locks, sensitive_things
from iac_ec2lint.attack.chains.thing_tags import tag_keys_of
from iac_ec2lint.attack.disks.disk_access import disk_copies
from iac_ec2lint.attack.disks.key_access import (
    DECRYPT,
    DIRECTLY,
    OPENING_KEYS,
    Admission,
    Unlocking,
    gives_itself_key,
    key_admissions,
    key_of,
    opens_key,
    refused_by_key,
    through_service,
    unlocking,
    uses_key,
)
from iac_ec2lint.engine.finding import Evidence
from iac_ec2lint.graph.graph import Edge, Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.iam.access import tidy
from iac_ec2lint.iam.arns import arn_in, example_of, identity_of
from iac_ec2lint.iam.escalation.steps import ActionRequest, allowed_to
from iac_ec2lint.iam.grants import is_allowed, is_denied, may_somewhere
from iac_ec2lint.iam.policy.glob import arn_key
from iac_ec2lint.iam.principal import Principal
from iac_ec2lint.resources.kms_key import KmsKey
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.resources.stored_data import Bucket, Secret, Table, TableReplica
from iac_ec2lint.values import NO, YES, Answer, Reference, Unknown, Value, any_of


class Reading(NamedTuple):
    """A sensitive thing that a principal reads.

    Attributes:
        thing: The thing.
        answer: Whether it does, and that is sensitive.
        asked: What it is allowed for that: with the thing, then with what it is under.
        given: What admits it to these beside its own policies, where these do not allow it.
        verb: What it does with it.
        hops: What else says so.
        taken: Whether its data is copied out of the account or opened to others: nobody's work.
    """

    thing: SensitiveThing
    answer: Answer
    asked: tuple[ActionRequest, ...]
    given: tuple[Admission, ...] = ()
    verb: str = "read"
    hops: tuple[Evidence, ...] = ()
    taken: bool = False


@remembered
def readings(graph: Graph, principal: Principal, named: tuple[str, ...]) -> tuple[Reading, ...]:
    """The sensitive things that the policies of a principal let it read, each once.

    Args:
        graph: The graph.
        principal: Who.
        named: See ``sensitive_things``.
    """
    things = sensitive_things(graph, named)
    found: dict[str, Reading] = {}
    judged: set[Hashable] = set()  # statements of which little is known name the same again
    for kind, table in KINDS.items():
        for action in (*table.actions, *table.opens, *table.exports):
            if not may_somewhere(principal, action):
                continue
            for thing, arn, identity in named_things(graph, principal, kind, action, things):
                known = found.get(thing.words)
                once = thing.words, action, arn_key(arn, identity)
                if once in judged or (known is not None and known.answer.truth):
                    continue
                judged.add(once)
                tags = tag_keys_of(graph, principal, thing.resource)
                asked = ActionRequest(action, arn, identity, tags)
                answer = thing.answer & _reads(graph, principal, thing, asked)
                if answer.truth or (known is None and answer.truth is None):
                    unlocked = _unlocked(graph, principal, thing)
                    needed = (asked, *unlocked.asked)
                    made = Reading(thing, tidy(answer), needed, unlocked.given, table.verb)
                    if action in table.exports:
                        needed = (*needed, ActionRequest(_WRITES))
                        made = made._replace(asked=needed, verb="export", taken=True)
                    found[thing.words] = made
    for thing in things.values():
        known = found.get(thing.words)
        if known is None or not known.answer.truth:
            for reading in _given(graph, principal, thing):
                if reading.answer.truth or known is None:
                    found[thing.words] = known = reading
    copies = list(disk_copies(graph, principal, principal.resource, inside=False))
    for copy in islice(sorted(copies, key=lambda copy: copy.answer.truth is None), 1):
        subject, disk = copy.goal.disk.subject.address, copy.goal.disk
        thing = SensitiveThing(None, f"the disk of {subject}", YES)
        hop = Evidence(disk.place.span, copy.goal.words, subject)
        needed = (*copy.step.asked, *copy.goal.asked)
        found[thing.words] = Reading(thing, tidy(copy.answer), needed, hops=(hop,), taken=True)
    for gain in database_gains(graph, principal):
        thing = SensitiveThing(gain.store, gain.store.address, YES)
        answer = tidy(gain.answer)
        found[thing.words] = Reading(thing, answer, gain.asked, (), gain.verb, gain.hops, True)
    return tuple(one for one in found.values() if not _is_told(one, found))


def _is_told(reading: Reading, found: dict[str, Reading]) -> bool:
    """Whether that a key is used is told with something under it, which is read."""
    under = (found[words] for words in reading.thing.guards if words in found)
    return any(one.answer.truth or reading.answer.truth is None for one in under)


def _given(graph: Graph, principal: Principal, thing: SensitiveThing) -> Iterator[Reading]:
    """How the policy of a thing itself lets a principal read it."""
    resource = thing.resource
    if isinstance(resource, KmsKey):
        for action in (DECRYPT, *OPENING_KEYS):
            yield from _given_by_key(graph, principal, thing, resource, action)
        return
    if resource is None or not own_policies(graph, resource):
        return
    table = next(table for kind, table in KINDS.items() if isinstance(resource, kind))
    identity = identity_of(resource)
    pieces = (identity, table.after) if isinstance(resource, Bucket) else (identity,)
    for action in table.actions:
        asked = ActionRequest(action, example_of(pieces, resource.span), identity)
        for one in given_by_own_policy(graph, principal, resource, asked):
            answer = thing.answer & one.answer & _decryptable(graph, principal, resource, asked)
            if answer.truth is not False:
                unlocked = _unlocked(graph, principal, thing)
                needed, given = (asked, *unlocked.asked), (one, *unlocked.given)
                yield Reading(thing, tidy(answer), needed, given, table.verb)


def _given_by_key(
    graph: Graph, principal: Principal, thing: SensitiveThing, key: KmsKey, action: str
) -> Iterator[Reading]:
    """How the policy of a key, or a grant, lets a principal use it, or let itself."""
    identity = identity_of(key)
    call = DIRECTLY if thing.directly and action == DECRYPT else None
    for one in key_admissions(graph, principal, key, action, context=call):
        answer = thing.answer & one.answer
        for asked in dict.fromkeys((action, DECRYPT)):
            answer = answer & ~is_denied(principal, asked, identity, identity, call)
        answer = answer & ~refused_by_key(graph, principal, key, action, call)
        # A key that is anybody's is no matter of one principal.
        if one.named and answer.may_be_true:
            asked_for = ActionRequest(action, identity, identity)
            yield Reading(thing, tidy(answer), (asked_for,), (one,), KINDS[KmsKey].verb)


def _reads(
    graph: Graph, principal: Principal, thing: SensitiveThing, asked: ActionRequest
) -> Answer:
    """Whether a principal is allowed what reads a thing, and to decrypt what is under a key."""
    resource = thing.resource
    if isinstance(resource, KmsKey):
        if asked.action == DECRYPT:
            call = DIRECTLY if thing.directly else None
            return uses_key(graph, principal, resource, DECRYPT, call)
        return opens_key(graph, principal, resource, asked.action)
    answer = allowed_to(principal, (asked,))
    if asked.action in KINDS[Table].exports:
        answer = answer & _exports(principal, resource, asked)
    if answer.truth is False or resource is None:
        return answer
    answer = answer & ~refused_by_own_policy(graph, principal, resource, asked)
    if answer.truth is False:
        return answer
    return answer & _decryptable(graph, principal, resource, asked)


def _exports(principal: Principal, table: Resource | None, asked: ActionRequest) -> Answer:
    """Whether a principal may have a table written to a bucket of its own, of any account.

    Source: Amazon DynamoDB Developer Guide, "Requesting a table export in DynamoDB": that asks for
    point-in-time recovery.
    """
    if not isinstance(table, Table):
        return NO
    every: tuple[Table | TableReplica, ...] = (table, *table.replicas)
    kept = any_of(one.keeps_backups.is_true() for one in every)
    turned_on = asked._replace(action="dynamodb:UpdateContinuousBackups")
    return is_allowed(principal, _WRITES) & (kept | allowed_to(principal, (turned_on,)))


_WRITES: Final = "s3:PutObject"


def _decryptable(
    graph: Graph, principal: Principal, resource: Resource, asked: ActionRequest
) -> Answer:
    """Whether no key keeps a principal out of a thing, and of each copy of it."""
    answer = _by_its_keys(graph, principal, resource)
    if answer.truth is not True and isinstance(resource, Secret):
        answer = answer | any_of(_of_replicas(graph, principal, resource, asked))
    return answer


def _of_replicas(
    graph: Graph, principal: Principal, secret: Secret, asked: ActionRequest
) -> Iterator[Answer]:
    """Whether a principal reads a copy of a secret in another Region, under its own key.

    Source: AWS Secrets Manager User Guide, "Replicate secrets across Regions": the ARN is the same
    but for the Region, and so is the policy.
    """
    for replica in secret.replicas:
        name = secret.name.text if secret.name is not None else None
        region = replica.region.text if replica.region is not None else None
        known = None if name is None else Value(f"{name}{KINDS[Secret].after}", secret.span)
        arn = arn_in(secret.span, "secretsmanager", "secret:", known, in_region=region)
        # What refers to the secret itself is about it in its own Region.
        there = Reference(f"{secret.address} replica", "arn", secret.span)
        may = is_allowed(principal, asked.action, arn, there)
        copied = ActionRequest(asked.action, arn, there)
        given = (one.answer for one in given_by_own_policy(graph, principal, secret, copied))
        may = (may | any_of(given)) & replica.presence.answer
        for edge in graph.targets(secret, "replica_key"):
            if edge.part is replica:
                may = may & _decrypts(graph, principal, secret, edge)
        yield may


def _unlocked(graph: Graph, principal: Principal, thing: SensitiveThing) -> Unlocking:
    """What lets a principal decrypt what is under the key of a thing, as far as one is known."""
    for edge in locks(graph, thing.resource, "key"):
        key = key_of(graph, edge)
        if isinstance(key, KmsKey):
            calls = through_service(graph, principal, key, _service_of(thing.resource))
            return unlocking(graph, principal, key, calls)
    return Unlocking()


def _by_its_keys(graph: Graph, principal: Principal, resource: Resource) -> Answer:
    """Whether a principal may decrypt what is under the keys of a thing."""
    answer = YES
    of_bucket = isinstance(resource, Bucket)
    for edge in locks(graph, resource, "key"):
        decrypts = _decrypts(graph, principal, resource, edge)
        if of_bucket and decrypts.truth is False:
            words = f"whether all in {resource.address} is under the key that is its default"
            decrypts = Answer(None, (Unknown(words, "external-id", edge.value.span),))
        answer = answer & decrypts
    return answer


def _decrypts(graph: Graph, principal: Principal, resource: Resource, edge: Edge) -> Answer:
    """Whether a principal may decrypt what is under a key."""
    key = key_of(graph, edge)
    if not isinstance(key, KmsKey):
        # AWS's own keys are open to the account; what another one is, is not known.
        written = edge.value.text
        if written is not None and written.startswith("alias/aws/"):
            return YES
        anywhere = is_allowed(principal, "kms:Decrypt")
        words = f"whether {principal.name} may decrypt {resource.address} is not known"
        gap = Answer(None, (Unknown(words, "external-id", edge.value.span),))
        return anywhere if anywhere.truth else gap
    calls = through_service(graph, principal, key, _service_of(resource))
    answer = any_of(uses_key(graph, principal, key, DECRYPT, call) for call in calls)
    return answer if answer.truth else answer | gives_itself_key(graph, principal, key)


def _service_of(resource: Resource | None) -> str:
    """The service that decrypts a thing for whoever reads it."""
    return next((table.service for kind, table in KINDS.items() if isinstance(resource, kind)), "")
