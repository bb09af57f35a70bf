"""The rows of the table that take control of an instance that is there, one by one."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
from tests.iam.grantees import ELSEWHERE, TAGGED, allow, best, by_name, each, role
from tests.network.infrastructure import graph

from iac_ec2lint.iam.escalation.instances.control import (
    control_edges,
    exfiltration_edges,
    template_edges,
)
from iac_ec2lint.iam.escalation.instances.sources import versions_in_use
from iac_ec2lint.iam.escalation.rows.instances import CONTROLS, EXFILTRATION, REPLACES
from iac_ec2lint.iam.escalation.rows.kinds import Guard
from iac_ec2lint.resources.instance import Instance
from iac_ec2lint.values import NO, YES, Answer

INSTANCE = """
resource "aws_instance" "b" {
  ami                  = "ami-0123456789abcdef0"
  iam_instance_profile = aws_iam_instance_profile.b.name
}
"""
VOLUMES = ("ec2:StopInstances", "ec2:DetachVolume", "ec2:AttachVolume", "ec2:StartInstances")


class Row(NamedTuple):
    """A set of actions of a row, and what it needs besides."""

    name: str
    actions: tuple[str, ...]
    guard: Guard = ""
    managed: bool = False
    more: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.name} {' '.join(one.partition(':')[2] for one in self.actions)}"


ROWS = [
    Row("ssm-command", ("ssm:SendCommand",), managed=True),
    Row("ssm-command", ("ssm:CreateAssociation",), managed=True),
    Row("ssm-session", ("ssm:StartSession",), managed=True),
    Row("ssm-session", ("ssm:ResumeSession",), managed=True),
    Row(
        "user-data",
        ("ec2:ModifyInstanceAttribute", "ec2:StopInstances", "ec2:StartInstances"),
    ),
    Row("root-volume", ("ec2:CreateReplaceRootVolumeTask",)),
    Row("root-volume", (*VOLUMES[:2], "ec2:CreateVolume", *VOLUMES[2:])),
    Row("root-volume", VOLUMES, more=("ec2:RunInstances",)),
    Row(
        "serial",
        (
            "ec2-instance-connect:SendSerialConsoleSSHPublicKey",
            "ec2:EnableSerialConsoleAccess",
        ),
    ),
    Row("serial", ("ec2-instance-connect:SendSerialConsoleSSHPublicKey",), "console"),
    Row("ssm-command", ("ssm:UpdateAssociation",), "association", managed=True),
    Row("eic-key", ("ec2-instance-connect:SendSSHPublicKey",), "ssh"),
    Row("win-password", ("ec2:GetPasswordData",), "password"),
    Row("imds-weaken", ("ec2:ModifyInstanceMetadataOptions",), "metadata"),
]
with_row = pytest.mark.parametrize("row", ROWS, ids=str)


def verdict(
    row: Row, statements: list[str], folder: Path, *, held: Answer = YES, managed: bool = True
) -> str:
    """What the row's own set of actions comes to, for a holder of some statements."""
    does = '"ssm:UpdateInstanceInformation"' if managed else '"sqs:*"'
    text = role("a", *statements, *each(row.more)) + role("b", allow(does)) + INSTANCE
    made = graph(text, folder)
    host = next(made.all(Instance))

    def guard(asked: Guard) -> Answer:
        assert asked != "ssh"
        return held if asked == row.guard else NO

    reachable = held if row.guard == "ssh" else NO
    edges = control_edges(made, by_name(made, "a"), host, by_name(made, "b"), reachable, guard)
    own = (e for e in edges if (e.kind.name, e.actions) == (row.name, row.actions))
    return best(edge.answer.truth for edge in own)


def test_every_set_of_actions_has_a_row_here() -> None:
    written = {(kind.name, actions) for kind in CONTROLS for actions in kind.actions}
    assert {(row.name, row.actions) for row in ROWS} == written


@with_row
def test_the_row_holds(row: Row, tmp_path: Path) -> None:
    assert verdict(row, each(row.actions), tmp_path) == "yes"


