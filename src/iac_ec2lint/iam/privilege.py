"""How privileged a role or user is: what attack paths take for a gain (semantics.md, D2 and E).

AWS managed policies that instances are expected to have never count.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.iam.access import first_sure, is_admin, is_admin_equivalent, is_full_access, tidy
from iac_ec2lint.iam.arns import arn_in, identity_of
from iac_ec2lint.iam.escalation.launch_ways import launch_edges
from iac_ec2lint.iam.escalation.new_identities import CREATES, made_administrators
from iac_ec2lint.iam.escalation.rows.launches import LAUNCHES
from iac_ec2lint.iam.escalation.steps import ActionRequest
from iac_ec2lint.iam.grants import in_the_terms_of, is_allowed, may_somewhere
from iac_ec2lint.iam.identities.boundary_keys import KEY as BOUNDARY
from iac_ec2lint.iam.identities.symbolic_arns import symbolic_arn
from iac_ec2lint.iam.policy import probes
from iac_ec2lint.iam.policy.glob import nobody
from iac_ec2lint.iam.policy.managed import document_of, managed_policy
from iac_ec2lint.iam.policy.matching import Request
from iac_ec2lint.iam.policy_choice import ways_to_attach
from iac_ec2lint.iam.principal import Grant, declared_policies
from iac_ec2lint.iam.principals import principal_of
from iac_ec2lint.iam.user_names import member_of
from iac_ec2lint.resources.iam_principal import IamGroup
from iac_ec2lint.resources.iam_role import ManagedPolicy, Role
from iac_ec2lint.values import (
    NO,
    YES,
    Answer,
    Reference,
    Step,
    Unknown,
    Value,
    all_of,
    any_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.iam.principal import Principal

Level = Literal["administrator", "administrator-equivalent", "broad", "data-read"]

_LEVELS: Final = ("administrator", "administrator-equivalent", "broad", "data-read")
ADMINISTRATORS: Final = frozenset({"administrator", "administrator-equivalent"})
_PASSES: Final = "iam:PassRole"

SERVICES: Final = (
    "ec2",
    "s3",
    "ssm",
    "secretsmanager",
    "kms",
    "dynamodb",
    "rds",
    "lambda",
    "ecs",
    "autoscaling",
    "cloudformation",
)
"""The services of which full access makes a role privileged, as far as they have probes."""

READS: Final[tuple[tuple[tuple[str, ...], str], ...]] = (
    (("s3:GetObject", "s3:GetObjectVersion"), "reads every S3 object"),
    (("secretsmanager:GetSecretValue",), "reads every secret"),
    (
        (
            "ssm:GetParameter",
            "ssm:GetParameters",
            "ssm:GetParametersByPath",
            "ssm:GetParameterHistory",
        ),
        "reads every SSM parameter",
    ),
    (
        (
            "dynamodb:GetItem",
            "dynamodb:BatchGetItem",
            "dynamodb:Query",
            "dynamodb:Scan",
            "dynamodb:PartiQLSelect",
        ),
        "reads every DynamoDB table",
    ),
    (("kms:Decrypt",), "decrypts with every key"),
)
"""What reads data: each action alone does."""
LOGINS: Final[tuple[tuple[tuple[str, ...], str], ...]] = (
    (
        ("rds-data:ExecuteStatement", "rds-data:BatchExecuteStatement"),
        "runs SQL on every Aurora cluster",
    ),
    (("rds-db:connect",), "logs in to every RDS database"),
)
"""What reads data by way of a database, which may have a say of its own."""
_OPENS: Final[tuple[tuple[tuple[str, ...], str], ...]] = (
    (("s3:PutBucketPolicy",), "opens every S3 bucket"),
    (("secretsmanager:PutResourcePolicy",), "opens every secret"),
    (("dynamodb:PutResourcePolicy",), "opens every DynamoDB table"),
)
"""What changes the policies of what holds data, so that whoever does it reads that too."""
_CHANGES: Final = (
    ("changes security groups", ("ec2:AuthorizeSecurityGroupIngress",)),
    ("shares snapshots", ("ec2:ModifySnapshotAttribute",)),
    ("passes any role to an instance", ("iam:PassRole", "ec2:RunInstances")),
)


class Power(NamedTuple):
    """One thing that makes a principal privileged.

    Attributes:
        level: How bad it is.
        words: What it is: ``administrator``, ``full access to ec2``, ``reads every secret``.
        answer: Whether the principal has it.
        actions: The actions that show it.
        through: The address of the role that it takes, where it is not the principal's own.
    """

    level: Level
    words: str
    answer: Answer
    actions: tuple[str, ...] = ()
    through: str = ""

    @property
    def shown_by(self) -> tuple[str, ...]:
        """The actions that show it, where its words leave open which they are."""
        said = self.level == "administrator" or self.words.startswith("full access")
        return () if said else self.actions

    def covers(self, other: Power) -> bool:
        """Whether who has it has another power already: administrators have all.

        Who can pass an administrator's role has what others have who can; that the role has more is
        what the way to it is worth.
        """
        if self.words == other.words:
            return True
        return bool(other.through) if self.through else self.level in ADMINISTRATORS


class Privilege(NamedTuple):
    """What a principal's policies come to.

    Attributes:
        principal: Whose they are.
        powers: What it surely or possibly has, the worst first; only that of an administrator,
            where it is one.
    """

    principal: Principal
    powers: tuple[Power, ...]

    @property
    def answer(self) -> Answer:
        """Whether it is privileged at all."""
        return tidy(any_of(power.answer for power in self.powers))

    @property
    def worst(self) -> Power | None:
        """The worst that it surely has, else the worst that it may have."""
        sure = (power for power in self.powers if power.answer.truth)
        return next(sure, self.powers[0] if self.powers else None)

    @property
    def administers(self) -> bool:
        """Whether it surely is an administrator, or can make itself one."""
        worst = self.worst
        return worst is not None and worst.answer.truth is True and worst.level in ADMINISTRATORS

    @property
    def administers_alone(self) -> bool:
        """Whether it surely does without another role to pass."""
        return any(
            power.answer.truth is True and power.level in ADMINISTRATORS and not power.through
            for power in self.powers
        )

    @property
    def administration(self) -> Answer:
        """Whether it is an administrator, or can make itself one, without another role to pass."""
        own = (p for p in self.powers if p.level in ADMINISTRATORS and not p.through)
        return any_of(power.answer for power in own)

    @property
    def words(self) -> str:
        """What it is, in a few words, the worst first."""
        sure = [power.words for power in self.powers if power.answer.truth]
        if not sure:
            return f"perhaps {self.powers[0].words}" if self.powers else "not privileged"
        return ", ".join(sure[:2]) + (f" and {len(sure) - 2} more" if len(sure) > 2 else "")

    def has(self, power: Power) -> Answer:
        """Whether its holder has a power already; see ``Power.covers``."""
        return any_of(own.answer for own in self.powers if own.covers(power))

    def includes(self, other: Privilege) -> bool:
        """Whether its holder surely has all that ``other`` gives, or may."""
        sure = [own for own in self.powers if own.answer.truth]
        words = {own.words for own in sure}
        left = (power for power in other.powers if power.words not in words)
        return all(any(own.covers(power) for own in sure) for power in left)

    def beyond(self, other: Privilege) -> Answer:
        """Whether this gives something that ``other`` does not have already."""
        return any_of(power.answer & ~other.has(power) for power in self.powers)


def as_administrator(
    graph: Graph, principal: Principal, answer: Answer, freed: Answer
) -> Privilege:
    """What a principal comes to once somebody has given it a policy of an administrator's.

    Args:
        graph: The graph.
        principal: The principal.
        answer: Whether somebody can.
        freed: Whether that one can take off the permissions boundary that it has.
    """
    free = answer if principal.boundary is None else answer & freed
    powers = [Power("administrator-equivalent", "administrator once changed", free)]
    if principal.boundary is not None and not free.truth:
        within = _within_boundary(graph, principal)
        powers += [power._replace(answer=power.answer & answer) for power in within.powers]
    return Privilege(principal, tuple(power for power in powers if power.answer.may_be_true))


@remembered
def _within_boundary(graph: Graph, principal: Principal) -> Privilege:
    """What a principal comes to that may do anything, but for its boundary."""
    span = principal.resource.span
    everything = Value("arn:aws:iam::aws:policy/AdministratorAccess", span)
    policy = managed_policy(everything)
    if policy is None:
        return Privilege(principal, ())
    place = principal.resource.place("permissions_boundary")
    given = Grant(document_of(policy, everything), principal.resource, place, policy)
    lifted = principal._replace(grants=(*principal.grants, given), answers=defaultdict(dict))
    return _privilege(graph, lifted)


@remembered
def privilege(graph: Graph, principal: Principal) -> Privilege:
    """What the policies of a principal come to, with the roles that they let it pass."""
    return _with_reach(graph, principal, _alone(graph, principal))


@remembered
def _alone(graph: Graph, principal: Principal) -> Privilege:
    """What the policies of a principal come to by themselves; found once."""
    return _privilege(graph, principal)


def _with_reach(graph: Graph, principal: Principal, alone: Privilege) -> Privilege:
    """A privilege, with that of an administrator whose role the principal can pass (D2)."""
    if alone.administers or not may_somewhere(principal, _PASSES):
        return alone
    worse = sum(power.level in ADMINISTRATORS for power in alone.powers)
    passing = _passing(principal)
    if worse:
        # That it may be one is said already.
        passing = {services: answer for services, answer in passing.items() if answer.truth}
    others = (one for one in _administrators(graph) if one.resource is not principal.resource)
    ways = (_reach(graph, principal, role, passing) for role in (others if passing else ()))
    found = first_sure(filter(None, ways), lambda power: power.answer)
    if found is None:
        return alone
    return alone._replace(powers=(*alone.powers[:worse], found, *alone.powers[worse:]))


def _reach(
    graph: Graph, principal: Principal, role: Principal, passing: dict[tuple[str, ...], Answer]
) -> Power | None:
    """What a principal is by the role of an administrator that it can pass: the surest way."""
    ways = (
        (step, step.answer & passing.get(step.kind.services, NO))
        for step in launch_edges(graph, principal, role)
        if step.kind.passes
    )
    best = first_sure(ways, lambda way: way[1])
    if best is None:
        return None
    step, answer = best
    words = f"can {step.kind.words} with {role.name}, an administrator"
    actions, address = (_PASSES, *step.actions), role.resource.address
    return Power("administrator-equivalent", words, answer, actions, address)


@remembered
def _administrators(graph: Graph) -> tuple[Principal, ...]:
    """The roles that surely administer by their own policies; found once."""
    made = (principal_of(graph, role) for role in graph.all(Role))
    return tuple(one for one in made if _alone(graph, one).administers)


def _passing(principal: Principal) -> dict[tuple[str, ...], Answer]:
    """The services to which a principal may pass whatever role of the account, as rows name them.

    Whether it may is asked of a role of no name in particular.
    """
    span = principal.resource.span
    whatever = arn_in(span, "iam", "role/", Value("anything", span), region=False)
    found: dict[tuple[str, ...], Answer] = {}
    for services in dict.fromkeys(kind.services for kind in LAUNCHES if kind.passes):
        context = {"iam:passedtoservice": services[:1]}
        answer = is_allowed(principal, _PASSES, whatever, nobody(span), context)
        if answer.truth is not False:
            found[services] = answer
    return found


@remembered
def known_privilege(graph: Graph, principal: Principal) -> Privilege:
    """What a principal's policies come to, those that are known by themselves.

    The others may give more, and are taken to deny nothing of what the known ones allow.
    """
    full = privilege(graph, principal)
    known, steps = as_known(principal)
    if full.administers or not steps:
        return full
    sure = {
        power.words: power._replace(answer=power.answer & Answer(True, (), steps))
        for power in privilege(graph, known).powers
        if power.answer.truth
    }
    powers = [*sure.values(), *(power for power in full.powers if power.words not in sure)]
    return full._replace(powers=tuple(sorted(powers, key=lambda power: _LEVELS.index(power.level))))


def power_of_policy(graph: Graph, principal: Principal, grant: Grant) -> Power | None:
    """The worst that one policy of a principal gives it, within its boundary."""
    alone = principal._replace(grants=(grant,), answers=defaultdict(dict), groups=())
    return _alone(graph, alone).worst


def as_known(principal: Principal) -> tuple[Principal, tuple[Step, ...]]:
    """A principal without the policies of which nothing is known, and what that takes for given."""
    left = [grant for grant in principal.grants if not _is_wholly_unknown(grant)]
    steps = tuple(
        Step(grant.place.span, "this policy denies nothing that others allow", assumed=True)
        for grant in principal.grants
        if _is_wholly_unknown(grant)
    )
    return principal._replace(grants=tuple(left), answers=defaultdict(dict)), steps


def _is_wholly_unknown(grant: Grant) -> bool:
    statements = grant.document.statements
    return bool(statements) and all(isinstance(one.effect, Unknown) for one in statements)


def _privilege(graph: Graph, principal: Principal) -> Privilege:
    counted = tuple(
        grant for grant in principal.grants if grant.managed is None or not grant.managed.expected
    )
    judged = principal._replace(grants=counted, answers=defaultdict(dict))
    if not any(s.effect.text != "Deny" for d in judged.documents for s in d.statements):
        return Privilege(principal, ())
    admin = is_admin(judged.documents, judged.boundary)
    if admin.truth:
        return Privilege(principal, (Power("administrator", "administrator", admin),))
    found = [Power("administrator", "administrator", admin), *_powers(graph, judged)]
    return Privilege(principal, tuple(power for power in found if power.answer.may_be_true))


def _powers(graph: Graph, principal: Principal) -> Iterator[Power]:
    documents, boundary = principal.documents, principal.boundary
    names = tuple(probe.action for probe in probes.admin_equivalent_probes())
    if any(may_somewhere(principal, action) for action in (*names, *CREATES)):
        equivalent = is_admin_equivalent(documents, boundary, _own_policies(principal))
        for policy, attached in declared_policies(principal).items():
            asked = rewriting(principal, policy)
            equivalent |= attached & any_of(is_allowed(principal, *one) for one in asked)
        if not equivalent.truth:
            equivalent |= any_of(answer for _, answer in made_administrators(graph, principal))
        yield Power("administrator-equivalent", "can make itself administrator", equivalent, names)
    for service in SERVICES:
        # Nine of ten probes are full access, so none of more than a tenth of them rules it out.
        listed = probes.service_probes(service)
        some = listed[: len(listed) // 10 + 1]
        if any(may_somewhere(principal, probe.action) for probe in some):
            full = is_full_access(documents, service, boundary)
            actions = tuple(probe.action for probe in listed)
            yield Power("broad", f"full access to {service}", full, actions)
    for words, actions in _CHANGES:
        if all(may_somewhere(principal, action) for action in actions):
            answer = all_of(is_allowed(principal, action) for action in actions)
            yield Power("broad", words, answer, actions)
    yield from reading(principal, READS + _OPENS)


def reading(
    principal: Principal, table: tuple[tuple[tuple[str, ...], str], ...]
) -> Iterator[Power]:
    """What a principal reads by actions of which each alone does, as a table has them."""
    for readers, words in table:
        held = (action for action in readers if may_somewhere(principal, action))
        powers = (
            Power("data-read", words, is_allowed(principal, action), (action,)) for action in held
        )
        # One action is enough, and the firmest is the one to name.
        firmest = first_sure(powers, lambda power: power.answer)
        if firmest is not None:
            yield firmest


def administering(principal: Principal) -> Iterator[tuple[ActionRequest, Answer]]:
    """What would make an administrator of a principal: any of it is enough (semantics.md, D2).

    Each comes with whether it would: a managed policy must be the principal's own.
    """
    for probe in probes.admin_equivalent_probes():
        for keys in ways_to_attach(principal.documents, probe.action):
            yield ActionRequest(probe.action, context=keys or None), YES
    for asked in writing_own_policies(principal, principal):
        yield asked, YES
    for policy, attached in declared_policies(principal).items():
        for asked in rewriting(principal, policy):
            yield asked, attached


def writing_own_policies(principal: Principal, holder: Principal) -> Iterator[ActionRequest]:
    """What ``holder`` asks for to write policies of a principal's own, or of its groups'.

    What its policies say nothing of is left out.

    Args:
        principal: Whose policies these are.
        holder: Who writes them.
    """
    for request in _own_policies(principal):
        if not may_somewhere(holder, request.action):
            continue
        about = request.resource, request.identity
        for keys in ways_to_attach(holder.documents, request.action):
            context = {**(request.context or {}), **keys} or None
            yield ActionRequest(request.action, *about, context)


def rewriting(holder: Principal, policy: ManagedPolicy) -> Iterator[ActionRequest]:
    """What ``holder`` asks for to change what a managed policy says, whoever has that."""
    for action in _REWRITES:
        if may_somewhere(holder, action):
            arn = in_the_terms_of(holder, symbolic_arn(policy))
            yield ActionRequest(action, arn, identity_of(policy))


_REWRITES: Final = ("iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion")


def is_declared_administrator(principal: Principal) -> bool:
    """Whether AWS's own policy for administrators is attached to it, by name."""
    return any(
        grant.certain and grant.managed is not None and is_admin((grant.document,)).truth is True
        for grant in principal.grants
    )


def _own_policies(principal: Principal) -> Iterator[Request]:
    """What writes policies that apply to a principal: its own, its groups' and its members'.

    New credentials of its own, or others in its trust policy, give it nothing that it has not.
    """
    owners = [(principal.kind.title(), principal.arn, principal.identity)]
    for group in principal.groups:
        identity = identity_of(group)
        owners.append(("Group", symbolic_arn(group), identity))
    if isinstance(principal.resource, IamGroup):
        member = member_of(principal.resource)
        user = arn_in(principal.resource.span, "iam", "user/", member, region=False)
        owners.append(("User", user, Reference(member.target, "arn", member.span)))
    for kind, arn, identity in owners:
        for verb in ("Put", "Attach"):
            subject = in_the_terms_of(principal, arn)
            keys = principal.labels if identity is principal.identity else {}
            bound = {key: value for key, value in keys.items() if key == BOUNDARY} or None
            yield Request(f"iam:{verb}{kind}Policy", subject, None, bound, identity)
