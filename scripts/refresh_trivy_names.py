"""Write ``facts/trivy_names.json``: the long names of Trivy's checks, beside their ids.

A few of Trivy's aliases are another check's: it takes ``aws-vpc-no-public-ingress-sgr``, which was
tfsec's name of the check of groups, for the one of subnets. They go by what they say.

The names are in the metadata of the checks, of which a checkout is needed::

    git clone --depth 1 --branch v2.2.0 https://github.com/aquasecurity/trivy-checks
    python scripts/refresh_trivy_names.py trivy-checks 2.2.0
"""

from __future__ import annotations

import json
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

TARGET = Path(__file__).parents[1] / "src" / "iac_ec2lint" / "facts" / "trivy_names.json"
SERVICES = ("ami", "cloudtrail", "cloudwatch", "config", "ec2", "elb", "iam", "kms", "ssm")
"""The services of which checks here may answer Trivy's."""
_METADATA = re.compile(r"^# METADATA\n((?:#.*\n)+)", re.MULTILINE)
_LONG = re.compile(r"aws-[a-z0-9]+-[a-z].+")


def main(checkout: str, version: str) -> None:
    """Write the file from a checkout of that version."""
    folders = (Path(checkout) / "checks" / "cloud" / "aws" / service for service in SERVICES)
    found = (_custom(file) for folder in folders for file in folder.glob("*.rego"))
    checks = sorted((each for each in found if each), key=lambda each: str(each["id"]))
    shorts = {_short(check["long_id"]): check for check in reversed(checks)}
    names: dict[str, str] = {}
    others: dict[str, str] = {}
    for check in checks:
        said = set(_short(check["long_id"]).split("-"))
        for name in filter(_LONG.fullmatch, (check["long_id"], *check.get("aliases", ()))):
            short = _short(name)
            if set(short.split("-")) <= said:
                names.setdefault(name, _id(check))
            elif short in shorts:
                others.setdefault(name, _id(shorts[short]))
    about = {
        "what": "the names that checks of Trivy have in comments beside their ids",
        "source": f"https://github.com/aquasecurity/trivy-checks, {version}",
        "licence": "MIT; Copyright (c) 2024 Aqua Security",
        "on": datetime.now(UTC).date().isoformat(),
        "made by": "scripts/refresh_trivy_names.py",
    }
    content = {"about": about, "names": dict(sorted((others | names).items()))}
    TARGET.write_text(json.dumps(content, indent=1) + "\n", "utf-8")


def _custom(file: Path) -> dict[str, Any]:
    """What a check says of itself beside its title; empty of a file without."""
    block = _METADATA.search(file.read_text("utf-8"))
    lines = [] if block is None else [line[2:] for line in block[1].splitlines()]
    custom: dict[str, Any] = (yaml.safe_load("\n".join(lines)) or {}).get("custom", {})
    return custom if "long_id" in custom else {}


def _id(check: dict[str, Any]) -> str:
    return f"avd-{check['id']}".lower()


def _short(name: str) -> str:
    """What stands behind the provider and the service."""
    return name.split("-", 2)[2]


if __name__ == "__main__":
    main(*sys.argv[1:])
