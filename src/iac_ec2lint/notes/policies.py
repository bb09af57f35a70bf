"""What AWS refuses in policy documents, or what has no effect there.

Source: IAM User Guide, "Grammar of the IAM JSON policy language" and "Principal"; semantics.md,
D1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.engine.check import Remark
from iac_ec2lint.iam.policy.document import PolicyDocument
from iac_ec2lint.iam.policy.statement import Statement
from iac_ec2lint.notes.certainty import surely_there
from iac_ec2lint.resources.iam_principal import IamGroup, IamUser, PrincipalPolicy
from iac_ec2lint.resources.iam_role import ManagedPolicy, Role, RolePolicy
from iac_ec2lint.resources.part import Place
from iac_ec2lint.resources.vpc_endpoint import VpcEndpoint, VpcEndpointPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.document.policy_json import Problem
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Part, Resource

_HOLDERS: Final[dict[type[Resource], str]] = {
    Role: "trust_policy",
    RolePolicy: "document",
    PrincipalPolicy: "document",
    ManagedPolicy: "document",
    VpcEndpoint: "policy",
    VpcEndpointPolicy: "policy",
}
"""What has a policy document, and as which field."""


def remarks(graph: Graph) -> Iterator[Remark]:
    """A note for each flaw of a statement that is surely there."""
    for resource, part, field in _documents(graph):
        value = getattr(part, field)
        if value is None or not surely_there(resource, part):
            continue
        of_identity = field == "document"
        document = (PolicyDocument.read_identity if of_identity else PolicyDocument.read)(value)
        place = part.place(field)
        for problem in _problems(document):
            at = Place(problem.span, place.attribute, None, place.presence)
            yield Remark(problem.name, resource, at, problem.message)


def _problems(document: PolicyDocument) -> Iterator[Problem]:
    """What is wrong with a document and with those of its statements that are surely there."""
    if not document.valid and all(isinstance(item, Statement) for item in document.items):
        yield from document.problems
        return
    for item in document.items:
        if isinstance(item, Statement) and item.uncertain is None:
            yield from item.problems


def _documents(graph: Graph) -> Iterator[tuple[Resource, Part, str]]:
    for resource in graph.all(*_HOLDERS):
        yield resource, resource, _HOLDERS[type(resource)]
    owners: list[Role | IamUser | IamGroup] = [
        *graph.all(Role),
        *graph.all(IamUser),
        *graph.all(IamGroup),
    ]
    for owner in owners:
        for part in owner.inline_policies:
            yield owner, part, "document"
