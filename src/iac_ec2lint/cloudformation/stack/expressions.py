"""The expressions of a stack, evaluated inside one another."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from iac_ec2lint.cloudformation import dynamic
from iac_ec2lint.cloudformation.evaluator import Evaluator
from iac_ec2lint.cloudformation.functions.call import Call
from iac_ec2lint.cloudformation.functions.loops import Loops
from iac_ec2lint.cloudformation.functions.table import FUNCTIONS
from iac_ec2lint.cloudformation.scope import StackScope
from iac_ec2lint.cloudformation.syntax import TRANSFORM, intrinsic, is_directive
from iac_ec2lint.cloudformation.texts import concatenate
from iac_ec2lint.document.tree import Mapping, Node, Scalar, Sequence, Tagged
from iac_ec2lint.source.budget import FREE
from iac_ec2lint.values import Reference, Unknown, Val, Value

if TYPE_CHECKING:
    from iac_ec2lint.cloudformation.options import StackOptions
    from iac_ec2lint.cloudformation.template.template import Template
    from iac_ec2lint.document.tree import Node

# The depth of nested evaluations. Each takes four Python frames at most, so that the interpreter's
# limit of 1,000 is not reached from callers of ordinary depth.
_DEPTH = 150


class Expressions(Evaluator):
    """Evaluates the expressions of one stack, each once in its scope.

    Args:
        template: The stack's template.
        options: The inputs of the deployment; the parameters are this stack's.
        prefix: The prefix of its logical IDs.

    Attributes:
        scope: The scope of what stands in no loop and under no condition.
        reads: Whether it reads parameters of Systems Manager.
    """

    def __init__(self, template: Template, options: StackOptions, prefix: str) -> None:
        self.template = template
        self.options = options
        self.prefix = prefix
        self.identity = f"{template.source.path}#{prefix}"
        self.scope = StackScope()
        self.reads = template.mentions("resolve:ssm:") or template.mentions("SSM::Parameter::Value")
        self._depth = 0
        self._deciding = 0  # conditions may compare secrets, which are hidden elsewhere
        self._open: set[tuple[int, int]] = set()
        self._loops = Loops(self)

    @abstractmethod
    def written(self, read: Reference) -> Val | None:
        """What other stacks write to a parameter of Systems Manager; ``None`` for nothing."""

    def evaluate(self, node: Node, scope: StackScope) -> Val | None:
        """See ``Evaluator``."""
        if isinstance(node, Scalar):
            plain = "{" not in node.text  # as nearly always
            value: Val | None = Value(node.data, node.span) if plain else self._scalar(node, scope)
            return self._read(value) if self.reads else value
        # A condition may compare a secret, which is hidden where the same node is used, through an
        # alias, as a property.
        key = ~id(node) if self._deciding else id(node)
        memo = scope.memo
        if key in memo:
            return memo[key]
        mark = (id(scope), key)
        if mark in self._open:
            return self.fail(node, "what is written here depends on itself")
        if self._depth >= _DEPTH:
            return self._too_deep(node)
        self._open.add(mark)
        self._depth += 1
        try:
            value = self._collection(node, scope)
        except RecursionError:
            if self._depth > 1:
                raise
            # Called at great depth, or through a chain that the bound does not count.
            value = self._too_deep(node)
        finally:
            self._depth -= 1
            self._open.discard(mark)
        if isinstance(value, Value) and isinstance(value.data, str) and len(value.data) >= FREE:
            length = len(value.data)
            spent = self.spend(node, length // FREE, length)
            value = value if spent is None else spent
        if self.reads:
            value = self._read(value)
        memo[key] = value
        return value

    def _read(self, value: Val | None) -> Val | None:
        """A value with what other stacks write to the parameters that it reads."""
        if isinstance(value, Reference) and value.target.startswith(dynamic.SSM):
            written = self.written(value)
            return value if written is None else written
        if not isinstance(value, Unknown) or not value.parts:
            return value
        parts: list[Val] = []
        changed = False
        for part in value.parts:
            own: Val = Value(part, value.span, value.via) if isinstance(part, str) else part
            read = self._read(own)
            changed = changed or read is not own
            parts.append(own if read is None else read)
        return concatenate(parts, value.span) if changed else value

    def _too_deep(self, node: Node) -> Unknown:
        self.fail(node, f"more than {_DEPTH} evaluations inside one another")
        return Unknown("it is nested too deeply", "limit", node.span)

    def _scalar(self, node: Scalar, scope: StackScope) -> Val:
        """Text with a brace: a dynamic reference, or the name of something bound, may be in it."""
        text = node.text
        filled = scope.fill(text) if scope.bindings else text
        if dynamic.MARK in filled:
            return concatenate(dynamic.parts_of(filled, node.span), node.span)
        return Value(filled if filled != text else node.data, node.span)

    def _collection(self, node: Sequence | Mapping | Tagged, scope: StackScope) -> Val | None:
        call = intrinsic(node)
        if call is not None:
            function = FUNCTIONS.get(call.name)
            if function is None:
                name = node.tag[1:] if isinstance(node, Tagged) else call.name
                if is_directive(name) or name in self.template.directives:
                    reason = f"{name} is replaced before the template is deployed"
                    return self.missing(node, name, reason)
                if isinstance(node, Tagged):
                    # Reported once for the whole template.
                    return Unknown(f"{node.tag} is no function", "error", node.span)
                return self.fail(node, f"{call.name} is no function of CloudFormation")
            return function(Call(self, call.name, call.argument, call.node, scope))
        if isinstance(node, Sequence):
            members = []
            for item in node.items:
                value = self.evaluate(item, scope)
                if value is not None:
                    members.append(value)
            return Value(tuple(members), node.span)
        if isinstance(node, Mapping):
            return self._mapping(node, scope)
        raise TypeError(node)

    def _mapping(self, node: Mapping, scope: StackScope) -> Val | None:
        members: dict[str, Val] = {}
        for name, (key, child) in node.entries.items():
            if name.startswith("Fn::"):
                if name == TRANSFORM:
                    return FUNCTIONS[name](Call(self, name, child, child, scope))
                turns = self._loops.turns(name, key, child, scope)
                if isinstance(turns, Unknown):
                    return turns
                for inner, body in turns:
                    value = self.evaluate(body, inner)
                    if isinstance(value, Unknown):
                        return value
                    if value is not None:
                        members.update(value.items())
                continue
            value = self.evaluate(child, scope)
            if value is not None:
                members[scope.fill(name) if scope.bindings else name] = value
        return Value(members, node.span)
