"""The same infrastructure in both languages comes to equal objects, spans aside."""

from __future__ import annotations

import pytest
from tests.graph.declarations import Plain, declare, ref

from iac_ec2lint.resources.part import Part
from iac_ec2lint.resources.registry import classes
from iac_ec2lint.values import Reference, Unknown, Value

GROUP = ref("sg")
Case = tuple[str, dict[str, Plain], str, dict[str, Plain]]

RULE_TF: dict[str, Plain] = {
    "from_port": 22,
    "to_port": 23,
    "protocol": "tcp",
    "cidr_blocks": ["10.0.0.0/8"],
    "ipv6_cidr_blocks": ["fd00::/8"],
    "prefix_list_ids": [ref("pl")],
    "security_groups": [GROUP],
    "description": "d",
}
RULE_CFN: dict[str, Plain] = {
    "FromPort": 22,
    "ToPort": "23",
    "IpProtocol": "tcp",
    "CidrIp": "10.0.0.0/8",
    "CidrIpv6": "fd00::/8",
    "SourcePrefixListId": ref("pl"),
    "SourceSecurityGroupId": GROUP,
    "Description": "d",
}
EGRESS_CFN: dict[str, Plain] = {
    **{k: v for k, v in RULE_CFN.items() if not k.startswith("Source")},
    "DestinationPrefixListId": ref("pl"),
    "DestinationSecurityGroupId": GROUP,
}
SEPARATE_TF: dict[str, Plain] = {
    "security_group_id": GROUP,
    "from_port": 22,
    "to_port": 23,
    "ip_protocol": "tcp",
    "cidr_ipv4": "10.0.0.0/8",
    "cidr_ipv6": "fd00::/8",
    "prefix_list_id": ref("pl"),
    "referenced_security_group_id": GROUP,
    "description": "d",
}
OPTIONS_TF: dict[str, Plain] = {
    "http_endpoint": "enabled",
    "http_tokens": "required",
    "http_put_response_hop_limit": 2,
    "http_protocol_ipv6": "enabled",
    "instance_metadata_tags": "enabled",
}
OPTIONS_CFN: dict[str, Plain] = {
    "HttpEndpoint": "enabled",
    "HttpTokens": "required",
    "HttpPutResponseHopLimit": 2,
    "HttpProtocolIpv6": "enabled",
    "InstanceMetadataTags": "enabled",
}
EBS_TF: dict[str, Plain] = {
    "encrypted": True,
    "kms_key_id": ref("key", "arn"),
    "snapshot_id": ref("snap"),
    "volume_size": 8,
    "volume_type": "gp3",
    "delete_on_termination": True,
}
EBS_CFN: dict[str, Plain] = {
    "Encrypted": True,
    "KmsKeyId": ref("key", "arn"),
    "SnapshotId": ref("snap"),
    "VolumeSize": 8,
    "VolumeType": "gp3",
    "DeleteOnTermination": True,
}
MAPPING_CFN: list[Plain] = [{"DeviceName": "/dev/sdb", "Ebs": EBS_CFN}]
TEMPLATE_TF: list[Plain] = [{"id": ref("lt"), "version": "3"}]
TEMPLATE_CFN: dict[str, Plain] = {"LaunchTemplateId": ref("lt"), "Version": "3"}
POLICY: dict[str, Plain] = {"Version": "2012-10-17", "Statement": []}
ACL_PORTS_TF: dict[str, Plain] = {
    "rule_number": 100,
    "protocol": "6",
    "rule_action": "allow",
    "egress": True,
    "cidr_block": "10.0.0.0/8",
    "from_port": 1,
    "to_port": 2,
    "icmp_type": 3,
    "icmp_code": 4,
    "network_acl_id": ref("acl"),
}
ACL_PORTS_CFN: dict[str, Plain] = {
    "RuleNumber": 100,
    "Protocol": 6,
    "RuleAction": "allow",
    "Egress": True,
    "CidrBlock": "10.0.0.0/8",
    "PortRange": {"From": 1, "To": 2},
    "Icmp": {"Type": 3, "Code": 4},
    "NetworkAclId": ref("acl"),
}

