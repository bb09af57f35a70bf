"""The ports of data stores, where a template tells them or the engine has its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.cloudformation.evaluator import Evaluator
from iac_ec2lint.cloudformation.instance import StackResource
from iac_ec2lint.declaration.own_ports import has_own_port, own_port
from iac_ec2lint.document.tree import Mapping
from iac_ec2lint.values import Val, Value

if TYPE_CHECKING:
    pass

_READER_PORT = "ReaderEndpoint.Port"
"""Of ``AWS::ElastiCache::ServerlessCache``, whose readers have a port beside the engine's."""


def port_of(evaluator: Evaluator, instance: StackResource, attribute: str) -> Value | None:
    """The port of a data store (``Endpoint.Port``), where it is written or the engine's own."""
    resource = instance.resource
    properties = resource.properties
    if attribute.rpartition(".")[2] != "Port" or not has_own_port(resource.type):
        return None
    if not isinstance(properties, Mapping) or attribute == _READER_PORT:
        return None

    def read(name: str) -> Val | None:
        node = properties.get(name)
        return evaluator.evaluate(node, instance.scope) if node is not None else None

    for name in ("Port", "DBPort"):
        written = read(name)
        if written is not None:
            return written if isinstance(written, Value) else None
    return own_port(resource.type, instance.logical_id, resource.key.span, read)
