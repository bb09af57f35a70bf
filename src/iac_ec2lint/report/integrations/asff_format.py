"""AWS Security Finding Format, for ``aws securityhub batch-import-findings --findings file://...``.

Source of the fields and limits: AWS Security Hub API Reference, ``AwsSecurityFinding``. One call
takes 100 findings (``BatchImportFindings``): a longer array has to be cut into several.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iac_ec2lint.engine.finding import Severity, Status
from iac_ec2lint.report.arrangement import identities, recorded
from iac_ec2lint.report.escape import cut, visible
from iac_ec2lint.report.integrations.words import page, reasons
from iac_ec2lint.report.placing import from_root
from iac_ec2lint.report.serialisation import serialise

if TYPE_CHECKING:
    from iac_ec2lint.engine.finding import Finding
    from iac_ec2lint.engine.report import Report
    from iac_ec2lint.report.options import ReportOptions

ENDINGS = (".asff", ".asff.json")

TITLE = 256
TEXT = 1_024
RECOMMENDATION = 512
RESOURCES = 32
VALUE = 2_048
IDENTIFIER = 512

_ACCOUNT = re.compile(r"[0-9]{12}")
_REGION = re.compile(r"[a-z]{2,8}(?:-[a-z]{2,12}){1,3}-[0-9]{1,2}")
_PARTITIONS = {
    "cn": "aws-cn",
    "us-gov": "aws-us-gov",
    "us-iso": "aws-us-iso",
    "us-isob": "aws-us-iso-b",
}
_TYPE = "Software and Configuration Checks/AWS Security Best Practices"
_SEVERITY = {
    Severity.CRITICAL: "CRITICAL",
    Severity.HIGH: "HIGH",
    Severity.MEDIUM: "MEDIUM",
    Severity.LOW: "LOW",
    Severity.INFO: "INFORMATIONAL",
}


def lacking(account: str, region: str) -> str:
    """What must still be said before anything can be written, in one line; empty if nothing."""
    if not _ACCOUNT.fullmatch(account):
        given = f"not {visible(account)!r}" if account else "--aws-account or AWS_ACCOUNT_ID"
        return f"asff needs the account that findings are for, in 12 digits: {given}"
    if not _REGION.fullmatch(region):
        given = f"not {visible(region)!r}" if region else "--aws-region or AWS_REGION"
        return f"asff needs the Region that findings are for, such as eu-west-1: {given}"
    return ""


def render(report: Report, options: ReportOptions) -> str:
    """An array of findings; undecided ones if asked for, as warnings; suppressed ones archived.

    Raises:
        ValueError: Account or Region is lacking.
    """
    words = lacking(options.account, options.region)
    if words:
        raise ValueError(words)
    findings = recorded(report, show_undecided=options.show_undecided)
    named = zip(findings, identities(findings), strict=True)
    return serialise([_finding(finding, name, options) for finding, name in named])


def _finding(finding: Finding, name: str, options: ReportOptions) -> dict[str, object]:
    check = finding.check
    partition = _partition(options.region)
    where = f"{options.region}:{options.account}"
    path = from_root(finding.span.path, options.prefix)
    undecided = finding.status is Status.UNDECIDED
    lines = [finding.message, *reasons(finding)]
    made: dict[str, object] = {
        "SchemaVersion": "2018-10-08",
        "Id": f"iac-ec2lint/{options.account}/{options.region}/{name}",
        # The product that every account has for findings of its own.
        "ProductArn": f"arn:{partition}:securityhub:{where}:product/{options.account}/default",
        "ProductName": "iac-ec2lint",
        "GeneratorId": cut(f"iac-ec2lint/{check.code}", IDENTIFIER),
        "AwsAccountId": options.account,
        "Region": options.region,
        "Types": [_TYPE],
        "CreatedAt": f"{options.ended}Z",
        "UpdatedAt": f"{options.ended}Z",
        "Severity": {"Label": _SEVERITY[finding.severity], "Original": str(finding.severity)},
        "Title": cut(visible(f"{check.code} {check.name}: {check.summary}"), TITLE),
        "Description": cut("\n".join(visible(line) for line in lines), TEXT),
        "Compliance": {"Status": "WARNING" if undecided else "FAILED"},
        "RecordState": "ARCHIVED" if finding.status is Status.SUPPRESSED else "ACTIVE",
        "ProductFields": {
            "path": cut(visible(path) or "-", VALUE),
            "line": str(finding.span.line),
            "status": str(finding.status),
            "confidence": str(finding.confidence),
        },
        "Resources": [
            _resource(address, finding, partition, options.region)
            for address in (finding.resources or (finding.resource,))[:RESOURCES]
        ],
    }
    recommendation = {}
    if check.mend:
        recommendation["Text"] = cut(visible(check.mend), RECOMMENDATION)
    if page(finding):
        recommendation["Url"] = page(finding)
    if recommendation:
        made["Remediation"] = {"Recommendation": recommendation}
    return made


def _resource(address: str, finding: Finding, partition: str, region: str) -> dict[str, object]:
    # What is declared has no ARN yet: its address says which it is.
    name = visible(address).strip() or "-"
    details = {"type": cut(visible(finding.type) or "-", TEXT)}
    return {
        "Type": "Other",
        "Id": cut(name, IDENTIFIER),
        "Partition": partition,
        "Region": region,
        "Details": {"Other": details},
    }


def _partition(region: str) -> str:
    fitting = [name for prefix, name in _PARTITIONS.items() if region.startswith(f"{prefix}-")]
    return fitting[0] if fitting else "aws"
