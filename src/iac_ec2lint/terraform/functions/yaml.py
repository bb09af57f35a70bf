"""``yamldecode`` and ``yamlencode``.

Source: "yamldecode Function" of the Terraform language; zclconf/go-cty-yaml for scalars.
"""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from iac_ec2lint.source import limits
from iac_ec2lint.terraform.functions.contents import read_from
from iac_ec2lint.terraform.functions.registry import FunctionError, function
from iac_ec2lint.terraform.language.containers import normalize
from iac_ec2lint.terraform.language.types import ANY, STRING
from iac_ec2lint.terraform.language.unknowns import wholly_known
from iac_ec2lint.values import Data, Unknown, Val, Value, number_text, parse_number

if TYPE_CHECKING:
    from iac_ec2lint.source.span import SourceText, Span
    from iac_ec2lint.terraform.functions.registry import FunctionCall

_TAG = "tag:yaml.org,2002:"
_TRUE = ["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"]
_FALSE = ["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"]
_WORDS: dict[str, Data] = {
    **dict.fromkeys(_TRUE, True),
    **dict.fromkeys(_FALSE, False),
    **dict.fromkeys(["", "~", "null", "Null", "NULL"], None),
}
_INFINITE = frozenset(
    [".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF"]
)
_NUMBER = re.compile(
    r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
)
"""Numbers without a tag (go-cty-yaml 1.1, ``resolve.go``); all else, ``0b1`` too, is text."""
_DATE = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.\d+)?(Z|[+-]\d\d:\d\d))|"
    r"(?: (\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.\d+)?))?",
    re.ASCII,
)


@function("yamldecode", STRING, needs="none")
def _yamldecode(call: FunctionCall, text: Val) -> Val:
    if isinstance(text, Unknown):
        if text.decoded is not None:
            return text.decoded
        return call.undecided(lambda values: _yamldecode(call, *values), text)
    source, via = read_from(text, call.span, call.scope.evaluation.file_texts)
    value = read_yaml(text.text or "", text.span, source)
    return value.after(*via) if via else value


def read_yaml(text: str, span: Span, source: SourceText | None = None) -> Val:
    """The value that a YAML document encodes.

    Args:
        text: The document.
        span: Where all of it is written.
        source: The file that has just this text, if one has: then each value stands in that.

    Raises:
        FunctionError: It is none, or none that Terraform reads.
    """
    import yaml  # few configurations call these functions

    try:
        # In C, and without anything made of the document.
        loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
        reader = _Reading(list(yaml.parse(text, Loader=loader)), span, source)
        return reader.document()
    except (yaml.YAMLError, RecursionError):
        raise FunctionError("the string is no YAML") from None


class _Reading:
    """Makes values of the events of one document."""

    __slots__ = ("anchors", "count", "events", "kinds", "position", "source", "span")

    def __init__(self, events: list[Any], span: Span, source: SourceText | None) -> None:
        from yaml import events as kinds  # see read_yaml

        self.kinds = kinds
        self.events = events
        self.position = 0
        self.span = span
        self.source = source
        self.anchors: dict[str, Val | None] = {}
        self.count = 0

    def document(self) -> Val:
        documents = [e for e in self.events if isinstance(e, self.kinds.DocumentStartEvent)]
        if len(documents) > 1:
            raise FunctionError("there is more than one document")
        if not documents:
            return Value(None, self.span)
        self.position = self.events.index(documents[0]) + 1
        return self.node()

    def node(self) -> Val:
        event = self.events[self.position]
        self.position += 1
        self.count += 1
        if self.count > limits.ALIAS_NODES:
            raise FunctionError(f"more than {limits.ALIAS_NODES} nodes")
        if isinstance(event, self.kinds.AliasEvent):
            return self.alias(event.anchor or "")
        anchor = event.anchor
        if anchor:
            self.anchors[anchor] = None
        if isinstance(event, self.kinds.ScalarEvent):
            value: Val = Value(self.scalar(event), self.place(event))
        elif isinstance(event, self.kinds.SequenceStartEvent):
            elements = tuple(self.sequence())
            value = Value(elements, self.place(event))
        else:
            members = self.mapping()
            value = Value(members, self.place(event))
        if anchor:
            self.anchors[anchor] = value
        return value

    def place(self, event: Any) -> Span:
        """Where what begins with an event and ends with the one before this is written."""
        if self.source is None:
            return self.span
        last = self.events[self.position - 1]
        return self.source.span(event.start_mark.index, last.end_mark.index)

    def alias(self, name: str) -> Val:
        if name not in self.anchors:
            raise FunctionError("an alias without an anchor")
        value = self.anchors[name]
        if value is None:
            raise FunctionError("an alias inside its own anchor")
        self.count += _size(value)
        return value

    def sequence(self) -> list[Val]:
        elements: list[Val] = []
        while not isinstance(self.events[self.position], self.kinds.SequenceEndEvent):
            elements.append(self.node())
        self.position += 1
        return elements

    def mapping(self) -> dict[str, Val]:
        members: dict[str, Val] = {}
        merged: dict[str, Val] = {}
        while not isinstance(self.events[self.position], self.kinds.MappingEndEvent):
            event = self.events[self.position]
            if _is_merge(event):
                self.position += 1
                self.merge(self.node(), merged)
                continue
            key = self.key()
            value = self.node()
            members[key] = value
        self.position += 1
        return dict(sorted({**merged, **members}.items()))

    def key(self) -> str:
        key = self.node()
        if isinstance(key, Value):
            if isinstance(key.data, str):
                return key.data
            if isinstance(key.data, bool):
                return "true" if key.data else "false"
            if isinstance(key.data, int | Decimal):
                return number_text(key.data)
        raise FunctionError("a key is no string")

    def merge(self, value: Val, merged: dict[str, Val]) -> None:
        sources = value.data if isinstance(value, Value) else None
        for source in sources if isinstance(sources, tuple) else (value,):
            data = source.data if isinstance(source, Value) else None
            if not isinstance(data, dict):
                raise FunctionError("only maps can be merged")
            for key, member in data.items():
                merged.setdefault(key, member)

    def scalar(self, event: Any) -> Data:
        text: str = event.value
        tag: str | None = event.tag
        if tag == "!":
            tag = None
        if tag is None:
            return resolve_scalar(text) if not event.style else normalize(text)
        short = tag.removeprefix(_TAG)
        if short in ("str", "binary"):
            return normalize(text)
        if short == "null":
            return None
        if short == "bool" and isinstance(_WORDS.get(text), bool):
            return _WORDS[text]
        if short in ("int", "float"):
            number = _number(text)
            if number is not None:
                return number
        if short == "timestamp":
            moment = _timestamp(text)
            if moment is not None:
                return moment
        raise FunctionError("a scalar does not fit its tag")


