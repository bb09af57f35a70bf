"""Private keys that go to where others read them: written down, or made by Terraform.

Source: Terraform, "Manage sensitive data in your configuration"; the TLS provider's documentation
of ``tls_private_key``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from iac_ec2lint.compute.choices import choices
from iac_ec2lint.compute.keys.held_values import held_values
from iac_ec2lint.compute.keys.private_keys import generated_keys
from iac_ec2lint.compute.launch.launches import HOST_TYPES
from iac_ec2lint.compute.scripts.boot_script import read_packed, read_script
from iac_ec2lint.compute.scripts.boot_scripts import boot_scripts
from iac_ec2lint.compute.scripts.secrets.patterns import PRIVATE_KEY
from iac_ec2lint.compute.scripts.secrets.words import is_about, names_password
from iac_ec2lint.declaration import CERTAIN
from iac_ec2lint.resources.certificate import Certificate
from iac_ec2lint.resources.instance import Instance
from iac_ec2lint.resources.key_pair import KeyPair
from iac_ec2lint.resources.local_file import LocalFile
from iac_ec2lint.resources.output import Output
from iac_ec2lint.resources.private_key import PrivateKey
from iac_ec2lint.resources.provisioner import NullResource, connections, provisioners
from iac_ec2lint.resources.ssm_parameter import SsmParameter
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values import Answer, Reference, Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.declaration import Presence
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Part, Place, Resource
    from iac_ec2lint.source.span import Span

Sink = Literal["file", "output", "user data", "parameter", "provisioner", "connection"]

_PRIVATE: Final = regular_expression(r"(?:private_key_.*)?")
"""The attributes that have a private key; the whole object has it too."""
_NOT_WHERE: Final = r"(?!\w*(?:path|file_?name|_arn|_id|_name)\b)"
"""What is called so says where a key is, and not what it is."""
_KEY_OF_MODULE: Final = regular_expression(rf"\.private_key{_NOT_WHERE}(?:_\w+)?$")
"""A reference to an output that is called one."""
_CALLED_KEY: Final = regular_expression(rf"private_?key{_NOT_WHERE}|_pem\b", re.IGNORECASE)
_NO_VALUE: Final = regular_expression(
    r'(?:the value of )?(?:var\.|parameter ")(?P<name>\w+)"? (?:has no value|is secret)'
)
_NAMING: Final = frozenset({"Arn", "Id", "Ref", "arn", "id", "name"})
"""Attributes that say which resource something is, and nothing of what it holds."""
_INPUTS: Final = frozenset({"variable", "parameter"})
_MADE: Final = regular_expression(
    r"(?:format|formatdate|json(?:de|en)code|lower|md5|replace|sha\d+|split|substr|title|upper"
    r"|yaml(?:de|en)code)\("
)
"""A text that a function makes of an input: that is no key, unless it is called one."""
_OF_AWS: Final = regular_expression(
    r"(?!.*(?:\b(?:each|local|module|self|var|file\w*|templatefile)\b|\btls_|PRIVATE KEY))"
    r".*\baws_\w+\..*",
    re.DOTALL,
)
"""Blocks of outputs that have nothing but what AWS gives to a resource."""
_VALUE: Final = regular_expression(r"^[^\S\n]*value\s*=", re.MULTILINE)
_OUTPUT: Final = regular_expression(r"^[^\S\n]*value\s*=\s*module\.(\w+)\.(\w+)\s*$", re.MULTILINE)
_NAMED: Final = regular_expression(
    r"^[^\S\n]*value\s*=\s*(?:try\(|one\()?\s*module(?:\.\w+|\[[^\]\[\"]*\])*"
    r"(?:\.|_)(?:arn|arns|cidr_block|dns_name|endpoint|id|ids|private_ip|public_dns|public_ip)"
    r"(?:\[0\])?\s*(?:,\s*(?:null|\"\"|\[\]))?\)?\s*$",
    re.MULTILINE,
)
"""Blocks of outputs that are called what no key is. Parsing and evaluating all takes long."""


class KeyFlow(NamedTuple):
    """A private key that goes to where others read it, or may.

    Attributes:
        sink: What it goes to.
        resource: The resource that has that.
        place: Where it is handed over. A key that is written down there must not be quoted.
        key: What the key is of: the address of the one that Terraform makes, or of a module; empty
            for one that is written down.
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


