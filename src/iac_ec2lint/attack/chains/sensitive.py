"""What is sensitive, and how it is read.

Sensitive are secrets, parameters of type SecureString, and buckets, tables and functions whose tags
(of buckets and tables also names) say that their data is not for everybody; databases and disks
that somebody may copy; keys that guard any of it; and what a user names. A permission for all of a
kind is no matter of one thing: ``iam.privilege`` knows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from iac_ec2lint.attack.chains.databases import Store, stores_of
from iac_ec2lint.attack.disks.key_access import DECRYPT, OPENING_KEYS, key_of
from iac_ec2lint.attack.disks.private_data import classes_in_tags
from iac_ec2lint.compute.keys.access_key_flows import secrets_in
from iac_ec2lint.facts import facts
from iac_ec2lint.graph.graph import Edge, Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.iam.access import tidy
from iac_ec2lint.resources.kms_key import KmsKey
from iac_ec2lint.resources.lambda_function import LambdaFunction
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.resources.ssm_parameter import SsmParameter
from iac_ec2lint.resources.stored_data import Bucket, BucketEncryption, Secret, Table
from iac_ec2lint.values import NO, YES, Answer, Unknown, any_of

Vault = Secret | SsmParameter | Bucket | Table | LambdaFunction
"""What holds data that a permission of IAM alone reads."""

Sensitive = Vault | KmsKey | Store
"""What may be sensitive; a key is what it guards."""

MOST: Final = 400
"""How many things of a unit a wildcard is compared with."""

BY_PATH: Final = "ssm:GetParametersByPath"
"""Who may do it to a path reads every level below it."""

_PARTS: Final = re.compile(r"[^a-z0-9]+|(?<=[a-z])(?=[A-Z])")


class Kind(NamedTuple):
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
        exports: What copies it into a bucket of whoever asks.
    """

    actions: tuple[str, ...]
    service: str
    before: str
    after: str
    home: bool
    words: str
    opens: tuple[str, ...] = ()
    verb: str = "read"
    exports: tuple[str, ...] = ()

    def after_of(self, action: str) -> str:
        """What follows its name in the ARN that an action is about: an object, or the bucket."""
        return "" if action in self.opens and not self.home else self.after


KINDS: Final[dict[type[Resource], Kind]] = {
    Secret: Kind(
        ("secretsmanager:GetSecretValue",),
        "secretsmanager",
        "secret:",
        "-xxxxxx",
        True,
        "secret",
        ("secretsmanager:PutResourcePolicy",),
    ),
    SsmParameter: Kind(
        ("ssm:GetParameter", "ssm:GetParameters", BY_PATH, "ssm:GetParameterHistory"),
        "ssm",
        "parameter/",
        "",
        True,
        "parameter",
    ),
    Bucket: Kind(
        ("s3:GetObject", "s3:GetObjectVersion"),
        "s3",
        "",
        "/x",
        False,
        "bucket",
        ("s3:PutBucketPolicy",),
    ),
    Table: Kind(
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
        exports=("dynamodb:ExportTableToPointInTime",),
    ),
    LambdaFunction: Kind(
        ("lambda:InvokeFunction",),
        "lambda",
        "function:",
        "",
        True,
        "function",
        ("lambda:AddPermission",),
        "call",
    ),
    KmsKey: Kind((DECRYPT,), "kms", "key/", "", True, "key", OPENING_KEYS, "decrypt with"),
}


OPENING: Final = frozenset(action for kind in KINDS.values() for action in kind.opens)
"""What changes the policies of things."""


class SensitiveThing(NamedTuple):
    """Something that is, or may be, sensitive.

    Attributes:
        resource: What is declared; ``None`` for what a policy names and the unit does not declare.
        words: What it is called.
        answer: Whether it is sensitive.
        by_name: Whether nothing but its name says so.
        guards: Of a key, what is under it.
        directly: Of a key, whether all under it is read with permissions for that, which are asked
            for apart: of the key there is left what is decrypted by no service.
    """

    resource: Sensitive | None
    words: str
    answer: Answer
    by_name: bool = False
    guards: tuple[str, ...] = ()
    directly: bool = False


@remembered
def sensitive_things(graph: Graph, named: tuple[str, ...]) -> dict[str, SensitiveThing]:
    """The sensitive things that a unit declares, by address.

    Args:
        graph: The graph.
        named: What a user says is sensitive: addresses, types, and ``tag:KEY`` or
            ``tag:KEY=VALUE``.
    """
    found: dict[str, SensitiveThing] = {}
    for resource in graph.all(*KINDS):
        if isinstance(resource, Vault):
            thing = _judged(graph, resource, named)
            if thing.answer.truth is not False:
                found[resource.address] = thing
    guarded: dict[KmsKey, dict[SensitiveThing, Answer]] = {}
    stores = (SensitiveThing(one, one.address, YES) for one in stores_of(graph))
    for thing in (*found.values(), *stores):
        for edge in locks(graph, thing.resource) if not thing.by_name else ():
            key = key_of(graph, edge)
            if isinstance(key, KmsKey):
                guarded.setdefault(key, {})[thing] = thing.answer & edge.answer
    for key in graph.all(KmsKey):
        under = guarded.get(key, {})
        said = _is_said(key, named)
        answer = said | any_of(under.values())
        if answer.may_be_true:
            words = tuple(thing.words for thing in under)
            directly = said.truth is False and all(isinstance(t.resource, Vault) for t in under)
            found[key.address] = SensitiveThing(
                key, key.address, tidy(answer), guards=words, directly=directly
            )
    return found


_LOCKS: Final = ("key", "data_key", "replica_key", "storage_key")


def locks(graph: Graph, resource: Resource | None, *names: str) -> Iterator[Edge]:
    """The references of a thing to keys that it is under."""
    if resource is not None:
        apart = (edge.source for edge in graph.sources(resource, "bucket"))
        for one in (resource, *(one for one in apart if isinstance(one, BucketEncryption))):
            yield from graph.targets(one, *(names or _LOCKS))


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