def _size(value: Val) -> int:
    from iac_ec2lint.values import walk

    return sum(1 for _ in walk(value))


def _is_merge(event: Any) -> bool:
    from yaml.events import ScalarEvent  # see read_yaml

    if not isinstance(event, ScalarEvent):
        return False
    if event.tag == _TAG + "merge":
        return True
    return event.value == "<<" and event.tag in (None, "!") and not event.style


def resolve_scalar(text: str) -> Data:
    """What a scalar without quotes and tag means.

    Raises:
        FunctionError: Terraform has no such value.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text in _INFINITE or text in (".nan", ".NaN", ".NAN"):
        raise FunctionError("a number that is not finite")
    first = text[0]
    if first in "+-.0123456789":
        moment = _timestamp(text)
        if moment is not None:
            return moment
        number = _number(text) if _NUMBER.fullmatch(text) else None
        if number is not None:
            return number
    return normalize(text)


def _number(text: str) -> int | Decimal | None:
    plain = text.replace("_", "")
    number = parse_number(plain)
    if number is not None:
        return number
    if len(plain) > limits.NUMBER_DIGITS:
        return None
    try:
        return int(plain, 0)
    except ValueError:
        pass
    octal = re.fullmatch(r"([+-]?)0([0-7]+)", plain)
    return int(octal[1] + octal[2], 8) if octal else None


def _timestamp(text: str) -> str | None:
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    hour = found[4] or found[8] or "0"
    minute = found[5] or found[9] or "0"
    second = found[6] or found[10] or "0"
    try:
        when = datetime(
            int(found[1]), int(found[2]), int(found[3]), int(hour), int(minute), int(second)
        )
    except ValueError:
        return None
    return f"{when.year:04d}-{when:%m-%dT%H:%M:%S}{found[7] or 'Z'}"


@function("yamlencode", ANY, result=STRING, needs="none", nulls=True)
def _yamlencode(call: FunctionCall, value: Val) -> Val:
    if not wholly_known(value):
        return call.unknown(value, kind=STRING).but(decoded=value)
    assert isinstance(value, Value)  # noqa: S101 - it is known
    return Value(encode_yaml(value), call.span, value.via, decoded=value)


def encode_yaml(value: Val) -> str:
    """The YAML text of a known value, as go-cty-yaml writes it."""
    import yaml  # few configurations call these functions

    events: list[Any] = [
        yaml.StreamStartEvent(),
        yaml.DocumentStartEvent(explicit=False),
    ]
    _emit(value, events, yaml)
    events += [yaml.DocumentEndEvent(explicit=False), yaml.StreamEndEvent()]
    text: str = yaml.emit(events, width=10**9, allow_unicode=True)
    return text


def _emit(value: Val, events: list[Any], yaml: Any) -> None:
    data = value.data if isinstance(value, Value) else None
    if isinstance(data, dict):
        events.append(yaml.MappingStartEvent(None, None, True, flow_style=not data))
        for key in sorted(data):
            events.append(_quoted(key, yaml))
            _emit(data[key], events, yaml)
        events.append(yaml.MappingEndEvent())
    elif isinstance(data, tuple):
        events.append(yaml.SequenceStartEvent(None, None, True, flow_style=not data))
        for element in data:
            _emit(element, events, yaml)
        events.append(yaml.SequenceEndEvent())
    elif isinstance(data, str):
        if "\n" in data:
            events.append(yaml.ScalarEvent(None, None, (True, True), data, style="|"))
        else:
            events.append(_quoted(data, yaml))
    else:
        plain = "null"
        if isinstance(data, bool):
            plain = "true" if data else "false"
        elif isinstance(data, int | Decimal):
            plain = number_text(data)
        events.append(yaml.ScalarEvent(None, None, (True, False), plain, style=""))


def _quoted(text: str, yaml: Any) -> Any:
    return yaml.ScalarEvent(None, None, (True, True), text, style='"')
