"""The tags of roles and users, as far as they are known, as condition keys.

Sources: IAM User Guide, "AWS global condition context keys" (``aws:PrincipalTag``,
``aws:ResourceTag``) and "Pass session tags in AWS STS" (tags of a session go before the role's).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.compute.instance_tags import declared_tag
from iac_ec2lint.iam.access import is_admin
from iac_ec2lint.iam.identities.tag_variables import tags_in_variables
from iac_ec2lint.iam.policy.document import PolicyDocument
from iac_ec2lint.iam.policy.matching import covers_action, speaking_of
from iac_ec2lint.resources.iam_principal import IamUser
from iac_ec2lint.resources.iam_role import Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.iam.policy.operators import Keys
    from iac_ec2lint.iam.principal import Principal
    from iac_ec2lint.resources.part import Resource

_OF_CALLER: Final = "aws:principaltag/"
_OF_TARGET: Final = ("aws:resourcetag/", "iam:resourcetag/")
_SESSION: Final = "sts:TagSession"


class AskedTags(NamedTuple):
    """Which tags of roles and users policies ask for, and whose may change.

    Attributes:
        of_callers: The keys of tags of whoever asks, in lower case.
        of_targets: The keys of tags of roles and users that are asked about.
        changing: The kinds of which somebody but an administrator may write tags.
    """

    of_callers: frozenset[str]
    of_targets: frozenset[str]
    changing: frozenset[str]


def asked_tags(everyone: Iterable[Principal]) -> AskedTags:
    """What the policies of a unit, and its trust policies, ask of tags."""
    callers: set[str] = set()
    targets: set[str] = set()
    changing: set[str] = set()
    for one in everyone:
        documents = [*one.every_document]
        if isinstance(one.resource, Role) and one.resource.trust_policy is not None:
            documents.append(PolicyDocument.read(one.resource.trust_policy))
        for document in documents:
            callers.update(tags_in_variables(document))
            for statement in document.statements:
                for condition in statement.conditions:
                    key = condition.key.lower()
                    if key.startswith(_OF_CALLER):
                        callers.add(key.removeprefix(_OF_CALLER))
                    for start in _OF_TARGET:
                        if key.startswith(start):
                            targets.add(key.removeprefix(start))
    for one in everyone if callers or targets else ():
        changing |= _changed_by(one)
    return AskedTags(frozenset(callers), frozenset(targets), frozenset(changing))


def _changed_by(one: Principal) -> set[str]:
    """The kinds of identities whose tags a principal may write, where it is no administrator."""
    kinds = {
        kind
        for kind in ("role", "user")
        for verb in ("Tag", "Untag")
        for document in one.documents
        for statement in speaking_of(document, f"iam:{verb}{kind.title()}")
        if statement.effect.text != "Deny"
    }
    return set() if kinds and is_admin(one.documents, one.boundary).truth else kinds


def keys_of_caller(graph: Graph, one: Principal, asked: AskedTags) -> Keys:
    """The condition keys on a principal's own tags that are known."""
    resource = one.resource
    if one.kind in asked.changing or not isinstance(resource, Role | IamUser):
        return {}
    if isinstance(resource, Role) and _is_given_tags(resource):
        return {}
    return _known(graph, resource, asked.of_callers, (_OF_CALLER,))


def keys_of_target(graph: Graph, one: Principal, asked: AskedTags) -> Keys:
    """The condition keys on a role's or user's tags that are known, where it is asked about."""
    resource = one.resource
    if one.kind in asked.changing or not isinstance(resource, Role | IamUser):
        return {}
    return _known(graph, resource, asked.of_targets, _OF_TARGET)


def _is_given_tags(role: Role) -> bool:
    """Whether whoever assumes a role may give the session tags of its own."""
    if role.trust_policy is None:
        return False
    return any(
        statement.effect.text != "Deny" and covers_action(statement, _SESSION).may_be_true
        for statement in PolicyDocument.read(role.trust_policy).statements
    )


def _known(graph: Graph, resource: Resource, keys: frozenset[str], starts: tuple[str, ...]) -> Keys:
    found = ((key, declared_tag(graph, resource, key)) for key in sorted(keys))
    return {start + key: tag for key, tag in found if tag is not None for start in starts}
