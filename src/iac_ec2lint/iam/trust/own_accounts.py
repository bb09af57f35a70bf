"""The accounts that a unit surely manages itself: its providers' own, and those of what it joins.

A policy can be attached to what is in its own account alone, and a load balancer takes certificates
of its own account.
Sources: IAM User Guide, "Customer managed policies"; Elastic Load Balancing, "SSL certificates for
your Application Load Balancer"; Certificate Manager User Guide, "Services integrated".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.graph.relations import THIS_ACCOUNT
from iac_ec2lint.resources.iam_principal import IamGroup, IamUser, PrincipalPolicyAttachment
from iac_ec2lint.resources.iam_role import PolicyAttachment, Role
from iac_ec2lint.resources.load_balancer import ClassicLoadBalancer, Listener, ListenerCertificate
from iac_ec2lint.resources.provider import Provider
from iac_ec2lint.source.regular_expression import regular_expression

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Resource
    from iac_ec2lint.values import Reference

_NUMBER: Final = regular_expression(r"\d{12}")
_OF_ITS_ACCOUNT: Final = regular_expression(
    r"arn:[^:]+:(?:iam::(\d{12}):(?:policy|server-certificate)/.+|acm:[^:]*:(\d{12}):certificate/.+)"
)
_JOINED: Final[dict[type[Resource], tuple[str, ...]]] = {
    ClassicLoadBalancer: ("certificate",),
    IamGroup: ("managed_policies",),
    IamUser: ("managed_policies",),
    Listener: ("certificates",),
    ListenerCertificate: ("certificates",),
    PolicyAttachment: ("policies",),
    PrincipalPolicyAttachment: ("policies",),
    Role: ("managed_policies",),
}
"""What is joined with things of its own account alone, and by which relations."""


_NEW_ACCOUNT: Final = regular_expression(r"(?:.*[./])?aws_organizations_account\..+")


def is_account_number(read: Reference) -> bool:
    """Whether what is read is the number of an account, whatever that comes to.

    Args:
        read: A reference: to the account that the unit is deployed to, or to one that it makes.
    """
    if THIS_ACCOUNT.fullmatch(read.target):
        return "." not in read.target or read.attribute in {"account_id", "id"}
    return _NEW_ACCOUNT.fullmatch(read.target) is not None and read.attribute == "id"


@remembered
def own_accounts(graph: Graph) -> frozenset[str]:
    """The accounts that a unit manages: its providers' own, and those of what it joins."""
    return frozenset(filter(_NUMBER.fullmatch, _named(graph)))


def _named(graph: Graph) -> Iterator[str]:
    for provider in graph.all(Provider):
        yield from (one.text or "" for one in provider.allowed_account_ids)
        for role in provider.assumed_roles:
            arn = role.role_arn.text if role.role_arn is not None else None
            yield from (arn or "").split(":")[4:5]
    for resource in graph.all(*_JOINED):
        for edge in graph.targets(resource, *_JOINED[type(resource)]):
            found = _OF_ITS_ACCOUNT.fullmatch(edge.value.text or "")
            if found is not None:
                yield found[1] or found[2]
