"""Whether disks, snapshots and images are encrypted (semantics.md, G)."""

from __future__ import annotations

import pytest
from tests.graph.declarations import Plain, declare, graph_of, ref, tf, unknown

from iac_ec2lint.compute.devices import devices
from iac_ec2lint.compute.encryption import Encryption, devices_of, images, snapshots, volumes
from iac_ec2lint.compute.launch.launches import launches
from iac_ec2lint.declaration import Presence
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.resources.part import Resource

HOST = "aws_instance.i"
TEMPLATE = "aws_launch_template.t"
AMI = ref("aws_ami.a")
LOOKED_UP = ref("data.aws_ami.a")
SNAPSHOT = ref("aws_ebs_snapshot.s")
FROM_TEMPLATE: list[Plain] = [{"id": ref(TEMPLATE)}]
ROOT: list[Plain] = [{"encrypted": True}]


def by_default(enabled: Plain = True, scope: str = "aws") -> Resource:
    return tf("aws_ebs_encryption_by_default.d", {"enabled": enabled}, scope=scope)


def volume(**body: Plain) -> Resource:
    return tf("aws_ebs_volume.v", dict(body))


def instance(**body: Plain) -> Resource:
    return tf(HOST, dict(body))


def lookup(*owners: Plain) -> Resource:
    return tf("data.aws_ami.a", {"owners": list(owners)})


def snapshot_of(encrypted: Plain) -> list[Resource]:
    return [
        tf("aws_ebs_volume.source", {"encrypted": encrypted}),
        tf("aws_ebs_snapshot.s", {"volume_id": ref("aws_ebs_volume.source")}),
    ]


def image(encrypted: Plain, device: str = "/dev/xvda") -> Resource:
    mapping: Plain = [{"device_name": device, "encrypted": encrypted}]
    return tf("aws_ami.a", {"root_device_name": device, "ebs_block_device": mapping})


def mapping(name: str, **ebs: Plain) -> Plain:
    return {"device_name": name, "ebs": [dict(ebs)]}


def worst(found: tuple[Encryption, ...]) -> Encryption:
    order = {False: 0, None: 1, True: 2}
    return min(found, key=lambda one: order[one.encrypted.truth])


# name, resources, the answer for the volume, its confidence where it is false
VOLUMES: list[tuple[str, list[Resource], bool | None, str]] = [
    ("true", [volume(encrypted=True)], True, ""),
    ("false", [volume(encrypted=False)], False, "proven"),
    ("unset", [volume()], False, "assumed"),
    ("unknown", [volume(encrypted=unknown())], None, ""),
    ("unknown, perhaps unset", [volume(encrypted=unknown("b", "variable", True, unset=True))],
     None, ""),
    # Worked example 44.
    ("44: false, on by default", [by_default(), volume(encrypted=False)], True, ""),
    ("unset, on by default", [by_default(), volume()], True, ""),
    ("unknown, on by default", [by_default(), volume(encrypted=unknown())], True, ""),
    ("unset, on by default in another Region", [by_default(True, "aws.west"), volume()],
     False, "assumed"),
    ("unset, off by default", [by_default(False), volume()], False, "proven"),
    ("false, off by default", [by_default(False), volume(encrypted=False)], False, "proven"),
    ("unset, the default is unknown", [by_default(unknown()), volume()], None, ""),
    ("unset, of an encrypted snapshot", [*snapshot_of(True), volume(snapshot_id=SNAPSHOT)],
     True, ""),
    ("false, of an encrypted snapshot",
     [*snapshot_of(True), volume(snapshot_id=SNAPSHOT, encrypted=False)], True, ""),
    ("unset, of an unencrypted snapshot", [*snapshot_of(False), volume(snapshot_id=SNAPSHOT)],
     False, "assumed"),
    ("true, of an unencrypted snapshot",
     [*snapshot_of(False), volume(snapshot_id=SNAPSHOT, encrypted=True)], True, ""),
    ("unset, of a snapshot declared elsewhere", [volume(snapshot_id="snap-0a")], None, ""),
    ("false, of a snapshot declared elsewhere", [volume(snapshot_id="snap-0a", encrypted=False)],
     False, "assumed"),
    ("unset, of a snapshot looked up",
     [tf("data.aws_ebs_snapshot.s"), volume(snapshot_id=ref("data.aws_ebs_snapshot.s"))],
     None, ""),
    ("a key, but not encrypted", [volume(kms_key_id="arn:aws:kms:eu-west-1:1:key/a")],
     False, "assumed"),
]  # fmt: skip