@with_row
def test_without_one_of_its_actions_it_does_not(row: Row, tmp_path: Path) -> None:
    for number, missing in enumerate(row.actions):
        folder = tmp_path / str(number)
        folder.mkdir()
        rest = [action for action in row.actions if action != missing]
        assert verdict(row, each(rest), folder) == "no", missing


@with_row
def test_an_action_on_other_resources_is_none(row: Row, tmp_path: Path) -> None:
    for number, action in enumerate(row.actions):
        folder = tmp_path / str(number)
        folder.mkdir()
        rest = [one for one in row.actions if one != action]
        assert verdict(row, [*each(rest), *each([action], ELSEWHERE)], folder) == "no", action


@with_row
def test_a_tag_leaves_it_undecided(row: Row, tmp_path: Path) -> None:
    for number, action in enumerate(row.actions):
        folder = tmp_path / str(number)
        folder.mkdir()
        rest = [one for one in row.actions if one != action]
        statements = [*each(rest), *each([action], condition=TAGGED)]
        assert verdict(row, statements, folder) == "maybe", action


@with_row
def test_what_must_hold_of_the_instance_counts(row: Row, tmp_path: Path) -> None:
    expected = "no" if row.guard else "yes"
    assert verdict(row, each(row.actions), tmp_path, held=NO) == expected
    (tmp_path / "maybe").mkdir()
    expected = "maybe" if row.guard else "yes"
    assert verdict(row, each(row.actions), tmp_path / "maybe", held=Answer(None)) == expected


@with_row
def test_systems_manager_must_manage_the_instance(row: Row, tmp_path: Path) -> None:
    expected = "no" if row.managed else "yes"
    assert verdict(row, each(row.actions), tmp_path, managed=False) == expected


def test_a_volume_is_rewritten_on_an_instance_of_its_own(tmp_path: Path) -> None:
    row = next(row for row in ROWS if row.actions == VOLUMES)
    assert verdict(row._replace(more=()), each(VOLUMES), tmp_path) == "no"


# Systems Manager runs documents.


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        ('"arn:aws:ssm:*::document/AWS-RunShellScript"', "yes"),
        ('"arn:aws:ssm:*:*:document/AWS-RunPowerShellScript"', "yes"),
        ('"arn:aws:ssm:*::document/AWS-RunRemoteScript"', "yes"),
        ('"arn:aws:ssm:*:*:document/*"', "yes"),
        ('"arn:aws:ssm:*:*:document/restart"', "maybe"),
        (ELSEWHERE, "no"),
    ],
)
def test_a_command_needs_a_document_that_runs_it(
    documents: str, expected: str, tmp_path: Path
) -> None:
    statements = [
        allow('"ssm:SendCommand"', '"arn:aws:ec2:*:*:instance/*"'),
        allow('"ssm:SendCommand"', documents),
    ]
    assert verdict(ROWS[0], statements, tmp_path) == expected


def test_an_automation_does_no_more_than_who_starts_it(tmp_path: Path) -> None:
    text = role("a", allow('"ssm:StartAutomationExecution"'))
    text += role("b", allow('"ssm:UpdateInstanceInformation"')) + INSTANCE
    made = graph(text, tmp_path)
    host = next(made.all(Instance))
    assert not list(control_edges(made, by_name(made, "a"), host, by_name(made, "b"), YES))


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ("aws_instance.b.arn", "yes"),
        ("aws_instance.other.arn", "no"),
        ('"arn:aws:ec2:*:*:instance/*"', "yes"),
        ('"arn:aws:ec2:*:*:instance/${aws_instance.b.id}"', "yes"),
        ('"arn:aws:ec2:*:*:instance/${aws_instance.other.id}"', "no"),
        ('"arn:aws:ec2:*:*:instance/i-0fedcba9876543210"', "maybe"),
        ('"arn:aws:ec2:eu-west-1:123456789012:instance/*"', "maybe"),
        ('"arn:aws:ec2:*:*:volume/*"', "no"),
    ],
)
def test_which_instance_an_action_is_about(resource: str, expected: str, tmp_path: Path) -> None:
    text = role("a", allow('"ec2:CreateReplaceRootVolumeTask"', resource)) + role("b", allow('"*"'))
    text += INSTANCE + 'resource "aws_instance" "other" { ami = "ami-0123456789abcdef0" }\n'
    made = graph(text, tmp_path)
    host = next(one for one in made.all(Instance) if one.address == "aws_instance.b")
    edges = control_edges(made, by_name(made, "a"), host, by_name(made, "b"), NO)
    assert best(edge.answer.truth for edge in edges) == expected


