"""Values of a root module's input variables: variable files, options, the environment.

Source: "Input Variables" of the Terraform language, "Variable Definition Precedence".
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from iac_ec2lint.hcl.parser import parse, parse_expression
from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.source.span import SourceText
from iac_ec2lint.terraform.language.types import Type, is_primitive
from iac_ec2lint.values import Step, Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from iac_ec2lint.hcl import tree
    from iac_ec2lint.hcl.parser import ParserName
    from iac_ec2lint.terraform.language.scope import Scope
    from iac_ec2lint.terraform.terragrunt.deployments import GivenValues, NamedValue


class Given:
    """The sources of variables' values; a later source overrides an earlier one.

    Args:
        scope: A scope without names, in which variable files are evaluated.
        parser: The parser to read variable files with.
    """

    __slots__ = ("_deployment", "_others", "_parser", "_scope", "values")

    def __init__(self, scope: Scope, parser: ParserName) -> None:
        self._scope = scope
        self._parser = parser
        self.values: dict[str, _Source] = {}
        self._deployment: Callable[[], GivenValues] | None = None
        self._others: Unknown | None = None

    def deployment(self, found: Callable[[], GivenValues]) -> None:
        """The variables that a configuration of Terragrunt gives values, below all others.

        Args:
            found: Returns them, the same each time.
        """
        self._deployment = found

    def settle(self) -> None:
        """Evaluate what is given below all others: what that is joined with is declared then."""
        if self._deployment is not None:
            self._deployment()

    def files(self, paths: Iterable[Path], read: dict[str, bool]) -> None:
        """The variables that files of definitions set."""
        for path in paths:
            source = self._scope.evaluation.files.read(path)
            if isinstance(source, Diagnostic):
                self._scope.evaluation.report(source)
                continue
            if path.suffix == ".json":
                from iac_ec2lint.hcl.json_syntax import parse_json  # rare

                file, problems = parse_json(source, {})
            else:
                file, problems = parse(source, self._parser)
            for problem in problems:
                self._scope.evaluation.report(problem)
            read[source.path] = not problems
            for name, attribute in file.body.attributes.items():
                self.values[name] = _Written(attribute, path.name)

    def texts(self, pairs: Iterable[tuple[str, str]], words: str) -> None:
        """Add variables given as text; ``words`` describes where, with ``{}`` for the name."""
        for name, text in pairs:
            self.values[name] = _Text(text, words.format(name))

    def options(
        self, options: Iterable[Path | NamedValue | Unknown], read: dict[str, bool]
    ) -> None:
        """What a configuration of Terragrunt gives on the command line (``planning_options``)."""
        for one in options:
            if isinstance(one, Path):
                self.files((one,), read)
            elif isinstance(one, Unknown):  # it may override all that is said before it
                self.values.clear()
                self._others = one
            else:
                step = Step(one.value.span, f'variable "{one.name}" in extra_arguments')
                self.values[one.name] = _Argument(one.value.after(step))

    def set(self, name: str, value: Val) -> None:
        """Set a variable, whatever other sources give."""
        self.values[name] = _Known(value)

    def value(self, name: str, kind: Type, typed: bool) -> Val | None:
        """The given value of a variable, before conversion; ``None`` where there is none."""
        source = self.values.get(name)
        if source is not None:
            return source.value(name, kind, typed, self._scope)
        if self._others is not None:
            return self._others
        deployed = None if self._deployment is None else self._deployment()
        found = None if deployed is None else deployed.inputs.get(name, deployed.others)
        return found if found is None or not typed else _read_as(kind, found, self._scope)


class _Source:
    __slots__ = ()

    def value(self, name: str, kind: Type, typed: bool, scope: Scope) -> Val:
        raise NotImplementedError


class _Written(_Source):
    __slots__ = ("attribute", "file")

    def __init__(self, attribute: tree.Attribute, file: str) -> None:
        self.attribute = attribute
        self.file = file

    def value(self, name: str, kind: Type, typed: bool, scope: Scope) -> Val:  # noqa: ARG002 - as in _Source
        value = scope.evaluate(self.attribute.expression)
        return value.after(Step(self.attribute.span, f'variable "{name}" in {self.file}'))


class _Known(_Source):
    __slots__ = ("known",)

    def __init__(self, known: Val) -> None:
        self.known = known

    def value(self, name: str, kind: Type, typed: bool, scope: Scope) -> Val:  # noqa: ARG002 - as in _Source
        return self.known


class _Argument(_Known):
    __slots__ = ()

    def value(self, name: str, kind: Type, typed: bool, scope: Scope) -> Val:  # noqa: ARG002 - as in _Source
        return _read_as(kind, self.known, scope) if typed else self.known


def _read_as(kind: Type, value: Val, scope: Scope) -> Val:
    """A text as an environment variable or an option gives it, of a type with elements.

    Such a text is an expression, which ``jsonencode`` makes too.
    """
    text = value.text
    if text is None or is_primitive(kind) or not text.lstrip().startswith(("[", "{")):
        return value
    source = SourceText(value.span.path, text)
    expression, problems = parse_expression(source, 0, len(text))
    if problems:
        return value
    read, faults = scope.trap(expression)
    return (
        Unknown("what the text sets is not known", "expression", value.span)
        if faults
        else (_placed(read, value))
    )


def _placed(read: Val, at: Val) -> Val:
    """A value in a text, at the place of the text."""
    if isinstance(read, Unknown):
        return read.but(span=at.span, via=at.via)
    data = read.data
    if isinstance(data, tuple):
        data = tuple(_placed(one, at) for one in read.elements())
    elif isinstance(data, dict):
        data = {name: _placed(one, at) for name, one in read.items().items()}
    return read.but(data=data, span=at.span, via=at.via)


class _Text(_Source):
    __slots__ = ("text", "words")

    def __init__(self, text: str, words: str) -> None:
        self.text = text
        self.words = words

    def value(self, name: str, kind: Type, typed: bool, scope: Scope) -> Val:
        """A variable without a type, or of a primitive type, takes the text as it is."""
        source = SourceText(self.words, self.text)
        span = source.span(0, len(self.text))
        if not typed or is_primitive(kind):
            return Value(self.text, span)
        expression, problems = parse_expression(source, 0, len(self.text))
        if problems:
            message = f'variable "{name}": {problems[0].message}'
            return scope.error(span, message)
        return scope.evaluate(expression)


def environment_texts(environment: Mapping[str, str]) -> list[tuple[str, str]]:
    """The variables that ``TF_VAR_`` names set."""
    prefix = "TF_VAR_"
    return [(k[len(prefix) :], v) for k, v in sorted(environment.items()) if k.startswith(prefix)]
