"""The permissions boundaries of roles and users as a condition key, and what these leave.

Source: IAM User Guide, "Available keys for IAM" (``iam:PermissionsBoundary``): the boundary that a
role or a user has, or is made with; there is no such key where it has none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.iam.access import is_admin
from iac_ec2lint.iam.arns import identity_of
from iac_ec2lint.iam.identities.symbolic_arns import symbolic_arn
from iac_ec2lint.iam.policy.document import PolicyDocument
from iac_ec2lint.iam.policy.managed import document_of, managed_policy
from iac_ec2lint.iam.policy.operators import NamedArn
from iac_ec2lint.resources.iam_principal import IamGroup
from iac_ec2lint.resources.iam_role import ManagedPolicy
from iac_ec2lint.values import Answer, Unknown, Val

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.iam.policy.operators import Keys
    from iac_ec2lint.iam.principal import Grantee, Principal

KEY: Final = "iam:permissionsboundary"
_NONE: Final[Keys] = {KEY: ()}


def asks_for_boundaries(everyone: Iterable[Principal]) -> bool:
    """Whether any policy of some principals has a condition on boundaries."""
    return any(True for one in everyone for _ in _asked(one))


def keys_of_boundary(graph: Graph, resource: Grantee) -> Keys:
    """The condition key of requests about a role or a user; nothing where it is not known."""
    if isinstance(resource, IamGroup) or resource.permissions_boundary is None:
        return _NONE
    edges = list(graph.targets(resource, "permissions_boundary"))
    if len(edges) != 1 or not edges[0].certain:
        return {}
    return _key(edges[0].target, edges[0].value)


def _key(target: object, value: Val) -> Keys:
    if isinstance(target, ManagedPolicy):
        return {KEY: (NamedArn(symbolic_arn(target), identity_of(target)),)}
    return {} if value.text is None else {KEY: (value.text,)}


@remembered
def boundaries_of_choice(graph: Graph, principal: Principal) -> tuple[tuple[Keys, Answer], ...]:
    """The boundaries that somebody new may be made with, as the policies of a principal say.

    Returns:
        For each its condition key, and whether an administrator's policy makes an administrator
        of whoever has it; first that there is none.
    """
    found: list[tuple[Keys, Answer]] = [(_NONE, Answer(True))]
    for value in _asked(principal):
        nodes = graph.resolve(value, ("ManagedPolicy",))
        policy = next((node for node in nodes if isinstance(node, ManagedPolicy)), None)
        if policy is not None:
            document = () if policy.document is None else (PolicyDocument.read(policy.document),)
            found.append((_key(policy, value), _leaves_all(document)))
            continue
        known = managed_policy(value)
        if known is not None and known.known and value.text is not None:
            found.append((_key(None, value), _leaves_all((document_of(known, value),))))
        else:
            words = "what the boundary leaves that is asked for is said elsewhere"
            gap = Answer(None, (Unknown(words, "external-id", value.span),))
            key = NamedArn(value) if value.text is None else value.text.replace("*", "x")
            found.append(({KEY: (key,)}, gap))
    return tuple(found)


def _leaves_all(boundary: tuple[PolicyDocument, ...]) -> Answer:
    """Whether who may do anything is still an administrator within a boundary."""
    return is_admin(boundary)


def _asked(principal: Principal) -> Iterator[Val]:
    """The values that conditions on boundaries ask for."""
    for document in principal.every_document:
        for statement in document.statements:
            for condition in statement.conditions:
                if condition.key.lower() == KEY:
                    for value in condition.values:
                        yield from value.elements() or (value,)
