"""Data sources that find what one other root module of the scan alone writes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.cli.program import scan, write

NETWORK = """\
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
  tags       = { Name = "main", Tier = "all" }
}

resource "aws_subnet" "public" {
  vpc_id                  = aws_vpc.main.id
  cidr_block              = "10.0.1.0/24"
  map_public_ip_on_launch = true
  tags                    = { Name = "public" }
}

resource "aws_subnet" "private" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.2.0/24"
  tags       = { Name = "private" }
}
"""
LOOKUP = """\
data "aws_subnet" "chosen" {
  filter {
    name   = "tag:Name"
    values = ["public"]
  }
}
"""


def app(lookup: str) -> str:
    return f"""\
{lookup}
resource "aws_instance" "host" {{
  ami       = "ami-0123456789abcdef0"
  subnet_id = data.aws_subnet.chosen.id
}}
"""


def found(folder: Path, files: dict[str, str], select: str = "NET001") -> list[dict[str, Any]]:
    write(folder, files)
    arguments = (".", "--select", select, "--show-undecided")
    findings: list[dict[str, Any]] = scan(*arguments, cwd=folder).report["findings"]
    return findings


@pytest.mark.parametrize(
    "lookup",
    [
        LOOKUP,
        'data "aws_subnet" "chosen" {\n  tags = { Name = "public" }\n}\n',
        'data "aws_subnet" "chosen" {\n  cidr_block = "10.0.1.0/24"\n}\n',
        LOOKUP.replace("  filter", "  vpc_id = var.vpc\n  filter") + 'variable "vpc" {}\n',
        LOOKUP.replace('["public"]', '["other", "public"]'),
        LOOKUP.replace('"public"]', '"pub*"]'),
    ],
    ids=["filter", "tags", "range", "narrowed", "one-of", "pattern"],
)
def test_a_failure_that_only_what_is_found_shows(tmp_path: Path, lookup: str) -> None:
    files = {"net/main.tf": NETWORK, "app/main.tf": app(lookup)}
    (one,) = found(tmp_path, files)
    assert (one["status"], one["confidence"]) == ("fail", "likely")
    told = {(hop["message"], hop["path"], hop["line"]) for hop in one["evidence"]}
    words = "assumed: data.aws_subnet.chosen is aws_subnet.public of the root module net"
    assert (words, "app/main.tf", 1) in told
    assert ("what is taken for it is written here", "net/main.tf", 6) in told


def test_what_only_it_makes_safe_stays_undecided_and_says_so(tmp_path: Path) -> None:
    files = {"net/main.tf": NETWORK, "app/main.tf": app(LOOKUP.replace("public", "private"))}
    (one,) = found(tmp_path, files)
    assert (one["status"], one["resource"]) == ("undecided", "aws_instance.host")
    assert one["missing"] == ["safe if net/main.tf:13 is what is deployed"]
    for strict in (("--strict", "--fail-on", "low"), ("--fail-on-undecided", "low")):
        assert scan(".", "--select", "NET001", *strict, cwd=tmp_path).status == 1


def test_one_that_a_module_writes(tmp_path: Path) -> None:
    module = NETWORK.replace('"public"', "var.name", 2).replace(
        '"aws_subnet" var.name', '"aws_subnet" "public"'
    )
    files = {
        "modules/net/main.tf": module + 'variable "name" {}\n',
        "net/main.tf": 'module "net" {\n  source = "../modules/net"\n  name   = "public"\n}\n',
        "app/main.tf": app(LOOKUP),
    }
    assert [one["status"] for one in found(tmp_path, files)] == ["fail"]


@pytest.mark.parametrize(
    "lookup",
    [
        LOOKUP.replace('"public"]', r'"pub\\*"]'),
        LOOKUP.replace('"public"]', '"p[u]b*"]'),
        LOOKUP.replace('["public"]', "var.names") + 'variable "names" {}\n',
        LOOKUP.replace("tag:Name", "ipv6-cidr-block-association.state"),
        LOOKUP.replace("public", "elsewhere"),
        LOOKUP.replace("tag:Name", "tag:Other"),
        'data "aws_subnet" "chosen" {\n  vpc_id = "vpc-1"\n}\n',
        LOOKUP.replace("  filter", '  id = "subnet-1"\n  filter'),
    ],
    ids=["escaped", "brackets", "unknown", "other-filter", "other", "other-tag", "vpc", "id"],
)
def test_what_is_not_known_to_be_found(tmp_path: Path, lookup: str) -> None:
    files = {"net/main.tf": NETWORK, "app/main.tf": app(lookup)}
    (one,) = found(tmp_path, files)
    assert one["status"] == "undecided"
    assert not any("safe if" in reason or "may be" in reason for reason in one["missing"])


def test_several_decide_nothing_and_are_named(tmp_path: Path) -> None:
    files = {"a/main.tf": NETWORK, "b/main.tf": NETWORK, "app/main.tf": app(LOOKUP)}
    (one,) = found(tmp_path, files)
    assert one["status"] == "undecided"
    (note,) = scan(".", "--select", "NET001", cwd=tmp_path).report["notes"]
    assert (note["name"], note["path"], note["line"]) == ("several-may-be-meant", "app/main.tf", 1)
    assert note["message"] == (
        "data.aws_subnet.chosen may be aws_subnet.public of a or aws_subnet.public of b;"
        " none is taken for it"
    )


def test_one_whose_tags_are_not_known_may_be_meant_too(tmp_path: Path) -> None:
    other = NETWORK.replace('{ Name = "public" }', "var.tags") + 'variable "tags" {}\n'
    files = {"net/main.tf": NETWORK, "other/main.tf": other, "app/main.tf": app(LOOKUP)}
    assert [one["status"] for one in found(tmp_path, files)] == ["undecided"]
    del files["net/main.tf"]
    (one,) = found(tmp_path / "alone", files)
    assert one["status"] == "undecided"


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("${var.env}-private", "fail"),
        ("${var.env}e${var.env}c", "fail"),
        ("${var.env}ublic", "undecided"),
        ("p${var.env}b${var.env}c", "undecided"),
    ],
)
def test_one_whose_name_cannot_be_that_is_not_meant(tmp_path: Path, name: str, status: str) -> None:
    other = NETWORK.replace('{ Name = "public" }', f'{{ Name = "{name}" }}') + 'variable "env" {}\n'
    files = {"net/main.tf": NETWORK, "other/main.tf": other, "app/main.tf": app(LOOKUP)}
    assert [one["status"] for one in found(tmp_path, files)] == [status]


def test_another_region_is_not_looked_in(tmp_path: Path) -> None:
    files = {
        "net/main.tf": NETWORK + 'provider "aws" { region = "eu-west-1" }\n',
        "app/main.tf": app(LOOKUP) + 'provider "aws" { region = "eu-west-2" }\n',
    }
    assert [one["status"] for one in found(tmp_path, files)] == ["undecided"]
    files["app/main.tf"] = files["app/main.tf"].replace("eu-west-2", "eu-west-1")
    assert [one["status"] for one in found(tmp_path, files)] == ["fail"]


def test_root_modules_that_look_one_another_up(tmp_path: Path) -> None:
    def one(name: str, other: str) -> str:
        network = NETWORK.replace('Name = "public"', f'Name = "{name}"').replace(
            'Name = "private"', "Name = data.aws_subnet.chosen.cidr_block"
        )
        return network + app(LOOKUP.replace("public", other))

    files = {"a/main.tf": one("a", "b"), "b/main.tf": one("b", "a")}
    first = found(tmp_path / "one", files)
    assert [(f["path"], f["status"]) for f in first] == [
        ("a/main.tf", "undecided"),  # the private subnet of the other may have the same name
        ("b/main.tf", "undecided"),
    ]
    turned = {"b/main.tf": files["b/main.tf"], "a/main.tf": files["a/main.tf"]}
    assert found(tmp_path / "two", turned) == first


class TestParameters:
    WRITER = """\
