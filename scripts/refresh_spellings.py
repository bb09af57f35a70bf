"""Write the names that ``tests/resources/test_spellings.py`` holds the resource classes against.

They come from outside: CloudFormation's from the registry schemas that cfn-lint ships, Terraform's
from the prebuilt bindings of CDK for Terraform. Neither is needed for anything but this::

    pip download --no-deps -d FOLDER cfn-lint cdktf-cdktf-provider-aws cdktf-cdktf-provider-tls \
        cdktf-cdktf-provider-local cdktf-cdktf-provider-null cdktf-cdktf-provider-cloudinit
    python scripts/refresh_spellings.py FOLDER [TYPE ...]

The types are those that the files have already, those that a class names, and those that the
command line names. Each has parts, of which ``""`` is the resource itself; a name in a part is
``required``, ``optional`` or ``read-only``, and the words behind that are the parts it leads to.
"""

from __future__ import annotations

import io
import json
import re
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import Message
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from iac_ec2lint.resources.registry import types

FOLDER = Path(__file__).parents[1] / "tests" / "resources" / "spellings"
SCHEMAS = "cfnlint/data/schemas"

Parts = dict[str, dict[str, str]]
"""The names in each part of a type: ``{"": {"vpc_id": "required", "route": "optional Route"}}``."""
Schema = dict[str, Any]
"""A JSON schema, as it was parsed."""


def properties(wheel: zipfile.ZipFile, wanted: set[str]) -> dict[str, Parts]:
    """CloudFormation's properties, from cfn-lint: those of us-east-1, and of the transform SAM."""
    found: dict[str, Parts] = {}
    for provider in ("sam", "us-east-1"):
        files = json.loads(wheel.read(f"{SCHEMAS}/providers/{provider}.json"))
        for type_ in wanted & files.keys():
            schema = json.loads(wheel.read(f"{SCHEMAS}/resources/{files[type_]}.json"))
            found[type_] = _parts_of_schema(schema)
    return found


def _parts_of_schema(schema: Schema) -> Parts:
    parts: Parts = {}
    pending = [("", schema)]
    seen: set[tuple[str, int]] = set()
    while pending:
        name, part = pending.pop()
        if (name, id(part)) in seen:
            continue
        seen.add((name, id(part)))
        parts.setdefault(name, {})  # of several choices it has the names of each
        for property_, inner in part["properties"].items():
            below = list(_below(f"{name}.{property_}".strip("."), inner, schema))
            word = "required" if property_ in part.get("required", ()) else "optional"
            parts[name][property_] = " ".join([word, *dict.fromkeys(step for step, _ in below)])
            pending.extend(below)
    for pointer in schema.get("readOnlyProperties", ()):
        steps = [step for step in pointer.split("/")[2:] if step != "*"]
        _mark_read_only(parts, "", steps)
    return parts


def _below(path: str, schema: Schema, whole: Schema) -> Iterator[tuple[str, Schema]]:
    """The parts that a property leads to, through references, lists and choices."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/definitions/")
        if "properties" in whole["definitions"][name]:
            yield name, whole["definitions"][name]
        else:
            yield from _below(path, whole["definitions"][name], whole)
        return
    if "properties" in schema:
        yield path, schema
    for choices in ("anyOf", "oneOf", "allOf"):
        for one in schema.get(choices, ()):
            yield from _below(path, one, whole)
    if isinstance(schema.get("items"), dict):
        yield from _below(path, schema["items"], whole)


def _mark_read_only(parts: Parts, name: str, steps: list[str]) -> None:
    written = parts.get(name, {}).get(steps[0])
    if written is None:
        return
    word, *below = written.split()
    if len(steps) == 1:
        parts[name][steps[0]] = " ".join(["read-only", *below])
    elif word != "read-only":
        for inner in below:
            _mark_read_only(parts, inner, steps[1:])


def arguments(wheel: zipfile.ZipFile, wanted: set[str]) -> dict[str, Parts]:
    """Terraform's arguments and attributes, from the bindings of a provider."""
    found: dict[str, Parts] = {}
    inner = next(name for name in wheel.namelist() if name.endswith(".jsii.tgz"))
    with tarfile.open(fileobj=io.BytesIO(wheel.read(inner))) as package:
        code: dict[str, str] = {}
        for member in package:
            file = package.extractfile(member) if "/index." in member.name else None
            if file is not None:
                code[member.name] = file.read().decode("utf-8")
    for path, text in code.items():
        if path.endswith(".js"):
            made = _parts_of_code(text, code[f"{path.removesuffix('.js')}.d.ts"])
            if made is not None and made[0] in wanted:
                found[made[0]] = made[1]
    return found