@pytest.mark.parametrize("row", VOLUMES, ids=lambda row: row[0])
def test_volumes(row: tuple[str, list[Resource], bool | None, str]) -> None:
    _, resources, truth, confidence = row
    found = {one.subject.address: one for one in volumes(graph_of(*resources))}
    one = found["aws_ebs_volume.v"]
    assert one.encrypted.truth is truth
    if truth is False:
        assert one.confidence == confidence
    assert bool(one.words) is (truth is not True)
    assert bool(one.encrypted.causes) is (truth is None)


# name, resources, the answer for the root volume, its confidence where it is false, whether
# anything is said of it
ROOTS: list[tuple[str, list[Resource], bool | None, str, bool]] = [
    ("encrypted", [instance(ami="ami-1", root_block_device=ROOT)], True, "", True),
    ("unset in its block", [instance(ami="ami-1", root_block_device=[{"volume_size": 8}])],
     False, "assumed", True),
    ("false in its block", [instance(ami="ami-1", root_block_device=[{"encrypted": False}])],
     False, "assumed", True),
    # Worked example 45.
    ("45: no block, a literal image", [instance(ami="ami-1")], False, "possible", False),
    ("45: no block, the account's own image", [lookup("self"), instance(ami=LOOKED_UP)],
     None, "", False),
    ("no block, a public image", [lookup("amazon"), instance(ami=LOOKED_UP)],
     False, "possible", False),
    ("no block, an image of Canonical's", [lookup("099720109477"), instance(ami=LOOKED_UP)],
     False, "possible", False),
    ("no block, an image of an unknown owner", [lookup(unknown()), instance(ami=LOOKED_UP)],
     None, "", False),
    ("no block, an image of another account", [lookup("111122223333"), instance(ami=LOOKED_UP)],
     None, "", False),
    ("no block, a public parameter",
     [instance(ami="resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-x")],
     False, "possible", False),
    ("no block, a parameter of the account's", [instance(ami="resolve:ssm:/golden")],
     None, "", False),
    ("no block, an unknown image", [instance(ami=unknown())], None, "", False),
    ("no block, one of two public images",
     [instance(ami=unknown("b", "variable", "ami-1", "ami-2"))], False, "possible", False),
    ("no block, an image or none", [instance(ami=unknown("b", "variable", "ami-1", None))],
     None, "", False),
    ("no block, no image", [instance()], None, "", False),
    ("no block, on by default", [by_default(), instance(ami="ami-1")], True, "", False),
    ("no block, an encrypted image of the unit", [image(True), instance(ami=AMI)],
     True, "", False),
    ("no block, an unencrypted image of the unit", [image(False), instance(ami=AMI)],
     False, "assumed", False),
    ("a block, an encrypted image of the unit",
     [image(True), instance(ami=AMI, root_block_device=[{"volume_size": 8}])], True, "", True),
    ("false, an encrypted image of the unit",
     [image(True), instance(ami=AMI, root_block_device=[{"encrypted": False}])], True, "", True),
    ("unset in its block, the account's own image",
     [lookup("self"), instance(ami=LOOKED_UP, root_block_device=[{"volume_size": 8}])],
     None, "", True),
    ("a block that may be absent",
     [instance(ami="ami-1", root_block_device=unknown("b", "variable", {"encrypted": True}, None))],
     None, "", True),
    ("mapped by the template",
     [tf(TEMPLATE, {"image_id": "ami-1",
                    "block_device_mappings": [mapping("/dev/xvda", encrypted=True)]}),
      instance(launch_template=FROM_TEMPLATE)],
     True, "", True),
    ("mapped by the template, where the instance says it all",
     [tf(TEMPLATE, {"image_id": "ami-1",
                    "block_device_mappings": [mapping("/dev/xvda", encrypted=False)]}),
      instance(launch_template=FROM_TEMPLATE, root_block_device=ROOT)],
     True, "", True),
    ("mapped by the template, where the instance says its size",
     [tf(TEMPLATE, {"image_id": "ami-1",
                    "block_device_mappings": [mapping("/dev/sda1", encrypted="true")]}),
      instance(launch_template=FROM_TEMPLATE, root_block_device=[{"volume_size": 8}])],
     True, "", True),
    ("another device of the template's is not the root",
     [tf(TEMPLATE, {"image_id": "ami-1",
                    "block_device_mappings": [mapping("/dev/sdb", encrypted=True)]}),
      instance(launch_template=FROM_TEMPLATE)],
     False, "possible", False),
    ("a template declared elsewhere",
     [instance(ami="ami-1", launch_template=[{"id": "lt-1"}])], None, "", True),
    ("a mapping whose name nobody knows",
     [tf(TEMPLATE, {"image_id": "ami-1", "block_device_mappings": [
         {"device_name": unknown(), "ebs": [{"encrypted": True}]}]}),
      instance(launch_template=FROM_TEMPLATE)],
     None, "", False),
    ("a mapping whose name may be any but the root's",
     [tf(TEMPLATE, {"image_id": "ami-1", "block_device_mappings": [
         {"device_name": unknown("b", "variable", "/dev/sdf", "/dev/sdg"),
          "ebs": [{"encrypted": True}]}]}),
      instance(launch_template=FROM_TEMPLATE)],
     False, "possible", False),
    ("a mapping with the name that the image has for it",
     [lookup("amazon"),
      tf(TEMPLATE, {"image_id": LOOKED_UP, "block_device_mappings": [
          {"device_name": ref("data.aws_ami.a", "root_device_name"),
           "ebs": [{"encrypted": True}]}]}),
      instance(launch_template=FROM_TEMPLATE)],
     True, "", True),
    ("a mapping that may be over the root's",
     [tf(TEMPLATE, {"image_id": "ami-1",
                    "block_device_mappings": [mapping("/dev/xvda", encrypted=False)]}),
      instance(launch_template=FROM_TEMPLATE, ebs_block_device=[
          {"device_name": unknown(), "encrypted": True}])],
     None, "", True),
    ("a mapping that may be over the root's and mends nothing",
     [tf(TEMPLATE, {"image_id": "ami-1",
                    "block_device_mappings": [mapping("/dev/xvda", encrypted=False)]}),
      instance(launch_template=FROM_TEMPLATE, ebs_block_device=[
          {"device_name": unknown(), "volume_size": 8}])],
     False, "assumed", True),
    ("a mapping beside the block of the root",
     [instance(ami="ami-1", root_block_device=[{"encrypted": False}], ebs_block_device=[
         {"device_name": unknown(), "encrypted": True}])],
     False, "assumed", True),
    ("the image's root device has a name that nobody knows",
     [tf("aws_ami.a", {"root_device_name": unknown(), "ebs_block_device": [
         {"device_name": "/dev/sdz"}]}),
      tf(TEMPLATE, {"image_id": AMI,
                    "block_device_mappings": [mapping("/dev/xvda", encrypted=True)]}),
      instance(launch_template=FROM_TEMPLATE)],
     None, "", False),
    ("in a template's mapping",
     [declare("AWS::EC2::Instance", HOST, {"ImageId": "ami-1", "BlockDeviceMappings": [
         {"DeviceName": "/dev/sda1", "Ebs": {"Encrypted": True}}]})],
     True, "", True),
    ("the image's root device has another name",
     [tf("aws_ami.a", {"root_device_name": "/dev/sdz", "ebs_block_device": [
         {"device_name": "/dev/sdz", "encrypted": True}]}),
      tf(TEMPLATE, {"image_id": AMI,
                    "block_device_mappings": [mapping("/dev/xvda", encrypted=True)]}),
      instance(launch_template=FROM_TEMPLATE)],
     True, "", False),
]  # fmt: skip


