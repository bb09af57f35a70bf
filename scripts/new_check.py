"""Begin a check: ``python scripts/new_check.py CODE [NAME]``.

Writes ``checks/FAMILY/NAME.py`` with all that the check's entry in ``catalogue.yaml`` says of it,
and removes the entry; without an entry it writes a blank one, and NAME is needed. Its fixtures, one
in each language, fail until they are filled in, and so does the check. Nothing is overwritten.
"""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

import iac_ec2lint
from iac_ec2lint.engine.check import TOPICS
from iac_ec2lint.resources.registry import classes

ROOT = Path(__file__).parents[1]
UNWRITTEN = "(to be written)"
"""What stands where an author has to say something; a test finds what is left of it."""
BOOK = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide"
_WIDTH = 100
_BLANK = {
    "terraform": ["aws_instance"],
    "cloudformation": ["AWS::EC2::Instance"],
    "severity": "medium",
    "summary": f"{UNWRITTEN}.",
    "fix": UNWRITTEN,
    "topic": "ec2-security.md",
    "fails_when": UNWRITTEN,
    "unknown_when": UNWRITTEN,
}
_NO_RESOURCES = {
    "provider": 'provider "aws" {{{mark}',
    "output": 'output "{name}" {{{mark}',
    "backend": 'terraform {{\n  backend "s3" {{{mark}\n  }}',
}
"""How what is no resource is written, by what its type begins or ends with."""


class Refused(Exception):  # noqa: N818 - it is shown as a sentence
    """Why nothing is written."""


class Types(NamedTuple):
    """What a check judges.

    Attributes:
        known: The names of classes that there are.
        missing: The names that classes might have which there are not, and the types they are for.
    """

    known: tuple[str, ...]
    missing: Mapping[str, tuple[str, ...]]


def begin(code: str, name: str = "", root: Path = ROOT) -> tuple[list[Path], Types]:
    """Write a check's files.

    Args:
        code: Its code.
        name: Its name, where the catalogue has no entry for it.
        root: The repository.

    Returns:
        The files, and the types that it judges.

    Raises:
        Refused: There is such a check, or it is not known what to write.
    """
    _refuse_what_is_there(root, code)
    entry = _entry(root, code)
    if entry is None and not name:
        raise Refused(f"scripts/catalogue.yaml has no entry {code}: give the check a name too")
    if entry is not None and name:
        raise Refused(f"scripts/catalogue.yaml calls {code} {entry['name']}: leave the name out")
    entry = entry or {**_BLANK, "code": code, "name": name}
    _verify(entry)
    family = code.rstrip("0123456789").lower()
    stem = entry["name"].replace("-", "_")
    types = _types(entry)
    texts = {root / "checks" / family / f"{stem}.py": _check(entry, types)}
    folder = root / "tests" / "fixtures" / code
    if entry["terraform"]:
        texts[folder / f"{stem}.tf"] = _terraform(code, entry["terraform"])
    if entry["cloudformation"]:
        texts[folder / f"{stem}.yaml"] = _cloudformation(code, entry["cloudformation"])
    if taken := [str(file.relative_to(root)) for file in texts if file.exists()]:
        raise Refused(f"there is {taken[0]}")
    for file, text in texts.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    _format(next(iter(texts)))
    _remove_entry(root, code)
    return list(texts), types


def _entry(root: Path, code: str) -> dict[str, Any] | None:
    text = (root / "scripts" / "catalogue.yaml").read_text("utf-8")
    block = _block(text, code)
    return None if block is None else yaml.safe_load(text[block[0] : block[1]])[0]


def _block(text: str, code: str) -> tuple[int, int] | None:
    """Where an entry begins and ends in the catalogue."""
    found = re.search(rf"^- code: {re.escape(code)}$", text, re.MULTILINE)
    if found is None:
        return None
    following = re.compile(r"^(?=- |#)", re.MULTILINE).search(text, found.end())
    return found.start(), following.start() if following else len(text)


def _remove_entry(root: Path, code: str) -> None:
    file = root / "scripts" / "catalogue.yaml"
    text = file.read_text("utf-8")
    block = _block(text, code)
    if block is not None:
        file.write_text(f"{text[: block[0]]}{text[block[1] :]}".rstrip() + "\n", "utf-8")


def _verify(entry: Mapping[str, Any]) -> None:
    if not re.fullmatch(r"[A-Z]{2,8}\d{3}", entry["code"]):
        raise Refused("a code is a family's prefix and three digits, such as SG001")
    if entry["code"].rstrip("0123456789") not in TOPICS:
        raise Refused(f"the families are {', '.join(TOPICS)} (engine/check.py)")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry["name"]):
        raise Refused("a name is lower case with hyphens, such as ssh-open-to-internet")


def _refuse_what_is_there(root: Path, code: str) -> None:
    for file in (root / "checks").rglob("*.py"):
        if f'    code = "{code}"\n' in file.read_text("utf-8"):
            raise Refused(f"{code} is in {file.relative_to(root)}")
    fixtures = root / "tests" / "fixtures" / code
    if fixtures.exists():
        raise Refused(f"there is {fixtures.relative_to(root)}")


