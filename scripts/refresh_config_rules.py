"""Write ``facts/config_rules.json``: the managed rules of AWS Config that judge EC2's resources.

The rules are those that moto ships (Apache-2.0), as the AWS Config Developer Guide has them::

    pip download --no-deps -d FOLDER moto
    python scripts/refresh_config_rules.py FOLDER

A rule counts that judges nothing else: what one rule for many services is about, its scope says.
"""

from __future__ import annotations

import gzip
import json
import sys
import zipfile
from datetime import date
from pathlib import Path

FILE = Path(__file__).parents[1] / "src" / "iac_ec2lint" / "facts" / "config_rules.json"
RECORDS = "moto/config/resources/aws_managed_rules.json.gz"
OURS = (
    "AWS::AutoScaling::",
    "AWS::EC2::",
    "AWS::SSM::AssociationCompliance",
    "AWS::SSM::ManagedInstanceInventory",
    "AWS::SSM::PatchCompliance",
)
WITHOUT_TYPES = frozenset({"EBS_SNAPSHOT_PUBLIC_RESTORABLE_CHECK", "EC2_EBS_ENCRYPTION_BY_DEFAULT"})
"""Rules about settings of the account, for which the guide names no type."""


def main() -> None:
    """Reads the release in a folder and writes the file."""
    (release,) = Path(sys.argv[1]).rglob("moto-*.whl")
    with zipfile.ZipFile(release) as wheel:
        rules = json.loads(gzip.decompress(wheel.read(RECORDS)))["ManagedRules"]
        year, month, day, *_ = max(info.date_time for info in wheel.infolist())
    kinds = {name: (rule.get("Resource Types") or "").split(", ") for name, rule in rules.items()}
    ours = {name for name, types in kinds.items() if all(one.startswith(OURS) for one in types)}
    if missing := WITHOUT_TYPES - rules.keys():
        raise SystemExit(f"{', '.join(sorted(missing))} is no rule any more")
    content = {
        "about": {
            "what": (
                "the identifiers of AWS Config's managed rules that judge resources of EC2, VPC, "
                "EBS and Auto Scaling"
            ),
            "source": (
                f"moto {release.name.split('-')[1]} (PyPI), of the AWS Config Developer Guide, "
                "List of AWS Config Managed Rules; held against the identifiers of "
                "aws-cdk-lib 2.276.0 (npm), and a list made by hand of the guide's pages"
            ),
            "licence": "Apache-2.0",
            "on": date(year, month, day).isoformat(),
            "made by": "scripts/refresh_config_rules.py",
        },
        "identifiers": sorted(ours | WITHOUT_TYPES),
    }
    FILE.write_text(json.dumps(content, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
