"""A framework: its controls, and the checks that answer them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from iac_ec2lint.engine.finding import Finding


class Control(NamedTuple):
    """One control.

    Attributes:
        id: As the framework numbers it.
        title: What it asks for, in words of our own where the framework's are protected.
        checks: The codes of the checks that answer it, sorted; none where nothing here does.
        kind: Where it asks for a part of what these find, the kind of that: ``ipv6``.
    """

    id: str
    title: str
    checks: tuple[str, ...]
    kind: str = ""

    def asks_for(self, finding: Finding) -> bool:
        """Whether a finding of its checks is, or may be, of the kind that it asks for."""
        return not (self.kind and finding.kinds) or self.kind in finding.kinds


class Framework(NamedTuple):
    """A framework in one version.

    Attributes:
        name: ``cis-aws-3.0``.
        title: Its name in full.
        source: Where the list of its controls is from.
        on: The day of that (ISO 8601).
        controls: In the framework's order.
    """

    name: str
    title: str
    source: str
    on: str
    controls: tuple[Control, ...]
