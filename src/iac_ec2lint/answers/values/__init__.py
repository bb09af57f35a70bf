"""What everything came to: the answer to "what did you see?".

``evaluate`` is the front door. It evaluates on demand: names that are asked for and all that they
depend on, nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.answers.inputs import Inputs
from iac_ec2lint.answers.units import UnitWalk
from iac_ec2lint.answers.values import root_module, stack
from iac_ec2lint.answers.values.addresses import RequestedNames
from iac_ec2lint.report.answers.values_report import UnitValues, Valuation
from iac_ec2lint.source.concealment import Redactor

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    walk = UnitWalk(inputs)
    survey, jobs = walk.survey, walk.jobs
    wanted = RequestedNames(addresses, everything=everything)
    units: list[UnitValues] = []
    # A plan that lies beside sources says the same of them once more.
    sources = {job.path for job in jobs if job.kind != "plan"}
    for job in jobs:
        if job.kind == "plan" and sources and job.path not in walk.found.selected:
            continue
        survey.give(job)
        if job.kind == "root-module":
            unit, entries = root_module.entries(job.path, survey.modules, wanted)
        elif job.kind == "plan":
            from iac_ec2lint.answers.values import plan  # rare: not on an ordinary run's way

            unit, entries = plan.entries(job.path, survey.plans, wanted)
        else:
            unit, entries = stack.entries(job.path, survey.templates, wanted)
        redactor = Redactor(unit.secrets, (), unit.file_texts)
        units.append(UnitValues(unit.path, job.kind, redactor.redact(tuple(entries))))
        walk.finish(unit, redactor)
    return Valuation(
        tuple(units), walk.errors, wanted.unmatched(), tuple(sorted(wanted.names)), walk.stated
    )