def _types(entry: Mapping[str, Any]) -> Types:
    known: set[str] = set()
    missing: dict[str, list[str]] = {}
    for name in (*entry["terraform"], *entry["cloudformation"]):
        kind = classes().get(name)
        if kind is not None:
            known.add(kind.__name__)
        else:
            wanted = _class_name(name)
            # Terraform's name has the service before it: aws_kms_key, AWS::KMS::Key.
            same = [one for one in missing if one.lower().endswith(wanted.lower())]
            missing.setdefault(same[0] if same else wanted, []).append(name)
    return Types(tuple(sorted(known)), {name: tuple(types) for name, types in missing.items()})


def _class_name(type_: str) -> str:
    """A name for a type's class: ``FlowLog`` for ``aws_flow_log`` and ``AWS::EC2::FlowLog``."""
    if "::" in type_:
        name = type_.rpartition("::")[2]
        return re.sub(r"[A-Z]{2,}(?=[A-Z][a-z])", lambda found: found[0].title(), name)
    *what, last = type_.split(".")
    name = "".join(word.title() for word in last.removeprefix("aws_").split("_"))
    kind = what[-1] if what else ""
    return name + ("DataSource" if kind == "data" else kind.title())


# The check's file.


def _check(entry: Mapping[str, Any], types: Types) -> str:
    code, summary = entry["code"], _quoted(entry["summary"])
    class_name = "".join(word.title() for word in entry["name"].split("-"))
    judged = sorted((*types.known, *types.missing))
    long = "  # noqa: E501 - the summary is one line" if len(summary) > _WIDTH - 7 else ""
    lines = [
        f'"""{code}: {entry["name"].replace("-", " ")}."""',
        "",
        "from collections.abc import Iterator",
        "",
        f"from iac_ec2lint.api import {', '.join(_imported(entry))}",
        f"from iac_ec2lint.api.resources import {', '.join(judged)}",
        "",
        "",
        f"class {class_name}(Check):",
        f'    """{summary}',
        "",
        *(f"    {line}".rstrip() for line in _documentation(entry)),
        f'    """{long}',
        "",
        *(f"    {line}" for line in _metadata(entry, judged)),
        "",
        "    def examine(self, graph: Graph) -> Iterator[Verdict]:",
        *(f"        {line}".rstrip() for line in _logic(entry)),
        "        for resource in graph.all(*self.types):",
        f'            raise NotImplementedError(f"{code} does not judge {{resource.address}} yet")',
        "        yield from ()",
        "",
    ]
    return "\n".join(lines)


def _imported(entry: Mapping[str, Any]) -> list[str]:
    lists = any(values for key in ("compliance", "peers") for values in entry.get(key, {}).values())
    names = ["Check", "Graph", "Severity", "Verdict"]
    return names + ["name_lists"] * lists + ["parameter"] * bool(entry.get("params"))


def _documentation(entry: Mapping[str, Any]) -> Iterator[str]:
    yield from ("## Why it matters", UNWRITTEN, "")
    for part in ("Fails", "Passes"):
        yield f"## {part}"
        if entry["terraform"]:
            yield from ("```hcl", *_hcl(entry["terraform"][0], part.lower()), "```", "")
        if entry["cloudformation"]:
            body = _yaml(entry["cloudformation"][0], part)
            yield from ("```yaml", "Resources:", *body, "```", "")
    yield from ("## How to mend it", *_wrapped(entry["fix"], _WIDTH - 4), "")
    page = entry["topic"].removesuffix(".md")
    yield from ("## References", f"- [EC2 User Guide, {page}]({BOOK}/{page}.html)")


def _metadata(entry: Mapping[str, Any], judged: list[str]) -> Iterator[str]:
    yield f'code = "{entry["code"]}"'
    yield f'name = "{entry["name"]}"'
    yield f"severity = Severity.{entry['severity'].upper()}"
    yield f'since = "{iac_ec2lint.__version__}"'
    yield f"types = {_tuple(judged)}"
    kinds = [classes()[name] for name in entry["terraform"] if name in classes()]
    if not entry["cloudformation"] and any(kind.cloudformation for kind in kinds):
        yield 'languages = ("terraform",)'
    if not entry.get("default", True):
        yield "default = False"
    if entry.get("supersedes"):
        yield f"supersedes = {_tuple(_shown(one) for one in entry['supersedes'])}"
    for key in ("compliance", "peers"):
        lists = {name: values for name, values in entry.get(key, {}).items() if values}
        if lists:
            yield f"{key} = name_lists("
            for name, values in lists.items():
                yield f"    {name}={_text(' '.join(values), _WIDTH - 12 - len(name))},"
            yield ")"
    for name, default in entry.get("params", {}).items():
        yield f"{name} = {_parameter(name, default)}"


