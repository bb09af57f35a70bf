"""Which requests each rule of a listener gets, and which are left for the default action.

Rules apply in the order of their priority, the default action last; a rule sees only the requests
that no earlier one took. What clients choose (path, host, method, header, query) they can choose so
that a rule gets it; where they come from they cannot. Source: Elastic Load Balancing User Guide,
"Listener rules for your Application Load Balancer"; semantics.md, B11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Final, NamedTuple

from iac_ec2lint.graph.graph import Edge
from iac_ec2lint.graph.relations import there
from iac_ec2lint.network.sets.addresses import AddressSet, Family, parse_cidr
from iac_ec2lint.network.sets.approximation import Approximation
from iac_ec2lint.network.sets.blocks import read_block
from iac_ec2lint.network.verdicts.evidence import Hop
from iac_ec2lint.resources.load_balancer import ListenerCondition, ListenerRule
from iac_ec2lint.source.span import Span
from iac_ec2lint.values import Unknown, Val

Clients = Mapping[Family, Approximation[AddressSet]]
"""Clients of either family."""

_HOST: Final = "host-header"
_METHOD: Final = "http-request-method"
_PATH: Final = "path-pattern"
_SOURCE: Final = "source-ip"

_EVERYTHING: Final = {_HOST: ("*",), _PATH: ("/*",)}
"""What a rule without a condition of that kind gets: all hosts; all paths, which begin with /."""

_SENSITIVE: Final = frozenset({_PATH, _METHOD})
"""The kinds of conditions whose values are compared with their case."""

_EVERY_REGEX: Final = frozenset({".*", "^.*", "^.*$", "/.*", "^/.*", "^/.*$"})

EVERYBODY: Final[Clients] = {
    family: Approximation.exactly(AddressSet.everything(family)) for family in Family
}


class Requests(NamedTuple):
    """The requests that an action of a listener gets.

    Attributes:
        clients: The clients that some of them come from.
        limits: The evidence that a rule gets those of some clients alone, and of what else they
            must know.
        earlier: The evidence that earlier rules take some of them.
        secret: The hop for what clients must send that nobody knows; ``None`` where there is none.
    """

    clients: Clients
    limits: tuple[Hop, ...] = ()
    earlier: tuple[Hop, ...] = ()
    secret: Hop | None = None


ALL_REQUESTS: Final = Requests(EVERYBODY)
"""What a listener without rules forwards."""


class _Condition(NamedTuple):
    """What one condition of a rule compares, and with what.

    Attributes:
        kind: AWS's name for it; of a header with the header's name.
        patterns: The globs that are known, of which one must match.
        unknowns: The values that are not known.
        span: Where it is written.
    """

    kind: str
    patterns: tuple[str, ...]
    unknowns: tuple[Unknown, ...]
    span: Span


class OrderedRule:
    """A rule of a listener, with the requests that it would get if it came first.

    Args:
        edge: The edge from the rule to the listener.
        rule: The rule.
    """

    def __init__(self, edge: Edge, rule: ListenerRule) -> None:
        self.rule = rule
        self.gap = rule.presence.cause
        if self.gap is None and not edge.certain:
            words = f"{rule.address} may be a rule of another listener"
            value = edge.value
            self.gap = (
                value
                if isinstance(value, Unknown)
                else Unknown(words, "expression", value.span, value.via)
            )
        priority = rule.priority
        self.priority = None if priority is None else priority.number

    @cached_property
    def conditions(self) -> tuple[_Condition, ...]:
        """All that requests must meet, but where they come from."""
        return tuple(one for part in self.rule.conditions for one in _read(part, self._doubt(part)))

    @cached_property
    def sources(self) -> tuple[tuple[Val, ...], ...]:
        """The blocks that each of its conditions on the client's address names."""
        return tuple(
            values
            for part in self.rule.conditions
            if (values := _source_values(part, self._doubt(part))) is not None
        )

    def _doubt(self, part: ListenerCondition) -> Unknown | None:
        """Why a condition may not be there although the rule is; ``None`` where it surely is."""
        return None if there(self.rule, part) else part.presence.cause

    @property
    def source_gaps(self) -> tuple[Unknown, ...]:
        """The blocks among these that are not known."""
        every = (value for values in self.sources for value in values)
        return tuple(value for value in every if isinstance(value, Unknown))

    @cached_property
    def clients(self) -> Clients:
        """The clients whose requests it would get."""
        found = dict(EVERYBODY)
        for values in self.sources:
            for family in Family:
                found[family] = found[family] & _united(values, family)
        return found

    def limits(self) -> Iterator[Hop]:
        """The evidence that it gets the requests of some clients alone."""
        for values in self.sources:
            texts = [value.text or f"something unknown ({_reason(value)})" for value in values]
            causes = tuple(value for value in values if isinstance(value, Unknown))
            fact = f"{self.rule.address} gets requests from {', '.join(texts)} only"
            span = values[0].span if values else self.rule.span
            yield Hop("clients", self.rule, span, fact, causes=causes)

    def secret(self) -> Hop | None:
        """The hop for a header or a query that clients must send, and whose value nobody knows."""
        for one in self.conditions:
            guessed = one.kind in _EVERYTHING or one.kind == _METHOD
            if guessed or one.patterns or not one.unknowns:
                continue
            fact = f"{self.rule.address} gets requests with a {one.kind} that is not known only"
            return Hop("listener", self.rule, one.span, fact, "unknown", None, one.unknowns)
        return None

    def before(self, other: OrderedRule | None) -> bool | None:
        """Whether it comes before another rule, or the default action; ``None``: it may."""
        if other is None:
            return True
        if self.priority is None or other.priority is None:
            return None
        return self.priority < other.priority

    def takes(self, other: OrderedRule | None) -> tuple[bool | None, tuple[Unknown, ...]]:
        """Whether it takes all requests of its clients that another rule would get, and why not.

        Args:
            other: The other rule; ``None``: the default action.
        """
        if not self.rule.conditions:
            return False, ()  # AWS refuses it
        causes: list[Unknown] = []
        for one in self.conditions:
            wanted = _wanted(other, one.kind)
            if all(any(_includes(own, text) for own in one.patterns) for text in wanted):
                if wanted:
                    continue
                return False, ()
            may = [gap for gap in one.unknowns if _may_be_everything(gap)]
            if not may:
                return False, ()
            causes += may
        if self.gap is not None:
            causes.append(self.gap)
        return (None if causes else True), tuple(causes)


