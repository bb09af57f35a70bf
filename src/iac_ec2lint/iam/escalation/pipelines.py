"""Roles that pipelines of CodePipeline alone act with, as their stages say.

A pipeline starts the builds that its stages name, and nobody has its role by that. Commands of an
action ``Commands`` are run with it. Source: AWS CodePipeline User Guide, "Manage the CodePipeline
service role" and "Commands action reference".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.iam.grants import trust_of
from iac_ec2lint.resources.pipeline import Pipeline

if TYPE_CHECKING:
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.iam_role import Role

_SERVICES: Final = frozenset({"codepipeline.amazonaws.com", "codepipeline.amazonaws.com.cn"})
_COMMANDS: Final = "Commands"


def is_kept_by_pipelines(graph: Graph, role: Role) -> bool:
    """Whether nobody surely has a role but pipelines of the unit that run no commands with it.

    Args:
        graph: The graph.
        role: The role.
    """
    admitted = [one for one in trust_of(role).statements if one.effect.text != "Deny"]
    for_pipelines = bool(admitted) and all(
        statement.not_principals is None
        and statement.principals
        and all(
            entry.kind == "Service" and entry.value.text in _SERVICES
            for entry in statement.principals
        )
        for statement in admitted
    )
    if not for_pipelines:
        return False
    edges = graph.sources(role, "pipeline_role")
    pipelines = [edge.source for edge in edges if isinstance(edge.source, Pipeline)]
    return bool(pipelines) and all(map(_runs_no_commands, pipelines))


def _runs_no_commands(pipeline: Pipeline) -> bool:
    rules = [(stage, name) for stage in pipeline.stages for name in ("before", "failed", "passed")]
    if any(stage.is_set(name).may_be_true for stage, name in rules):
        return False
    actions = [stage.actions for stage in pipeline.stages]
    providers = [
        None if action.provider is None else action.provider.text
        for listed in actions
        for action in listed
    ]
    return bool(actions) and all(actions) and not {None, _COMMANDS} & set(providers)
