"""Output formats: one file a format, ``<name>_format.py``, found by its name.

Such a module has ``render(report, options) -> str`` and ``ENDINGS``, the endings of file names that
mean it. A format renders and decides nothing: it reads no file and changes no status.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from iac_ec2lint.engine.finding import Report
    from iac_ec2lint.report.options import ReportOptions

_SUFFIX = "_format"


class _Format(Protocol):
    ENDINGS: tuple[str, ...]

    def render(self, report: Report, options: ReportOptions) -> str: ...


def formats() -> tuple[str, ...]:
    """The names of the formats there are, sorted. None of them is imported for it."""
    return tuple(
        sorted(
            module.name.removesuffix(_SUFFIX)
            for module in iter_modules(__path__)
            if module.name.endswith(_SUFFIX)
        )
    )


def format_of(filename: str) -> str | None:
    """The format that a file's name asks for by its ending; ``None`` where it asks for none."""
    endings = {ending: name for name in formats() for ending in _format(name).ENDINGS}
    fitting = [ending for ending in endings if filename.lower().endswith(ending)]
    return endings[max(fitting, key=len)] if fitting else None


def render(
    name: str,
    report: Report,
    *,
    colour: bool = False,
    quiet: bool = False,
    verbose: bool = False,
    by_path: bool = False,
    show_undecided: bool = False,
    show_notes: bool = False,
    width: int = 100,
    prefix: str = "",
) -> str:
    """A report in one format; every format takes the same options and uses those that it can.

    Args:
        name: One of ``formats()``.
        report: What to render.
        colour: Whether text is styled for a terminal.
        quiet: No summary, one line a finding (text, github).
        verbose: Every hop of every finding (text).
        by_path: Sorted by place, and not the worst first (text).
        show_undecided: Whether undecided findings are listed (text, sarif, github; json has all).
        show_notes: Whether notes are listed (text, github; json has all).
        width: How many columns an excerpt of a source line may take (text).
        prefix: The working directory as seen from the repository's root, with ``/`` at its end;
            empty where they are the same (sarif, github: their readers start at the root).

    Returns:
        The text, with a line feed at its end; empty where there is nothing to say.

    Raises:
        ValueError: There is no such format.
    """
    # Imported here so that asking for the formats' names costs nothing.
    from iac_ec2lint.report.options import ReportOptions

    if name not in formats():
        raise ValueError(f"there is no format {name!r}; there are {', '.join(formats())}")
    options = ReportOptions(
        colour=colour,
        quiet=quiet,
        verbose=verbose,
        by_path=by_path,
        show_undecided=show_undecided,
        show_notes=show_notes,
        width=width,
        prefix=prefix,
    )
    return _format(name).render(report, options)


def _format(name: str) -> _Format:
    # Imported when it is used: a run uses one or two of them.
    return cast("_Format", import_module(f"{__name__}.{name}{_SUFFIX}"))
