"""Credentials that cfn-init logs in with: ``AWS::CloudFormation::Authentication``.

Source: CloudFormation User Guide, "AWS::CloudFormation::Authentication".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.compute.choices import choices
from iac_ec2lint.compute.launch.launches import HOST_TYPES
from iac_ec2lint.compute.scripts.secrets.pieces import is_dynamic, is_secret, parameter_secrecy
from iac_ec2lint.declaration import CERTAIN
from iac_ec2lint.resources.part import Place
from iac_ec2lint.values import NO, YES, Answer, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Resource
    from iac_ec2lint.values import Val

_AUTHENTICATION: Final = "AWS::CloudFormation::Authentication"
_SECRET: Final = ("secretKey", "password", "accessKeyId")


class InitCredential(NamedTuple):
    """A credential in the metadata of a resource.

    Attributes:
        resource: The resource.
        block: The name of the block that it is in.
        name: Which one: ``secretKey``, ``password`` or ``accessKeyId``.
        place: Where it is; what stands there must not be quoted.
        answer: Whether it can be read there.
    """

    resource: Resource
    block: str
    name: str
    place: Place
    answer: Answer


def init_credentials(graph: Graph) -> Iterator[InitCredential]:
    """The credentials in metadata that can be read there, or may be, by resource."""
    for resource in graph.all(*HOST_TYPES):
        metadata = resource.declared.metadata
        said = None if metadata is None else metadata.items().get(_AUTHENTICATION)
        for block, entry in (said.items() if said is not None else {}).items():
            for name in _SECRET:
                value = entry.items().get(name)
                for choice in choices(value, CERTAIN) if value is not None else ():
                    answer = _is_readable(name, choice.value)
                    if choice.doubt is not None and answer.truth:
                        answer = Answer(None, (choice.doubt,))
                    if answer.truth is not False:
                        path = f"Metadata.{_AUTHENTICATION}.{block}.{name}"
                        place = Place(choice.value.span, path, choice.value, choice.presence)
                        yield InitCredential(resource, block, name, place, answer)


def _is_readable(name: str, value: Val) -> Answer:
    """Whether a credential stands in metadata as it is: ``NoEcho`` does not hide it there."""
    if isinstance(value, Value):
        return Answer(bool(value.text))
    if is_dynamic(value):  # it is not resolved in metadata
        return NO
    held = True if parameter_secrecy(value) else is_secret(value)
    if held is False and name == "accessKeyId":  # the id of a key that is made here
        return NO
    return YES if held else Answer(None, (value,))
