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
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.engine.finding import Report
    from iac_ec2lint.report.options import ReportOptions

_SUFFIX = "_format"
EPOCH = "1970-01-01T00:00:00"
"""The time of a scan of which no time is said."""
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
    tree: str = "",
    account: str = "",
    region: str = "",
    started: str = EPOCH,
    ended: str = EPOCH,
) -> str:
    """A report in one format; every format takes the same options and uses those that it can.

    Args:
        name: One of ``formats()``.
        report: What to render.
        colour: Whether text is styled for a terminal.
        quiet: No summary, one line a finding (text, github).
        verbose: Every hop of every finding (text).
        by_path: Sorted by place, and not the worst first (text).
        show_undecided: Whether undecided findings are listed (json and csv have all).
        show_notes: Whether notes are listed (text, github; json has all).
        width: How many columns an excerpt of a source line may take (text).
        prefix: The working directory as seen from the repository's root, with ``/`` at its end;
            empty where they are the same (for all whose readers start at the root).
        tree: The address of the commit's files, of ``placing.tree_url``; empty for places without
            links (markdown).
        account: The AWS account that findings are for (asff).
        region: Its Region (asff).
        started: When the scan began, in UTC: ``2031-01-31T12:00:00`` (gitlab-sast).
        ended: When it ended (gitlab-sast, asff).

    Returns:
        The text, with a line feed at its end; empty where there is nothing to say.

    Raises:
        ValueError: There is no such format, or it lacks what it cannot do without.
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
        tree=tree,
        account=account,
        region=region,
        started=started,
        ended=ended,
    )
    return _format(name).render(report, options)


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