@pytest.mark.parametrize("row", ROOTS, ids=lambda row: row[0])
def test_root_volumes(row: tuple[str, list[Resource], bool | None, str, bool]) -> None:
    _, resources, truth, confidence, said = row
    graph = graph_of(*resources)
    host = graph.get(HOST)
    assert host is not None
    (one,) = [e for e in devices_of(graph, host) if e.device is not None and e.device.root]
    assert one.encrypted.truth is truth
    if truth is False:
        assert one.confidence == confidence
    assert one.implicit is not said
    assert bool(one.words) is (truth is not True)
    assert bool(one.encrypted.causes) is (truth is None)


def names(graph: Graph) -> list[tuple[str | None, bool]]:
    (launch,) = launches(graph)
    return [(device.name, device.root) for device in devices(graph, launch)]


def test_devices_are_merged_by_name() -> None:
    mappings: Plain = [mapping("/dev/sdb", encrypted=True), mapping("/dev/sdc", encrypted=False)]
    own: Plain = [{"device_name": "/dev/sdb", "volume_size": 8}]
    graph = graph_of(
        tf(TEMPLATE, {"image_id": "ami-1", "block_device_mappings": mappings}),
        instance(launch_template=FROM_TEMPLATE, ebs_block_device=own),
    )
    assert names(graph) == [(None, True), ("/dev/sdb", False), ("/dev/sdc", False)]
    host = graph.get(HOST)
    assert host is not None
    found = {e.device.name: e for e in devices_of(graph, host) if e.device is not None}
    assert found["/dev/sdb"].encrypted.truth is True
    assert found["/dev/sdc"].encrypted.truth is False
    assert found["/dev/sdb"].subject.address == TEMPLATE


