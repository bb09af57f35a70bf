"""What everything came to: the answer to "what did you see?".

``evaluate`` is the front door. It evaluates on demand: names that are asked for and all that they
depend on, nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.answers.values import root_module, stack
from iac_ec2lint.answers.values.addresses import RequestedNames
from iac_ec2lint.answers.values.encoding import reasoned
from iac_ec2lint.report.values_report import UnitValues, Valuation
from iac_ec2lint.source.concealment import Redactor
from iac_ec2lint.units import Inputs, Survey

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iac_ec2lint.source.diagnostic import Diagnostic

__all__ = ["evaluate"]


def evaluate(
    inputs: Inputs, addresses: Sequence[str] = (), *, everything: bool = False
) -> Valuation:
    """What the names in the units below some paths came to.

    Variables, local values, outputs, parameters and conditions are always there; arguments and
    properties of resources where they are asked for. Sensitive and ephemeral values are not told,
    nor what is made of them; ``NoEcho`` parameters are unknown.

    Args:
        inputs: What is read, and what it is evaluated with.
        addresses: What is asked for beside: a resource, one argument or a part of it, a module or
            a nested stack with all its resources. Without an instance key, all instances.
        everything: Whether all resources are.

    Raises:
        UsageError: A path lies outside the boundary.
    """
    survey = Survey(inputs)
    found = survey.find()
    jobs = survey.units(found)
    wanted = RequestedNames(addresses, everything=everything)
    errors: set[Diagnostic] = {*found.diagnostics}
    units: list[UnitValues] = []
    # A plan that lies beside sources says the same of them once more.
    sources = {job.path for job in jobs if job.kind != "plan"}
    for job in jobs:
        if job.kind == "plan" and sources and job.path not in found.selected:
            continue
        if job.kind == "root-module":
            unit, entries = root_module.entries(job.path, survey.modules, wanted)
        elif job.kind == "plan":
            from iac_ec2lint.answers.values import plan  # rare: not on an ordinary run's way

            unit, entries = plan.entries(job.path, survey.plans, wanted)
        else:
            unit, entries = stack.entries(job.path, survey.templates, wanted)
        cover = Redactor(unit.secrets)
        if cover:
            entries = [reasoned(entry, cover) for entry in entries]
        units.append(UnitValues(unit.path, job.kind, tuple(entries)))
        errors.update(map(cover.diagnostic, unit.diagnostics))
    if not jobs and not errors:
        errors.update(survey.nothing_found())
    return Valuation(
        tuple(units), tuple(sorted(errors)), wanted.unmatched(), tuple(sorted(wanted.names))
    )
