"""Resources passed to what nothing is known of (semantics.md, B0).

That are modules and nested stacks whose source is not available, and resources of types that others
than AWS have published.

Such a module may add rules to a group, attach a gateway to a VPC or associate a subnet with a route
table: what is closed in the source is then not certainly closed.
"""

from __future__ import annotations

from typing import Final

from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.resources.unread_module import UnreadModule
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values import Unknown, references_of, walk_possible

_MADE: Final = regular_expression(r"[\"']?(?:Fn::|!)Transform|[\"']?AWS::Include")
"""What adds resources to a template that are not in it."""

_IDS: Final = frozenset(
    {
        "",
        "Id",
        "InstanceId",
        "NetworkInterfaceId",
        "Ref",
        "arn",
        "id",
        "primary_network_interface_id",
    }
)
"""The attributes by which others attach something to an instance or an interface."""


def unknown_module_cause(graph: Graph, resource: Resource | None) -> Unknown | None:
    """The unknown for a resource that is passed to a module without source; else ``None``."""
    span = graph.escaped.get(resource.address) if resource is not None else None
    if resource is None or span is None:
        return None
    what = "stack" if "::" in resource.type else "module"
    reason = f"{resource.address} is handed to a {what} that is not on the disk"
    taker = graph.escaped_to(resource.address)
    if taker:
        reason = f"{resource.address} is handed to {taker}"
    elif _MADE.match(span.text):
        reason = f"{resource.address} may be named by resources that a macro adds"
    module = _takers(graph).get(resource.address)
    return Unknown(reason, "module", span, inputs=() if module is None else (module.input,))


def handed_by_id(graph: Graph, resource: Resource) -> Unknown | None:
    """As ``unknown_module_cause``, where what is passed may be its id, and not its addresses alone.

    Who knows the private address of an instance gives it nothing.
    """
    read = _attributes(graph).get(resource.address)
    if read is not None and not read & _IDS:
        return None
    return unknown_module_cause(graph, resource)


@remembered
def _attributes(graph: Graph) -> dict[str, set[str]]:
    """The attributes of each resource that modules and stacks are given, by its address."""
    found: dict[str, set[str]] = {}
    for module in graph.all(UnreadModule):
        for _, value in module.arguments():
            for one in walk_possible(value):
                for reference in references_of(one):
                    found.setdefault(reference.target, set()).add(reference.attribute)
    return found


@remembered
def _takers(graph: Graph) -> dict[str, UnreadModule]:
    """The first module that each resource is passed to, by the resource's address."""
    found: dict[str, UnreadModule] = {}
    for module in graph.all(UnreadModule):
        for _, value in module.arguments():
            for one in walk_possible(value):
                for reference in references_of(one):
                    found.setdefault(reference.target, module)
    return found
