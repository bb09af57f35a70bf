"""One configuration of Terragrunt, evaluated: its names, its locals, and what it includes.

Source: Terragrunt's reference, "HCL", "Blocks" and "Attributes": ``locals``, ``include``
(``expose``, ``merge_strategy``), ``dependency``, ``feature``, ``inputs``.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.source.span import beginning
from iac_ec2lint.terraform.language.containers import Lazy
from iac_ec2lint.terraform.language.scope import Evaluation, Scope
from iac_ec2lint.values import Step, Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from iac_ec2lint.hcl import tree
    from iac_ec2lint.source.files import Files
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.terraform.language.containers import Definition
    from iac_ec2lint.terraform.language.scope import Callee
    from iac_ec2lint.terraform.terragrunt.files import ConfigurationFiles

_DEPTH: Final = 20
"""How many configurations may read one another in a chain."""
_VALUES: Final = "terragrunt.values.hcl"
"""What a stack gives a configuration, once it is generated."""
_PATCH: Final = "terragrunt.autoinclude.hcl"
"""What a stack lays over a configuration, once it is generated."""
_NAMED: Final = regular_expression(r"\bvalues\s*[.\[]")
_ELSEWHERE: Final = ("retryable_errors", "terraform")
"""What a configuration that is read has beside what can be told of it."""


class Configuration:
    """A configuration, and the names that its expressions can use (see ``Names``).

    Args:
        path: Its file.
        shared: What it shares with the configurations that it reads.
        child: The configuration that includes it, whose folder counts then.
        origin: The configuration by which it is read; ``None`` where that is itself.
        depth: How many configurations are being read around it.

    Attributes:
        path: See above.
        shared: See above.
        child: See above.
        depth: See above.
    """

    __slots__ = ("__dict__", "_including", "_origin", "child", "depth", "path", "shared")

    def __init__(
        self,
        path: Path,
        shared: ConfigurationFiles,
        child: Configuration | None = None,
        origin: Configuration | None = None,
        depth: int = 0,
    ) -> None:
        self.path = path
        self.shared = shared
        self.child = child
        self.depth = depth
        self._origin = origin
        self._including = False

    # What expressions need to know.

    @property
    def folder(self) -> Path:
        """The folder that Terragrunt runs in: that of the configuration that includes this one."""
        return self.path.parent if self.child is None else self.child.folder

    @property
    def origin(self) -> Configuration:
        """The configuration that is run."""
        above = self._origin or self.child
        return self if above is None else above.origin

    @property
    def address(self) -> str:
        """See ``Names``."""
        return ""

    @property
    def called(self) -> str:
        """See ``Names``."""
        return ""

    @property
    def files(self) -> Files:
        """What reads files."""
        return self.shared.files

    @property
    def boundary(self) -> Path:
        """The boundary that it lies in, which is taken for the top of the repository."""
        return self.files.boundary_of(self.path.parent)

    @cached_property
    def file(self) -> tree.File | None:
        """What its file says; ``None`` where it cannot be read."""
        return self.shared.file(self.path)

    @property
    def attributes(self) -> Mapping[str, tree.Attribute]:
        """What stands in no block of it."""
        return {} if self.file is None else self.file.body.attributes

    @property
    def span(self) -> Span:
        """Its inputs, or its first line."""
        assert self.file is not None  # noqa: S101 - it has been read
        inputs = self.attributes.get("inputs")
        return beginning(self.file.source) if inputs is None else inputs.span

    @cached_property
    def scope(self) -> Scope:
        """Where its expressions are evaluated."""
        evaluation = Evaluation(self.files, self.folder, {}, None, self.shared.budget)
        evaluation.trapped = []  # what is wrong with them is Terragrunt's to tell
        return Scope(evaluation, self, {})

    def nested(self, path: Path, *, included: bool) -> Configuration | None:
        """Another configuration that this one includes or reads; ``None`` where it is too deep."""
        if self.depth >= _DEPTH:
            return None
        child, known = self if included else None, self.shared.nested
        found = known.get((path, child, self.origin))
        if found is None:  # each is evaluated once, so that one that reads itself ends
            found = Configuration(path, self.shared, child, self.origin, self.depth + 1)
            known[path, child, self.origin] = found
        return None if found.file is None else found

    # Names.

    def resolve(self, root: str, name: str, node: tree.GetAttribute, scope: Scope) -> Val:
        """See ``Names``."""
        if root == "local":
            return self._local(name, node.span)
        if root == "include":
            return self._include(name, node.span)
        if root == "feature":
            return self._feature(name, node.span)
        if root == "dependency":
            return self.applied(name, node.span)
        if root == "values":
            return self._value(name, node.span)
        return scope.error(node.span, f"{root}.{name} cannot be referred to here")

    def resolve_data(self, kind: str, name: str, node: tree.GetAttribute, scope: Scope) -> Val:
        """See ``Names``: an error."""
        return scope.error(node.span, f"data.{kind}.{name} cannot be referred to here")

    def resolve_root(self, node: tree.Variable, scope: Scope) -> Val:
        """See ``Names``."""
        if node.name == "local":
            return self.locals
        if node.name == "values":
            return self.values(node.span)
        return scope.error(node.span, f'"{node.name}" cannot be referred to here')

    def definition(self, root: str, name: str) -> Definition[Scope] | None:  # noqa: ARG002 - as in a module
        """See ``Names``: none."""
        return None

    def function(self, name: str) -> Callee | None:
        """See ``Names``: Terragrunt's own functions."""
        return self.shared.function(name)

    # What it says.

    def blocks(self, kind: str) -> Iterator[tree.Block]:
        """Its blocks of a type, in order."""
        return (one for one in (self.file.body.blocks if self.file else ()) if one.type == kind)

    @cached_property
    def _locals(self) -> Mapping[str, tree.Attribute]:
        return {
            name: attribute
            for block in self.blocks("locals")
            for name, attribute in block.body.attributes.items()
        }

    @cached_property
    def _values(self) -> dict[str, Val]:
        return {}

    def values(self, span: Span) -> Val:
        """What the stack gives that generates it: beside it, where it has been generated."""
        origin = self.origin
        made = self.shared.generated.get(origin.path)
        if made is not None:
            return made.values()
        place = origin.path.parent / _VALUES
        file = self.shared.file(place) if self.files.is_file(place) else None
        if file is None:
            return _gap("what a stack gives", span)
        known = file.body.attributes
        return Value(
            {name: self.scope.evaluate(one.expression) for name, one in known.items()}, span
        )

    @property
    def lacks_values(self) -> bool:
        """Whether it names values that nothing here gives it: as it is it cannot be run."""
        if self.file is None or _NAMED.search(self.file.source.text) is None:
            return False
        made = self.path in self.shared.generated
        return not made and not self.files.is_file(self.path.parent / _VALUES)

    def _value(self, name: str, span: Span) -> Val:
        every = self.values(span)
        if isinstance(every, Unknown):
            return _gap(f"values.{name}", span)
        found = every.items().get(name)
        return self.scope.error(span, f"there is no values.{name}") if found is None else found

    def _local(self, name: str, span: Span) -> Val:
        attribute = self._locals.get(name)
        if attribute is None:
            return self.scope.error(span, f"there is no local.{name}")
        return self.scope.evaluation.hop(
            self._values,
            name,
            f"local.{name}",
            attribute.span,
            lambda: self.scope.evaluate(attribute.expression),
        )

    @property
    def locals(self) -> Val:
        """All its locals, as an object."""
        span = self.span
        return Value({name: self._local(name, span) for name in sorted(self._locals)}, span)

    @cached_property
    def includes(self) -> dict[str, tuple[Configuration | None, tree.Block]]:
        """What it includes, by its labels, each with its block; ``None`` where that is unknown."""
        found: dict[str, tuple[Configuration | None, tree.Block]] = {}
        if self._including:
            return found  # while the path of an include is evaluated, nothing is included yet
        self._including = True
        for block in self.blocks("include"):
            written = block.body.attributes.get("path")
            self._including = True
            place = None if written is None else self.shared.place(self, written.expression)
            self._including = False
            label = block.labels[0] if block.labels else ""
            config = None if place is None else self.nested(place, included=True)
            found[label] = (config, block)
        self._including = False
        return found

    def included(self, label: str) -> Configuration | None:
        """What a label, or the only block, includes.

        Paths of ``include`` are read before anything is included, so that for them nothing is, and
        ``path_relative_to_include()`` is ``.`` [Terragrunt's HCL reference, order of evaluation].
        """
        if self.child is not None:
            return self
        if self._including:
            return None
        known = self.includes
        found = known.get(label) or (next(iter(known.values())) if len(known) == 1 else None)
        return None if found is None else found[0]

    def _include(self, name: str, span: Span) -> Val:
        if self._including:
            return _gap(f"what include.{name} is", span)
        if name in self.includes:
            config, _ = self.includes[name]
            return _gap(f"what include.{name} is", span) if config is None else config.whole(span)
        bare, _ = self.includes.get("", (None, None))
        if bare is None:
            return _gap(f"what include.{name} is", span)
        found = bare.whole(span).items().get(name)
        return _gap(f"include.{name}", span) if found is None else found

    @cached_property
    def patch(self) -> Configuration | None:
        """What lies beside it and counts before it, as if it included it; mostly nothing.

        Source: Terragrunt's documentation, "Stacks", ``autoinclude``: what is generated for it is
        merged into the unit as an ``include`` is, and wins where both say something.
        """
        place = self.path.parent / _PATCH
        if self.child is not None or self.path == place or not self.files.is_file(place):
            return None
        return self.nested(place, included=True)

    @property
    def layers(self) -> Iterator[Configuration]:
        """It and what it includes, what counts first before others: the last include, upwards.

        What is not merged is not among them.
        """
        if self.patch is not None:
            yield self.patch
        yield self
        for config, block in reversed(self.includes.values()):
            if config is not None and self._strategy(block) != "no_merge":
                yield config

    def dependency(self, name: str) -> tuple[tree.Block, Configuration] | None:
        """The block of a dependency, and what has it: this, or what it includes."""
        for config in self.layers:
            for block in config.blocks("dependency"):
                if block.labels == (name,):
                    return block, config
        return None if self.child is None else self.child.dependency(name)

    def applied(self, name: str, span: Span) -> Val:
        """What a dependency has applied."""
        found = self.shared.dependency(self, name, span)
        words = f"what dependency.{name} has applied is not known"
        return Unknown(words, "data-source", span) if found is None else found

    def _feature(self, name: str, span: Span) -> Val:
        for block in self.blocks("feature"):
            default = block.body.attributes.get("default")
            if block.labels == (name,) and default is not None:
                step = Step(default.span, f"default of feature {name}", assumed=True)
                value = self.scope.evaluate(default.expression).after(step)
                return Value({"value": value}, default.span)
        return _gap(f"feature.{name}", span)

    def whole(self, span: Span) -> Value:
        """All of it, as who includes or reads it sees it."""
        rest = {
            name: _gap(f"{name} of {self.files.display(self.path)}", span) for name in _ELSEWHERE
        }
        dependencies = _Dependencies(self, span)
        known = {"locals": self.locals, "inputs": self.inputs, "dependency": dependencies}
        made = {name: self.made(name, span) for name in ("generate", "remote_state")}
        return Value({**known, **made, **rest}, span)

    def made(self, name: str, span: Span) -> Val:
        """The files that it generates, by their labels, or the state that it writes, as an object.

        Args:
            name: ``generate`` or ``remote_state``: an attribute, or blocks.
            span: Where it is asked for.
        """
        hop = self.scope.evaluation.hop  # these names are no local's
        return hop(self._values, f"{name} ", name, span, lambda: self._made(name, span))

    def _made(self, name: str, span: Span) -> Val:
        attribute = self.attributes.get(name)
        if attribute is not None:
            return self.scope.evaluate(attribute.expression)
        found: dict[str, Val] = {}
        for block in self.blocks(name):
            written = block.body.attributes
            said = {key: self.scope.evaluate(one.expression) for key, one in written.items()}
            if name == "remote_state":
                return Value(said, block.header)
            found["".join(block.labels)] = Value(said, block.header)
        return Value(found if name == "generate" else None, span)

    @cached_property
    def inputs(self) -> Val:
        """Its own inputs over those of what it includes; unknown where some are not known.

        Each file that is included lies below those that are included after it.
        """
        merged = self._own_inputs(self.span)
        for config, block in reversed(self.includes.values()):
            strategy = self._strategy(block)
            if strategy == "no_merge":
                continue
            if strategy is None or config is None:
                return _gap("what it includes", block.header)
            below = config.inputs
            if isinstance(merged, Unknown) or isinstance(below, Unknown):
                return merged if isinstance(merged, Unknown) else below
            merged = Value(_merged(below.items(), merged.items(), strategy), merged.span)
        if self.patch is None:
            return merged
        above = self.patch.inputs
        if isinstance(merged, Unknown) or isinstance(above, Unknown):
            return merged if isinstance(merged, Unknown) else above
        return Value({**merged.items(), **above.items()}, above.span)

    def _own_inputs(self, span: Span) -> Val:
        attribute = self.attributes.get("inputs")
        if attribute is None:
            return Value({}, span)
        return self.scope.evaluation.hop(
            self._values,
            "inputs ",  # no local's name
            "inputs",
            attribute.span,
            lambda: self.scope.evaluate(attribute.expression),
        )

    def _strategy(self, block: tree.Block) -> str | None:
        """How what a block includes is merged; ``None`` where that is not known."""
        written = block.body.attributes.get("merge_strategy")
        return "shallow" if written is None else self.scope.evaluate(written.expression).text


