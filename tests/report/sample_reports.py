"""Reports made by hand, each for what a format must get right."""

from __future__ import annotations

from dataclasses import replace
from typing import TypedDict

from iac_ec2lint.declaration import InputDefault, SwitchedOff
from iac_ec2lint.engine.finding import (
    Acceptance,
    CheckInfo,
    Evidence,
    Finding,
    Note,
    Severity,
    Status,
    Subject,
)
from iac_ec2lint.engine.fix import Applicability, Edit, Repair
from iac_ec2lint.engine.report import Report, Summary
from iac_ec2lint.source.diagnostic import Diagnostic, Skipped
from iac_ec2lint.source.span import SourceText, Span
from iac_ec2lint.values import Confidence

SSH = CheckInfo(
    code="SG001",
    name="ssh-open-to-internet",
    severity=Severity.HIGH,
    summary="A rule that lets the whole internet try to log in with SSH.",
    documentation=(
        "A rule that lets the whole internet try to log in with SSH.\n\n## Why it matters\n"
        "Port 22 is scanned all the time.\n\n## Fails\n```hcl\n...\n```\n\n"
        "## How to mend it\nLimit port 22 to `10.0.0.0/8. 1`\nor less. Or go."
    ),
    url="https://example.org/docs/checks/SG001.md",
    family="SG",
    topic="security groups",
    default=True,
    supersedes=(),
    path="checks/sg/ssh_open_to_internet.py",
)
REACHED = replace(
    SSH,
    code="PATH001",
    name="instance-reachable-from-internet",
    severity=Severity.CRITICAL,
    summary="An instance that the internet can reach on an administrative port.",
    documentation="An instance that the internet can reach on an administrative port.",
    url="",
    family="PATH",
    topic="attack paths",
    supersedes=("SG001",),
)
TOKENS = replace(
    SSH,
    code="IMDS001",
    name="imdsv1-enabled",
    summary="An instance metadata service that answers without a session token.",
    documentation="An instance metadata service that answers without a session token.",
    url="https://example.org/docs/checks/IMDS001.md",
    family="IMDS",
    topic="instance metadata",
)
CHECKS = (TOKENS, REACHED, SSH)

MAIN = SourceText(
    "envs/prod/main.tf",
    """\
module "web" {
  source = "../../modules/web"
  open   = var.open
}

resource "aws_launch_template" "web" {
  metadata_options {
    http_tokens = var.tokens
  }
}
""",
)
GROUP = SourceText(
    "modules/web/group.tf",
    """\
resource "aws_security_group" "this" {
  ingress {
    from_port   = 22
    cidr_blocks = ["0.0.0.0/0"]
  }
}
""",
)


class Account(TypedDict):
    """For whom findings are: what some formats cannot do without."""

    account: str
    region: str


ACCOUNT = Account(account="123456789012", region="eu-west-1")


def span(source: SourceText, text: str, occurrence: int = 0) -> Span:
    """Where a text stands in a source."""
    start = -1
    for _ in range(occurrence + 1):
        start = source.text.index(text, start + 1)
    return source.span(start, start + len(text))


def finding(at: Span, check: CheckInfo = SSH, **changes: object) -> Finding:
    """A failing, proven finding at a place."""
    plain = Finding(
        check=check,
        severity=check.severity,
        status=Status.FAIL,
        confidence=Confidence.PROVEN,
        resource="module.web.aws_security_group.this",
        resources=("module.web.aws_security_group.this",),
        subject="module.web.aws_security_group.this",
        type="aws_security_group",
        language="terraform",
        attribute="ingress[0].cidr_blocks",
        span=at,
        message='port 22 accepts connections from "0.0.0.0/0"',
        fingerprint="3f1c9a7be0d24d58",
        subjects=(Subject("envs/prod", "module.web.aws_security_group.this", "3f1c9a7be0d24d58"),),
    )
    return plain._replace(**changes)  # type: ignore[arg-type]  # any field, by name


