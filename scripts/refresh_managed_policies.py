"""Write ``facts/managed_policies.json``: what AWS's managed policies say.

They come from moto, which keeps them as AWS's API gives them. It is needed for nothing but this::

    pip download --no-deps -d FOLDER moto
    python scripts/refresh_managed_policies.py FOLDER

Each policy is a line, so that one is found without parsing the others, and that its change is seen
as one. Policies of service-linked roles are left out, for nobody can attach them; so are the
identifiers of statements. A policy that moto no longer has is kept.
"""

from __future__ import annotations

import ast
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

from iac_ec2lint import facts

TARGET = Path(facts.__file__).with_name("managed_policies.json")
MODULE = "moto/iam/aws_managed_policies.py"
_SERVICE_LINKED = "/aws-service-role/"

Policies = dict[str, dict[str, Any]]


def published(wheel: zipfile.ZipFile) -> Policies:
    """The policies that a wheel of moto has, by name, as AWS's API gives them."""
    (assigned,) = [
        node for node in ast.parse(wheel.read(MODULE)).body if isinstance(node, ast.Assign)
    ]
    found: Policies = json.loads(ast.literal_eval(assigned.value))
    return found


def entry(policy: dict[str, Any]) -> dict[str, Any]:
    """What is kept of a policy."""
    statements = policy["Document"]["Statement"]
    listed = statements if isinstance(statements, list) else [statements]
    return {
        "version": policy["DefaultVersionId"],
        "updated": policy["UpdateDate"][:10],
        "statements": [{k: v for k, v in one.items() if k != "Sid"} for one in listed],
    }


def text_of(about: dict[str, str], policies: Policies) -> str:
    """The file: JSON with an entry a line."""
    entries = {"about": about, **dict(sorted(policies.items()))}
    lines = [f"{json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}" for k, v in entries.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main() -> None:
    """Write the file anew from the wheel in the folder that the command line names."""
    (path,) = Path(sys.argv[1]).glob("moto-*.whl")
    with zipfile.ZipFile(path) as wheel:
        found = published(wheel)
    kept = facts.facts(TARGET.stem) if TARGET.exists() else {}
    policies = {name: one for name, one in kept.items() if name != "about"}
    policies |= {name: entry(one) for name, one in found.items() if one["Path"] != _SERVICE_LINKED}
    about = {
        "what": "the default versions of AWS's managed policies, by name",
        "source": f"{MODULE} of moto {path.name.split('-')[1]} (PyPI)",
        "licence": "Apache-2.0",
        "on": max(one["updated"] for one in policies.values()),
        "made by": f"scripts/{Path(__file__).name}",
    }
    TARGET.write_text(text_of(about, policies), encoding="utf-8")


if __name__ == "__main__":
    main()
