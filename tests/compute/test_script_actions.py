"""What scripts do: the commands that are run, the lines that are written, the settings."""

from __future__ import annotations

import base64

import pytest

from iac_ec2lint.compute.scripts.action_reading import actions
from iac_ec2lint.compute.scripts.shell.words import piece_of

SHELL = """\
#!/bin/bash
VERSION=1.2
sudo bash -c "systemctl disable $VERSION"
cat > /etc/app.conf <<EOF
version=$VERSION
EOF
install() { dnf install -y "$1"; }
install nginx
curl -s https://example.com/x | sh
"""
CLOUD_CONFIG = f"""\
#cloud-config
repo_upgrade: none
yum_repos:
  app: {{gpgcheck: false}}
runcmd:
  - [systemctl, disable, nginx]
  - echo hello > /etc/motd
write_files:
  - path: /etc/packed
    encoding: b64
    content: {base64.b64encode(b"packed=yes and more of it").decode()}
"""
DOCUMENT = """\
schemaVersion: "1.2"
runtimeConfig:
  aws:runShellScript:
    properties:
      - id: run
        runCommand:
          - X=1
          - echo $X > /etc/x
"""
COMPONENT = """\
schemaVersion: 1.0
phases:
  - name: build
    steps:
      - name: bash
        action: ExecuteBash
        inputs:
          commands:
            - |
              cd /tmp
              rm -f x
      - name: windows
        action: ExecutePowerShell
        inputs:
          commands: [Stop-Service "w32time"; exit]
      - name: get
        action: WebDownload
        inputs:
          - source: https://example.com/x
"""
TASKS = f"""\
version: 1.1
tasks:
- task: executeScript
  inputs:
  - frequency: always
    type: powershell
    runAs: localSystem
    content: |-
      # Set-Service nothing
      Set-Service wuauserv -StartupType Disabled
  - type: batch
    content: |-
      rem sc stop nothing
      sc config wuauserv start= disabled
  - type: powershell
    content: "{piece_of(0)}"
- task: executeProgram
  inputs:
  - path: C:\\agent.exe
    arguments: [--quiet]
- task: writeFile
  inputs:
  - destination: C:\\app.ini
    content: |-
      version=1.2
"""
BATCH = (
    "<persist>true</persist>\n<script>\n:: sc stop nothing\nnet stop wuauserv & exit\n</script>\n"
)
POWERSHELL = """\
<powershell>
# Set-Service nothing
Set-Service -Name 'wuauserv' | Out-Null
</powershell>
"""


@pytest.mark.parametrize(
    ("script", "kind", "words", "number"),
    [
        (SHELL, "command", ("systemctl", "disable", "1.2"), 3),
        (SHELL, "file", ("/etc/app.conf", "version=1.2"), 5),
        (SHELL, "command", ("dnf", "install", "-y", "nginx"), 7),
        (CLOUD_CONFIG, "setting", ("repo_upgrade", "none"), 2),
        (CLOUD_CONFIG, "setting", ("yum_repos.app.gpgcheck", "false"), 4),
        (CLOUD_CONFIG, "command", ("systemctl", "disable", "nginx"), 6),
        (CLOUD_CONFIG, "file", ("/etc/motd", "hello"), 7),
        (CLOUD_CONFIG, "file", ("/etc/packed", "packed=yes and more of it"), 11),
        (DOCUMENT, "file", ("/etc/x", "1"), 8),
        (COMPONENT, "command", ("rm", "-f", "x"), 11),
        (COMPONENT, "powershell", ("Stop-Service", "w32time"), 15),
        (COMPONENT, "setting", ("WebDownload.source", "https://example.com/x"), 19),
        (POWERSHELL, "powershell", ("Set-Service", "-Name", "wuauserv"), 3),
        ("#ps1_sysnative\nStop-Service x\n", "powershell", ("Stop-Service", "x"), 2),
        ("rem cmd\nnet stop x\n", "powershell", ("net", "stop", "x"), 2),
        (BATCH, "powershell", ("net", "stop", "wuauserv"), 4),
        (TASKS, "powershell", ("Set-Service", "wuauserv", "-StartupType", "Disabled"), 10),
        (TASKS, "powershell", ("sc", "config", "wuauserv", "start=", "disabled"), 14),
        (TASKS, "unknown", (), 16),
        (TASKS, "powershell", ("C:\\agent.exe", "--quiet"), 19),
        (TASKS, "file", ("C:\\app.ini", "version=1.2"), 25),
        (f"<powershell>\n{piece_of(0)}\n</powershell>\n", "unknown", (), 2),
        ("#!/bin/sh\n# <powershell>\nrm -f x\n", "command", ("rm", "-f", "x"), 3),
    ],
)
def test_what_a_script_does(script: str, kind: str, words: tuple[str, ...], number: int) -> None:
    found = [(one.kind, one.words, one.number) for one in actions(script)]
    assert (kind, words, number) in found


def test_what_reads_the_output_of_a_command_is_told() -> None:
    (curl,) = [one for one in actions(SHELL) if one.words[:1] == ("curl",)]
    assert curl.output == "sh"


def test_a_file_that_is_written_is_lines_and_what_a_script_in_it_does() -> None:
    found = [(one.kind, one.words) for one in actions("#!/bin/sh\nreboot\n", "/usr/local/bin/x")]
    assert ("file", ("/usr/local/bin/x", "reboot")) in found
    assert ("command", ("reboot",)) in found


@pytest.mark.parametrize(
    "script", ["#!/usr/bin/env python3\nimport os\n", "", "#include\nhttps://x"]
)
def test_nothing_is_said_of_other_languages(script: str) -> None:
    assert actions(script) == ()
