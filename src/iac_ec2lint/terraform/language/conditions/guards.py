"""What holds where a condition is true, or false, as facts that can be compared (``values.guard``).

``var.a`` and ``!var.a``, ``var.a == "x"`` and ``var.a == "y"``, ``&&`` and ``||`` are read; any
other expression is a fact of its own, known by its text in its module. Names lead to what they
stand for: a local value to its expression, a child module's variable to the caller's argument.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from iac_ec2lint.hcl import tree
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.terraform.language.conditions.words import condition_words, key_words
from iac_ec2lint.terraform.language.constants import is_constant
from iac_ec2lint.terraform.language.containers import Definition, Lazy
from iac_ec2lint.terraform.language.scope import Scope
from iac_ec2lint.terraform.language.template_names import variable_definition
from iac_ec2lint.terraform.language.unknowns import choose
from iac_ec2lint.values import UNGUARDED, Fact, Guard, Step, Unknown, Val, Value, exclude
from iac_ec2lint.values.allowed import listed

_NAMES: Final = 20
"""Names that are followed one after another."""
_NAME: Final = regular_expression(r"(?<![\w.])[A-Za-z_][\w-]*")
_TRUE: Final = "bool True"
"""The value of what is true. What is not ``true`` may be null where it is compared."""
_WORKSPACE: Final = "terraform.workspace"
_TRUTHS: Final = frozenset({"&&", "||", "==", "!=", "<", "<=", ">", ">="})
"""The operators that come to true or false."""
_KEYS: Final = 15
"""Keys of a map that are told apart."""
_VARIES: Final = regular_expression(r"\b(?:uuid|bcrypt|timestamp|self)\b")
"""What has another value wherever it is written."""


def facts(node: tree.Expression, scope: Scope, truth: bool) -> Guard:
    """The facts that follow where a condition is ``truth``; none where nothing can be compared."""
    return _facts(node, scope, truth, _NAMES)


def arms_by_key(
    node: tree.Expression,
    scope: Scope,
    key: Unknown,
    members: Mapping[str, Val],
    default: Val | None = None,
) -> list[Val] | None:
    """What an unknown key of a map may lead to, each under the condition that it is that key.

    Args:
        node: The expression of the key.
        scope: Where it is evaluated.
        key: What it comes to.
        members: The map.
        default: What any other key leads to; ``None`` where that is an error.

    Returns:
        ``None`` where the keys cannot be told apart by facts. What excludes what is taken to hold
        is left out.
    """
    ways = len(members) + (default is not None)
    if not members or not 1 < ways <= _KEYS + 1:
        return None
    read, inner = _followed(node, scope, _NAMES)
    if isinstance(read, tree.Conditional):
        return _arms_of_choice(read, inner, members, default)
    if all(isinstance(one, Value) for one in key.candidates) and key.candidates:
        return None  # it is looked up by each of them
    guards = [_fact(read, inner, f"str {name}", True) for name in members]
    if not all(guards):
        return None
    none = frozenset(fact._replace(holds=False) for guard in guards for fact in guard)
    cases: list[tuple[Guard, list[str], Val]] = [
        (guard, [name], member)
        for guard, (name, member) in zip(guards, members.items(), strict=True)
    ]
    if key.allowed:  # what takes it refuses all others
        accepted = [one for one in key.allowed if not one.each]
        cases = [case for case in cases if all(one.may_be(case[1][0]) for one in accepted)] or cases
    each = listed(key)
    if default is not None and not (each and all(one in members for one in each)):
        cases.append((none, [*members], default))
    taken = scope.evaluation.branches.taken
    # Where none is left nothing is deployed.
    left = [case for case in cases if not (taken and exclude(case[0], taken))] or cases
    arms: list[Val] = []
    for guard, names, arm in left:
        words = key_words(node, scope, names, any_of=guard is not none)
        if not words:
            return None
        arms.append(arm.after(Step(node.span, f"when {words}", guard=guard, when=words)))
    return arms


def _arms_of_choice(
    node: tree.Conditional, scope: Scope, members: Mapping[str, Val], default: Val | None
) -> list[Val] | None:
    """The same of a key that is one or the other: ``workspace == "default" ? "dev" : workspace``.

    A key that the map does not have is an error, so that nothing is deployed with it.
    """
    arms: list[Val] = []
    for side, truth in ((node.then, True), (node.otherwise, False)):
        guard = facts(node.condition, scope, truth)
        if exclude(guard) or exclude(guard, scope.evaluation.branches.taken):
            continue
        key, errors = scope.trap(side)
        if errors:
            continue
        if isinstance(key, Unknown):
            found = arms_by_key(side, scope, key, members, default)
            if not found:
                return None
            arm = found[0] if len(found) == 1 else choose(side.span, key, found)
        else:
            member = members.get(key.text or "", default)
            if member is None:
                continue
            arm = member
        words = condition_words(node.condition, scope, truth)
        arms.append(arm.after(Step(node.condition.span, f"when {words}", guard=guard, when=words)))
    return arms


def _facts(node: tree.Expression, scope: Scope, truth: bool, names: int) -> Guard:
    node = tree.bare(node)
    if isinstance(node, tree.UnaryOperation) and node.operator == "!":
        return _facts(node.operand, scope, not truth, names)
    if isinstance(node, tree.BinaryOperation):
        operator = node.operator
        if operator in ("&&", "||"):
            for one, other in ((node.left, node.right), (node.right, node.left)):
                if scope.peek(one).boolean is (operator == "&&"):
                    return _facts(other, scope, truth, names)  # it is what the other is
            # Both sides are true where "and" is, and false where "or" is; else not both are so.
            each = operator == "&&"
            left, right = (_facts(one, scope, each, names) for one in (node.left, node.right))
            if left and right:
                return left | right if truth is each else _not_all(left | right)
            whole = _fact(node, scope, _TRUE, truth)
            return whole | left | right if truth is each else whole
        if operator in ("==", "!="):
            return _compared(node, scope, truth is (operator == "=="), names)
    if isinstance(node, tree.FunctionCall) and node.name == "contains":
        return _listed(node, scope, truth, names)
    found = _definition(node, scope) if names else None
    if found is not None:
        return _facts(found.expression, found.scope, truth, names - 1)
    return _fact(node, scope, _TRUE, truth)


def _listed(node: tree.FunctionCall, scope: Scope, truth: bool, names: int) -> Guard:
    """Whether something is in a list that is known: it is none of it, or not none of it."""
    whole = _fact(node, scope, _TRUE, truth)
    value = scope.peek(node.arguments[0]) if len(node.arguments) == 2 else None
    texts = [one.text for one in value.elements()] if isinstance(value, Value) else []
    if not whole or not texts or None in texts:
        return whole
    read, inner = _followed(node.arguments[1], scope, names)
    none = frozenset().union(*(_fact(read, inner, f"str {text}", False) for text in texts))
    if not none:
        return whole
    return _not_all(none) if truth else none


def _not_all(every: Guard) -> Guard:
    """That some facts do not all hold: one fact, however and in whatever order it is written."""
    if len(every) == 1:
        (fact,) = every
        return fact.never or frozenset((fact._replace(holds=not fact.holds),))
    what = " ".join(sorted(f"({one.what} {one.value} {one.holds})" for one in every))
    return frozenset((Fact(f"not all of {what}", _TRUE, True, every),))


def _compared(node: tree.BinaryOperation, scope: Scope, equal: bool, names: int) -> Guard:
    for literal, other in ((node.right, node.left), (node.left, node.right)):
        if not is_constant(literal):
            continue
        value = scope.evaluate(literal)
        found = _enabling(other, scope) if value.is_null and names else None
        if found is not None:
            return _facts(found.expression, found.scope, not equal, names - 1)
        if isinstance(value, Value) and not isinstance(value.data, tuple | dict):
            read, inner = _followed(other, scope, names)
            if isinstance(value.data, bool) and _is_truth(read):
                return _facts(read, inner, value.data is equal, names)
            return _fact(read, inner, f"{type(value.data).__name__} {value.data}", equal)
    return _fact(node, scope, _TRUE, equal is (node.operator == "=="))


def _is_truth(node: tree.Expression) -> bool:
    """Whether an expression is true or false and never null, so that it need not be compared."""
    if isinstance(node, tree.BinaryOperation):
        return node.operator in _TRUTHS
    if isinstance(node, tree.UnaryOperation):
        return node.operator == "!"
    return isinstance(node, tree.FunctionCall) and node.name == "contains"


def _enabling(node: tree.Expression, scope: Scope) -> Definition[Scope] | None:
    """What is true where a resource or a module is there, if it may be null (``enabled``)."""
    made = scope.peek(node)
    return made.enabling if isinstance(made, Lazy) else None


def _followed(node: tree.Expression, scope: Scope, names: int) -> tuple[tree.Expression, Scope]:
    node = tree.bare(node)
    for _ in range(names):
        found = _definition(node, scope)
        if found is None:
            break
        node, scope = tree.bare(found.expression), found.scope
    return node, scope


def _definition(node: tree.Expression, scope: Scope) -> Definition[Scope] | None:
    """What a local value or a variable of a module stands for, if it is that in each case.

    So does a variable of a template.
    """
    given = variable_definition(node, scope)
    if given is not None:
        return given
    if not (isinstance(node, tree.GetAttribute) and isinstance(node.operand, tree.Variable)):
        return None
    found = scope.module.definition(node.operand.name, node.name)
    return found if found is not None and found.always else None


def _fact(node: tree.Expression, scope: Scope, value: str, holds: bool) -> Guard:
    text = " ".join(node.span.code.split())
    if _VARIES.search(text) or any(name in scope.names for name in _NAME.findall(text)):
        return UNGUARDED
    # There is one workspace for all modules.
    where = "" if text == _WORKSPACE else scope.module.address
    return frozenset((Fact(f"{where} {text}", value, holds),))
