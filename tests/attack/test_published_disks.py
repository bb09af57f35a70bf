"""Whom private disks are published to, how sure and how bad that is, and how it is broken."""

from __future__ import annotations

from functools import cache

import pytest
from tests.graph.declarations import Plain, graph_of, ref, tf, unknown

from iac_ec2lint.attack.disks.private_data import CLASSIFICATION_KEYS, PRIVATE_CLASSES
from iac_ec2lint.declaration import Presence
from iac_ec2lint.engine.check import Check, Verdict
from iac_ec2lint.engine.finding import Severity
from iac_ec2lint.engine.registry import builtin_folder, load
from iac_ec2lint.resources.part import Resource

ACCOUNT, OWN = "111122223333", "444455556666"
VOLUME = ref("aws_ebs_volume.v")
SNAPSHOT = tf("aws_ebs_snapshot.s", {"volume_id": VOLUME})


def volume(**body: Plain) -> Resource:
    return tf("aws_ebs_volume.v", {"encrypted": False, **body})


def share(account: Plain) -> Resource:
    body: dict[str, Plain] = {"snapshot_id": ref("aws_ebs_snapshot.s"), "account_id": account}
    return tf("aws_snapshot_create_volume_permission.p", body)


def publish(**body: Plain) -> Resource:
    return tf("aws_ami_launch_permission.p", {"image_id": ref("aws_ami.a"), **body})


def image() -> Resource:
    device: Plain = {"device_name": "/dev/sdf", "snapshot_id": ref("aws_ebs_snapshot.s")}
    return tf("aws_ami.a", {"ebs_block_device": [device]})


def found(*resources: Resource, trusted: tuple[str, ...] = ()) -> list[Verdict]:
    check = check_class()({"trusted_accounts": list(trusted)})
    return [v for v in check.examine(graph_of(*resources)) if isinstance(v, Verdict)]


@cache
def check_class() -> type[Check]:
    loaded, _ = load([builtin_folder()])
    (found,) = (type(entry.check) for entry in loaded if entry.info.code == "PATH010")
    return found


@pytest.mark.parametrize(
    ("account", "trusted", "said"),
    [
        (ACCOUNT, (), [False]),
        (ACCOUNT, (OWN,), [False]),
        (ACCOUNT, (OWN, ACCOUNT), []),
        (unknown(), (OWN,), [True]),
        (unknown("var.a", "variable", ACCOUNT, OWN), (OWN,), [True]),
        (unknown("var.a", "variable", ACCOUNT, OWN), (OWN, ACCOUNT), []),
        (ref("data.aws_caller_identity.current", "account_id"), (), []),
        (ref("module.m.data.aws_caller_identity.current", "account_id"), (OWN,), []),
        (ref("AWS::AccountId", "Ref"), (), []),
        (ref("aws_organizations_account.a"), (), []),
        (ref("data.aws_ssm_parameter.a", "value"), (OWN,), [True]),
    ],
)
def test_whose_account_it_is(account: Plain, trusted: tuple[str, ...], said: list[bool]) -> None:
    verdicts = found(volume(), SNAPSHOT, share(account), trusted=trusted)
    assert [verdict.undecided for verdict in verdicts] == said
    assert all(verdict.severity is Severity.MEDIUM for verdict in verdicts)


def test_an_account_by_its_number_is_taken_to_be_anothers() -> None:
    (verdict,) = found(volume(), SNAPSHOT, share(ACCOUNT))
    assert verdict.assumptions
    words = "assumed: account 111122223333 is taken to be another's than your own"
    assert words in [hop.message for hop in verdict.evidence]


