"""Which requests permission sets of IAM Identity Center newly allow.

A permission set is compared as a role is. Where it is newly assigned, the user or the group gets
what it allows in that account, beside what others that are assigned there allow. Source: IAM
Identity Center User Guide, "Permission sets" and "Assign user or group access to AWS accounts".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.answers.changes.tried_requests import TRIALS, known_by, requests_of, words_of
from iac_ec2lint.iam.policy.document import PolicyDocument
from iac_ec2lint.iam.policy.inclusion import beyond, key_of
from iac_ec2lint.iam.policy.matching import Request, allows
from iac_ec2lint.iam.principal import Grant
from iac_ec2lint.iam.principals import attached_policies, doubtful
from iac_ec2lint.report.changes.verdict import NewRequest
from iac_ec2lint.report.escape import place
from iac_ec2lint.resources.permission_set import (
    AccountAssignment,
    PermissionSet,
    PermissionSetPolicy,
    PermissionSetReference,
)
from iac_ec2lint.values import Reference, Unknown

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.iam.policy.statement import Statement
    from iac_ec2lint.resources.part import Resource
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.values import Val


_Of = PermissionSetPolicy | PermissionSetReference | AccountAssignment
"""What is of a permission set."""


class SetChange(NamedTuple):
    """What the permission sets of a unit come to.

    Attributes:
        new: Requests that surely are new.
        undecided: Why others may be.
        fresh: The permission sets that stand in the later tree alone, in sentences.
    """

    new: list[NewRequest]
    undecided: list[str]
    fresh: list[str]


@dataclass(slots=True)
class _Given:
    """What a permission set allows.

    Attributes:
        name: What messages call it.
        span: Where it stands.
        declared: Whether the unit declares it, so that all that it has is known.
        policies: Its policies, each with what names it where that says as much as all in it.
        named: Its policies that each account has its own of, by their names.
        boundary: Its permissions boundary; ``None`` where it has none.
    """

    name: str
    span: Span
    declared: bool
    policies: list[tuple[Hashable, PolicyDocument]] = field(default_factory=list)
    named: set[Hashable] = field(default_factory=set)
    boundary: Hashable = None

    @property
    def documents(self) -> list[PolicyDocument]:
        """What its policies say."""
        return [document for _, document in self.policies]

    @property
    def is_known(self) -> bool:
        """Whether its documents say all that it allows."""
        return self.declared and not self.named and self.boundary is None


def permission_set_changes(unit: str, before: Graph, after: Graph) -> SetChange:
    """What permission sets allow that they did not.

    Args:
        unit: The unit's path.
        before: Its graph in the earlier tree.
        after: The later one.
    """
    comparison = _Comparison(unit, _sets(before), _sets(after))
    comparison.of_sets()
    comparison.of_assignments(before, after)
    return comparison.found


class _Comparison:
    def __init__(
        self, unit: str, before: dict[Hashable, _Given], after: dict[Hashable, _Given]
    ) -> None:
        self._unit = unit
        self._before = before
        self._after = after
        self.found = SetChange([], [], [])

    def of_sets(self) -> None:
        """Compare the permission sets that stand in both trees, and name the others."""
        for key, now in self._after.items():
            then = self._before.get(key)
            if then is not None:
                self._judge(f"who has {now.name}", now, [then])
            elif now.declared:
                self.found.fresh.append(f"{now.name} is new")
            else:
                self._leave_open(f"what {now.name} allows", now.span)
        for key, gone in self._before.items():
            if key not in self._after and not gone.declared:
                self._leave_open(f"what {gone.name} allows", gone.span)

    def of_assignments(self, before: Graph, after: Graph) -> None:
        """Compare what users and groups are newly assigned with what they were."""
        known = [*_assignments(before)]
        had = {key for key, *_ in known}
        for key, one, set_key in _assignments(after):
            if key in had:
                continue
            who = f"{_kind(one)} {_words(one.principal)} in account {_words(one.account)}"
            given = self._after.get(set_key)
            same = [other for (holder, _), _, other in known if holder == key[0]]
            there = [self._before[other] for other in same if other in self._before]
            # Somebody unknown may be one of those who are known.
            told = (one, *(each for _, each, _ in known))
            unknown = bool(known) and not all(map(_is_told, told))
            unknown = unknown or len(there) < len(same) or one.presence.cause is not None
            if given is None or unknown:
                self._leave_open(f"what {who} may do", one.span)
            else:
                self._judge(who, given, there, one)

    def _judge(
        self,
        who: str,
        now: _Given,
        then: Sequence[_Given],
        assigned: AccountAssignment | None = None,
    ) -> None:
        """Compare what somebody may do by one permission set with what it could by others."""
        earlier = [policy for each in then for policy in each.policies]
        more, _ = beyond(_apart(now.policies, earlier), [document for _, document in earlier])
        _, lost = beyond(now.documents, _apart(earlier, now.policies))
        named = {name for each in then for name in each.named}
        kept = not then or (
            now.boundary is not None and all(each.boundary == now.boundary for each in then)
        )
        loosened = not kept and any(each.boundary is not None for each in then)
        if not more and not lost and now.named <= named and not loosened:
            return
        allowing = [s for one in now.documents for s in one.statements if s.effect.text != "Deny"]
        tried = [*more, *(allowing if lost else ())]
        if now.is_known and all(each.is_known for each in then):
            found = self._new_request(who, now, then, tried, assigned)
            if found is not None:
                self.found.new.append(found)
                return
        at = assigned.span if assigned is not None else (tried[0].span if tried else now.span)
        self._leave_open(f"what {who} may do", at)

    def _new_request(
        self,
        who: str,
        now: _Given,
        then: Sequence[_Given],
        tried: Sequence[Statement],
        assigned: AccountAssignment | None,
    ) -> NewRequest | None:
        earlier = [document for one in then for document in one.documents]
        for statement, action, resource in islice(requests_of(tried), TRIALS):
            identity = resource if isinstance(resource, Reference) else None
            request = Request(action, resource, None, None, identity)
            if not allows(now.documents, request).truth:
                continue
            if allows(earlier, request).truth is False:
                span = statement.span if assigned is None else assigned.span
                edge = "a statement allows it"
                if assigned is not None:
                    edge = f"{assigned.address} assigns {now.name}"
                return NewRequest(
                    self._unit, who, action, words_of(resource), edge, span.path, span.line
                )
        return None

    def _leave_open(self, words: str, span: Span) -> None:
        where = place(span.path, span.line)
        self.found.undecided.append(f"{words} is not surely as before ({where})")


def _sets(graph: Graph) -> dict[Hashable, _Given]:
    """The permission sets that a unit declares, and those that it adds policies to."""
    found: dict[Hashable, _Given] = {
        one.address: _Given(f"permission set {one.address}", one.span, declared=True)
        for one in graph.all(PermissionSet, PermissionSetPolicy)
        if _is_a_set(one)
    }
    policies: list[PermissionSetPolicy | PermissionSetReference] = [
        *graph.all(PermissionSetPolicy),
        *graph.all(PermissionSetReference),
    ]
    for policy in policies:
        for key, why in [(policy.address, None)] if _is_a_set(policy) else _owners(graph, policy):
            given = found.get(key)
            if given is None:
                name = f"the permission set of {policy.address}"
                given = found.setdefault(key, _Given(name, policy.span, declared=False))
            for grant in _grants(graph, policy):
                named = grant.declared is None and why is None
                same = known_by(grant.place.value) if named else None
                document = (grant if why is None else doubtful(grant, why)).document
                given.policies.append((same, document))
            given.named |= {
                (known_by(one.name), known_by(one.iam_path)) for one in policy.named_policies
            }
            boundary = policy.boundary
            keys = known_by(boundary.managed_policy), known_by(boundary.named_policy.name)
            if keys != (None, None):
                given.boundary = keys
    return found


def _apart(
    some: Sequence[tuple[Hashable, PolicyDocument]],
    others: Sequence[tuple[Hashable, PolicyDocument]],
) -> list[PolicyDocument]:
    """Policies without those that others are by what names them, whatever they say."""
    known = {key for key, _ in others}
    return [document for key, document in some if key is None or key not in known]


def _is_a_set(one: Resource) -> bool:
    """Whether it is a permission set, and no policy of one that is declared apart."""
    return isinstance(one, PermissionSet) or one.declared.of_cloudformation


def _owners(graph: Graph, one: _Of) -> Iterator[tuple[Hashable, Unknown | None]]:
    """The permission sets that a policy or an assignment is of, and why it may not be."""
    for edge in graph.targets(one, "permission_set"):
        why = one.presence.cause
        if why is None and not edge.certain:
            words = f"whether {one.address} is of it is not known"
            why = Unknown(words, "condition", edge.value.span)
        target = edge.target
        declared = isinstance(target, PermissionSet | PermissionSetPolicy)
        yield (target.address if target is not None and declared else known_by(edge.value)), why


def _grants(graph: Graph, policy: _Of) -> Iterator[Grant]:
    if not isinstance(policy, PermissionSetPolicy):
        return
    if policy.document is not None:
        yield Grant(PolicyDocument.read(policy.document), policy, policy.place("document"))
    yield from attached_policies(graph, policy)


_Holder = tuple[str, "Hashable", "Hashable"]


def _assignments(
    graph: Graph,
) -> Iterator[tuple[tuple[_Holder, Hashable], AccountAssignment, Hashable]]:
    """Who has which permission set in which account, and what says so."""
    for one in graph.all(AccountAssignment):
        holder = _kind(one), known_by(one.principal), known_by(one.account)
        for key, why in _owners(graph, one):
            yield (holder, (key, why is None)), one, key


def _is_told(one: AccountAssignment) -> bool:
    """Whether it is known who gets the permission set, and where."""
    about = (one.principal, one.principal_kind, one.account)
    return all(value is not None and key_of(value) is not None for value in about)


def _kind(one: AccountAssignment) -> str:
    kind = one.principal_kind
    return "somebody" if kind is None or kind.text is None else kind.text.lower()


def _words(value: Val | None) -> str:
    return "..." if value is None else words_of(value)
