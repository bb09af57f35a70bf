"""What else must hold of something that is there for a principal to do its work with its role.

A task lets commands in, a function takes code that nobody has signed, a domain of Studio lets the
principal sign in for a user.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.iam.arns import arn_in, joined, own_id
from iac_ec2lint.iam.escalation.rows.standing import CONTAINER, FUNCTION_CODE, STUDIO
from iac_ec2lint.iam.escalation.steps import allowed_somewhere, sure
from iac_ec2lint.iam.policy.glob import pieces_of
from iac_ec2lint.iam.policy.operators import NamedArn
from iac_ec2lint.resources.code_signing import CodeSigning
from iac_ec2lint.resources.container_service import ContainerService
from iac_ec2lint.resources.event_rule import EventRule, EventSchedule, EventTarget, RuleTarget
from iac_ec2lint.resources.studio import StudioDomain, StudioUser
from iac_ec2lint.values import NO, YES, Answer, Reference, Unknown, Val, any_of

if TYPE_CHECKING:
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.iam.escalation.rows.kinds import EdgeKind
    from iac_ec2lint.iam.policy.operators import Keys
    from iac_ec2lint.iam.principal import Principal
    from iac_ec2lint.resources.part import Resource


def lets_work(graph: Graph, principal: Principal, kind: EdgeKind, thing: Resource) -> Answer:
    """Whether something that is there does a principal's work, as far as that hangs on it.

    Args:
        graph: The graph.
        principal: Who.
        kind: The row.
        thing: What is there.
    """
    if kind is FUNCTION_CODE:
        return _takes_code(graph, principal, thing)
    if kind is CONTAINER:
        return _lets_in(graph, principal, thing)
    if kind is STUDIO:
        return _signs_in(graph, principal, thing)
    return YES


def studio_names(thing: StudioDomain | StudioUser) -> tuple[Val, ...]:
    """What the ARN of a user profile ends with: the domain's id, and the profile's name.

    Source: Service Authorization Reference, "Resource types defined by Amazon SageMaker AI".
    """
    domain = own_id(thing) if isinstance(thing, StudioDomain) else thing.domain
    name = thing.name if isinstance(thing, StudioUser) else None
    unknown = Unknown("the user profile is not known", "computed", thing.span)
    of = (unknown,) if domain is None else pieces_of(domain) or (unknown,)
    user = (unknown,) if name is None else pieces_of(name) or (unknown,)
    return (joined((*of, "/", *user), thing.span),)


def _signs_in(graph: Graph, principal: Principal, thing: Resource) -> Answer:
    """Whether a principal may sign in to a domain for a user with the role that is written there.

    A domain's own role is that of users without one. Source: Amazon SageMaker AI API Reference,
    CreatePresignedDomainUrl ("only ... when the authentication mode equals IAM").
    """
    if isinstance(thing, StudioUser):
        domains = [edge.target for edge in graph.targets(thing, "domain")]
        return ~any_of(_by_identity_center(one, thing) for one in domains or [None])
    users = [
        (edge, edge.source)
        for edge in graph.sources(thing, "domain")
        if isinstance(edge.source, StudioUser)
    ]
    found = any_of(
        sure(edge.certain, edge.value) & user.presence.answer & ~user.is_set("role")
        for edge, user in users
    )
    words = f"whether {thing.address} has a user without a role of its own is not known"
    gap = Answer(None, (Unknown(words, "external-id", thing.span),))
    makes = allowed_somewhere(principal, ("sagemaker:CreateUserProfile",))
    found = found if found.truth else found | makes | gap
    return found & ~_by_identity_center(thing, thing)


def _by_identity_center(domain: object, thing: Resource) -> Answer:
    """Whether the users of a domain sign in by IAM Identity Center, which signs no URLs."""
    if not isinstance(domain, StudioDomain):
        words = f"how the users of the domain of {thing.address} sign in is said elsewhere"
        return Answer(None, (Unknown(words, "external-id", thing.span),))
    return NO if domain.authentication is None else domain.authentication.equals("SSO")


def _lets_in(graph: Graph, principal: Principal, definition: Resource) -> Answer:
    """Whether ECS Exec is on for a task that runs, or the principal may turn it on.

    Sources: Amazon ECS Developer Guide, "Monitor Amazon ECS containers with ECS Exec"; EventBridge
    API Reference, EcsParameters, and that of EventBridge Scheduler, ``EnableExecuteCommand``.
    """
    found = NO
    for edge in graph.sources(definition, "task_definition"):
        runner = edge.part
        if not isinstance(runner, ContainerService | RuleTarget | EventTarget | EventSchedule):
            continue
        on = runner.runs_commands.is_true()
        if isinstance(runner, ContainerService):
            on |= allowed_somewhere(principal, ("ecs:UpdateService",))
        elif isinstance(runner, EventSchedule):
            on &= ~runner.state.equals("DISABLED")
        else:
            rules = (of.target for of in graph.targets(edge.source, "rule"))
            for rule in (edge.source, *rules):
                if isinstance(rule, EventRule):
                    on &= rule.is_enabled.is_true() & ~rule.state.equals("DISABLED")
        found = found | (sure(edge.certain, edge.value) & on)
    return found


def keys_of_work(graph: Graph, kind: EdgeKind, thing: Resource) -> tuple[Keys, ...]:
    """The condition keys of a call about something that is there, one set for each that may be.

    A command is run in the cluster of a service (Service Authorization Reference, "Condition keys
    for Amazon Elastic Container Service", ``ecs:cluster``).

    Args:
        graph: The graph.
        kind: The row.
        thing: What is there.
    """
    if kind is not CONTAINER:
        return ({},)
    found: list[Keys] = []
    for edge in graph.sources(thing, "task_definition"):
        cluster = edge.source.cluster if isinstance(edge.source, ContainerService) else None
        if cluster is None:
            found.append({})
            continue
        identity = None
        arn: Val = cluster
        if isinstance(cluster, Reference):
            identity = Reference(cluster.target, "arn", cluster.span)
        if cluster.text is None or not cluster.text.startswith("arn:"):
            arn = arn_in(cluster.span, "ecs", "cluster/", cluster)
        found.append({"ecs:cluster": (NamedArn(arn, identity),)})
    return tuple(found) or ({},)


def _takes_code(graph: Graph, principal: Principal, function: Resource) -> Answer:
    """Whether a function takes code of anybody's, or the principal can have it do so."""
    unsigned = takes_unsigned_code(graph, function)
    if unsigned.truth:
        return unsigned
    return unsigned | any_of(allowed_somewhere(principal, (action,)) for action in _SIGNS)


def takes_unsigned_code(graph: Graph, function: Resource) -> Answer:
    """Whether a function takes code of anybody's.

    Source: AWS Lambda Developer Guide, "Using code signing to verify code integrity with Lambda".
    """
    signed = NO
    for edge in graph.targets(function, "code_signing"):
        if isinstance(edge.target, CodeSigning):
            signed = sure(edge.certain, edge.value) & edge.target.unsigned.equals("Enforce")
        else:
            words = f"whether {function.address} takes code that is not signed is said elsewhere"
            signed = Answer(None, (Unknown(words, "external-id", edge.value.span),))
    return YES if signed.truth is False else ~signed


_SIGNS: Final = (
    "lambda:DeleteFunctionCodeSigningConfig",
    "lambda:PutFunctionCodeSigningConfig",
    "lambda:UpdateCodeSigningConfig",
    "signer:StartSigningJob",
)
"""What ends that a function takes signed code alone, or signs it."""
