"""Answers to questions about a graph, each computed once.

A graph does not change once it is made, so that what a function says of it and of the same
arguments is always the same. ``remembered`` keeps the answers in the graph, which they live as long
as.
"""

from __future__ import annotations

from functools import wraps
from inspect import Parameter, signature
from typing import TYPE_CHECKING, TypeVar, TypeVarTuple, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from iac_ec2lint.graph.graph import Graph

R = TypeVar("R")
Ts = TypeVarTuple("Ts")


def remembered(function: Callable[[Graph, *Ts], R]) -> Callable[[Graph, *Ts], R]:
    """A function of a graph, and of hashable arguments, that is asked once for each of these.

    Arguments count by value where their class says what that is, else by identity. ``None`` is an
    answer like any other. All arguments are given, and by position, so that one question has one
    spelling: the types say so, and a function that has others is refused.

    Args:
        function: What computes the answer. It must depend on nothing but its arguments.

    Raises:
        TypeError: The function has a parameter with a default, or one that is not positional.
    """
    for parameter in signature(function).parameters.values():
        positional = parameter.kind is Parameter.POSITIONAL_OR_KEYWORD
        if not positional or parameter.default is not Parameter.empty:
            raise TypeError(f"{function.__name__} is remembered, and {parameter} is not positional")

    @wraps(function)
    def ask(graph: Graph, *arguments: *Ts) -> R:
        answers = graph.answers[function]
        try:
            return cast(R, answers[arguments])
        except KeyError:
            pass
        answer = answers[arguments] = function(graph, *arguments)
        return answer

    return ask
