"""Something that a script does."""

from __future__ import annotations

from typing import Literal, NamedTuple

ActionKind = Literal["command", "powershell", "file", "setting", "unknown"]


class Action(NamedTuple):
    """Something that a script does.

    Attributes:
        kind: A ``command`` of a shell or of ``powershell``; a line that is written to a ``file``; a
            ``setting`` of cloud-config or of a document; ``unknown`` where what is run is.
        words: The words of a command; the path and the line of a file; the name of a setting, with
            those that it stands in (``yum_repos.epel.gpgcheck``), and its value.
        number: The line of the script; 0 where it has none of its own.
        doubt: The unknown pieces that decide whether it is done.
        output: The file that a command writes to, or the command that reads what it writes.
    """

    kind: ActionKind
    words: tuple[str, ...]
    number: int = 0
    doubt: tuple[int, ...] = ()
    output: str = ""