@pytest.mark.parametrize(
    "body",
    [
        {"ephemeral_block_device": [{"device_name": "/dev/sdb", "virtual_name": "ephemeral0"}]},
        {"ephemeral_block_device": [{"device_name": "/dev/sdb", "no_device": True}]},
    ],
    ids=["instance store", "suppressed"],
)
def test_what_is_no_volume_is_left_out(body: dict[str, Plain]) -> None:
    assert names(graph_of(instance(ami="ami-1", **body))) == [(None, True)]


@pytest.mark.parametrize(
    ("type_", "suppressed", "gone"),
    [
        ("terraform", "true", True),
        ("terraform", "", False),
        ("terraform", None, False),
        ("cloudformation", "", True),
        ("cloudformation", {}, True),
        ("cloudformation", False, False),
    ],
)
def test_a_device_is_suppressed_as_each_language_does(
    type_: str, suppressed: Plain, gone: bool
) -> None:
    made: Resource
    if type_ == "terraform":
        mappings: Plain = [{"device_name": "/dev/sdb", "no_device": suppressed}]
        made = tf(TEMPLATE, {"image_id": "ami-1", "block_device_mappings": mappings})
    else:
        stack: Plain = [{"DeviceName": "/dev/sdb", "NoDevice": suppressed}]
        body: dict[str, Plain] = {"ImageId": "ami-1", "BlockDeviceMappings": stack}
        made = declare("AWS::EC2::LaunchTemplate", "T", {"LaunchTemplateData": body})
    assert (("/dev/sdb", False) not in names(graph_of(made))) is gone


