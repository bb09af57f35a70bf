"""What images and snapshots are made from, followed back to disks."""

from __future__ import annotations

import pytest
from tests.graph.declarations import Plain, declare, graph_of, ref, tf, unknown

from iac_ec2lint.compute.derivation import Origin, origins, origins_at
from iac_ec2lint.resources.part import Resource

VOLUME = tf("aws_ebs_volume.v", {"encrypted": False})
SNAPSHOT = tf("aws_ebs_snapshot.s", {"volume_id": ref("aws_ebs_volume.v")})
HOST = tf("aws_instance.i", {"ami": "ami-0123456789abcdef0"})
ATTACHED = tf(
    "aws_volume_attachment.a",
    {"volume_id": ref("aws_ebs_volume.v"), "instance_id": ref("aws_instance.i")},
)


def copy(source: Plain, **body: Plain) -> Resource:
    return tf("aws_ebs_snapshot_copy.c", {"source_snapshot_id": source, **body})


def image(*snapshots: Plain, address: str = "aws_ami.a") -> Resource:
    devices = [
        {"device_name": f"/dev/sd{letter}", "snapshot_id": snapshot}
        for letter, snapshot in zip("fgh", snapshots, strict=False)
    ]
    return tf(address, {"root_device_name": "/dev/sdf", "ebs_block_device": devices})


def of(address: str, *resources: Resource) -> tuple[Origin, ...]:
    graph = graph_of(*resources)
    made = graph.get(address)
    assert made is not None
    return origins(graph, made)


def facts(found: tuple[Origin, ...]) -> list[tuple[str, str, list[str], bool | None, bool | None]]:
    """Kind, disk, instances, whether it is sure and whether the copy is encrypted."""
    return [
        (
            origin.kind,
            origin.disk.subject.address if origin.disk is not None else "",
            [host.address for host in origin.instances],
            origin.answer.truth,
            origin.encrypted.truth,
        )
        for origin in found
    ]


def test_the_way_is_said_step_by_step() -> None:
    everything = (VOLUME, SNAPSHOT, HOST, ATTACHED, copy(ref("aws_ebs_snapshot.s")))
    (origin,) = of("aws_ami.a", *everything, image(ref("aws_ebs_snapshot_copy.c")))
    assert [link.words for link in origin.links] == [
        "aws_ami.a has a disk made from aws_ebs_snapshot_copy.c",
        "aws_ebs_snapshot_copy.c is a copy of aws_ebs_snapshot.s",
        "aws_ebs_snapshot.s is a snapshot of aws_ebs_volume.v",
        "aws_volume_attachment.a attaches aws_ebs_volume.v to aws_instance.i",
    ]
    assert facts((origin,)) == [("disk", "aws_ebs_volume.v", ["aws_instance.i"], True, False)]


@pytest.mark.parametrize(
    ("body", "encrypted"),
    [({}, False), ({"encrypted": True}, True), ({"encrypted": unknown()}, None)],
)
def test_what_is_encrypted_on_the_way_stays_so(
    body: dict[str, Plain], encrypted: bool | None
) -> None:
    copied = copy(ref("aws_ebs_snapshot.s"), **body)
    (origin,) = of("aws_ami.a", VOLUME, SNAPSHOT, copied, image(ref("aws_ebs_snapshot_copy.c")))
    assert origin.encrypted.truth is encrypted


def test_the_key_is_the_one_nearest_to_the_copy() -> None:
    first, second = ref("aws_kms_key.first", "arn"), ref("aws_kms_key.second", "arn")
    disk = tf("aws_ebs_volume.v", {"encrypted": True, "kms_key_id": first})
    source = ref("aws_ebs_snapshot.s")
    (kept,) = of("aws_ebs_snapshot_copy.c", disk, SNAPSHOT, copy(source))
    (other,) = of("aws_ebs_snapshot_copy.c", disk, SNAPSHOT, copy(source, kms_key_id=second))
    assert (kept.key, other.key) == (first, second)


