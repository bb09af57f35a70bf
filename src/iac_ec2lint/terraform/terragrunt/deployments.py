"""What a configuration of Terragrunt deploys: the folder of a root module, and its values.

Source: Terragrunt's reference, "terraform", "extra_arguments", "inputs", "skip" and "exclude":
inputs are environment variables (``TF_VAR_``), which ``terraform.tfvars`` and named files override.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.source.files import place_named
from iac_ec2lint.terraform.folders.terragrunt import Deployment
from iac_ec2lint.terraform.language.containers import OpenMap
from iac_ec2lint.terraform.places import inside
from iac_ec2lint.terraform.terragrunt.configuration import Configuration
from iac_ec2lint.terraform.terragrunt.files import ConfigurationFiles
from iac_ec2lint.terraform.terragrunt.opening import open_files
from iac_ec2lint.values import Step, Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iac_ec2lint.hcl import tree
    from iac_ec2lint.terraform.folders.modules import ModuleFolders

_APPLYING: Final = ("all", "all_except_output", "apply")
"""The actions of an ``exclude`` that leave out what is deployed."""
_PLANNING: Final = ("apply", "plan")
_OF_VARIABLES: Final = "TF_VAR_"


class NamedValue(NamedTuple):
    """A value that an option of the command line gives a variable, as a text."""

    name: str
    value: Val


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
    shared = open_files(modules)
    config = Configuration(path, shared)
    if config.file is None:
        modules.obscure.add(path)
        return None
    if _is_left_out(config):
        return None
    named = [one for one in _options(config) if isinstance(one, Path)]
    folder = _source(config, modules)
    if folder is None:
        return None
    _ = config.inputs  # for what they read
    return Deployment(folder, config.span, frozenset((*shared.read, *named, *_generating(config))))


def _source(config: Configuration, modules: ModuleFolders) -> Path | None:
    """The folder that it names as its source; its own where it names none."""
    value = next(_sources(config), None)
    if value is None:
        if any(one is None for one, _ in config.includes.values()):
            modules.obscure.add(config.path)  # what it includes may name another
        return config.folder
    if value.text is None:
        folder = inside(value, config.boundary)
        if folder is None and not config.lacks_values:
            modules.obscure.add(config.path)
        return folder
    # Two slashes part what is copied from the folder in it that is run.
    if value.text.startswith(("./", "../")) or value.text in (".", ".."):
        return place_named(config.folder, value.text)
    given = modules.addresses.given(value.text)
    if given is not None:
        return given
    own = modules.addresses.own(value.text, config.path)
    return None if own is None else own.folder


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
    inputs.update(_environment(config))
    return GivenValues(inputs, others, (*shared.read, *_generating(config)))


def _generating(config: Configuration) -> set[Path]:
    """The files of stacks by which a configuration is generated."""
    made = config.shared.generated.get(config.path)
    return set() if made is None else made.read


def depends(path: Path, modules: ModuleFolders) -> bool:
    """Whether a configuration has dependencies, whose outputs it may use."""
    config = Configuration(path, open_files(modules))
    return any(True for layer in config.layers for _ in layer.blocks("dependency"))


def planning_options(path: Path, modules: ModuleFolders) -> tuple[Path | NamedValue | Unknown, ...]:
    """The values that a configuration gives on the command line; they override its inputs.

    Each is a file of values, a value, or what is not known and may set all variables; later ones
    override those before them.

    Args:
        path: Its file, of which ``deployment_of`` says what it deploys.
        modules: Knows what has been read.
    """
    shared = open_files(modules)
    return tuple(_options(Configuration(path, shared)))


def _is_left_out(config: Configuration) -> bool:
    """Whether it says itself that it is not to be run, or what lies over it does."""
    if config.patch is not None and _is_left_out(config.patch):
        return True
    skip = config.attributes.get("skip")
    if skip is not None and config.scope.evaluate(skip.expression).is_true().truth is True:
        return True
    return any(_leaves_out(one.body.attributes, config) for one in config.blocks("exclude"))


def _leaves_out(written: Mapping[str, tree.Attribute], config: Configuration) -> bool:
    """Whether what an ``exclude`` says keeps the configuration from being applied."""
    if "if" not in written or "actions" not in written:
        return False
    if config.scope.evaluate(written["if"].expression).is_true().truth is not True:
        return False
    actions = config.scope.evaluate(written["actions"].expression)
    named = actions.elements() if isinstance(actions, Value) and actions.data else ()
    return any(one.text in _APPLYING for one in named)


def _sources(config: Configuration) -> Iterator[Val]:
    for layer in config.layers:
        for block in layer.blocks("terraform"):
            if "source" in block.body.attributes:
                yield layer.scope.evaluate(block.body.attributes["source"].expression)


def _extra_arguments(config: Configuration) -> list[tuple[Configuration, tree.Block]]:
    """The blocks of arguments that planning takes, later ones override those before them.

    Of those with one label that of the configuration itself counts, where the other stands.
    """
    found: dict[tuple[str, ...], tuple[Configuration, tree.Block]] = {}
    for layer in reversed(tuple(config.layers)):
        for block in layer.blocks("terraform"):
            for extra in block.body.blocks:
                if extra.type == "extra_arguments":
                    found[extra.labels] = (layer, extra)
    return [one for one in found.values() if _is_for_planning(*one)]


def _is_for_planning(layer: Configuration, extra: tree.Block) -> bool:
    commands = extra.body.attributes.get("commands")
    known = None if commands is None else layer.scope.evaluate(commands.expression)
    named = known.elements() if isinstance(known, Value) and known.data else ()
    texts = [one.text for one in named]
    return not texts or None in texts or any(one in texts for one in _PLANNING)


def _options(config: Configuration) -> Iterator[Path | NamedValue | Unknown]:
    """See ``planning_options``."""
    for layer, extra in _extra_arguments(config):
        yield from _arguments(layer, extra)
        for name in ("required_var_files", "optional_var_files"):
            written = extra.body.attributes.get(name)
            for one in () if written is None else _listed(layer, written):
                place = _named_file(layer, one)
                if place is None:
                    yield _gap(name, one)
                elif layer.files.is_file(place):
                    yield place
                elif name.startswith("required"):  # it lies where it is deployed from
                    yield _gap(layer.files.display(place), one)


def _arguments(layer: Configuration, extra: tree.Block) -> Iterator[Path | NamedValue | Unknown]:
    """What ``-var`` and ``-var-file`` set, in one argument or two."""
    written = extra.body.attributes.get("arguments")
    arguments = iter(() if written is None else _listed(layer, written))
    for one in arguments:
        if isinstance(one, Unknown):
            first, *rest = one.parts or ("",)
            named = first in ("-var-file=", "--var-file=") and bool(rest)
            place = inside(one.but(parts=tuple(rest)), layer.boundary) if named else None
            known = place is not None and layer.files.is_file(place)
            yield place if place is not None and known else _gap("arguments", one)
            continue
        if one.text is None:
            continue
        option, equals, text = one.text.partition("=")
        option = option.removeprefix("-")
        if option not in ("-var", "var", "-var-file", "var-file"):
            continue
        value = Value(text, one.span, one.via) if equals else next(arguments, None)
        if value is None:
            continue
        if option.endswith("file"):
            place = _named_file(layer, value)
            known = place is not None and layer.files.is_file(place)
            yield place if place is not None and known else _gap("arguments", value)
            continue
        name, equals, text = (value.text or "").partition("=")
        if equals:
            yield NamedValue(name.strip(), Value(text, value.span, value.via))
        else:
            yield _gap("arguments", value)


def _listed(layer: Configuration, written: tree.Attribute) -> tuple[Val, ...]:
    """The elements of a list; one that is not known where the list is not."""
    listed = layer.scope.evaluate(written.expression)
    if isinstance(listed, Value) and isinstance(listed.data, tuple):
        return tuple(listed.elements())
    return () if listed.is_null else (listed,)


def _named_file(layer: Configuration, value: Val) -> Path | None:
    if value.text is None:
        return inside(value, layer.boundary)
    place = place_named(layer.folder, value.text)
    return None if place is None else layer.shared.copied(place)


def _gap(what: str, value: Val) -> Unknown:
    return Unknown(f"what {what} sets is not known", "expression", value.span)


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