resource "aws_ssm_parameter" "admin" {
  name  = "/net/admin"
  type  = "String"
  value = "0.0.0.0/0"
}
"""
    READER = """\
data "aws_ssm_parameter" "admin" {
  name = "/net/admin"
}

resource "aws_security_group" "admin" {
  description = "for administration"

  ingress {
    description = "SSH"
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = [data.aws_ssm_parameter.admin.value]
  }
}
"""

    def told(self, folder: Path, writer: str) -> dict[str, Any]:
        files = {"net/main.tf": writer, "app/main.tf": self.READER}
        (one,) = found(folder, files, "SG001")
        return one

    def test_what_one_writes_another_reads(self, tmp_path: Path) -> None:
        one = self.told(tmp_path, self.WRITER)
        assert one["status"] == "fail"
        assert ("net/main.tf", 4) in [(hop["path"], hop["line"]) for hop in one["evidence"]]

    def test_what_it_makes_safe_stays_undecided(self, tmp_path: Path) -> None:
        one = self.told(tmp_path, self.WRITER.replace("0.0.0.0/0", "10.0.0.0/8"))
        assert one["missing"] == ["safe if net/main.tf:1 is what is deployed"]

    @pytest.mark.parametrize(
        ("old", "new"),
        [('"String"', '"SecureString"'), ('"/net/admin"', '"/${terraform.workspace}"')],
    )
    def test_a_secret_or_a_name_that_is_not_known(self, tmp_path: Path, old: str, new: str) -> None:
        one = self.told(tmp_path, self.WRITER.replace(old, new))
        assert one["status"] == "undecided"
        assert "safe if" not in "".join(one["missing"])


class TestPrefixLists:
    WRITER = """\