def summary(**changes: object) -> Summary:
    """Two files read in full."""
    plain = Summary(found=2, parsed=2, units=1, resources=12)
    return replace(plain, **changes)  # type: ignore[arg-type]  # any field, by name


def report(*findings: Finding, **changes: object) -> Report:
    """A report of findings over two files."""
    plain = Report(findings=findings, summary=summary(), checks=CHECKS)
    return replace(plain, **changes)  # type: ignore[arg-type]  # any field, by name


def open_group(**changes: object) -> Finding:
    """A rule in a module that is open, with the call of the module as evidence."""
    evidence = (
        Evidence(span(MAIN, 'module "web"'), 'module "web" is called here', "module.web"),
        Evidence(
            span(GROUP, "from_port   = 22"),
            "the rule begins at port 22",
            "module.web.aws_security_group.this",
        ),
    )
    changes = {"evidence": evidence, **changes}
    return finding(span(GROUP, '"0.0.0.0/0"'), **changes)  # type: ignore[arg-type]  # check too


def whole_and_part() -> Report:
    """A path whose entry is an open rule, found by itself too."""
    path = open_group(
        check=REACHED,
        severity=Severity.CRITICAL,
        subject="module.web.aws_instance.host",
        message="the internet reaches module.web.aws_instance.host on port 22",
        fingerprint="aa00",
    )
    return report(path, open_group(part_of=("aa00",)))


def undecided() -> Finding:
    """A launch template whose tokens hang on a variable without a value."""
    return finding(
        span(MAIN, "var.tokens"),
        TOKENS,
        status=Status.UNDECIDED,
        resource="aws_launch_template.web",
        resources=("aws_launch_template.web",),
        subject="aws_launch_template.web",
        type="aws_launch_template",
        attribute="metadata_options.http_tokens",
        message="IMDSv1 requests may be answered",
        missing=("variable `tokens` has no value", "the AMI's own setting"),
        fingerprint="bb00",
    )


def suppressed() -> Finding:
    """A finding that a comment accepts."""
    return open_group(
        status=Status.SUPPRESSED,
        suppression=Acceptance("reached over a VPN only", "2031-01-31", span(GROUP, "ingress")),
        fingerprint="cc00",
    )


def everything() -> Report:
    """One of each thing that a report can hold."""
    conditional = open_group(
        severity=Severity.LOW,
        confidence=Confidence.CONDITIONAL,
        when="var.open is true",
        resources=tuple(f"module.web[{n}].aws_security_group.this" for n in range(9)),
        fingerprint="dd00",
        fix=Repair(
            "set the range to your own",
            Applicability.UNSAFE,
            (Edit(span(GROUP, '"0.0.0.0/0"'), '"10.0.0.0/8"'),),
        ),
    )
    whole = span(MAIN, MAIN.text[MAIN.text.index("resource") : -1])
    template = finding(
        whole,
        TOKENS,
        severity=Severity.MEDIUM,
        confidence=Confidence.ASSUMED,
        resource="aws_launch_template.web",
        resources=("aws_launch_template.web",),
        subject="aws_launch_template.web",
        attribute="",
        message="IMDSv1 requests are answered",
        fingerprint="ee00",
    )
    return report(
        template,
        undecided(),
        *whole_and_part().findings,
        conditional,
        suppressed(),
        notes=(
            Note(
                "host-bits-in-cidr",
                "aws_vpc.main",
                span(GROUP, '"0.0.0.0/0"'),
                "10.0.0.1/8 has host bits",
            ),
        ),
        errors=(
            Diagnostic("broken.tf", 3, 14, 'expected "}" to close the block opened on line 1'),
            Diagnostic("gone.tf", 0, 0, "it cannot be read: No such file or directory"),
        ),
        summary=Summary(
            found=9,
            parsed=3,
            partial=("broken.tf",),
            called_only=("modules/web",),
            skipped=(
                Skipped("big.tf", "it has 7340032 bytes; at most 5242880 are read"),
                *(Skipped(f"values-{n}.yaml", "it is not a template") for n in range(4)),
            ),
            units=2,
            resources=1204,
            modules_unavailable=("terraform-aws-modules/vpc/aws",),
            unknown_values=4,
            switched_off=(
                SwitchedOff(
                    "envs/prod",
                    "resource",
                    "aws_instance.bastion",
                    span(MAIN, 'module "web"'),
                    (InputDefault("var.bastion", span(MAIN, 'module "web"')),),
                ),
            ),
        ),
    )


