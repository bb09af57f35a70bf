"""Configurations as text: the effective one with its origins, and one to begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from iac_ec2lint.report.escape import place, visible, yaml_text
from iac_ec2lint.report.undecided.questions import questions
from iac_ec2lint.report.undecided.showing import lines_to_paste

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.answers.configuration.entries import Effective
    from iac_ec2lint.answers.configuration.reading import ConfigurationFile
    from iac_ec2lint.engine.finding import CheckInfo
    from iac_ec2lint.engine.report import Report
    from iac_ec2lint.source.span import Span

_MOST = 5
_WRITTEN = (
    *("variable-files", "parameters", "parameter-files", "inputs", "known", "roots", "templates"),
    "baseline",
    *("exclude", "suppress", "paths", "accept-incomplete"),
)
"""Keys of what adds up, or counts for some files only."""


def effective_text(effective: Effective, infos: list[CheckInfo]) -> str:
    """What a scan is told, as YAML, with the place that each value comes from.

    Args:
        effective: That.
        infos: The checks that run.
    """
    options = effective.options
    lines = [f"# {place(file.source.path)}" for file in effective.files]
    values: dict[str, object] = {
        "select": list(options.select) or ["DEFAULT"],
        "ignore": list(options.ignore),
        "fail-on": str(options.fail_on),
        "fail-on-undecided": str(options.fail_on_undecided) if options.fail_on_undecided else None,
        "strict": options.strict,
        "branches": options.branches,
        "region": options.region,
        "require-modules": options.require_modules,
        "external-modules": options.external_modules,
        "compliance": list(options.compliance),
        "severity": {code: str(severity) for code, severity in options.severities},
        "suppressions": {} if options.reasons is None else {"require-reason": options.reasons},
        "variables": dict(options.variables),
    }
    for key, value in values.items():
        lines += _entry(key, value, effective.origins.get(key, ""))
    settings = dict(options.settings)
    checks: dict[str, dict[str, object]] = {}
    for info in infos:
        for one in info.parameters:
            name = f"{info.code}.{one.name}"
            value = settings.get(name, settings.get(one.name, one.default))
            checks.setdefault(info.code, {})[one.name] = value
    for code, own in checks.items():
        for name, value in own.items():
            origin = effective.origins.get(f"{code}.{name}", "")
            shown = list(value) if isinstance(value, tuple) else value
            lines += _entry(f"{code}.{name}", shown, origin)
    for file in effective.files:
        lines += _as_written(file, effective.refused)
    for code in sorted(options.unsuppressable):
        lines += _entry("never suppressed", code, "the policy")
    for code in sorted(options.always):
        lines += _entry("never ignored", code, "the policy")
    return "".join(f"{line}\n" for line in lines)


def _as_written(file: ConfigurationFile, refused: frozenset[Span]) -> Iterator[str]:
    """What a file says in lists of its own, each entry with its line."""
    for key in _WRITTEN:
        if key not in file.data:
            continue
        written = file.data[key]
        entries = written if isinstance(written, list) else [written]
        for at, entry in enumerate(entries):
            span = file.place(key, at) if isinstance(written, list) else file.place(key)
            if not {span, file.place(key)} & refused:
                yield from _entry(key, entry, f"{span.path}:{span.line}")


def _entry(key: str, value: object, origin: str) -> Iterator[str]:
    text = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, width=10_000)
    yield f"{key}: {text.removesuffix('...' + chr(10)).rstrip()}  # {visible(origin or 'default')}"


def first_text(
    report: Report, roots: list[str], templates: list[str], *, baseline: str, is_there: bool
) -> str:
    """A configuration to begin with, in comments: what is seen, and what would decide most.

    Args:
        report: What a scan came to.
        baseline: The usual name of a baseline.
        is_there: Whether there is one, which is taken then.
        roots: The folders of root modules.
        templates: The files of templates.
    """
    lines = [
        "# Configuration of iac-ec2lint; `iac-ec2lint config schema` describes all keys.",
        "",
        "# The checks that run: DEFAULT, families (SG), codes, severities, ALL.",
        "# select: [DEFAULT]",
        "# ignore: []",
        "",
        "# From which severity on a finding fails the run.",
        "fail-on: medium",
        "",
        "# What is known already and counts no more; `iac-ec2lint baseline write .` writes it.",
        f"{'' if is_there else '# '}baseline: {baseline}",
        "",
        "# Paths that are left out, in gitignore's syntax.",
        "# exclude:",
        "#   - examples/",
        "",
        "# What is accepted, by check and address; each with a reason.",
        "# suppress:",
        "#   - check: SG001",
        "#     address: aws_security_group.bastion",
        "#     reason: reached from the VPN alone",
        "#     until: 2027-12-31",
        "",
        "# Whether suppressions without a reason suppress nothing.",
        "# suppressions: {require-reason: true}",
    ]
    asked = questions(report).ranked[:_MOST]
    if asked:
        lines += ["", "# Values of these would decide most of what is undecided (ask says more):"]
        lines += [f"# {line}" for line in lines_to_paste(asked)]
    lines += [
        "",
        "# What you know that the files do not say.",
        "# known:",
        "#   ranges: [198.51.100.0/24]",
        "#   private-subnets: {subnet-0123456789abcdef0: true}",
        "#   account:",
        "#     - {regions: [eu-west-1], ebs-encryption-by-default: true}",
    ]
    lines += _units("roots", roots, "variable-files: [terraform.tfvars]")
    lines += _units("templates", templates, "parameter-files: [parameters.json]")
    return "".join(f"{line}\n" for line in lines)


def _units(key: str, paths: list[str], example: str) -> Iterator[str]:
    if paths:
        yield ""
        yield f"# What {key} are evaluated with ({len(paths)} seen):"
        yield f"# {key}:"
        for path in paths[:_MOST]:
            yield f"#   - path: {yaml_text(path)}"
            yield f"#     {example}"
