"""Write docs/checks/ from the checks themselves; ``--check`` fails where it would change anything.

Each check's page is its docstring; the index lists them all.
"""

from __future__ import annotations

import sys
from pathlib import Path

from iac_ec2lint.engine.finding import CheckInfo
from iac_ec2lint.engine.registry import builtin_folder, load

FOLDER = Path(__file__).parents[1] / "docs" / "checks"


def page(info: CheckInfo) -> str:
    """The page of one check, in Markdown."""
    state = "on" if info.default else "off"
    lines = [
        f"# {info.code} {info.name}",
        "",
        f"Severity: {info.severity}. Topic: {info.topic}. {state.title()} by default.",
        "",
        info.documentation,
        "",
    ]
    return "\n".join(lines)


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
    pages = {f"{info.code}.md": page(info) for info in infos} | {"README.md": index(infos)}
    FOLDER.mkdir(parents=True, exist_ok=True)
    present = {file.name: file.read_text("utf-8") for file in FOLDER.glob("*.md")}
    if "--check" in sys.argv:
        stale = sorted(
            name for name in pages.keys() | present if pages.get(name) != present.get(name)
        )
        if stale:
            sys.exit(f"docs/checks is stale ({', '.join(stale)}): run python scripts/write_docs.py")
        return
    for name in present.keys() - pages.keys():
        (FOLDER / name).unlink()
    for name, text in pages.items():
        (FOLDER / name).write_text(text, "utf-8")
    print(f"{len(infos)} checks written to {FOLDER}")


if __name__ == "__main__":
    main()
