"""What ``terragrunt stack generate`` makes of a stack: a folder for each unit and inner stack.

Nothing is written. Each configuration is known by the place that it would be generated at, where
relative paths and the folders above count, and is read where its source lies. A unit whose source
is in another repository is not known.

Source: Terragrunt's documentation, "Stacks" and the blocks ``unit`` and ``stack``: they are copies
of their sources, with the values in ``terragrunt.values.hcl``, below ``.terragrunt-stack`` unless
``no_dot_terragrunt_stack`` says otherwise. What a stack includes is as if it stood in it: it has no
locals and no includes of its own (``internal/hclparse/parse.go``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.source.discovery import DEPLOYING, STACK
from iac_ec2lint.source.files import place_named
from iac_ec2lint.terraform.folders.terragrunt import Generated
from iac_ec2lint.terraform.places import inside
from iac_ec2lint.terraform.terragrunt.configuration import Configuration
from iac_ec2lint.terraform.terragrunt.opening import open_files
from iac_ec2lint.values import Step, Val, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from iac_ec2lint.hcl import tree
    from iac_ec2lint.terraform.folders.modules import ModuleFolders

_BELOW: Final = ".terragrunt-stack"
_DEPTH: Final = 10
"""How many stacks may be made of one another in a chain."""
_MOST: Final = 1000
"""How many configurations may be generated in all."""


def generated_units(stacks: Iterable[Path], modules: ModuleFolders) -> list[Path]:
    """The configurations of all units that stacks are made of, where they would be generated.

    A stack that another is made of is no stack itself: nobody gives it values.

    Args:
        stacks: Files of stacks.
        modules: Takes note of what is generated, and of what cannot be told.
    """
    found = {path: list(_units(path, modules, 0)) for path in stacks}
    inner = {one.template for one in modules.generated.values()}
    return [unit for path, units in found.items() if path not in inner for unit in units]


def _units(path: Path, modules: ModuleFolders, depth: int) -> Iterator[Path]:
    shared = open_files(modules)
    config = Configuration(path, shared)
    if path in modules.generated:
        shared.read.update(modules.generated[path].read)
    if depth > _DEPTH or len(modules.generated) >= _MOST:
        modules.obscure.add(path)
        return
    if config.file is None:
        _note(config, modules)
    blocks = [*(config.file.body.blocks if config.file else ()), *_included(config, modules)]
    for kind, names in (("unit", DEPLOYING), ("stack", (STACK,))):
        for block in blocks:
            made = _made(block, config, names, modules) if block.type == kind else None
            if made is not None and kind == "unit":
                yield made
            elif made is not None:
                yield from _units(made, modules, depth + 1)


def _included(config: Configuration, modules: ModuleFolders) -> Iterator[tree.Block]:
    """The blocks of what a stack includes, whose relative paths begin where the stack lies."""
    for include in config.blocks("include"):
        path = include.body.attributes.get("path")
        place = None if path is None else config.shared.place(config, path.expression)
        file = None if place is None else config.shared.file(place)
        blocks = () if file is None else file.body.blocks
        if file is None or any(one.type in ("include", "locals") for one in blocks):
            _note(config, modules)
        yield from blocks


def _made(
    block: tree.Block, config: Configuration, names: tuple[str, ...], modules: ModuleFolders
) -> Path | None:
    """The configuration that a block generates; ``None`` where that is not known."""
    source, path = (_evaluated(block, config, name) for name in ("source", "path"))
    beside = _evaluated(block, config, "no_dot_terragrunt_stack")
    dotted = True if beside is None else (~beside.is_true()).truth
    if any(one.type == "autoinclude" for one in block.body.blocks):
        _note(config, modules)  # it replaces what the unit says itself
    if source is None or path is None or path.text is None or dotted is None:
        _note(config, modules)
        return None
    folder = inside(source, config.boundary)
    if source.text is not None:
        given = modules.addresses.given(source.text)
        local = source.text.startswith(("./", "../", "/"))
        folder = place_named(config.folder, source.text) if local else given
    elif folder is None:
        _note(config, modules)
    target = place_named(config.folder / _BELOW if dotted else config.folder, path.text)
    if folder is None or target is None:
        return None
    for name in names:
        template = config.shared.copied(folder / name)
        if modules.files.is_file(template):
            made = Generated(template, lambda: _values(block, config), config.shared.read)
            modules.generated[target / name] = made
            return target / name
    return None


def _note(config: Configuration, modules: ModuleFolders) -> None:
    """Take note that what a stack is made of cannot be told, unless it lacks what makes it one."""
    if not config.lacks_values:
        modules.obscure.add(config.path)


def _evaluated(block: tree.Block, config: Configuration, name: str) -> Val | None:
    written = block.body.attributes.get(name)
    return None if written is None else config.scope.evaluate(written.expression)


def _values(block: tree.Block, config: Configuration) -> Val:
    """What a block gives the configuration that it generates."""
    written = block.body.attributes.get("values")
    if written is None:
        return Value({}, block.header)
    value = config.scope.evaluate(written.expression)
    label = " ".join((block.type, *(f'"{one}"' for one in block.labels)))
    step = Step(written.span, f"values of {label} in {config.files.display(config.path)}")
    return value.after(step)