def test_an_account_that_is_foreign_gets_the_volume() -> None:
    (verdict,) = found(volume(), SNAPSHOT, share(ACCOUNT), trusted=(OWN,))
    assert verdict.message == (
        "account 111122223333 can make volumes of aws_ebs_snapshot.s,"
        " which holds the volume aws_ebs_volume.v"
    )


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, []),  # AWS's own key
        ({"kms_key_id": "arn:aws:kms:eu-west-1:444455556666:alias/aws/ebs"}, []),
        ({"kms_key_id": ref("aws_kms_key.k", "arn")}, []),  # nothing says that it is private
        ({"kms_key_id": ref("aws_kms_key.k", "arn"), "tags": {"Sensitivity": "high"}}, [True]),
        ({"kms_key_id": ref("aws_kms_key.k", "arn"), "tags": unknown()}, [True]),
        ({"kms_key_id": ref("aws_kms_key.k", "arn"), "tags": {"Sensitivity": "low"}}, []),
    ],
)
def test_what_is_encrypted_and_shared(body: dict[str, Plain], said: list[bool]) -> None:
    verdicts = found(
        volume(**{"encrypted": True, **body}), SNAPSHOT, share(ACCOUNT), trusted=(OWN,)
    )
    assert [verdict.undecided for verdict in verdicts] == said


@pytest.mark.parametrize(
    ("tags", "says"),
    [
        ({"DataClassification": "Confidential"}, True),
        ({"data-classification": "restricted"}, True),
        ({"Data Classification": "PII / PHI"}, True),
        ({"data_classification": "strictly confidential"}, True),
        ({"compliance": "pci-dss"}, True),
        ({"DataClassification": "public"}, False),
        ({"DataClassification": "non-confidential"}, False),
        ({"DataClassification": "not sensitive"}, False),
        ({"Description": "confidential"}, False),
        ({"Name": "secret"}, False),
    ],
)
def test_which_tags_say_that_data_is_private(tags: dict[str, Plain], says: bool) -> None:
    (verdict,) = found(volume(tags=tags), SNAPSHOT, image(), publish(group="all"))
    assert any(" is tagged " in hop.message for hop in verdict.evidence) is says


def test_tags_count_wherever_they_stand_on_the_way() -> None:
    tags: Plain = {"Confidentiality": "secret"}
    host = tf(
        "aws_instance.i",
        {
            "ami": "ami-0123456789abcdef0",
            "root_block_device": [{"encrypted": False, "tags": tags}],
            "volume_tags": {"DataClass": "internal"},
            "tags": {"Sensitivity": "private"},
        },
    )
    made = tf(
        "aws_ami_from_instance.a",
        {"source_instance_id": ref("aws_instance.i"), "tags": {"Compliance": "hipaa"}},
    )
    permission = tf(
        "aws_ami_launch_permission.p",
        {"image_id": ref("aws_ami_from_instance.a"), "group": "all"},
    )
    (verdict,) = found(host, made, permission)
    assert [hop.message for hop in verdict.evidence if "tagged" in hop.message] == [
        'aws_ami_from_instance.a is tagged Compliance = "hipaa"',
        'aws_instance.i is tagged Sensitivity = "private"',
        'aws_instance.i is tagged DataClass = "internal"',
        'aws_instance.i is tagged Confidentiality = "secret"',
    ]


def test_names_of_tags_are_written_as_they_are_compared() -> None:
    for name in CLASSIFICATION_KEYS | PRIVATE_CLASSES:
        assert name.isalnum()
        assert name == name.lower()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ([], [False]),
        ([tf("aws_ec2_image_block_public_access.b", {"state": "block-new-sharing"})], []),
        ([tf("aws_ec2_image_block_public_access.b", {"state": "unblocked"})], [False]),
        ([tf("aws_ec2_image_block_public_access.b", {"state": unknown()})], [True]),
        (
            [
                tf(
                    "aws_ec2_image_block_public_access.b",
                    {"state": "block-new-sharing"},
                    presence=Presence(unknown(), "var.block is true"),
                )
            ],
            [True],
        ),
        (
            [
                tf(
                    "aws_ec2_image_block_public_access.b",
                    {"state": "block-new-sharing"},
                    scope="aws.west",
                )
            ],
            [False],
        ),
        ([tf("aws_ebs_snapshot_block_public_access.b", {"state": "block-all-sharing"})], [False]),
    ],
)
def test_public_sharing_that_is_blocked(settings: list[Resource], said: list[bool]) -> None:
    verdicts = found(volume(), SNAPSHOT, image(), publish(group="all"), *settings)
    assert [verdict.undecided for verdict in verdicts] == said


