"""What of a report is shown where files are given by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iac_ec2lint.engine.finding import Evidence, Finding
    from iac_ec2lint.source.diagnostic import Diagnostic
    from iac_ec2lint.source.discovery import Discovered
    from iac_ec2lint.source.files import Files


class ShownFiles:
    """What of a report is shown: all, or what touches the files that were given by name.

    Args:
        found: What was found.
        files: Names paths.
        sources: The sources of plans that were given by name, which are meant with them.
    """

    def __init__(self, found: Discovered, files: Files, sources: set[str]) -> None:
        self._paths: set[str] | None = None
        if found.selected:
            given = [path for paths in found.modules.values() for path in paths]
            shown = (*given, *found.documents, *found.variables, *found.selected)
            self._paths = {files.display(path) for path in shown} | sources
            self._paths.update(problem.path for problem in found.diagnostics)

    def path(self, path: str) -> bool:
        """Whether a file is among them."""
        return self._paths is None or path in self._paths

    def finding(self, finding: Finding) -> bool:
        """Whether a finding's span, or a hop of its proof, is in one of them."""
        return self.path(finding.span.path) or any(self._hop(hop) for hop in finding.evidence)

    def error(self, error: Diagnostic) -> bool:
        """Whether an error is about one of them, or about no scanned file (a check's)."""
        return self.path(error.path) or error.path.endswith(".py")

    def _hop(self, hop: Evidence) -> bool:
        return self.path(hop.span.path)