resource "aws_ec2_managed_prefix_list" "admin" {
  name           = "admin"
  address_family = "IPv4"
  max_entries    = 2

  entry {
    cidr = "0.0.0.0/0"
  }
}
"""
    READER = """\
data "aws_ec2_managed_prefix_list" "admin" {
  name = "admin"
}

resource "aws_security_group" "admin" {
  description = "for administration"

  ingress {
    description     = "SSH"
    from_port       = 22
    to_port         = 22
    protocol        = "tcp"
    prefix_list_ids = [data.aws_ec2_managed_prefix_list.admin.id]
  }
}
"""
    BY_FILTER = """\
data "aws_ec2_managed_prefix_list" "admin" {
  filter {
    name   = "prefix-list-name"
    values = ["admin"]
  }
  filter {
    name   = "owner-id"
    values = ["111122223333"]
  }
}
"""
    BY_NAME = 'data "aws_ec2_managed_prefix_list" "admin" {\n  name = "admin"\n}\n'
    BY_ID = "prefix_list_ids = [data.aws_ec2_managed_prefix_list.admin.id]"
    BY_ENTRIES = (
        "cidr_blocks     = [for e in data.aws_ec2_managed_prefix_list.admin.entries : e.cidr]"
    )
    SEPARATE = """\
resource "aws_ec2_managed_prefix_list_entry" "more" {
  prefix_list_id = aws_ec2_managed_prefix_list.admin.id
  cidr           = "0.0.0.0/0"
}
"""

    def told(self, folder: Path, writer: str, reader: str = READER) -> dict[str, Any]:
        (one,) = found(folder, {"net/main.tf": writer, "app/main.tf": reader}, "SG001")
        return one

    @pytest.mark.parametrize(
        "reader",
        [READER, READER.replace(BY_NAME, BY_FILTER), READER.replace(BY_ID, BY_ENTRIES)],
        ids=["name", "filter", "entries"],
    )
    def test_what_one_shares_another_uses(self, tmp_path: Path, reader: str) -> None:
        one = self.told(tmp_path, self.WRITER, reader)
        assert one["status"] == "fail"
        assert ("net/main.tf", 1) in [(hop["path"], hop["line"]) for hop in one["evidence"]]
        one = self.told(tmp_path / "closed", self.WRITER.replace("0.0.0.0/0", "10.0.0.0/8"), reader)
        assert one["status"] == "undecided"
        assert one["missing"] == ["safe if net/main.tf:1 is what is deployed"]

    @pytest.mark.parametrize("reader", [READER, READER.replace(BY_ID, BY_ENTRIES)])
    def test_entries_that_are_declared_by_themselves(self, tmp_path: Path, reader: str) -> None:
        writer = self.WRITER.replace("0.0.0.0/0", "10.0.0.0/8") + self.SEPARATE
        one = self.told(tmp_path, writer, reader)
        assert "safe if" not in "".join(one["missing"])

    def test_one_of_aws_is_nobody_elses(self, tmp_path: Path) -> None:
        name = '"com.amazonaws.eu-west-1.nobody-knows"'
        writer = self.WRITER.replace('"admin"\n', f"{name}\n").replace("0.0.0.0/0", "10.0.0.0/8")
        reader = self.READER.replace('"admin"\n', f"{name}\n")
        write(tmp_path, {"net/main.tf": writer, "app/main.tf": reader})
        report = scan(".", "--select", "SG001", "--show-undecided", cwd=tmp_path).report
        assert "safe if" not in "".join(m for f in report["findings"] for m in f["missing"])

    def test_several_of_one_name(self, tmp_path: Path) -> None:
        files = {"a/main.tf": self.WRITER, "b/main.tf": self.WRITER, "app/main.tf": self.READER}
        (one,) = found(tmp_path, files, "SG001")
        assert one["status"] == "undecided"
        (note,) = scan(".", "--select", "SG001", cwd=tmp_path).report["notes"]
        assert "aws_ec2_managed_prefix_list.admin of a or" in note["message"]


class TestTagsFromElsewhere:
    DEFAULTS = """\