def test_a_setting_says_nothing_of_single_accounts() -> None:
    block = tf("aws_ec2_image_block_public_access.b", {"state": "block-new-sharing"})
    permission = publish(account_id=ACCOUNT)
    (verdict,) = found(volume(), SNAPSHOT, image(), permission, block, trusted=(OWN,))
    assert not verdict.undecided


@pytest.mark.parametrize(
    ("region", "said"),
    [
        (ref("data.aws_region.current", "name"), []),
        (ref("module.m.data.aws_region.current", "name"), []),
        ("us-east-1", [True]),
    ],
)
def test_a_setting_is_one_regions(region: Plain, said: list[bool]) -> None:
    ebs: Plain = [{"snapshot_id": ref("aws_ebs_snapshot.s")}]
    mapping: Plain = [{"device_name": "/dev/sdf", "ebs": ebs}]
    permission: Plain = [{"user_groups": ["all"]}]
    distribution: Plain = {
        "region": region,
        "ami_distribution_configuration": [{"launch_permission": permission}],
    }
    verdicts = found(
        volume(),
        SNAPSHOT,
        tf("aws_ec2_image_block_public_access.b", {"state": "block-new-sharing"}),
        tf("aws_imagebuilder_image_recipe.r", {"block_device_mapping": mapping}),
        tf("aws_imagebuilder_distribution_configuration.d", {"distribution": [distribution]}),
        tf(
            "aws_imagebuilder_image.i",
            {
                "image_recipe_arn": ref("aws_imagebuilder_image_recipe.r", "arn"),
                "distribution_configuration_arn": ref(
                    "aws_imagebuilder_distribution_configuration.d", "arn"
                ),
            },
        ),
    )
    assert [verdict.undecided for verdict in verdicts] == said


def test_encryption_by_default_keeps_new_volumes_from_being_public() -> None:
    default = tf("aws_ebs_encryption_by_default.d", {"enabled": True})
    plain = tf("aws_ebs_volume.v", {})
    assert found(plain, SNAPSHOT, image(), publish(group="all"), default) == []
    (verdict,) = found(plain, SNAPSHOT, image(), publish(group="all"))
    assert verdict.assumptions


def test_where_the_way_hangs_on_a_switch_so_does_the_finding() -> None:
    there = Presence(unknown(), "var.database is true")
    attached = tf(
        "aws_volume_attachment.a",
        {"volume_id": VOLUME, "instance_id": ref("aws_instance.i")},
    )
    host = tf("aws_instance.i", {"ami": "ami-0123456789abcdef0"}, presence=there)
    (verdict,) = found(volume(), SNAPSHOT, attached, host, image(), publish(group="all"))
    assert not verdict.undecided
    assert verdict.at.presence.when == "var.database is true"


def test_the_cheapest_ways_to_break_it_come_last() -> None:
    unblocked = tf("aws_ec2_image_block_public_access.b", {"state": "unblocked"})
    (verdict,) = found(volume(), SNAPSHOT, image(), publish(group="all"), unblocked)
    assert [(hop.resource, hop.message) for hop in verdict.evidence[-4:]] == [
        (
            "aws_ami_launch_permission.p",
            "to break it: share it with named accounts or the organisation only",
        ),
        ("aws_ebs_snapshot.s", "or: make it from a clean volume"),
        ("aws_ebs_volume.v", "or: encrypt it: what is encrypted cannot be public"),
        ("aws_ec2_image_block_public_access.b", "or: block public sharing"),
    ]


def test_one_instance_is_told_once_for_each_permission() -> None:
    disks: list[Plain] = [{"device_name": "/dev/sdf"}, {"device_name": "/dev/sdg"}]
    host = tf("aws_instance.i", {"ami": "ami-0123456789abcdef0", "ebs_block_device": disks})
    made = tf("aws_ami_from_instance.a", {"source_instance_id": ref("aws_instance.i")})
    permission = tf(
        "aws_ami_launch_permission.p",
        {"image_id": ref("aws_ami_from_instance.a"), "group": "all"},
    )
    (verdict,) = found(host, made, permission)
    assert verdict.message == (
        "any AWS account can launch aws_ami_from_instance.a, which holds the disk of aws_instance.i"
    )


