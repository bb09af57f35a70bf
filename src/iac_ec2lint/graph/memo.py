"""Answers to questions, each computed once.

A graph does not change once it is made, so that what a function says of it and of the same
arguments is always the same. ``remembered`` keeps the answers in the graph, which they live as long
as; and so for all that keeps answers about itself.
"""

from __future__ import annotations

from collections import defaultdict
from functools import wraps
from inspect import CO_VARARGS, CO_VARKEYWORDS
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar, TypeVarTuple

if TYPE_CHECKING:
    from collections.abc import Callable

Answers: TypeAlias = defaultdict[object, dict[tuple[object, ...], Any]]
"""What functions said, by function and arguments."""


class Subject(Protocol):
    """What keeps the answers to questions about itself, and never changes: a graph, above all."""

    @property
    def answers(self) -> Answers:
        """The answers so far."""


R = TypeVar("R")
S = TypeVar("S", bound=Subject)
Ts = TypeVarTuple("Ts")


def remembered(function: Callable[[S, *Ts], R]) -> Callable[[S, *Ts], R]:
    """A function of a subject, and of hashable arguments, that is asked once for each of these.

    Arguments count by value where their class says what that is, else by identity. ``None`` is an
    answer like any other. All arguments are given, and by position, so that one question has one
    spelling: the types say so, and a function that has others is refused.

    Args:
        function: What computes the answer. It must depend on nothing but its arguments.

    Raises:
        TypeError: The function has a parameter with a default, or one that is not positional.
    """
    code = function.__code__  # what ``inspect.signature`` makes of it, in much less time
    others = code.co_flags & (CO_VARARGS | CO_VARKEYWORDS) or code.co_kwonlyargcount
    if others or code.co_posonlyargcount or function.__defaults__:
        raise TypeError(f"{function.__name__} is remembered, and not all it takes is positional")

    @wraps(function)
    def ask(subject: S, *arguments: *Ts) -> R:
        answers = subject.answers[function]
        try:
            known: R = answers[arguments]
        except KeyError:
            pass
        else:
            return known
        answer = answers[arguments] = function(subject, *arguments)
        return answer

    return ask
