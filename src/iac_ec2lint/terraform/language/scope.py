"""Where an expression is evaluated: the names it can use, and where its errors go."""

from __future__ import annotations

import posixpath
import sys
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from iac_ec2lint.declaration import Branches
from iac_ec2lint.source import limits
from iac_ec2lint.source.budget import HINT, SPENT, Budget
from iac_ec2lint.source.diagnostic import Diagnostic, Diagnostics, Observation
from iac_ec2lint.source.quotes import FileTexts
from iac_ec2lint.terraform.language.containers import Definition
from iac_ec2lint.terraform.language.file_texts import file_texts
from iac_ec2lint.terraform.language.marks import insides, marks_in
from iac_ec2lint.values import UNMARKED, Step, Unknown, Val, Value
from iac_ec2lint.values.stated import Stated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from iac_ec2lint.hcl import tree
    from iac_ec2lint.source.budget import Placed
    from iac_ec2lint.source.files import Files
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.values import Data, Marks, Step

    Handler = Callable[[Any, "Scope"], Val]
    Callee = Callable[[Any, Sequence[Val]], Val]
    """A function: it gets the call and the arguments; see ``functions.registry``."""

OF_DEFAULT = "default of variable "
"""How the step of a default begins."""

IN_PROGRESS: Val = Value(None, None)  # type: ignore[arg-type] # it is only compared by identity

_FRAMES = 20_000
"""Python frames that evaluation may use. 400 references away from one another need some 5,000."""

_LARGE = 20
"""How much is in a value from which it pays to remember that nothing in it is marked."""

HANDLERS: dict[type, Handler] = {}
"""What evaluates each class of node; ``expressions`` fills it."""


class Names(Protocol):
    """What a module gives its expressions to refer to."""

    @property
    def address(self) -> str:
        """Its address with instance keys (``module.a[0]``); empty for the root module."""

    @property
    def called(self) -> str:
        """The call that leads to the module, and where, in words; empty for the root module."""

    def resolve(self, root: str, name: str, node: tree.GetAttribute, scope: Scope) -> Val:
        """``root.name``: ``var.x``, ``local.x``, ``module.x``, ``aws_vpc.x``, ``path.module``."""

    def resolve_data(self, kind: str, name: str, node: tree.GetAttribute, scope: Scope) -> Val:
        """``data.kind.name``."""

    def resolve_root(self, node: tree.Variable, scope: Scope) -> Val:
        """A root name that stands alone."""

    def definition(self, root: str, name: str) -> Definition[Scope] | None:
        """What the configuration sets ``root.name`` to; ``None`` for an input."""

    def function(self, name: str) -> Callee | None:
        """A function that is none of Terraform's; ``None`` where there is none of that name."""

    @property
    def folder(self) -> Path:
        """The module's folder."""


class Fault(NamedTuple):
    """An error in an expression, which may be trapped.

    Attributes:
        span: The expression.
        message: What is wrong.
        called: See ``Names.called``.
        default: The default of an input that it rests on, which who deploys the module may set.
        assumed: All defaults that it rests on, whatever they are.
    """

    span: Span
    message: str
    called: str = ""
    default: Step | None = None
    assumed: tuple[Step, ...] = ()


