"""What to scan and how."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from iac_ec2lint.answers.inputs import Inputs
from iac_ec2lint.engine.attribution import ExternalModules
from iac_ec2lint.engine.finding import Severity

if TYPE_CHECKING:
    from iac_ec2lint.source.suppression import Suppression


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanOptions(Inputs):
    """What to scan and how: what is read, and what is looked for in it.

    Attributes:
        select: Words for the checks to run: see ``selected``.
        ignore: Words for the checks that do not run.
        checks: Folders of further checks.
        settings: What is set of checks' parameters: see ``configure``.
        fail_on: The severity from which a finding fails the run.
        strict: Whether undecided findings fail it as well.
        fail_on_undecided: See ``Report``.
        require_modules: Whether a module that is not on the disk is an error.
        external_modules: What happens to findings inside modules that ``terraform init`` installed.
        jobs: Worker processes; 0 chooses by the amount of work.
        timeout: Seconds after which nothing more is judged; ``None`` for no end.
        today: The day on which suppressions end or hold.
        suppressions: Whether they suppress anything.
        reasons: See ``Suppressions``.
        compliance: The frameworks whose controls are asked about: the checks that answer them run,
            also where they are off by default, if ``select`` is empty.
        severities: The severities of the worst findings of checks, by code; the last counts.
        accepted: Suppressions that name addresses; see ``Suppression``.
        always: The codes of checks that run whatever is selected and ignored.
        unsuppressable: The codes of checks that nothing suppresses.
        baseline: A file whose entries are known, as messages name it, and its text.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    checks: tuple[Path, ...] = ()
    # Values may be lists, which have no hash; that options are equal is what counts.
    settings: tuple[tuple[str, object], ...] = field(default=(), hash=False)
    fail_on: Severity = Severity.MEDIUM
    strict: bool = False
    fail_on_undecided: Severity | None = None
    require_modules: bool = False
    external_modules: ExternalModules = "attribute"
    jobs: int = 0
    timeout: float | None = None
    today: date = field(default_factory=date.today)
    suppressions: bool = True
    reasons: bool | None = None
    compliance: tuple[str, ...] = ()
    severities: tuple[tuple[str, Severity], ...] = ()
    accepted: tuple[Suppression, ...] = ()
    always: frozenset[str] = frozenset()
    unsuppressable: frozenset[str] = frozenset()
    baseline: tuple[str, str] | None = None
