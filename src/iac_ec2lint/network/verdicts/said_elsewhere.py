"""What people say of what is declared elsewhere (``known.account`` of a configuration)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.values import Answer, Input, Unknown

if TYPE_CHECKING:
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Resource
    from iac_ec2lint.source.span import Span


def said_elsewhere(
    graph: Graph, setting: str, user: Resource | None, cause: Unknown | str, span: Span
) -> Answer:
    """Whether accounts have a setting that no resource declares.

    Args:
        graph: The graph.
        setting: Its name in ``known.account``.
        user: What it is asked for, whose Region counts; the unit's where that is not known.
        cause: What is unknown where nobody says it.
        span: Where it is asked.

    Returns:
        Undecided, with the setting as the input that is lacking, where nobody says it.
    """
    region = "" if user is None else user.declared.region
    step = graph.unit.known.setting(setting, [region] if region else graph.unit.regions)
    if step is not None:
        return Answer(True, (), (step,))
    gap = Unknown(cause, "external-id", span) if isinstance(cause, str) else cause
    wanted = Input(setting, span, "account")
    return Answer(None, (gap.but(inputs=(*gap.inputs, wanted)),))