class Evaluation:
    """What all expressions of one unit share.

    Attributes:
        files: The files that functions may read.
        reported: The errors so far, in the order of evaluation.
        observations: What is remarkable and no error.
        budget: What may still be taken.
        constants: What expressions without any reference came to, for all units; ``None`` for
            those that vary.
        constants_here: Of those, the ones that took some of the budget: each unit takes its own.
        marked: Whether a value has been marked so far.
        may_mark: Whether one may be yet, so that what else is not evaluated must be for its marks.
        secrets: The texts of marked values, which no message may quote.
        file_texts: What came out of file functions, of which messages quote little.
        trapped: Where errors go while ``try`` and its kin evaluate an argument.
        dropped: Where those go of what may not be there at all: nobody is told of them.
        doubts: How often something was evaluated that may turn out to be an error: an element of
            a list of unknown length, an attribute of an unknown value.
        doubted: What was unknown the last time.
        otherwise: When that is an error, as a step, where it can be said.
        depth: How many references the expression being evaluated is away from the first.
        stack: What is being evaluated, outermost first: for naming cycles.
        branches: Takes note of what defaults decide.
        stated: What people say of inputs.
        wording: Whether a condition is being put into words: those inside it are quoted then, so
            that the work does not grow with every conditional inside another's condition.
    """

    __slots__ = (
        "_bare",
        "_kept",
        "_noted",
        "_weights",
        "branches",
        "budget",
        "constants",
        "constants_here",
        "depth",
        "doubted",
        "doubts",
        "dropped",
        "file_texts",
        "files",
        "marked",
        "may_mark",
        "observations",
        "otherwise",
        "reported",
        "root",
        "secrets",
        "stack",
        "stated",
        "trapped",
        "wording",
        "working",
        "workspace",
    )

    def __init__(
        self,
        files: Files,
        root: Path,
        constants: dict[tree.Node, Val | None],
        workspace: str | None = None,
        budget: Budget | None = None,
    ) -> None:
        self.files = files
        self.budget = budget or Budget()
        self.constants_here: dict[tree.Node, Val] = {}
        self.root = root
        self.working = root
        self.workspace = workspace
        self.marked = False
        self.may_mark = True
        self.secrets: set[str] = set()
        self.file_texts = FileTexts()
        self.constants = constants
        self.reported = Diagnostics([])
        self.observations: list[Observation] = []
        self.trapped: list[Fault] | None = None
        self.dropped: list[Fault] | None = None
        self.depth = 0
        self.doubts = 0
        self.doubted: Unknown | None = None
        self.otherwise: Step | None = None
        self.stack: list[tuple[str, Span]] = []
        self.branches = Branches()
        self.wording = False
        self.stated = Stated()
        self._noted: set[tuple[str, int, int]] = set()
        self._weights: dict[int, int] = {}
        self._kept: list[Val] = []
        self._bare: dict[int, Data] = {}
        # Calls from Python to Python take no C stack, so that this many are safe (CPython 3.11 on).
        if sys.getrecursionlimit() < _FRAMES:
            sys.setrecursionlimit(_FRAMES)

    def report(self, diagnostic: Diagnostic) -> None:
        """Note an error, once."""
        self.reported.report(diagnostic)

    def spend(self, place: Placed, steps: int, made: int = 0) -> Unknown | None:
        """Take something of the budget; where there is not as much, the unknown in its place.

        Args:
            place: What is evaluated.
            steps: The steps.
            made: The bytes that are made.
        """
        return None if self.budget.takes(place, steps, made) else self.spent(place.span)

    def spent(self, span: Span) -> Unknown:
        """Report that the budget ends at a place, whatever traps errors."""
        self.report(Diagnostic.at(span, SPENT + HINT))
        return Unknown(SPENT, "limit", span)

    def error(self, span: Span, message: str, *resting_on: Val, called: str = "") -> Unknown:
        """An unknown in place of what cannot be evaluated; the error is reported, or trapped.

        Args:
            span: The expression.
            message: What is wrong.
            resting_on: The values that make it wrong. Where one is nothing but the null or empty
                default of an input of the root module, it is a note in place of an error: that
                may be a module of a library, which gets its inputs from calls elsewhere.
            called: See ``Names.called``.
        """
        default = self._default(resting_on)
        fault = Fault(span, message, called, default)
        if self.trapped is not None:
            steps = (step for value in resting_on for step in value.via if step.assumed)
            self.trapped.append(fault._replace(assumed=tuple(dict.fromkeys(steps))))
            return Unknown(message, "error", span)
        self.release([fault])
        if default is not None:
            return Unknown(_by_default(fault), "variable", span)
        return Unknown(message, "error", span)

    def _default(self, values: tuple[Val, ...]) -> Step | None:
        """The null or empty default of an input of the root module that one of ``values`` is."""
        root = None
        for value in values:
            if not (isinstance(value, Value) and value.data in (None, "", (), {})):
                continue
            for step in value.via:
                if not (step.assumed and step.words.startswith(OF_DEFAULT)):
                    continue
                root = root or self.files.display(self.root)
                if (posixpath.dirname(step.span.path) or ".") == root:
                    return step
        return None

    def hop(
        self,
        memo: dict[Any, Val],
        key: object,
        label: str,
        span: Span,
        compute: Callable[[], Val],
        *,
        doubtful: bool = False,
    ) -> Val:
        """What ``compute`` comes to, remembered; a cycle, or a chain too long, is an error.

        Args:
            memo: Where it is remembered, under ``key``.
            key: What it is remembered under.
            label: What is evaluated, in words: ``local.name``.
            span: Where that is declared.
            compute: Evaluates it.
            doubtful: Whether it may not be there at all: an error in it is then none of this
                deployment, and not reported.
        """
        value = memo.get(key)
        if value is not None:
            return value if value is not IN_PROGRESS else self._cycle(label, span)
        if self.depth >= limits.EVALUATION_DEPTH:
            return self._too_deep(label, span)
        memo[key] = IN_PROGRESS
        outer, self.trapped = self.trapped, None
        errors: list[Fault] | None = [] if doubtful else None
        dropped, self.dropped = self.dropped, errors
        doubts = self.doubts  # an error in what has a name of its own is none where that is used
        self.depth += 1
        self.stack.append((label, span))
        try:
            value = compute()
        except RecursionError:
            value = self._too_deep(label, span)
        finally:
            self.stack.pop()
            self.depth -= 1
            self.trapped, self.doubts = outer, doubts
            self.dropped = dropped
            del memo[key]
        if self.file_texts.texts:
            self.note_file_texts(value)
        if errors and isinstance(value, Unknown) and value.cause == "error":
            value = Unknown(value.reason, "expression", value.span, value.via, marks=value.marks)
        memo[key] = (
            value if self._weight(value) <= limits.VALUE_NODES else self._heavy(value, label)
        )
        return memo[key]

    def doubt(self, because: Unknown, otherwise: Step | None = None) -> None:
        """Note that what is being evaluated may turn out to be an error; and when, in a step."""
        self.doubts += 1
        self.doubted, self.otherwise = because, otherwise

    def note_file_texts(self, value: Val) -> None:
        """Note the texts in a value that came out of file functions, or are made of such texts."""
        if isinstance(value, Value) and id(value.data) in self._weights:
            return  # what it is made of has been looked at under another name
        for text in file_texts(value):
            self.file_texts.note(text)

    def marks_in(self, values: Iterable[Val]) -> Marks:
        """See ``marks_in`` of ``marks``; of what is large and has none all is looked at once."""
        if not self.marked:
            return UNMARKED
        found = UNMARKED
        pending = list(values)
        unknown: set[int] = set()
        while pending:
            value = pending.pop()
            found = found | value.marks
            if not isinstance(value, Value):
                if id(value) not in unknown:
                    unknown.add(id(value))
                    pending.extend(insides(value))
            elif isinstance(value.data, tuple | dict) and id(value.data) not in self._bare:
                seen: set[int] = set()
                inner = marks_in(insides(value), seen)
                found = found | inner
                if not inner and max(self.weight(value), len(seen)) > _LARGE:
                    self._bare[id(value.data)] = value.data  # kept alive: its id stays its own
        return found

    def weight(self, value: Val) -> int:
        """How much of a value a function may look at: of what a name stands for, in all depths."""
        data = value.data if isinstance(value, Value) else None
        if isinstance(data, tuple | dict):
            return self._weights.get(id(data), len(data))
        return len(data) // 10 if isinstance(data, str) else 1

    def _weight(self, value: Val) -> int:
        """How many elements a value has in all depths; one that is in it twice counts twice.

        Values share what they have in common, so that names that double one another are small
        here and endless for whoever walks them.
        """
        data = value.data if isinstance(value, Value) else None
        if not isinstance(data, tuple | dict):
            return 1
        weight = self._weights.get(id(data))
        if weight is None:
            members = data.values() if isinstance(data, dict) else data
            weight = 1 + sum(map(self._weight, members))
            self._weights[id(data)] = weight
        return weight

    def _heavy(self, value: Val, label: str) -> Unknown:
        self._kept.append(value)  # its parts have been weighed by identity
        message = f"{label} has more than {limits.VALUE_NODES} elements in all depths"
        self.report(Diagnostic.at(value.span, message))
        return Unknown(message, "limit", value.span, marks=value.marks)

    def _too_deep(self, label: str, span: Span) -> Unknown:
        message = (
            f"{label} is more than {limits.EVALUATION_DEPTH} references away from where it is used"
        )
        self.report(Diagnostic.at(span, message))
        return Unknown(message, "limit", span)

    def _cycle(self, label: str, span: Span) -> Unknown:
        names = [name for name, _ in self.stack]
        start = len(names) - 1 - names[::-1].index(label) if label in names else 0
        cycle = self.stack[start:]
        # Wherever the evaluation came in, the cycle is told from the same place.
        first = min(range(len(cycle)), key=lambda i: cycle[i][1].key)
        cycle = cycle[first:] + cycle[:first]
        words = " -> ".join([*(name for name, _ in cycle), cycle[0][0]])
        message = f"a cycle of references: {words}"
        self.report(Diagnostic.at(cycle[0][1], message))
        return Unknown(message, "error", span)

    def release(self, faults: list[Fault]) -> None:
        """Report errors that were trapped, hand them to the trap around, or drop them."""
        if self.trapped is not None:
            self.trapped.extend(faults)
            return
        if self.dropped is not None:
            self.dropped.extend(faults)
            return
        for fault in faults:
            if fault.default is None:
                self.reported.report(Diagnostic.at(fault.span, fault.message), fault.called)
            elif fault.span.key not in self._noted:
                self._noted.add(fault.span.key)
                note = Observation("default-to-be-set", fault.span, _by_default(fault))
                self.observations.append(note)