# name, the mapping in the template, the one in the instance, the answers for both
PAIRS: list[tuple[str, dict[str, Plain], dict[str, Plain], list[bool | None]]] = [
    ("the one may be the other, which mends it",
     {"device_name": "/dev/sdf", "ebs": [{"encrypted": False}]},
     {"device_name": unknown(), "encrypted": True}, [None, True]),
    ("the one may be the other, which is fine",
     {"device_name": "/dev/sdf", "ebs": [{"encrypted": True}]},
     {"device_name": unknown(), "volume_size": 8}, [True, None]),
    ("the one may be the other, which is no better",
     {"device_name": "/dev/sdf", "ebs": [{"volume_size": 8}]},
     {"device_name": unknown(), "encrypted": False}, [False, False]),
    ("the one is not the other",
     {"device_name": "/dev/sdf", "ebs": [{"encrypted": False}]},
     {"device_name": unknown("b", "variable", "/dev/sdg"), "encrypted": True}, [False, True]),
    ("the template's may be the instance's",
     {"device_name": unknown(), "ebs": [{"encrypted": False}]},
     {"device_name": "/dev/sdf", "encrypted": True}, [None, True]),
    ("both may be one",
     {"device_name": unknown(), "ebs": [{"encrypted": False}]},
     {"device_name": unknown(), "encrypted": True}, [None, True]),
]  # fmt: skip


@pytest.mark.parametrize("row", PAIRS, ids=lambda row: row[0])
def test_devices_whose_names_are_not_known(
    row: tuple[str, dict[str, Plain], dict[str, Plain], list[bool | None]],
) -> None:
    _, below, above, expected = row
    graph = graph_of(
        tf(TEMPLATE, {"image_id": "ami-1", "block_device_mappings": [below]}),
        instance(launch_template=FROM_TEMPLATE, root_block_device=ROOT, ebs_block_device=[above]),
    )
    host = graph.get(HOST)
    assert host is not None
    found = [e for e in devices_of(graph, host) if e.device is not None and not e.device.root]
    # The places tell them apart, wherever they stand in the list.
    by_owner = {one.place.attribute.split("[")[0]: one.encrypted.truth for one in found}
    assert [by_owner["block_device_mappings"], by_owner["ebs_block_device"]] == expected


@pytest.mark.parametrize(
    ("suppressed", "truth"),
    [
        ({"no_device": unknown()}, None),
        ({"virtual_name": unknown()}, None),
        ({"no_device": unknown("b", "variable", "false", "")}, False),
        ({"no_device": unknown("b", "variable", "true", "")}, None),
        ({"virtual_name": unknown("b", "variable", "ephemeral0", unset=True)}, None),
    ],
)
def test_what_may_be_no_volume_is_undecided(suppressed: dict[str, Plain], truth: bool) -> None:
    mappings: Plain = [{"device_name": "/dev/sdb", "ebs": [{"encrypted": False}], **suppressed}]
    graph = graph_of(tf(TEMPLATE, {"image_id": "ami-1", "block_device_mappings": mappings}))
    (found,) = [one for one in volumes(graph) if not one.implicit]
    assert found.encrypted.truth is truth
    image = tf("aws_ami.a", {"ebs_block_device": [{"device_name": "/dev/sdb", **suppressed}]})
    (disk,) = images(graph_of(image))
    assert disk.encrypted.truth is truth


def test_a_disk_of_an_image_whose_name_is_not_known() -> None:
    def of(name: Plain, device: Plain) -> bool | None:
        body: Plain = [{"device_name": name, "encrypted": True}]
        graph = graph_of(
            tf("aws_ami.a", {"ebs_block_device": body}),
            instance(ami=AMI, ebs_block_device=[{"device_name": device, "volume_size": 8}]),
        )
        (found,) = [one for one in volumes(graph) if not one.implicit]
        return found.encrypted.truth

    assert of("/dev/sdf", "/dev/sdf") is True
    assert of("/dev/sdf", "/dev/sdg") is False
    assert of(unknown(), "/dev/sdg") is None
    assert of("/dev/sdf", unknown()) is None


def test_a_group_that_may_run_nothing_has_volumes_under_a_condition() -> None:
    def of(*sizes: Plain) -> Encryption:
        template = tf(
            TEMPLATE, {"image_id": "ami-1", "block_device_mappings": [mapping("/dev/sda1")]}
        )
        groups = [
            tf(f"aws_autoscaling_group.g{n}", {"max_size": size, "launch_template": FROM_TEMPLATE})
            for n, size in enumerate(sizes)
        ]
        (found,) = volumes(graph_of(template, *groups))
        return found

    alone = of(unknown())
    assert alone.subject.address == TEMPLATE
    assert alone.encrypted.truth is False
    assert "var.x has no value" in alone.place.presence.when
    assert of(3).place.presence.certain
    beside = of(unknown(), 3)
    assert beside.place.presence.certain
    assert [host.address for host in beside.hosts] == [
        "aws_autoscaling_group.g0",
        "aws_autoscaling_group.g1",
    ]


