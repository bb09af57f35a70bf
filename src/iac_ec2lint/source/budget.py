"""What a scan may take: steps and bytes, counted here, so that bounds do not multiply.

A step is about two microseconds of work, and never measured in time: equal input takes as many on
any machine. A unit gets a share of the scan's budget. Once that is spent, each place in the text
may take a little more, so that what is small is still evaluated, and its place is named where it
is not: whatever takes much cannot hide what stands beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

if TYPE_CHECKING:
    from iac_ec2lint.source.span import Span

STEPS: Final = 60_000_000
"""Steps of a scan: 100,000 resources and what they are made of."""

BYTES_OF_A_STEP: Final = 8
"""Bytes of strings and collections that a scan may make, for each step that it may take."""

LEAST_STEPS: Final = 500_000
"""The least that a unit may take, however many there are: a thousand resources."""

INSTANCE_STEPS: Final = 500
"""Steps of one instance of a resource: declared, put into the graph, judged."""

MODULE_STEPS: Final = 200
"""Steps of one instance of a module, or of one nested stack, without what it declares."""

VISIT: Final = 5
"""Steps of one turn of a loop, without its text."""

MATCHING: Final = 2
"""Steps of matching a regular expression that are one step here."""

FREE: Final = 1_000
"""Characters, or elements, up to which an expression takes nothing for what it makes."""

ELEMENT_BYTES: Final = 100
"""Bytes of one element of a collection, without what it holds."""

_SPARED: Final = 10 * INSTANCE_STEPS
"""Steps that each place may take when nothing is left."""

SPENT: Final = "it takes more than is left of the scan's budget and is not evaluated in full"
"""What is said of a place where the budget ends."""

HINT: Final = "; --budget raises it"


class Placed(Protocol):
    """What stands somewhere in a text."""

    @property
    def span(self) -> Span:
        """Where."""


class Place(NamedTuple):
    """Something of which only the place is at hand."""

    span: Span


class Written(Placed, Protocol):
    """A part of a file."""

    start: int
    end: int


def turns(number: int, written: Written) -> tuple[int, int]:
    """The steps and bytes of a loop's turns: its text is evaluated in each."""
    return number * (VISIT + (written.end - written.start) // 16), number * ELEMENT_BYTES


class Share(NamedTuple):
    """An amount of work.

    Attributes:
        steps: The steps.
        made: The bytes that are made.
    """

    steps: int
    made: int

    @classmethod
    def of(cls, steps: int) -> Share:
        """The budget of so many steps."""
        return cls(steps, steps * BYTES_OF_A_STEP)

    def split(self, parts: int) -> Share:
        """What each of some parts gets of it."""
        return Share.of(max(self.steps // max(parts, 1), min(self.steps, LEAST_STEPS)))


WHOLE: Final = Share.of(STEPS)
NOTHING: Final = Share.of(0)


class Turn(NamedTuple):
    """What a unit may take.

    Attributes:
        share: That.
        ends: Whether it has another turn, with more, where that is not enough.
    """

    share: Share
    ends: bool = False


class Spent(BaseException):
    """A budget that ends is spent. No ``except Exception`` on the way takes it for a bug."""


class Budget:
    """What one unit may take, and has taken.

    Args:
        share: All that it may take.
        ends: Whether ``Spent`` is raised where it is not enough.

    Attributes:
        share: All that it may take.
        steps: The steps that are left.
        made: The bytes that are left.
        refused: Whether something was not done for lack of them.
    """

    __slots__ = ("_ends", "_spared", "made", "refused", "share", "steps")

    def __init__(self, share: Share = WHOLE, *, ends: bool = False) -> None:
        self.share = share
        self._ends = ends
        self.steps, self.made = share
        self.refused = False
        self._spared: dict[tuple[str, int, int], int] = {}

    @property
    def taken(self) -> Share:
        """What has been taken."""
        return Share(self.share.steps - self.steps, self.share.made - self.made)

    def refuse(self) -> None:
        """Take note that something is not done for lack of steps or bytes.

        Raises:
            Spent: It ends there.
        """
        self.refused = True
        if self._ends:
            raise Spent

    def available(self, place: Placed) -> int:
        """The steps that a place may take."""
        return max(self.steps, _SPARED - self._spared.get(place.span.key, 0))

    def has(self, steps: int) -> bool:
        """Take some steps, if there are as many: nothing is spared for what gets none."""
        if steps > self.steps:
            self.refuse()
            return False
        self.steps -= steps
        return True

    def takes(self, place: Placed, steps: int, made: int = 0) -> bool:
        """Take something for what stands at a place: whether there is as much.

        Args:
            place: What takes it.
            steps: The steps.
            made: The bytes.
        """
        if steps <= self.steps and made <= self.made:
            self.steps -= steps
            self.made -= made
            return True
        self.refuse()
        key = place.span.key
        spared = self._spared.get(key, 0) + steps + made // BYTES_OF_A_STEP
        if spared > _SPARED:
            return False
        self._spared[key] = spared
        return True
