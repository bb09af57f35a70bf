"""The arguments of what a plan makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.answers.values.encoding import shown
from iac_ec2lint.declaration import Unit
from iac_ec2lint.report.answers.values_report import NamedValue
from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.terraform.plan.evaluation import PlanEvaluation
from iac_ec2lint.terraform.plan.file import read_plan
from iac_ec2lint.values import Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from iac_ec2lint.answers.values.addresses import RequestedNames
    from iac_ec2lint.declaration import Declaration, Section
    from iac_ec2lint.terraform.plan.unit import Plans


def entries(path: Path, plans: Plans, wanted: RequestedNames) -> tuple[Unit, list[NamedValue]]:
    """The plan in a file, and what its resources' arguments came to where they are asked for.

    Args:
        path: The plan's file.
        plans: The plans of the run.
        wanted: Which resources are asked for.
    """
    files = plans.files
    name = files.display(path)
    unit = Unit(name, "plan")
    plan = read_plan(path, files)
    if isinstance(plan, Diagnostic):
        unit.diagnostics.append(plan)
        return unit, []
    unit.diagnostics.extend(plan.diagnostics)
    evaluation = PlanEvaluation(plan, unit, plans.modules(), plans.source_root or path.parent)
    evaluation.declare(frozenset(one.kind for one in plan.instances.values()))
    found: list[NamedValue] = []
    for declared in unit.declarations:
        if wanted.covers(declared.address):
            found.extend(_arguments(declared, wanted))
    return unit, found


def _arguments(declared: Declaration, wanted: RequestedNames) -> Iterator[NamedValue]:
    when = declared.presence.cause.reason if declared.presence.cause is not None else ""
    body = _block(declared.body)
    members = body.items() or {"": body}
    for name, value in members.items():
        address = f"{declared.address}.{name}" if name else declared.address
        parts = wanted.parts(address, value)
        for part, inside in parts:
            yield NamedValue(part, shown(inside), when)
        if wanted.everything and not any(part == address for part, _ in parts):
            yield NamedValue(address, shown(value), when, asked=False)


def _block(section: Section) -> Value:
    """What is planned of a block, its nested blocks as lists of objects."""
    members: dict[str, Val] = {}
    for name in section.names():
        value = section.get(name)
        if value is None:
            blocks = section.sections(name)
            value = Value(tuple(_one_of(block, section) for block in blocks), section.span)
        members[name] = value
    return Value(members, section.span)


def _one_of(block: Section, around: Section) -> Val:
    cause = block.presence.cause
    if cause is None or cause is around.presence.cause:
        return _block(block)
    reason = f"such a block may be there: {cause.reason}"
    return Unknown(reason, cause.cause, block.span)