def _by_default(fault: Fault) -> str:
    assert fault.default is not None  # noqa: S101 - asked of no other
    return f"with the {fault.default.words}, {fault.message}"


class Scope:
    """The names that an expression can use.

    Args:
        evaluation: What the unit's expressions share.
        module: What the module gives to refer to.
        names: Names bound around the expression: ``each``, ``count``, ``self``, the iterators of
            dynamic blocks and the variables of ``for``.
    """

    __slots__ = ("constants", "evaluation", "module", "names")

    def __init__(self, evaluation: Evaluation, module: Names, names: dict[str, Val]) -> None:
        self.evaluation = evaluation
        self.constants = evaluation.constants
        self.module = module
        self.names = names

    def evaluate(self, node: tree.Expression) -> Val:
        """What an expression comes to."""
        return HANDLERS[node.__class__](node, self)

    def bind(self, names: dict[str, Val]) -> Scope:
        """This scope with more names, which hide those around."""
        return Scope(self.evaluation, self.module, {**self.names, **names})

    def error(self, span: Span, message: str, *resting_on: Val) -> Unknown:
        """See ``Evaluation.error``."""
        return self.evaluation.error(span, message, *resting_on, called=self.module.called)

    def trap(self, node: tree.Expression) -> tuple[Val, list[Fault]]:
        """What an expression comes to, and the errors in it, which are not reported."""
        evaluation = self.evaluation
        outer = evaluation.trapped
        errors: list[Fault] = []
        evaluation.trapped = errors
        try:
            return HANDLERS[node.__class__](node, self), errors
        finally:
            evaluation.trapped = outer

    def peek(self, node: tree.Expression) -> Val:
        """What an expression comes to whose marks count and whose value does not."""
        doubts = self.evaluation.doubts
        value, _ = self.trap(node)
        self.evaluation.doubts = doubts
        return value


class NoNames:
    """The names of expressions without references: defaults of variables, variable files."""

    __slots__ = ("address", "called", "folder")

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.address = ""
        self.called = ""

    def resolve(self, root: str, name: str, node: tree.GetAttribute, scope: Scope) -> Val:
        """An error."""
        return scope.error(node.span, f"{root}.{name} cannot be referred to here")

    def resolve_data(self, kind: str, name: str, node: tree.GetAttribute, scope: Scope) -> Val:
        """An error."""
        return scope.error(node.span, f"data.{kind}.{name} cannot be referred to here")

    def resolve_root(self, node: tree.Variable, scope: Scope) -> Val:
        """An error."""
        return scope.error(node.span, f'"{node.name}" cannot be referred to here')

    def definition(self, root: str, name: str) -> Definition[Scope] | None:  # noqa: ARG002 - as in a module
        """None."""
        return None

    def function(self, name: str) -> Callee | None:  # noqa: ARG002 - as above
        """None."""
        return None