class _Dependencies(Lazy):
    """The dependencies of a configuration that is read, as an object."""

    __slots__ = ("_config",)

    def __init__(self, config: Configuration, span: Span) -> None:
        words = f"what {config.files.display(config.path)} depends on is not known"
        super().__init__(words, "data-source", span)
        self._config = config

    def member(self, name: str, span: Span) -> Val:
        """See ``Lazy``."""
        return self._config.applied(name, span)


def _gap(what: str, span: Span) -> Unknown:
    return Unknown(f"{what} is not known", "expression", span)


def _merged(below: Mapping[str, Val], above: Mapping[str, Val], strategy: str) -> dict[str, Val]:
    found = dict(below)
    for name, value in above.items():
        other = found.get(name)
        found[name] = (
            value if other is None or strategy == "shallow" else _deep(other, value, strategy)
        )
    return found


def _deep(below: Val, above: Val, strategy: str) -> Val:
    if isinstance(below, Value) and isinstance(above, Value):
        if isinstance(below.data, dict) and isinstance(above.data, dict):
            return Value(_merged(below.items(), above.items(), strategy), above.span, above.via)
        lists = isinstance(below.data, tuple) and isinstance(above.data, tuple)
        if lists and strategy == "deep":
            return Value((*below.elements(), *above.elements()), above.span, above.via)
    return above