def test_an_image_of_an_instance_has_all_its_disks() -> None:
    made = tf("aws_ami_from_instance.a", {"source_instance_id": ref("aws_instance.i")})
    root, data = of("aws_ami_from_instance.a", VOLUME, HOST, ATTACHED, made)
    assert facts((root,)) == [("disk", "aws_instance.i", ["aws_instance.i"], True, False)]
    # It may be attached only when the image is made already.
    assert facts((data,)) == [("disk", "aws_ebs_volume.v", ["aws_instance.i"], None, False)]


def test_disks_of_one_image_are_told_apart_by_what_was_done_to_them() -> None:
    again = copy(ref("aws_ebs_snapshot.s"), encrypted=True)
    both = image(ref("aws_ebs_snapshot.s"), ref("aws_ebs_snapshot_copy.c"))
    found = of("aws_ami.a", VOLUME, SNAPSHOT, again, both)
    assert [origin.encrypted.truth for origin in found] == [False, True]


@pytest.mark.parametrize(
    ("volume", "kind"),
    [
        (ref("aws_instance.i", "root_block_device[0].volume_id"), "disk"),
        ("vol-0123456789abcdef0", "outside"),
        (ref("data.aws_ebs_volume.v"), "outside"),
        (unknown(), "outside"),
    ],
)
def test_where_the_volume_is(volume: Plain, kind: str) -> None:
    lookup = tf("data.aws_ebs_volume.v", {})
    taken = tf("aws_ebs_snapshot.s", {"volume_id": volume})
    (origin,) = of("aws_ebs_snapshot.s", HOST, lookup, taken)
    assert origin.kind == kind
    assert (origin.gap is not None) is (kind == "outside")


def test_one_of_several_devices_is_not_sure() -> None:
    disks: list[Plain] = [{"device_name": "/dev/sdf"}, {"device_name": "/dev/sdg"}]
    host = tf("aws_instance.i", {"ami": "ami-0123456789abcdef0", "ebs_block_device": disks})
    part = ref("aws_instance.i", "ebs_block_device[0].volume_id")
    found = of("aws_ebs_snapshot.s", host, tf("aws_ebs_snapshot.s", {"volume_id": part}))
    assert [origin.answer.truth for origin in found] == [None, None]


@pytest.mark.parametrize(
    ("parent", "kind"),
    [
        (ref("data.aws_ami.amazon"), "public"),
        (ref("data.aws_ami.own"), "outside"),
        ("ami-0123456789abcdef0", "outside"),
        ("arn:aws:imagebuilder:eu-west-1:aws:image/ubuntu-server-24-lts-x86/x.x.x", "public"),
        ("arn:aws:imagebuilder:eu-west-1:111122223333:image/own/x.x.x", "outside"),
        ("ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64", "public"),
    ],
)
def test_what_a_recipe_starts_from(parent: Plain, kind: str) -> None:
    lookups = (
        tf("data.aws_ami.amazon", {"owners": ["amazon"]}),
        tf("data.aws_ami.own", {"owners": ["self"]}),
    )
    recipe = tf("aws_imagebuilder_image_recipe.r", {"parent_image": parent})
    (origin,) = of("aws_imagebuilder_image_recipe.r", *lookups, recipe)
    assert origin.kind == kind


def test_what_has_no_snapshot_is_blank() -> None:
    blank = tf("aws_ami.a", {"ebs_block_device": [{"device_name": "/dev/sdf"}]})
    assert [origin.kind for origin in of("aws_ami.a", blank)] == ["blank"]


def test_a_circle_of_copies_ends() -> None:
    first = tf("aws_ebs_snapshot_copy.a", {"source_snapshot_id": ref("aws_ebs_snapshot_copy.b")})
    second = tf("aws_ebs_snapshot_copy.b", {"source_snapshot_id": ref("aws_ebs_snapshot_copy.a")})
    found = of("aws_ebs_snapshot_copy.a", first, second)
    assert [origin.kind for origin in found] == ["outside"]


def test_a_long_chain_of_copies_ends_undecided() -> None:
    copies = [
        tf(
            f"aws_ebs_snapshot_copy.c{number}",
            {"source_snapshot_id": ref(f"aws_ebs_snapshot_copy.c{number + 1}")},
        )
        for number in range(500)
    ]
    (origin,) = of("aws_ebs_snapshot_copy.c0", *copies)
    assert origin.gap is not None
    assert "not followed further" in origin.gap.reason