def test_a_template_that_decides_for_many_is_one_answer() -> None:
    made = [
        tf(TEMPLATE, {"image_id": "ami-1", "block_device_mappings": [mapping("/dev/xvda")]}),
        *(tf(f"aws_instance.{name}", {"launch_template": FROM_TEMPLATE}) for name in "abc"),
    ]
    (found,) = volumes(graph_of(*made))
    assert found.subject.address == TEMPLATE
    assert [host.address for host in found.hosts] == [f"aws_instance.{name}" for name in "abc"]
    assert found.place.attribute == "block_device_mappings[0].ebs[0].encrypted"
    assert found.encrypted.truth is False


def test_a_group_that_runs_nothing_has_no_volumes() -> None:
    template = tf(TEMPLATE, {"image_id": "ami-1"})
    body: dict[str, Plain] = {"max_size": 0, "launch_template": FROM_TEMPLATE}
    assert volumes(graph_of(template, tf("aws_autoscaling_group.g", body))) == ()


def test_configuration_can_say_that_the_account_encrypts() -> None:
    graph = graph_of(volume(encrypted=False), instance(ami="ami-1"))
    assert {one.encrypted.truth for one in volumes(graph)} == {False}
    assert {one.encrypted.truth for one in volumes(graph, on_by_default=True)} == {True}
    off = graph_of(by_default(False), volume())
    assert [one.encrypted.truth for one in volumes(off, on_by_default=True)] == [False]


def test_an_explicit_false_that_the_default_overrules_is_told() -> None:
    (found,) = volumes(graph_of(by_default(), volume(encrypted=False)))
    assert found.overruled
    (found,) = volumes(graph_of(by_default(), volume()))
    assert not found.overruled


def test_a_default_that_is_only_possible_decides_nothing() -> None:
    default = tf("aws_ebs_encryption_by_default.d", {}, presence=Presence(unknown()))
    assert [one.encrypted.truth for one in volumes(graph_of(default, volume()))] == [None]


def test_the_key_is_what_is_named_or_the_default_of_the_region() -> None:
    arn = "arn:aws:kms:eu-west-1:1:key/a"
    (named,) = volumes(graph_of(volume(encrypted=True, kms_key_id=arn)))
    (default,) = volumes(
        graph_of(tf("aws_ebs_default_kms_key.k", {"key_arn": arn}), volume(encrypted=True))
    )
    (none,) = volumes(graph_of(volume(encrypted=True)))
    assert [one.key.text if one.key is not None else None for one in (named, default, none)] == [
        arn,
        arn,
        None,
    ]


SNAPSHOTS: list[tuple[str, list[Resource], str, bool | None]] = [
    ("of an encrypted volume", snapshot_of(True), "aws_ebs_snapshot.s", True),
    ("of an unencrypted volume", snapshot_of(False), "aws_ebs_snapshot.s", False),
    ("of a volume declared elsewhere", [tf("aws_ebs_snapshot.s", {"volume_id": "vol-1"})],
     "aws_ebs_snapshot.s", None),
    ("a copy that is encrypted",
     [tf("aws_ebs_snapshot_copy.c", {"source_snapshot_id": "snap-1", "encrypted": True})],
     "aws_ebs_snapshot_copy.c", True),
    ("a copy of a snapshot declared elsewhere",
     [tf("aws_ebs_snapshot_copy.c", {"source_snapshot_id": "snap-1"})],
     "aws_ebs_snapshot_copy.c", None),
    ("a copy of an unencrypted snapshot",
     [*snapshot_of(False), tf("aws_ebs_snapshot_copy.c", {"source_snapshot_id": SNAPSHOT})],
     "aws_ebs_snapshot_copy.c", False),
    ("a copy of an encrypted snapshot",
     [*snapshot_of(True), tf("aws_ebs_snapshot_copy.c", {"source_snapshot_id": SNAPSHOT})],
     "aws_ebs_snapshot_copy.c", True),
    ("a copy, on by default",
     [by_default(), *snapshot_of(False),
      tf("aws_ebs_snapshot_copy.c", {"source_snapshot_id": SNAPSHOT})],
     "aws_ebs_snapshot_copy.c", True),
    ("an import", [tf("aws_ebs_snapshot_import.m")], "aws_ebs_snapshot_import.m", False),
    ("an import that is encrypted", [tf("aws_ebs_snapshot_import.m", {"encrypted": True})],
     "aws_ebs_snapshot_import.m", True),
]  # fmt: skip


