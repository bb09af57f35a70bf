"""Function calls, ``try`` and ``can`` among them.

Source: "Function Calls" of the Terraform language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.hcl import tree
from iac_ec2lint.terraform.functions import find
from iac_ec2lint.terraform.functions.registry import FunctionCall
from iac_ec2lint.terraform.language.constants import constant
from iac_ec2lint.terraform.language.containers import Lazy, Several, is_open
from iac_ec2lint.terraform.language.marks import marks_in
from iac_ec2lint.terraform.language.scope import HANDLERS, Fault, Scope
from iac_ec2lint.terraform.language.types import BOOL
from iac_ec2lint.terraform.language.unknowns import (
    choose,
    depend,
    depend_on,
    wholly_known,
)
from iac_ec2lint.values import Reference, Step, Unknown, Val, Value, references_of, walk

if TYPE_CHECKING:
    from collections.abc import Sequence


@constant
def _call(node: tree.FunctionCall, scope: Scope) -> Val:
    name = node.name.removeprefix("core::")
    if name == "try":
        return _try(node, scope)
    if name == "can":
        return _can(node, scope)
    if name.startswith("provider::"):
        function = scope.module.function(name)
        if function is None:
            return _of_provider(name, node, scope)
    else:
        function = find(name) or scope.module.function(name)
    if function is None:
        return scope.error(node.span, f"there is no function {name}()")
    arguments = [HANDLERS[argument.__class__](argument, scope) for argument in node.arguments]
    if node.expand_final and arguments:
        expanded = _expand(node, arguments[-1], scope)
        if isinstance(expanded, Unknown):
            return expanded
        arguments[-1:] = expanded
    return function(FunctionCall(name, node, scope), arguments)


def _of_provider(name: str, node: tree.FunctionCall, scope: Scope) -> Unknown:
    given = [scope.peek(argument) for argument in node.arguments]
    words = f"{name}() is a function of a provider"
    references = tuple(
        dict.fromkeys(r for value in given for part in walk(value) for r in references_of(part))
    )
    unknown = Unknown(words, "expression", node.span, references=references)
    return unknown.marked(marks_in(given)) if scope.evaluation.may_mark else unknown


def _expand(node: tree.FunctionCall, final: Val, scope: Scope) -> Sequence[Val] | Unknown:
    """The arguments that ``final...`` stands for."""
    if isinstance(final, Lazy):
        final = final.whole()
    if isinstance(final, Unknown):
        return final if final.cause == "error" else depend(node.span, [final])
    if not isinstance(final.data, tuple):
        return scope.error(node.arguments[-1].span, '"..." needs a list, a set or a tuple')
    if is_open(final.data) and node.name not in ("concat", "merge", "flatten"):
        return depend_on(node.span, [final])
    arguments = [e.element if isinstance(e, Several) else e for e in final.elements()]
    if final.marks:
        return [argument.marked(final.marks) for argument in arguments]
    return arguments


def _try(node: tree.FunctionCall, scope: Scope) -> Val:
    if not node.arguments:
        return scope.error(node.span, "try(): it needs an argument or more")
    failures: list[str] = []
    possible: list[Val] = []
    evaluation = scope.evaluation
    before = evaluation.doubts
    step: Step | None = None  # when the arguments so far are errors
    assumed: tuple[Step, ...] = ()  # what makes them errors
    for argument in node.arguments:
        doubts = evaluation.doubts
        value, errors = scope.trap(argument)
        if errors:
            failures.extend(error.message for error in errors)
            assumed = _assumed_in(errors, assumed)
            continue
        value = value.after(*assumed) if assumed else value
        possible.append(value if step is None else value.after(step))
        if evaluation.doubts == doubts:
            evaluation.doubts = before  # one argument is no error
            break
        step = evaluation.otherwise if evaluation.doubts == doubts + 1 else None
    # Should the last one fail too, Terraform would stop.
    if possible:
        return _any_of(node, possible, evaluation.doubted)
    return scope.error(node.span, f"try(): no argument could be evaluated: {'; '.join(failures)}")


def _assumed_in(errors: list[Fault], before: tuple[Step, ...] = ()) -> tuple[Step, ...]:
    """The defaults that make errors of an expression, each once."""
    return tuple(dict.fromkeys((*before, *(step for one in errors for step in one.assumed))))


def _any_of(node: tree.FunctionCall, possible: list[Val], doubted: Unknown | None) -> Val:
    """The first of the arguments that turns out to be no error."""
    if len(possible) == 1:
        return possible[0]
    unknowns = [part for part in possible if isinstance(part, Unknown)]
    why = (
        unknowns[0]
        if unknowns
        else doubted
        if doubted is not None
        else depend_on(node.span, possible)
    )
    return choose(node.span, why, possible)


def _can(node: tree.FunctionCall, scope: Scope) -> Val:
    if len(node.arguments) != 1:
        return scope.error(node.span, "can(): it takes one argument")
    doubts = scope.evaluation.doubts
    value, errors = scope.trap(node.arguments[0])
    doubtful, scope.evaluation.doubts = scope.evaluation.doubts > doubts, doubts
    if errors:
        return Value(False, node.span, _assumed_in(errors))
    doubted = scope.evaluation.doubted
    if doubtful and doubted is not None and wholly_known(value):
        return depend(node.span, [doubted], BOOL)
    if isinstance(value, Reference) and not doubtful and _is_traversal(node.arguments[0]):
        return Value(True, node.span)  # what has no such attribute is no valid configuration
    if not wholly_known(value):
        # What is unknown before apply exists then; whether more than that holds, nobody knows.
        return depend_on(node.span, [value], BOOL)
    return Value(True, node.span)


def _is_traversal(node: tree.Expression) -> bool:
    """Whether an expression names something, and calculates nothing."""
    while isinstance(node, tree.GetAttribute | tree.Index):
        node = node.operand
    return isinstance(node, tree.Variable)


HANDLERS[tree.FunctionCall] = _call
