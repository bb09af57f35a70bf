"""Addresses, and which names they ask for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iac_ec2lint.values import Unknown, Val

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iac_ec2lint import values

Step = str | int | tuple[str]
"""A name, the index of an element, or (as a tuple) the key of an instance or a map."""

_STEP = re.compile(
    r"""
    \[ \s* "( (?: [^"\\] | \\. )* )" \s* \]  # a key
    | \[ \s* (\d+) \s* \]                    # an index
    | \[ ([^\]]*) \]                         # a key whose quotes the shell took
    | ([^.\[/]+)                             # a name
    """,
    re.VERBOSE | re.DOTALL,
)


def steps(address: str) -> tuple[Step, ...]:
    """The names, indices and keys that an address is made of; ``/`` divides as ``.`` does."""
    found: list[Step] = []
    for quoted, index, bare, name in _STEP.findall(address):
        if index:
            found.append(int(index))
        elif name:
            found.append(name.strip())
        else:
            found.append((re.sub(r"\\(.)", _unescape, quoted) or bare,))
    return tuple(found)


def _unescape(found: re.Match[str]) -> str:
    return "\n" if found.group(1) == "n" else found.group(1)


def rest_of(asked: Sequence[Step], name: Sequence[Step]) -> Sequence[Step] | None:
    """How an address goes on behind a name.

    Args:
        asked: The address; it may leave out keys and indices, and then means all of them.
        name: The name.

    Returns:
        The steps of the address behind the name, none where it ends in the name or before it;
        ``None`` where it leads elsewhere.
    """
    at = 0
    for step in name:
        if at == len(asked):
            return ()
        if step == asked[at]:
            at += 1
        elif isinstance(step, str) or not isinstance(asked[at], str):
            return None
    return asked[at:]


def dig(value: Val, path: Sequence[Step]) -> Val | None:
    """The part of a value at a path; ``None`` where it has none; an unknown on the way as it is."""
    for step in path:
        if isinstance(value, Unknown):
            return value
        part: Val | None = None
        if isinstance(value.data, dict):
            part = value.data.get(step[0] if isinstance(step, tuple) else str(step))
        elif isinstance(value.data, tuple) and isinstance(step, int) and step < len(value.data):
            part = value.data[step]
        if part is None:
            return None
        value = part.marked(value.marks)
    return value


def path_text(path: Sequence[Step]) -> str:
    """A path as it stands behind a name: ``[0].cidr_blocks``."""
    texts: list[str] = []
    for step in path:
        if isinstance(step, str):
            texts.append(f".{step}")
        elif isinstance(step, int):
            texts.append(f"[{step}]")
        else:
            key = step[0].replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
            texts.append(f'["{key}"]')
    return "".join(texts)


class RequestedNames:
    """What is asked for; it notes which addresses name something.

    Args:
        addresses: The addresses.
        everything: Whether all resources are asked for.
    """

    def __init__(self, addresses: Sequence[str], *, everything: bool) -> None:
        self.everything = everything
        self.names: set[str] = set()
        self._asked = {address: steps(address) for address in addresses}
        self._matched: set[str] = set()
        self._off: dict[str, str] = {}

    def note_off(self, name: str, why: str, assumed: Sequence[values.Step] = ()) -> None:
        """Note something that is switched off, so that nothing of it is there.

        Args:
            name: Its name.
            why: What switches it off, in words.
            assumed: The defaults that this rests on.
        """
        self.names.add(name)
        own = steps(name)
        defaults = "".join(
            f", with the {step.words} ({step.span.path}:{step.span.line})" for step in assumed
        )
        for address, asked in self._asked.items():
            if rest_of(asked, own) is not None:
                self._off.setdefault(address, f"{name} is switched off: {why}{defaults}")

    def covers(self, resource: str) -> bool:
        """Whether anything of a resource, or of one of its instances, is asked for."""
        self.names.add(resource)
        if self.everything:
            return True
        name = steps(resource)
        return any(rest_of(asked, name) is not None for asked in self._asked.values())

    def parts(self, name: str, value: Val) -> list[tuple[str, Val]]:
        """The parts of what a name came to that are asked for, each under its own name.

        Empty where it is not asked for; the whole of it where no address is given.
        """
        self.names.add(name)
        if not self._asked:
            return [(name, value)]
        own = steps(name)
        found: dict[str, Val] = {}
        for address, asked in self._asked.items():
            rest = rest_of(asked, own)
            part = None if rest is None else dig(value, rest)
            if rest is not None and part is not None:
                self._matched.add(address)
                found[name + path_text(rest)] = part
        return list(found.items())

    def unmatched(self) -> dict[str, str]:
        """The addresses that have named nothing so far; of what is switched off, why."""
        return {
            address: self._off.get(address, "")
            for address in self._asked
            if address not in self._matched
        }
