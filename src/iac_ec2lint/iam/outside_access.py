"""What the statements of one policy grant to strangers, statement by statement.

A stranger is a principal, or a resource, of an account that the policy names nowhere. It chooses
what it can: a condition that it may fulfil does not keep it out, and a Deny stops it only where it
cannot be avoided (semantics.md, D3).
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.iam.policy import probes
from iac_ec2lint.iam.policy.glob import arn_key, has_wildcard, match_action, match_text
from iac_ec2lint.iam.policy.matching import covers_action, covers_resource
from iac_ec2lint.iam.policy.operators import agree, evaluate
from iac_ec2lint.iam.policy.outsiders import (
    holds_for_strangers,
    is_fixed,
    names_principals,
    narrows,
    stops_strangers,
)
from iac_ec2lint.values import NO, YES, Answer, Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence

    from iac_ec2lint.iam.policy.outsiders import Setting, Side
    from iac_ec2lint.iam.policy.statement import Statement


_MANY = 16
"""Statements of which each may be a Deny: more of them decide nothing that these leave open."""


class Stranger(Enum):
    """Which of principal and resource are strange in a probe."""

    BOTH = ("principal", "resource")
    PRINCIPAL = ("principal",)
    RESOURCE = ("resource",)

    sides: tuple[Side, ...]

    def __init__(self, *sides: Side) -> None:
        self.sides = sides


class OutsideGrant(NamedTuple):
    """Whether one Allow, after all Denies, gives one action to a stranger."""

    statement: Statement
    action: str
    answer: Answer


class _Sample(NamedTuple):
    """A resource that an Allow may cover, and whether it does."""

    resource: Val
    covered: Answer


class Policy:
    """The statements of one policy, probed.

    Args:
        statements: They, in order.
        setting: What the policy belongs to.
        service: The prefix of the actions to probe; all where it is ``None``.
        trusted_accounts: Where given, all accounts whose principals are no strangers.
        context: Condition keys that are known, in lower case.
    """

    __slots__ = (
        "_allows",
        "_context",
        "_denies",
        "_passed",
        "_service",
        "_setting",
        "_spared",
        "_trusted",
    )

    def __init__(
        self,
        statements: Sequence[Statement],
        setting: Setting,
        service: str | None = None,
        trusted_accounts: Collection[str] = (),
        context: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self._allows = [s for s in statements if s.effect.text != "Deny"]
        self._denies = [s for s in statements if s.effect.text != "Allow"]
        self._spared = [entry for s in self._denies for entry in s.not_resources or ()]
        self._setting: Setting = setting
        self._service = service
        self._trusted = trusted_accounts
        self._context = context or {}
        self._passed: dict[tuple[Stranger, str, Hashable], Answer] = {}

    def grants(
        self, stranger: Stranger, listed: Sequence[probes.Probe] | None = None
    ) -> list[OutsideGrant]:
        """What each Allow gives that is not certainly nothing.

        Args:
            stranger: Who and what is strange.
            listed: What to probe; by default the probes of the service, and the actions that the
                statement names.
        """
        found: list[OutsideGrant] = []
        for statement in self._allows:
            admitted = self._admits(statement, stranger)
            if admitted.truth is False:
                continue
            for probe in self._probes(statement) if listed is None else listed:
                answer = admitted & covers_action(statement, probe.action)
                if answer.truth is False:
                    continue
                answer = answer & self._reaches(statement, stranger, probe)
                if answer.truth is not False:
                    found.append(OutsideGrant(statement, probe.action, answer))
        return found

    def _admits(self, statement: Statement, stranger: Stranger) -> Answer:
        """Whether an Allow's principals and conditions let a stranger in."""
        answer = statement.allows
        if "principal" in stranger.sides:
            answer = answer & ~names_principals(statement, self._trusted)
        for condition in statement.conditions:
            if answer.truth is False:
                return NO
            if condition.unknown is not None or condition.key.lower() in self._context:
                answer = answer & evaluate(condition, self._context)
                continue
            for side in stranger.sides:
                answer = answer & ~narrows(condition, side, self._setting, self._trusted)
        return answer

    def _reaches(self, statement: Statement, stranger: Stranger, probe: probes.Probe) -> Answer:
        """Whether there is a resource that an Allow covers and no Deny."""
        result = NO
        strange = "resource" in stranger.sides
        for sample in _samples(statement, self._spared, probe, strange=strange):
            if sample.covered.truth is False:
                continue
            result = result | (sample.covered & self._passes(stranger, probe, sample.resource))
            if result.truth:
                break
        return result

    def _passes(self, stranger: Stranger, probe: probes.Probe, resource: Val) -> Answer:
        """Whether no Deny stops a stranger; asked once for all Allows."""
        key = stranger, probe.action, arn_key(resource, None)
        found = self._passed.get(key)
        if found is None:
            found = self._passed[key] = self._passes_all(stranger, probe, resource)
        return found

    def _passes_all(self, stranger: Stranger, probe: probes.Probe, resource: Val) -> Answer:
        answer = YES
        perhaps = 0
        for deny in self._denies:
            if answer.truth is None and deny.denies.truth is None:
                perhaps += 1
                if perhaps > _MANY:  # it would be one more cause of what stays undecided
                    continue
            answer = answer & ~self._stops(deny, stranger, probe.action, resource)
            if answer.truth is False:
                break
        return answer

    def _stops(self, deny: Statement, stranger: Stranger, action: str, resource: Val) -> Answer:
        """Whether a Deny stops a stranger, whatever it does to avoid that."""
        answer = deny.denies & covers_action(deny, action)
        if answer.truth is False:
            return NO
        answer = answer & covers_resource(deny, resource)
        # A Deny that names principals stops those; somebody else is left.
        answer = answer & _includes_everyone(deny, stranger, self._trusted)
        for condition in deny.conditions:
            if answer.truth is False:
                return NO
            if condition.key.lower() in self._context:
                answer = answer & evaluate(condition, self._context)
            else:
                answer = answer & holds_for_strangers(
                    condition, stranger.sides, self._setting, self._trusted
                )
        return answer

    def _probes(self, statement: Statement) -> Iterator[probes.Probe]:
        """The service's, those of actions that are named, and one for a pattern with neither."""
        if self._service is None:
            listed = probes.all_probes()
        else:
            listed = probes.service_probes(self._service)
        yield from listed
        if self._service is not None and not listed:
            yield probes.probe_of(f"{self._service}:AnyAction")
        for entry in statement.actions or ():
            for text in texts(entry):
                service, _, name = text.partition(":")
                if not name or has_wildcard(service):
                    continue
                if self._service is not None and service.lower() != self._service:
                    continue
                pattern = Value(text, statement.span)
                if not any(match_action(pattern, probe.action) for probe in listed):
                    yield probes.probe_of(f"{service}:{_filled(name)}")


