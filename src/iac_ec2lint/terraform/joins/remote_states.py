"""What ``terraform_remote_state`` reads, where the root module of that state is in the same scan.

Source: "The terraform_remote_state Data Source", "Backend block configuration overview" and the
pages of the backends. A part of a backend's configuration that is given elsewhere is not known, so
that a backend without it is no other's.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.hcl import tree
from iac_ec2lint.hcl.parser import parse
from iac_ec2lint.source.discovery import DEPLOYING
from iac_ec2lint.source.files import place_named
from iac_ec2lint.source.span import beginning
from iac_ec2lint.terraform.folders.syntax import static_text
from iac_ec2lint.terraform.language.containers import Lazy
from iac_ec2lint.terraform.language.marks import marks_in
from iac_ec2lint.values import Join, Step, Unknown, Val, Value
from iac_ec2lint.values.walking import used_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from iac_ec2lint.declaration import Section
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.terraform.evaluated import Instance, ModulesOfScan, RootModule

TYPE: Final = "terraform_remote_state"

_IDENTITY: Final = {
    "azurerm": ("storage_account_name", "container_name", "key"),
    "gcs": ("bucket", "prefix"),
    "s3": ("bucket", "key"),
}
"""The settings that together are one state in the world, all of which must be written."""
_MORE: Final = {"s3": ("workspace_key_prefix",)}
"""Those that may be left out."""
_ELSEWHERE: Final = ("endpoint", "endpoints", "storage_custom_endpoint")
"""Settings with which the same names are others."""

Identity = tuple[str, ...]


class Root(NamedTuple):
    """A root module of the scan that writes a state.

    Attributes:
        folder: Its folder.
        span: Where its backend is declared, or where it begins.
        deployed: The configuration of Terragrunt that deploys it, if one does.
    """

    folder: Path
    span: Span
    deployed: Path | None = None


class States:
    """The states that the root modules of a scan write, found on the first request.

    Args:
        modules: Reads the modules.
        folders: The folders of all modules of the scan.
    """

    def __init__(self, modules: ModulesOfScan, folders: Callable[[], Iterable[Path]]) -> None:
        self._modules = modules
        self._folders = folders
        self._found: dict[Identity, list[Root]] | None = None

    def find(self, identity: Identity) -> list[Root]:
        """The root modules that write a state, by path."""
        if self._found is None:
            self._found = {}
            for folder in sorted(self._folders()):
                found = self._of(folder)
                if found is not None:
                    self._found.setdefault(found[0], []).append(Root(folder, found[1]))
            for path, one in sorted(self._modules.deployments.items()):
                written = None if one is None else self._of_deployment(path, one.folder)
                if one is not None and written is not None:
                    self._found.setdefault(written, []).append(Root(one.folder, one.span, path))
        return self._found.get(identity, [])

    def _of_deployment(self, path: Path, folder: Path) -> Identity | None:
        """The state of what a configuration of Terragrunt deploys, as far as it says that itself.

        It does by ``remote_state``, or by a file with a backend that it generates.
        """
        from iac_ec2lint.terraform.terragrunt.generation import generated_files  # rare
        from iac_ec2lint.terraform.terragrunt.state import remote_state

        state = remote_state(path, self._modules)
        if state is not None:
            return _identity(*state)
        for made in generated_files(path, self._modules):
            for block in parse(made.text)[0].body.blocks if made.text is not None else ():
                inner = block.body.blocks if block.type == "terraform" else ()
                backend = next((one for one in inner if one.type in ("backend", "cloud")), None)
                if backend is not None:
                    return _written(backend, folder)
        return None

    def _of(self, folder: Path) -> tuple[Identity, Span] | None:
        syntax = self._modules.syntax(folder)
        real = self._modules.real(folder)
        if real in self._modules.terragrunt or real in self._modules.sources or syntax.partial:
            return None
        block = syntax.backend
        if block is not None:
            identity = _written(block, folder)
            return None if identity is None else (identity, block.header)
        if not syntax.files:
            return None
        return _local(folder, "terraform.tfstate"), beginning(syntax.files[0].source)


def _written(block: tree.Block, folder: Path) -> Identity | None:
    """The state of a backend; ``None`` where a part of it is given elsewhere."""
    kind = "remote" if block.type == "cloud" else block.labels[0]
    texts = {
        name: static_text(attribute.expression) for name, attribute in block.body.attributes.items()
    }
    if kind == "local":
        path = texts.get("path", "terraform.tfstate")
        return None if path is None else _local(folder, path)
    if kind == "remote":
        inner = [one for one in block.body.blocks if one.type == "workspaces"]
        name = inner[0].body.attributes.get("name") if len(inner) == 1 else None
        texts["workspaces"] = static_text(name.expression) if name is not None else None
    return _identity(kind, texts)


def _identity(kind: str, texts: dict[str, str | None]) -> Identity | None:
    if kind == "remote":
        host = texts.get("hostname", "app.terraform.io")
        parts = [host, texts.get("organization"), texts.get("workspaces")]
    elif kind in _IDENTITY and not any(name in texts for name in _ELSEWHERE):
        parts = [texts.get(name) for name in _IDENTITY[kind]]
        parts += [texts.get(name, "") for name in _MORE.get(kind, ())]
    else:
        return None
    known = [part for part in parts if part is not None]
    return (kind, *known) if len(known) == len(parts) else None


def _local(folder: Path, path: str) -> Identity:
    place = place_named(folder, path)
    return "local", os.path.normpath(place) if place is not None else ""


def written_identity(block: tree.Block, folder: Path) -> Identity | None:
    """The state that a ``terraform_remote_state`` reads, as far as its texts are all written.

    Args:
        block: Its block.
        folder: The folder of the root module.

    Returns:
        The state; ``None`` where a part of it is no text, so that it may be any.
    """
    written = block.body.attributes
    kind, config = written.get("backend"), written.get("config")
    name = None if kind is None else static_text(kind.expression)
    if name is None or config is None or not isinstance(config.expression, tree.ObjectExpression):
        return None
    items = config.expression.items
    texts = {static_text(one.key) or "": static_text(one.value) for one in items}
    if name == "local":
        path = texts.get("path")
        return None if path is None else _local(folder, path)
    return None if name == "remote" else _identity(name, texts)


def output_of(other: RootModule, name: str, reader: RootModule) -> Val | None:
    """An output of another root module; ``None`` where it has none, hides it or cannot tell it.

    Args:
        other: The root module.
        name: The output's name.
        reader: The unit that reads it, whose chain of references goes on there.
    """
    if name not in other.root.syntax.outputs:
        return None
    evaluation, own = other.evaluation, reader.evaluation
    depth = evaluation.depth
    if evaluation is not own:
        evaluation.depth += own.depth
    try:
        value = other.root.output(name)
    finally:
        evaluation.depth = depth
    if value is None or marks_in((value,)):
        return None
    return None if isinstance(value, Unknown) and value.cause in ("error", "limit") else value


class RemoteState:
    """One ``terraform_remote_state``, and the root module that writes what it reads.

    Args:
        context: The unit that reads it.
        instance: The data source.
        states: The states that root modules write.
    """

    def __init__(self, context: RootModule, instance: Instance, states: States) -> None:
        self._context = context
        self._instance = instance
        self._assumed: dict[Step, None] = {}
        self.workspace = "default"
        identity = self._asked(instance.section)
        own = context.root.folder
        first = context.options.var_files[:1]
        by = first[0] if first and first[0].name in DEPLOYING else None
        every = states.find(identity) if identity is not None else []
        found = [root for root in every if context.files.inside(root.folder, own)]
        itself = bool(found) and (found[0].folder, found[0].deployed) == (own, by)
        self.root = found[0] if len(found) == 1 and not itself else None
        if len(found) > 1:
            names = [context.files.display(one.deployed or one.folder) for one in found]
            context.note_several(instance, [f"the state of {name}" for name in names])

    def _asked(self, section: Section) -> Identity | None:
        kind = self._text(section, "backend")
        config = section.section("config")
        if kind is None or config is None:
            return None
        workspace = section.get("workspace")
        self.workspace = "default" if workspace is None else workspace.text or ""
        folder = self._context.root.folder
        texts = {name: self._text(config, name) for name in config.names()}
        if kind == "local":
            path = texts.get("path")
            return None if path is None or workspace is not None else _local(folder, path)
        if kind == "remote":
            inner = config.section("workspaces")
            texts["workspaces"] = self._text(inner, "name") if inner is not None else None
        return _identity(kind, texts)

    def _text(self, section: Section, name: str) -> str | None:
        value = section.get(name)
        if not isinstance(value, Value) or value.text is None:
            return None
        self._assumed.update(dict.fromkeys(step for step in value.via if step.assumed))
        return value.text

    @property
    def place(self) -> str:
        """The folder of the root module, as messages name it."""
        root = self.root
        return "" if root is None else self._context.files.display(root.deployed or root.folder)

    def join(self, reason: str, source: Span) -> Join:
        """That what it reads is what the root module writes."""
        instance = self._instance
        root = self.root
        what = "of what is deployed by" if root and root.deployed else "of the root module"
        words = f"{instance.address} is the state {what} {self.place}"
        origin = root.span if root is not None else None
        return Join(reason, instance.resource.block.header, words, source, origin=origin)

    def note(self) -> bool:
        """Take note that it could be joined, and say whether it is."""
        if self.root is None:
            return False
        reason = f"{self._instance.address}.outputs"
        joins = self._context.unit.joins
        return joins.taken or joins.add(self.join(reason, self.root.span))

    def outputs(self, span: Span) -> Val | None:
        """The outputs of that root module; ``None`` where they are not joined."""
        if not self.note() or self.root is None:
            return None
        root = self.root
        other = self._context.others.root(root.folder, self.workspace or None, root.deployed)
        return None if other is None else _Outputs(self, other, span)

    def output(self, other: RootModule, name: str, span: Span) -> Val:
        """One output of the root module that writes it; unknown where it has none of that name."""
        unknown = self._instance.reference(f"outputs.{name}", span)
        block = other.root.syntax.outputs.get(name)
        key = f"{self._instance.address}.outputs.{name}"
        stated = self._context.evaluation.stated.value(key, span)
        if stated is not None:
            return stated.read_from(unknown)  # somebody's word counts
        if block is None:
            return unknown
        value = output_of(other, name, self._context)
        if value is None:
            return unknown
        written = block.body.attributes.get("value")
        source = written.span if written is not None else block.header
        join = self.join(f"{self._instance.address}.outputs.{name}", source)
        self._context.unit.joins.add(join)
        return used_at(value, span).after(join.step, *self._assumed)


class _Outputs(Lazy):
    """The outputs of another root module as an object."""

    __slots__ = ("_other", "_state")

    def __init__(self, state: RemoteState, other: RootModule, span: Span) -> None:
        super().__init__(f"the outputs of the root module {state.place}", "data-source", span)
        self._state = state
        self._other = other

    def member(self, name: str, span: Span) -> Val | None:
        """See ``Lazy``."""
        return self._state.output(self._other, name, span)

    def whole(self) -> Val:
        """All of them."""
        names = sorted(self._other.root.syntax.outputs)
        members = {name: self._state.output(self._other, name, self.span) for name in names}
        return Value(members, self.span, self.via, marks=self.marks)