def _text(words: str, width: int) -> str:
    """A literal that fits into a line's rest, or several in parentheses."""
    if len(words) <= width:
        return f'"{words}"'
    pieces = textwrap.wrap(words, _WIDTH - 16, break_long_words=False, break_on_hyphens=False)
    literals = [f'"{piece} "' for piece in pieces[:-1]] + [f'"{pieces[-1]}"']
    return "(\n" + "\n".join(f"            {one}" for one in literals) + "\n        )"


def _parameter(name: str, default: object) -> str:
    if name == "trusted_accounts":
        return "parameter.TRUSTED_ACCOUNTS"
    words = f'help="{UNWRITTEN}"'
    shown = _shown(default)
    if isinstance(default, bool):
        return f"parameter.boolean(default={shown}, {words})"
    if isinstance(default, int):
        return (
            f"parameter.integer(default={shown}, minimum=0, maximum={max(default, 65535)}, {words})"
        )
    if isinstance(default, str):
        return f"parameter.text(default={shown}, {words})"
    values = list(default) if isinstance(default, list) else []
    kind = "ports" if values and all(isinstance(one, int) for one in values) else "texts"
    return f"parameter.{kind}(default={_tuple(map(_shown, values))}, {words})"


def _shown(value: object) -> str:
    return json.dumps(value) if isinstance(value, str) else repr(value)


def _tuple(shown: Iterable[str]) -> str:
    items = list(shown)
    return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})"


def _logic(entry: Mapping[str, Any]) -> Iterator[str]:
    yield f'"""A verdict for each place that {UNWRITTEN}.'
    titles = {
        "fails_when": "Fails when",
        "passes_when": "Passes when",
        "unknown_when": "Undecided when",
        "clarification": "Besides",
    }
    for key, title in titles.items():
        if entry.get(key):
            yield ""
            yield from _wrapped(f"{title}: {entry[key]}", _WIDTH - 8)
    yield '"""'


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(_quoted(text), width, break_long_words=False, break_on_hyphens=False)


def _quoted(text: str) -> str:
    """A text as it stands in a docstring."""
    return " ".join(text.split()).replace("\\", "\\\\").replace('"""', "'''")


# The fixtures.


def _hcl(type_: str, name: str, mark: str = "") -> list[str]:
    comment = f" # {mark}" if mark else ""
    for part, text in _NO_RESOURCES.items():
        if part in type_.split("."):
            return [*text.format(name=name, mark=comment).split("\n"), "}"]
    kind = "data" if type_.startswith("data.") else "resource"
    return [f'{kind} "{type_.removeprefix("data.")}" "{name}" {{{comment}', "}"]


def _yaml(type_: str, name: str, mark: str = "") -> list[str]:
    return [f"  {name}:{f' # {mark}' if mark else ''}", f"    Type: {type_}"]


def _marks(code: str) -> dict[str, str]:
    return {"fails": f"expect: {code}", "undecided": f"expect-undecided: {code}", "passes": ""}


def _terraform(code: str, types: list[str]) -> str:
    blocks = ["\n".join(_hcl(types[0], name, mark)) for name, mark in _marks(code).items()]
    return f"# {UNWRITTEN}\n" + "\n\n".join(blocks) + "\n"


def _cloudformation(code: str, types: list[str]) -> str:
    blocks = [line for n, mark in _marks(code).items() for line in _yaml(types[0], n.title(), mark)]
    return "\n".join([f"# {UNWRITTEN}", "Resources:", *blocks, ""])


def _format(file: Path) -> None:
    """Format a file as the repository is; ruff is among its tools for development."""
    if importlib.util.find_spec("ruff") is None:
        print("ruff is not installed, so that the check's file is not formatted")
        return
    for words in (("check", "--select", "I", "--fix"), ("format",)):
        command = [
            sys.executable,
            "-m",
            "ruff",
            *words,
            "--quiet",
            "--config",
            ROOT / "pyproject.toml",
        ]
        subprocess.run([*command, file], check=True)  # noqa: S603 - our own interpreter


def main() -> None:
    """Write the files and say what to do next."""
    if len(sys.argv) not in {2, 3}:
        sys.exit("usage: python scripts/new_check.py CODE [NAME]")
    code, name = sys.argv[1].upper(), "".join(sys.argv[2:])
    try:
        files, types = begin(code, name)
    except Refused as refused:
        sys.exit(f"nothing is written: {refused}")
    for file in files:
        print(f"written  {file.relative_to(ROOT)}")
    for name, spelled in types.missing.items():
        print(f"missing  a class for {', '.join(spelled)}, imported as {name}")
    if types.missing:
        print("         write it, or take it out of the check (docs/writing-checks.md)")
    print(f"""
Next: say what is "{UNWRITTEN}" in these files, and delete what `types` does not judge. Then
  pytest -q -n 0 tests/checks -k {code}
  python scripts/write_docs.py
docs/writing-checks.md says how.""")


if __name__ == "__main__":
    main()
