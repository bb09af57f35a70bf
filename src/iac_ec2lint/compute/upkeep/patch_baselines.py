"""Which security patches baselines approve, and how soon.

Source: Systems Manager User Guide, "Predefined and custom patch baselines" and "How security
patches are selected": AWS's own baselines approve security patches that are critical or important,
of Debian and Ubuntu those of each priority.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.compute.upkeep.image_lifetimes import day_of_the_data
from iac_ec2lint.resources.output import Output
from iac_ec2lint.resources.patch_baseline import PatchBaseline
from iac_ec2lint.values import NO, YES, Answer, Unknown, all_of, any_of, references_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Place
    from iac_ec2lint.resources.patch_baseline import ApprovalRule, PatchFilter
    from iac_ec2lint.values import Val

_PRIORITIES: Final = ("Required", "Important", "Standard", "Optional", "Extra")
_BY_PRIORITY: Final = frozenset({"DEBIAN", "RASPBIAN", "UBUNTU"})
_SEVERITIES: Final = ("Critical", "Important")
_SECURITY: Final = ("Security", "SecurityUpdates")
"""What security patches are classified as: of Linux and macOS, of Windows."""
_SINGLE: Final = frozenset(
    {"ADVISORY_ID", "ARCH", "BUGZILLA_ID", "CVE_ID", "EPOCH", "NAME", "PATCH_ID", "VERSION"}
)
"""Keys of filters that name single patches."""
_OF_PRODUCT: Final = frozenset({"PRODUCT", "PRODUCT_FAMILY"})
"""Keys of filters that say what patches are for: that is taken to be what hosts run."""


class BaselineCoverage(NamedTuple):
    """What a baseline approves.

    Attributes:
        baseline: The baseline.
        missing: What it must approve, in words, if it does not: the first of several.
        approves: Whether some rule approves all security patches that it must.
        in_time: Whether some rule does so soon enough.
        rule: Where the rule that is too late says so; else where rules are.
        until_a_day: Whether that rule approves what was released up to a day.
        rejects_all: Whether it rejects everything.
        used: Whether it is the default, or of a patch group.
    """

    baseline: PatchBaseline
    missing: str
    approves: Answer
    in_time: Answer
    rule: Place
    until_a_day: bool
    rejects_all: Answer
    used: Answer


def patch_baselines(graph: Graph, max_days: int) -> Iterator[BaselineCoverage]:
    """What each baseline of the unit approves.

    Args:
        graph: The graph.
        max_days: How many days after its release a patch is approved at the latest.
    """
    for baseline in graph.all(PatchBaseline):
        needed = _needed(baseline)
        approved = {word: _approved(baseline, word, None) for word in needed}
        timely = {word: _approved(baseline, word, max_days) for word in needed}
        missing = next((word for word, one in approved.items() if one.truth is not True), "")
        late = [r for r in baseline.approval_rules if _is_timely(r, max_days).truth is not True]
        dated = bool(late) and late[0].approve_after_days is None
        name = "approve_until_date" if dated else "approve_after_days"
        place = late[0].place(name) if late else baseline.place("approval_rules")
        system = baseline.operating_system
        approves, in_time = all_of(approved.values()), all_of(timely.values())
        if isinstance(system, Unknown) and baseline.approval_rules:
            # Which patches count hangs on it.
            approves = in_time = Answer(None, (system,))
        yield BaselineCoverage(
            baseline,
            missing,
            approves,
            in_time,
            place,
            dated,
            any_of(value.equals("*") for value in baseline.rejected_patches),
            _used(graph, baseline),
        )


def _needed(baseline: PatchBaseline) -> tuple[str, ...]:
    system = baseline.operating_system.text or ""
    if system in _BY_PRIORITY:
        return _PRIORITIES
    return ("",) if system == "MACOS" else _SEVERITIES


def _approved(baseline: PatchBaseline, word: str, max_days: int | None) -> Answer:
    """Whether a rule approves all security patches of one severity, or of one priority."""
    outer = all_of(_admits(one, word) for one in baseline.global_filters)
    return outer & any_of(
        all_of(_admits(one, word) for one in rule.filters)
        & (YES if max_days is None else _is_timely(rule, max_days))
        & rule.presence.answer
        for rule in baseline.approval_rules
    )


def _is_timely(rule: ApprovalRule, max_days: int) -> Answer:
    days = rule.approve_after_days
    if days is not None:
        return days.test(lambda data: not isinstance(data, int) or data <= max_days)
    until = rule.approve_until_date
    if until is None:
        return YES
    if until.text is not None and until.text <= _days_before(day_of_the_data(), max_days):
        return NO  # what was released since is not approved
    reason = f"whether newer patches are approved depends on the date {until.text or ''}".strip()
    return Answer(None, (Unknown(reason, "external-id", until.span),))


def _days_before(day: str, days: int) -> str:
    return (date.fromisoformat(day) - timedelta(days)).isoformat()


def _admits(one: PatchFilter, word: str) -> Answer:
    """Whether a filter lets all security patches of a severity, or of a priority, through."""
    key = one.key
    if key is None or key.text is None:
        return Answer(None, (key,) if isinstance(key, Unknown) else ())
    name = key.text.upper()
    if name in _OF_PRODUCT:
        return YES
    if name == "CLASSIFICATION":
        return _has(one, *_SECURITY)
    if name in ("MSRC_SEVERITY", "PRIORITY", "SEVERITY"):
        return _has(one, word)
    if name == "PATCH_SET":
        return _has(one, "OS")
    if name in _SINGLE:
        return NO
    reason = f"which patches a filter by {key.text} leaves out is not known"
    return _has(one, "*") | Answer(None, (Unknown(reason, "external-id", key.span),))


def _has(one: PatchFilter, *words: str) -> Answer:
    accepted = {"*", *(word.lower() for word in words)}
    return any_of(
        value.test(lambda data: isinstance(data, str) and data.lower() in accepted)
        for value in one.values
    )


def _used(graph: Graph, baseline: PatchBaseline) -> Answer:
    """Whether a baseline is the default, or of a patch group; of a module's its caller may say."""
    if not graph.unit.is_root:
        return YES
    named: list[Val] = list(baseline.patch_groups)
    groups = any_of(value.test(bool) for value in named)
    answer = baseline.equals("is_default", True) | groups
    answer |= any_of(edge.answer for edge in graph.sources(baseline, "baseline"))
    if answer.truth is True:
        return answer
    for edge in graph.unresolved("baseline"):
        if isinstance(edge.value, Unknown) and edge.value.cause not in ("variable", "parameter"):
            answer |= Answer(None, (edge.value,))
    for output in graph.all(Output):
        value = output.value
        if value is not None and any(
            one.target == baseline.address for one in references_of(value)
        ):
            reason = f"whoever reads {output.address} may use it"
            answer |= Answer(None, (Unknown(reason, "external-id", output.span),))
    return answer