CASES: list[Case] = [
    ("aws_vpc", {"cidr_block": "10.0.0.0/16"}, "AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"}),
    ("aws_vpc", {}, "AWS::EC2::VPC", {}),
    (
        "aws_vpc_ipv6_cidr_block_association",
        {"vpc_id": ref("vpc"), "assign_generated_ipv6_cidr_block": True},
        "AWS::EC2::VPCCidrBlock",
        {"VpcId": ref("vpc"), "AmazonProvidedIpv6CidrBlock": True},
    ),
    (
        "aws_subnet",
        {
            "vpc_id": ref("vpc"),
            "cidr_block": "10.0.1.0/24",
            "map_public_ip_on_launch": True,
            "availability_zone": "eu-west-1a",
        },
        "AWS::EC2::Subnet",
        {
            "VpcId": ref("vpc"),
            "CidrBlock": "10.0.1.0/24",
            "MapPublicIpOnLaunch": "true",
            "AvailabilityZone": "eu-west-1a",
        },
    ),
    ("aws_subnet", {}, "AWS::EC2::Subnet", {}),
    (
        "aws_internet_gateway_attachment",
        {"vpc_id": ref("vpc"), "internet_gateway_id": ref("igw")},
        "AWS::EC2::VPCGatewayAttachment",
        {"VpcId": ref("vpc"), "InternetGatewayId": ref("igw")},
    ),
    (
        "aws_egress_only_internet_gateway",
        {"vpc_id": ref("vpc")},
        "AWS::EC2::EgressOnlyInternetGateway",
        {"VpcId": ref("vpc")},
    ),
    (
        "aws_nat_gateway",
        {"subnet_id": ref("subnet"), "allocation_id": ref("eip")},
        "AWS::EC2::NatGateway",
        {"SubnetId": ref("subnet"), "AllocationId": ref("eip", "AllocationId")},
    ),
    (
        "aws_route",
        {
            "route_table_id": ref("rt"),
            "destination_cidr_block": "0.0.0.0/0",
            "gateway_id": ref("igw"),
        },
        "AWS::EC2::Route",
        {
            "RouteTableId": ref("rt"),
            "DestinationCidrBlock": "0.0.0.0/0",
            "GatewayId": ref("igw"),
        },
    ),
    (
        "aws_route_table_association",
        {"subnet_id": ref("subnet"), "route_table_id": ref("rt")},
        "AWS::EC2::SubnetRouteTableAssociation",
        {"SubnetId": ref("subnet"), "RouteTableId": ref("rt")},
    ),
    (
        "aws_route_table_association",
        {"gateway_id": ref("igw"), "route_table_id": ref("rt")},
        "AWS::EC2::GatewayRouteTableAssociation",
        {"GatewayId": ref("igw"), "RouteTableId": ref("rt")},
    ),
    ("aws_network_acl_rule", ACL_PORTS_TF, "AWS::EC2::NetworkAclEntry", ACL_PORTS_CFN),
    (
        "aws_network_acl_association",
        {"network_acl_id": ref("acl"), "subnet_id": ref("subnet")},
        "AWS::EC2::SubnetNetworkAclAssociation",
        {"NetworkAclId": ref("acl"), "SubnetId": ref("subnet")},
    ),
    (
        "aws_security_group",
        {"name": "web", "vpc_id": ref("vpc"), "ingress": [RULE_TF], "egress": RULE_TF},
        "AWS::EC2::SecurityGroup",
        {
            "GroupName": "web",
            "VpcId": ref("vpc"),
            "SecurityGroupIngress": RULE_CFN,
            "SecurityGroupEgress": [EGRESS_CFN],
        },
    ),
    (
        "aws_vpc_security_group_ingress_rule",
        SEPARATE_TF,
        "AWS::EC2::SecurityGroupIngress",
        {**RULE_CFN, "GroupId": GROUP},
    ),
    (
        "aws_vpc_security_group_egress_rule",
        SEPARATE_TF,
        "AWS::EC2::SecurityGroupEgress",
        {**EGRESS_CFN, "GroupId": GROUP},
    ),
    (
        "aws_security_group_rule",
        {
            **{k: v for k, v in RULE_TF.items() if k != "security_groups"},
            "type": "ingress",
            "security_group_id": GROUP,
            "source_security_group_id": GROUP,
        },
        "AWS::EC2::SecurityGroupIngress",
        {**RULE_CFN, "GroupId": GROUP},
    ),
    (
        "aws_ec2_managed_prefix_list",
        {"name": "p", "max_entries": 2, "entry": [{"cidr": "10.0.0.0/8", "description": "d"}]},
        "AWS::EC2::PrefixList",
        {
            "PrefixListName": "p",
            "MaxEntries": 2,
            "Entries": [{"Cidr": "10.0.0.0/8", "Description": "d"}],
        },
    ),
    (
        "aws_network_interface",
        {"subnet_id": ref("subnet"), "security_groups": [GROUP], "ipv6_address_count": 1},
        "AWS::EC2::NetworkInterface",
        {"SubnetId": ref("subnet"), "GroupSet": [GROUP], "Ipv6AddressCount": 1},
    ),
    (
        "aws_network_interface",
        {"ipv6_addresses": ["fd00::1"], "private_ips": ["10.0.0.1"]},
        "AWS::EC2::NetworkInterface",
        {"Ipv6Addresses": [{"Ipv6Address": "fd00::1"}], "PrivateIpAddress": "10.0.0.1"},
    ),
    (
        "aws_network_interface_attachment",
        {"instance_id": ref("i"), "network_interface_id": ref("eni"), "device_index": 1},
        "AWS::EC2::NetworkInterfaceAttachment",
        {"InstanceId": ref("i"), "NetworkInterfaceId": ref("eni"), "DeviceIndex": "1"},
    ),
    ("aws_eip", {"instance": ref("i")}, "AWS::EC2::EIP", {"InstanceId": ref("i")}),
    (
        "aws_eip_association",
        {"allocation_id": ref("eip"), "instance_id": ref("i")},
        "AWS::EC2::EIPAssociation",
        {"AllocationId": ref("eip"), "InstanceId": ref("i")},
    ),
    (
        "aws_instance",
        {
            "ami": "ami-1",
            "instance_type": "t3.micro",
            "subnet_id": ref("subnet"),
            "vpc_security_group_ids": [GROUP],
            "iam_instance_profile": ref("profile", "name"),
            "key_name": "k",
            "metadata_options": [OPTIONS_TF],
            "ebs_block_device": [{"device_name": "/dev/sdb", **EBS_TF}],
            "launch_template": TEMPLATE_TF,
            "monitoring": True,
            "tenancy": "dedicated",
        },
        "AWS::EC2::Instance",
        {
            "ImageId": "ami-1",
            "InstanceType": "t3.micro",
            "SubnetId": ref("subnet"),
            "SecurityGroupIds": [GROUP],
            "IamInstanceProfile": ref("profile", "Ref"),
            "KeyName": "k",
            "MetadataOptions": OPTIONS_CFN,
            "BlockDeviceMappings": MAPPING_CFN,
            "LaunchTemplate": TEMPLATE_CFN,
            "Monitoring": True,
            "Tenancy": "dedicated",
        },
    ),
    (
        "aws_instance",
        {"security_groups": ["web"]},
        "AWS::EC2::Instance",
        {"SecurityGroups": ["web"]},
    ),
    (
        "aws_launch_template",
        {
            "name": "lt",
            "image_id": "ami-1",
            "vpc_security_group_ids": [GROUP],
            "iam_instance_profile": [{"name": ref("profile", "name")}],
            "metadata_options": [OPTIONS_TF],
            "block_device_mappings": [{"device_name": "/dev/sdb", "ebs": [EBS_TF]}],
            "network_interfaces": [
                {"associate_public_ip_address": "true", "security_groups": [GROUP]}
            ],
            "user_data": "IyE=",
            "monitoring": [{"enabled": True}],
        },
        "AWS::EC2::LaunchTemplate",
        {
            "LaunchTemplateName": "lt",
            "LaunchTemplateData": {
                "ImageId": "ami-1",
                "SecurityGroupIds": [GROUP],
                "IamInstanceProfile": {"Name": ref("profile", "Ref")},
                "MetadataOptions": OPTIONS_CFN,
                "BlockDeviceMappings": MAPPING_CFN,
                "NetworkInterfaces": [{"AssociatePublicIpAddress": True, "Groups": [GROUP]}],
                "UserData": "IyE=",
                "Monitoring": {"Enabled": True},
            },
        },
    ),
    (
        "aws_launch_configuration",
        {
            "name": "lc",
            "image_id": "ami-1",
            "associate_public_ip_address": True,
            "security_groups": [GROUP],
            "metadata_options": [OPTIONS_TF],
            "ebs_block_device": [{"device_name": "/dev/sdb", **EBS_TF}],
        },
        "AWS::AutoScaling::LaunchConfiguration",
        {
            "LaunchConfigurationName": "lc",
            "ImageId": "ami-1",
            "AssociatePublicIpAddress": True,
            "SecurityGroups": [GROUP],
            "MetadataOptions": OPTIONS_CFN,
            "BlockDeviceMappings": MAPPING_CFN,
        },
    ),
    (
        "aws_autoscaling_group",
        {
            "name": "asg",
            "max_size": 3,
            "min_size": 1,
            "vpc_zone_identifier": [ref("subnet")],
            "mixed_instances_policy": [
                {
                    "launch_template": [
                        {
                            "launch_template_specification": [{"launch_template_id": ref("lt")}],
                            "override": [
                                {
                                    "instance_type": "t3.micro",
                                    "launch_template_specification": [
                                        {"launch_template_name": "arm", "version": "1"}
                                    ],
                                }
                            ],
                        }
                    ]
                }
            ],
        },
        "AWS::AutoScaling::AutoScalingGroup",
        {
            "AutoScalingGroupName": "asg",
            "MaxSize": "3",
            "MinSize": "1",
            "VPCZoneIdentifier": [ref("subnet")],
            "MixedInstancesPolicy": {
                "LaunchTemplate": {
                    "LaunchTemplateSpecification": {"LaunchTemplateId": ref("lt")},
                    "Overrides": [
                        {
                            "InstanceType": "t3.micro",
                            "LaunchTemplateSpecification": {
                                "LaunchTemplateName": "arm",
                                "Version": "1",
                            },
                        }
                    ],
                }
            },
        },
    ),
    (
        "aws_ec2_fleet",
        {
            "launch_template_config": [
                {
                    "launch_template_specification": [
                        {"launch_template_id": ref("lt"), "version": "1"}
                    ],
                    "override": [{"subnet_id": ref("subnet"), "instance_type": "t3.micro"}],
                }
            ],
            "target_capacity_specification": [{"total_target_capacity": 2}],
        },
        "AWS::EC2::EC2Fleet",
        {
            "LaunchTemplateConfigs": [
                {
                    "LaunchTemplateSpecification": {
                        "LaunchTemplateId": ref("lt"),
                        "Version": "1",
                    },
                    "Overrides": [{"SubnetId": ref("subnet"), "InstanceType": "t3.micro"}],
                }
            ],
            "TargetCapacitySpecification": {"TotalTargetCapacity": 2},
        },
    ),
    (
        "aws_spot_fleet_request",
        {
            "target_capacity": 2,
            "launch_specification": [
                {
                    "ami": "ami-1",
                    "instance_type": "t3.micro",
                    "vpc_security_group_ids": [GROUP],
                    "iam_instance_profile_arn": ref("profile", "arn"),
                    "subnet_id": ref("subnet"),
                    "ebs_block_device": [{"device_name": "/dev/sdb", **EBS_TF}],
                }
            ],
        },
        "AWS::EC2::SpotFleet",
        {
            "SpotFleetRequestConfigData": {
                "TargetCapacity": 2,
                "LaunchSpecifications": [
                    {
                        "ImageId": "ami-1",
                        "InstanceType": "t3.micro",
                        "SecurityGroups": [{"GroupId": GROUP}],
                        "IamInstanceProfile": {"Arn": ref("profile", "Arn")},
                        "SubnetId": ref("subnet"),
                        "BlockDeviceMappings": MAPPING_CFN,
                    }
                ],
            }
        },
    ),
    (
        "aws_eks_node_group",
        {
            "ami_type": "AL2023_x86_64_STANDARD",
            "subnet_ids": [ref("subnet")],
            "node_role_arn": ref("role", "arn"),
            "remote_access": [{"ec2_ssh_key": "k", "source_security_group_ids": [GROUP]}],
            "launch_template": [{"id": ref("lt"), "version": "1"}],
            "scaling_config": [{"max_size": 3}],
        },
        "AWS::EKS::Nodegroup",
        {
            "AmiType": "AL2023_x86_64_STANDARD",
            "Subnets": [ref("subnet")],
            "NodeRole": ref("role", "Arn"),
            "RemoteAccess": {"Ec2SshKey": "k", "SourceSecurityGroups": [GROUP]},
            "LaunchTemplate": {"Id": ref("lt"), "Version": "1"},
            "ScalingConfig": {"MaxSize": 3},
        },
    ),
    (
        "aws_ebs_volume",
        {
            "encrypted": True,
            "kms_key_id": ref("key", "arn"),
            "snapshot_id": "snap-1",
            "availability_zone": "eu-west-1a",
        },
        "AWS::EC2::Volume",
        {
            "Encrypted": True,
            "KmsKeyId": ref("key", "Arn"),
            "SnapshotId": "snap-1",
            "AvailabilityZone": "eu-west-1a",
        },
    ),
    (
        "aws_volume_attachment",
        {"volume_id": ref("vol"), "instance_id": ref("i"), "device_name": "/dev/sdf"},
        "AWS::EC2::VolumeAttachment",
        {"VolumeId": ref("vol"), "InstanceId": ref("i"), "Device": "/dev/sdf"},
    ),
    (
        "aws_vpc_endpoint",
        {
            "vpc_id": ref("vpc"),
            "service_name": "com.amazonaws.eu-west-1.s3",
            "policy": POLICY,
            "route_table_ids": [ref("rt")],
        },
        "AWS::EC2::VPCEndpoint",
        {
            "VpcId": ref("vpc"),
            "ServiceName": "com.amazonaws.eu-west-1.s3",
            "PolicyDocument": POLICY,
            "RouteTableIds": [ref("rt")],
        },
    ),
    (
        "aws_key_pair",
        {"key_name": "k", "public_key": "ssh-rsa A"},
        "AWS::EC2::KeyPair",
        {"KeyName": "k", "PublicKeyMaterial": "ssh-rsa A"},
    ),
    (
        "aws_iam_role",
        {
            "name": "r",
            "assume_role_policy": POLICY,
            "managed_policy_arns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
            "inline_policy": [{"name": "p", "policy": POLICY}],
        },
        "AWS::IAM::Role",
        {
            "RoleName": "r",
            "AssumeRolePolicyDocument": POLICY,
            "ManagedPolicyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
            "Policies": [{"PolicyName": "p", "PolicyDocument": POLICY}],
        },
    ),
    (
        "aws_iam_instance_profile",
        {"name": "p", "role": ref("role", "name")},
        "AWS::IAM::InstanceProfile",
        {"InstanceProfileName": "p", "Roles": [ref("role", "Ref")]},
    ),
    (
        "aws_iam_policy",
        {"name": "p", "policy": POLICY},
        "AWS::IAM::ManagedPolicy",
        {"ManagedPolicyName": "p", "PolicyDocument": POLICY},
    ),
    (
        "aws_iam_role_policy",
        {"name": "p", "role": ref("role"), "policy": POLICY},
        "AWS::IAM::RolePolicy",
        {"PolicyName": "p", "RoleName": ref("role", "Ref"), "PolicyDocument": POLICY},
    ),
    (
        "aws_iam_role_policy",
        {"name": "p", "role": ref("role"), "policy": POLICY},
        "AWS::IAM::Policy",
        {"PolicyName": "p", "Roles": [ref("role", "Ref")], "PolicyDocument": POLICY},
    ),
    (
        "aws_imagebuilder_infrastructure_configuration",
        {
            "name": "n",
            "instance_profile_name": ref("profile", "name"),
            "security_group_ids": [GROUP],
            "instance_metadata_options": [
                {"http_tokens": "required", "http_put_response_hop_limit": 1}
            ],
        },
        "AWS::ImageBuilder::InfrastructureConfiguration",
        {
            "Name": "n",
            "InstanceProfileName": ref("profile", "Ref"),
            "SecurityGroupIds": [GROUP],
            "InstanceMetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 1},
        },
    ),
    (
        "aws_imagebuilder_component",
        {"name": "n", "data": "phases: []"},
        "AWS::ImageBuilder::Component",
        {"Name": "n", "Data": "phases: []"},
    ),
    (
        "aws_imagebuilder_image_recipe",
        {
            "name": "n",
            "parent_image": "ami-1",
            "block_device_mapping": [{"device_name": "/dev/xvda", "ebs": [EBS_TF]}],
        },
        "AWS::ImageBuilder::ImageRecipe",
        {
            "Name": "n",
            "ParentImage": "ami-1",
            "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": EBS_CFN}],
        },
    ),
    (
        "aws_imagebuilder_distribution_configuration",
        {
            "name": "n",
            "distribution": [
                {
                    "region": "eu-west-1",
                    "ami_distribution_configuration": [{"kms_key_id": ref("key", "arn")}],
                }
            ],
        },
        "AWS::ImageBuilder::DistributionConfiguration",
        {
            "Name": "n",
            "Distributions": [
                {
                    "Region": "eu-west-1",
                    "AmiDistributionConfiguration": {"KmsKeyId": ref("key", "Arn")},
                }
            ],
        },
    ),
    (
        "aws_imagebuilder_image_pipeline",
        {
            "image_recipe_arn": ref("recipe", "arn"),
            "infrastructure_configuration_arn": ref("infra", "arn"),
            "distribution_configuration_arn": ref("dist", "arn"),
        },
        "AWS::ImageBuilder::ImagePipeline",
        {
            "ImageRecipeArn": ref("recipe", "Arn"),
            "InfrastructureConfigurationArn": ref("infra", "Arn"),
            "DistributionConfigurationArn": ref("dist", "Arn"),
        },
    ),
]