@pytest.mark.parametrize("row", SNAPSHOTS, ids=lambda row: row[0])
def test_snapshots(row: tuple[str, list[Resource], str, bool | None]) -> None:
    _, resources, address, truth = row
    found = {one.subject.address: one for one in snapshots(graph_of(*resources))}
    assert found[address].encrypted.truth is truth
    assert bool(found[address].words) is (truth is not True)


def ami(**device: Plain) -> Resource:
    return tf("aws_ami.a", {"ebs_block_device": [{"device_name": "/dev/xvda", **device}]})


def recipe(**ebs: Plain) -> Resource:
    body: Plain = [{"device_name": "/dev/xvda", "ebs": [dict(ebs)]}]
    return tf("aws_imagebuilder_image_recipe.r", {"block_device_mapping": body})


def distributed(*keys: Plain) -> list[Resource]:
    regions: list[Plain] = [
        {"ami_distribution_configuration": [{"kms_key_id": key} if key else {}]} for key in keys
    ]
    dist = "aws_imagebuilder_distribution_configuration.d"
    return [
        tf(dist, {"distribution": regions}),
        tf(
            "aws_imagebuilder_image.i",
            {
                "image_recipe_arn": ref("aws_imagebuilder_image_recipe.r", "arn"),
                "distribution_configuration_arn": ref(dist, "arn"),
            },
        ),
    ]


COPY = "aws_ami_copy.c"
IMAGES: list[tuple[str, list[Resource], str, bool | None]] = [
    ("encrypted", [ami(encrypted=True)], "aws_ami.a", True),
    ("not encrypted", [ami()], "aws_ami.a", False),
    ("of an encrypted snapshot", [*snapshot_of(True), ami(snapshot_id=SNAPSHOT)],
     "aws_ami.a", True),
    ("of an unencrypted snapshot", [*snapshot_of(False), ami(snapshot_id=SNAPSHOT)],
     "aws_ami.a", False),
    ("of an unencrypted snapshot, on by default",
     [by_default(), tf("aws_ebs_snapshot_copy.s", {"source_snapshot_id": "snap-1"}),
      ami(snapshot_id=ref("aws_ebs_snapshot_copy.s"))],
     "aws_ami.a", True),
    ("of a snapshot declared elsewhere", [ami(snapshot_id="snap-1")], "aws_ami.a", None),
    ("a copy that is encrypted", [tf(COPY, {"source_ami_id": "ami-1", "encrypted": True})],
     COPY, True),
    ("a copy of a literal image", [tf(COPY, {"source_ami_id": "ami-1"})], COPY, False),
    ("a copy of the account's own", [lookup("self"), tf(COPY, {"source_ami_id": LOOKED_UP})],
     COPY, None),
    ("a copy of an unknown image", [tf(COPY, {"source_ami_id": unknown()})], COPY, None),
    ("a copy of an encrypted image", [ami(encrypted=True), tf(COPY, {"source_ami_id": AMI})],
     COPY, True),
    ("a copy of an unencrypted image", [ami(), tf(COPY, {"source_ami_id": AMI})], COPY, False),
    ("of an encrypted instance",
     [instance(ami="ami-1", root_block_device=ROOT),
      tf("aws_ami_from_instance.f", {"source_instance_id": ref(HOST)})],
     "aws_ami_from_instance.f", True),
    ("of an instance with an unencrypted volume",
     [instance(ami="ami-1", root_block_device=ROOT, ebs_block_device=[
         {"device_name": "/dev/sdb", "encrypted": False}]),
      tf("aws_ami_from_instance.f", {"source_instance_id": ref(HOST)})],
     "aws_ami_from_instance.f", False),
    ("of an instance declared elsewhere",
     [tf("aws_ami_from_instance.f", {"source_instance_id": "i-1"})],
     "aws_ami_from_instance.f", None),
    ("a recipe that encrypts", [recipe(encrypted=True)], "aws_imagebuilder_image_recipe.r", True),
    ("a recipe that does not", [recipe()], "aws_imagebuilder_image_recipe.r", False),
    ("a recipe whose distribution does", [recipe(), *distributed("alias/a")],
     "aws_imagebuilder_image_recipe.r", True),
    ("a recipe whose distribution does in one Region of two",
     [recipe(), *distributed("alias/a", None)], "aws_imagebuilder_image_recipe.r", False),
]  # fmt: skip


