"""Groups and compound commands that are open where a shell script is read."""

from __future__ import annotations

from iac_ec2lint.compute.scripts.shell.words import Command


class Frame:
    """An open group or compound command.

    Attributes:
        word: What opened it.
        first: How many commands there were before it.
        condition: How many there were before its condition.
        state: Whether what is read runs: ``None`` if nothing says otherwise, else false, or the
            pieces that decide it.
        settled: Whether one of its branches runs for certain.
        chained: Whether it stands behind ``&&`` or ``||``.
        piped: The commands whose output it reads.
        at: Where what is in it begins, and ``number`` the line of that.
        name: The variable of a loop, or the function that it is.
        values: What the variable of a loop is still to be.
    """

    __slots__ = (
        "at",
        "chained",
        "condition",
        "first",
        "name",
        "number",
        "piped",
        "settled",
        "state",
        "values",
        "word",
    )

    def __init__(self, word: str, first: int, piped: list[Command], at: int, number: int) -> None:
        self.word = word
        self.first = self.condition = first
        self.state: bool | tuple[int, ...] | None = None
        self.settled = False
        self.chained = False
        self.piped = piped
        self.at = at
        self.number = number
        self.name = ""
        self.values: list[str] = []
