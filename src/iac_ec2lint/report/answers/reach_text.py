"""Who reaches what, for people: the way in hop by hop, or what blocks it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from iac_ec2lint.report.answers.reach_report import assumption_texts, missing_texts
from iac_ec2lint.report.escape import place, visible
from iac_ec2lint.values import Confidence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from iac_ec2lint.network.reachability.reach import Reach
    from iac_ec2lint.network.verdicts.evidence import Hop
    from iac_ec2lint.report.answers.reach_report import ReachRow

    Paint = Callable[[str, str], str]

_COLOURS: dict[str, dict[str, object]] = {
    "unit": {"bold": True},
    "reachable": {"fg": "red", "bold": True},
    "unreachable": {"fg": "green"},
    "undecided": {"fg": "yellow", "bold": True},
    "place": {"bold": True},
    "faint": {"dim": True},
}
_FAMILIES = {"ipv4": "IPv4", "ipv6": "IPv6"}


def render(rows: Sequence[ReachRow], source: str = "the internet", *, colour: bool = False) -> str:
    """The answers, unit by unit.

    Args:
        rows: The answers.
        source: Who wants to get in, in words.
        colour: Whether it is styled for a terminal.
    """
    paint = _painter(colour=colour)
    lines: list[str] = []
    several = len({row.unit for row in rows}) > 1
    for unit, group in groupby(rows, lambda row: row.unit):
        if several:
            lines += [paint(place(unit), "unit"), ""]
        for row in group:
            lines += [*_row(row, source, paint), ""]
    if not rows:
        return "There is no workload and no load balancer here.\n"
    lines.append(_summary(rows, source))
    return "".join(f"{line}\n" for line in lines)


def _row(row: ReachRow, source: str, paint: Paint) -> Iterator[str]:
    reach = row.reach
    name = paint(visible(reach.resource.address), "place")
    verdict = paint(reach.verdict, reach.verdict)
    yield f"{name}: {visible(row.ports_in_words)} {verdict} from {visible(source)}{_how(reach)}"
    if reach.truth is True:
        yield from _listed(_hops(reach.evidence), "way in", paint, numbered=True)
        yield from _listed(_alone(assumption_texts(reach.assumptions)), "assumed", paint)
    elif reach.truth is None:
        yield from _listed(_alone(missing_texts(reach.missing)), "missing", paint)
        yield from _listed(_hops(reach.evidence), "known", paint)
    else:
        yield from _listed(_hops(reach.blocked_by), "blocked by", paint)
        for clients in row.clients_in_words:
            yield from _listed(_alone([clients]), "only from", paint)
        fronts = [f"whoever signs in, through {via}" for via in reach.authenticated]
        yield from _listed(_alone(fronts), "but for", paint)


def _how(reach: Reach) -> str:
    words = [" and ".join(_FAMILIES[family.value] for family in reach.families)]
    if reach.via == "internet":
        words.append("over the internet")
    elif reach.via != "direct":
        words.append(f"through {visible(reach.via)}")
    if reach.truth is not False and reach.confidence is not Confidence.PROVEN:
        words.append(reach.confidence)
    said = [word for word in words if word]
    return f" ({', '.join(said)})" if reach.truth is not False and said else ""


def _hops(hops: Sequence[Hop]) -> Iterator[tuple[str, str]]:
    for hop in hops:
        # What a default comes from is told where it blocks; on a way in it is one line too many.
        fact = hop.fact.partition("; ")[0] if hop.verdict and hop.origin == "default" else hop.fact
        yield place(hop.span.path, hop.span.line), fact


def _alone(texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    return (("", text) for text in texts)


def _listed(
    lines: Iterable[tuple[str, str]], label: str, paint: Paint, *, numbered: bool = False
) -> Iterator[str]:
    """One line for each place, which may be empty, and text."""
    for number, (where, text) in enumerate(lines, 1):
        shown = paint(("" if number > 1 else label).rjust(12), "faint")
        mark = f"{number}. " if numbered else ""
        at = f"{paint(visible(where), 'place')}: " if where else ""
        yield f"{shown}  {mark}{at}{visible(text)}"


def _summary(rows: Sequence[ReachRow], source: str) -> str:
    addresses: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        addresses.setdefault((row.unit, row.reach.resource.address), set()).add(row.reach.verdict)
    reachable = sum("reachable" in verdicts for verdicts in addresses.values())
    undecided = sum(
        "undecided" in verdicts and "reachable" not in verdicts for verdicts in addresses.values()
    )
    total = len(addresses)
    what = "1 workload or load balancer" if total == 1 else f"{total} workloads and load balancers"
    return f"{what}: {reachable} reachable from {visible(source)}, {undecided} undecided."


def _painter(*, colour: bool) -> Paint:
    if not colour:
        return lambda text, _: text
    # Imported here: text without colour needs nothing of it.
    from click import style

    def paint(text: str, kind: str) -> str:
        return style(text, **_COLOURS[kind])  # type: ignore[arg-type]  # a table of keyword arguments

    return paint
