"""Moves the whole of a root module into a local child module that is called once."""

from __future__ import annotations

import posixpath

from tests.invariance.projects import Project
from tests.invariance.syntax import literal_text, modules, source_text, walk

from iac_ec2lint.hcl import tree
from iac_ec2lint.hcl.parser import parse
from iac_ec2lint.source.span import SourceText

PREFIX = "module.inner."
_ARGUMENTS_OF_CALLS = {"source", "version", "providers", "count", "for_each", "depends_on"}


def can_be_wrapped(project: Project) -> bool:
    """Whether a child module may hold all of it.

    It has no aliases of providers and no path to the root; a backend has no effect in it, and
    `import` blocks stand in root modules alone.
    """
    found = modules(project)
    root = found.get(".")
    if root is None:
        return False
    if next(root.blocks("import"), None) is not None:
        return False
    if any("alias" in block.body.attributes for block in root.blocks("provider")):
        return False
    if {block.labels[0] for block in root.blocks("variable")} & _ARGUMENTS_OF_CALLS:
        return False
    inner = (one for block in root.blocks("terraform") for one in block.body.blocks)
    if any(one.type == "backend" for one in inner):
        return False
    return not any(
        _hangs_on_place(node)
        for module in found.values()
        for file in module.files.values()
        for node, _ in walk(file.body)
    )


def _hangs_on_place(node: tree.Node) -> bool:
    """Whether a node names the root's folder, or a path relative to it."""
    if isinstance(node, tree.FunctionCall) and node.name.startswith(("file", "templatefile")):
        return literal_text(node.arguments[0]) is not None
    return (
        isinstance(node, tree.GetAttribute)
        and isinstance(node.operand, tree.Variable)
        and (node.operand.name, node.name) in {("path", "root"), ("path", "cwd")}
    )


def wrapped(project: Project) -> Project:
    """The project as a root module that calls all it was as ``module.inner``."""
    after: dict[str, str] = {}
    given = _given(project)
    root: list[str] = []
    arguments: list[str] = []
    for path, text in project.items():
        if path.endswith((".tfvars", ".lock.hcl")):
            after[path] = text
            continue
        moved = text
        if path.endswith((".tf", ".tofu")) and posixpath.dirname(path) == "":
            body = parse(SourceText(path, text))[0].body
            for block in reversed(body.blocks):
                if block.type == "provider":
                    root.append(source_text(block))
                    moved = moved[: block.start] + moved[block.end :]
                elif block.type == "terraform":
                    root.append(source_text(block))
                elif block.type == "output":  # what others are told they are still told
                    name = block.labels[0]
                    said = block.body.attributes.get("sensitive")
                    hidden = "" if said is None else f"  {source_text(said)}\n"
                    root.append(f'output "{name}" {{\n  value = module.inner.{name}\n{hidden}}}')
                elif block.type == "variable":
                    name = block.labels[0]
                    if "default" not in block.body.attributes or name in given:
                        root.append(source_text(block))
                        arguments.append(f"  {name} = var.{name}")
        after[posixpath.join("inner", path)] = moved
    # Providers at the root may speak of variables of any kind.
    lines = "\n".join(['  source = "./inner"', *arguments])
    needed = _variables_of("\n".join(root), project)
    after["root.tf"] = "\n\n".join([*root, *needed, f'module "inner" {{\n{lines}\n}}\n'])
    return after


def called_twice(project: Project, *, shared: bool) -> Project:
    """The project as a root module that calls all it was twice: from one folder or from a copy."""
    after = dict(wrapped(project))
    call = after["root.tf"].rpartition('module "inner"')[2]
    folder = "inner" if shared else "copy"
    again = call.replace('source = "./inner"', f'source = "./{folder}"')
    after["root.tf"] += f'\nmodule "again"{again}'
    if not shared:
        copied = {
            f"copy/{path.removeprefix('inner/')}": text
            for path, text in after.items()
            if path.startswith("inner/")
        }
        after.update(copied)
    return after


def unwrapped(text: str) -> str:
    """A text without the child module's address."""
    return text.replace(PREFIX, "")


def _given(project: Project) -> set[str]:
    """The variables that files set."""
    return {
        name
        for path, text in project.items()
        if path.endswith(".tfvars")
        for name in parse(SourceText(path, text))[0].body.attributes
    }


def _variables_of(text: str, project: Project) -> list[str]:
    """The blocks of variables with defaults that the root's text speaks of."""
    return [
        source_text(block)
        for block in modules(project)["."].blocks("variable")
        if f"var.{block.labels[0]}" in text and source_text(block) not in text
    ]
