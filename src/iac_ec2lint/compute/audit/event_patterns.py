"""Which calls rules of EventBridge tell somebody of.

Source: EventBridge User Guide, "Event patterns" and "AWS service events delivered via AWS
CloudTrail".
"""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from iac_ec2lint.resources.event_rule import EventRule, EventTarget
from iac_ec2lint.values import NO, Answer, Unknown, any_of, is_given

if TYPE_CHECKING:
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.values import Val

_BY_TRAIL: Final = "AWS API Call via CloudTrail"
_EC2: Final = {"source": "aws.ec2", "eventSource": "ec2.amazonaws.com"}


class _NotKnown(Exception):  # noqa: N818 - it never leaves this module
    """A piece of a pattern is not known."""


class RuledCalls:
    """The calls of EC2's API that one rule sends to its targets.

    Args:
        graph: The graph.
        rule: The rule.

    Attributes:
        told: Whether the rule is on, and sends what it matches anywhere.
    """

    __slots__ = ("_names", "told")

    def __init__(self, graph: Graph, rule: EventRule) -> None:
        on = rule.is_enabled.is_true() & ~rule.state.equals("DISABLED") & rule.bus.equals("default")
        apart = (
            edge.answer & edge.source.presence.answer
            for edge in (*graph.sources(rule, "rule"), *graph.unresolved("rule"))
            if isinstance(edge.source, EventTarget)
        )
        own = (
            one.presence.answer & (NO if one.arn is None else is_given(one.arn))
            for one in rule.targets
        )
        self.told = rule.presence.answer & on & any_of((*apart, *own))
        self._names = _names_in(rule.pattern)

    def sends(self, call: str) -> Answer:
        """Whether a call, as CloudTrail names it, is among them."""
        if isinstance(self._names, Answer):
            return self.told & self._names
        return self.told & Answer(any(fnmatchcase(call, name) for name in self._names))


def _names_in(pattern: Val | None) -> tuple[str, ...] | Answer:
    """The names of calls that a pattern matches, with wildcards; an answer where none is known."""
    if pattern is None:
        return NO
    try:
        found = _plain(pattern)
    except (_NotKnown, ValueError):
        if isinstance(pattern, Unknown):
            return Answer(None, (pattern,))
        words = "the pattern of the rule is not known"
        return Answer(None, (Unknown(words, "expression", pattern.span),))
    detail = found.get("detail", {}) if isinstance(found, dict) else None
    if not isinstance(found, dict) or not isinstance(detail, dict):
        return NO
    kinds = found.get("detail-type")
    if not isinstance(kinds, list) or _BY_TRAIL not in kinds:
        return NO
    for where, field in ((found, "source"), (detail, "eventSource")):
        if field in where and _EC2[field] not in where[field]:
            return NO
    if {*found} - {"source", "detail-type", "detail"} or {*detail} - {"eventSource", "eventName"}:
        words = "the rule asks for other things too"
        return Answer(None, (Unknown(words, "expression", pattern.span),))
    names = detail.get("eventName", ["*"])
    return tuple(name for one in names if (name := _wildcard(one)))


def _wildcard(name: object) -> str:
    """A name of a pattern with wildcards; empty where it is said in another way."""
    if isinstance(name, str):
        return name
    if isinstance(name, dict):
        if isinstance(name.get("wildcard"), str):
            return str(name["wildcard"])
        if isinstance(name.get("prefix"), str):
            return f"{name['prefix']}*"
        if isinstance(name.get("suffix"), str):
            return f"*{name['suffix']}"
    return ""


def _plain(value: Val) -> object:
    """The data of a value, with text of JSON read.

    Raises:
        _NotKnown: A piece of it is not known.
        ValueError: It is text, and no JSON.
    """
    if value.decoded is not None:
        return _data(value.decoded)
    return json.loads(value.text) if value.text is not None else _data(value)


def _data(value: Val) -> object:
    if isinstance(value, Unknown):
        raise _NotKnown
    if isinstance(value.data, dict):
        return {key: _data(member) for key, member in value.data.items()}
    if isinstance(value.data, tuple):
        return [_data(element) for element in value.data]
    return value.data
