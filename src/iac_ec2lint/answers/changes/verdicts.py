"""What a change lets through: the verdict over all units that it touches."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.answers.changes.access import UnitAccess, access_change
from iac_ec2lint.answers.changes.blocks import changed_blocks, declared_types
from iac_ec2lint.answers.changes.flows import UnitFlows, flow_change
from iac_ec2lint.report.changes.verdict import ChangeVerdict
from iac_ec2lint.resources.template_stack import TemplateStack
from iac_ec2lint.source.budget import Budget

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from iac_ec2lint.answers.changes.touched import Touched
    from iac_ec2lint.answers.scan import Scan
    from iac_ec2lint.answers.units import Job, UnitGraph
    from iac_ec2lint.source.diagnostic import Diagnostic

_MORE = 20
"""Reasons that are kept; one is told, and how many there are."""
_SOMEBODY = "an address that is not shown"


class _UnitChange(NamedTuple):
    """What one unit came to; texts alone."""

    flows: UnitFlows
    access: UnitAccess


def change_verdict(
    before: Scan, after: Scan, touched: Touched, errors: Sequence[str]
) -> ChangeVerdict:
    """The verdict.

    Args:
        before: The earlier tree.
        after: The later one.
        touched: The units that may be touched.
        errors: What could not be read in the later tree.
    """
    old = {_key(before, job): job for job in before.units()[1]}
    changes = []
    undecided = [*errors]
    for job in filter(partial(touched.includes, 1), after.units()[1]):
        try:
            changes.append(_unit_change(before, after, old.get(_key(after, job)), job, touched))
        except MemoryError:
            undecided.append(
                f"there is not enough memory to compare {after.files.display(job.path)}"
            )
    flows = [flow for one in changes for flow in one.flows.new]
    flows.sort(key=lambda one: not one.is_everybody)
    return ChangeVerdict(
        flow=flows[0] if flows else None,
        request=next((new for one in changes for new in one.access.new), None),
        access_undecided=_once([*undecided, *(u for one in changes for u in one.access.undecided)]),
        flows_undecided=_once([*undecided, *(u for one in changes for u in one.flows.undecided)]),
        new_workloads=_once([w for one in changes for w in one.flows.new_workloads]),
        new_principals=_once([p for one in changes for p in one.access.new_principals]),
    )


def _key(scan: Scan, job: Job) -> tuple[str, str, str]:
    return job.kind, scan.files.display(job.path), job.reading


def _once(reasons: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reasons))[:_MORE]


def _unit_change(
    before: Scan, after: Scan, old: Job | None, job: Job, touched: Touched
) -> _UnitChange:
    budgets = [Budget(scan.survey.share) for scan in (before, after)]
    for scan, budget in zip((before, after), budgets, strict=True):
        scan.survey.allot(budget)

    def graphs(*, joined: bool) -> tuple[UnitGraph | None, UnitGraph]:
        earlier = None if old is None else before.survey.graph(old, joined=joined)
        return earlier, after.survey.graph(job, joined=joined)

    earlier, later = graphs(joined=False)
    blocks = None
    if old is not None:
        surveys = (before.survey, after.survey)
        blocks = changed_blocks(surveys, (old, job), touched)
    types = declared_types(after.survey, job) if blocks is None else blocks.types
    # What is unknown is unknown as before where nothing is touched that it hangs on.
    packets = blocks is None or blocks.can_open_flows
    requests = blocks is None or blocks.can_give_access
    others = _environments(before, after, old, job)
    taken = {name for name, *_ in others}
    passed_over = [path for path in touched.values_beside(job) if path not in taken]
    if passed_over or any(is_changed for *_, is_changed in others):
        packets = requests = True
        types = declared_types(after.survey, job)

    def compared(earlier: UnitGraph | None, later: UnitGraph) -> tuple[UnitFlows, UnitAccess]:
        flows, access, path = UnitFlows((), (), ()), UnitAccess((), ()), later.unit.path
        graph = earlier.graph if earlier is not None else None
        if packets:
            flows = flow_change(path, graph, later.graph)
        if requests:
            access = access_change(path, graph, later.graph, types)
        return flows, access

    flows, access = compared(earlier, later)
    if any(one is not None and one.unit.joins.found for one in (earlier, later)):
        # What other units say of its values is taken for them, and makes nothing safe.
        more_flows, more_access = compared(*graphs(joined=True))
        flows = flows._replace(new=flows.new or more_flows.new)
        access = access._replace(new=access.new or more_access.new)
    undecided = tuple(_open(earlier, later))
    if old is not None:
        undecided += tuple(f"{path}, which no unit reads, changes" for path in passed_over)
    for name, was, now, _ in others:
        # Nobody says which of them is deployed, so that what one lets through is not surely new.
        if old is None or was is None:
            undecided += (f"{name} is new: what it lets through is not compared",)
            continue
        with before.survey.deployed_with(old, was), after.survey.deployed_with(job, now):
            more_flows, more_access = compared(*graphs(joined=False))
        if len(more_flows.new) > len(flows.new) or set(more_flows.undecided) - {*flows.undecided}:
            why = f"something more may be let through when deployed with {name}"
            flows = flows._replace(undecided=(*flows.undecided, why))
        if len(more_access.new) > len(access.new) or set(more_access.undecided) - {
            *access.undecided
        }:
            why = f"something more may be allowed when deployed with {name}"
            access = access._replace(undecided=(*access.undecided, why))
    if any(budget.refused for budget in budgets):
        undecided += (f"{later.unit.path} takes more steps than the budget allows",)
    flows = flows._replace(undecided=(*undecided, *flows.undecided) if packets else ())
    access = access._replace(undecided=(*undecided, *access.undecided) if requests else ())
    if later.unit.secrets:  # an address of a block that is hidden tells much of it
        new = (f if f.is_everybody else f._replace(source=_SOMEBODY) for f in flows.new)
        flows = flows._replace(new=tuple(new))
    found = later.redactor().redact(_UnitChange(flows, access))
    return found if earlier is None else earlier.redactor().redact(found)


def _environments(
    before: Scan, after: Scan, old: Job | None, job: Job
) -> list[tuple[str, Path | None, Path, bool]]:
    """The files of values of the environments of a root module that stood there before.

    Each with its name, its path in the earlier tree and in the later one, and whether it changed.
    """
    if old is None:
        return []
    known = {before.files.display(path): path for path, _ in old.environments}
    found = []
    for path, _ in job.environments:
        name = after.files.display(path)
        was = known.get(name)
        same = was is not None and _texts(before, old, was) == _texts(after, job, path)
        found.append((name, was, path, not same))
    return found


def _texts(side: Scan, job: Job, file: Path) -> list[bytes | Diagnostic]:
    """What the files say that a unit's values of one environment are read from."""
    return [side.files.read_bytes(one) for one in side.survey.written(job, file)]


def _open(earlier: UnitGraph | None, later: UnitGraph) -> Iterator[str]:
    """What of a unit could let anything through and was not looked at."""
    if earlier is None:
        return  # all in it is new
    for source in later.unit.modules_unavailable:
        yield f"the module {source} is not available"
    for one in (*later.unit.diagnostics, *earlier.unit.diagnostics):
        yield f"{one.path}:{one.line}: {one.message}"
    known = {(off.kind, off.address) for off in earlier.unit.branches.switched_off}
    for off in later.unit.branches.switched_off:
        if (off.kind, off.address) not in known:
            why = f"{off.address} is off by a default ({off.span.path}:{off.span.line})"
            yield f"what another deployment lets through is not compared: {why}"
    if next(later.graph.all(TemplateStack), None) is not None:
        yield f"what stacks that {later.unit.path} makes of texts let through is not compared"
