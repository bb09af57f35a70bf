"""Which values came out of file functions, or are made of what did: messages quote little of them.

The step from the file says it, which whatever is made of a value keeps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.terraform.language.marks import insides, parts
from iac_ec2lint.values import Unknown, Val, number_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iac_ec2lint.values import Step


def file_steps(values: Iterable[Val]) -> tuple[Step, ...]:
    """The steps from files that values, or parts of them, came through, each once."""
    found = (step for one in parts(values) for step in one.via if step.contents)
    return tuple(dict.fromkeys(found))


def file_texts(value: Val) -> Iterator[str]:
    """The texts and numbers in a value that came out of files, at any depth."""
    pending = [(value, False)]
    seen: set[tuple[int, bool]] = set()
    while pending:
        part, inside = pending.pop()
        if not inside:
            for step in part.via:
                if step.contents:
                    inside = True
                    break
        if inside and (text := told(part)) is not None:
            yield text
            continue
        inner = insides(part)
        if inner and (key := (id(part), inside)) not in seen:
            seen.add(key)
            pending.extend((one, inside) for one in inner)


def told(value: Val) -> str | None:
    """A text, or a number as messages write it; ``None`` of all else."""
    if isinstance(value, Unknown) or value.number is None:
        return value.text
    return number_text(value.number)
