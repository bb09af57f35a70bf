"""What a launch template decides for several hosts is one finding, about the template."""

from __future__ import annotations

import pytest
from tests.invariance.projects import scan_project

from iac_ec2lint.engine.finding import Severity, Status
from iac_ec2lint.engine.outcome.joining import join
from iac_ec2lint.values import Confidence

_TEMPLATE = """\
resource "aws_launch_template" "shared" {
  image_id = "ami-0123456789abcdef0"
  block_device_mappings {
    device_name = "/dev/sdf"
    ebs {
      volume_size = 20
    }
  }
  metadata_options {
    http_tokens                 = "optional"
    http_put_response_hop_limit = 3
  }
}
"""
_HOST = """\
resource "aws_instance" "NAME" {
  launch_template {
    id = aws_launch_template.shared.id
  }
}
"""


@pytest.mark.parametrize("names", [("a", "z"), ("z", "a")])
@pytest.mark.parametrize("code", ["DATA001", "IMDS001", "IMDS002", "SG017"])
def test_the_template_is_judged_and_the_hosts_are_evidence(
    code: str, names: tuple[str, str]
) -> None:
    text = _TEMPLATE + "".join(_HOST.replace("NAME", name) for name in names)
    findings = scan_project({"main.tf": text}, select=(code,)).findings
    assert findings
    hosts = {f"aws_instance.{name}" for name in names}
    for finding in findings:
        assert finding.status is Status.FAIL
        assert finding.subject == finding.resource == "aws_launch_template.shared"
        assert hosts <= {hop.resource for hop in finding.evidence}


def test_a_host_that_mends_the_template_leaves_it_as_it_is_for_the_others() -> None:
    mended = _HOST.replace("NAME", "mended").replace(
        "\n}\n", '\n  metadata_options {\n    http_tokens = "required"\n  }\n}\n', 1
    )
    text = _TEMPLATE + mended + _HOST.replace("NAME", "other")
    (finding,) = scan_project({"main.tf": text}, select=("IMDS001",)).findings
    assert finding.subject == "aws_launch_template.shared"
    assert {hop.resource for hop in finding.evidence} == {"aws_instance.other"}


def test_a_severity_is_as_certain_as_what_has_it() -> None:
    text = 'resource "aws_ebs_volume" "v" { encrypted = false }'
    [worse] = scan_project({"main.tf": text}, select=("DATA001",)).findings
    worse = worse._replace(confidence=Confidence.CONDITIONAL, when="var.a is set")
    milder = worse._replace(severity=Severity.LOW, confidence=Confidence.PROVEN, when=None)
    [joined] = join([milder, worse])
    assert (joined.severity, joined.confidence, joined.when) == (
        Severity.HIGH,
        Confidence.CONDITIONAL,
        "var.a is set",
    )
