"""EC2 Image Builder: what images are built from, on what, and where they go."""

from iac_ec2lint.resources.block_device import BlockDevice
from iac_ec2lint.resources.field import boolean, part, parts, reference, references, text, texts
from iac_ec2lint.resources.metadata_options import MetadataOptions
from iac_ec2lint.resources.part import Part, Resource


class InfrastructureConfiguration(Resource):
    """The instances that Image Builder builds and tests on."""

    terraform = ("aws_imagebuilder_infrastructure_configuration",)
    cloudformation = ("AWS::ImageBuilder::InfrastructureConfiguration",)
    names = ("name",)

    iam_instance_profile = reference(
        "instance_profile_name", "InstanceProfileName", to=("InstanceProfile",)
    )
    key_pair = reference("key_pair", "KeyPair", to=("KeyPair",))
    metadata_options = part(MetadataOptions, "instance_metadata_options", "InstanceMetadataOptions")
    name = text("name", "Name")
    security_groups = references("security_group_ids", "SecurityGroupIds", to=("SecurityGroup",))
    subnet = reference("subnet_id", "SubnetId", to=("Subnet",))


class ImageRecipe(Resource):
    """An image recipe: a base image, components, and the block devices of the result."""

    terraform = ("aws_imagebuilder_image_recipe",)
    cloudformation = ("AWS::ImageBuilder::ImageRecipe",)

    block_devices = parts(BlockDevice, "block_device_mapping", "BlockDeviceMappings")
    name = text("name", "Name")
    parent_image = reference("parent_image", "ParentImage", to=("Image",))
    user_data_base64 = text("user_data_base64", "AdditionalInstanceConfiguration.UserDataOverride")


class Component(Resource):
    """A component of a recipe: a document of the commands that build or test an image."""

    terraform = ("aws_imagebuilder_component",)
    cloudformation = ("AWS::ImageBuilder::Component",)

    data = text("data", "Data")
    kms_key = reference("kms_key_id", "KmsKeyId")
    name = text("name", "Name")


class Distribution(Part):
    """Where an image is copied to in one Region, with which key, and who may launch it.

    Attributes:
        organizational_units: ARNs of organisational units, as ``organizations`` are ARNs.
        target_accounts: Accounts that get copies of their own.
        user_groups: ``all``, for every account.
    """

    kms_key = reference(
        "ami_distribution_configuration.kms_key_id", "AmiDistributionConfiguration.KmsKeyId"
    )
    organizational_units = texts(
        "ami_distribution_configuration.launch_permission.organizational_unit_arns",
        "AmiDistributionConfiguration.LaunchPermissionConfiguration.OrganizationalUnitArns",
    )
    organizations = texts(
        "ami_distribution_configuration.launch_permission.organization_arns",
        "AmiDistributionConfiguration.LaunchPermissionConfiguration.OrganizationArns",
    )
    region = text("region", "Region")
    target_accounts = texts(
        "ami_distribution_configuration.target_account_ids",
        "AmiDistributionConfiguration.TargetAccountIds",
    )
    user_groups = texts(
        "ami_distribution_configuration.launch_permission.user_groups",
        "AmiDistributionConfiguration.LaunchPermissionConfiguration.UserGroups",
    )
    user_ids = texts(
        "ami_distribution_configuration.launch_permission.user_ids",
        "AmiDistributionConfiguration.LaunchPermissionConfiguration.UserIds",
    )


class DistributionConfiguration(Resource):
    """Where images go once they are built."""

    terraform = ("aws_imagebuilder_distribution_configuration",)
    cloudformation = ("AWS::ImageBuilder::DistributionConfiguration",)
    names = ("name",)

    distributions = parts(Distribution, "distribution", "Distributions")
    name = text("name", "Name")


class PipelineSchedule(Part):
    """When a pipeline builds."""

    expression = text("schedule_expression", "ScheduleExpression")


class ImageBuild(Resource):
    """An image, or a pipeline of images: a recipe built on an infrastructure and distributed.

    Attributes:
        scanning_enabled: Whether Amazon Inspector looks for vulnerabilities in what is built.
        schedule: When it builds; of a pipeline alone, and so is ``status``.
    """

    terraform = ("aws_imagebuilder_image", "aws_imagebuilder_image_pipeline")
    cloudformation = ("AWS::ImageBuilder::Image", "AWS::ImageBuilder::ImagePipeline")

    distribution_configuration = reference(
        "distribution_configuration_arn",
        "DistributionConfigurationArn",
        to=("DistributionConfiguration",),
    )
    image_recipe = reference("image_recipe_arn", "ImageRecipeArn", to=("ImageRecipe",))
    infrastructure_configuration = reference(
        "infrastructure_configuration_arn",
        "InfrastructureConfigurationArn",
        to=("InfrastructureConfiguration",),
    )
    scanning_enabled = boolean(
        "image_scanning_configuration.image_scanning_enabled",
        "ImageScanningConfiguration.ImageScanningEnabled",
        implied=False,
    )
    schedule = part(
        PipelineSchedule,
        {"aws_imagebuilder_image": None, "": "schedule"},
        {"AWS::ImageBuilder::Image": None, "": "Schedule"},
    )
    status = text(
        {"aws_imagebuilder_image": None, "": "status"},
        {"AWS::ImageBuilder::Image": None, "": "Status"},
        implied="ENABLED",
    )
    tests_enabled = boolean(
        "image_tests_configuration.image_tests_enabled",
        "ImageTestsConfiguration.ImageTestsEnabled",
        implied=True,
    )
