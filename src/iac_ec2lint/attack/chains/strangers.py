"""Who from elsewhere is admitted by the trust policies of roles, as edges of the attack graph."""

from __future__ import annotations

from collections.abc import Iterator

from iac_ec2lint.attack.chains.model import AttackEdge, Beginning
from iac_ec2lint.attack.wording import stated
from iac_ec2lint.engine.finding import Evidence, assumption
from iac_ec2lint.engine.question import Begin
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.iam.principal import Principal
from iac_ec2lint.iam.principals import principals
from iac_ec2lint.iam.trust.federation import FederatedTrust, federated_trust
from iac_ec2lint.iam.trust.guests import as_guest
from iac_ec2lint.iam.trust.strangers import ForeignTrust, foreign_trust
from iac_ec2lint.resources.iam_role import Role
from iac_ec2lint.values import NO, YES


def strangers(
    graph: Graph, trusted_accounts: tuple[str, ...]
) -> Iterator[tuple[Principal, AttackEdge]]:
    """Who from elsewhere may assume which role, as far as AWS lets them use it, and how that comes.

    Args:
        graph: The graph.
        trusted_accounts: Accounts whose principals are no strangers.
    """
    for principal in principals(graph):
        role = principal.resource
        if isinstance(role, Role):
            trusts: list[ForeignTrust | FederatedTrust] = [
                *foreign_trust(graph, role, trusted_accounts),
                *federated_trust(graph, role),
            ]
            for trust in trusts:
                edge = _trusted(role, trust)
                bounded = trust.bounded if isinstance(trust, FederatedTrust) else NO
                if bounded.truth:
                    yield as_guest(principal), edge
                else:
                    answer = edge.answer & (YES if bounded.truth is False else bounded)
                    yield principal, edge._replace(answer=answer)


def _trusted(role: Role, trust: ForeignTrust | FederatedTrust) -> AttackEdge:
    words = stated(trust.answer, f"the trust policy of {role.address}", "admits", trust.who)
    place = role.place("trust_policy")._replace(span=trust.statement.span)
    first = Evidence(trust.statement.span, words, role.address)
    why: tuple[Evidence, ...] = ()
    kind: Begin = "account"
    if isinstance(trust, FederatedTrust):
        kind = "provider"
        public, limit = trust.provider.public, trust.limit
        why = (Evidence(*trust.why, role.address),)
    else:
        public = trust.account is None
        key = "aws:PrincipalOrgID" if public else "sts:ExternalId"
        limit = f"name the principals, or add a condition on {key}"
    return AttackEdge(
        "assumes",
        trust.answer,
        f"assumes role {role.address}",
        (first, *why, *map(assumption, trust.answer.assumptions)),
        (Evidence(trust.statement.span, limit, role.address),),
        lesser=not public,
        also=(role,),
        begins=Beginning(trust.who, role, place, role, kind),
        public=public,
    )
