"""How functions are declared and called: parameters, nulls, unknown arguments."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from iac_ec2lint.source import limits
from iac_ec2lint.source.budget import ELEMENT_BYTES, FREE
from iac_ec2lint.source.concealment import CONCEALED
from iac_ec2lint.source.quotes import SHOWN
from iac_ec2lint.terraform.language.containers import Lazy, is_open, normalize
from iac_ec2lint.terraform.language.conversion import Mismatch, convert
from iac_ec2lint.terraform.language.file_texts import file_steps, told
from iac_ec2lint.terraform.language.marks import marks_of, unmarked
from iac_ec2lint.terraform.language.types import ANY, STRING, Type
from iac_ec2lint.terraform.language.unknowns import (
    depend,
    depend_on,
    join_steps,
    lift,
    steps_of,
    wholly_known,
)
from iac_ec2lint.values import Data, Unknown, Val, Value, walk
from iac_ec2lint.values.re2.nodes import InvalidPattern

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from iac_ec2lint.hcl import tree
    from iac_ec2lint.terraform.language.scope import Scope


class FunctionError(Exception):
    """A call that Terraform rejects.

    Args:
        message: Why.
        resting_on: The element of an argument that makes it wrong, if one does.
    """

    def __init__(self, message: str, *resting_on: Val) -> None:
        super().__init__(message)
        self.resting_on = resting_on


class FunctionCall:
    """One call of a function.

    Attributes:
        span: The call.
        scope: Where it is evaluated.
        nodes: The argument expressions.
        arguments: What they came to, once that is known.
        is_marked: Whether it gets marked arguments, of which no message may tell anything.
    """

    __slots__ = ("arguments", "is_marked", "name", "nodes", "scope", "span")

    def __init__(self, name: str, node: tree.FunctionCall, scope: Scope) -> None:
        self.name = name
        self.span = node.span
        self.scope = scope
        self.nodes = node.arguments
        self.arguments: Sequence[Val] = ()
        self.is_marked = False

    def value(self, data: Data, *arguments: Val) -> Value:
        """A result made of ``arguments``: it came the way that they came."""
        return Value(data, self.span, steps_of(*arguments))

    def unknown(self, *arguments: Val, kind: Type = ANY) -> Unknown:
        """A result that is unknown because of what is unknown in ``arguments``."""
        return depend_on(self.span, arguments, kind)

    def undecided(
        self,
        compute: Callable[[Sequence[Val]], Val | None],
        *arguments: Val,
        kind: Type = ANY,
    ) -> Unknown:
        """A result of unknown arguments: what it can only be, where they can only be a few."""

        def attempt(values: Sequence[Val]) -> Val | None:
            try:
                return compute(values)
            except FunctionError as error:
                return self.error(str(error), *error.resting_on)
            except (InvalidPattern, Mismatch) as error:
                return self.error(str(error))

        lifted = lift(self.scope.evaluation, self.span, arguments, attempt)
        return lifted if lifted is not None else self.unknown(*arguments, kind=kind)

    def error(self, message: str, *resting_on: Val) -> Unknown:
        """An error of this call; see ``FunctionError``."""
        if self.is_marked:
            message = f"it does not take the {CONCEALED} that it is given"
        made = f"{self.name}(): {message}"
        return self.scope.error(self.span, made, *self.arguments, *resting_on)

    def limit(self, message: str) -> Unknown:
        """A bound of this program that the call exceeds."""
        return Unknown(self.error(message).reason, "limit", self.span)

    def text_bound(self, length: int) -> Unknown | None:
        """What stands for a string of so many characters where it is not made; else ``None``."""
        if length > limits.STRING_LENGTH:
            most = limits.STRING_LENGTH
            return self.limit(f"a string of {length} characters; at most {most} are made")
        return self.scope.evaluation.spend(self, length // FREE, length)


class Function:
    """A function of Terraform's.

    Args:
        name: Its name.
        compute: What it does; it gets the call and the arguments, converted.
        parameters: The types of its parameters.
        variadic: The type of any further arguments, if it takes any.
        result: The type of what it returns, as far as it is always the same.
        nulls: Whether arguments may be null: all, or those at the given positions.
        needs: How much of the arguments must be known: "all" at any depth, "top" for containers
            whose elements may be unknown, "none" where it deals with unknown ones itself.
        optional: How many of the parameters may be left out, the last first.
        marks: What becomes of marks (go-cty, ``function.Parameter.AllowMarked``): "deep" where the
            result gets all that are in the arguments, which come without any; "top" where it gets
            those of the arguments themselves, and what is in them keeps its own; "own" where the
            function deals with them itself.
    """

    __slots__ = (
        "compute",
        "marks",
        "name",
        "needs",
        "nulls",
        "optional",
        "parameters",
        "result",
        "variadic",
    )

    def __init__(
        self,
        name: str,
        compute: Callable[..., Val],
        parameters: tuple[Type, ...],
        *,
        variadic: Type | None,
        result: Type,
        nulls: bool | frozenset[int],
        needs: str,
        optional: int,
        marks: str,
    ) -> None:
        self.name = name
        self.compute = compute
        self.parameters = parameters
        self.variadic = variadic
        self.result = result
        self.nulls = nulls
        self.needs = needs
        self.optional = optional
        self.marks = marks

    def __call__(self, call: FunctionCall, arguments: Sequence[Val]) -> Val:
        """What the function returns for evaluated arguments; errors are reported."""
        inside = call.scope.evaluation.marks_in(arguments)
        if not inside:
            return self._evaluate(call, arguments)
        call.is_marked = True
        if self.marks == "deep":
            return self._evaluate(call, [unmarked(a) for a in arguments]).marked(inside)
        result = self._evaluate(call, arguments)
        return result.marked(marks_of(arguments)) if self.marks == "top" else result

    def _evaluate(self, call: FunctionCall, arguments: Sequence[Val]) -> Val:
        problem = self._wrong_count(len(arguments))
        if problem:  # which tells nothing of the arguments
            return call.scope.error(call.span, f"{call.name}(): {problem}")
        call.arguments = arguments
        converted: list[Val] = []
        for position, argument in enumerate(arguments):
            value = argument
            if isinstance(value, Unknown):
                if value.cause in {"error", "limit"}:
                    return depend(call.span, [value])
                if isinstance(value, Lazy):
                    value = value.whole()
            elif value.data is None and not self._takes_null(position):
                return call.error(f"argument {position + 1} must not be null")
            kind = self._kind(position)
            if kind is not ANY:
                try:
                    value = convert(value, kind)
                except Mismatch as mismatch:
                    return call.error(f"argument {position + 1}: {mismatch}")
            converted.append(value)
        if self.needs != "none" and not self._known_enough(converted):
            return call.undecided(lambda values: self(call, values), *converted, kind=self.result)
        return self._apply(call, converted)

    def _apply(self, call: FunctionCall, arguments: Sequence[Val]) -> Val:
        evaluation = call.scope.evaluation
        weight = sum([evaluation.weight(argument) for argument in arguments])
        if weight >= FREE and not evaluation.budget.takes(call, weight // 10):
            return evaluation.spent(call.span)
        try:
            result = self.compute(call, *arguments)
        except FunctionError as error:
            return call.error(str(error), *error.resting_on)
        except (InvalidPattern, Mismatch) as error:
            return call.error(str(error))
        if evaluation.file_texts.texts:
            result = _as_from_file(call, result, arguments)
        if isinstance(result, Value):
            data = result.data
            if isinstance(data, str):
                if len(data) >= FREE and (bound := call.text_bound(len(data))) is not None:
                    return bound
            elif isinstance(data, tuple | dict) and len(data) >= FREE:
                steps = len(data) // 10
                if not evaluation.budget.takes(call, steps, len(data) * ELEMENT_BYTES):
                    return evaluation.spent(call.span)
            elif isinstance(data, tuple | dict) and not data:  # no element says what it rests on
                parts = (part for argument in arguments for part in walk(argument))
                via = join_steps(result.via, steps_of(*parts))
                return result if via == result.via else result.but(via=via)
        return result

    def _known_enough(self, arguments: list[Val]) -> bool:
        if self.needs == "all":
            return all(wholly_known(a) and not _open_inside(a) for a in arguments)
        return not any(isinstance(a, Unknown) or is_open(a.data) for a in arguments)

    def _wrong_count(self, count: int) -> str:
        wanted = len(self.parameters)
        if count < wanted - self.optional:
            return f"it needs {wanted - self.optional} arguments or more, not {count}"
        if self.variadic is None and count > wanted:
            return f"it takes {wanted} arguments, not {count}"
        return ""

    def _kind(self, position: int) -> Type:
        if position < len(self.parameters):
            return self.parameters[position]
        assert self.variadic is not None  # noqa: S101 - the count has been checked
        return self.variadic

    def _takes_null(self, position: int) -> bool:
        return self.nulls if isinstance(self.nulls, bool) else position in self.nulls


def _as_from_file(call: FunctionCall, made: Val, arguments: Sequence[Val]) -> Val:
    """What is made of a file's text counts as that text, whatever a function makes of it."""
    text = told(made)
    if text is None or len(text) <= SHOWN:
        return made
    steps = file_steps(arguments)
    if not steps:
        return made
    call.scope.evaluation.file_texts.note(text)
    return made.after(*(step for step in steps if step not in made.via))


