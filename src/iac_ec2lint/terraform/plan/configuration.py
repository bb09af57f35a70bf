"""The configuration that a plan was made from: its constants and references, as far as known.

Of an expression it has the constant value or the names that it refers to, and nothing else: no
operators, no computed indexes, no local values, no dynamic blocks. The result here is certain, or
an unknown with fewer references.

Source: "JSON Output Format", "Configuration Representation" and "Expression Representation".
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.declaration import AWS_ALONE
from iac_ec2lint.source import limits
from iac_ec2lint.terraform.cloud_control import SIGNING_IN, types_among
from iac_ec2lint.terraform.instance_keys import key_text
from iac_ec2lint.terraform.plan.file import Json, Key, mapping, module_address, sequence, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.terraform.plan.file import PlanFile

_TOKEN = re.compile(r'\.?([^.\[\]"]+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]', re.DOTALL)
_NO_RESOURCES = frozenset({"path", "terraform", "tofu", "self", "count"})

Steps = tuple[tuple[str, Key], ...]
"""The module calls that lead to a module instance, each with its instance key."""


class Name(str):
    """A name in a reference; other strings and numbers in it are keys in brackets."""

    __slots__ = ()


Token = Name | str | int


class ConfiguredTarget(NamedTuple):
    """What an expression refers to.

    Attributes:
        block: The address of the resource's block.
        key: The instance.
        attribute: The attribute; empty where the reference is to the whole resource, or the
            attribute is unknown.
    """

    block: str
    key: Key
    attribute: str

    @property
    def address(self) -> str:
        """The address of the instance."""
        return self.block + key_text(self.key)


class Targets:
    """The resources that an expression refers to.

    Attributes:
        found: The instances and attributes, each once.
        given: Whether it also refers to input variables of the root module, which are known.
        opaque: Whether it also refers to things that the plan does not identify.
        either: Whether it is unknown which of the instances of one block is meant.
    """

    __slots__ = ("either", "found", "given", "opaque")

    def __init__(self) -> None:
        self.found: dict[ConfiguredTarget, None] = {}
        self.given = False
        self.opaque = False
        self.either = False

    def add(self, other: Targets) -> None:
        """Add the targets of another expression."""
        self.found.update(other.found)
        self.given = self.given or other.given
        self.opaque = self.opaque or other.opaque
        self.either = self.either or other.either


class Owner(NamedTuple):
    """The block that an expression is in: it decides what ``var``, ``each`` and ``count`` mean.

    Attributes:
        steps: The module instance that it is in.
        block: The address of the block, without its own instance key.
        key: The instance key of that block.
        each: The block's ``for_each``.
    """

    steps: Steps
    block: str
    key: Key
    each: Json


def _references_in(written: Json) -> Iterator[str]:
    """All references of expressions, at any depth."""
    if isinstance(written, list):
        for one in written:
            yield from _references_in(one)
    elif isinstance(written, dict):
        for key, one in written.items():
            if key == "references" and isinstance(one, list):
                yield from (each for each in one if isinstance(each, str))
            else:
                yield from _references_in(one)


class Configuration:
    """The configuration of a plan.

    Args:
        plan: The plan.
    """

    def __init__(self, plan: PlanFile) -> None:
        self._root = mapping(plan.configuration.get("root_module"))
        self._providers = mapping(plan.configuration.get("provider_config"))
        self._keys: dict[str, dict[Key, None]] = {}
        self._modules: dict[tuple[str, ...], dict[str, Json]] = {(): self._root}
        self._resources: dict[tuple[str, ...], dict[str, dict[str, Json]]] = {}
        self._memo: dict[tuple[int, Steps, Key], Targets] = {}
        self._names: dict[int, list[str]] = {}
        self._alike: dict[tuple[str, str], bool] = {}

    @property
    def written(self) -> bool:
        """Whether the plan has one."""
        return bool(self._root)

    @property
    def root_names(self) -> frozenset[tuple[str, str, str]]:
        """Mode, type and name of each block of the root module that declares a resource."""
        return frozenset(
            (
                "data" if block.get("mode") == "data" else "resource",
                string(block.get("type")),
                string(block.get("name")),
            )
            for block in map(mapping, sequence(self._root.get("resources")))
        )

    @property
    def root_calls(self) -> frozenset[str]:
        """The names of the root module's calls."""
        return frozenset(mapping(self._root.get("module_calls")))

    def mentions(self, kinds: frozenset[str]) -> frozenset[str] | None:
        """See ``Unit.mentions``; what a local value names is not in a plan."""
        if not self.written:
            return None
        alone, own = AWS_ALONE in kinds, kinds.union(types_among(kinds))
        found: set[str] = set()
        pending = [("", self._root)]
        while pending:
            prefix, module = pending.pop()
            blocks = map(mapping, sequence(module.get("resources")))
            written: list[Json] = [one for one in blocks if string(one.get("type")) not in own]
            if alone:
                written = [one for one in written if string(one.get("type")).startswith("aws")]
            elif not (prefix and "output" in kinds):
                written.append(module.get("outputs"))
            for name, call in mapping(module.get("module_calls")).items():
                if not alone:
                    written += [one for key, one in mapping(call).items() if key != "module"]
                pending.append((f"{prefix}module.{name}.", mapping(mapping(call).get("module"))))
            for reference in (each for one in written for each in _references_in(one)):
                if reference.startswith("local.") and not alone:
                    return None
                found.add(prefix + ".".join(reference.split("[")[0].split(".")[:2]))
        return frozenset(found)

    def note(self, block: str, key: Key) -> None:
        """Record that a block, of a resource or a module call, has an instance with a key."""
        self._keys.setdefault(block, {})[key] = None

    def resource(self, steps: Steps, name: str) -> dict[str, Json]:
        """The block of a resource (``data.aws_ami.web``) in a module; empty where there is none."""
        path = tuple(call for call, _ in steps)
        found = self._resources.get(path)
        if found is None:
            blocks = map(mapping, sequence(self._module(path).get("resources")))
            found = {string(block.get("address")): block for block in blocks}
            self._resources[path] = found
        return found.get(name, {})

    def _module(self, path: tuple[str, ...]) -> dict[str, Json]:
        found = self._modules.get(path)
        if found is None:
            call = self._call(path)
            found = self._modules[path] = mapping(call.get("module"))
        return found

    def _call(self, path: tuple[str, ...]) -> dict[str, Json]:
        return mapping(mapping(self._module(path[:-1]).get("module_calls")).get(path[-1]))

    # Provider configurations.

    def scope(self, steps: Steps, block: dict[str, Json], kind: str) -> str:
        """The provider configuration of a resource, as ``Declaration.scope`` names it."""
        key = string(block.get("provider_config_key")) or kind.partition("_")[0]
        module, _, name = key.rpartition(":")
        path = [call for call in module.split(".") if call and call != "module"]
        if not module:
            return self._of_aws(name)
        # A module without a configuration of its own has that of its caller.
        while path and not self._configures(".".join(f"module.{call}" for call in path), name):
            if "." in name:
                break  # an alias is never inherited: it was passed, with another name
            path.pop()
        prefix = module_address(steps[: len(path)])
        return f"{prefix}.{name}" if prefix else self._of_aws(name)

    def _of_aws(self, name: str) -> str:
        """The configuration of the AWS provider that signs in as one of Cloud Control's does.

        Returns:
            Its name, where there is one for the same Region; else the name that is given.
        """
        if name.partition(".")[0] != "awscc":
            return name
        own = self._signing_in(name)
        others = [one for one in self._providers if one.startswith("aws.")]
        return next((one for one in ("aws", *others) if self._signing_in(one) == own), name)

    def _signing_in(self, name: str) -> dict[str, Json]:
        expressions = mapping(mapping(self._providers.get(name)).get("expressions"))
        return {key: one for key, one in expressions.items() if key in SIGNING_IN}

    def _configures(self, module: str, name: str) -> bool:
        provider = mapping(self._providers.get(f"{module}:{name}"))
        return "expressions" in provider or "alias" in provider

    def region(self, scope: str) -> str:
        """The Region of a configuration of the root module, where it is a constant."""
        expressions = mapping(mapping(self._providers.get(scope)).get("expressions"))
        return string(mapping(expressions.get("region")).get("constant_value"))

    # References.

    def targets(self, expression: Json, owner: Owner) -> Targets:
        """The resources that an expression refers to, through variables and outputs."""
        return self._targets(expression, owner, 0)

    def _targets(self, expression: Json, owner: Owner, depth: int) -> Targets:
        result = Targets()
        if depth > limits.MODULE_DEPTH:
            result.opaque = True
            return result
        names = self._names_in(expression)
        by_key = any(name.startswith(("each.", "count.")) for name in names)
        memo = (id(expression), owner.steps, owner.key if by_key else None)
        known = self._memo.get(memo)
        if known is not None:
            return known
        for name in names:
            tokens = _tokens(name)
            if tokens:
                result.add(self._follow(tokens, owner, depth, by_key=by_key))
        self._memo[memo] = result
        return result

    def _names_in(self, expression: Json) -> list[str]:
        found = self._names.get(id(expression))
        if found is None:
            written = sequence(mapping(expression).get("references"))
            found = self._names[id(expression)] = _longest([string(name) for name in written])
        return found

    def _follow(
        self, tokens: tuple[Token, ...], owner: Owner, depth: int, *, by_key: bool
    ) -> Targets:
        root = tokens[0]
        if root == "var" and len(tokens) > 1:
            return self._variable(tokens, owner, depth)
        if root == "module" and len(tokens) > 1:
            return self._output(tokens, owner, depth, by_key=by_key)
        if root == "each":
            return self._each(tokens, owner, depth)
        result = Targets()
        if root == "local":
            result.opaque = True
        elif root not in _NO_RESOURCES:
            self._resource(tokens, owner, result, by_key=by_key)
        return result

    def _variable(self, tokens: tuple[Token, ...], owner: Owner, depth: int) -> Targets:
        result = Targets()
        if not owner.steps:
            result.given = True
            return result
        path = tuple(call for call, _ in owner.steps)
        call = self._call(path)
        argument = mapping(call.get("expressions")).get(str(tokens[1]))
        if argument is None:
            result.given = True  # its default
            return result
        outer = owner.steps[:-1]
        prefix = f"{module_address(outer)}." if outer else ""
        caller = Owner(
            outer,
            f"{prefix}module.{path[-1]}",
            owner.steps[-1][1],
            call.get("for_each_expression"),
        )
        return self._select(self._targets(argument, caller, depth + 1), tokens[2:])

    def _output(
        self, tokens: tuple[Token, ...], owner: Owner, depth: int, *, by_key: bool
    ) -> Targets:
        result = Targets()
        name = str(tokens[1])
        prefix = f"{module_address(owner.steps)}." if owner.steps else ""
        rest = tokens[2:]
        keys: list[Key]
        if rest and not isinstance(rest[0], Name):
            keys, rest = [rest[0]], rest[1:]
        else:
            keys = self._keys_meant(f"{prefix}module.{name}", owner, result, by_key=by_key)
        if not rest:
            result.opaque = True  # a computed index hides the output's name
            return result
        path = (*(call for call, _ in owner.steps), name)
        output = mapping(mapping(self._module(path).get("outputs")).get(str(rest[0])))
        for key in keys:
            inside = Owner((*owner.steps, (name, key)), "", None, None)
            found = self._targets(output.get("expression"), inside, depth + 1)
            result.add(self._select(found, rest[1:]))
        return result

    def _each(self, tokens: tuple[Token, ...], owner: Owner, depth: int) -> Targets:
        result = Targets()
        if tokens[1:2] != ("value",) or owner.each is None:
            return result
        found = self._targets(owner.each, owner._replace(each=None), depth + 1)
        result.add(self._select(found, (owner.key, *tokens[2:]) if owner.key is not None else ()))
        return result

    def _resource(
        self, tokens: tuple[Token, ...], owner: Owner, result: Targets, *, by_key: bool
    ) -> None:
        size = 3 if tokens[0] == "data" else 2
        if len(tokens) < size:
            return
        prefix = f"{module_address(owner.steps)}." if owner.steps else ""
        block = prefix + ".".join(str(token) for token in tokens[:size])
        rest = tokens[size:]
        if rest and not isinstance(rest[0], Name):
            result.found[ConfiguredTarget(block, rest[0], _spelled(rest[1:]))] = None
            return
        for key in self._keys_meant(block, owner, result, by_key=by_key):
            result.found[ConfiguredTarget(block, key, _spelled(rest))] = None

    def _keys_meant(self, block: str, owner: Owner, result: Targets, *, by_key: bool) -> list[Key]:
        """The instances of a block to which a reference without a literal key may refer.

        One that is indexed by ``each`` or ``count`` refers to the instance with the same key, where
        both blocks have the same keys; otherwise to any.
        """
        keys = self._keys.get(block)
        if not keys:
            return [None]
        if by_key and owner.key in keys and self._have_same_keys(block, owner.block):
            return [owner.key]
        if by_key and len(keys) > 1:
            result.either = True
        return list(keys)

    def _have_same_keys(self, first: str, second: str) -> bool:
        alike = self._alike.get((first, second))
        if alike is None:
            alike = self._keys.get(first, {}).keys() == self._keys.get(second, {}).keys()
            self._alike[first, second] = alike
        return alike

    def _select(self, found: Targets, rest: tuple[Token, ...]) -> Targets:
        """The targets of an index or attribute of an expression with the targets ``found``."""
        if not rest or not found.found:
            return found
        result = Targets()
        result.add(found)
        first = rest[0]
        if isinstance(first, Name):
            if all(not target.attribute for target in found.found):
                spelled = _spelled(rest)
                result.found = {t._replace(attribute=spelled): None for t in found.found}
            return result
        picked = [t for t in found.found if t.key == first and type(t.key) is type(first)]
        blocks = {target.block for target in found.found}
        if len(blocks) == 1 and len(picked) == 1 and not found.opaque and not found.given:
            attribute = picked[0].attribute or _spelled(rest[1:])
            result.found = {picked[0]._replace(attribute=attribute): None}
        elif len(found.found) > 1:
            result.either = True
        return result


def _longest(names: list[str]) -> list[str]:
    """References without those that are a prefix of the one before, which are listed with it."""
    found: list[str] = []
    for name in names:
        if not any(
            longer.startswith(name) and longer[len(name) :][:1] in (".", "[", "")
            for longer in found
        ):
            found.append(name)
    return found


def _tokens(text: str) -> tuple[Token, ...]:
    """The names and keys of a reference; empty where the text is not a reference."""
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            return ()
        if match[1] is not None:
            found.append(Name(match[1]))
        elif match[2] is not None:
            found.append(int(match[2]) if len(match[2]) < 20 else 0)
        else:
            try:
                found.append(str(json.loads(match[3])))
            except ValueError:
                return ()
        at = match.end()
    return tuple(found)


def _spelled(tokens: tuple[Token, ...]) -> str:
    """The text of names and keys as an attribute's path."""
    text = ""
    for token in tokens:
        if isinstance(token, Name):
            text += f".{token}" if text else token
        else:
            text += key_text(token)
    return text