_RESOURCE = re.compile(r"^class (\w+) extends cdktf\.Terraform(Resource|DataSource) \{", re.M)
_SECTION = re.compile(
    r"^(?:class (?=\w+ extends cdktf\.(?:ComplexObject|Terraform))|function )(\w+)", re.M
)
_TYPE = re.compile(r"terraformResourceType: '(\w+)'")
_ARGUMENT = re.compile(r"^ {8,12}(\w+): (.*ToTerraform\b.*),$", re.M)
_PART = re.compile(r"(?<![.\w])(\w+)ToTerraform\b")
_ATTRIBUTE = re.compile(r"// (\w+) - computed: true, optional: false, required: false")
_NESTED = re.compile(r"new (\w+?)(?:OutputReference|List|Map)\(this, \"(\w+)\"")
_INTERFACE = re.compile(r"^export interface (\w+?)(?: extends [^{]*)? \{$(.*?)^\}$", re.M | re.S)
_REQUIRED = re.compile(r"#(\w+) \w+#\1\}(?:(?!\*/).)*?\*/\s+readonly \w+:", re.S)


def _parts_of_code(code: str, declared: str) -> tuple[str, Parts] | None:
    """The type that generated code is for, and its parts."""
    resource = _RESOURCE.search(code)
    if resource is None:
        return None
    root, kind = resource.groups()
    type_ = _TYPE.search(code, resource.end())
    if type_ is None:
        raise ValueError(f"{root} has no type")
    required = {
        "" if name == f"{root}Config" else name.removeprefix(root): set(_REQUIRED.findall(body))
        for name, body in _INTERFACE.findall(declared)
    }
    parts: Parts = {"": {}}
    starts = [*_SECTION.finditer(code)]
    for start, end in zip(starts, [*(s.start() for s in starts[1:]), len(code)], strict=True):
        name = start[1]
        part = _part_name(re.sub("(ToTerraform|OutputReference)$", "", name), root)
        if name.endswith("ToHclTerraform"):
            continue
        names = parts.setdefault(part, {})
        body = code[start.start() : end]
        for attribute in _ATTRIBUTE.findall(body):
            names.setdefault(attribute, "read-only")
        for argument, how in _ARGUMENT.findall(body):
            word = "required" if argument in required.get(part, ()) else "optional"
            names[argument] = " ".join([word, *(_part_name(n, root) for n in _PART.findall(how))])
        for nested, attribute in _NESTED.findall(body):
            names[attribute] = f"{names[attribute].split()[0]} {_part_name(nested, root)}"
    return f"data.{type_[1]}" if kind == "DataSource" else type_[1], parts


def _part_name(name: str, root: str) -> str:
    return (name[0].upper() + name[1:]).removeprefix(root)


def _about(metadata: Message) -> dict[str, str]:
    licence = metadata.get("License-Expression") or metadata.get("License") or ""
    version = re.search(r"bindings for (\S+) provider version (\S+)", str(metadata.get_payload()))
    made_from = f" ({version[1]} {version[2]})" if version else ""
    source = f"{metadata['Name']} {metadata['Version']}{made_from}, from PyPI"
    return {"source": source, "licence": licence}


def write(path: Path, about: list[dict[str, str]], found: dict[str, Parts]) -> None:
    """Write the names of types, each part on a line of its own."""
    header = {
        "what": "Names only, for tests: which properties, arguments and attributes there are.",
        "made by": "scripts/refresh_spellings.py",
        "on": f"{datetime.now(UTC):%Y-%m-%d}",
        "from": about,
    }
    blocks = [
        f"{json.dumps(type_)}: {{\n"
        + ",\n".join(
            f"  {json.dumps(part)}: {json.dumps(names, sort_keys=True)}"
            for part, names in parts.items()
        )
        + "\n }"
        for type_, parts in sorted(found.items())
    ]
    text = f'{{\n"about": {json.dumps(header, indent=1)},\n"types": {{\n ' + ",\n ".join(blocks)
    path.write_text(text + "\n}\n}\n", "utf-8")
    print(f"{len(found)} types written to {path}")


def main() -> None:
    """Write both files from the wheels in a folder."""
    folder, *more = sys.argv[1:]
    wanted = set(types()) | set(more)
    for path in FOLDER.glob("*.json"):
        wanted |= json.loads(path.read_text("utf-8"))["types"].keys()
    found: dict[str, dict[str, Parts]] = {"cloudformation": {}, "terraform": {}}
    about: dict[str, list[dict[str, str]]] = {"cloudformation": [], "terraform": []}
    for file in sorted(Path(folder).glob("*.whl")):
        with zipfile.ZipFile(file) as wheel:
            metadata = next(n for n in wheel.namelist() if n.endswith(".dist-info/METADATA"))
            language = "cloudformation" if file.name.startswith("cfn_lint-") else "terraform"
            about[language].append(_about(BytesParser().parsebytes(wheel.read(metadata))))
            if language == "cloudformation":
                about[language][-1] |= json.loads(wheel.read(f"{SCHEMAS}/version.json"))
            read = properties if language == "cloudformation" else arguments
            found[language] |= read(wheel, wanted)
    for language, parts in found.items():
        write(FOLDER / f"{language}.json", about[language], parts)
    missing = sorted(wanted - found["cloudformation"].keys() - found["terraform"].keys())
    print(f"not in these packages: {', '.join(missing) or 'none'}")


if __name__ == "__main__":
    main()
