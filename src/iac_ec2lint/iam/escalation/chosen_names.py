"""ARNs of what a principal makes, by names of its choice: as its policies ask for them.

A statement on ``arn:aws:lambda:*:*:function:app-*`` lets its holder make functions whose names
begin so, and whoever makes one names it (Service Authorization Reference: which resources an action
is about). What AWS gives an id to is named by nobody.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.iam.arns import example_of, joined, own_account, own_region
from iac_ec2lint.iam.grants import statements_on
from iac_ec2lint.iam.policy import probes
from iac_ec2lint.iam.policy.glob import has_wildcard, pieces_of, segments_of
from iac_ec2lint.values import Unknown, Val

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.iam.principal import Principal
    from iac_ec2lint.source.span import Span

_ANY: Final = "anything"
"""What stands for a name, of anybody's choice, in the ARNs of probes."""
_SEGMENTS: Final = 6
_REGION, _ACCOUNT, _RESOURCE = 3, 4, 5
_TRIED: Final = 8
"""How many names are tried."""


@remembered
def chosen_arns(principal: Principal, actions: tuple[str, ...]) -> tuple[Unknown, ...]:
    """ARNs in the unit's account that something may have which some actions are about.

    Args:
        principal: Who makes it, and names it.
        actions: The actions, all about things of one kind.

    Returns:
        An ARN for each pattern of names that a statement on one of them allows.
    """
    found: dict[str, Unknown] = {}
    for entry in _entries(principal, actions):
        arn = _example(entry, actions[0])
        if arn is not None:
            found.setdefault(repr(arn.parts), arn)
    return tuple(islice(found.values(), _TRIED))


def _entries(principal: Principal, actions: tuple[str, ...]) -> Iterator[Val]:
    speaking = (one for action in actions for one in statements_on(principal, action))
    for statement in dict.fromkeys(speaking):
        # What a Deny spares is left to be done, where something else allows it.
        spared = statement.effect.text == "Deny"
        yield from (statement.not_resources if spared else statement.resources) or ()


def _example(entry: Val, action: str) -> Unknown | None:
    """An ARN of the kind that an action is about, covered by an entry with a wildcard."""
    template = probes.probe_of(action).template
    segments = segments_of(entry)
    if _ANY not in template or len(segments) != _SEGMENTS:
        return None
    kinds = template.split(":", _RESOURCE)
    service, resource = segments[2], segments[_RESOURCE]
    last = resource[-1] if resource else None
    if service != [kinds[2]] or not isinstance(last, str) or not has_wildcard(last):
        return None
    kind = kinds[_RESOURCE].partition(_ANY)[0]
    if not isinstance(resource[0], str) or not resource[0].startswith(kind):
        return None
    account = segments[_ACCOUNT]
    if account and isinstance(account[0], str) and not has_wildcard(account[0]):
        return None  # whether that is the unit's own is not known
    span = entry.span
    pieces: list[str | Unknown] = [f"arn:aws:{kinds[2]}:"]
    pieces += _own(segments[_REGION], own_region(span))
    pieces += [":", *_own(account, own_account(span)), ":"]
    named = example_of(tuple(resource), span)
    pieces += _parts(named, span)
    return joined(pieces, span)


def _own(segment: list[str | Unknown], own: Unknown) -> list[str | Unknown]:
    """A segment of an ARN, the unit's own where it is left open."""
    return [own] if segment and isinstance(segment[0], str) and "*" in segment[0] else segment


def _parts(named: Val, span: Span) -> tuple[str | Unknown, ...]:
    pieces = pieces_of(named)
    return pieces if pieces is not None else (Unknown("its name is not known", "computed", span),)
