"""Parameters of checks: typed, with a default, a help text and bounds.

A check declares each as a class attribute, and reads it as one of itself::

    class HopLimitAboveOne(Check):
        max_hops = parameter.integer(default=1, minimum=1, maximum=64, help="...")

        def examine(self, graph):
            ... self.max_hops ...

What several checks share (``TRUSTED_ACCOUNTS``) is declared once, in this module, and named by
them; it is set for all of them at once, or for one of them by its code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, Protocol, Self, TypeVar, overload

from iac_ec2lint.network.sets.ports import PortSet

T = TypeVar("T")

_ACCOUNT = r"[0-9]{12}"
_TOP_PORT = 65535
_PORT = r"(?:[0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])"
_PORTS = f"{_PORT}(?:-{_PORT})?"


@dataclass(frozen=True, slots=True)
class ParameterInfo:
    """What a reader needs to know of a parameter.

    Attributes:
        name: ``max_hops``.
        help: What it changes.
        default: Its default, as JSON has it.
        schema: The JSON Schema of its values (draft 2020-12).
        shared: Whether several checks have it, so that it is set for all of them at once.
    """

    name: str
    help: str
    default: object
    schema: Mapping[str, object]
    shared: bool


class Configured(Protocol):
    """What has parameters: a check, with what users have set of them, by name."""

    settings: dict[str, object]


class Parameter(Generic[T]):
    """A value that users may set. Made by the functions below.

    Args:
        default: What it is where nobody sets it.
        help: What it changes, in one sentence.
        schema: The JSON Schema of its values.
        read: Makes a value of JSON data or of text; ``ValueError`` says what it must be.
        shared: Whether several checks have it.
    """

    def __init__(
        self,
        default: object,
        help: str,  # noqa: A002 - the word that users know from command lines
        schema: Mapping[str, object],
        read: Callable[[object], T],
        *,
        shared: bool = False,
    ) -> None:
        self.name = ""
        self.help = help
        self.schema = schema
        self.shared = shared
        self.read = read
        self._default = default
        self._value = read(default)

    def __set_name__(self, owner: type, name: str) -> None:
        if self.name not in {"", name}:
            raise TypeError(f"{owner.__name__}: the parameter {self.name} is named {name} here")
        self.name = name

    @overload
    def __get__(self, check: None, owner: type) -> Self: ...
    @overload
    def __get__(self, check: Configured, owner: type) -> T: ...
    def __get__(self, check: Configured | None, owner: type) -> T | Self:
        if check is None:
            return self
        # Only what this parameter has read is put there.
        return check.settings.get(self.name, self._value)  # type: ignore[return-value]

    @property
    def info(self) -> ParameterInfo:
        """What a reader needs to know of it."""
        return ParameterInfo(self.name, self.help, self._default, self.schema, self.shared)


def boolean(*, default: bool, help: str) -> Parameter[bool]:  # noqa: A002 - as above
    """True or false."""

    def read(data: object) -> bool:
        found = {"true": True, "false": False}.get(data.lower()) if isinstance(data, str) else data
        if not isinstance(found, bool):
            raise ValueError("must be true or false")  # noqa: TRY004 - what users get wrong is one error
        return found

    return Parameter(default, help, {"type": "boolean"}, read)


def integer(
    *,
    default: int,
    minimum: int,
    maximum: int,
    help: str,  # noqa: A002 - as above
) -> Parameter[int]:
    """A whole number from ``minimum`` to ``maximum``."""

    def read(data: object) -> int:
        if isinstance(data, str) and re.fullmatch(r"-?[0-9]{1,9}", data):
            data = int(data)
        data = _whole(data)
        if not isinstance(data, int) or isinstance(data, bool) or not minimum <= data <= maximum:
            raise ValueError(f"must be a whole number from {minimum} to {maximum}")
        return data

    schema = {"type": "integer", "minimum": minimum, "maximum": maximum}
    return Parameter(default, help, schema, read)


def text(*, default: str, help: str, pattern: str = ".*") -> Parameter[str]:  # noqa: A002 - as above
    """A text that matches ``pattern`` as a whole."""

    def read(data: object) -> str:
        if not isinstance(data, str) or not re.fullmatch(pattern, data):
            raise ValueError(f"must be a text of the form {pattern}")
        return data

    return Parameter(default, help, {"type": "string", "pattern": _entirely(pattern)}, read)


def day(*, default: str, help: str) -> Parameter[str]:  # noqa: A002 - as above
    """A day as ISO 8601 has it (``2026-11-27``), or an empty text."""
    pattern = r"([0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))?"

    def read(data: object) -> str:
        try:
            if isinstance(data, str) and re.fullmatch(pattern, data):
                return data and date.fromisoformat(data).isoformat()
        except ValueError:
            pass  # no month has that day
        raise ValueError("must be a day, such as 2026-11-27")

    return Parameter(default, help, {"type": "string", "pattern": _entirely(pattern)}, read)


def texts(
    *,
    default: Iterable[str] = (),
    help: str,  # noqa: A002 - as above
    pattern: str = ".+",
    what: str = "texts",
    shared: bool = False,
) -> Parameter[tuple[str, ...]]:
    """A list of texts, each of which matches ``pattern`` as a whole; ``what`` names them."""

    def read(data: object) -> tuple[str, ...]:
        found = _words(data)
        if not isinstance(found, list | tuple) or not all(
            isinstance(word, str) and re.fullmatch(pattern, word) for word in found
        ):
            raise ValueError(f"must be a list of {what}, each of the form {pattern}")
        return tuple(dict.fromkeys(found))

    schema = {"type": "array", "items": {"type": "string", "pattern": _entirely(pattern)}}
    return Parameter(list(default), help, schema, read, shared=shared)


def ports(
    *,
    default: Iterable[int | str],
    help: str,  # noqa: A002 - as above
    shared: bool = False,
) -> Parameter[PortSet]:
    """A list of ports and ranges of ports: ``[443, "8000-8090"]``."""

    def read(data: object) -> PortSet:
        found = _words(data)
        if isinstance(found, list | tuple):
            ranges = [_ports_of(_whole(one)) for one in found]
            if None not in ranges:
                return PortSet.of(pair for one in ranges if one for pair in one.ranges)
        raise ValueError('must be a list of ports and ranges of ports, such as [443, "8000-8090"]')

    items = {
        "anyOf": [
            {"type": "integer", "minimum": 0, "maximum": _TOP_PORT},
            {"type": "string", "pattern": _entirely(_PORTS)},
        ]
    }
    schema = {"type": "array", "items": items}
    return Parameter(list(default), help, schema, read, shared=shared)


def _ports_of(data: object) -> PortSet | None:
    """The ports that one element of a list means; ``None`` where it means none."""
    if isinstance(data, int) and not isinstance(data, bool):
        data = str(data)
    if isinstance(data, str) and re.fullmatch(_PORTS, data):
        return PortSet.parse(data)
    return None


def _words(data: object) -> object:
    """The elements of a list that is written as text, with commas between them."""
    if isinstance(data, str):
        return [word.strip() for word in data.split(",") if word.strip()]
    return data


def _whole(data: object) -> object:
    """A number without a fraction as what it is: to JSON, ``2.0`` is a whole number."""
    return int(data) if isinstance(data, float) and data.is_integer() else data


def _entirely(pattern: str) -> str:
    """A regular expression that only all of a text matches: ``$`` alone lets a line end follow."""
    return f"^(?:{pattern})(?!\\n)$"


TRUSTED_ACCOUNTS = texts(
    help="Numbers of AWS accounts that are your own, or that you trust like your own.",
    pattern=_ACCOUNT,
    what="account numbers",
    shared=True,
)

WEB_PORTS = ports(
    default=(80, 443),
    help="TCP ports on which hosts are meant to serve the internet.",
    shared=True,
)
