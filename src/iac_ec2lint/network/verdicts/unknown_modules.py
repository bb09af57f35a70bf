"""Resources passed to modules and nested stacks whose source is not available (semantics.md, B0).

Such a module may add rules to a group, attach a gateway to a VPC or associate a subnet with a route
table: what is closed in the source is then not certainly closed.
"""

from __future__ import annotations

from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.values import Unknown


def unknown_module_cause(graph: Graph, resource: Resource | None) -> Unknown | None:
    """The unknown for a resource that is passed to a module without source; else ``None``."""
    span = graph.escaped.get(resource.address) if resource is not None else None
    if resource is None or span is None:
        return None
    what = "stack" if "::" in resource.type else "module"
    reason = f"{resource.address} is handed to a {what} that is not on the disk"
    return Unknown(reason, "module", span)
