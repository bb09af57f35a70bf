"""What policy documents come to as a whole, decided by probes and never by text.

Sources: semantics.md, D2 (full access) and D3 (endpoint policies); Amazon EC2 User Guide,
"Access Amazon EC2 using an interface VPC endpoint".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeVar

from iac_ec2lint.iam.arns import arn_in
from iac_ec2lint.iam.outside_access import Policy, Stranger, texts
from iac_ec2lint.iam.policy import probes
from iac_ec2lint.iam.policy.document import PolicyDocument, worlds
from iac_ec2lint.iam.policy.glob import nobody
from iac_ec2lint.iam.policy.matching import (
    Request,
    allows,
    covers_action,
    covers_resource,
    over_worlds,
)
from iac_ec2lint.iam.policy.operators import agree, evaluate
from iac_ec2lint.iam.policy.outsiders import stops_strangers
from iac_ec2lint.iam.policy_choice import ways_to_attach
from iac_ec2lint.values import NO, Answer, Unknown, Val, Value, all_of, any_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from iac_ec2lint.iam.policy.outsiders import Setting
    from iac_ec2lint.iam.policy.statement import Statement
    from iac_ec2lint.source.span import Span

T = TypeVar("T")

SERVICE_FULL: Final = 9
"""Tenths of a service's probes that full access to it means."""

_ANY_SERVICE: Final = "any-service"
"""Stands for a service that a policy does not name."""

Verdict = Literal["full", "half", "restricted", "undecided"]


def is_admin(
    documents: Sequence[PolicyDocument], boundary: Sequence[PolicyDocument] | None = None
) -> Answer:
    """Whether ``documents`` together make an administrator: all admin probes are allowed."""
    return _all_allowed(documents, probes.admin_probes(), boundary)


def is_admin_equivalent(
    documents: Sequence[PolicyDocument],
    boundary: Sequence[PolicyDocument] | None = None,
    own: Iterable[Request] = (),
) -> Answer:
    """Whether ``documents`` let their holder become an administrator by one IAM action.

    Args:
        documents: The policies of a principal.
        boundary: Its permissions boundary.
        own: The requests that would write a policy of its own: one is enough.
    """
    asked = [_request(probe, documents) for probe in probes.admin_equivalent_probes()]
    requests = [*asked, *own]
    about = _about(documents, {request.action.partition(":")[0] for request in requests})
    return any_of(
        allows(about, way, boundary) for request in requests for way in _ways(request, documents)
    )


def _about(
    documents: Iterable[PolicyDocument], services: Collection[str]
) -> tuple[PolicyDocument, ...]:
    """Those of some documents that may speak of services: few of many, where much is asked."""
    return tuple(one for one in documents if any(map(one.may_speak_of, services)))


def _ways(request: Request, documents: Sequence[PolicyDocument]) -> Iterator[Request]:
    """A request to attach a policy, by each policy that would make an administrator."""
    for keys in ways_to_attach(documents, request.action):
        yield (
            Request(request.action, request.resource, None, keys, request.identity)
            if keys
            else request
        )


