"""What names of images say of their operating systems."""

from __future__ import annotations

from datetime import date

import pytest

from iac_ec2lint.compute.upkeep.image_lifetimes import stamped, system
from iac_ec2lint.facts import facts

_BUILDER = "arn:aws:imagebuilder:eu-west-1:aws:image"

NAMES = [
    ("amzn2-ami-hvm-*-x86_64-gp2", "Amazon Linux 2"),
    ("^amzn-ami-hvm-.*-gp2$", "Amazon Linux 1"),
    ("al2023-ami-2023*", "Amazon Linux 2023"),
    ("AL2_x86_64", "Amazon Linux 2 for EKS"),
    ("AL2023_x86_64_STANDARD", "Amazon Linux 2023"),
    ("amazon-eks-node-1.21-v*", "Amazon Linux 2 for EKS"),
    ("amazon-eks-node-al2023-x86_64-standard-1.31-v*", "Amazon Linux 2023"),
    ("/aws/service/ecs/optimized-ami/amazon-linux-2/recommended/image_id", "Amazon Linux 2"),
    ("/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended", "Amazon Linux 2023"),
    (
        "/aws/service/eks/optimized-ami/1.29/amazon-linux-2/recommended/image_id",
        "Amazon Linux 2 for EKS",
    ),
    ("ubuntu/images/hvm-ssd/ubuntu-xenial-16.04-amd64-server-*", "Ubuntu 16.04"),
    ("ubuntu-eks/k8s_1.20/images/hvm-ssd/ubuntu-focal-20.04-amd64-*", "Ubuntu 20.04"),
    ("ubuntu-pro-server/images/hvm-ssd/ubuntu-focal-20.04-amd64-*", "Ubuntu Pro 20.04"),
    ("/aws/service/canonical/ubuntu/server/jammy/stable/current/amd64", "Ubuntu 22.04"),
    (f"{_BUILDER}/ubuntu-server-20-lts-x86/x.x.x", "Ubuntu 20.04"),
    ("/aws/service/debian/release/10/latest/amd64", "Debian 10"),
    ("debian-stretch-hvm-x86_64-gp2-*", "Debian 9"),
    ("CentOS Linux 7 x86_64 HVM EBS*", "CentOS 7"),
    ("CentOS Stream 8 x86_64", "CentOS Stream 8"),
    ("RHEL-7.9_HVM*", "Red Hat Enterprise Linux 7"),
    ("Windows_Server-2012-R2_RTM-English-64Bit-Base-*", "Windows Server 2012 R2"),
    ("CIS Microsoft Windows Server 2022 Benchmark - Level 1 -*", "Windows Server 2022"),
    (f"{_BUILDER}/windows-server-2016-english-full-base-x86/x.x.x", "Windows Server 2016"),
    ("web-*", None),
    ("ubuntu/images/*", None),
    ("Flatcar-stable-*", None),
]


@pytest.mark.parametrize(("name", "wanted"), NAMES)
def test_a_name_says_which_system_an_image_is_of(name: str, wanted: str | None) -> None:
    found = system(name)
    assert (found[0] if found is not None else None) == wanted


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("ubuntu/images/hvm-ssd/ubuntu-bionic-18.04-amd64-server-20200112", "2020-01-12"),
        ("Windows_Server-2019-English-Full-Base-2021.04.14", "2021-04-14"),
        ("amzn2-ami-hvm-2.0.20190313-x86_64-gp2", "2019-03-13"),
        ("amzn2-ami-hvm-*-x86_64-gp2", None),
        ("web-20200112", None),  # whose that is, and of what, is not known
    ],
)
def test_a_public_name_says_which_day_an_image_is_of(name: str, wanted: str | None) -> None:
    assert stamped(name) == wanted


def test_each_release_has_a_day() -> None:
    for group in facts("image_families")["families"]:
        for title, ends, pattern in group["releases"]:
            assert title
            assert pattern
            assert date.fromisoformat(ends)
