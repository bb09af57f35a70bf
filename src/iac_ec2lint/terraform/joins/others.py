"""The other root modules that a unit reads of, and what its data sources find there."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from iac_ec2lint.declaration import Unit
from iac_ec2lint.source.discovery import DEPLOYING
from iac_ec2lint.terraform.evaluated import Others
from iac_ec2lint.terraform.joins.lookups import Lookup, Lookups, instances_of
from iac_ec2lint.terraform.joins.remote_states import RemoteState, States
from iac_ec2lint.terraform.joins.shares import ASSOCIATION, shared

if TYPE_CHECKING:
    from pathlib import Path

    from iac_ec2lint.source.span import Span
    from iac_ec2lint.terraform.evaluated import Instance, RootModule
    from iac_ec2lint.terraform.joins.filters import Place
    from iac_ec2lint.values import Val

MOST_ROOTS: Final = 32
"""Root modules that one unit joins; what is beyond stays unknown."""


class OtherRoots(Others):
    """The root modules that one unit joins, each of which is evaluated once for it.

    Args:
        own: The unit's own root module.
        folder: Its folder.
        states: The states that root modules write.
        lookups: The resources that they write.
    """

    __slots__ = ("_deployed", "_lookups", "_of_lookups", "_of_states", "_own", "_roots", "_states")

    def __init__(self, own: RootModule, folder: Path, states: States, lookups: Lookups) -> None:
        self._own = own
        self._of_states, self._of_lookups = states, lookups
        named = own.options.var_files[:1]
        self._deployed = named[0] if named and named[0].name in DEPLOYING else None
        self._roots = {(folder, own.options.workspace, self._deployed): own}
        self._states: dict[str, RemoteState] = {}
        self._lookups: dict[str, Lookup] = {}

    def read(self, instance: Instance, name: str, span: Span) -> Val | None:
        """See ``Others``."""
        return self._lookup(instance).read(name, span)

    def outputs(self, instance: Instance, span: Span) -> Val | None:
        """See ``Others``."""
        return self._state(instance).outputs(span)

    def _lookup(self, instance: Instance) -> Lookup:
        """What a data source looks up."""
        found = self._lookups.get(instance.address)
        if found is None:
            reader = instance.resource.module.unit
            found = self._lookups[instance.address] = Lookup(reader, instance, self._of_lookups)
        return found

    def place_of(self, address: str) -> Place | None:
        """Where a resource of another root module is declared, by its address in this unit.

        A data source that finds it is it, whether or not that is joined.
        """
        looked_up = self._lookups.get(address)
        if looked_up is not None:
            return looked_up.place
        for (folder, _, _), other in self._roots.items():
            prefix = other.root.prefix
            if prefix and address.startswith(prefix):
                return folder, address.removeprefix(prefix)
        return None

    def shared(self, address: str, span: Span) -> Val | None:
        """The ARNs of what a share has, of this or another root module, by its address here.

        Args:
            address: The share's address.
            span: Where they are asked for.
        """
        for other in self._roots.values():
            if other.root.prefix and address.startswith(other.root.prefix):
                return shared(instances_of(other.root, ASSOCIATION), address, span)
        return shared(instances_of(self._own.root, ASSOCIATION), address, span)

    def _state(self, instance: Instance) -> RemoteState:
        """The state that a ``terraform_remote_state`` reads."""
        found = self._states.get(instance.address)
        if found is None:
            reader = instance.resource.module.unit
            found = self._states[instance.address] = RemoteState(reader, instance, self._of_states)
        return found

    def root(
        self, folder: Path, workspace: str | None, deployed: Path | None = None
    ) -> RootModule | None:
        """Another root module, whose resources this unit then has too; see ``Unit.foreign``.

        Args:
            folder: Its folder.
            workspace: Its workspace, where that is known.
            deployed: The configuration of Terragrunt that deploys it, if one does.

        Returns:
            It; ``None`` where there are too many of them already.
        """
        key = folder, workspace, deployed
        found = self._roots.get(key)
        if found is not None:
            return found
        if len(self._roots) > MOST_ROOTS:
            return None
        own = self._own
        unit = own.unit
        shown = folder if deployed is None else deployed.parent
        start = own.root.folder if self._deployed is None else self._deployed.parent
        relative = os.path.relpath(shown, start).replace(os.sep, "/")
        prefix = f"{relative}:" if workspace in (None, "default") else f"{relative}@{workspace}:"
        inner = Unit(
            own.files.display(folder),
            "root-module",
            diagnostics=unit.diagnostics,
            suppressions=unit.suppressions,
            declarations=unit.declarations,
            escapes=unit.escapes,
            secrets=unit.secrets,
            file_texts=unit.file_texts,
            joins=unit.joins,
        )
        options = replace(own.modules.options_of(folder), workspace=workspace)
        if deployed is not None:
            options = replace(options, var_files=(deployed,), variables=())
        context = self._roots[key] = own.beside(folder, inner, options, prefix)
        unit.foreign[prefix] = "" if deployed is None else own.files.display(deployed)
        unit.imported.update(inner.files)
        context.declare(context.root, own.wanted)
        return context

    @property
    def every(self) -> tuple[RootModule, ...]:
        """The unit's own root module and those that it has joined by now."""
        return tuple(self._roots.values())

    def leave(self) -> None:
        """See ``Unit.leave``."""
        for known in (self._roots, self._states, self._lookups):
            known.clear()