def is_full_access(
    documents: Sequence[PolicyDocument],
    service: str,
    boundary: Sequence[PolicyDocument] | None = None,
) -> Answer:
    """Whether ``documents`` allow (nearly) everything of a service on arbitrary resources.

    Args:
        documents: The policies of a principal.
        service: The prefix of its actions (``ec2``).
        boundary: The permissions boundary.

    Returns:
        True where at least nine of ten of the service's probes are allowed.
    """
    listed = probes.service_probes(service) or (probes.probe_of(f"{service}:AnyAction"),)
    needed = -(-SERVICE_FULL * len(listed) // 10)  # rounded up
    about = _about(documents, (service,))
    possible: list[Answer] = []
    for asked, probe in enumerate(listed):
        if len(possible) + len(listed) - asked < needed:
            return NO
        answer = allows(about, _request(probe, documents), boundary)
        if answer.may_be_true:
            possible.append(answer)
    if len(possible) < needed:
        return NO
    sure = [answer for answer in possible if answer.truth]
    assumptions = tuple(dict.fromkeys(step for answer in sure for step in answer.assumptions))
    if len(sure) >= needed:
        return Answer(True, (), assumptions)
    return Answer(None, unique(c for answer in possible for c in answer.causes), assumptions)


def _all_allowed(
    documents: Sequence[PolicyDocument],
    listed: Iterable[probes.Probe],
    boundary: Sequence[PolicyDocument] | None,
) -> Answer:
    return tidy(all_of(allows(documents, _request(probe, documents), boundary) for probe in listed))


def _request(probe: probes.Probe, documents: Sequence[PolicyDocument]) -> Request:
    # An account that no policy names: what is allowed there is allowed anywhere. Nor does one refer
    # to what is there.
    if not documents:
        return Request(probe.action)
    arn = Value(probe.arn(probes.foreign_account()), documents[0].span)
    return Request(probe.action, arn, identity=nobody(arn.span))


class OutsideAccess(NamedTuple):
    """What a policy gives to strangers: principals or resources of accounts that it names nowhere.

    Attributes:
        full: Whether a strange principal may reach a strange resource.
        foreign_principal: Whether a strange principal may do anything.
        foreign_resource: Whether anybody may reach a strange resource.
        statements: The Allows that decide the verdict, in order.
        actions: The probed actions that decide it.
    """

    full: Answer
    foreign_principal: Answer
    foreign_resource: Answer
    statements: tuple[Statement, ...]
    actions: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        """``full``; ``half`` where one side is limited, ``restricted`` where both are."""
        if self.full.truth:
            return "full"
        if self.full.truth is None or self.foreign_principal.truth is None:
            return "undecided"
        if self.foreign_principal.truth or self.foreign_resource.truth:
            return "half"
        return "undecided" if self.foreign_resource.truth is None else "restricted"

    @property
    def limited_by(self) -> Literal["resource", "principal"] | None:
        """Which side is limited where it is ``half``."""
        if self.verdict != "half":
            return None
        return "resource" if self.foreign_principal.truth else "principal"

    @property
    def causes(self) -> tuple[Unknown, ...]:
        """What would decide an undecided verdict."""
        if self.verdict != "undecided":
            return ()
        answers = (self.full, self.foreign_principal, self.foreign_resource)
        return unique(cause for answer in answers for cause in answer.causes)

    @property
    def spans(self) -> tuple[Span, ...]:
        """Where the deciding statements stand."""
        return tuple(statement.span for statement in self.statements)


def endpoint_access(
    document: PolicyDocument,
    service: str | None = None,
    trusted_accounts: Collection[str] = (),
) -> OutsideAccess:
    """What the policy of a VPC endpoint gives to strangers.

    ``aws:SourceVpc`` and ``aws:SourceVpce`` are the same for all that comes through the endpoint,
    and restrict nothing in its policy.

    Args:
        document: The policy; ``PolicyDocument.full_access`` where there is none.
        service: The prefix of the actions that the endpoint leads to
            (``probes.service_of_endpoint``); all where it is not known.
        trusted_accounts: Where given, a principal of an account that is not among them is a
            stranger, even where it is named.
    """
    return stranger_access(document, "endpoint-policy", service, trusted_accounts)


def endpoint_access_of_any(
    document: PolicyDocument, name: Unknown, trusted_accounts: Collection[str] = ()
) -> OutsideAccess:
    """What the policy of an endpoint whose service nobody knows gives to strangers.

    Only what it gives whatever the service is, is sure.

    Args:
        document: The policy.
        name: The name of the service.
        trusted_accounts: See ``endpoint_access``.
    """
    prefixes: list[str | None] = [probes.service_of_endpoint(one) for one in name.candidates]
    if not name.candidates:
        prefixes = [None, *sorted(_services_named(document)), _ANY_SERVICE]
    found = [endpoint_access(document, prefix, trusted_accounts) for prefix in prefixes]
    return OutsideAccess(
        agree([access.full for access in found], name),
        agree([access.foreign_principal for access in found], name),
        agree([access.foreign_resource for access in found], name),
        found[0].statements,
        found[0].actions,
    )


def _services_named(document: PolicyDocument) -> set[str]:
    """The prefixes of the services that a policy speaks of, in lower case."""
    return {
        text.partition(":")[0].replace("*", "").lower()
        for statement in document.statements
        for entry in (*(statement.actions or ()), *(statement.not_actions or ()))
        for text in texts(entry)
        if ":" in text
    } - {""}


def stranger_access(
    document: PolicyDocument,
    setting: Setting,
    service: str | None = None,
    trusted_accounts: Collection[str] = (),
    probed: Sequence[probes.Probe] | None = None,
) -> OutsideAccess:
    """What a policy gives to strangers; see ``endpoint_access``.

    Of the policy of a resource or of a role's trust, ``foreign_principal`` is what matters: whether
    it is public. Where ``probed`` is given, no other action counts.
    """
    grids: list[dict[Stranger, Answer]] = []
    found: dict[Stranger, tuple[list[Statement], list[str]]] = {}
    for statements in worlds((document,)):
        policy = Policy(statements, setting, service, trusted_accounts)
        grid: dict[Stranger, Answer] = {}
        for stranger in (Stranger.BOTH, Stranger.PRINCIPAL, Stranger.RESOURCE):
            grants = policy.grants(stranger, probed)
            grid[stranger] = any_of(grant.answer for grant in grants)
            deciding = [g for g in grants if g.answer.truth or grid[stranger].truth is None]
            kept = found.setdefault(stranger, ([], []))
            kept[0].extend(g.statement for g in deciding if g.statement not in kept[0])
            kept[1].extend(g.action for g in deciding if g.action not in kept[1])
        grids.append(grid)

    def joined(stranger: Stranger) -> Answer:
        return tidy(over_worlds([grid[stranger] for grid in grids], (document,)))

    # Who may reach a strange resource may do something, and likewise for the resource.
    full = joined(Stranger.BOTH)
    principal = full | joined(Stranger.PRINCIPAL)
    resource = full | joined(Stranger.RESOURCE)
    if full.may_be_true:
        shown = found[Stranger.BOTH]
    elif principal.may_be_true:
        shown = found[Stranger.PRINCIPAL]
    else:
        shown = found[Stranger.RESOURCE]
    return OutsideAccess(full, principal, resource, tuple(shown[0]), tuple(shown[1]))


def unique(causes: Iterable[Unknown]) -> tuple[Unknown, ...]:
    """The unknowns, each once, in order."""
    return tuple({(cause.reason, cause.span.key): cause for cause in causes}.values())


def first_sure(found: Iterable[T], answer: Callable[[T], Answer]) -> T | None:
    """The first that surely holds, else the first that may; ``None`` where none does.

    Args:
        found: What is looked through, no further than to one that surely holds.
        answer: Whether one of it holds.
    """
    possible: T | None = None
    for one in found:
        holds = answer(one)
        if holds.truth:
            return one
        if possible is None and holds.may_be_true:
            possible = one
    return possible


def tidy(answer: Answer) -> Answer:
    """An answer with each cause and assumption once."""
    return Answer(answer.truth, unique(answer.causes), tuple(dict.fromkeys(answer.assumptions)))


_UNENCRYPTED = {"ec2:encrypted": ("false",)}


def lets_unencrypted_volumes(document: PolicyDocument, action: str) -> Answer:
    """Whether a policy lets some request through that makes a volume without encryption.

    Args:
        document: The policy, of a VPC endpoint say.
        action: ``ec2:CreateVolume`` or ``ec2:RunInstances``.
    """
    volume = arn_in(document.span, "ec2", "volume/")
    answers = [
        _lets_through(statements, action, volume, _UNENCRYPTED) for statements in worlds([document])
    ]
    return over_worlds(answers, [document])


def _lets_through(
    statements: Iterable[Statement],
    action: str,
    resource: Val,
    context: Mapping[str, tuple[str, ...]],
) -> Answer:
    """Whether some request is allowed whose condition keys are ``context``, and any others."""
    allowed = denied = NO
    for statement in statements:
        covered = covers_action(statement, action)
        if covered.truth is False:
            continue
        covered = covered & covers_resource(statement, resource)
        # There is a request that meets the other conditions of an Allow; not each meets a Deny's.
        own = [
            evaluate(condition, context)
            for condition in statement.conditions
            if condition.unknown is not None or condition.key.lower() in context
        ]
        every = [evaluate(condition, context) for condition in statement.conditions]
        allowed = allowed | (statement.allows & covered & all_of(own))
        denied = denied | (statement.denies & covered & all_of(every) & _of_all(statement))
    return allowed & ~denied


def _of_all(deny: Statement) -> Answer:
    """Whether a Deny is for whoever asks."""
    return NO if deny.not_principals is not None else stops_strangers(deny)