provider "aws" {
  default_tags {
    tags = { Tier = "public" }
  }
}
"""
    SEPARATE = """\
resource "aws_ec2_tag" "tier" {
  resource_id = aws_subnet.public.id
  key         = "Tier"
  value       = "public"
}
"""
    BY_TIER = LOOKUP.replace("tag:Name", "tag:Tier")
    PUBLIC = NETWORK[: NETWORK.index('resource "aws_subnet" "private"')]

    @pytest.mark.parametrize("more", [DEFAULTS, SEPARATE], ids=["provider", "separate"])
    def test_one_that_has_a_tag_from_elsewhere(self, tmp_path: Path, more: str) -> None:
        files = {"net/main.tf": self.PUBLIC + more, "app/main.tf": app(self.BY_TIER)}
        assert [one["status"] for one in found(tmp_path, files)] == ["fail"]

    @pytest.mark.parametrize(
        "more",
        [
            DEFAULTS.replace('{ Tier = "public" }', "var.tags") + 'variable "tags" {}\n',
            SEPARATE.replace("aws_subnet.public.id", "var.id") + 'variable "id" {}\n',
            SEPARATE.replace('"Tier"', "var.key") + 'variable "key" {}\n',
        ],
        ids=["provider", "of-something", "some-key"],
    )
    def test_another_that_may_have_it(self, tmp_path: Path, more: str) -> None:
        tagged = NETWORK.replace('{ Name = "public" }', '{ Tier = "public" }')
        files = {
            "net/main.tf": tagged,
            "other/main.tf": NETWORK + more,
            "app/main.tf": app(self.BY_TIER),
        }
        (one,) = found(tmp_path, files)
        assert one["status"] == "undecided"


class TestSeveralAtOnce:
    LOOKUP = """\
data "aws_vpc" "main" {
  tags = { Name = "main" }
}

data "aws_subnets" "all" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.main.id]
  }
}
"""
    GROUP = """\
resource "aws_launch_template" "hosts" {
  image_id = "ami-0123456789abcdef0"
}

resource "aws_autoscaling_group" "hosts" {
  min_size            = 1
  max_size            = 2
  vpc_zone_identifier = data.aws_subnets.all.ids
  launch_template {
    id = aws_launch_template.hosts.id
  }
}
"""
    OTHER = NETWORK.replace('"main", Tier = "all"', '"other"')
    NAMED = 'tags = { Name = "p*" }\n  filter'

    @pytest.mark.parametrize("lookup", [LOOKUP, LOOKUP.replace("filter", NAMED)])
    def test_all_subnets_of_a_vpc(self, tmp_path: Path, lookup: str) -> None:
        files = {"net/main.tf": NETWORK, "other/main.tf": self.OTHER}
        (one,) = found(tmp_path, {**files, "app/main.tf": lookup + self.GROUP})
        assert one["status"] == "fail"
        told = {(hop["path"], hop["line"]) for hop in one["evidence"]}
        assert ("net/main.tf", 6) in told
        assert not any(path.startswith("other") for path, _ in told)

    def test_what_they_make_safe_stays_undecided(self, tmp_path: Path) -> None:
        closed = NETWORK.replace("map_public_ip_on_launch = true", "")
        (one,) = found(tmp_path, {"net/main.tf": closed, "app/main.tf": self.LOOKUP + self.GROUP})
        assert one["status"] == "undecided"
        (words,) = one["missing"]
        assert (
            words
            == "safe if net/main.tf:1 and net/main.tf:6 and net/main.tf:13 are what is deployed"
        )

    def test_which_of_them_is_the_first_is_not_known(self, tmp_path: Path) -> None:
        host = app(self.LOOKUP).replace("aws_subnet.chosen.id", "aws_subnets.all.ids[0]")
        (one,) = found(tmp_path, {"net/main.tf": NETWORK, "app/main.tf": host})
        assert (one["status"], "safe if" in "".join(one["missing"])) == ("undecided", False)

    @pytest.mark.parametrize("vpc", ["var.vpc", "data.aws_vpc.main.id"])
    def test_a_vpc_that_is_not_known(self, tmp_path: Path, vpc: str) -> None:
        lookup = self.LOOKUP.replace("data.aws_vpc.main.id", vpc) + 'variable "vpc" {}\n'
        unknown = self.LOOKUP.replace('{ Name = "main" }', '{ Name = "elsewhere" }')
        lookup = unknown if vpc.startswith("data") else lookup
        (one,) = found(tmp_path, {"net/main.tf": NETWORK, "app/main.tf": lookup + self.GROUP})
        assert one["status"] == "undecided"
        assert "safe if" not in "".join(one["missing"])


class TestShares:
    """What a root module shares by AWS Resource Access Manager, and another one uses."""

    WRITER = (
        TestPrefixLists.WRITER
        + """\
