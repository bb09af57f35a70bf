"""One instance of a module: the values of its names.

Source: "Modules", "Local Values", "Input Variables" and "Output Values" of the Terraform language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.declaration import CERTAIN, Presence, trial_words
from iac_ec2lint.hcl import tree
from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.terraform.evaluated import Module
from iac_ec2lint.terraform.language.containers import Definition
from iac_ec2lint.terraform.language.conversion import Mismatch, convert
from iac_ec2lint.terraform.language.marking import declared_marks, mark
from iac_ec2lint.terraform.language.marks import EPHEMERAL
from iac_ec2lint.terraform.language.scope import IN_PROGRESS, OF_DEFAULT, Scope
from iac_ec2lint.terraform.language.type_expressions import TypeProblem, variable_type
from iac_ec2lint.terraform.language.types import ANY, BOOL, Type
from iac_ec2lint.terraform.language.unknowns import wholly_known
from iac_ec2lint.terraform.modules.calls import ModuleCall
from iac_ec2lint.terraform.resources.resources import ModuleResource
from iac_ec2lint.values import Input, Marks, Reference, Step, Unknown, Val, Value
from iac_ec2lint.values.allowed import listed
from iac_ec2lint.values.stated import OF_INPUT

if TYPE_CHECKING:
    from pathlib import Path

    from iac_ec2lint.source.span import Span
    from iac_ec2lint.terraform.evaluated import CallSite, RootModule
    from iac_ec2lint.terraform.folders.syntax import ModuleSyntax
    from iac_ec2lint.terraform.functions.registry import Function

_BOUND_ELSEWHERE = {
    "each": "each can be used only in a block with for_each",
    "count": "count can be used only in a block with count",
    "self": "self can be used only in provisioners and conditions",
}


class ModuleInstance(Module):
    """A root module, or one instance of a module that is called.

    Args:
        unit: The context that all modules of one root module share.
        syntax: Its files.
        address: ``module.web["a"]``; empty for the root module.
        call: The instance of the call that makes it; ``None`` for the root module.
        presence: Whether it is certain to exist.
        callers: The calls that lead to it, the outermost first.
    """

    __slots__ = (
        "_calls",
        "_locals",
        "_outputs",
        "_resources",
        "_variables",
        "address",
        "call",
        "called",
        "callers",
        "depth",
        "prefix",
        "presence",
        "providers",
        "scope",
        "syntax",
        "unit",
    )

    depth: int
    scope: Scope

    def __init__(
        self,
        unit: RootModule,
        syntax: ModuleSyntax,
        address: str = "",
        call: CallSite | None = None,
        presence: Presence = CERTAIN,
        callers: tuple[Step, ...] = (),
    ) -> None:
        self.unit = unit
        self.syntax = syntax
        self.address = address
        self.prefix = f"{address}." if address else ""
        self.call = call
        self.presence = presence
        self.callers = callers
        self.depth = 0 if call is None else call.module.depth + 1
        self.scope = Scope(unit.evaluation, self, {})
        self._variables: dict[str, Val] = {}
        self._locals: dict[str, Val] = {}
        self._outputs: dict[str, Val] = {}
        self._resources: dict[tuple[str, str, str], ModuleResource] = {}
        self._calls: dict[str, ModuleCall] = {}
        self.providers: dict[tuple[str, str], str] = {}
        places = ", ".join(f"{step.span.path}:{step.span.line}" for step in callers)
        self.called = f"{address} is called at {places}" if places else ""

    @property
    def folder(self) -> Path:
        """The module's folder."""
        return self.syntax.folder

    def called_by(
        self, site: CallSite, syntax: ModuleSyntax, address: str, presence: Presence, step: Step
    ) -> ModuleInstance:
        """See ``Module``."""
        return ModuleInstance(self.unit, syntax, address, site, presence, (*self.callers, step))

    def leave(self) -> None:
        """See ``Unit.leave``."""
        for call in self._calls.values():
            call.leave()
        for resource in self._resources.values():
            resource.leave()
        for known in (self._variables, self._locals, self._outputs, self._resources, self._calls):
            known.clear()

    # References in expressions.

    def resolve(self, root: str, name: str, node: tree.GetAttribute, scope: Scope) -> Val:
        """``root.name``."""
        if root == "var":
            return self._used(self.variable(name, node), name, node)
        if root == "local":
            return self.local(name, node)
        if root == "module":
            call = self.module_call(name)
            if call is None:
                return self._undeclared(node, f'module "{name}"')
            return call.value()
        if root == "path":
            return self.unit.path(self, name, node.span)
        if root in ("terraform", "tofu"):
            return self._terraform(name, node.span)
        if root in _BOUND_ELSEWHERE:
            return scope.error(node.span, _BOUND_ELSEWHERE[root])
        if root in ("resource", "data"):
            return scope.error(node.span, f'after "{root}.{name}" the name of one must follow')
        if root in ("ephemeral", "action"):
            unknown = Unknown(f"{root}.{name} is never stored", "computed", node.span)
            return self._marked(unknown, EPHEMERAL) if root == "ephemeral" else unknown
        resource = self.resource("resource", root, name)
        if resource is None:
            return self._undeclared(node, f'resource "{root}" "{name}"')
        return resource.value()

    def resolve_data(
        self,
        kind: str,
        name: str,
        node: tree.GetAttribute,
        scope: Scope,  # noqa: ARG002 - as resolve
    ) -> Val:
        """``data.kind.name``."""
        resource = self.resource("data", kind, name)
        if resource is None:
            return self._undeclared(node, f'data source "{kind}" "{name}"')
        return resource.value()

    def resolve_root(self, node: tree.Variable, scope: Scope) -> Val:
        """An error: a root name alone is not a reference in Terraform."""
        if node.name in _BOUND_ELSEWHERE:
            return scope.error(node.span, _BOUND_ELSEWHERE[node.name])
        return scope.error(
            node.span, f'"{node.name}" is no reference: it has no attribute after it'
        )

    def definition(self, root: str, name: str) -> Definition[Scope] | None:
        """What ``local.name`` is, or the argument that ``var.name`` has in the call."""
        if root == "local" and name in self.syntax.locals:
            return Definition(self.syntax.locals[name].expression, self.scope, True)
        if root == "var" and self.call is not None:
            attribute = self.call.block.body.attributes.get(name)
            if attribute is not None:
                block = self.syntax.variables.get(name)
                always = block is not None and (
                    "default" not in block.body.attributes or self._nullable(block)
                )
                return Definition(attribute.expression, self.call.scope, always)
        return None

    def function(self, name: str) -> Function | None:
        """A function of a provider, by the name that the module gives that; see ``find``."""
        space, _, rest = name.partition("::")
        local, _, own = rest.partition("::")
        if space != "provider" or not own:
            return None
        from iac_ec2lint.terraform.functions import find
        from iac_ec2lint.terraform.modules.auxiliary import provider_name  # it uses this

        return find(f"provider::{provider_name(self.syntax, local)}::{own}")

    def _undeclared(self, node: tree.Node, what: str) -> Val:
        where = f"module {self.address}" if self.address else "the root module"
        message = f"{what} is not declared in {where}"
        if self.syntax.partial:
            # It may be declared in a part that could not be read, which has been reported.
            return Unknown(message, "error", node.span)
        if may := self.unit.may_be_generated(self, node):
            words = f"{message}, and {may}"
            named = node.span.text.startswith("var.")
            inputs = (Input(node.span.text, node.span),) if named else ()
            return Unknown(words, "module", node.span, inputs=inputs)
        # Terraform refuses it wherever it stands: in an arm that is not chosen, and in try().
        self.unit.evaluation.report(Diagnostic.at(node.span, message))
        return self.scope.error(node.span, message)

    def _terraform(self, name: str, span: Span) -> Val:
        workspace = self.unit.evaluation.workspace
        if name == "workspace":
            if workspace is not None:
                return Value(workspace, span)
            stated = self.unit.evaluation.stated.value("terraform.workspace", span)
            if stated is not None:
                return stated
            inputs = (Input("terraform.workspace", span),)
            return Unknown("the workspace is not given", "variable", span, inputs=inputs)
        if name == "applying":
            why = "it is true while the plan is applied, and false before"
            return self._marked(Unknown(why, "computed", span, type=BOOL), EPHEMERAL)
        return self.scope.error(span, f'there is no "terraform.{name}"')

    # Variables, locals, outputs.

    def variable(self, name: str, node: tree.Node | None = None) -> Val:
        """``var.name``."""
        known = self._variables.get(name)
        if known is not None and known is not IN_PROGRESS:
            return known
        block = self.syntax.variables.get(name)
        if block is None:
            assert node is not None  # noqa: S101 - only references name undeclared ones
            unknown = self._undeclared(node, f'variable "{name}"')
            if not (isinstance(unknown, Unknown) and unknown.inputs):
                return unknown
            stated = self.unit.evaluation.stated.value(f"var.{name}", node.span)
            return stated if stated is not None else unknown
        return self.unit.evaluation.hop(
            self._variables,
            name,
            f"{self.prefix}var.{name}",
            block.header,
            lambda: self._compute_variable(name, block),
            doubtful=not self.presence.certain,
        )

    def _used(self, value: Val, name: str, node: tree.Node) -> Val:
        """A variable's value where it is used: one without a value is located at the reference."""
        if value.__class__ is Value and self.call is not None:
            return value
        block = self.syntax.variables.get(name)
        if block is None or value.span != block.header:
            return value
        return value.but(span=node.span)

    def _compute_variable(self, name: str, block: tree.Block) -> Val:
        value = self._variable_value(name, block)
        if block.body.blocks and not wholly_known(value):
            from iac_ec2lint.terraform.language.conditions.validations import (  # rare
                demanded_by,
                demanding,
            )

            kind, _ = self.variable_type(name, block)
            value = demanding(value, demanded_by(block, kind, self.syntax.locals))
            if isinstance(value, Unknown):
                value = self._decided(name, block, value)
        return self._marked(value, declared_marks(block, self.unit.empty))

    def _decided(self, name: str, block: tree.Block, value: Unknown) -> Val:
        """The one value that the validations of a variable accept, if there is one alone."""
        accepted = listed(value)
        if len(accepted) != 1 or isinstance(value, Reference):
            return value
        step = Step(block.header, f'the validation of variable "{name}" accepts nothing else')
        try:
            kind, _ = self.variable_type(name, block)
            return convert(Value(accepted[0], block.header, (step,)), kind)
        except Mismatch:
            return value

    def _marked(self, value: Val, marks: Marks) -> Val:
        return mark(self.unit.evaluation, value, marks)

    def _variable_value(self, name: str, block: tree.Block) -> Val:
        kind, typed = self.variable_type(name, block)
        given = self._given(name, kind, typed)
        if given is not None and given.is_null and not self._nullable(block):
            given = None
        if given is None and self.call is None:
            given = self.unit.evaluation.stated.value(f"var.{name}", block.header)
        if given is None:
            return self._default(name, block, kind)
        try:
            return convert(given, kind)
        except Mismatch as mismatch:
            where = f"{self.address}: " if self.address else ""
            stated = [step.span for step in given.via if step.words.startswith(OF_INPUT)]
            return self._given_scope.error(
                stated[0] if stated else given.span,
                f'{where}the value of variable "{name}" does not fit: {mismatch}',
            )

    @property
    def _given_scope(self) -> Scope:
        """Where the values of its variables are evaluated."""
        return self.scope if self.call is None else self.call.scope

    def _given(self, name: str, kind: Type, typed: bool) -> Val | None:
        if self.call is None:
            return self.unit.given.value(name, kind, typed)
        attribute = self.call.block.body.attributes.get(name)
        if attribute is None:
            return None
        value = self.call.scope.evaluate(attribute.expression)
        return value.after(Step(attribute.span, f'argument "{name}" of {self.address}'))

    def variable_type(self, name: str, block: tree.Block) -> tuple[Type, bool]:
        """The type constraint of a variable, and whether it has one."""
        key = ("type", name)
        cached = self.syntax.calculated.get(key)
        if cached is None:
            cached = self.syntax.calculated[key] = self._read_type(block)
        kind, typed, problem = cached
        if problem is not None:
            self.scope.error(problem.node.span, str(problem))
        return kind, typed

    def _read_type(self, block: tree.Block) -> tuple[Type, bool, TypeProblem | None]:
        attribute = block.body.attributes.get("type")
        if attribute is None:
            return ANY, False, None
        try:
            return variable_type(attribute.expression, self.unit.empty), True, None
        except TypeProblem as problem:
            return ANY, True, problem

    def _nullable(self, block: tree.Block) -> bool:
        if "nullable" not in block.body.attributes:
            return True
        nullable = self.unit.empty.evaluate(block.body.attributes["nullable"].expression)
        return nullable.boolean is not False

    def _default(self, name: str, block: tree.Block, kind: Type) -> Val:
        if self.call is None and f"var.{name}" in self.unit.unit.branches.others:
            return self._other(name, block, kind)
        cached = self.syntax.defaults.get(name)
        if cached is not None:
            return cached
        attribute = block.body.attributes.get("default")
        if attribute is None:
            return self._missing(name, block, kind)
        budget = self.unit.evaluation.budget
        before = budget.taken
        value = self.unit.empty.evaluate(attribute.expression)
        if isinstance(value, Value):
            step = Step(attribute.span, f'{OF_DEFAULT}"{name}"', assumed=True, input=name)
            value = value.after(step)
        try:
            value = convert(value, kind)
        except Mismatch as mismatch:
            return self.scope.error(
                attribute.expression.span,
                f'the default of variable "{name}" does not fit: {mismatch}',
            )
        if isinstance(value, Value) and budget.taken == before:  # else each unit takes its own
            self.syntax.defaults[name] = value
        return value

    def _other(self, name: str, block: tree.Block, kind: Type) -> Val:
        """The value of an input that has not its default; see ``Branches``."""
        data = self.unit.unit.branches.others[f"var.{name}"]
        if data is not None:
            span = block.body.attributes["default"].span
            words = f"{trial_words(f'var.{name}', data)}, and not its default"
            try:
                return convert(Value(data, span, (Step(span, words),)), kind)
            except Mismatch:
                pass  # it is compared with what it can never be
        why = f"var.{name} may have another value than its default"
        return Unknown(why, "variable", block.header, type=kind, inputs=self._input(name, block))

    def _input(self, name: str, block: tree.Block) -> tuple[Input, ...]:
        return (Input(f"var.{name}", block.header),)

    def _missing(self, name: str, block: tree.Block, kind: Type) -> Val:
        if self.call is not None:
            message = f'{self.address} is called without its argument "{name}"'
            return self.call.scope.error(self.call.block.header, message)
        return Unknown(
            f"var.{name} has no value",
            "variable",
            block.header,
            type=kind,
            inputs=self._input(name, block),
        )

    def local(self, name: str, node: tree.Node | None = None) -> Val:
        """``local.name``."""
        known = self._locals.get(name)
        if known is not None and known is not IN_PROGRESS:
            return known
        attribute = self.syntax.locals.get(name)
        if attribute is None:
            assert node is not None  # noqa: S101 - only references name undeclared ones
            return self._undeclared(node, f'local value "{name}"')
        return self.unit.evaluation.hop(
            self._locals,
            name,
            f"{self.prefix}local.{name}",
            attribute.span,
            lambda: self.scope.evaluate(attribute.expression).after(
                Step(attribute.span, f"local.{name}")
            ),
            doubtful=not self.presence.certain,
        )

    def output(self, name: str) -> Val | None:
        """An output value; ``None`` where there is none of that name."""
        block = self.syntax.outputs.get(name)
        if block is None:
            return None
        return self.unit.evaluation.hop(
            self._outputs,
            name,
            f"{self.prefix}output.{name}",
            block.header,
            lambda: self._compute_output(name, block),
            doubtful=not self.presence.certain,
        )

    def _compute_output(self, name: str, block: tree.Block) -> Val:
        attribute = block.body.attributes.get("value")
        if attribute is None:
            if self.syntax.partial:
                return Unknown(f'output "{name}" could not be read', "error", block.header)
            return self.scope.error(block.header, f'output "{name}" has no value')
        value = self.scope.evaluate(attribute.expression)
        value = self._marked(value, declared_marks(block, self.unit.empty))
        where = f" of {self.address}" if self.address else ""
        return value.after(Step(attribute.span, f'output "{name}"{where}'))

    # Resources and calls.

    def resource(self, mode: str, kind: str, name: str) -> ModuleResource | None:
        """A resource or data source; ``None`` where it is not declared."""
        key = (mode, kind, name)
        found = self._resources.get(key)
        if found is None:
            index = self.syntax.resources if mode == "resource" else self.syntax.data
            block = index.get((kind, name))
            if block is None:
                return None
            found = self._resources[key] = ModuleResource(block, self, mode)
        return found

    def module_call(self, name: str) -> ModuleCall | None:
        """A module call; ``None`` where it is not declared."""
        found = self._calls.get(name)
        if found is None:
            block = self.syntax.calls.get(name)
            if block is None:
                return None
            found = self._calls[name] = ModuleCall(name, block, self)
        return found
