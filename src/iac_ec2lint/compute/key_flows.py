"""Private keys that go to where others read them: written down, or made by Terraform.

Source: Terraform, "Manage sensitive data in your configuration"; the TLS provider's documentation
of ``tls_private_key``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from iac_ec2lint.compute.boot_scripts import boot_scripts, read_packed, read_script
from iac_ec2lint.compute.choices import choices
from iac_ec2lint.compute.launch import HOST_TYPES
from iac_ec2lint.compute.script_secrets import PRIVATE_KEY
from iac_ec2lint.resources.instance import Instance
from iac_ec2lint.resources.key_pair import KeyPair
from iac_ec2lint.resources.local_file import LocalFile
from iac_ec2lint.resources.output import Output
from iac_ec2lint.resources.private_key import PrivateKey
from iac_ec2lint.resources.provisioner import NullResource, connections, provisioners
from iac_ec2lint.resources.ssm_parameter import SsmParameter
from iac_ec2lint.values import YES, Answer, Reference, Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.declaration import Presence
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Part, Place, Resource
    from iac_ec2lint.source.span import Span

Sink = Literal["file", "output", "user data", "parameter", "provisioner", "connection"]

_PRIVATE: Final = re.compile(r"(?:private_key_.*)?")
"""The attributes that have a private key; the whole object has it too."""


class KeyFlow(NamedTuple):
    """A private key that goes to where others read it, or may.

    Attributes:
        sink: What it goes to.
        resource: The resource that has that.
        place: Where it is handed over. A key that is written down there must not be quoted.
        key: The address of the key that Terraform makes; empty for one that is written down.
        answer: Whether it goes there.
    """

    sink: Sink
    resource: Resource
    place: Place
    key: str
    answer: Answer


class _Held(NamedTuple):
    """A private key in a value."""

    key: str
    value: Val
    presence: Presence
    answer: Answer


def key_flows(graph: Graph) -> Iterator[KeyFlow]:
    """The private keys that go to files, outputs, user data, parameters or provisioners.

    Outputs that are sensitive do not count, nor do encrypted parameters.
    """
    made = frozenset(key.address for key in graph.all(PrivateKey))
    for sink, resource, place, answer in _sinks(graph):
        if place.value is None or answer.truth is False:
            continue
        seen: set[tuple[str, object]] = set()
        for held in _held(place.value, place.presence, made):
            if (held.key, held.value.span.key) not in seen:
                seen.add((held.key, held.value.span.key))
                there = place._replace(
                    span=_span(held, place), value=held.value, presence=held.presence
                )
                yield KeyFlow(sink, resource, there, held.key, held.answer & answer)
    yield from _of_scripts(graph, made)


def _span(held: _Held, place: Place) -> Span:
    """Where a key is handed over: what refers to a whole resource has that one's own span."""
    value = held.value
    if isinstance(value, Reference) and not value.attribute and place.part is not None:
        for section, steps in place.part.written_at(place.name):
            written = section.expression(str(steps[-1]))
            if written is not None:
                return written
    return value.span


def _sinks(graph: Graph) -> Iterator[tuple[Sink, Resource, Place, Answer]]:
    """What may be handed a key, but for boot scripts; whether others read what it is handed."""
    for file in graph.all(LocalFile):
        for name in ("content", "content_base64"):
            yield "file", file, file.place(name), YES
    for output in graph.all(Output):
        hidden = output.equals("sensitive", True) | output.equals("ephemeral", True)
        yield "output", output, output.place("value"), ~hidden
    for parameter in graph.all(SsmParameter):
        place = parameter.place("value")
        if parameter.kind is None:
            yield "parameter", parameter, place, YES
            continue
        for kind in choices(parameter.kind, place.presence):
            plain = ~kind.value.equals("SecureString")
            plain = plain if kind.doubt is None else Answer(None, (kind.doubt,)) & plain
            yield "parameter", parameter, place._replace(presence=kind.presence), plain
    for resource in graph.all(Instance, KeyPair, LocalFile, NullResource, PrivateKey):
        for sink, part, names in _of_provisioners(resource):
            for name in names:
                found = getattr(part, name)
                for value in found if isinstance(found, tuple) else (found,):
                    if value is not None:
                        yield sink, resource, part.place(name, value), YES


def _of_provisioners(resource: Resource) -> Iterator[tuple[Sink, Part, tuple[str, ...]]]:
    logins = ("private_key", "bastion_private_key")
    for connection in connections(resource):
        yield "connection", connection, logins
    for provisioner in provisioners(resource):
        yield "provisioner", provisioner, ("command", "content", "environment", "inline")
        if provisioner.connection.written:
            yield "connection", provisioner.connection, logins


def _of_scripts(graph: Graph, made: frozenset[str]) -> Iterator[KeyFlow]:
    for script in boot_scripts(graph):
        value = script.place.value
        if value is None or not isinstance(script.resource, HOST_TYPES):
            continue
        for held in _held(value, script.place.presence, made):
            place = script.place._replace(presence=held.presence)
            if held.key:
                place = place._replace(span=held.value.span, value=held.value)
            else:
                text, _ = read_script(held.value)
                lines = [line.strip() for line in (text or "").split("\n")]
                named = [line for line in lines if PRIVATE_KEY.search(line)]
                at = held.value.span if held.value.span.path == place.span.path else place.span
                found = script._replace(place=place._replace(span=at)).span_of(*named[:1])
                place = place._replace(span=found)
            yield KeyFlow("user data", script.resource, place, held.key, held.answer)


def _held(value: Val, presence: Presence, made: frozenset[str]) -> Iterator[_Held]:
    """The private keys in a value, also in a part of it, or in what it encodes."""
    pending: list[tuple[Val, Presence, Answer]] = [(value, presence, YES)]
    while pending:
        current, there, answer = pending.pop()
        if isinstance(current, Value):
            text = current.text
            if text is None:
                inner = [*current.elements()] if isinstance(current.data, tuple) else []
                inner += current.items().values()
                pending.extend((one, there, answer) for one in reversed(inner))
            elif PRIVATE_KEY.search(text) or PRIVATE_KEY.search(read_packed(text)):
                yield _Held("", current, there, answer)
            continue
        if current.candidates:
            pending.extend(
                (
                    one.value,
                    one.presence,
                    answer if one.doubt is None else Answer(None, (one.doubt,)),
                )
                for one in choices(current, there)
            )
        elif isinstance(current, Reference) and current.target in made:
            if _PRIVATE.fullmatch(current.attribute):
                yield _Held(current.target, current, there, answer)
        elif current.decoded is not None:
            pending.append((current.decoded, there, answer))
        elif current.parts:
            known = "".join(part for part in current.parts if isinstance(part, str))
            if PRIVATE_KEY.search(known):
                yield _Held("", current, there, answer)
            pieces = [part for part in current.parts if isinstance(part, Unknown)]
            pending.extend((part, there, answer) for part in reversed(pieces))
        else:
            # What is made of a key may be no more than a hash of it.
            for reference in current.references:
                if reference.target in made and _PRIVATE.fullmatch(reference.attribute):
                    yield _Held(reference.target, current, there, Answer(None, (current,)))