# Instances that a group starts next.

GROUP = """
resource "aws_launch_template" "t" { name = "t" }
resource "aws_autoscaling_group" "g" {
  min_size = 1
  max_size = 2
  launch_template {
    id      = aws_launch_template.t.id
    version = "VERSION"
  }
}
"""
VERSION = "ec2:CreateLaunchTemplateVersion"


@pytest.mark.parametrize(
    ("version", "actions", "condition", "expected"),
    [
        ("$Latest", REPLACES.actions[0], "", "yes"),
        ("$Latest", ("ec2:ModifyLaunchTemplate",), "", "no"),
        ("$Latest", REPLACES.actions[0], TAGGED, "maybe"),
        ("$Default", REPLACES.actions[0], "", "no"),
        ("$Default", REPLACES.actions[1], "", "yes"),
        ("$Default", REPLACES.actions[1], TAGGED, "maybe"),
        ("1", REPLACES.actions[1], "", "no"),
        ("${aws_launch_template.t.default_version}", REPLACES.actions[1], "", "no"),
        ("${var.unset}", REPLACES.actions[1], "", "maybe"),
    ],
)
def test_who_writes_a_version_that_a_group_follows(
    version: str, actions: tuple[str, ...], condition: str, expected: str, tmp_path: Path
) -> None:
    text = role("a", *each(actions, condition=condition)) + GROUP.replace("VERSION", version)
    made = graph(text + 'variable "unset" {}\n', tmp_path)
    holder = by_name(made, "a")
    steps = [step for used in versions_in_use(made) for step in template_edges(holder, used)]
    assert best(step.answer.truth for step in steps) == expected


# Disks.

SHARED = ("ec2:CreateSnapshot", "ec2:ModifySnapshotAttribute")
COPIED = ("ec2:CreateSnapshot", "ec2:CreateVolume", "ec2:AttachVolume")
DISKS = [(kind.name, actions) for kind in EXFILTRATION for actions in kind.actions]
with_disk = pytest.mark.parametrize(("name", "actions"), DISKS)


def of_disks(statements: list[str], name: str, actions: tuple[str, ...], folder: Path) -> str:
    made = graph(role("a", *statements), folder)
    edges = exfiltration_edges(by_name(made, "a"))
    return best(e.answer.truth for e in edges if (e.kind.name, e.actions) == (name, actions))


def test_the_rows_about_disks_are_these() -> None:
    assert {name for name, _ in DISKS} == {"snapshot-exfil", "image-exfil", "disk-read"}
    assert {SHARED, COPIED} < {actions for _, actions in DISKS}


@with_disk
def test_disks_are_read(name: str, actions: tuple[str, ...], tmp_path: Path) -> None:
    assert of_disks(each(actions), name, actions, tmp_path) == "yes"


@with_disk
@pytest.mark.parametrize(
    ("resource", "condition", "expected"),
    [("", "", "no"), (ELSEWHERE, "", "no"), ('"*"', TAGGED, "maybe")],
)
def test_disks_are_not_read_where_an_action_is_limited(
    name: str,
    actions: tuple[str, ...],
    resource: str,
    condition: str,
    expected: str,
    tmp_path: Path,
) -> None:
    for number, action in enumerate(actions):
        folder = tmp_path / str(number)
        folder.mkdir()
        statements = each(one for one in actions if one != action)
        if resource:
            statements += each([action], resource, condition)
        assert of_disks(statements or each(["sqs:*"]), name, actions, folder) == expected, action
