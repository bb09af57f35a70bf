"""Date and time functions.

Source: "Date and Time Functions" of the Terraform language; durations and layouts as Go has them.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from iac_ec2lint.terraform.functions.registry import FunctionError, function, scalar
from iac_ec2lint.terraform.language.types import NUMBER, STRING
from iac_ec2lint.values import Unknown, Val

if TYPE_CHECKING:
    from iac_ec2lint.terraform.functions.registry import FunctionCall

_RFC3339 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_DURATION_PART = re.compile(r"(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)", re.ASCII)
_UNITS = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,
    "μs": 1_000,
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60_000_000_000,
    "h": 3_600_000_000_000,
}


class Moment:
    """A point in time: to the second, with its offset from UTC, and nanoseconds."""

    __slots__ = ("nanoseconds", "seconds", "zone")

    def __init__(self, seconds: datetime, nanoseconds: int, zone: str) -> None:
        self.seconds = seconds
        self.nanoseconds = nanoseconds
        self.zone = zone


def parse_moment(text: str) -> Moment:
    """A timestamp as RFC 3339 has it.

    Raises:
        FunctionError: It is none.
    """
    found = _RFC3339.fullmatch(text)
    if found is None:
        raise FunctionError("the timestamp is not in RFC 3339 format")
    zone = found[8].upper()
    try:
        offset = UTC if zone == "Z" else _offset(zone)
        year, month, day, hour, minute, second = (int(found[i]) for i in range(1, 7))
        seconds = datetime(year, month, day, hour, minute, second, tzinfo=offset)
    except ValueError:
        raise FunctionError("the timestamp is no date and time") from None
    nanoseconds = int((found[7] or ".0")[1:10].ljust(9, "0"))
    return Moment(seconds, nanoseconds, zone)


def _offset(zone: str) -> timezone:
    delta = timedelta(hours=int(zone[1:3]), minutes=int(zone[4:6]))
    return timezone(-delta if zone[0] == "-" else delta)


@function("timestamp", result=STRING)
def _timestamp(call: FunctionCall) -> Val:
    return Unknown("timestamp() is the time of the apply", "computed", call.span, type=STRING)


@function("plantimestamp", result=STRING)
def _plantimestamp(call: FunctionCall) -> Val:
    return Unknown("plantimestamp() is the time of the plan", "computed", call.span, type=STRING)


@scalar("timecmp", STRING, STRING, result=NUMBER)
def _timecmp(first: str, second: str) -> int:
    a, b = parse_moment(first), parse_moment(second)
    x, y = (a.seconds, a.nanoseconds), (b.seconds, b.nanoseconds)
    return (x > y) - (x < y)


@scalar("timeadd", STRING, STRING)
def _timeadd(text: str, duration: str) -> str:
    moment = parse_moment(text)
    total = moment.nanoseconds + _nanoseconds(duration)
    seconds, nanoseconds = divmod(total, 1_000_000_000)
    try:
        moved = moment.seconds + timedelta(seconds=seconds)
    except OverflowError:
        raise FunctionError("the result is out of range") from None
    del nanoseconds  # Terraform formats the result to the second
    zone = "Z" if moment.zone in ("Z", "+00:00", "-00:00") else moment.zone
    return f"{moved:%Y-%m-%dT%H:%M:%S}".rjust(19, "0") + zone


def _nanoseconds(duration: str) -> int:
    """A duration as Go writes it: ``1h30m``, ``-1.5s``."""
    sign = -1 if duration.startswith("-") else 1
    rest = duration.lstrip("+-") if duration[:1] in "+-" else duration
    if rest == "0":
        return 0
    total = 0
    position = 0
    while position < len(rest):
        part = _DURATION_PART.match(rest, position)
        if part is None:
            break
        whole, _, fraction = part[1].partition(".")
        unit = _UNITS[part[2]]
        total += int(whole or 0) * unit
        if fraction:
            total += int(fraction) * unit // 10 ** len(fraction)
        position = part.end()
    if not rest or position < len(rest):
        raise FunctionError("the duration is not as in 1h30m")
    return sign * total


_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


@scalar("formatdate", STRING, STRING)
def _formatdate(layout: str, text: str) -> str:
    moment = parse_moment(text)
    pieces: list[str] = []
    index = 0
    while index < len(layout):
        character = layout[index]
        if character == "'":
            literal, index = _literal(layout, index)
            pieces.append(literal)
            continue
        end = index
        while end < len(layout) and layout[end] == character:
            end += 1
        if character.isascii() and character.isalpha():
            pieces.append(_verb(layout[index:end], moment))
        else:
            pieces.append(layout[index:end])
        index = end
    return "".join(pieces)


def _literal(layout: str, index: int) -> tuple[str, int]:
    pieces: list[str] = []
    index += 1
    while True:
        end = layout.find("'", index)
        if end < 0:
            raise FunctionError("a quote in the format is not closed")
        pieces.append(layout[index:end])
        if layout.startswith("''", end):
            pieces.append("'")
            index = end + 2
            continue
        return "".join(pieces), end + 1


def _verb(verb: str, moment: Moment) -> str:
    when = moment.seconds
    hour12 = (when.hour + 11) % 12 + 1
    zone = moment.zone
    numeric = "+00:00" if zone == "Z" else zone
    written: dict[str, str] = {
        "YYYY": f"{when.year:04d}",
        "YY": f"{when.year % 100:02d}",
        "MMMM": _MONTHS[when.month - 1],
        "MMM": _MONTHS[when.month - 1][:3],
        "MM": f"{when.month:02d}",
        "M": str(when.month),
        "DD": f"{when.day:02d}",
        "D": str(when.day),
        "EEEE": _DAYS[when.weekday()],
        "EEE": _DAYS[when.weekday()][:3],
        "hh": f"{when.hour:02d}",
        "h": str(when.hour),
        "HH": f"{hour12:02d}",
        "H": str(hour12),
        "AA": "AM" if when.hour < 12 else "PM",
        "aa": "am" if when.hour < 12 else "pm",
        "mm": f"{when.minute:02d}",
        "m": str(when.minute),
        "ss": f"{when.second:02d}",
        "s": str(when.second),
        "ZZZZZ": numeric,
        "ZZZZ": numeric.replace(":", ""),
        "ZZZ": "UTC" if numeric == "+00:00" else numeric.replace(":", ""),
        "Z": "Z" if numeric in ("+00:00", "-00:00") else numeric,
    }
    if verb not in written:
        raise FunctionError(f"the format has no verb {verb}")
    return written[verb]
