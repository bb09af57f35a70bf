"""What a plan declares beside resources: provider configurations and the root module's outputs.

Where its sources are on the disk, these are read from the sources. Otherwise the plan has the
configurations that are written, and the outputs of the root module, but no backend.

Source: "JSON Output Format", "Configuration Representation" and "Values Representation".
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from iac_ec2lint.declaration import Declaration, Section, ValueSection
from iac_ec2lint.terraform.modules.auxiliary import OUTPUT, declared_below
from iac_ec2lint.terraform.plan.configuration import Owner
from iac_ec2lint.terraform.plan.file import mapping, string
from iac_ec2lint.terraform.plan.sections import ConfiguredSection
from iac_ec2lint.terraform.plan.sources import value_of
from iac_ec2lint.values import Val, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.source.span import Span
    from iac_ec2lint.terraform.plan.evaluation import PlanEvaluation
    from iac_ec2lint.terraform.plan.file import PlanFile

_ROOT = Owner((), "", None, None)


def declared_in(
    plan: PlanFile, evaluation: PlanEvaluation, top: Span, wanted: frozenset[str]
) -> Iterator[Declaration]:
    """The declarations of a plan that are not resources, of the wanted types.

    Args:
        plan: The plan.
        evaluation: Evaluates them, on demand.
        top: The place of what has no place of its own.
        wanted: The types.
    """
    path = evaluation.unit.path
    if evaluation.sources is not None:
        context = evaluation.sources.context
        for declared in declared_below(context, context.root, wanted):
            yield replace(declared, unit=path)
        return
    for key, written in mapping(plan.configuration.get("provider_config")).items():
        provider = mapping(written)
        if "expressions" not in provider and "alias" not in provider:
            continue  # the provider of a module that does not configure it
        name = string(provider.get("name"))
        kind = f"provider.{string(provider.get('full_name')).rpartition('/')[2] or name}"
        if kind in wanted:
            module, alias = string(provider.get("module_address")), string(provider.get("alias"))
            prefix = f"{module}." if module else ""
            scope = f"{prefix}{name}.{alias}" if alias else f"{prefix}{name}"
            section = ConfiguredSection(
                mapping(provider.get("expressions")), _ROOT, evaluation, top, ""
            )
            region = evaluation.configuration.region(key)
            address = f"{prefix}provider.{scope.removeprefix(prefix)}"
            yield _declaration(kind, address, section, path, scope, region)
    if OUTPUT in wanted:
        root = mapping(plan.configuration.get("root_module"))
        for name, written in mapping(root.get("outputs")).items():
            members = {
                argument: value_of(said, top)
                for argument, said in mapping(written).items()
                if argument in ("description", "ephemeral", "sensitive")
            }
            members["value"] = _value(plan, evaluation, name, top)
            described = ValueSection(Value(members, top), "")
            yield _declaration(OUTPUT, f"output.{name}", described, path)


def _value(plan: PlanFile, evaluation: PlanEvaluation, name: str, top: Span) -> Val:
    planned = plan.outputs.get(name)
    if planned is not None:
        return value_of(planned, top)
    root = mapping(plan.configuration.get("root_module"))
    written = mapping(mapping(root.get("outputs")).get(name))
    return evaluation.value("value", written.get("expression"), _ROOT, top)


def _declaration(
    kind: str, address: str, body: Section, unit: str, scope: str = "", region: str = ""
) -> Declaration:
    return Declaration(
        language="terraform",
        type=kind,
        address=address,
        span=body.span,
        extent=body.span,
        body=body,
        scope=scope,
        unit=unit,
        region=region,
    )
