"""Write docs/checks/ from the checks, and the stub of ``api.resources`` from the classes.

``--check`` fails where it would change anything.
"""

from __future__ import annotations

import sys
from pathlib import Path

import iac_ec2lint
from iac_ec2lint.api import resources
from iac_ec2lint.engine.documentation import page
from iac_ec2lint.engine.finding import CheckInfo
from iac_ec2lint.engine.registry import builtin_folder, load

FOLDER = Path(__file__).parents[1] / "docs" / "checks"
STUB = Path(iac_ec2lint.__file__).parent / "api" / "resources.pyi"


def index(infos: list[CheckInfo]) -> str:
    """The list of all checks, in Markdown."""
    lines = [
        "# Checks",
        "",
        "| Code | Name | Severity | By default | Finds |",
        "| --- | --- | --- | --- | --- |",
    ]
    for info in infos:
        state = "on" if info.default else "off"
        cells = (f"[{info.code}]({info.code}.md)", info.name, info.severity, state, info.summary)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def main() -> None:
    """Write the pages, or compare them with what stands there."""
    loaded, problems = load([builtin_folder()])
    if problems:
        sys.exit("\n".join(f"{p.path}:{p.line}: {p.message}" for p in problems))
    infos = [entry.info for entry in loaded]
    written = {FOLDER / f"{i.code}.md": f"# {i.code} {i.name}\n\n{page(i)}\n" for i in infos}
    written |= {FOLDER / "README.md": index(infos), STUB: resources.stub()}
    FOLDER.mkdir(parents=True, exist_ok=True)
    present = {file: file.read_text("utf-8") for file in (*FOLDER.glob("*.md"), STUB)}
    if "--check" in sys.argv:
        stale = sorted(
            file.name for file in written.keys() | present if written.get(file) != present.get(file)
        )
        if stale:
            sys.exit(f"stale: {', '.join(stale)}; run python scripts/write_docs.py")
        return
    for file in present.keys() - written.keys():
        file.unlink()
    for file, text in written.items():
        file.write_text(text, "utf-8")
    print(f"{len(infos)} checks written to {FOLDER}")


if __name__ == "__main__":
    main()
