"""Plans as JSON: from ``terraform show -json`` to the declarations of a root module.

The plan has the values. Their places and references come from the sources, if these are on the
disk; otherwise from the plan's own configuration, which has less.

Source: "JSON Output Format" of the Terraform documentation, and OpenTofu's.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from iac_ec2lint.declaration import Unit
from iac_ec2lint.source import limits
from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.source.marks import begins_as_json, has_plan_mark, plain
from iac_ec2lint.terraform.plan.file import (
    HEAD_BYTES,
    NO_PLAN,
    looks_like_plan,
    near_miss,
    read_plan,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from iac_ec2lint.source.files import Files
    from iac_ec2lint.terraform.unit import Modules


class Plans:
    """The plans of one scan.

    Args:
        files: What reads files.
        modules: The modules of the scan, for the sources.
        source_root: The root module that the plans were made from; the folder of each plan if not
            given.
    """

    def __init__(
        self, files: Files, modules: Callable[[], Modules], source_root: Path | None = None
    ) -> None:
        self.files = files
        self.modules = modules
        self.source_root = source_root
        self._seen: dict[str, bool] = {}
        self._broken: dict[str, Diagnostic] = {}

    def is_plan(self, path: Path) -> bool:
        """Whether a file is a plan, or meant to be one, by its content."""
        key = os.path.normpath(path)
        if key not in self._seen:
            self._seen[key] = self._sniff(path)
        return self._seen[key]

    def _sniff(self, path: Path) -> bool:
        files = self.files
        head = self._head(path)
        if looks_like_plan(head):
            return True
        if not begins_as_json(head):
            return False
        raw = head if len(head) < HEAD_BYTES else files.read_bytes(path, limits.PLAN_BYTES)
        if isinstance(raw, Diagnostic) or not has_plan_mark(plain(raw)):
            return False
        # The keys are in another order: only reading it shows whether they are those of a plan.
        plan = read_plan(path, files)
        if isinstance(plan, Diagnostic) and not plan.message.startswith(NO_PLAN):
            self._broken[os.path.normpath(path)] = plan
        return not isinstance(plan, Diagnostic)

    def omission(self, path: Path) -> str | None:
        """Why a file that has the keys of a plan is not read as one; ``None`` where it is none."""
        broken = self._broken.get(os.path.normpath(path))
        return None if broken is None else f"it may be a plan: {broken.message}"

    def is_other_output(self, path: Path) -> bool:
        """Whether a file looks like a plan and is another of Terraform's outputs: a state."""
        raw = self.files.read_bytes(path, limits.PLAN_BYTES)
        return not isinstance(raw, Diagnostic) and not has_plan_mark(plain(raw))

    def near_miss(self, path: Path) -> Diagnostic | None:
        """The diagnostic of a file that was given by name and is nearly a plan."""
        words = near_miss(self._head(path))
        return Diagnostic.of_file(self.files.display(path), words) if words else None

    def _head(self, path: Path) -> bytes:
        return self.files.read_head(path, HEAD_BYTES)

    def evaluate(self, path: Path, wanted: frozenset[str]) -> Unit:
        """Evaluate the root module of a plan, as it will be once the plan is applied.

        Args:
            path: The plan's file.
            wanted: The types of resources and data sources that become declarations.

        Returns:
            The unit; where the plan cannot be read, it has only the reason.
        """
        # Only where there is a plan.
        from iac_ec2lint.terraform.plan.auxiliary import declared_in
        from iac_ec2lint.terraform.plan.evaluation import PlanEvaluation

        files = self.files
        name = files.display(path)
        unit = Unit(name, "plan")
        plan = read_plan(path, files)
        if isinstance(plan, Diagnostic):
            unit.diagnostics.append(plan)
            unit.files[name] = False
            return unit
        unit.diagnostics.extend(plan.diagnostics)
        unit.files[name] = not plan.diagnostics
        folder = self.source_root or path.parent
        evaluation = PlanEvaluation(plan, unit, self.modules(), folder)
        top = evaluation.declare(wanted)
        unit.declarations.extend(declared_in(plan, evaluation, top, wanted))
        evaluation.take_from_sources(top)
        return unit
