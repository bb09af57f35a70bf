"""What a reader is told of a check: its page, made of all that its one file declares."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from iac_ec2lint.engine.finding import CheckInfo
    from iac_ec2lint.engine.parameter import ParameterInfo

FRAMEWORKS = {
    "security_hub": "AWS Security Hub",
    "cis_aws": "CIS AWS Foundations Benchmark (version:item)",
    "nist_800_53_r5": "NIST SP 800-53 revision 5",
    "pci_dss": "PCI DSS (version:requirement)",
    "aws_config": "AWS Config managed rules",
}
"""The frameworks that the built-in checks name, in words."""


def facts(info: CheckInfo) -> str:
    """What is to be known at once, in one line: severity, topic, whether it runs, since when."""
    state = "on" if info.default else "off"
    since = f" Since {info.since}." if info.since else ""
    return f"Severity: {info.severity}. Topic: {info.topic}. {state.title()} by default.{since}"


def page(info: CheckInfo) -> str:
    """All that there is to know of a check below its title, in Markdown."""
    parts = [facts(info), info.documentation]
    if info.supersedes:
        parts.append(
            f"Its findings include those of {', '.join(info.supersedes)} at their places: whoever "
            "suppresses one suppresses these parts."
        )
    if info.accepted_with_rules:
        parts.append(
            "A finding is suppressed with the security group rules that it leads through, if all "
            "of these are and it is no more severe than their findings."
        )
    if info.supplied_by:
        types = ", ".join(f"`{name}`" for names in info.supplied_by.values() for name in names)
        parts.append(
            "What another root module or stack of the scan adds to what it reads of the one that "
            f"is judged counts ({types}): then the finding is undecided, and names that one."
        )
    if info.asks:
        parts.append("\n".join(["## What it asks the attack graph for", *info.asks]))
    if info.parameters:
        lines = "\n".join(_parameter(info.code, one) for one in info.parameters)
        parts.append(f"## Parameters\n{lines}")
    if info.types:
        types = ", ".join(f"`{name}`" for names in info.types.values() for name in names)
        parts.append(f"## Judges\n{types}")
    for title, named in (("Controls", info.compliance), ("In other programs", info.peers)):
        if named:
            parts.append("\n".join([f"## {title}", *_lists(named)]))
    return "\n\n".join(parts)


def index(infos: Iterable[CheckInfo]) -> str:
    """The checks as tables of links to their pages, one a topic, in Markdown."""
    by_topic: dict[str, list[CheckInfo]] = {}
    for info in infos:
        by_topic.setdefault(info.topic, []).append(info)
    lines = ["# Checks"]
    for topic, members in sorted(by_topic.items()):
        lines += ["", f"## {topic[:1].upper()}{topic[1:]} ({len(members)})", ""]
        lines += [
            "| Code | Name | Severity | By default | Finds |",
            "| --- | --- | --- | --- | --- |",
        ]
        lines += [_row(info) for info in members]
    return "\n".join([*lines, ""])


def _row(info: CheckInfo) -> str:
    state = "on" if info.default else "off"
    cells = (f"[{info.code}]({info.code}.md)", info.name, info.severity, state, info.summary)
    return f"| {' | '.join(cells)} |"


def as_data(info: CheckInfo) -> dict[str, object]:
    """All that a check declares, as JSON has it."""
    return {
        "code": info.code,
        "name": info.name,
        "severity": str(info.severity),
        "family": info.family,
        "topic": info.topic,
        "default": info.default,
        "since": info.since,
        "summary": info.summary,
        "mend": info.mend,
        "documentation": info.documentation,
        "url": info.url,
        "types": {language: list(names) for language, names in info.types.items()},
        "supersedes": list(info.supersedes),
        "asks": [line.lstrip("- ") for line in info.asks],
        "accepted_with_rules": info.accepted_with_rules,
        "supplied_by": {language: list(names) for language, names in info.supplied_by.items()},
        "parameters": [
            {
                "name": one.name,
                "help": one.help,
                "default": one.default,
                "schema": dict(one.schema),
                "shared": one.shared,
            }
            for one in info.parameters
        ],
        "compliance": {name: list(words) for name, words in info.compliance.items()},
        "peers": {name: list(words) for name, words in info.peers.items()},
    }


def checks_for(infos: Iterable[CheckInfo], peer: str) -> dict[str, list[CheckInfo]]:
    """The checks that stand for each of another program's, by its name there, sorted."""
    found: dict[str, list[CheckInfo]] = {}
    for info in infos:
        for name in info.peers.get(peer, ()):
            found.setdefault(name, []).append(info)
    return dict(sorted(found.items()))


def _parameter(code: str, parameter: ParameterInfo) -> str:
    name = parameter.name if parameter.shared else f"{code}.{parameter.name}"
    default = json.dumps(parameter.default)
    return f"- `{name}` ({_kind(parameter.schema)}; {default} by default): {parameter.help}"


def _kind(schema: Mapping[str, object]) -> str:
    kind = {"string": "text", "boolean": "true or false", "array": "list"}.get(
        str(schema.get("type")), "number"
    )
    if "minimum" in schema:
        return f"{kind} from {schema['minimum']} to {schema['maximum']}"
    return kind


def _lists(named: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    for key, words in named.items():
        yield f"- {FRAMEWORKS.get(key, key)}: {', '.join(words)}"
