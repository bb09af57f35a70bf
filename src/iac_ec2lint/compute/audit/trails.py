"""Which calls of EC2's API trails record.

Source: CloudTrail User Guide, "Logging management events" and "Filtering event fields".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.resources.trail import Trail
from iac_ec2lint.values import NO, YES, Answer, Unknown, all_of, any_of

if TYPE_CHECKING:
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.trail import AdvancedEventSelector, EventSelector, FieldSelector

_EC2 = "ec2.amazonaws.com"


class TrailCoverage(NamedTuple):
    """What a trail records of the calls of EC2's API, by itself and together with other trails.

    Attributes:
        trail: The trail.
        logging: Whether it is switched on, or another trail records all.
        every_region: Whether all Regions are recorded.
        global_services: Whether the services without a Region are.
        reads: Whether calls that read are.
        writes: Whether calls that change something are.
    """

    trail: Trail
    logging: Answer
    every_region: Answer
    global_services: Answer
    reads: Answer
    writes: Answer

    @property
    def whole(self) -> Answer:
        """Whether it is on, in every Region and for global services."""
        return self.logging & self.every_region & self.global_services


def trail_coverage(graph: Graph) -> tuple[TrailCoverage, ...]:
    """What each trail records, where other trails of its account make up for what it leaves out.

    A trail that records data events alone is no proof that management events are not recorded: one
    more copy of them costs money, so that AWS advises a trail of its own for data events.
    """
    return _trail_coverage(graph)


@remembered
def _trail_coverage(graph: Graph) -> tuple[TrailCoverage, ...]:
    alone = [_alone(trail) for trail in graph.all(Trail)]
    helpful = [one for one in alone if (one.whole & (one.reads | one.writes)).may_be_true]
    return tuple(_together(one, [other for other in helpful if other is not one]) for one in alone)


def _alone(trail: Trail) -> TrailCoverage:
    return TrailCoverage(
        trail,
        trail.enable_logging.is_true(),
        trail.is_multi_region.is_true(),
        trail.include_global_service_events.is_true(),
        _records(trail, "ReadOnly"),
        _records(trail, "WriteOnly"),
    )


def _together(own: TrailCoverage, others: list[TrailCoverage]) -> TrailCoverage:
    reads = any_of(_made_up(own, other) & other.reads for other in others)
    writes = any_of(_made_up(own, other) & other.writes for other in others)
    other_events = ~(own.reads | own.writes) if _has_data_events(own.trail) else NO
    if other_events.truth:
        words = "it records data events alone, and another trail may record management events"
        elsewhere = Answer(None, (Unknown(words, "external-id", own.trail.span),))
        return TrailCoverage(own.trail, YES, YES, YES, reads | elsewhere, writes | elsewhere)
    both = reads & writes | other_events
    return TrailCoverage(
        own.trail,
        own.logging | both,
        own.every_region | both,
        own.global_services | both,
        own.reads | reads,
        own.writes | writes,
    )


def _made_up(own: TrailCoverage, other: TrailCoverage) -> Answer:
    """Whether another trail is there, on everywhere, and of the same account."""
    return other.trail.presence.answer & other.whole & _same_account(own.trail, other.trail)


def _same_account(trail: Trail, other: Trail) -> Answer:
    if trail.scope == other.scope:
        return YES
    words = f"whether {other.address} is in the account of {trail.address} is not known"
    unknown = Answer(None, (Unknown(words, "external-id", other.span),))
    return other.is_organization_trail.is_true() | unknown


def _records(trail: Trail, half: str) -> Answer:
    """Whether a trail records the management events of EC2 that read, or those that write."""
    selectors = (*trail.event_selectors, *trail.advanced_event_selectors)
    written = any_of(selector.presence.answer for selector in selectors)
    basic = (one.presence.answer & _selects(one, half) for one in trail.event_selectors)
    advanced = (
        one.presence.answer & _selects_by_fields(one, half)
        for one in trail.advanced_event_selectors
    )
    return ~written | any_of((*basic, *advanced))


def _selects(selector: EventSelector, half: str) -> Answer:
    left_out = any_of(source.equals(_EC2) for source in selector.excluded_sources)
    return (
        selector.include_management_events.is_true()
        & selector.read_write_type.equals("All", half)
        & ~left_out
    )


def _selects_by_fields(selector: AdvancedEventSelector, half: str) -> Answer:
    management = any_of(
        _is_about(one, "eventCategory") & _has_value(one, "Management")
        for one in selector.conditions
    )
    return management & all_of(_admits(one, half) for one in selector.conditions)


def _admits(condition: FieldSelector, half: str) -> Answer:
    """Whether a condition lets all calls of EC2's API of one half through."""
    name = condition.field.text if condition.field is not None else None
    if name == "eventCategory":
        return _has_value(condition, "Management")
    if name == "readOnly":
        return _has_value(condition, "true" if half == "ReadOnly" else "false")
    if name == "eventSource":
        excluded = any_of(one.equals(_EC2) for one in condition.not_equals)
        return ~excluded & (_has_value(condition, _EC2) if condition.equals_ else YES)
    if isinstance(condition.field, Unknown):
        return Answer(None, (condition.field,))
    words = f"its condition on {name} may leave out some events"
    return Answer(None, (Unknown(words, "expression", condition.span),))


def _is_about(condition: FieldSelector, name: str) -> Answer:
    return condition.field.equals(name) if condition.field is not None else NO


def _has_value(condition: FieldSelector, value: str) -> Answer:
    return any_of(one.equals(value) for one in condition.equals_)


def _has_data_events(trail: Trail) -> bool:
    resources = any(one.data_resources for one in trail.event_selectors)
    return resources or any(
        (_is_about(condition, "eventCategory") & _has_value(condition, "Data")).truth is True
        for selector in trail.advanced_event_selectors
        for condition in selector.conditions
    )
