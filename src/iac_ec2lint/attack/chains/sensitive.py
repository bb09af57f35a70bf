"""What is sensitive; how it is read, ``kinds`` says.

Sensitive are secrets, parameters of type SecureString, and buckets, tables and functions whose tags
(of buckets and tables also names) say that their data is not for everybody; databases and disks
that somebody may copy; keys that guard any of it; and what a user names. A permission for all of a
kind is no matter of one thing: ``iam.privilege`` knows it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from iac_ec2lint.attack.chains.databases import stores_of
from iac_ec2lint.attack.chains.kinds import KINDS, Sensitive, Vault
from iac_ec2lint.attack.chains.sensitive_names import names_sensitive
from iac_ec2lint.attack.disks.key_access import key_of
from iac_ec2lint.attack.disks.private_data import classes_in_tags
from iac_ec2lint.compute.keys.access_key_flows import secrets_in
from iac_ec2lint.graph.graph import Edge, Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.iam.access import tidy
from iac_ec2lint.resources.kms_key import KmsKey
from iac_ec2lint.resources.lambda_function import LambdaFunction
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.resources.ssm_parameter import SsmParameter
from iac_ec2lint.resources.stored_data import BucketEncryption, Secret
from iac_ec2lint.values import NO, YES, Answer, Unknown, any_of


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
