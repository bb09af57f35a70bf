"""What instances are launched with: the same settings, wherever they are written.

Instances, launch templates, launch configurations, and the specifications and overrides of fleets
say the same things. One class reads them all, so that one can be laid over another.
"""

from iac_ec2lint.resources.block_device import BlockDevice
from iac_ec2lint.resources.field import (
    boolean,
    number,
    part,
    parts,
    reference,
    references,
    text,
    texts,
)
from iac_ec2lint.resources.metadata_options import MetadataOptions
from iac_ec2lint.resources.part import Part

TEMPLATE = "aws_launch_template"
CONFIGURATION = "aws_launch_configuration"
GROUP = "aws_autoscaling_group"
FLEET = "aws_ec2_fleet"
INSTANCE = "aws_instance"
SPOT_FLEET = "aws_spot_fleet_request"
SPOT_REQUEST = "aws_spot_instance_request"
STACK_INSTANCE = "AWS::EC2::Instance"
STACK_TEMPLATE = "AWS::EC2::LaunchTemplate"
STACK_CONFIGURATION = "AWS::AutoScaling::LaunchConfiguration"
STACK_GROUP = "AWS::AutoScaling::AutoScalingGroup"
STACK_FLEET = "AWS::EC2::EC2Fleet"
STACK_SPOT_FLEET = "AWS::EC2::SpotFleet"


def _data(*paths: str) -> dict[str, str | tuple[str, ...] | None]:
    # CloudFormation's launch template has its settings one level down.
    return {STACK_TEMPLATE: tuple(f"LaunchTemplateData.{path}" for path in paths), "": paths}


class LaunchInterface(Part):
    """A network interface that instances are launched with.

    Attributes:
        associate_public_ip_address: Of an instance of Terraform's it is a setting of its own.
        network_interface: An interface declared on its own that is used in its place.
    """

    associate_carrier_ip_address = boolean(
        "associate_carrier_ip_address", "AssociateCarrierIpAddress"
    )
    associate_public_ip_address = boolean("associate_public_ip_address", "AssociatePublicIpAddress")
    device_index = number("device_index", "DeviceIndex")
    interface_type = text(
        {TEMPLATE: "interface_type", "": None},
        {STACK_TEMPLATE: "InterfaceType", STACK_FLEET: "InterfaceType", "": None},
        implied="interface",
    )
    ipv6_address_count = number("ipv6_address_count", "Ipv6AddressCount")
    ipv6_addresses = texts("ipv6_addresses", "Ipv6Addresses.Ipv6Address")
    ipv6_prefix_count = number("ipv6_prefix_count", "Ipv6PrefixCount")
    network_card_index = number("network_card_index", "NetworkCardIndex")
    network_interface = reference(
        "network_interface_id", "NetworkInterfaceId", to=("NetworkInterface",)
    )
    primary_ipv6 = boolean("primary_ipv6", "PrimaryIpv6")
    private_ips = texts(
        ("private_ip_address", "ipv4_addresses"),
        ("PrivateIpAddress", "PrivateIpAddresses.PrivateIpAddress"),
    )
    security_groups = references("security_groups", ("GroupSet", "Groups"), to=("SecurityGroup",))
    subnet = reference("subnet_id", "SubnetId", to=("Subnet",))


class InstanceRequirements(Part):
    """The attributes of the instance types that may be launched, in place of a type.

    Source: EC2 API Reference, ``InstanceRequirements``.

    Attributes:
        allowed: Of all types with the attributes those that are meant: names with ``*``.
        excluded: Those that are not.
        generations: ``current`` or ``previous``; both where nothing is said.
    """

    allowed = texts("allowed_instance_types", "AllowedInstanceTypes")
    excluded = texts("excluded_instance_types", "ExcludedInstanceTypes")
    generations = texts("instance_generations", "InstanceGenerations")