def test_what_keeps_the_internet_from_an_instance_is_told() -> None:
    network = (
        tf("aws_vpc.main", {"cidr_block": "10.0.0.0/16"}),
        tf("aws_subnet.private", {"vpc_id": ref("aws_vpc.main"), "cidr_block": "10.0.1.0/24"}),
    )
    disk: Plain = {"device_name": "/dev/sdf", "encrypted": True}
    host = tf(
        "aws_instance.i", {"subnet_id": ref("aws_subnet.private"), "ebs_block_device": [disk]}
    )
    made = tf("aws_ami_from_instance.a", {"source_instance_id": ref("aws_instance.i")})
    shared = {"image_id": ref("aws_ami_from_instance.a"), "account_id": ACCOUNT}
    (verdict, *_) = found(*network, host, made, tf("aws_ami_launch_permission.p", shared))
    said = [hop.message for hop in verdict.evidence]
    at = said.index("the internet does not reach aws_instance.i")
    assert said[at + 1] == "no internet gateway is attached to aws_vpc.main"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ('--launch-permission "Add=[{Group=all}]"', True),
        ("""--launch-permission '{"Add":[{"Group":"all"}]}'""", True),
        ("--user-groups all --operation-type add", True),
        ("--operation-type remove --user-groups all", False),
        ('--launch-permission "Remove=[{Group=all}]"', False),
        ('--launch-permission "Add=[{UserId=111122223333}]"', False),
        ("--user-ids 111122223333; echo --user-groups all", False),
    ],
)
def test_commands_that_make_an_image_public(arguments: str, says: bool) -> None:
    line = f"aws ec2 modify-image-attribute --image-id ami-0123456789abcdef0 {arguments}"
    for text, meant in ((line, says), (f"# {line}", False)):
        host = tf("aws_instance.i", {"user_data": text})
        assert bool(found(host)) is meant


def test_a_template_of_a_group_without_instances_runs_no_script() -> None:
    line = "aws ec2 modify-image-attribute --image-id ami-0123456789abcdef0 --user-groups all"
    configured = tf("aws_launch_configuration.c", {"user_data": line})
    for size, count in ((0, 0), (3, 1)):
        group = tf(
            "aws_autoscaling_group.g",
            {"max_size": size, "launch_configuration": ref("aws_launch_configuration.c", "name")},
        )
        assert len(found(configured, group)) == count


@pytest.mark.parametrize(
    ("protocol", "ports", "serves"),
    [
        ("tcp", (5432, 5432), "tcp 5432 (PostgreSQL): aws_instance.i is a data store"),
        ("tcp", (3306, 3306), "tcp 3306 (MySQL): aws_instance.i is a data store"),
        ("tcp", (5432, 5433), ""),
        ("udp", (5432, 5432), ""),
        ("tcp", (443, 443), ""),
    ],
)
def test_a_host_of_a_data_store_has_private_data(
    protocol: str, ports: tuple[int, int], serves: str
) -> None:
    rule = {
        "protocol": protocol,
        "from_port": ports[0],
        "to_port": ports[1],
        "cidr_blocks": ["10.0.0.0/8"],
    }
    group = tf("aws_security_group.g", {"ingress": [rule]})
    host = tf(
        "aws_instance.i",
        {
            "vpc_security_group_ids": [ref("aws_security_group.g")],
            "ebs_block_device": [{"device_name": "/dev/sdf", "encrypted": False}],
        },
    )
    made = tf("aws_ami_from_instance.a", {"source_instance_id": ref("aws_instance.i")})
    shared: dict[str, Plain] = {"image_id": ref("aws_ami_from_instance.a"), "account_id": ACCOUNT}
    (verdict,) = found(group, host, made, tf("aws_ami_launch_permission.p", shared))
    said = [hop.message for hop in verdict.evidence if "data store" in hop.message]
    assert said == ([f"aws_security_group.g lets in {serves}"] if serves else [])
