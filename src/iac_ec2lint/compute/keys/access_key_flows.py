"""Access keys of users that are made here and go on to instances.

Source: IAM User Guide, "Security best practices": workloads use temporary credentials of roles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.compute.keys.held_values import HeldValue, held_values
from iac_ec2lint.compute.launch.launches import HOST_TYPES, launches
from iac_ec2lint.compute.scripts.boot_scripts import boot_scripts
from iac_ec2lint.compute.sensitive_labels import labels
from iac_ec2lint.resources.iam_access_key import IamAccessKey
from iac_ec2lint.resources.instance import Instance
from iac_ec2lint.resources.maintenance_window import MaintenanceWindowTask
from iac_ec2lint.resources.part import Place
from iac_ec2lint.resources.provisioner import NullResource, provisioners
from iac_ec2lint.resources.ssm_association import SsmAssociation
from iac_ec2lint.resources.ssm_document import SsmDocument
from iac_ec2lint.resources.ssm_parameter import SsmParameter
from iac_ec2lint.resources.unread_module import UnreadModule
from iac_ec2lint.values import YES, Answer, Reference, Unknown, Val

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Resource
    from iac_ec2lint.source.span import Span

_GIVEN: Final = frozenset({"", "Ref", "SecretAccessKey", "id", "secret", "ses_smtp_password_v4"})
"""What of a key gives it away: its id, its secret, what is made of that; or all of it."""
_IDS: Final = frozenset({"Ref", "id"})


class AccessKeyFlow(NamedTuple):
    """An access key that goes to where instances have it, or may.

    Attributes:
        key: The key.
        words: Where it goes, in words: ``the user data of aws_instance.web``.
        resource: The resource that has that.
        place: Where it is handed over.
        whole: The place of all that it is put into.
        answer: Whether instances have it then.
        is_secret: Whether it is the secret half that goes there, or both.
        is_shown: Whether those who may describe the instance, or the document, read it there.
        in_script: Whether it goes to a boot script.
    """

    key: IamAccessKey
    words: str
    resource: Resource
    place: Place
    whole: Place
    answer: Answer
    is_secret: bool
    is_shown: bool
    in_script: bool


class _Handed(NamedTuple):
    """What may be handed a key; see ``AccessKeyFlow``."""

    words: str
    resource: Resource
    place: Place
    value: Val
    answer: Answer = YES
    is_shown: bool = False
    in_script: bool = False


def access_key_flows(graph: Graph) -> Iterator[AccessKeyFlow]:
    """The access keys of the unit that go to scripts, provisioners, documents or parameters.

    A key that is not active is none, and a parameter counts where a boot script reads it.
    """
    if next(graph.all(IamAccessKey), None) is None:
        return
    seen: set[object] = set()
    for handed in _handed(graph):
        for held, key, attribute, sure in _keys_in(graph, handed.value):
            answer = handed.answer & sure
            where = (key.address, handed.resource.address, held.value.span.key)
            if answer.truth is False or where in seen:
                continue
            seen.add(where)
            presence = held.presence.within(handed.place.presence)
            place = handed.place._replace(span=held.value.span, value=held.value, presence=presence)
            yield AccessKeyFlow(
                key,
                handed.words,
                handed.resource,
                place,
                handed.place,
                answer,
                is_secret=attribute not in _IDS,
                is_shown=handed.is_shown,
                in_script=handed.in_script,
            )


def secrets_in(graph: Graph, value: Val) -> Iterator[tuple[IamAccessKey, Span, Answer]]:
    """The access keys of which a value holds the secret half, or may; and where."""
    if next(graph.all(IamAccessKey), None) is not None:
        for held, key, attribute, answer in _keys_in(graph, value):
            if attribute not in _IDS and answer.may_be_true:
                yield key, held.value.span, answer


def _keys_in(graph: Graph, value: Val) -> Iterator[tuple[HeldValue, IamAccessKey, str, Answer]]:
    """The access keys that a value holds some of, of what of them, and whether it is so."""
    for held in held_values(value):
        for reference, sure in _named(held.value):
            key = graph.get(reference.target)
            if isinstance(key, IamAccessKey) and reference.attribute in _GIVEN:
                active = ~key.equals("status", "Inactive")
                yield held, key, reference.attribute, held.answer & sure & active


def _named(value: Val) -> Iterator[tuple[Reference, Answer]]:
    """The references that a value is, or is made of: such may be no more than a hash of it."""
    if isinstance(value, Reference):
        yield value, YES
    elif isinstance(value, Unknown) and not value.parts:
        for reference in value.references:
            yield reference, Answer(None, (value,))


def _handed(graph: Graph) -> Iterator[_Handed]:
    for script in boot_scripts(graph):
        resource, place = script.resource, script.place
        if script.kind == "user data" and place.value is not None:
            words = f"the user data of {resource.address}"
            yield _Handed(words, resource, place, place.value, is_shown=True, in_script=True)
    for host in graph.all(*HOST_TYPES):
        metadata = host.declared.metadata
        if metadata is not None:
            place = Place(host.span, "Metadata", metadata, host.presence)
            words = f"the metadata of {host.address}"
            yield _Handed(words, host, place, metadata, is_shown=True)
        # Whoever may describe instances or tags reads them, and the host itself by its metadata
        # (EC2 User Guide, "Tag your Amazon EC2 resources": tags are no place for secrets).
        for label in labels(host):
            words = f"{label.what} of {host.address}"
            yield _Handed(words, host, label.place, label.value, is_shown=True)
    for document in graph.all(SsmDocument):
        if document.content is not None:
            place = document.place("content")
            yield _Handed(document.address, document, place, document.content, is_shown=True)
    yield from _of_runs(graph)
    yield from _of_provisioners(graph)
    yield from _of_parameters(graph)
    for module in graph.all(UnreadModule):
        why = Answer(None, (module.gap,))
        for name, value in module.arguments():
            place = Place(value.span, name, value, module.presence)
            yield _Handed(module.address, module, place, value, why)


def _of_runs(graph: Graph) -> Iterator[_Handed]:
    """What associations and tasks give to documents that run on instances."""
    for association in graph.all(SsmAssociation):
        if association.parameters is not None:
            place = association.place("parameters")
            yield _Handed(
                association.address, association, place, association.parameters, is_shown=True
            )
    for task in graph.all(MaintenanceWindowTask):
        parts = ((part, "values", part.values) for part in task.parameters)
        for part, field, value in ((task, "parameter_map", task.parameter_map), *parts):
            if value is not None:
                yield _Handed(task.address, task, part.place(field), value, is_shown=True)


def _of_provisioners(graph: Graph) -> Iterator[_Handed]:
    for resource in graph.all(Instance, NullResource):
        for provisioner in provisioners(resource):
            runs = provisioner.label
            answer = YES
            if runs not in ("remote-exec", "file"):
                reason = "what the command does with it is not known"
                answer = Answer(None, (Unknown(reason, "computed", provisioner.span),))
            for name in ("command", "content", "environment", "inline"):
                written = getattr(provisioner, name)
                for value in written if isinstance(written, tuple) else (written,):
                    if value is not None:
                        words = f"a provisioner of {resource.address}"
                        place = provisioner.place(name, value)
                        yield _Handed(words, resource, place, value, answer)


def _of_parameters(graph: Graph) -> Iterator[_Handed]:
    """Parameters that boot scripts read; of others nobody knows, where there are instances."""
    if not any(not launch.unused for launch in launches(graph)):
        return
    scripts = boot_scripts(graph)
    for parameter in graph.all(SsmParameter):
        if parameter.value is None:
            continue
        name = parameter.name.text if parameter.name is not None else None
        read = any(
            (name is not None and name in (script.text or ""))
            or any(r.target == parameter.address for c in script.causes for r in c.references)
            for script in scripts
        )
        reason = f"whether instances read {parameter.address} is not known"
        doubt = Answer(None, (Unknown(reason, "external-id", parameter.span),))
        answer = YES if read else doubt
        words = f"{parameter.address}, which {'' if read else 'may be what '}a boot script reads"
        yield _Handed(words, parameter, parameter.place("value"), parameter.value, answer)
