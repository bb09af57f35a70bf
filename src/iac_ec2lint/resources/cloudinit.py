"""User data of several parts, as Terraform's provider cloudinit puts it together."""

from iac_ec2lint.resources.field import parts, text
from iac_ec2lint.resources.part import DataSource, Part


class CloudinitPart(Part):
    """A part of user data: a script, or a cloud-config."""

    content = text("content", None)
    content_type = text("content_type", None)


class CloudinitConfigDataSource(DataSource):
    """User data of several parts; what it renders is what instances are launched with."""

    terraform = ("data.cloudinit_config",)

    parts = parts(CloudinitPart, "part", None)