def _open_inside(value: Val) -> bool:
    # An open list holds a Several, which is unknown; an open set may hold two unknowns.
    return isinstance(value, Value) and is_open(value.data)


FUNCTIONS: dict[str, Function] = {}


def function(
    name: str,
    *parameters: Type,
    variadic: Type | None = None,
    result: Type = ANY,
    nulls: bool | frozenset[int] = False,
    needs: str = "top",
    optional: int = 0,
    marks: str = "deep",
) -> Callable[[Callable[..., Val]], Callable[..., Val]]:
    """Declare a function that works on values: see ``Function``."""

    def declare(compute: Callable[..., Val]) -> Callable[..., Val]:
        FUNCTIONS[name] = Function(
            name,
            compute,
            parameters,
            variadic=variadic,
            result=result,
            nulls=nulls,
            needs=needs,
            optional=optional,
            marks=marks,
        )
        return compute

    return declare


def scalar(
    name: str,
    *parameters: Type,
    variadic: Type | None = None,
    result: Type = STRING,
    optional: int = 0,
) -> Callable[[Callable[..., Data]], Callable[..., Data]]:
    """Declare a function of strings, numbers and bools: it gets and returns plain data."""

    def declare(compute: Callable[..., Data]) -> Callable[..., Data]:
        def on_values(call: FunctionCall, *arguments: Value) -> Val:
            data = compute(*[argument.data for argument in arguments])
            if isinstance(data, str):
                data = normalize(data)
            return call.value(data, *arguments)

        function(
            name,
            *parameters,
            variadic=variadic,
            result=result,
            needs="all",
            optional=optional,
        )(on_values)
        return compute

    return declare


def whole(number: Any) -> int:
    """A number that must be whole.

    Raises:
        FunctionError: It has a fraction.
    """
    if isinstance(number, Decimal):
        raise FunctionError("a whole number is required")
    return int(number)
