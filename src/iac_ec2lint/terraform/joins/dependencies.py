"""What a dependency of Terragrunt has applied: the outputs of the root module that it deploys.

Source: Terragrunt's reference, "dependency": its outputs are those of the state that the
configuration at ``config_path`` writes, whatever was applied last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.source.discovery import DEPLOYING
from iac_ec2lint.terraform.joins.remote_states import output_of
from iac_ec2lint.terraform.language.containers import Lazy
from iac_ec2lint.terraform.terragrunt.deployments import deployment_of, given_values
from iac_ec2lint.terraform.terragrunt.opening import open_files
from iac_ec2lint.values import Step, Unknown, Val, Value, used_at

if TYPE_CHECKING:
    from pathlib import Path

    from iac_ec2lint.hcl import tree
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.terraform.evaluated import RootModule
    from iac_ec2lint.terraform.terragrunt.configuration import Configuration
    from iac_ec2lint.terraform.terragrunt.deployments import GivenValues


def deployed_values(context: RootModule, path: Path) -> GivenValues:
    """What a configuration gives the variables of the root module that it deploys.

    Args:
        context: The root module, to which those of its dependencies are joined.
        path: The configuration's file.
    """
    files, modules, budget = context.files, context.modules, context.evaluation.budget
    shared = open_files(modules, budget, Dependencies(context).value)
    found = given_values(path, shared)
    context.unit.files.update((files.display(one), True) for one in found.read)
    return found


class Dependencies:
    """The dependencies of one deployment, whose root modules are joined to its own.

    Args:
        context: The unit that is deployed.
    """

    __slots__ = ("_context", "_found")

    def __init__(self, context: RootModule) -> None:
        self._context = context
        self._found: dict[tuple[Path, str], Val | None] = {}

    def value(self, config: Configuration, name: str, span: Span) -> Val | None:
        """``dependency.name``; ``None`` where what it deploys is not known.

        Args:
            config: The configuration that has it, or includes what does.
            name: Its label.
            span: Where it is asked for.
        """
        key = config.path, name
        if key not in self._found:
            found = config.dependency(name)
            self._found[key] = None if found is None else self._value(*found, name, span)
        return self._found[key]

    def _value(self, block: tree.Block, owner: Configuration, name: str, span: Span) -> Val | None:
        written = block.body.attributes.get("config_path")
        place = None if written is None else owner.shared.place(owner, written.expression)
        mocked = _is_mocked(block, owner)
        if mocked is None:
            outputs = None
        elif mocked:
            mocks = block.body.attributes.get("mock_outputs")
            outputs = None if mocks is None else owner.scope.evaluate(mocks.expression)
        else:
            known = place is not None and self._context.options.dependencies
            outputs = self._outputs(place, block.header, name, span) if known and place else None
        return None if outputs is None else Value({"outputs": outputs}, span)

    def _outputs(self, place: Path, at: Span, name: str, span: Span) -> Val | None:
        context = self._context
        made = context.modules.generated
        every = (place / one for one in DEPLOYING)
        file = next((one for one in every if one in made or context.files.is_file(one)), None)
        deployed = None if file is None else deployment_of(file, context.modules)
        if file is None or deployed is None:
            return None
        if not context.modules.syntax(deployed.folder).files:
            return None
        other = context.others.root(deployed.folder, None, file)
        if other is None or other is context:
            return None
        words = f"dependency.{name} is what {context.files.display(file)} deploys"
        return _Outputs(context, other, Step(at, words, assumed=True), span)


def _is_mocked(block: tree.Block, owner: Configuration) -> bool | None:
    """Whether its outputs are not asked for: it skips them, or is disabled; ``None``: unknown."""
    found: set[bool | None] = set()
    for name, mocks in (("skip_outputs", True), ("enabled", False)):
        written = block.body.attributes.get(name)
        if written is not None:
            truth = owner.scope.evaluate(written.expression).is_true().truth
            found.add(None if truth is None else truth is mocks)
    return True if True in found else None if None in found else False


class _Outputs(Lazy):
    """The outputs of another deployment as an object."""

    __slots__ = ("_context", "_other", "_step")

    def __init__(self, context: RootModule, other: RootModule, step: Step, span: Span) -> None:
        super().__init__(
            f"not all that {other.unit.path} has as outputs is known", "data-source", span
        )
        self._context = context
        self._other = other
        self._step = step

    def member(self, name: str, span: Span) -> Val | None:
        """See ``Lazy``."""
        other = self._other
        unknown = Unknown(
            f"the output {name} of {other.unit.path} is not known", "data-source", span
        )
        value = output_of(other, name, self._context)
        return unknown if value is None else used_at(value, span).after(self._step)

    def whole(self) -> Val:
        """All of them."""
        names = sorted(self._other.root.syntax.outputs)
        found = {name: self.member(name, self.span) for name in names}
        members = {name: value for name, value in found.items() if value is not None}
        return Value(members, self.span, self.via, marks=self.marks)