def requests_of(rules: Sequence[OrderedRule], asked: OrderedRule | None) -> Requests:
    """The requests that a rule of a listener gets, or its default action.

    Args:
        rules: All rules of the listener.
        asked: The rule; ``None``: the default action.
    """
    clients = dict(EVERYBODY if asked is None else asked.clients)
    earlier: list[Hop] = []
    for rule in sorted(rules, key=_order):
        if rule is asked:
            continue
        first = rule.before(asked)
        if first is False:
            continue
        taken, causes = rule.takes(asked)
        if taken is False:
            continue
        if first is None:
            causes = (*causes, _order_gap(rule, asked))
        sure = taken is True and first is True
        for family in Family:
            own = rule.clients[family]
            clients[family] = clients[family] - (own if sure else Approximation.at_most(own.upper))
        causes = (*causes, *rule.source_gaps)
        hop = _earlier_hop(rule, tuple(dict.fromkeys(causes)))
        if sure and not rule.sources:
            earlier = [hop]  # nothing is left for those that follow
            break
        earlier.append(hop)
    if asked is None:
        return Requests(clients, (), tuple(earlier))
    return Requests(clients, tuple(asked.limits()), tuple(earlier), asked.secret())


def _order(rule: OrderedRule) -> tuple[bool, Decimal | int, str]:
    """Sorts rules by priority, those without a known one last."""
    return rule.priority is None, rule.priority or 0, rule.rule.address


def _order_gap(rule: OrderedRule, asked: OrderedRule | None) -> Unknown:
    """Why nobody knows which of two rules comes first."""
    for one in (rule, asked):
        priority = None if one is None else one.rule.priority
        if isinstance(priority, Unknown):
            return priority
    without = rule if rule.priority is None or asked is None else asked
    words = f"the priority of {without.rule.address} is given when it is made"
    return Unknown(words, "computed", without.rule.span)


def _earlier_hop(rule: OrderedRule, causes: tuple[Unknown, ...]) -> Hop:
    name = rule.rule.address
    whose = " of its clients" if rule.sources else ""
    fact = f"{name} comes first and takes all requests{whose}"
    if causes:
        fact = f"{name} may come first and take all requests{whose}"
    return Hop("listener", rule.rule, rule.rule.span, fact, causes=causes)


