"""Write ``facts/sam_policy_templates.json``: what the policy templates of SAM allow.

They come from the package that makes policies of them, which is needed for nothing but this::

    pip download --no-deps -d FOLDER aws-sam-translator
    python scripts/refresh_sam_policy_templates.py FOLDER

Each template is a line. ``{NAME}`` stands for the parameter of that name; the partition, the Region
and the account are ``*``, which in a policy of one's own is the same.
"""

from __future__ import annotations

import json
import re
import sys
import zipfile
from pathlib import Path
from typing import Any

from iac_ec2lint import facts

TARGET = Path(facts.__file__).with_name("sam_policy_templates.json")
MODULE = "samtranslator/policy_templates_data/policy_templates.json"
_VARIABLE = re.compile(r"\$\{([\w:]+)\}")


def plain(data: Any) -> Any:
    """A part of a template, with its functions as text."""
    if isinstance(data, list):
        return [plain(one) for one in data]
    if not isinstance(data, dict):
        return data
    if set(data) == {"Ref"}:
        return f"{{{data['Ref']}}}"
    if set(data) == {"Fn::Sub"}:
        said = data["Fn::Sub"]
        text, given = (said, {}) if isinstance(said, str) else said
        values = {name: plain(value) for name, value in given.items()}

        def named(match: re.Match[str]) -> str:
            name = match[1]
            return "*" if name.startswith("AWS::") else values.get(name, f"{{{name}}}")

        return _VARIABLE.sub(named, text)
    return {name: plain(value) for name, value in data.items()}


def main() -> None:
    """Write the file anew from the wheel in the folder that the command line names."""
    (path,) = Path(sys.argv[1]).glob("aws_sam_translator-*.whl")
    with zipfile.ZipFile(path) as wheel:
        templates = json.loads(wheel.read(MODULE))["Templates"]
        on = "-".join(f"{part:02}" for part in wheel.getinfo(MODULE).date_time[:3])
    about = {
        "what": "the policy templates of SAM: the actions and resources of each",
        "source": f"{MODULE} of aws-sam-translator {path.name.split('-')[1]} (PyPI)",
        "licence": "Apache-2.0",
        "on": on,
        "made by": f"scripts/{Path(__file__).name}",
    }
    entries = {"about": about} | {
        name: plain(one["Definition"]["Statement"]) for name, one in sorted(templates.items())
    }
    lines = [f"{json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}" for k, v in entries.items()]
    TARGET.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