HOSTILE = (
    "\x1b[31mred\x1b]0;title\x07 \u202eevil\u2066 \r\n::set-output name=a::b ##[add-mask]a "
    "]]> </details></table><script>alert(1)</script> | `code` [x](http://evil) %0A \x00\u2028\ud800"
)


def hostile() -> Report:
    """A report in which every text that comes from scanned files is out to do harm."""
    source = SourceText("::set-output name=a::b,line=1\x1b[2J|</details>.tf", f"cidr = {HOSTILE}\n")
    at = source.span(0, 12)
    bad = finding(
        at,
        replace(SSH, url="javascript:alert(1)"),
        resource=f'aws_vpc.a["{HOSTILE}"]',
        resources=(f'aws_vpc.a["{HOSTILE}"]', HOSTILE),
        subject=HOSTILE,
        message=HOSTILE,
        evidence=(Evidence(source.span(14, 30), HOSTILE, HOSTILE),),
        confidence=Confidence.CONDITIONAL,
        when=HOSTILE,
        attribute=HOSTILE,
    )
    return report(
        bad,
        bad._replace(status=Status.UNDECIDED, missing=(HOSTILE,), fingerprint="2"),
        bad._replace(
            status=Status.SUPPRESSED,
            suppression=Acceptance(HOSTILE, HOSTILE, at),
            fingerprint="3",
        ),
        notes=(Note("host-bits-in-cidr", HOSTILE, at, HOSTILE),),
        errors=(Diagnostic(source.path, 1, 1, HOSTILE),),
        summary=summary(
            found=4,
            partial=(source.path,),
            skipped=(Skipped(source.path, HOSTILE),),
            modules_unavailable=(HOSTILE,),
        ),
    )


def tabs_and_wide_characters() -> Report:
    """Places on lines that are not one column a character."""
    source = SourceText(
        "ünï.tf",
        '\tname\t= "端口" # here\n'
        f'x = [{"a, " * 200}"0.0.0.0/0"{", b" * 200}]\n'
        'e = "e\u0301\u0301" # after combining marks\n'
        "h = <<EOT\nfirst\nlast\nEOT\n",
    )
    return report(
        finding(span(source, '"端口"'), message="wide characters after tabs", fingerprint="1"),
        finding(span(source, "# here"), message="after wide characters", fingerprint="2"),
        finding(span(source, '"0.0.0.0/0"'), message="far into a long line", fingerprint="3"),
        finding(span(source, "# after"), message="after combining marks", fingerprint="4"),
        finding(span(source, "<<EOT\nfirst\nlast\nEOT"), message="several lines", fingerprint="5"),
        finding(
            source.span(len(source.text), len(source.text)), message="at the end", fingerprint="6"
        ),
    )


def errors_only() -> Report:
    """A scan that found nothing because it could not look."""
    return report(
        errors=(Diagnostic("main.tf", 7, 1, 'expected "}" before the end of the file'),),
        summary=Summary(found=1, partial=("main.tf",), units=1, resources=3),
    )


SAMPLES: dict[str, Report] = {
    "clean": report(),
    "nothing_found": Report(),
    "errors_only": errors_only(),
    "one": report(open_group()),
    "low_only": report(open_group(severity=Severity.LOW)),
    "part_of": whole_and_part(),
    "undecided": report(undecided()),
    "suppressed": report(suppressed()),
    "everything": everything(),
    "tabs_and_wide_characters": tabs_and_wide_characters(),
    "hostile": hostile(),
}