def test_candidates_do_not_multiply() -> None:
    # Each copy is of one of the two below it: 2 to the 40 ways, all to one disk.
    copies = [
        tf(
            f"aws_ebs_snapshot_copy.{side}{level}",
            {
                "source_snapshot_id": unknown(
                    "var.side has no value",
                    "variable",
                    ref(f"aws_ebs_snapshot_copy.l{level + 1}"),
                    ref(f"aws_ebs_snapshot_copy.r{level + 1}"),
                )
            },
        )
        for level in range(40)
        for side in "lr"
    ]
    ends = [
        tf(f"aws_ebs_snapshot_copy.{side}40", {"source_snapshot_id": ref("aws_ebs_snapshot.s")})
        for side in "lr"
    ]
    (origin,) = of("aws_ebs_snapshot_copy.l0", VOLUME, SNAPSHOT, *copies, *ends)
    assert facts((origin,)) == [("disk", "aws_ebs_volume.v", [], None, False)]


def test_the_snapshot_of_an_image_is_the_image() -> None:
    permission = tf(
        "aws_snapshot_create_volume_permission.p",
        {"snapshot_id": ref("aws_ami.a", "root_snapshot_id")},
    )
    graph = graph_of(VOLUME, SNAPSHOT, image(ref("aws_ebs_snapshot.s")), permission)
    found = origins_at(graph, graph.targets(permission, "snapshot"))
    assert facts(found) == [("disk", "aws_ebs_volume.v", [], True, False)]


def dlm(tags: Plain, kinds: Plain = "VOLUME", **body: Plain) -> Resource:
    details: dict[str, Plain] = {"resource_types": [kinds], "target_tags": tags}
    return tf("aws_dlm_lifecycle_policy.p", {"policy_details": [details], **body})


@pytest.mark.parametrize(
    ("policy", "found"),
    [
        (dlm({"Backup": "daily"}), [("aws_ebs_volume.v", True)]),
        (dlm({"Backup": "weekly", "Team": "data"}), [("aws_ebs_volume.v", True)]),
        (dlm({"Backup": "weekly"}), []),
        (dlm({"Backup": unknown()}), [("aws_ebs_volume.v", None)]),
        (dlm({"Backup": "daily"}, "INSTANCE"), [("aws_instance.i", True)]),
        (
            dlm({"Backup": "daily"}, unknown()),
            [("aws_ebs_volume.v", None), ("aws_instance.i", None)],
        ),
        (dlm({"Backup": "daily"}, state="DISABLED"), []),
        (dlm(unknown()), [("", True)]),
    ],
)
def test_what_a_lifecycle_policy_takes_snapshots_of(
    policy: Resource, found: list[tuple[str, bool | None]]
) -> None:
    volume = tf("aws_ebs_volume.v", {"tags": {"Backup": "daily", "Team": "data"}})
    host = tf("aws_instance.i", {"tags": {"Backup": "daily"}})
    made = of("aws_dlm_lifecycle_policy.p", volume, host, policy)
    assert [(disk, sure) for _, disk, _, sure, _ in facts(made)] == found


def test_both_languages_name_targets() -> None:
    details = {"ResourceTypes": ["VOLUME"], "TargetTags": [{"Key": "Backup", "Value": "daily"}]}
    policy = declare("AWS::DLM::LifecyclePolicy", "Policy", {"PolicyDetails": details})
    tags = [{"Key": "Backup", "Value": "daily"}]
    volume = declare("AWS::EC2::Volume", "Data", {"Tags": tags, "Encrypted": False})
    assert facts(of("Policy", policy, volume)) == [("disk", "Data", [], True, False)]


def test_one_of_several_snapshots_is_not_sure() -> None:
    either = unknown("var.x has no value", "variable", ref("aws_ebs_snapshot.s"), "snap-01234567")
    found = of("aws_ami.a", VOLUME, SNAPSHOT, image(either))
    assert {(origin.kind, origin.answer.truth) for origin in found} == {
        ("disk", None),
        ("outside", None),
    }