class _Handed(NamedTuple):
    """What may be handed a key.

    Attributes:
        kind: What it is.
        resource: The resource that has it.
        part: The part that has the field.
        name: The field.
        value: What it is handed.
    """

    kind: Sink
    resource: Resource
    part: Part
    name: str
    value: Val | None


def key_flows(graph: Graph) -> Iterator[KeyFlow]:
    """The private keys that go to files, outputs, user data, parameters or provisioners.

    Outputs that are hidden do not count, nor do those of called modules, nor encrypted parameters;
    nor does the key of a certificate, if it is no key pair's too.
    """
    made = frozenset(key.address for key in graph.all(PrivateKey))
    made -= _of_certificates(graph, made)
    for sink in _sinks(graph):
        if sink.value is None:
            continue
        seen: set[tuple[str, object]] = set()
        for held in (*_held(sink.value, made), *_given(sink.kind, sink.value)):
            if (held.key, held.value.span.key) not in seen:
                seen.add((held.key, held.value.span.key))
                yield from _of_held(sink, held)
    yield from _of_scripts(graph, made)


def _of_certificates(graph: Graph, made: frozenset[str]) -> set[str]:
    """The keys that sign certificates or requests, and are no key pair's."""
    found: set[str] = set()
    for certificate in graph.all(Certificate):
        if certificate.private_key is not None:
            found.update(held.key for held in _held(certificate.private_key, made))
    if found:
        found -= {key.private.address for key in generated_keys(graph)}
    return found


def _of_held(sink: _Handed, held: _Held) -> Iterator[KeyFlow]:
    """The flow of a key that a sink is handed; one for each kind that the sink may be of."""
    place = sink.part.place(sink.name, sink.value)
    place = place._replace(
        span=_span(held, place),
        value=held.value,
        presence=place.presence if held.presence.certain else held.presence.within(place.presence),
    )
    resource = sink.resource
    if isinstance(resource, Output) and sink.kind == "output":
        read = ~(resource.equals("sensitive", True) | resource.equals("ephemeral", True))
        if read.truth is not False:
            yield KeyFlow(sink.kind, resource, place, held.key, held.answer & read)
    elif isinstance(resource, SsmParameter) and resource.kind is not None:
        for kind in choices(resource.kind, place.presence):
            read = ~kind.value.equals("SecureString")
            if kind.doubt is not None:
                read = read & Answer(None, (kind.doubt,))
            if read.truth is not False:
                there = place._replace(presence=kind.presence)
                yield KeyFlow(sink.kind, resource, there, held.key, held.answer & read)
    else:
        yield KeyFlow(sink.kind, resource, place, held.key, held.answer)


def _span(held: _Held, place: Place) -> Span:
    """Where a key is handed over: what refers to a whole resource has that one's own span."""
    value = held.value
    if isinstance(value, Reference) and not value.attribute and place.part is not None:
        for section, steps in place.part.written_at(place.name):
            written = section.expression(str(steps[-1]))
            if written is not None:
                return written
    return value.span


def _sinks(graph: Graph) -> Iterator[_Handed]:
    """What may be handed a key, but for boot scripts."""
    for file in graph.all(LocalFile):
        yield _Handed("file", file, file, "content", file.content)
        yield _Handed("file", file, file, "content_base64", file.content_base64)
    for parameter in graph.all(SsmParameter):
        yield _Handed("parameter", parameter, parameter, "value", parameter.value)
    texts = {output.address: output.declared.extent.text for output in graph.all(Output)}
    for output in graph.all(Output):
        if output.declared.language == "terraform" and output.declared.callers:
            continue  # what a called module gives back is neither stored nor shown by itself
        text = texts[output.address]
        read = _OUTPUT.search(text)
        if read is not None and _is_plain(text):
            # What an output of a module is written as is seen without evaluating it.
            call = output.address.removesuffix(f"output.{output.address.rpartition('.')[2]}")
            text = texts.get(f"{call}module.{read[1]}.output.{read[2]}", text)
        if not _is_harmless(text):
            yield _Handed("output", output, output, "value", output.value)
    for resource in graph.all(Instance, KeyPair, LocalFile, NullResource, PrivateKey):
        for kind, part, names in _of_provisioners(resource):
            for name in names:
                found = getattr(part, name)
                for value in found if isinstance(found, tuple) else (found,):
                    yield _Handed(kind, resource, part, name, value)


