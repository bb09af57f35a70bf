"""The units below some paths, for commands that answer about each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.answers.units.survey import Survey
from iac_ec2lint.source.budget import Budget

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iac_ec2lint.answers.inputs import Inputs
    from iac_ec2lint.answers.units.job import Job
    from iac_ec2lint.answers.units.unit_graph import UnitGraph
    from iac_ec2lint.declaration import Unit
    from iac_ec2lint.source.concealment import Redactor
    from iac_ec2lint.source.diagnostic import Diagnostic
    from iac_ec2lint.source.span import Span


class UnitWalk:
    """The units below some paths, one after another, for a command that answers about each.

    Args:
        inputs: What is read, and what it is evaluated with.

    Attributes:
        survey: The files.
        found: What was found below the paths.
        jobs: The units.

    Raises:
        UsageError: A path lies outside the boundary.
    """

    def __init__(self, inputs: Inputs) -> None:
        self._inputs = inputs
        self._used: set[tuple[str, int, int]] = set()
        self.survey = Survey(inputs)
        self.found = self.survey.finder.find()
        self.jobs = self._opentofu(self.survey.finder.units(self.found))
        self._errors: set[Diagnostic] = {*self.found.diagnostics, *inputs.configuration_errors}

    def graphs(self) -> Iterator[UnitGraph]:
        """Each unit with its graph; what it met is taken note of once the next is asked for.

        It says what the unit says itself: what another one says of it may not be deployed.
        """
        called: set[str] = set()
        jobs = self.jobs
        while jobs:
            for job in jobs:
                self.survey.allot(Budget(self.survey.share))
                one = self.survey.graph(job, joined=False)
                yield one
                self._used |= one.said()
                self.finish(one.unit, one.redactor())
                called |= one.unit.called
            jobs = self._opentofu(self.survey.finder.left_over(self.found, self.jobs, called))
            self.jobs.extend(jobs)

    def joined(self, one: UnitGraph) -> UnitGraph | None:
        """A unit with what others say of its values, which may be what is deployed.

        Args:
            one: The unit as it is by itself, once all that is asked of it is evaluated.

        Returns:
            ``None`` where no other says anything of it.
        """
        return self.survey.graph(one.job) if one.unit.joins.found else None

    def _opentofu(self, jobs: Iterable[Job]) -> list[Job]:
        """One reading of each: an answer that names a unit is about one of them."""
        return [job for job in jobs if job.reading == "opentofu"]

    def finish(self, unit: Unit, redactor: Redactor) -> None:
        """Take note of what a unit met, now that all of it that is needed is evaluated."""
        self._errors.update(redactor.redact(unit.diagnostics))
        self._used |= unit.stated.used

    @property
    def stated(self) -> tuple[tuple[str, Span], ...]:
        """What the answers rest on that a configuration says alone; see ``Summary.stated``."""
        return self._inputs.taken_as_said(self._used)

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """What kept something from being read or evaluated, or that there was nothing to read."""
        errors = {*self._errors}
        if not self.jobs and not self.found.diagnostics:
            errors.update(self.survey.finder.nothing_found())
        accepted = self._inputs.accepted_errors
        return tuple(sorted(e for e in errors if not any(one.covers(e) for one in accepted)))
