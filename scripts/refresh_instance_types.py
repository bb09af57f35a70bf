"""Write ``facts/instance_types.json``: what AWS says of EC2's instance types.

The records are those of ``DescribeInstanceTypes`` that moto ships (Apache-2.0). A release has only
the types that AWS offered on its day, and of a type that differs between Regions what the last
Region said. So several are read: types of any of them are known, the newest says what they support,
and a family is of a previous generation where all that have it say so::

    pip download --no-deps -d FOLDER/old moto==5.0.0
    pip download --no-deps -d FOLDER/new moto
    python scripts/refresh_instance_types.py FOLDER

Which processors encrypt memory is in no record: it is read off the makers and the families' names
(EC2 User Guide, "Data protection in Amazon EC2").
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import zipfile
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

FILE = Path(__file__).parents[1] / "src" / "iac_ec2lint" / "facts" / "instance_types.json"
RECORDS = "moto/ec2/resources/instance_types.json"

GRAVITON_1 = frozenset({"a1"})
ENCRYPTS = re.compile(r"(?:[cmr][6-9]|x8|t8|i[47]|hpc6)i|x2ie?dn|(?:[cmr][6-9]|x8|hpc[6-8])a")
"""Families of Intel processors since Ice Lake and of AMD processors since Milan."""
PLAIN = re.compile(r"(?:[cdghimrtz][1-5]|f1|p[1-4]|x1|mac1|inf1|vt1|x2iezn)[a-z]*")
"""Families of older processors; of what is neither, nothing is known."""


def main() -> None:
    """Reads the releases below a folder and writes the file."""
    releases = sorted(Path(sys.argv[1]).rglob("moto-*.whl"), key=_version)
    if not releases:
        raise SystemExit(f"no release of moto is below {sys.argv[1]}")
    records = [_records(release) for release in releases]
    newest: dict[str, dict[str, Any]] = {}
    for one in records:
        newest |= one
    families: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for name, record in sorted(newest.items()):
        families[name.partition(".")[0]].append(record)
    current = {
        name.partition(".")[0] for one in records for name in one if one[name]["CurrentGeneration"]
    }
    on_request = _with(newest, "supported")
    never = _with(newest, "unsupported")
    taken = " and ".join(".".join(map(str, _version(release))) for release in releases)
    content = {
        "about": {
            "what": "families of EC2 instance types, and what they support",
            "source": f"moto {taken} (PyPI): records of DescribeInstanceTypes",
            "licence": "Apache-2.0",
            "on": _day(releases[-1]),
            "made by": "scripts/refresh_instance_types.py",
        },
        "families": sorted(families),
        "previous generation": sorted(families.keys() - current),
        "paravirtual": _all(families, lambda r: "paravirtual" in r["SupportedVirtualizationTypes"]),
        "encrypts traffic": _all(
            families, lambda r: r["NetworkInfo"].get("EncryptionInTransitSupported") is True
        ),
        "encrypts memory": [name for name in sorted(families) if _memory(name, families[name])],
        "plain memory": [
            name for name in sorted(families) if _memory(name, families[name]) is False
        ],
        "EBS optimised on request": on_request,
        "EBS optimised never": never,
    }
    lines = [f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in content.items()]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


def _version(release: Path) -> tuple[int, ...]:
    return tuple(int(number) for number in release.name.split("-")[1].split("."))


def _day(release: Path) -> str:
    """The day on which a release was made."""
    with zipfile.ZipFile(release) as wheel:
        year, month, day, *_ = max(info.date_time for info in wheel.infolist())
    return date(year, month, day).isoformat()


def _records(release: Path) -> dict[str, dict[str, Any]]:
    with zipfile.ZipFile(release) as wheel:
        packed = f"{RECORDS}.gz" in wheel.namelist()
        content = wheel.read(f"{RECORDS}.gz" if packed else RECORDS)
    records: dict[str, dict[str, Any]] = json.loads(gzip.decompress(content) if packed else content)
    return records


def _all(
    families: dict[str, list[dict[str, Any]]], question: Callable[[dict[str, Any]], bool]
) -> list[str]:
    """The families of which all types answer yes."""
    return [name for name, records in families.items() if all(map(question, records))]


def _with(records: dict[str, dict[str, Any]], support: str) -> list[str]:
    found = (n for n, r in records.items() if r["EbsInfo"]["EbsOptimizedSupport"] == support)
    return sorted(found)


def _memory(family: str, records: list[dict[str, Any]]) -> bool | None:
    """Whether a family's processors always encrypt memory; ``None`` where that is not known."""
    makers = {record["ProcessorInfo"].get("Manufacturer", "") for record in records}
    if makers == {"AWS"}:
        return family not in GRAVITON_1
    if ENCRYPTS.match(family):
        return True
    return False if PLAIN.fullmatch(family) else None


if __name__ == "__main__":
    main()
