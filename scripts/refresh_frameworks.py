"""Write the frameworks whose lists are published as data, from files in FOLDER.

It holds, from NIST's ``oscal-content`` and from GSA's ``fedramp-automation`` (both are in the
public domain), the resolved catalogs of the HIGH and PRIVACY baselines of SP 800-53 revision 5 as
``*-min.json``, and that of FedRAMP's MODERATE baseline as XML; and from the wheel of Prowler on
PyPI ``nist_800_53_revision_5_aws.json``, for the titles of controls of SP 800-53 that no baseline
has and AWS names.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from iac_ec2lint import facts
from iac_ec2lint.engine.registry import builtin_folder, load

FOLDER = Path(facts.__file__).parent / "frameworks"
_OSCAL = "SP-800-53_rev5_{}-baseline-resolved-profile_catalog-min.json"
_FEDRAMP = "FedRAMP_rev5_MODERATE-baseline-resolved-profile_catalog.xml"
_CONTROL = re.compile(r'<control[^>]* id="([a-z]{2}-[\d.]+)"[^>]*>\s*<title>([^<]+)</title>')
_LICENCE = "public domain"
_MORE = {
    "AC-3(15)": "Discretionary and Mandatory Access Control",
    "AC-4(26)": "Audit Filtering Actions",
    "AU-14": "Session Audit",
    "AU-14(1)": "System Start-up",
    "CA-9(1)": "Compliance Checks",
    "SA-8(19)": "Continuous Protection",
    "SA-8(21)": "Self-analysis",
    "SA-8(22)": "Accountability and Traceability",
    "SA-8(25)": "Economic Security",
    "SA-11(1)": "Static Code Analysis",
    "SA-11(6)": "Attack Surface Reviews",
    "SA-15(2)": "Security and Privacy Tracking Tools",
    "SA-15(8)": "Reuse of Threat and Vulnerability Information",
    "SC-5(3)": "Detection and Monitoring",
    "SC-7(9)": "Restrict Threatening Outgoing Communications Traffic",
    "SC-12(3)": "Asymmetric Keys",
    "SC-28(3)": "Cryptographic Keys",
    "SC-36": "Distributed Processing and Storage",
    "SC-36(1)": "Polling Techniques",
    "SI-2(3)": "Time to Remediate Flaws and Benchmarks for Corrective Actions",
    "SI-2(4)": "Automated Patch Management Tools",
    "SI-3(8)": "Detect Unauthorized Commands",
    "SI-4(13)": "Analyze Traffic and Event Patterns",
    "SI-20": "Tainting",
    "SC-7(10)": "Prevent Exfiltration",
    "SI-7(6)": "Cryptographic Protection",
}
"""NIST's titles of controls that checks name and none of the files has."""


def label(oscal: str) -> str:
    """``ac-2.1`` as NIST prints it: ``AC-2(1)``."""
    family, number, *enhancement = re.split("[-.]", oscal.upper())
    return f"{family}-{number}" + "".join(f"({one})" for one in enhancement)


def order(control: str) -> tuple[str, list[int]]:
    """What controls are sorted by."""
    return control[:2], [int(number) for number in re.findall(r"\d+", control)]


def titles(node: Any) -> Iterator[tuple[str, str]]:
    """The controls of a catalog with their titles, enhancements too."""
    for group in node.get("groups", ()):
        yield from titles(group)
    for control in node.get("controls", ()):
        yield label(control["id"]), control["title"]
        yield from titles(control)


def write(name: str, title: str, source: str, controls: list[dict[str, Any]], **more: Any) -> None:
    """Write one framework."""
    about = {
        "what": f"The controls of {title}.",
        "source": source,
        "licence": _LICENCE,
        "on": f"{datetime.now(UTC):%Y-%m-%d}",
        "made by": "scripts/refresh_frameworks.py",
    }
    head = json.dumps({"about": about, "title": title, **more}, indent=1, ensure_ascii=False)
    rows = ",\n".join(f"  {json.dumps(row, ensure_ascii=False)}" for row in controls)
    text = f'{head.removesuffix("}").rstrip()},\n "controls": [\n{rows}\n ]\n}}\n'
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.json").write_text(text, "utf-8")
    print(f"{name}: {len(controls)} controls")


def main() -> None:
    """Write both."""
    [folder] = map(Path, sys.argv[1:])
    catalogs = [
        json.loads((folder / f"NIST_{_OSCAL.format(b)}").read_text("utf-8"))["catalog"]
        for b in ("HIGH", "PRIVACY")
    ]
    known = dict(pair for catalog in catalogs for pair in titles(catalog))
    named = {
        word
        for entry in load([builtin_folder()])[0]
        for word in entry.info.compliance.get("nist_800_53_r5", ())
    }
    others = json.loads((folder / "nist_800_53_revision_5_aws.json").read_text("utf-8"))
    for one in others["Requirements"]:
        found = re.match(r"([A-Z]{2}-\d+(?:\(\d+\))?) (.+)", one["Name"])
        if found and found[1] in named:
            known.setdefault(found[1], found[2])
    known |= _MORE
    if lacking := named - known.keys():
        sys.exit(f"without a title: {', '.join(sorted(lacking, key=order))}")
    rows = [{"id": name, "title": known[name]} for name in sorted(known, key=order)]
    version = catalogs[0]["metadata"]["version"]
    write(
        "nist-800-53-r5",
        "NIST SP 800-53 revision 5",
        f"NIST oscal-content, {version}: the HIGH and PRIVACY baselines, and what AWS names",
        rows,
        named_as={"nist_800_53_r5": "{id}"},
    )
    text = (folder / _FEDRAMP).read_text("utf-8")
    fedramp = {label(found[1]): found[2] for found in _CONTROL.finditer(text)}
    [version] = re.findall(r"<version>([^<]+)</version>", text)
    rows = [{"id": name, "title": fedramp[name]} for name in sorted(fedramp, key=order)]
    write(
        "fedramp-moderate-r5",
        "FedRAMP Moderate, revision 5",
        f"GSA fedramp-automation, {version}",
        rows,
        named_as={"nist_800_53_r5": "{id}"},
    )


if __name__ == "__main__":
    main()
