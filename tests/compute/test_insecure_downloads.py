"""Downloads that nothing protects, and updates that are switched off: command by command."""

from __future__ import annotations

import pytest
from tests.graph.declarations import Plain, declare, graph_of

from iac_ec2lint.compute.scripts.boot_script import BootScript
from iac_ec2lint.compute.scripts.boot_scripts import boot_scripts
from iac_ec2lint.compute.scripts.insecure_downloads import insecure_downloads
from iac_ec2lint.compute.scripts.update_switches import update_switches


def script_of(line: str) -> BootScript:
    body: dict[str, Plain] = {"user_data": f"#!/bin/bash\n{line}\n"}
    (script,) = boot_scripts(graph_of(declare("aws_instance", "x", body)))
    return script


@pytest.mark.parametrize(
    ("line", "fault", "sure"),
    [
        ("curl -o /opt/x http://example.com/x", "plain", True),
        ("curl -sLo /opt/x http://example.com/x", "plain", True),
        ("curl -O ftp://example.com/x", "plain", True),
        ("curl http://example.com/x > /opt/x", "plain", True),
        ("curl http://example.com/x.tgz | tar xz", "plain", True),
        ("wget http://8.8.8.8/x", "plain", True),
        ("rpm -i http://example.com/x.rpm", "plain", True),
        ("git clone git://example.com/x", "plain", True),
        ("pip install -i http://example.com/simple x", "plain", True),
        ("curl -o /opt/x http://$HOST/x", "plain", False),
        ("curl -fsSLk https://example.com/x", "certificate", True),
        ("curl --insecure https://$HOST/x", "certificate", False),
        ("wget --no-check-certificate https://example.com/x", "certificate", True),
        ("export GIT_SSL_NO_VERIFY=1", "certificate", True),
        ("git -c http.sslVerify=false clone https://example.com/x", "certificate", True),
        ("dnf install -y --nogpgcheck x", "signature", True),
        ("sed -i 's/gpgcheck=1/gpgcheck=0/' /etc/yum.conf", "signature", True),
        ("echo 'deb [trusted=yes] https://x.example.com /' > /etc/apt/x.list", "signature", True),
        ("curl -s https://example.com/x | sudo bash -s -- --yes", "piped", True),
        # Looked at, private, on the host itself, checked, or no download at all.
        ("curl -s http://checkip.amazonaws.com", None, True),
        ("ADDRESS=$(curl -s http://checkip.amazonaws.com | tr -d x)", None, True),
        ("curl -o /opt/x http://10.1.2.3/x", None, True),
        ("curl -o /opt/x http://[fd00:ec2::254]/x", None, True),
        ("curl -o /opt/x http://mirror.example.internal/x", None, True),
        ("curl -k https://127.0.0.1:6443/healthz", None, True),
        ("curl -o k https://example.com/k -H 'X: -k'", None, True),
        ("git config --global http.sslVerify true", None, True),
        ("grep -- --nogpgcheck /etc/x", None, True),
        ("sed -i 's/gpgcheck=0/gpgcheck=1/' /etc/yum.conf", None, True),
        ("aws s3 cp s3://bucket/x /opt/x", None, True),
    ],
)
def test_what_nothing_protects(line: str, fault: str | None, sure: bool) -> None:
    found = [(one.fault, one.answer.truth is True) for one in insecure_downloads(script_of(line))]
    assert found == ([] if fault is None else [(fault, sure)])


def test_what_a_script_compares_itself_is_undecided() -> None:
    line = "wget http://example.com/x\nsha256sum --check sums"
    assert [one.answer.truth for one in insecure_downloads(script_of(line))] == [None]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("systemctl mask unattended-upgrades.service", ["unattended-upgrades"]),
        ("systemctl disable --now apt-daily-upgrade.timer", ["unattended-upgrades"]),
        ("systemctl disable snap.amazon-ssm-agent.amazon-ssm-agent.service", ["amazon-ssm-agent"]),
        ("chkconfig yum-cron off", ["yum-cron"]),
        ("apt-get purge -y unattended-upgrades", ["unattended-upgrades"]),
        ("rpm -e amazon-ssm-agent", ["amazon-ssm-agent"]),
        ("echo 'repo_upgrade: none' >> /etc/cloud/cloud.cfg", ["repo_upgrade"]),
        ("systemctl stop unattended-upgrades", []),
        ("systemctl disable nginx", []),
        ("systemctl mask apt-daily\napt-get update\nsystemctl unmask apt-daily", []),
        ("yum remove -y amazon-ssm-agent\nyum install -y amazon-ssm-agent", []),
        ("echo systemctl disable unattended-upgrades", []),
    ],
)
def test_what_is_switched_off(line: str, what: list[str]) -> None:
    assert [one.what for one in update_switches(script_of(line))] == what