def _is_harmless(text: str) -> bool:
    """Whether a block of an output shows, without being evaluated, that it is no key."""
    if _OF_AWS.fullmatch(text) is not None:
        return True
    return _is_plain(text) and _NAMED.search(text) is not None


def _is_plain(text: str) -> bool:
    """Whether a line of a block that looks like its value is that: no comment, no text."""
    return "/*" not in text and "<<" not in text and len(_VALUE.findall(text)) == 1


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
        for held in (*_held(value, made), *_given("user data", value)):
            place = script.place._replace(presence=held.presence.within(script.place.presence))
            if held.key or held.answer.truth is None:
                place = place._replace(span=held.value.span, value=held.value)
            else:
                text, _ = read_script(held.value)
                lines = [line.strip() for line in (text or "").split("\n")]
                named = [line for line in lines if PRIVATE_KEY.search(line)]
                at = held.value.span if held.value.span.path == place.span.path else place.span
                found = script._replace(place=place._replace(span=at)).span_of(*named[:1])
                place = place._replace(span=found)
            yield KeyFlow("user data", script.resource, place, held.key, held.answer)


def _given(kind: Sink, value: Val) -> Iterator[_Held]:
    """An input without a value, which may be a key: of outputs, if it is called one."""
    if not isinstance(value, Unknown) or value.candidates or value.cause not in _INPUTS:
        return
    if value.span.code == "terraform.workspace":  # the name of one, which is no key
        return
    made = not isinstance(value.decoded, Unknown) and _MADE.match(value.span.code)
    if value.parts or kind == "output" or made:
        pieces = [part for part in value.parts if isinstance(part, Unknown)] or [value]
        named = [
            piece
            for piece in pieces
            if _CALLED_KEY.search(piece.reason)
            and not (isinstance(piece, Reference) and piece.attribute in _NAMING)
        ]
        if named:
            yield _Held("", value, CERTAIN, Answer(None, tuple(named)))
    elif value.decoded is not None:
        yield from _given(kind, value.decoded)
    elif not value.references and not _holds_something_else(_input_of(value)):
        yield _Held("", value, CERTAIN, Answer(None, (value,)))


def _holds_something_else(name: str) -> bool:
    """Whether an input is called what no key is: something about one, or a password."""
    return is_about(name) or (names_password(name) and _CALLED_KEY.search(name) is None)


def _input_of(value: Unknown) -> str:
    """The name of an input without a value, or of a secret; empty where it is neither."""
    named = _NO_VALUE.fullmatch(value.reason)
    return "" if named is None else named["name"]


def _held(value: Val, made: frozenset[str]) -> Iterator[_Held]:
    """The private keys in a value, also in a part of it, or in what it encodes."""
    for current, there, answer in held_values(value):
        if isinstance(current, Value):
            text = current.text or ""
            if PRIVATE_KEY.search(text) or PRIVATE_KEY.search(read_packed(text)):
                yield _Held("", current, there, answer)
        elif isinstance(current, Reference) and current.target in made:
            if _PRIVATE.fullmatch(current.attribute):
                yield _Held(current.target, current, there, answer)
        elif current.parts:
            known = "".join(part for part in current.parts if isinstance(part, str))
            if PRIVATE_KEY.search(known):
                yield _Held("", current, there, answer)
        elif current.cause == "module" and _KEY_OF_MODULE.search(current.span.code):
            address = current.span.code.rpartition(".")[0]
            yield _Held(address, current, there, Answer(None, (current,)))
        else:
            # What is made of a key may be no more than a hash of it.
            for reference in current.references:
                if reference.target in made and _PRIVATE.fullmatch(reference.attribute):
                    yield _Held(reference.target, current, there, Answer(None, (current,)))
