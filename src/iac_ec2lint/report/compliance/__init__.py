"""What a scan says of the controls of frameworks: one file a format, found by its name.

Such a module has ``render(report) -> str`` and ``ENDINGS``, as the formats of findings have.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from iac_ec2lint.engine.report import Report

_SUFFIX = "_format"
NOTE = (
    "A control is judged by the checks that are named for it alone, on what is declared in what was"
    " read: whether it is met is for people to say."
)
"""What every reader of such a report must know."""


class _Format(Protocol):
    ENDINGS: tuple[str, ...]

    def render(self, report: Report) -> str: ...


def formats() -> tuple[str, ...]:
    """The names of the formats there are, sorted. None of them is imported for it."""
    found = (module.name for module in iter_modules(__path__) if module.name.endswith(_SUFFIX))
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in found))


def format_of(filename: str) -> str | None:
    """The format that a file's name asks for by its ending; ``None`` where it asks for none."""
    for name in formats():
        if filename.lower().endswith(_format(name).ENDINGS):
            return name
    return None


def render(name: str, report: Report) -> str:
    """The controls of a report's frameworks in one format, with a line feed at the end.

    Args:
        name: One of ``formats()``.
        report: What to render.

    Raises:
        ValueError: There is no such format.
    """
    if name not in formats():
        known = ", ".join(formats())
        raise ValueError(f"there is no format {name!r} for controls; there are {known}")
    return _format(name).render(report)


def lacking(report: Report) -> str:
    """That not everything was looked at, in one sentence; empty where all was."""
    summary = report.summary
    gaps = []
    if report.errors:
        gaps.append(f"errors: {len(report.errors)}")
    if summary.modules_unavailable:
        gaps.append(f"modules that are not on the disk: {len(summary.modules_unavailable)}")
    if not gaps:
        return ""
    return f"Not everything was looked at ({', '.join(gaps)}): what passed did so in the rest."


def _format(name: str) -> _Format:
    return cast("_Format", import_module(f"{__name__}.{name}{_SUFFIX}"))
