"""A unit with the graph of what it declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.source.concealment import Redactor
from iac_ec2lint.values.known import NOTHING_KNOWN

if TYPE_CHECKING:
    from iac_ec2lint.answers.units.job import Job
    from iac_ec2lint.declaration import Unit
    from iac_ec2lint.values.known import KnownFacts


class UnitGraph:
    """A unit, evaluated on demand, and the graph of its resources.

    Attributes:
        unit: The unit.
        job: What it was asked for as.
        graph: The graph.
        resources: How many resources and data sources it declares itself.
    """

    def __init__(self, unit: Unit, job: Job, known: KnownFacts = NOTHING_KNOWN) -> None:
        from iac_ec2lint.graph.graph import Graph  # heavy; not needed where no graph is made
        from iac_ec2lint.graph.nodes import analysed_unit
        from iac_ec2lint.resources.auxiliary import Auxiliary
        from iac_ec2lint.resources.provider import Provider
        from iac_ec2lint.resources.registry import typed

        if known.account:
            from iac_ec2lint.answers.account_facts import account_declarations  # rare

            unit.declarations.extend([*account_declarations(known.account, unit.declarations)])
        resources = [typed(declared) for declared in unit.declarations]
        self.unit = unit
        self.job = job
        accounts = frozenset(
            account.text
            for one in resources
            if isinstance(one, Provider)
            for account in one.allowed_account_ids
            if account.text is not None
        )
        analysed = analysed_unit(unit, is_root=job.is_root, accounts=accounts, known=known)
        self.graph = Graph(resources, unit.escapes, analysed)
        self.resources = sum(
            one.declared.unit == unit.path and not isinstance(one, Auxiliary) for one in resources
        )

    def __enter__(self) -> UnitGraph:
        return self

    def __exit__(self, *details: object) -> None:
        """Free what was made of it: nothing more is asked of it."""
        self.graph.leave()
        self.unit.declarations.clear()
        self.unit.escapes.forget()
        self.unit.leave()

    def said(self) -> set[tuple[str, int, int]]:
        """The places of what a configuration says that has a part here."""
        known = self.graph.unit.known
        if not any(known):
            return {*self.unit.stated.used}
        from iac_ec2lint.answers.known_uses import known_uses  # rare

        return {*self.unit.stated.used, *known_uses(self.graph, known)}

    def redactor(self) -> Redactor:
        """What takes its secrets out of an answer; complete once the answer is."""
        secrets = self.unit.secrets
        texts = self.unit.file_texts
        if not secrets and not texts.texts:
            return Redactor(secrets, (), texts)
        # Where a module is to be had is no secret: Terraform takes none for it.
        sources = (source.partition(" ")[0] for source in self.unit.modules_unavailable)
        return Redactor(secrets, (*self.graph.addresses, *sources), texts)
