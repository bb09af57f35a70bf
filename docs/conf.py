"""The guide as a site: ``sphinx-build -W docs FOLDER``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "iac-ec2lint"
extensions = ["myst_parser"]
myst_heading_anchors = 4
# Highlighting knows less of HCL than Terraform does.
suppress_warnings = ["misc.highlighting_failure"]
html_theme = "furo"
html_title = "iac-ec2lint"
html_copy_source = False


def setup(app: Sphinx) -> None:
    """Take pages of checks and stages for listed: tables of the index, and links, lead there."""

    def listed(_: Sphinx, name: str, source: list[str]) -> None:
        if name.startswith(("checks/", "stages/")) and name != "checks/README":
            source[0] = f"---\norphan: true\n---\n\n{source[0]}"

    app.connect("source-read", listed)
