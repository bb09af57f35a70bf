"""Findings inside modules of others: attributed to the place in one's own code that causes them.

``terraform init`` puts modules from a registry or from git under ``.terraform/modules``. Nobody can
mend what lies there; what can be changed is the call, and its arguments.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from iac_ec2lint.resources.part import Place, Resource
    from iac_ec2lint.source.span import Span

ExternalModules = Literal["report", "attribute", "ignore"]
"""What happens to findings in them: reported there, attributed to the call, or left out."""

_FOLDER = "/.terraform/modules/"


def is_external(span: Span) -> bool:
    """Whether a place is in a module that ``terraform init`` has installed."""
    return _FOLDER in f"/{span.path}"


def own_span(place: Place, declaring: Resource) -> Span:
    """The span in one's own code to point at.

    It is the last place outside that the value came through, which is the argument of the call;
    where it came from nowhere outside, the call; and where there is none, since only a value was
    read from the module, the resource that uses it.

    Args:
        place: What is judged.
        declaring: The resource that declares it.
    """
    if not is_external(place.span):
        return place.span
    steps = place.value.via if place.value is not None else ()
    for step in (*reversed(steps), *reversed(declaring.declared.callers)):
        if not is_external(step.span):
            return step.span
    return declaring.span