class LaunchSettings(Part):
    """What instances are launched with (EC2 User Guide, "Launch templates").

    Attributes:
        block_devices: All mappings but the one that Terraform calls ``root_block_device``.
        placement_host: The Dedicated Host, or the group of them, that they are placed on.
        root_block_device: The volume that the instance starts from, where it has its own block.
        security_groups: Groups of the primary interface, by id or by name.
        user_data: As written in plain text.
        user_data_base64: As written in base64.
    """

    associate_public_ip_address = boolean(
        {TEMPLATE: None, "": "associate_public_ip_address"},
        {STACK_CONFIGURATION: "AssociatePublicIpAddress", "": None},
    )
    auto_recovery = text(
        {
            **dict.fromkeys(
                (TEMPLATE, INSTANCE, SPOT_REQUEST), "maintenance_options.auto_recovery"
            ),
            "": None,
        },
        {STACK_TEMPLATE: "LaunchTemplateData.MaintenanceOptions.AutoRecovery", "": None},
        implied="default",
    )
    availability_zone = text(
        {TEMPLATE: "placement.availability_zone", "": "availability_zone"},
        {
            STACK_TEMPLATE: "LaunchTemplateData.Placement.AvailabilityZone",
            STACK_FLEET: ("AvailabilityZone", "Placement.AvailabilityZone"),
            STACK_SPOT_FLEET: ("Placement.AvailabilityZone", "AvailabilityZone"),
            "": "AvailabilityZone",
        },
    )
    block_devices = parts(
        BlockDevice,
        {TEMPLATE: "block_device_mappings", "": ("ebs_block_device", "ephemeral_block_device")},
        _data("BlockDeviceMappings"),
    )
    disable_api_termination = boolean("disable_api_termination", _data("DisableApiTermination"))
    ebs_optimized = boolean("ebs_optimized", _data("EbsOptimized"))
    enclave_enabled = boolean(
        {CONFIGURATION: None, SPOT_FLEET: None, "": "enclave_options.enabled"},
        {
            STACK_CONFIGURATION: None,
            STACK_SPOT_FLEET: None,
            STACK_TEMPLATE: "LaunchTemplateData.EnclaveOptions.Enabled",
            "": "EnclaveOptions.Enabled",
        },
    )
    iam_instance_profile = reference(
        {
            TEMPLATE: ("iam_instance_profile.arn", "iam_instance_profile.name"),
            SPOT_FLEET: ("iam_instance_profile_arn", "iam_instance_profile"),
            "": "iam_instance_profile",
        },
        {
            STACK_TEMPLATE: (
                "LaunchTemplateData.IamInstanceProfile.Arn",
                "LaunchTemplateData.IamInstanceProfile.Name",
            ),
            STACK_SPOT_FLEET: "IamInstanceProfile.Arn",
            "": "IamInstanceProfile",
        },
        to=("InstanceProfile",),
    )
    image = reference(
        {TEMPLATE: "image_id", CONFIGURATION: "image_id", "": "ami"},
        _data("ImageId"),
        to=("Image",),
    )
    instance_requirements = part(
        InstanceRequirements,
        {**dict.fromkeys((TEMPLATE, GROUP, FLEET, SPOT_FLEET), "instance_requirements"), "": None},
        {
            "": None,
            STACK_TEMPLATE: "LaunchTemplateData.InstanceRequirements",
            **dict.fromkeys((STACK_GROUP, STACK_FLEET, STACK_SPOT_FLEET), "InstanceRequirements"),
        },
    )
    instance_type = text("instance_type", _data("InstanceType"))
    key_pair = reference("key_name", _data("KeyName"), to=("KeyPair",))
    market_type = text(
        {**dict.fromkeys((TEMPLATE, INSTANCE), "instance_market_options.market_type"), "": None},
        {STACK_TEMPLATE: "LaunchTemplateData.InstanceMarketOptions.MarketType", "": None},
    )
    metadata_options = part(MetadataOptions, "metadata_options", _data("MetadataOptions"))
    monitoring = boolean(
        {TEMPLATE: "monitoring.enabled", CONFIGURATION: "enable_monitoring", "": "monitoring"},
        {
            STACK_TEMPLATE: "LaunchTemplateData.Monitoring.Enabled",
            STACK_CONFIGURATION: "InstanceMonitoring",
            STACK_SPOT_FLEET: "Monitoring.Enabled",
            "": "Monitoring",
        },
    )
    network_interfaces = parts(
        LaunchInterface,
        {TEMPLATE: "network_interfaces", "": ("network_interface", "primary_network_interface")},
        _data("NetworkInterfaces"),
    )
    placement_host = text(
        {
            TEMPLATE: ("placement.host_id", "placement.host_resource_group_arn"),
            **dict.fromkeys((INSTANCE, SPOT_REQUEST), ("host_id", "host_resource_group_arn")),
            "": None,
        },
        {
            STACK_TEMPLATE: (
                "LaunchTemplateData.Placement.HostId",
                "LaunchTemplateData.Placement.HostResourceGroupArn",
            ),
            STACK_FLEET: ("Placement.HostId", "Placement.HostResourceGroupArn"),
            STACK_INSTANCE: ("HostId", "HostResourceGroupArn"),
            "": None,
        },
    )
    placement_tenancy = text(
        {
            TEMPLATE: "placement.tenancy",
            CONFIGURATION: "placement_tenancy",
            SPOT_FLEET: "placement_tenancy",
            "": "tenancy",
        },
        {
            STACK_TEMPLATE: "LaunchTemplateData.Placement.Tenancy",
            STACK_CONFIGURATION: "PlacementTenancy",
            STACK_FLEET: "Placement.Tenancy",
            STACK_SPOT_FLEET: "Placement.Tenancy",
            "": "Tenancy",
        },
    )
    root_block_device = part(BlockDevice, {TEMPLATE: None, "": "root_block_device"}, None)
    security_groups = references(
        {
            TEMPLATE: ("vpc_security_group_ids", "security_group_names"),
            "": ("vpc_security_group_ids", "security_groups"),
        },
        {
            STACK_SPOT_FLEET: "SecurityGroups.GroupId",
            STACK_TEMPLATE: (
                "LaunchTemplateData.SecurityGroupIds",
                "LaunchTemplateData.SecurityGroups",
            ),
            "": ("SecurityGroupIds", "SecurityGroups"),
        },
        to=("SecurityGroup",),
    )
    spot_price = text(
        {**dict.fromkeys((CONFIGURATION, SPOT_REQUEST, SPOT_FLEET), "spot_price"), "": None},
        {**dict.fromkeys((STACK_CONFIGURATION, STACK_SPOT_FLEET), "SpotPrice"), "": None},
    )
    subnet = reference("subnet_id", {STACK_TEMPLATE: None, "": "SubnetId"}, to=("Subnet",))
    user_data = text({TEMPLATE: None, "": "user_data"}, None)
    user_data_base64 = text({TEMPLATE: "user_data", "": "user_data_base64"}, _data("UserData"))
