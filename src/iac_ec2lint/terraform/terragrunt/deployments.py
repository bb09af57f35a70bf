"""What a configuration of Terragrunt deploys: the folder of a root module, and its values.

Source: Terragrunt's reference, "terraform", "extra_arguments", "inputs", "skip" and "exclude":
inputs are environment variables (``TF_VAR_``), which ``terraform.tfvars`` and named files override.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.source.budget import Budget
from iac_ec2lint.source.files import place_named
from iac_ec2lint.terraform.language.containers import OpenMap
from iac_ec2lint.terraform.places import inside
from iac_ec2lint.terraform.terragrunt.configuration import Configuration
from iac_ec2lint.terraform.terragrunt.files import ConfigurationFiles
from iac_ec2lint.values import Step, Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from iac_ec2lint.hcl import tree
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.terraform.folders.modules import ModuleFolders

NAMES: Final = ("terragrunt.hcl", "terragrunt.hcl.json")
"""The names of configurations that deploy something."""
_PLANNING: Final = ("apply", "plan")
_OF_VARIABLES: Final = "TF_VAR_"


class Deployment(NamedTuple):
    """What a configuration deploys.

    Attributes:
        folder: The folder of the root module.
        span: Where its inputs are written, or its first line.
        read: The files that say so, and what its inputs are.
    """

    folder: Path
    span: Span
    read: frozenset[Path]


class GivenValues(NamedTuple):
    """What a root module is deployed with.

    Attributes:
        inputs: The values of variables.
        others: That of all others, where some of the inputs are not known; else ``None``.
        read: The files that were read for it.
    """

    inputs: Mapping[str, Val]
    others: Unknown | None
    read: tuple[Path, ...]


def deployment_of(path: Path, modules: ModuleFolders) -> Deployment | None:
    """What a configuration deploys; ``None`` where that is nothing, not here, or not known.

    Args:
        path: Its file.
        modules: Knows where the modules of addresses lie, and remembers it.
    """
    if path not in modules.deployments:
        modules.deployments[path] = _deployment(path, modules)
    return modules.deployments[path]


def _deployment(path: Path, modules: ModuleFolders) -> Deployment | None:
    shared = ConfigurationFiles(modules.files, Budget(), modules.configurations)
    config = Configuration(path, shared)
    if config.file is None or _is_left_out(config):
        return None
    named = _value_files(config)
    if named is None:
        return None
    folder = _source(config, modules)
    if folder is None:
        return None
    _ = config.inputs  # for what they read
    return Deployment(folder, config.span, frozenset((*shared.read, *named)))


def _source(config: Configuration, modules: ModuleFolders) -> Path | None:
    """The folder that it names as its source; its own where it names none."""
    value = next(_sources(config), None)
    if value is None:
        return config.folder
    if value.text is None:
        return inside(value, config.boundary)
    # Two slashes part what is copied from the folder in it that is run.
    if value.text.startswith(("./", "../")) or value.text in (".", ".."):
        return place_named(config.folder, value.text)
    return modules.addresses.given(value.text)


def given_values(path: Path, shared: ConfigurationFiles) -> GivenValues:
    """What a configuration that deploys something gives the variables of its root module.

    Args:
        path: Its file, of which ``deployment_of`` says what it deploys.
        shared: What reads it.
    """
    config = Configuration(path, shared)
    name = shared.files.display(path)
    written = config.inputs
    others = None
    inputs: dict[str, Val] = {}
    known = written.known if isinstance(written, OpenMap) else written.items()
    if isinstance(written, Unknown):
        others = written.but(cause="expression", references=())
    for key, value in known.items():
        inputs[key] = _plain(value).after(Step(value.span, f'input "{key}" of {name}'))
    for key, value in _environment(config):
        inputs.setdefault(key, value)
    return GivenValues(inputs, others, tuple(shared.read))


def value_files(path: Path, modules: ModuleFolders) -> tuple[Path, ...]:
    """The files of values that a configuration names; they override its inputs.

    Args:
        path: Its file, of which ``deployment_of`` says what it deploys.
        modules: Knows what has been read.
    """
    shared = ConfigurationFiles(modules.files, Budget(), modules.configurations)
    return tuple(_value_files(Configuration(path, shared)) or ())


def _is_left_out(config: Configuration) -> bool:
    """Whether it says itself that it is not to be run."""
    skip = config.attributes.get("skip")
    if skip is not None and config.scope.evaluate(skip.expression).is_true().truth is True:
        return True
    conditions = (one.body.attributes.get("if") for one in config.blocks("exclude"))
    return any(
        one is not None and config.scope.evaluate(one.expression).is_true().truth is True
        for one in conditions
    )


def _layers(config: Configuration) -> Iterator[Configuration]:
    """It, and what it includes, the first that counts first."""
    yield config
    yield from (one for one, _ in config.includes.values() if one is not None)


def _sources(config: Configuration) -> Iterator[Val]:
    for layer in _layers(config):
        for block in layer.blocks("terraform"):
            if "source" in block.body.attributes:
                yield layer.scope.evaluate(block.body.attributes["source"].expression)


def _extra_arguments(config: Configuration) -> Iterator[tuple[Configuration, tree.Block]]:
    """The blocks of arguments that planning takes, those of each label once."""
    seen: set[tuple[str, ...]] = set()
    for layer in _layers(config):
        for block in layer.blocks("terraform"):
            for extra in block.body.blocks:
                if extra.type != "extra_arguments" or extra.labels in seen:
                    continue
                seen.add(extra.labels)
                commands = extra.body.attributes.get("commands")
                known = None if commands is None else layer.scope.evaluate(commands.expression)
                named = known.elements() if isinstance(known, Value) and known.data else ()
                texts = [one.text for one in named]
                if not texts or None in texts or any(one in texts for one in _PLANNING):
                    yield layer, extra


def _value_files(config: Configuration) -> list[Path] | None:
    """The files of values that are named; ``None`` where one of them is not known."""
    found: list[Path] = []
    for layer, extra in _extra_arguments(config):
        for name in ("required_var_files", "optional_var_files"):
            written = extra.body.attributes.get(name)
            if written is None:
                continue
            listed = layer.scope.evaluate(written.expression)
            if not isinstance(listed, Value) or not isinstance(listed.data, tuple):
                return None
            for one in listed.elements():
                text = one.text
                place = inside(one, layer.boundary)
                if text is not None:
                    place = place_named(layer.folder, text)
                if place is None:
                    return None
                if name.startswith("required") or layer.files.is_file(place):
                    found.append(place)
    return found


def _environment(config: Configuration) -> Iterator[tuple[str, Val]]:
    """The variables that environment variables set which it says itself."""
    for layer, extra in _extra_arguments(config):
        written = extra.body.attributes.get("env_vars")
        value = None if written is None else layer.scope.evaluate(written.expression)
        if isinstance(value, Value) and isinstance(value.data, dict):
            for name, one in value.items().items():
                if name.startswith(_OF_VARIABLES):
                    yield name.removeprefix(_OF_VARIABLES), _plain(one)


def _plain(value: Val) -> Val:
    """A value in which what could not be evaluated is not known: Terragrunt tells what is wrong."""
    if isinstance(value, Unknown):
        return value.but(cause="expression") if value.cause == "error" else value
    if isinstance(value.data, tuple):
        return value.but(data=tuple(map(_plain, value.elements())))
    if isinstance(value.data, dict):
        return value.but(data={name: _plain(one) for name, one in value.items().items()})
    return value
