"""Output formats: one file a format, ``<name>_format.py``, found by its name.

Those of other programs are in ``integrations``; a hyphen in a name is an underscore in its file's.
Such a module has ``render(report, options) -> str`` and ``ENDINGS``, the endings of file names that
mean it. A format renders and decides nothing: it reads no file and changes no status. One whose
text may be very large has ``pieces(report, options) -> Iterator[str]`` too: the same text.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.engine.report import Report
    from iac_ec2lint.report.options import ReportOptions

_SUFFIX = "_format"
TIMED = frozenset({"asff", "gitlab-sast"})
"""The formats that tell the time."""


class _Format(Protocol):
    ENDINGS: tuple[str, ...]

    def render(self, report: Report, options: ReportOptions) -> str: ...


@cache
def _modules() -> dict[str, str]:
    """The module of each format, by the format's name. None of them is imported for it."""
    return {
        module.name.removesuffix(_SUFFIX).replace("_", "-"): f"{package}.{module.name}"
        for package, places in (
            (__name__, __path__),
            (f"{__name__}.integrations", [f"{place}/integrations" for place in __path__]),
        )
        for module in iter_modules(places)
        if module.name.endswith(_SUFFIX)
    }


def formats() -> tuple[str, ...]:
    """The names of the formats there are, sorted. None of them is imported for it."""
    return tuple(sorted(_modules()))


def format_of(filename: str) -> str | None:
    """The format that a file's name asks for by its ending; ``None`` where it asks for none."""
    endings = {ending: name for name in formats() for ending in _format(name).ENDINGS}
    fitting = [ending for ending in endings if filename.lower().endswith(ending)]
    return endings[max(fitting, key=len)] if fitting else None


def render(name: str, report: Report, **asked: Any) -> str:
    """A report in one format; every format takes the same options and uses those that it can.

    Args:
        name: One of ``formats()``.
        report: What to render.
        asked: See ``ReportOptions``.

    Returns:
        The text, with a line feed at its end; empty where there is nothing to say.

    Raises:
        ValueError: There is no such format, or it lacks what it cannot do without.
    """
    # Imported here so that asking for the formats' names costs nothing.
    from iac_ec2lint.report.options import ReportOptions

    if name not in formats():
        raise ValueError(f"there is no format {name!r}; there are {', '.join(formats())}")
    return _format(name).render(report, ReportOptions(**asked))


def render_in_pieces(name: str, report: Report, options: ReportOptions) -> Iterator[str]:
    """The same text in pieces, where the format has any.

    Args:
        name: One of ``formats()``.
        report: What to render.
        options: See ``render``.
    """
    pieces = getattr(_format(name), "pieces", None)
    return (
        iter((_format(name).render(report, options),))
        if pieces is None
        else pieces(report, options)
    )


def _format(name: str) -> _Format:
    # Imported when it is used: a run uses one or two of them.
    return cast("_Format", import_module(_modules()[name]))