resource "aws_ram_resource_share" "net" {
  name                      = "net"
  allow_external_principals = false
}

resource "aws_ram_resource_association" "list" {
  resource_arn       = aws_ec2_managed_prefix_list.admin.arn
  resource_share_arn = aws_ram_resource_share.net.arn
}

resource "aws_ram_principal_association" "app" {
  principal          = "111122223333"
  resource_share_arn = aws_ram_resource_share.net.arn
}
"""
    )
    MORE = """\
resource "aws_ec2_transit_gateway" "main" {}

resource "aws_ram_resource_association" "gateway" {
  resource_arn       = aws_ec2_transit_gateway.main.arn
  resource_share_arn = aws_ram_resource_share.net.arn
}
"""
    SHARE = """\
data "aws_ram_resource_share" "net" {
  name           = "net"
  resource_owner = "OTHER-ACCOUNTS"
}
"""
    ACCEPTER = """\
resource "aws_ram_resource_share_accepter" "net" {
  share_arn = data.aws_ram_resource_share.net.arn
}
"""
    FIRST = "data.aws_ram_resource_share.net.resource_arns[0]"
    CHOSEN = (
        "[for arn in data.aws_ram_resource_share.net.resource_arns :"
        ' arn if strcontains(arn, ":prefix-list/")][0]'
    )
    ACCEPTED = "one(aws_ram_resource_share_accepter.net.resources)"

    def reader(self, arn: str) -> str:
        group = TestPrefixLists.READER[len(TestPrefixLists.BY_NAME) :]
        listed = TestPrefixLists.BY_ID.split("[", maxsplit=1)[0] + f'[split("/", {arn})[1]]'
        return self.SHARE + self.ACCEPTER + group.replace(TestPrefixLists.BY_ID, listed)

    def told(self, folder: Path, writer: str, arn: str) -> dict[str, Any]:
        files = {"net/main.tf": writer, "app/main.tf": self.reader(arn)}
        (one,) = found(folder, files, "SG001")
        return one

    @pytest.mark.parametrize(
        ("arn", "more"), [(FIRST, ""), (CHOSEN, MORE), (ACCEPTED, "")], ids=["first", "kind", "yes"]
    )
    def test_what_is_shared(self, tmp_path: Path, arn: str, more: str) -> None:
        one = self.told(tmp_path, self.WRITER + more, arn)
        assert one["status"] == "fail"
        assert {"net/main.tf"} <= {hop["path"] for hop in one["evidence"]}
        closed = self.WRITER.replace("0.0.0.0/0", "10.0.0.0/8") + more
        one = self.told(tmp_path / "closed", closed, arn)
        assert one["status"] == "undecided"
        assert one["missing"] == ["safe if net/main.tf:10 is what is deployed"]

    @pytest.mark.parametrize(
        ("arn", "more"),
        [
            (FIRST, MORE),
            (FIRST, MORE.replace("aws_ram_resource_share.net.arn", "var.share")),
            (CHOSEN, MORE.replace("aws_ram_resource_share.net.arn", "var.share")),
            (FIRST, 'resource "aws_ram_resource_share" "more" {\n  name = "net"\n}\n'),
        ],
        ids=["two", "perhaps", "perhaps-another", "two-shares"],
    )
    def test_which_is_meant_is_not_known(self, tmp_path: Path, arn: str, more: str) -> None:
        writer = self.WRITER.replace("0.0.0.0/0", "10.0.0.0/8") + more + 'variable "share" {}\n'
        one = self.told(tmp_path, writer, arn)
        assert one["status"] == "undecided"
        assert "safe if" not in "".join(one["missing"])
