"""What is sensitive, and who reads it by its own policies, or by those of the thing.

Sensitive are secrets, parameters of type SecureString, and buckets, tables and functions whose tags
(of buckets and tables also names) say that their data is not for everybody; databases and disks
that somebody may copy; keys that guard any of it; and what a user names. A permission for all of a
kind is no matter of one thing: ``iam.privilege`` knows it.

Sources: Service Authorization Reference (which ARN an action is about); AWS Secrets Manager User
Guide, "Secret encryption and decryption", and AWS Systems Manager User Guide, "How Parameter Store
uses AWS KMS": who reads under a key of the account's must be able to decrypt with it.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from functools import cache
from itertools import islice
from typing import Final, NamedTuple

from iac_ec2lint.attack.chains.databases import Store, database_gains, stores_of
from iac_ec2lint.attack.chains.own_policies import (
    given_by_own_policy,
    own_policies,
    refused_by_own_policy,
)
from iac_ec2lint.attack.disks.disk_access import disk_copies
from iac_ec2lint.attack.disks.key_access import (
    DECRYPT,
    OPENING_KEYS,
    Admission,
    Unlocking,
    gives_itself_key,
    key_admissions,
    opens_key,
    refused_by_key,
    unlocking,
    uses_key,
)
from iac_ec2lint.attack.disks.private_data import classes_in_tags
from iac_ec2lint.compute.keys.access_key_flows import secrets_in
from iac_ec2lint.engine.finding import Evidence
from iac_ec2lint.facts import facts
from iac_ec2lint.graph.graph import Edge, Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.iam.arns import arn_in, example_of, joined
from iac_ec2lint.iam.grants import is_allowed, is_denied, may_somewhere
from iac_ec2lint.iam.policy.glob import arn_key, has_wildcard, match_arn, pieces_of
from iac_ec2lint.iam.policy.matching import covers_action
from iac_ec2lint.iam.principals import Principal
from iac_ec2lint.iam.steps import ActionRequest, allowed_to, tidy
from iac_ec2lint.resources.kms_key import KmsAlias, KmsKey
from iac_ec2lint.resources.lambda_function import LambdaFunction
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.resources.ssm_parameter import SsmParameter
from iac_ec2lint.resources.stored_data import Bucket, BucketEncryption, Secret, Table
from iac_ec2lint.values import NO, YES, Answer, Reference, Unknown, Val, Value, any_of

Vault = Secret | SsmParameter | Bucket | Table | LambdaFunction
"""What holds data that a permission of IAM alone reads."""

Sensitive = Vault | KmsKey | Store
"""What may be sensitive; a key is what it guards."""

_MOST: Final = 400
"""How many things of a unit a wildcard is compared with."""

_BY_PATH: Final = "ssm:GetParametersByPath"
"""Who may do it to a path reads every level below it."""

_PARTS: Final = re.compile(r"[^a-z0-9]+|(?<=[a-z])(?=[A-Z])")


class _Kind(NamedTuple):
    """How things of one kind are read.

    Attributes:
        actions: What reads one: each action alone does.
        service: The service in its ARN.
        before: What stands before its name there.
        after: What follows its name, of which something is read.
        home: Whether its ARN has Region and account.
        words: What it is called where it is not declared here.
        opens: What changes its own policy, or does as much: who may do one of these lets whom it
            likes read it, itself too.
        verb: What is done with it.
    """

    actions: tuple[str, ...]
    service: str
    before: str
    after: str
    home: bool
    words: str
    opens: tuple[str, ...] = ()
    verb: str = "read"

    def after_of(self, action: str) -> str:
        """What follows its name in the ARN that an action is about: an object, or the bucket."""
        return "" if action in self.opens and not self.home else self.after


_KINDS: Final[dict[type[Resource], _Kind]] = {
    Secret: _Kind(
        ("secretsmanager:GetSecretValue",),
        "secretsmanager",
        "secret:",
        "-x",
        True,
        "secret",
        ("secretsmanager:PutResourcePolicy",),
    ),
    SsmParameter: _Kind(
        ("ssm:GetParameter", "ssm:GetParameters", _BY_PATH, "ssm:GetParameterHistory"),
        "ssm",
        "parameter/",
        "",
        True,
        "parameter",
    ),
    Bucket: _Kind(
        ("s3:GetObject", "s3:GetObjectVersion"),
        "s3",
        "",
        "/x",
        False,
        "bucket",
        ("s3:PutBucketPolicy",),
    ),
    Table: _Kind(
        (
            "dynamodb:GetItem",
            "dynamodb:BatchGetItem",
            "dynamodb:Query",
            "dynamodb:Scan",
            "dynamodb:PartiQLSelect",
        ),
        "dynamodb",
        "table/",
        "",
        True,
        "table",
        ("dynamodb:PutResourcePolicy",),
    ),
    LambdaFunction: _Kind(
        ("lambda:InvokeFunction",),
        "lambda",
        "function:",
        "",
        True,
        "function",
        ("lambda:AddPermission",),
        "call",
    ),
    KmsKey: _Kind((DECRYPT,), "kms", "key/", "", True, "key", OPENING_KEYS, "decrypt with"),
}


OPENING: Final = frozenset(action for kind in _KINDS.values() for action in kind.opens)
"""What changes the policies of things."""


class SensitiveThing(NamedTuple):
    """Something that is, or may be, sensitive.

    Attributes:
        resource: What is declared; ``None`` for what a policy names and the unit does not declare.
        words: What it is called.
        answer: Whether it is sensitive.
        by_name: Whether nothing but its name says so.
        guards: Of a key, what is under it.
    """

    resource: Sensitive | None
    words: str
    answer: Answer
    by_name: bool = False
    guards: tuple[str, ...] = ()


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
def sensitive_things(graph: Graph, named: tuple[str, ...]) -> dict[str, SensitiveThing]:
    """The sensitive things that a unit declares, by address.

    Args:
        graph: The graph.
        named: What a user says is sensitive: addresses, types, and ``tag:KEY`` or
            ``tag:KEY=VALUE``.
    """
    found: dict[str, SensitiveThing] = {}
    for resource in graph.all(*_KINDS):
        if isinstance(resource, Vault):
            thing = _judged(graph, resource, named)
            if thing.answer.truth is not False:
                found[resource.address] = thing
    guarded: dict[KmsKey, dict[SensitiveThing, Answer]] = {}
    stores = (SensitiveThing(one, one.address, YES) for one in stores_of(graph))
    for thing in (*found.values(), *stores):
        for edge in _locks(graph, thing.resource) if not thing.by_name else ():
            key = _key_of(graph, edge)
            if isinstance(key, KmsKey):
                guarded.setdefault(key, {})[thing] = thing.answer & edge.answer
    for key in graph.all(KmsKey):
        under = guarded.get(key, {})
        answer = _is_said(key, named) | any_of(under.values())
        if answer.may_be_true:
            words = tuple(thing.words for thing in under)
            found[key.address] = SensitiveThing(key, key.address, tidy(answer), guards=words)
    return found


_LOCKS: Final = ("key", "data_key", "replica_key", "storage_key")


def _locks(graph: Graph, resource: Resource | None, *names: str) -> Iterator[Edge]:
    """The references of a thing to keys that it is under."""
    if resource is not None:
        apart = (edge.source for edge in graph.sources(resource, "bucket"))
        for one in (resource, *(one for one in apart if isinstance(one, BucketEncryption))):
            yield from graph.targets(one, *(names or _LOCKS))


def _key_of(graph: Graph, edge: Edge) -> Resource | None:
    """The key that a reference means, by itself or by an alias."""
    if isinstance(edge.target, KmsAlias):
        return next((to.target for to in graph.targets(edge.target, "key")), None)
    return edge.target


def _is_said(resource: Resource, named: tuple[str, ...]) -> Answer:
    """Whether a user says that something is sensitive."""
    address = resource.address
    if {address, address.partition("[")[0], resource.type} & {*named}:
        return YES
    tags = [word.removeprefix("tag:") for word in named if word.startswith("tag:")]
    return any_of(resource.carries_tag(tag) for tag in tags)


def _judged(graph: Graph, resource: Vault, named: tuple[str, ...]) -> SensitiveThing:
    address = resource.address
    said = _is_said(resource, named)
    if said.truth or isinstance(resource, Secret):
        return SensitiveThing(resource, address, YES)
    if isinstance(resource, SsmParameter):
        kind = NO if resource.kind is None else resource.kind.equals("SecureString")
        value = () if resource.value is None else secrets_in(graph, resource.value)
        keyed = any_of(answer for *_, answer in value)
        return SensitiveThing(resource, address, kind | said | keyed)
    tagged = any_of(
        # That it may have more tags than are known is no news of a bucket.
        answer
        for answer, _ in classes_in_tags(address, resource.tags, None)
    )
    if (tagged | said).truth:
        return SensitiveThing(resource, address, YES)
    if tagged.truth is None:
        return SensitiveThing(resource, address, tagged)
    name = resource.name.text if resource.name is not None else None
    named_so = name is not None and names_sensitive(name)
    if named_so and not isinstance(resource, LambdaFunction):
        reason = f"that {address} holds what is sensitive is known by its name alone"
        gap = Unknown(reason, "expression", resource.span)
        return SensitiveThing(resource, address, Answer(None, (gap,)), by_name=True)
    return SensitiveThing(resource, address, NO)


@cache
def _words() -> frozenset[str]:
    return frozenset(facts("sensitive_names")["words"])


def names_sensitive(name: str) -> bool:
    """Whether a word of a name says that what it holds is not for everybody."""
    return not _words().isdisjoint(part.lower() for part in _PARTS.split(name))


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
    for kind, table in _KINDS.items():
        for action in (*table.actions, *table.opens):
            if not may_somewhere(principal, action):
                continue
            for thing, arn, identity in _named(graph, principal, kind, action, things):
                known = found.get(thing.words)
                once = thing.words, action, arn_key(arn, identity)
                if once in judged or (known is not None and known.answer.truth):
                    continue
                judged.add(once)
                asked = ActionRequest(action, arn, identity)
                answer = thing.answer & _reads(graph, principal, thing, asked)
                if answer.truth or (known is None and answer.truth is None):
                    unlocked = _unlocked(graph, principal, thing)
                    needed = (asked, *unlocked.asked)
                    made = Reading(thing, tidy(answer), needed, unlocked.given, table.verb)
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
    table = next(table for kind, table in _KINDS.items() if isinstance(resource, kind))
    identity = Reference(resource.address, "arn", resource.span)
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
    identity = Reference(key.address, "arn", key.span)
    for one in key_admissions(graph, principal, key, action):
        answer = thing.answer & one.answer
        for asked in dict.fromkeys((action, DECRYPT)):
            answer = answer & ~is_denied(principal, asked, identity, identity)
        answer = answer & ~refused_by_key(graph, principal, key, action)
        # A key that is anybody's is no matter of one principal.
        if one.named and answer.may_be_true:
            asked_for = ActionRequest(action, identity, identity)
            yield Reading(thing, tidy(answer), (asked_for,), (one,), _KINDS[KmsKey].verb)


_Named = tuple[SensitiveThing, Val, Reference | None]


def _named(
    graph: Graph,
    principal: Principal,
    kind: type[Resource],
    action: str,
    things: dict[str, SensitiveThing],
) -> Iterator[_Named]:
    """What the statements of a principal that allow an action may be about."""
    for grant in principal.grants:
        if grant.managed is not None:
            continue  # AWS's own policies name no thing of anybody's
        for statement in grant.document.statements:
            if statement.effect.text == "Deny" or statement.resources is None:
                continue
            if not covers_action(statement, action).may_be_true:
                continue
            for entry in statement.resources:
                for one in _each(entry):
                    yield from _about(graph, kind, action, one, things)
                    if action == _BY_PATH:
                        yield from _below(one, things)


def _each(entry: Val) -> Iterator[Val]:
    if isinstance(entry, Unknown) and entry.candidates:
        yield from entry.candidates
    elif isinstance(entry, Value) and isinstance(entry.data, tuple):
        yield from entry.elements()
    else:
        yield entry


def _about(
    graph: Graph,
    kind: type[Resource],
    action: str,
    entry: Val,
    things: dict[str, SensitiveThing],
) -> Iterator[_Named]:
    """The things that one entry of ``Resource`` names, each with an ARN that it covers."""
    table = _KINDS[kind]
    after = table.after_of(action)
    pieces = pieces_of(entry) or ()
    text = "".join(one if isinstance(one, str) else "*" for one in pieces)
    for at, piece in enumerate(pieces):
        if not isinstance(piece, Reference):
            continue
        node = graph.get(piece.target)
        if isinstance(node, kind):
            thing = things.get(piece.target)
            rest = pieces[at + 1 :]
            if thing is not None and (kind is not Bucket or bool(rest) is bool(after)):
                identity = Reference(piece.target, "arn", piece.span)
                yield thing, example_of(pieces, entry.span), identity
            return
    if isinstance(entry, Reference) and kind is Secret and graph.get(entry.target) is None:
        yield SensitiveThing(None, f"the secret {entry.target}", YES), entry, None
        return
    if isinstance(entry, Unknown) and not entry.parts and not isinstance(entry, Reference):
        for thing in list(things.values())[:_MOST]:  # it may name any of them
            if isinstance(thing.resource, kind):
                identity = Reference(thing.resource.address, "arn", thing.resource.span)
                yield thing, identity, identity
        return
    start = f":{table.service}:"
    if text.strip("*") == "" or start not in text:
        return
    name = text.split(":", 5)[-1].removeprefix(table.before.rstrip("/")).lstrip(":/")
    if name.strip("*") == "" or not isinstance(pieces[-1], str):
        return  # all of them, which is a power
    matched = False
    for thing in list(things.values())[:_MOST]:
        if isinstance(thing.resource, kind) and isinstance(thing.resource, Vault):
            arn = _arn(thing.resource, table, after)
            identity = Reference(thing.resource.address, "arn", thing.resource.span)
            if arn is not None and match_arn(entry, arn, identity) is not False:
                # One of which the name is not known may be another.
                matched = matched or isinstance(thing.resource.name, Value)
                yield thing, arn, identity
    if not matched and action not in table.opens:
        yield from _elsewhere(kind, table, entry, name)


def _below(entry: Val, things: dict[str, SensitiveThing]) -> Iterator[_Named]:
    """The parameters below a path that an entry names, each with the path.

    Source: Systems Manager User Guide, "Restricting access to Parameter Store parameters using IAM
    policies": who has access to a path has it to all levels of it.
    """
    for thing in list(things.values())[:_MOST]:
        name = thing.resource.name if isinstance(thing.resource, SsmParameter) else None
        if isinstance(name, Unknown):
            arn = arn_in(entry.span, "ssm", "parameter/", name)
            if match_arn(entry, arn) is not False:
                yield thing, arn, None
            continue
        levels = (name.text or "").strip("/").split("/")[:-1] if name is not None else []
        for depth in range(1, len(levels) + 1):
            path = Value("/".join(levels[:depth]), entry.span)
            arn = arn_in(entry.span, "ssm", "parameter/", path)
            if match_arn(entry, arn) is not False:
                yield thing, arn, None


def _elsewhere(kind: type[Resource], table: _Kind, entry: Val, name: str) -> Iterator[_Named]:
    """A thing that a policy names by its ARN, and that may be declared elsewhere."""
    plain = name.partition("/")[0] if kind is Bucket else name
    plain = plain.removesuffix("-??????").removesuffix("-*")
    if not plain.strip("*?-/"):
        return
    words = f"the {table.words}{'s' if has_wildcard(plain) else ''} {plain!r}"
    if kind is Secret:
        yield SensitiveThing(None, words, YES), example_of(pieces_of(entry) or (), entry.span), None
    elif kind in (Bucket, Table) and names_sensitive(plain):
        reason = f"that {words} holds what is sensitive is known by its name alone"
        gap = Unknown(reason, "expression", entry.span)
        thing = SensitiveThing(None, words, Answer(None, (gap,)), by_name=True)
        yield thing, example_of(pieces_of(entry) or (), entry.span), None


def _arn(resource: Resource, table: _Kind, after: str) -> Val | None:
    """The ARN of a declared thing by its name, and what follows it."""
    name = resource.name if isinstance(resource, Vault) else None
    pieces = None if name is None else pieces_of(name)
    if pieces is None:
        return None
    first, *rest = pieces
    if isinstance(first, str):
        first = first.lstrip("/")
    known = joined((first, *rest, after), resource.span)
    home = table.home
    return arn_in(resource.span, table.service, table.before, known, region=home, account=home)


def _reads(
    graph: Graph, principal: Principal, thing: SensitiveThing, asked: ActionRequest
) -> Answer:
    """Whether a principal is allowed what reads a thing, and to decrypt what is under a key."""
    resource = thing.resource
    if isinstance(resource, KmsKey):
        ask = uses_key if asked.action == DECRYPT else opens_key
        return ask(graph, principal, resource, asked.action)
    answer = allowed_to(principal, (asked,))
    if answer.truth is False or resource is None:
        return answer
    answer = answer & ~refused_by_own_policy(graph, principal, resource, asked)
    if answer.truth is False:
        return answer
    return answer & _decryptable(graph, principal, resource, asked)


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
        known = None if name is None else Value(f"{name}{_KINDS[Secret].after}", secret.span)
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
    for edge in _locks(graph, thing.resource, "key"):
        key = _key_of(graph, edge)
        if isinstance(key, KmsKey):
            return unlocking(graph, principal, key)
    return Unlocking()


def _by_its_keys(graph: Graph, principal: Principal, resource: Resource) -> Answer:
    """Whether a principal may decrypt what is under the keys of a thing."""
    answer = YES
    of_bucket = isinstance(resource, Bucket)
    for edge in _locks(graph, resource, "key"):
        decrypts = _decrypts(graph, principal, resource, edge)
        if of_bucket and decrypts.truth is False:
            words = f"whether all in {resource.address} is under the key that is its default"
            decrypts = Answer(None, (Unknown(words, "external-id", edge.value.span),))
        answer = answer & decrypts
    return answer


def _decrypts(graph: Graph, principal: Principal, resource: Resource, edge: Edge) -> Answer:
    """Whether a principal may decrypt what is under a key."""
    key = _key_of(graph, edge)
    if not isinstance(key, KmsKey):
        # AWS's own keys are open to the account; what another one is, is not known.
        written = edge.value.text
        if written is not None and written.startswith("alias/aws/"):
            return YES
        anywhere = is_allowed(principal, "kms:Decrypt")
        words = f"whether {principal.name} may decrypt {resource.address} is not known"
        gap = Answer(None, (Unknown(words, "external-id", edge.value.span),))
        return anywhere if anywhere.truth else gap
    answer = uses_key(graph, principal, key, DECRYPT)
    return answer if answer.truth else answer | gives_itself_key(graph, principal, key)