def texts(entry: Val) -> Iterator[str]:
    """The texts that an entry of a statement's element is, or may be."""
    if isinstance(entry, Unknown):
        for candidate in entry.candidates:
            yield from texts(candidate)
    elif entry.text is not None:
        yield entry.text
    elif isinstance(entry.data, tuple):
        for element in entry.elements():
            yield from texts(element)


def _includes_everyone(
    deny: Statement, stranger: Stranger, trusted_accounts: Collection[str]
) -> Answer:
    """Whether a Deny's principals leave nobody out that a probe may be by."""
    if "principal" in stranger.sides:
        return stops_strangers(deny, trusted_accounts)
    return NO if deny.not_principals is not None else stops_strangers(deny)


def _samples(
    statement: Statement, spared: Sequence[Val], probe: probes.Probe, *, strange: bool
) -> Iterator[_Sample]:
    """Resources that an Allow covers.

    They are of nobody in particular, made from what the Allow names, or ``spared``: what the
    ``NotResource`` of a Deny names.
    """
    account = probes.foreign_account() if strange else probes.own_account()
    anything = Value(probe.arn(account), statement.span)
    if statement.resources is None:
        yield _Sample(anything, covers_resource(statement, anything))
    for entry in statement.resources or ():
        yield from _samples_of(entry, anything, account, strange=strange)
    for entry in spared:
        for sample in _samples_of(entry, anything, account, strange=strange):
            covered = sample.covered & covers_resource(statement, sample.resource)
            yield _Sample(sample.resource, covered)


def _samples_of(entry: Val, anything: Value, account: str, *, strange: bool) -> Iterator[_Sample]:
    if isinstance(entry, Unknown) and entry.candidates:
        for candidate in entry.candidates:
            for sample in _samples_of(candidate, anything, account, strange=strange):
                covered = agree([sample.covered, Answer(None, (entry,))], entry)
                yield _Sample(sample.resource, covered if sample.covered.may_be_true else NO)
        return
    if isinstance(entry, Value) and isinstance(entry.data, tuple):
        for element in entry.elements():
            yield from _samples_of(element, anything, account, strange=strange)
        return
    covered = ~is_fixed(entry) if strange else YES
    text = entry.text
    if text is None:
        # A Deny is asked about what the entry stands for.
        yield _Sample(entry, covered)
    elif not text.strip("*"):
        yield _Sample(anything, covered)
    else:
        yield _Sample(Value(_instance(text, account, anything), entry.span), covered)


def _instance(pattern: str, account: str, anything: Value) -> str:
    """An ARN that a pattern covers: the probe's own name and account where it leaves them open."""
    segments = pattern.split(":", 5)
    if len(segments) > 4 and has_wildcard(segments[4]):
        segments[4] = account
    probed = (anything.text or "").split(":", 5)
    if len(segments) == len(probed) == 6 and has_wildcard(segments[5]):
        name = Value(segments[5], anything.span)
        if match_text(name, probed[5]):
            segments[5] = probed[5]
    return _filled(":".join(segments))


def _filled(pattern: str) -> str:
    """A text that a glob covers."""
    return pattern.replace("*", "Any").replace("?", "a")