@pytest.mark.parametrize("row", IMAGES, ids=lambda row: row[0])
def test_images(row: tuple[str, list[Resource], str, bool | None]) -> None:
    _, resources, address, truth = row
    found = tuple(one for one in images(graph_of(*resources)) if one.subject.address == address)
    assert worst(found).encrypted.truth is truth


def test_an_instance_store_of_an_image_is_no_disk_of_it() -> None:
    body: Plain = [{"device_name": "/dev/sdb", "virtual_name": "ephemeral0"}]
    assert images(graph_of(tf("aws_ami.a", {"ephemeral_block_device": body}))) == ()


def test_disks_made_from_one_another_come_to_an_end() -> None:
    graph = graph_of(
        tf("aws_ebs_snapshot_copy.a", {"source_snapshot_id": ref("aws_ebs_snapshot_copy.b")}),
        tf("aws_ebs_snapshot_copy.b", {"source_snapshot_id": ref("aws_ebs_snapshot_copy.a")}),
    )
    assert [one.encrypted.truth for one in snapshots(graph)] == [None, None]


def test_a_volume_of_its_own_snapshot_comes_to_an_end() -> None:
    graph = graph_of(
        volume(snapshot_id=SNAPSHOT),
        tf("aws_ebs_snapshot.s", {"volume_id": ref("aws_ebs_volume.v")}),
    )
    assert [one.encrypted.truth for one in volumes(graph)] == [None]


def test_a_long_chain_of_copies_is_undecided() -> None:
    chain = [
        tf(
            f"aws_ebs_snapshot_copy.c{n}",
            {"source_snapshot_id": ref(f"aws_ebs_snapshot_copy.c{n + 1}")},
        )
        for n in range(2000)
    ]
    found = {one.subject.address: one.encrypted.truth for one in snapshots(graph_of(*chain))}
    assert found["aws_ebs_snapshot_copy.c0"] is None


@pytest.mark.parametrize("encrypted", [True, False])
def test_a_snapshot_of_a_disk_of_an_instance_is_as_it_is(encrypted: bool) -> None:
    host = instance(ami="ami-0123456789abcdef0", root_block_device=[{"encrypted": encrypted}])
    part = ref(HOST, "root_block_device[0].volume_id")
    (found,) = snapshots(graph_of(host, tf("aws_ebs_snapshot.s", {"volume_id": part})))
    assert found.encrypted.truth is encrypted


@pytest.mark.parametrize("encrypted", [True, False])
def test_a_volume_of_the_snapshot_of_an_image_is_as_the_image_is(encrypted: bool) -> None:
    made = volume(snapshot_id=ref("aws_ami.a", "root_snapshot_id"))
    (found,) = volumes(graph_of(made, image(encrypted)))
    assert found.encrypted.truth is encrypted
