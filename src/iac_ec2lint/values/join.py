"""Values that another unit of the same scan knows, though nobody says that it is what is deployed.

One mechanism for all of them. A unit is judged without its joins first, where such a value is
unknown, and then with them, where it has the other unit's value (see
``engine.other_inputs.joined``). So no check knows of joins, and what one unit says can make nothing
of another one pass.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from iac_ec2lint.values.step import Step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from iac_ec2lint.source.span import Span
    from iac_ec2lint.values.value import Val


class Join(NamedTuple):
    """What another unit of the scan says of something that is deployed elsewhere.

    Attributes:
        reason: Why it is unknown where nothing is joined.
        place: Where it is asked for.
        words: What is taken to be so: ``"net-range" is what network.yaml exports``.
        source: Where what is taken for it is written.
        origin: Where that unit says what it is, if it says more than this one thing: its backend.
        likely: Whether only a name says that it is this one.
        file: Of a nested stack the file of its template, as messages name it.
        prefix: Of a nested stack what the addresses of its resources begin with.
    """

    reason: str
    place: Span
    words: str
    source: Span
    likely: bool = False
    file: str = ""
    prefix: str = ""
    origin: Span | None = None

    @property
    def settled_by(self) -> str:
        """The file and line that say what is taken for it: one for all that one join tells."""
        span = self.origin or self.source
        return f"{span.path}:{span.line}"

    @property
    def step(self) -> Step:
        """What a value passes through that is joined."""
        return Step(self.place, self.words, assumed=True)


class WrittenText(NamedTuple):
    """A parameter of Systems Manager that a unit in the other language writes.

    Attributes:
        writer: What writes it, in words.
        value: What it holds; what is no text is not taken.
        span: Where it is declared.
    """

    writer: str
    value: Val
    span: Span


ReadsParameters: TypeAlias = "Callable[[str, Path], tuple[WrittenText, ...] | None]"
"""The parameters of a name that some unit may see; ``None`` where that cannot be told."""


def no_parameters(_name: str, _reader: Path) -> tuple[WrittenText, ...] | None:
    """What there is where nobody writes any."""
    return ()


SEVERAL = "several-may-be-meant"
"""The name of the note that says what may be meant where nothing tells several apart."""

_NAMED = 4


def several(what: str, names: Iterable[str]) -> str:
    """That something may be each of several things, none of which is taken, in words."""
    distinct = list(dict.fromkeys(names))
    more = " or others" if len(distinct) > _NAMED else ""
    return f"{what} may be {' or '.join(distinct[:_NAMED])}{more}; none is taken for it"


_CHOICES = 8
"""Ways to choose among the stacks of a scan that are looked at for one unit."""


class Joins:
    """The joins that one unit meets.

    Args:
        taken: Whether values are joined; where they are not, what could be is only noted.
        chosen: The file that a stack is taken to be made of, by the input that names the stack.

    Attributes:
        taken: See above.
        chosen: See above.
    """

    __slots__ = ("_candidates", "_found", "chosen", "taken")

    def __init__(self, *, taken: bool = True, chosen: Mapping[str, Path] | None = None) -> None:
        self.taken = taken
        self.chosen = chosen or {}
        self._candidates: dict[str, list[frozenset[Path]]] = {}
        self._found: dict[tuple[str, tuple[str, int, int], str], Join] = {}

    def add(self, join: Join) -> bool:
        """Take note of a join, and say whether it is taken."""
        self._found.setdefault((join.reason, join.source.key, join.prefix), join)
        return self.taken

    def may_be(self, key: str, files: Iterable[Path]) -> None:
        """Take note that the stack which an input names may be made of each of some files."""
        self._candidates.setdefault(key, []).append(frozenset(files))

    @property
    def choices(self) -> tuple[Mapping[str, Path], ...]:
        """What the stacks may be made of whose names are inputs; none where nothing is open.

        One stack has all that is asked of it.
        """
        found: list[dict[str, Path]] = [{}]
        for key, candidates in sorted(self._candidates.items()):
            files = sorted(frozenset.intersection(*candidates))
            is_open = any(len(one) > 1 for one in candidates)
            if is_open and files and len(files) * len(found) <= _CHOICES:
                found = [{**one, key: file} for one in found for file in files]
        return tuple(found) if found[0] else ()

    @property
    def found(self) -> tuple[Join, ...]:
        """All that were met, in the order of their places."""
        return tuple(
            self._found[key]
            for key in sorted(self._found, key=lambda key: (self._found[key].place.key, key))
        )
