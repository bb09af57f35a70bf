"""The tags of sensitive things, for policies that let read what has some tag.

Sources: AWS Secrets Manager User Guide, "Control access to secrets using attribute-based access
control (ABAC)"; AWS Systems Manager User Guide, "Restricting access to parameters by tags".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.compute.instance_tags import declared_tag
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.iam.grants import asked_keys, may_somewhere
from iac_ec2lint.iam.principals import principals
from iac_ec2lint.iam.privilege import privilege
from iac_ec2lint.resources.ssm_parameter import SsmParameter
from iac_ec2lint.resources.stored_data import Secret

if TYPE_CHECKING:
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.iam.policy.operators import Keys
    from iac_ec2lint.iam.policy.statement import Statement
    from iac_ec2lint.iam.principal import Principal
    from iac_ec2lint.resources.part import Resource

_STARTS: Final[dict[type[Resource], tuple[str, ...]]] = {
    Secret: ("aws:resourcetag/", "secretsmanager:resourcetag/"),
    SsmParameter: ("aws:resourcetag/", "ssm:resourcetag/"),
}
"""How condition keys on the tags of things begin, in lower case, by the kind of thing."""
_TAGS: Final[dict[type[Resource], tuple[str, ...]]] = {
    Secret: ("secretsmanager:TagResource", "secretsmanager:UntagResource"),
    SsmParameter: ("ssm:AddTagsToResource", "ssm:RemoveTagsFromResource"),
}
"""What changes their tags."""


def asks_for_tags(statement: Statement, kind: type[Resource]) -> bool:
    """Whether a statement is, or may be, about the things of a kind that have some tag."""
    starts = _STARTS.get(kind)
    return starts is not None and any(
        condition.unknown is not None or condition.key.lower().startswith(starts)
        for condition in statement.conditions
    )


def tag_keys_of(graph: Graph, principal: Principal, thing: Resource | None) -> Keys | None:
    """The condition keys on the tags of a thing that policies ask for, as far as they are known.

    They are not, where somebody but an administrator may change them (semantics.md, D6).
    """
    starts = next((s for kind, s in _STARTS.items() if isinstance(thing, kind)), ())
    asked = sorted(key for key in asked_keys(principal) if key.startswith(starts))
    if thing is None or not asked or _may_change(graph, type(thing)):
        return None
    known = ((key, declared_tag(graph, thing, key.partition("/")[2])) for key in asked)
    return {key: tag for key, tag in known if tag is not None} or None


@remembered
def _may_change(graph: Graph, kind: type[Resource]) -> bool:
    return any(
        may_somewhere(one, action) and not privilege(graph, one).administers_alone
        for one in principals(graph)
        for action in _TAGS.get(kind, ())
    )
