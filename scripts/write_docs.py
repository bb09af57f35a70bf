"""Write what the code says of itself and other files repeat.

That is docs/checks/, from the checks; docs/configuration.md, from the schema; docs/limits.md, from
limits.yaml; the frameworks in docs/using.md, from their files; the questions in
docs/writing-checks.md, from the docstrings of ``api``; the picture of the rooms, from the import
contracts; the stub ``api/resources.pyi``, from the classes of resources; NOTICE, from what the
files of facts say about themselves; and the files index.json of the checks, of ``api`` and of
``resources``, by which a scan finds what it loads.

``--check`` fails where it would change anything.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import api_index
import configuration_page
import draw_architecture
import limits_page
import yaml

import iac_ec2lint
from iac_ec2lint import facts
from iac_ec2lint.answers import catalogue
from iac_ec2lint.engine import compliance
from iac_ec2lint.engine.documentation import index, page
from iac_ec2lint.engine.registry import builtin_folder, load
from iac_ec2lint.engine.suppressions.checks import suppression_checks
from iac_ec2lint.resources import registry

FOLDER = Path(__file__).parents[1] / "docs" / "checks"
GUIDE = FOLDER.parent / "writing-checks.md"
USING = FOLDER.parent / "using.md"
CONFIGURATION = FOLDER.parent / "configuration.md"
LIMITS = FOLDER.parent / "limits.md"
NOTICE = FOLDER.parents[1] / "NOTICE"
PICTURE = FOLDER.parent / "pictures" / "architecture.svg"
API = Path(iac_ec2lint.__file__).parent / "api"
STUB = API / "resources.pyi"
NAMES = API / "index.json"
INDEX = builtin_folder() / catalogue.INDEX
_QUESTIONS = re.compile(r"(<!-- questions: .*? -->\n).*?(<!-- end of questions -->)", re.DOTALL)
_FRAMEWORKS = re.compile(r"(<!-- frameworks: .*? -->\n).*?(<!-- end of frameworks -->)", re.DOTALL)
_CLAUSE = re.compile(
    r"(?P<question>.+?),? ?(?:ask|use|walk|declare a)? ?(?P<names>``.+)", re.DOTALL
)


def questions() -> Iterator[tuple[str, str, str]]:
    """The room of ``api``, the question, and whom to ask, of each line "when you want to know"."""
    for file in sorted(API.glob("*.py")):
        text = ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""
        listed = text.partition("When you want to know\n")[2]
        for item in re.findall(r"^- (.*?)[;.]$(?=\n- |\n\n|\Z)", listed, re.DOTALL | re.MULTILINE):
            room = "api" if file.stem == "__init__" else f"api.{file.stem}"
            asked, names = [], []
            for clause in " ".join(item.split()).split("; "):
                found = _CLAUSE.fullmatch(clause)
                if found is not None:
                    asked.append(found["question"].rstrip(" ,"))
                names.append((clause if found is None else found["names"]).replace("``", "`"))
            if not asked:
                sys.exit(f'{file}: not of the form "what it is, ask ``name``": {item}')
            yield room, "; ".join(asked), "; ".join(names)


def guide(text: str) -> str:
    """The page for authors of checks with the questions that there are now."""
    rows = [f"| {asked} | {names} | `{room}` |" for room, asked, names in questions()]
    table = "\n".join(["| I want to know | Ask | In |", "| --- | --- | --- |", *rows, ""])
    return _QUESTIONS.sub(lambda found: f"{found[1]}\n{table}\n{found[2]}", text)


def using(text: str) -> str:
    """The page for users with the frameworks that there are now."""
    infos = [entry.info for entry in load([builtin_folder()])[0]]
    rows = []
    for name in compliance.frameworks():
        read = compliance.framework(name, infos)
        answered = sum(bool(one.checks) for one in read.controls)
        rows.append(f"| `{name}` | {read.title} | {answered} of {len(read.controls)} |")
    head = ["| `--compliance` | Framework | Controls that checks answer |", "| --- | --- | --- |"]
    table = "\n".join([*head, *rows, ""])
    return _FRAMEWORKS.sub(lambda found: f"{found[1]}\n{table}\n{found[2]}", text)


def notice() -> str:
    """What comes from others, made of what each file of facts says about itself."""
    lines = ["iac-ec2lint", "", "The files in src/iac_ec2lint/facts/ hold facts from outside:"]
    for name in facts.names():
        about = facts.facts(name)["about"]
        source = f"From {about['source']}, of {about['on']}. Licence: {about['licence']}."
        lines += ["", f"{name}.json: {about['what']}", source]
    return "\n".join([*lines, ""])


def main() -> None:
    """Write the pages, or compare them with what stands there."""
    places = {registry.INDEX: registry.index(), NAMES: api_index.index(API)}
    if "--check" not in sys.argv:
        for file, text in places.items():
            file.write_text(text, "utf-8")  # before the checks, which are loaded by them
    loaded, problems = load([builtin_folder()])
    if problems:
        sys.exit("\n".join(f"{p.path}:{p.line}: {p.message}" for p in problems))
    infos = [entry.info for entry in (*loaded, *suppression_checks())]
    written = {FOLDER / f"{i.code}.md": f"# {i.code} {i.name}\n\n{page(i)}\n" for i in infos}
    written |= {FOLDER / "README.md": index(infos), STUB: api_index.stub()}
    written |= places
    written[INDEX] = catalogue.index(builtin_folder(), loaded)
    FOLDER.mkdir(parents=True, exist_ok=True)
    others = [
        file
        for file in (*places, INDEX, STUB, GUIDE, USING, CONFIGURATION, LIMITS, PICTURE, NOTICE)
        if file.exists()
    ]
    present = {file: file.read_text("utf-8") for file in (*FOLDER.glob("*.md"), *others)}
    written |= {
        GUIDE: guide(present[GUIDE]),
        USING: using(present[USING]),
        CONFIGURATION: configuration_page.page(infos),
        LIMITS: limits_page.page(yaml.safe_load(LIMITS.with_suffix(".yaml").read_text("utf-8"))),
        PICTURE: draw_architecture.picture(),
        NOTICE: notice(),
    }
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
