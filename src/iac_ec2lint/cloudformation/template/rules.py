"""What the ``Rules`` of a template demand of the values of single parameters, as they are written.

A deployment is refused where an assertion does not hold. Read are those that compare one parameter
with texts that are written.
Source: CloudFormation User Guide, "Template Rules" and "Rule-specific intrinsic functions".
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.cloudformation.syntax import compared_text, intrinsic, text_of
from iac_ec2lint.document.tree import Mapping, Node, Scalar, Sequence
from iac_ec2lint.values.allowed import Allowed, one_of

if TYPE_CHECKING:
    from collections.abc import Iterator


DEEPEST: Final = 10


class Demand(NamedTuple):
    """What an assertion says of a parameter.

    Attributes:
        name: The parameter.
        texts: Some texts.
        accepted: Whether it is one of these; else it is none of them.
        each: Whether that is said of each text of a list.
    """

    name: str
    texts: frozenset[str]
    accepted: bool = True
    each: bool = False


class Ruled(NamedTuple):
    """What rules demand of the text of a parameter.

    Attributes:
        always: What must hold.
        sometimes: What must hold where a condition of a rule does.
    """

    always: tuple[Allowed, ...] = ()
    sometimes: tuple[tuple[Node, Allowed], ...] = ()


def demanded_by_rules(section: Node | None) -> dict[str, Ruled]:
    """What must hold of the text of each parameter.

    Args:
        section: The ``Rules`` of the template.
    """
    found: dict[str, Ruled] = defaultdict(Ruled)
    rules = section.entries.values() if isinstance(section, Mapping) else ()
    for _, rule in rules:
        if not isinstance(rule, Mapping):
            continue
        only = rule.get("RuleCondition")
        assertions = rule.get("Assertions")
        for one in assertions.items if isinstance(assertions, Sequence) else ():
            condition = one.get("Assert") if isinstance(one, Mapping) else None
            if condition is None:
                continue
            for name, demand in (
                (demand.name, _allowed(demand)) for demand in _demands(condition, 0)
            ):
                always, sometimes = found[name]
                if only is None:
                    found[name] = Ruled((*always, demand), sometimes)
                else:
                    found[name] = Ruled(always, (*sometimes, (only, demand)))
    return found


def _allowed(demand: Demand) -> Allowed:
    if not demand.accepted:
        return Allowed((), refused=demand.texts)
    return Allowed((one_of(sorted(demand.texts)),), each=demand.each)


def _demands(node: Node, depth: int) -> Iterator[Demand]:
    call = intrinsic(node)
    if call is None or depth > DEEPEST or not isinstance(call.argument, Sequence):
        return
    arguments = call.argument.items
    if call.name == "Fn::And":
        for one in arguments:
            yield from _demands(one, depth + 1)
    elif call.name == "Fn::Or":
        each = [[*_demands(one, depth + 1)] for one in arguments]
        named = {demand.name for found in each for demand in found}
        if len(named) == 1 and all(
            len(one) == 1 and one[0].accepted and not one[0].each for one in each
        ):
            every = (demand.texts for found in each for demand in found)
            yield Demand(named.pop(), frozenset[str]().union(*every))
    elif call.name == "Fn::Not" and len(arguments) == 1:
        inner = intrinsic(arguments[0])
        if inner is not None and inner.name in ("Fn::Equals", "Fn::Contains"):
            for demand in _demands(arguments[0], depth + 1):
                yield demand._replace(accepted=not demand.accepted)
    elif len(arguments) == 2:
        if call.name == "Fn::Equals":
            yield from _compared(arguments[0], [arguments[1]])
            yield from _compared(arguments[1], [arguments[0]])
        elif call.name == "Fn::Contains" and isinstance(arguments[0], Sequence):
            yield from _compared(arguments[1], arguments[0].items)
        elif call.name == "Fn::EachMemberIn" and isinstance(arguments[1], Sequence):
            for demand in _compared(arguments[0], arguments[1].items):
                yield demand._replace(each=True)
        elif call.name == "Fn::EachMemberEquals":
            for demand in _compared(arguments[0], [arguments[1]]):
                yield demand._replace(each=True)


def _compared(subject: Node, values: list[Node]) -> Iterator[Demand]:
    call = intrinsic(subject)
    name = text_of(call.argument) if call is not None and call.name == "Ref" else None
    texts = [compared_text(node) for node in values if isinstance(node, Scalar)]
    if name is not None and texts and len(texts) == len(values):
        yield Demand(name, frozenset(texts))
