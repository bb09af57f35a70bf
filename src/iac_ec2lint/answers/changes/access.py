"""Which requests are allowed in a later tree that were not in an earlier one.

Of principals that stand in both trees, and of who may assume roles that do. What is surely allowed
later and surely was not before is new; where inclusion of the policies cannot be shown and no such
request is found, it is undecided. Source: IAM Access Analyzer, "CheckNoNewAccess".
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import islice, product
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.answers.changes.permission_sets import permission_set_changes
from iac_ec2lint.answers.changes.resource_policies import policy_changes
from iac_ec2lint.answers.changes.tried_requests import (
    TRIALS,
    caller_of,
    known_by,
    name_of,
    requests_of,
    words_of,
)
from iac_ec2lint.attack.credentials import instance_roles
from iac_ec2lint.compute.launch.launches import launches
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.iam.grants import is_allowed
from iac_ec2lint.iam.policy.inclusion import beyond
from iac_ec2lint.iam.policy.matching import Request, allows
from iac_ec2lint.iam.principals import policies_in, principal_of, principals
from iac_ec2lint.iam.trust.role_trust import trust_of
from iac_ec2lint.report.changes.verdict import NewRequest
from iac_ec2lint.report.escape import place
from iac_ec2lint.resources.iam_principal import (
    GroupMembership,
    IamGroup,
    IamUser,
    PrincipalPolicy,
    PrincipalPolicyAttachment,
)
from iac_ec2lint.resources.iam_role import (
    InstanceProfile,
    ManagedPolicy,
    PolicyAttachment,
    Role,
    RolePolicy,
)
from iac_ec2lint.resources.lambda_function import LambdaFunction
from iac_ec2lint.resources.service_interfaces import WorkWithRole
from iac_ec2lint.resources.service_with_role import ServiceWithRole
from iac_ec2lint.resources.studio import StudioUser
from iac_ec2lint.values import Reference

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from iac_ec2lint.graph.graph import Edge
    from iac_ec2lint.iam.policy.document import PolicyDocument
    from iac_ec2lint.iam.policy.statement import Statement
    from iac_ec2lint.iam.principal import Grant, Principal
    from iac_ec2lint.resources.part import Resource

_GIVES_ACCESS: Final = re.compile(
    "polic|permission|grant|bucket_?acl|access|share|assignment", re.IGNORECASE
)
"""What is in the names of types that give access to others."""
_WITH_OWN: Final = re.compile(
    r"aws_(sqs_queue|sns_topic|(elasticsearch|opensearch)_domain|api_gateway_rest_api"
    r"|glacier_vault|lambda_function_url|ram_\w+|backup_vault_policy"
    r"|vpc_endpoint_service(_allowed_principal)?|cognito_identity_pool\w*|rolesanywhere_\w+"
    r"|eks_pod_identity_association|db_(cluster_)?snapshot|ssm_document"
    r"|imagebuilder_distribution_configuration)"
    r"|AWS::(Lambda::Url|(Elasticsearch|OpenSearchService)::Domain|ApiGateway::RestApi"
    r"|EFS::FileSystem|ECR::(Public)?Repository|Backup::BackupVault|DynamoDB::(Global)?Table"
    r"|Events::EventBus|RAM::\w+|Kinesis::Stream|Serverless::\w+|EC2::VPCEndpointService"
    r"|Cognito::IdentityPool\w*|RolesAnywhere::\w+|EKS::PodIdentityAssociation"
    r"|ImageBuilder::DistributionConfiguration)"
)
"""Types that give it themselves, by policies in them or otherwise, and whose names say nothing."""
_JUDGED: Final = re.compile(
    r"_iam_|::IAM::|kms_key_policy|vpc_endpoint_policy|::SSO::(PermissionSet|Assignment)$"
    r"|_ssoadmin_(permission_set(_inline_policy)?|(customer_)?managed_policy_attachment"
    r"|permissions_boundary_attachment|account_assignment)$"
    r"|aws_s3_bucket_policy|S3::BucketPolicy|aws_secretsmanager_secret_policy"
    "|SecretsManager::ResourcePolicy|aws_dynamodb_resource_policy"
    "|block_public|BlockPublic|scaling|Scaling|_lb_|load_balancer|backup|Backup|_dlm_|::DLM::"
)
"""Those that are compared, and those whose policies are no policies of access."""
_GIVING: Final = (
    ManagedPolicy,
    PolicyAttachment,
    PrincipalPolicy,
    PrincipalPolicyAttachment,
    RolePolicy,
)
_WORK: Final = (LambdaFunction, ServiceWithRole, StudioUser, WorkWithRole)
"""What does work of its own with a role, and is no host."""
_KINDS: Final = (("role", "roles"), ("user", "users"), ("group", "groups"))


class UnitAccess(NamedTuple):
    """What access to one unit came to.

    Attributes:
        new: Requests that surely are new.
        undecided: Why others may be.
        new_principals: The principals that stand in the later tree alone, and who may be them.
    """

    new: tuple[NewRequest, ...]
    undecided: tuple[str, ...]
    new_principals: tuple[str, ...] = ()


def access_change(
    unit: str, before: Graph | None, after: Graph, types: Iterable[str]
) -> UnitAccess:
    """The access that the change of a unit gives.

    Args:
        unit: Its path.
        before: Its graph in the earlier tree; ``None`` where it was not there.
        after: Its graph in the later tree.
        types: The types of the resources whose change may make a difference.
    """
    comparison = _Comparison(unit)
    # A new unit may give access to what stands elsewhere already.
    before = before or Graph(())
    old = {one.resource.address: one for one in principals(before)}
    fresh: list[str] = []
    for one in principals(after):
        earlier = old.get(one.resource.address)
        if earlier is None:
            who = _who_may_be(one.resource) if isinstance(one.resource, Role) else ""
            fresh.append(f"{one.name} is new{who}")
            continue
        comparison.of_principal(one.name, one, [earlier])
        if isinstance(one.resource, Role) and isinstance(earlier.resource, Role):
            comparison.of_trust(earlier.resource, one.resource)
    sets = permission_set_changes(unit, before, after)
    comparison.new += sets.new
    comparison.undecided += sets.undecided
    fresh += sets.fresh
    comparison.of_others(before, after)
    comparison.of_members(before, after)
    comparison.of_hosts(before, after)
    given, open_ = policy_changes(unit, before, after)
    comparison.new += given
    comparison.undecided += open_
    comparison.undecided += [
        f"what {kind} gives is not compared"
        for kind in sorted(types)
        if _WITH_OWN.fullmatch(kind) or (_GIVES_ACCESS.search(kind) and not _JUDGED.search(kind))
    ]
    undecided = tuple(dict.fromkeys(comparison.undecided))
    return UnitAccess(tuple(comparison.new), undecided, tuple(fresh))


class _Comparison:
    """Two graphs of one unit, compared policy by policy."""

    def __init__(self, unit: str) -> None:
        self._unit = unit
        self.new: list[NewRequest] = []
        self.undecided: list[str] = []

    def of_principal(self, name: str, now: Principal, then: Sequence[Principal]) -> None:
        """Compare what a principal may do with what others could, which it was before."""
        suspects = min((_suspects(now, one) for one in then), key=len) if then else None
        if suspects is None:
            suspects = [s for s in _all_statements(now.documents) if s.effect.text != "Deny"]
        if not suspects:
            return
        for statement, action, resource in islice(requests_of(suspects), TRIALS):
            identity = resource if isinstance(resource, Reference) else None
            if is_allowed(now, action, resource, identity).truth is not True:
                continue
            if all(is_allowed(one, action, resource, identity).truth is False for one in then):
                self.new.append(self._request(name, action, words_of(resource), statement))
                return
        where = place(suspects[0].span.path, suspects[0].span.line)
        self.undecided.append(f"what {name} may do is not surely what it could do before ({where})")

    def of_trust(self, then: Role, now: Role) -> None:
        """Compare who may assume a role."""
        old, new = trust_of(then), trust_of(now)
        more, lost = beyond([new], [old])
        if not more and not lost:
            return
        for statement in [*more, *(new.statements if lost else ())]:
            for entry in statement.principals or ():
                caller = caller_of(entry)
                if caller is None:
                    continue
                request = Request("sts:AssumeRole", None, caller)
                if allows([new], request).truth and allows([old], request).truth is False:
                    self.new.append(
                        self._request(name_of(entry), request.action, now.address, statement)
                    )
                    return
        suspect = (more or lost)[0]
        where = place(suspect.span.path, suspect.span.line)
        self.undecided.append(f"who may assume {now.address} is not surely who could ({where})")

    def of_others(self, before: Graph, after: Graph) -> None:
        """Compare the policies of principals that are declared elsewhere.

        What else these have is not known, so that nothing is surely new to them.
        """
        old, new = _given_elsewhere(before), _given_elsewhere(after)
        for key in old.keys() | new.keys():
            now, then = new.get(key, []), old.get(key, [])
            left, gone = _apart(now, then), _apart(then, now)
            more, _ = beyond([g.document for g in left], [g.document for g in then])
            _, lost = beyond([g.document for g in now], [g.document for g in gone])
            if more or lost:
                giving = (left or now or then)[0].resource
                where = place(giving.span.path, giving.span.line)
                self.undecided.append(
                    f"what the {key[0]} that {giving.address} gives a policy may do is not surely"
                    f" what it could do before: it is declared elsewhere ({where})"
                )

    def of_members(self, before: Graph, after: Graph) -> None:
        """Compare who is in which group, where the unit does not declare both."""
        known = _members_elsewhere(before)
        for (user, group), giving in _members_elsewhere(after).items():
            is_new = giving.address == user and before.get(giving.address) is None
            if (user, group) not in known and not is_new:
                where = place(giving.span.path, giving.span.line)
                self.undecided.append(
                    f"what who is in a group by {giving.address} may do is not surely what it could"
                    f" do before: the user or the group is declared elsewhere ({where})"
                )

    def of_hosts(self, before: Graph, after: Graph) -> None:
        """Compare what hosts may do by the roles that they have."""
        old, new = _roles_of_hosts(before), _roles_of_hosts(after)
        for host, roles in new.items():
            if host not in old:
                continue
            for address, principal in roles.items():
                if address not in old[host]:
                    name = f"{host}, as {principal.name},"
                    self.of_principal(name, principal, [*old[host].values()])
        known = _given_to_hosts(before)
        for host, given in _given_to_hosts(after).items():
            for key in given.keys() - known.get(host, {}).keys():
                if host in old:
                    self.undecided.append(
                        f"{host} has {given[key]}, of which nothing is known here"
                    )

    def _request(self, who: str, action: str, resource: str, statement: Statement) -> NewRequest:
        span = statement.span
        return NewRequest(
            self._unit, who, action, resource, "a statement allows it", span.path, span.line
        )


def _who_may_be(role: Role) -> str:
    """Whom the trust policy of a role names, as the end of a sentence."""
    named = dict.fromkeys(
        name_of(entry)
        for statement in trust_of(role).statements
        if statement.effect.text != "Deny"
        for entry in statement.principals or ()
    )
    return f": {' and '.join(named)} may assume it" if named else ""


def _suspects(now: Principal, then: Principal) -> list[Statement]:
    """The statements by which a principal may do more than another one could."""
    more, lost = beyond(now.documents, then.documents)
    if then.boundary is not None:
        if now.boundary is None:
            lost = [*lost, *_all_statements(then.boundary)]
        else:
            wider, looser = beyond(now.boundary, then.boundary)
            lost = [*lost, *wider, *looser]
    if lost:
        # What is allowed has not changed, and is no longer taken away.
        more = [*more, *(s for s in _all_statements(now.documents) if s.effect.text != "Deny")]
        more = [*lost, *more]
    return more


def _all_statements(documents: Iterable[PolicyDocument]) -> list[Statement]:
    return [statement for document in documents for statement in document.statements]


def _roles_of_hosts(graph: Graph) -> dict[str, dict[str, Principal]]:
    """The roles that the instances of each host have, or may, and other work of its own."""
    found: dict[str, dict[str, Principal]] = {
        launch.host.address: {} for launch in launches(graph) if not launch.unused
    }
    for every in instance_roles(graph).values():
        for one in every:
            roles = found.setdefault(one.host.address, {})
            roles[one.role.resource.address] = one.role
    for work in graph.all(*_WORK):
        roles = found.setdefault(work.address, {})
        for edge in graph.targets(work, "role"):
            if isinstance(edge.target, Role):
                roles[edge.target.address] = principal_of(graph, edge.target)
    return found


def _apart(some: Iterable[Grant], others: Iterable[Grant]) -> list[Grant]:
    """Policies without those that others are by what names them, whatever they say."""
    known = {known_by(grant.place.value) for grant in others}
    return [g for g in some if g.declared is not None or known_by(g.place.value) not in known]


def _given_elsewhere(graph: Graph) -> dict[tuple[str, Hashable], list[Grant]]:
    """The policies that a unit gives to principals that it does not declare."""
    found: dict[tuple[str, Hashable], list[Grant]] = defaultdict(list)
    for source in graph.all(*_GIVING):
        for kind, relation in _KINDS:
            for edge in graph.targets(source, relation):
                if not isinstance(edge.target, Role | IamUser | IamGroup):
                    found[kind, known_by(edge.value)] += policies_in(graph, source)
    return found


def _members_elsewhere(graph: Graph) -> dict[tuple[Hashable, Hashable], Resource]:
    """Who is in which group, and what says so, where the unit does not declare both."""
    found: dict[tuple[Hashable, Hashable], Resource] = {}
    for user in graph.all(IamUser):
        for edge in graph.targets(user, "groups"):
            if not isinstance(edge.target, IamGroup):
                found[user.address, known_by(edge.value)] = user
    for one in graph.all(GroupMembership):
        for user_edge, group_edge in product(
            graph.targets(one, "users"), graph.targets(one, "groups")
        ):
            user_key, is_user = _end(user_edge, IamUser)
            group_key, is_group = _end(group_edge, IamGroup)
            if not (is_user and is_group):
                found[user_key, group_key] = one
    return found


def _end(edge: Edge, kind: type[Resource]) -> tuple[Hashable, bool]:
    """What an edge leads to, and whether the unit declares it."""
    if edge.target is not None and isinstance(edge.target, kind):
        return edge.target.address, True
    return known_by(edge.value), False


def _given_to_hosts(graph: Graph) -> dict[str, dict[Hashable, str]]:
    """The profiles of hosts, and the roles of these, that are declared elsewhere or unknown."""
    found: dict[str, dict[Hashable, str]] = defaultdict(dict)
    for launch in launches(graph):
        for edge in graph.follow(launch.host, launch.settings, "iam_instance_profile"):
            given = found[launch.host.address]
            if not isinstance(edge.target, InstanceProfile):
                given["profile", known_by(edge.value)] = _called(edge, "an instance profile")
                continue
            for role in graph.targets(edge.target, "roles"):
                if not isinstance(role.target, Role):
                    given["role", known_by(role.value)] = _called(role, "a role")
    for work in graph.all(*_WORK):
        for edge in graph.targets(work, "role"):
            if not isinstance(edge.target, Role):
                found[work.address]["role", known_by(edge.value)] = _called(edge, "a role")
    return found


def _called(edge: Edge, otherwise: str) -> str:
    """What messages call something that is declared elsewhere."""
    return edge.target.address if edge.target is not None else otherwise