def plain(data: object) -> object:
    """What a field came to, without spans."""
    if isinstance(data, Reference):
        return ("->", data.target)
    if isinstance(data, Unknown):
        return ("?", data.reason)
    if isinstance(data, Value):
        return plain(data.data)
    if isinstance(data, dict):
        return {key: plain(member) for key, member in data.items()}
    if isinstance(data, tuple):
        return [plain(element) for element in data]
    return data


def compared(one: Part, other: Part) -> tuple[dict[str, object], dict[str, object]]:
    """The fields that both languages can say, as plain data."""
    found: tuple[dict[str, object], dict[str, object]] = ({}, {})
    for field in type(one).fields():
        values = getattr(one, field.name), getattr(other, field.name)
        kinds = [part.resource_type for part in (one, other)]
        if not all(field.paths(kind) for kind in kinds) and field.name != "direction":
            continue
        if isinstance(values[0], Part):
            found[0][field.name], found[1][field.name] = compared(values[0], values[1])
        elif isinstance(values[0], tuple) and any(isinstance(v, Part) for v in values[0]):
            pairs = [compared(a, b) for a, b in zip(*values, strict=True)]
            found[0][field.name], found[1][field.name] = (
                [pair[0] for pair in pairs],
                [pair[1] for pair in pairs],
            )
        else:
            found[0][field.name], found[1][field.name] = plain(values[0]), plain(values[1])
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]}-{case[2]}")
def test_both_languages_give_equal_objects(case: Case) -> None:
    one = declare(case[0], "x", case[1])
    other = declare(case[2], "x", case[3])
    assert type(one) is type(other)
    terraform, cloudformation = compared(one, other)
    assert terraform == cloudformation


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]}-{case[2]}")
def test_no_attribute_of_the_table_is_read_by_nobody(case: Case) -> None:
    # A misspelt path in an adapter reads nothing: both sides would be equal, and empty.
    for type_, body in ((case[0], case[1]), (case[2], case[3])):
        full = declare(type_, "x", body)
        for name in body:
            less = declare(type_, "x", {key: one for key, one in body.items() if key != name})
            assert everything(full) != everything(less), f"{name} of {type_}"


def everything(part: Part) -> dict[str, object]:
    found: dict[str, object] = {}
    for field in type(part).fields():
        said = getattr(part, field.name)
        if isinstance(said, Part):
            found[field.name] = everything(said)
        elif isinstance(said, tuple):
            found[field.name] = [everything(v) if isinstance(v, Part) else plain(v) for v in said]
        else:
            found[field.name] = plain(said)
    return found


def test_the_table_has_every_class_that_both_languages_have() -> None:
    both = {kind for kind in classes().values() if kind.terraform and kind.cloudformation}
    # What has no field that both say cannot be compared.
    bare = {
        "InternetGateway",
        "VpnGateway",
        "NetworkAcl",
        "RouteTable",
        "SecurityGroupVpcAssociation",
    }
    tabled = {classes()[case[0]].__name__ for case in CASES}
    ours = {kind.__name__ for kind in both if kind.__module__ in _MODULES}
    assert ours - bare <= tabled


_MODULES = {classes()[case[0]].__module__ for case in CASES}
