"""EC2 launch templates, and how others name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.resources.field import anything, boolean, parts, reference, text
from iac_ec2lint.resources.launch_settings import LaunchSettings
from iac_ec2lint.resources.part import Part, Resource
from iac_ec2lint.resources.tag_pairs import tag_pairs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iac_ec2lint.values import Unknown, Val


class TagSpecification(Part):
    """The tags of one type of resource that is made along with something.

    Attributes:
        kind: The type: ``instance``, ``volume``, ...
        tags: A map, or CloudFormation's list of pairs.
    """

    kind = text("resource_type", "ResourceType")
    tags = anything("tags", "Tags")

    @property
    def pairs(self) -> tuple[Mapping[str, Val], Unknown | None]:
        """The tags by their keys, and why there may be more of them."""
        pairs, gap = tag_pairs(self.tags)
        return dict(pairs), gap


class LaunchTemplate(Resource, LaunchSettings):
    """A launch template: what instances are launched with (EC2 User Guide, "Launch templates").

    Attributes:
        tag_specifications: The tags of what is launched, instances and volumes; in CloudFormation
            those of the template itself as well.
    """

    terraform = ("aws_launch_template",)
    cloudformation = ("AWS::EC2::LaunchTemplate",)
    names = ("name",)

    default_version = text("default_version", None)
    name = text("name", "LaunchTemplateName")
    name_prefix = text("name_prefix", None)
    tag_specifications = parts(
        TagSpecification,
        "tag_specifications",
        ("LaunchTemplateData.TagSpecifications", "TagSpecifications"),
    )
    update_default_version = boolean("update_default_version", None)


class LaunchTemplateReference(Part):
    """The launch template that something launches from, and which version of it."""

    launch_template = reference(
        {
            "aws_batch_compute_environment": ("launch_template_id", "launch_template_name"),
            "aws_ec2_fleet": ("launch_template_id", "launch_template_name"),
            "": ("id", "name"),
            "aws_autoscaling_group": ("id", "name", "launch_template_id", "launch_template_name"),
        },
        {
            "AWS::EKS::Nodegroup": ("Id", "Name"),
            "AWS::PCS::ComputeNodeGroup": ("TemplateId",),
            "": ("LaunchTemplateId", "LaunchTemplateName"),
        },
        to=("LaunchTemplate",),
    )
    version = text("version", "Version")
