"""Data sources that look up networks, groups and templates, by what they look them up by."""

from collections.abc import Iterator
from typing import ClassVar

from iac_ec2lint.resources.field import boolean, parts, reference, text, texts
from iac_ec2lint.resources.part import DataSource, Part
from iac_ec2lint.values import Answer, Val, any_of


class Filter(Part):
    """A filter of a data source: the name of a field of the EC2 API, and its accepted values."""

    name = text("name", None)
    values = texts("values", None)


def filtered(filters: tuple[Filter, ...], *names: str) -> Iterator[Val]:
    """The values that filters of some names accept."""
    for part in filters:
        if part.name is not None and part.name.text in names:
            yield from part.values


class VpcDataSource(DataSource):
    """A VPC looked up."""

    terraform = ("data.aws_vpc",)
    finds = "Vpc"
    implicit: ClassVar = {
        # The provider names the main route table alone, but the others are there too.
        "default_security_group_id": ("default security group", "SecurityGroup"),
        "default_network_acl_id": ("default network ACL", "NetworkAcl"),
        "main_route_table_id": ("main route table", "RouteTable"),
    }

    cidr_block = text("cidr_block", None)
    default = boolean("default", None, implied=False)
    filters = parts(Filter, "filter", None)
    id = text("id", None)
    state = text("state", None)

    @property
    def is_default(self) -> bool:
        """Whether it is surely the Region's default VPC that is looked up."""
        return self.found_as_default.truth is True

    @property
    def found_as_default(self) -> Answer:
        """Whether it is looked up by that it is the Region's default VPC."""
        accepted = (
            part.name.equals("is-default", "isDefault") & value.equals("true")
            for part in self.filters
            if part.name is not None
            for value in part.values
        )
        return self.default.is_true() | any_of(accepted)

    @property
    def same_as(self) -> str:
        """See ``Resource``: a Region has one default VPC."""
        return "default VPC" if self.is_default else ""


class SubnetDataSource(DataSource):
    """A subnet looked up."""

    terraform = ("data.aws_subnet",)
    finds = "Subnet"

    availability_zone = text("availability_zone", None)
    cidr_block = text("cidr_block", None)
    default_for_az = boolean("default_for_az", None)
    filters = parts(Filter, "filter", None)
    id = text("id", None)
    vpc = reference("vpc_id", None, to=("Vpc",))


class SubnetsDataSource(DataSource):
    """Subnets looked up; each of its ids refers to it."""

    terraform = ("data.aws_subnets", "data.aws_subnet_ids")
    finds = "Subnet"

    filters = parts(Filter, "filter", None)
    vpc = reference({"data.aws_subnet_ids": "vpc_id", "": None}, None, to=("Vpc",))


class SecurityGroupDataSource(DataSource):
    """A security group looked up."""

    terraform = ("data.aws_security_group",)
    finds = "SecurityGroup"

    filters = parts(Filter, "filter", None)
    id = text("id", None)
    name = text("name", None)
    vpc = reference("vpc_id", None, to=("Vpc",))

    @property
    def made_along(self) -> tuple[Val, str] | None:
        """See ``DataSource``: no group but the default one may be called ``default``.

        Source: EC2 API Reference, CreateSecurityGroup.
        """
        names = (self.name, *filtered(self.filters, "group-name"))
        if not any(name is not None and name.text == "default" for name in names):
            return None
        ids = self.vpc_ids
        return (ids[0], "default security group") if len(ids) == 1 else None

    @property
    def vpc_ids(self) -> tuple[Val, ...]:
        """The VPCs that it is looked up in, where any are named."""
        return (self.vpc,) if self.vpc is not None else tuple(filtered(self.filters, "vpc-id"))


class SecurityGroupsDataSource(DataSource):
    """Security groups looked up; each of its ids refers to it."""

    terraform = ("data.aws_security_groups",)
    finds = "SecurityGroup"

    filters = parts(Filter, "filter", None)


class LaunchTemplateDataSource(DataSource):
    """A launch template looked up."""

    terraform = ("data.aws_launch_template",)
    finds = "LaunchTemplate"

    filters = parts(Filter, "filter", None)
    id = text("id", None)
    name = text("name", None)


class PrefixListDataSource(DataSource):
    """A prefix list looked up: one of AWS's by its name, or a customer's."""

    terraform = ("data.aws_ec2_managed_prefix_list", "data.aws_prefix_list")
    finds = "PrefixList"

    filters = parts(Filter, "filter", None)
    id = text({"data.aws_prefix_list": "prefix_list_id", "": "id"}, None)
    name = text("name", None)


class InstanceProfileDataSource(DataSource):
    """An instance profile looked up."""

    terraform = ("data.aws_iam_instance_profile",)
    finds = "InstanceProfile"

    name = text("name", None)


class RoleDataSource(DataSource):
    """An IAM role looked up."""

    terraform = ("data.aws_iam_role",)
    finds = "Role"

    name = text("name", None)


class ManagedPolicyDataSource(DataSource):
    """A managed policy looked up."""

    terraform = ("data.aws_iam_policy",)
    finds = "ManagedPolicy"

    arn = text("arn", None)
    name = text("name", None)


class SnapshotDataSource(DataSource):
    """An EBS snapshot looked up."""

    terraform = ("data.aws_ebs_snapshot",)
    finds = "Snapshot"

    filters = parts(Filter, "filter", None)
    owners = texts("owners", None)


class VolumeDataSource(DataSource):
    """An EBS volume looked up."""

    terraform = ("data.aws_ebs_volume",)
    finds = "Volume"

    filters = parts(Filter, "filter", None)


class SsmParameterDataSource(DataSource):
    """A parameter of Systems Manager looked up, such as the id of one of AWS's public images."""

    terraform = ("data.aws_ssm_parameter",)
    finds = "Image"

    name = text("name", None)