def _read(part: ListenerCondition, doubt: Unknown | None) -> Iterator[_Condition]:
    """What a condition compares. One that cannot be read compares something, and takes no all."""
    kind = "" if part.field is None else (part.field.text or "")
    named: list[tuple[str, tuple[Val, ...], tuple[Val, ...]]] = [
        (_HOST, part.hosts, part.host_regexes),
        (_PATH, part.paths, part.path_regexes),
        (_METHOD, part.methods, ()),
        (f"http-header {_shown(part.header)}", part.headers, part.header_regexes),
        ("query-string", tuple(_pairs(part)), ()),
    ]
    found = [_condition(part, doubt, *one) for one in named if one[1] or one[2]]
    if kind != _SOURCE and (part.values or part.regexes):
        found.append(_condition(part, doubt, kind, part.values, part.regexes))
    if found:
        yield from found
    elif _source_values(part, doubt) is None:
        yield _Condition(kind or "condition", (), (), part.span)


def _condition(
    part: ListenerCondition,
    doubt: Unknown | None,
    kind: str,
    values: tuple[Val, ...],
    regexes: tuple[Val, ...],
) -> _Condition:
    fold = kind not in _SENSITIVE
    patterns: list[str] = []
    unknowns: list[Unknown] = []
    for value in values:
        if value.text is not None:
            patterns.append(value.text.lower() if fold else value.text)
        elif isinstance(value, Unknown):
            unknowns.append(value)
    for value in regexes:
        if value.text in _EVERY_REGEX:
            patterns.append("*")
        elif isinstance(value, Unknown):
            unknowns.append(value)
    if doubt is not None:
        return _Condition(kind, (), (*unknowns, doubt), part.span)
    return _Condition(kind, tuple(patterns), tuple(unknowns), part.span)


def _pairs(part: ListenerCondition) -> Iterator[Val]:
    """The pairs of a condition on the query, each as one text."""
    for pair in part.query:
        key, value = pair.key, pair.value
        if value is None or key is None or isinstance(value, Unknown):
            yield from (one for one in (value,) if one is not None)
        elif isinstance(key, Unknown):
            yield key
        else:
            yield value.but(data=f"{key.text}={value.text}")


def _shown(value: Val | None) -> str:
    return "" if value is None else (value.text or "that is not known").lower()


def _source_values(part: ListenerCondition, doubt: Unknown | None) -> tuple[Val, ...] | None:
    """The blocks that a condition on the client's address names; ``None``: it is none."""
    values = part.source_ips
    if part.field is not None and part.field.text == _SOURCE:
        values = (*values, *part.values)
    elif not values:
        return None
    return values if doubt is None else (doubt, *values)


def _united(values: tuple[Val, ...], family: Family) -> Approximation[AddressSet]:
    """The addresses of a family in any of some blocks."""
    found = Approximation.exactly(AddressSet.nothing(family))
    for value in values:
        parsed = None if value.text is None else parse_cidr(value.text)
        if parsed is None or parsed.family is family:
            block = read_block(value, family)
            found = found | Approximation(block.lower, block.upper)
    return found


def _wanted(other: OrderedRule | None, kind: str) -> tuple[str, ...]:
    """The values of a kind that the requests of a rule have; empty where nobody knows."""
    own = [one for one in other.conditions if one.kind == kind] if other is not None else []
    known = [one for one in own if not one.unknowns and one.patterns]
    return known[0].patterns if known else _EVERYTHING.get(kind, ())


def _may_be_everything(value: Unknown) -> bool:
    """Whether an unknown value may be a glob that matches all: not what AWS names."""
    if value.candidates:
        return any(
            candidate.text in {"*", "/*"}
            if not isinstance(candidate, Unknown)
            else _may_be_everything(candidate)
            for candidate in value.candidates
        )
    texts = [piece for piece in value.parts if isinstance(piece, str)]
    if any(text.strip("*/") for text in texts):
        return False
    return value.cause not in {"computed", "external-id"}


def _reason(value: Val) -> str:
    return value.reason if isinstance(value, Unknown) else "not a text"


@lru_cache(maxsize=4096)
def _includes(wide: str, narrow: str) -> bool:
    """Whether a glob matches all that another matches; where that is not plain to see, not."""
    states = {0}
    for symbol in narrow:
        states = _skipped(states, wide)
        states = {
            state if wide[state] == "*" else state + 1
            for state in states
            if state < len(wide)
            and (wide[state] in {"*", symbol} or (wide[state] == "?" and symbol != "*"))
        }
    return len(wide) in _skipped(states, wide)


def _skipped(states: set[int], wide: str) -> set[int]:
    """States, and those behind stars that match nothing."""
    found = set(states)
    for state in states:
        at = state
        while at < len(wide) and wide[at] == "*":
            at += 1
            found.add(at)
    return found
