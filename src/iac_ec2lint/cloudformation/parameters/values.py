"""The values of parameters, by their types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.cloudformation.dynamic import MARK, parts_of
from iac_ec2lint.cloudformation.parameters.patterns import allowed_by
from iac_ec2lint.cloudformation.parameters.types import is_list, typed
from iac_ec2lint.cloudformation.syntax import compared_text
from iac_ec2lint.cloudformation.texts import (
    CANDIDATES,
    SOME_TEXT,
    concatenate,
    split,
)
from iac_ec2lint.document.tree import Node, Scalar, Sequence
from iac_ec2lint.document.wording import shorten
from iac_ec2lint.source.diagnostic import Diagnostic, Observation
from iac_ec2lint.values import Input, Reference, Step, Unknown, Val, Value, as_text
from iac_ec2lint.values.allowed import Allowed, one_of
from iac_ec2lint.values.inputs import ID

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from iac_ec2lint.cloudformation.options import StackOptions
    from iac_ec2lint.cloudformation.template.parameter import Parameter
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.values import Marks

_NO_ECHO: Final[Marks] = frozenset({"sensitive"})
_BUT_DEFAULTED: Final[Marks] = frozenset({"sensitive", "defaulted"})
_BUT_WRITTEN: Final[Marks] = frozenset({"sensitive", "written"})
_SSM = "AWS::SSM::"


class ParameterValues:
    """The values of the parameters of one stack.

    Args:
        options: The inputs of the deployment.
        report: Called with a diagnostic for each value that a deployment would reject.
        observe: Called for each default of the root stack that a deployment would reject.
        depth: How many stacks are around it, of which the nearest hands it values.
    """

    def __init__(
        self,
        options: StackOptions,
        report: Callable[[Diagnostic], None],
        observe: Callable[[Observation], None],
        depth: int,
    ) -> None:
        self._root = depth == 0
        self._below_root = depth == 1
        self._options = options
        self._report = report
        self._observe = observe
        self._given: dict[str, Val | None] = {}
        self._defaults: dict[tuple[str, tuple[Allowed, ...]], Val | None] = {}

    def value(self, parameter: Parameter, span: Span, pinned: Val | None, *, shown: bool) -> Val:
        """The value of a parameter.

        Args:
            parameter: The parameter.
            span: Where it is referred to.
            pinned: The value that the conditions assumed at that place imply, if there is one.
            shown: Whether a secret's value may be used: for comparison, not for messages.
        """
        value = self._value(parameter, span, pinned, shown=shown)
        return value if shown else _with_references(value)

    def _value(self, parameter: Parameter, span: Span, pinned: Val | None, *, shown: bool) -> Val:
        value = self.given(parameter)
        if parameter.no_echo and not shown:
            return hidden(parameter, span, value, nested=not self._root)
        if value is not None:
            return value
        name = f'parameter "{parameter.name}"'
        others = self._options.others
        if name not in others and (value := self._default(parameter)) is not None:
            return value
        if pinned is not None:
            return pinned
        if name in others:
            tried = others[name]
            return self._free(parameter, span) if tried is None else other(parameter, str(tried))
        return without_value(parameter, span)

    def _default(self, parameter: Parameter) -> Val | None:
        """The value of its default, if it has one that a deployment accepts."""
        key = parameter.name, parameter.ruled.always
        if key not in self._defaults:
            value = None if parameter.default is None else default(parameter, parameter.default)
            accepted = value is not None and not refused(parameter, value)
            if value is not None and not is_list(parameter.type):
                accepted = accepted and not _is_left_blank(parameter, value)
            self._defaults[key] = value if accepted else None
        return self._defaults[key]

    def _stated(self, parameter: Parameter) -> Value | None:
        """What somebody says that a parameter of a root stack has: a text, or texts."""
        value = self._options.stated.value(parameter.name, parameter.key.span)
        if value is None or not isinstance(value.data, tuple):
            return value
        texts = [as_text(element).text or "" for element in value.data]
        return Value(",".join(texts), value.span, value.via)

    def _free(self, parameter: Parameter, span: Span) -> Unknown:
        """The value of a parameter that has a default, for all that it can be."""
        found = without_value(parameter, span, freed=True)
        for candidate in found.candidates:
            if candidate.text is not None:
                name = f'parameter "{parameter.name}"'
                self._options.branches.compared(name, candidate.text)
        return found

    def given(self, parameter: Parameter) -> Val | None:
        """The value that the deployment gives it, or that somebody says it has, if any.

        One that it cannot take is reported; a blank, as in a form to be filled in, is none.
        """
        name = parameter.name
        if name not in self._given:
            written = self._options.parameters.get(name)
            if written is None and self._root:
                written = self._stated(parameter)
            self._given[name] = None if written is None else self._accepted(parameter, written)
        return self._given[name]

    def _accepted(self, parameter: Parameter, written: str | Val) -> Val | None:
        value = given(parameter, written)
        if self._root and _is_left_blank(parameter, value):
            return None
        why = refused(parameter, value)
        if not why:
            return value
        place = value.via[-1].span if value.via else value.span
        default = next((step for step in value.via if step.assumed and step.input), None)
        if default is not None and self._below_root:  # whoever deploys it gives another
            words = f"with the {default.words}, {why}"
            self._observe(Observation("default-to-be-set", place, words))
            return Unknown(words, "parameter", value.span)
        self._report(Diagnostic.at(place, why))
        return Unknown(why, "error", value.span)


def _with_references(value: Val) -> Val:
    """A value with its dynamic references, which are replaced where it is used.

    A condition compares the text that the deployment gives.
    """
    if isinstance(value, Unknown):
        return value
    if isinstance(value.data, tuple):
        elements = [_with_references(one) for one in value.data]
        changed = any(isinstance(one, Unknown) for one in elements)
        return value.but(data=tuple(elements)) if changed else value
    if value.text is None or MARK not in value.text:
        return value
    return concatenate(parts_of(value.text, value.span, value.via), value.span)


def given(parameter: Parameter, value: str | Val) -> Val:
    """The value of a parameter for which a deployment, or a parent stack, gives a value.

    Args:
        parameter: The parameter.
        value: The value, as text or as evaluated elsewhere.
    """
    span = parameter.key.span
    if isinstance(value, str):
        value = Value(value, span, (Step(span, f'value given to parameter "{parameter.name}"'),))
    if isinstance(value, Unknown):
        value = _or_default(parameter, value)
        listed = split(value, ",") if is_list(parameter.type) else None
        if listed is not None:
            return listed
        if is_list(parameter.type):
            value = _lists_of(parameter, value)
        return _one_of_listed(parameter, value.but(allowed=(*value.allowed, *_allowed(parameter))))
    return typed(parameter.type, value)


def _lists_of(parameter: Parameter, value: Unknown) -> Unknown:
    """A text that is not known, of which each candidate is the list that it makes."""
    lists: list[Val] = []
    for one in value.candidates:
        if isinstance(one, Unknown):
            parts = split(one, ",")
            if parts is None:
                return value.but(candidates=())
            lists.append(parts)
        else:
            lists.append(one if one.is_null else typed(parameter.type, one))
    return value.but(candidates=tuple(lists))


def _one_of_listed(parameter: Parameter, value: Unknown) -> Unknown:
    """What a parent stack gives, as one of the allowed values: it could not give another."""
    listed = without_value(parameter, value.span).candidates
    if not listed or value.unset or value.parts or isinstance(value, Reference):
        return value
    if not value.candidates:
        return value.but(candidates=listed)
    texts = {as_text(one).text for one in listed}
    left = [one for one in value.candidates if _may_be_one_of(one, texts)]
    return value.but(candidates=tuple(left)) if left else value


def _may_be_one_of(value: Val, texts: set[str | None]) -> bool:
    return isinstance(value, Unknown) or as_text(value).text in texts


def _or_default(parameter: Parameter, value: Unknown) -> Unknown:
    """What a parent stack may give a parameter, with its default where that gives nothing.

    Source: CloudFormation User Guide, "Pseudo parameters reference": ``AWS::NoValue`` removes the
    property, so that the parameter is not given.
    """
    if not value.unset or parameter.default is None:
        return value
    candidates: list[Val] = []
    for one in value.candidates:
        if isinstance(one, Unknown):
            candidates.append(_or_default(parameter, one))
        elif one.is_null:
            candidates.append(default(parameter, parameter.default).after(*one.via))
        else:
            candidates.append(one)
    return value.but(candidates=tuple(candidates), unset=False)


def not_echoed(parameters: Iterable[Parameter], options: StackOptions) -> Iterator[str]:
    """The texts that are given to parameters with ``NoEcho``, which no output has."""
    for parameter in parameters:
        given = options.parameters.get(parameter.name) if parameter.no_echo else None
        text = given if given is None or isinstance(given, str) else given.text
        if text:
            yield text


def refused(parameter: Parameter, value: Val) -> str:
    """Why a deployment rejects the value of a parameter; empty where it may accept it.

    Args:
        parameter: The parameter.
        value: The value that ``given`` returned.
    """
    if not isinstance(value, Value):
        return ""
    listed = all(isinstance(node, Scalar) for node in parameter.allowed)
    allowed = {compared_text(node) for node in parameter.allowed if isinstance(node, Scalar)}
    demanded = _allowed(parameter)
    for element in value.elements():
        text = as_text(element).text
        if text is None:
            continue
        said = "the value that is given" if parameter.no_echo else f'"{shorten(text)}"'
        if allowed and listed and text not in allowed:
            return f'{said} is not an allowed value of parameter "{parameter.name}"'
        if not all(one.may_be(text) for one in demanded):
            by = "match AllowedPattern" if _not_matched(parameter, text) else "meet the bounds"
            return f'{said} does not {by} of parameter "{parameter.name}"'
    return ""


def _is_left_blank(parameter: Parameter, value: Val) -> bool:
    """Whether a value is empty where only what is there in the account is accepted.

    Source: CloudFormation User Guide, "Specify existing resources at runtime with
    CloudFormation-supplied parameter types".
    """
    kind = parameter.type.removeprefix("List<")
    if not isinstance(value, Value) or not kind.startswith("AWS::") or kind.startswith(_SSM):
        return False
    return all(as_text(element).text == "" for element in value.elements())


def default(parameter: Parameter, node: Node) -> Val:
    """The value of a parameter's default: an assumption, since a deployment may give another.

    The step of a secret's default is located at the parameter, not at the text.
    """
    shown = default_span(parameter, node)
    words = f'default of parameter "{parameter.name}"'
    step = Step(shown, words, assumed=True, input=parameter.name)
    value: Val
    if isinstance(node, Scalar):
        value = Value(node.data, node.span, (step,))
    elif isinstance(node, Sequence):
        members = [item for item in node.items if isinstance(item, Scalar)]
        texts = tuple(as_text(Value(item.data, item.span)) for item in members)
        return Value(texts, node.span, (step,))
    else:
        return Unknown(
            f'the default of parameter "{parameter.name}" is no text', "error", node.span
        )
    return typed(parameter.type, value)


def other(parameter: Parameter, text: str) -> Val:
    """The value of a parameter that has another one than its default; see ``Branches``."""
    node = parameter.default
    span = parameter.key.span if node is None else default_span(parameter, node)
    words = f'parameter "{parameter.name}" is "{text}", and not its default'
    value = typed(parameter.type, Value(text, span, (Step(span, words),)))
    if refused(parameter, value):
        return without_value(parameter, span, freed=True)
    return value


def default_span(parameter: Parameter, node: Node) -> Span:
    """Where a default is shown: not at the text of a secret."""
    return parameter.key.span if parameter.no_echo else node.span


def without_value(parameter: Parameter, span: Span, *, freed: bool = False) -> Unknown:
    """The unknown value of a parameter with neither: one of its allowed values, if it has those.

    Args:
        parameter: The parameter.
        span: Where it is referred to.
        freed: Whether it has a default, and is asked about for all that it can be.
    """
    candidates: list[Val] = []
    demanded = _allowed(parameter)
    possible = [node for node in parameter.allowed if not _is_refused(node, demanded)]
    # What is listed for a list is said of each of its texts: how many there are is not known.
    listed = [] if is_list(parameter.type) else possible or parameter.allowed
    for node in listed:
        if isinstance(node, Scalar):
            step = Step(node.span, f'parameter "{parameter.name}" is "{compared_text(node)}"')
            candidates.append(typed(parameter.type, Value(node.data, node.span, (step,))))
    few = len(candidates) <= CANDIDATES and len(candidates) == len(listed)
    why = "may have another value than its default" if freed else "has no value"
    return Unknown(
        f'parameter "{parameter.name}" {why}',
        "parameter",
        span,
        candidates=tuple(candidates) if few else (),
        type=_kind(parameter),
        inputs=(Input(parameter.name, parameter.key.span),),
        allowed=demanded,
    )


def _allowed(parameter: Parameter) -> tuple[Allowed, ...]:
    """What its value must be, as its declaration and the rules of the template demand."""
    found = [*_matched(parameter), *_listed_for_each(parameter)]
    if parameter.type == "String":
        found += [Allowed((), length=parameter.length)] if parameter.length is not None else []
    elif parameter.type == "Number" and parameter.number is not None:
        found.append(Allowed((), number=parameter.number))
    # Of a parameter that Systems Manager has, they are of the name.
    return (*found, *(() if parameter.type.startswith(_SSM) else parameter.ruled.always))


def _listed_for_each(parameter: Parameter) -> tuple[Allowed, ...]:
    """What each text of a list must be.

    Source: CloudFormation User Guide, "CloudFormation template Parameters syntax": of a
    ``CommaDelimitedList`` each value must be one of ``AllowedValues``.
    """
    # Of a list that Systems Manager has, its name.
    if not is_list(parameter.type) or parameter.type.startswith(_SSM):
        return ()
    texts = tuple(compared_text(node) for node in parameter.allowed if isinstance(node, Scalar))
    if not texts or len(texts) < len(parameter.allowed):
        return ()
    return (Allowed((one_of(sorted(texts)),), each=True),)


def _is_refused(node: Node, demanded: Iterable[Allowed]) -> bool:
    """Whether a value is listed that something else of its parameter excludes."""
    if not isinstance(node, Scalar):
        return False
    return not all(one.each or one.may_be(compared_text(node)) for one in demanded)


def _matched(parameter: Parameter) -> tuple[Allowed, ...]:
    pattern = parameter.pattern
    return () if pattern is None else allowed_by(pattern, parameter.type)


def _not_matched(parameter: Parameter, text: str) -> bool:
    return not all(one.may_be(text) for one in _matched(parameter))


def _kind(parameter: Parameter) -> str | None:
    """What any value of it is: of a type of AWS it is the id of something that is there.

    Source: CloudFormation User Guide, "Specify existing resources at runtime with
    CloudFormation-supplied parameter types".
    """
    if parameter.type.startswith("AWS::EC2::") and parameter.type.endswith("::Id"):
        return ID
    return SOME_TEXT if parameter.never_empty else None


def hidden(
    parameter: Parameter, span: Span, given: Val | None = None, *, nested: bool = False
) -> Unknown:
    """The unknown in place of the value of a parameter that must not be shown (``NoEcho``).

    A default that is written all the same is a step of it, and a mark, also where a stack around
    has it; what the template of that stack writes out is marked.

    Args:
        parameter: The parameter.
        span: Where it is referred to.
        given: The value that the deployment, or the stack around, gives it.
        nested: Whether a stack around it gives that.
    """
    reason = f'the value of parameter "{parameter.name}" is secret'
    if given is not None:
        told = nested and isinstance(given, Value) and bool(given.text)
        written = told and MARK not in (given.text or "")
        via = given.via if nested else ()
        marks = _NO_ECHO | given.marks if nested else _NO_ECHO
        if written:
            is_default = any(step.assumed and step.input for step in via)
            marks |= _BUT_DEFAULTED if is_default else _BUT_WRITTEN
        return Unknown(reason, "parameter", span, via, marks=marks)
    node = parameter.default
    written = isinstance(node, Scalar) and bool(node.text)
    words = f'default of parameter "{parameter.name}"'
    via = (Step(parameter.key.span, words, assumed=True),) if written else ()
    marks = _BUT_DEFAULTED if written else _NO_ECHO
    return Unknown(reason, "parameter", span, via, marks=marks)
