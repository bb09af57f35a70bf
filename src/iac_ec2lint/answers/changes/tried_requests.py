"""The requests that are tried, of those that the statements of a policy may be about."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from iac_ec2lint.iam.policy import probes
from iac_ec2lint.iam.policy.glob import has_wildcard, match_action
from iac_ec2lint.iam.policy.inclusion import key_of
from iac_ec2lint.iam.policy.matching import RequestPrincipal
from iac_ec2lint.iam.statements.breadth import actions_matching
from iac_ec2lint.values import Reference, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from iac_ec2lint.iam.policy.statement import PrincipalEntry, Statement
    from iac_ec2lint.values import Val

TRIALS: Final = 400
"""Requests that are tried of one principal."""
_ACTIONS: Final = 25
"""Actions that are tried of one pattern."""


def name_of(entry: PrincipalEntry) -> str:
    """Whom an entry of a policy names, in words."""
    if entry.kind == "*" or entry.value.text == "*":
        return "anybody"
    return f"{entry.kind} {words_of(entry.value)}".strip()


def caller_of(entry: PrincipalEntry) -> RequestPrincipal | None:
    """Somebody whom an entry names; ``None`` where it is unknown whom."""
    value = entry.value
    identity = value if isinstance(value, Reference) else None
    match entry.kind:
        case "AWS" | "Service" | "Federated" | "CanonicalUser" as kind:
            return RequestPrincipal(kind, value, identity)
        case "*":
            somebody = f"arn:aws:iam::{probes.foreign_account()}:root"
            return RequestPrincipal("AWS", Value(somebody, value.span))
    return None


def requests_of(
    suspects: Sequence[Statement], service: str = ""
) -> Iterator[tuple[Statement, str, Val]]:
    """Requests that statements may be about.

    Args:
        suspects: The statements.
        service: The prefix of the actions that count; all where it is empty.
    """
    for statement in suspects:
        every = islice(sorted(actions_matching(f"{service}:*")), _ACTIONS) if service else ()
        for action in (*_actions(statement), *every):
            if service and not action.lower().startswith(f"{service}:"):
                continue
            for resource in _resources(statement, action):
                yield statement, action, resource


def _actions(statement: Statement) -> Iterator[str]:
    if statement.not_actions is not None:
        yield from (probe.action for probe in probes.all_probes())
    for entry in statement.actions or ():
        text = entry.text
        if text is None:
            continue
        if text == "*":
            yield from (probe.action for probe in probes.all_probes())
        elif has_wildcard(text):
            yield from (
                one.action for one in probes.all_probes() if match_action(entry, one.action)
            )
            yield from islice(sorted(actions_matching(text.lower())), _ACTIONS)
        elif ":" in text:
            yield text


def _resources(statement: Statement, action: str) -> Iterator[Val]:
    anything = Value(probes.probe_of(action).arn(probes.own_account()), statement.span)
    if statement.resources is None:
        yield anything
    for entry in statement.resources or ():
        text = entry.text
        if text is None:
            yield entry
        elif text.strip("*"):
            filled = text.replace("*", "any").replace("?", "a")
            yield Value(filled, entry.span) if "${" not in filled else entry
        else:
            yield anything


def known_by(value: Val | None) -> Hashable:
    """What a value is the same by in both trees; an unknown one by where it comes from."""
    if value is None:
        return None
    reason = value.reason if isinstance(value, Unknown) else ""
    return key_of(value) or (value.span.text, reason)


def words_of(value: Val) -> str:
    """A value in words, as far as it is known."""
    if value.text is not None:
        return value.text
    if isinstance(value, Reference):
        return f"{value.target}.{value.attribute}"
    parts = value.parts if isinstance(value, Unknown) else ()
    return "".join(part if isinstance(part, str) else "..." for part in parts) or "..."
