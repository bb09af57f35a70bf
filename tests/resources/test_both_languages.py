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

ATTACHMENTS: list[Case] = [
    (
        "aws_ec2_transit_gateway_vpc_attachment",
        {
            "transit_gateway_id": ref("tgw"),
            "vpc_id": ref("vpc"),
            "subnet_ids": [ref("subnet")],
            "ipv6_support": "enable",
            "security_group_referencing_support": "disable",
        },
        kind,
        {
            "TransitGatewayId": ref("tgw"),
            "VpcId": ref("vpc"),
            "SubnetIds": [ref("subnet")],
            "Options": {"Ipv6Support": "enable", "SecurityGroupReferencingSupport": "disable"},
        },
    )
    for kind in ("AWS::EC2::TransitGatewayAttachment", "AWS::EC2::TransitGatewayVpcAttachment")
]

TABLES_OF_ATTACHMENTS: list[Case] = [
    (
        f"aws_ec2_transit_gateway_route_table_{word.lower()}",
        {
            "transit_gateway_attachment_id": ref("attachment"),
            "transit_gateway_route_table_id": ref("rt"),
        },
        f"AWS::EC2::TransitGatewayRouteTable{word}",
        {
            "TransitGatewayAttachmentId": ref("attachment"),
            "TransitGatewayRouteTableId": ref("rt"),
        },
    )
    for word in ("Association", "Propagation")
]

SEARCH_DOMAINS: list[Case] = [
    (
        terraform,
        {
            "vpc_options": [{"subnet_ids": [ref("subnet")], "security_group_ids": [GROUP]}],
        },
        cloudformation,
        {"VPCOptions": {"SubnetIds": [ref("subnet")], "SecurityGroupIds": [GROUP]}},
    )
    for terraform, cloudformation in (
        ("aws_opensearch_domain", "AWS::OpenSearchService::Domain"),
        ("aws_elasticsearch_domain", "AWS::Elasticsearch::Domain"),
    )
]

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
                    "ami_distribution_configuration": [
                        {
                            "kms_key_id": ref("key", "arn"),
                            "target_account_ids": ["111122223333"],
                            "launch_permission": [
                                {"user_groups": ["all"], "user_ids": ["444455556666"]}
                            ],
                        }
                    ],
                }
            ],
        },
        "AWS::ImageBuilder::DistributionConfiguration",
        {
            "Name": "n",
            "Distributions": [
                {
                    "Region": "eu-west-1",
                    "AmiDistributionConfiguration": {
                        "KmsKeyId": ref("key", "Arn"),
                        "TargetAccountIds": ["111122223333"],
                        "LaunchPermissionConfiguration": {
                            "UserGroups": ["all"],
                            "UserIds": ["444455556666"],
                        },
                    },
                }
            ],
        },
    ),
    (
        "aws_ebs_snapshot_block_public_access",
        {"state": "block-all-sharing"},
        "AWS::EC2::SnapshotBlockPublicAccess",
        {"State": "block-all-sharing"},
    ),
    (
        "aws_dlm_lifecycle_policy",
        {
            "state": "ENABLED",
            "policy_details": [
                {
                    "policy_type": "EBS_SNAPSHOT_MANAGEMENT",
                    "resource_types": ["VOLUME"],
                    "schedule": [{"share_rule": [{"target_accounts": ["111122223333"]}]}],
                }
            ],
        },
        "AWS::DLM::LifecyclePolicy",
        {
            "State": "ENABLED",
            "PolicyDetails": {
                "PolicyType": "EBS_SNAPSHOT_MANAGEMENT",
                "ResourceTypes": ["VOLUME"],
                "Schedules": [{"ShareRules": [{"TargetAccounts": ["111122223333"]}]}],
            },
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
    (
        "aws_vpn_gateway_route_propagation",
        {"vpn_gateway_id": ref("vgw"), "route_table_id": ref("rt")},
        "AWS::EC2::VPNGatewayRoutePropagation",
        {"VpnGatewayId": ref("vgw"), "RouteTableIds": [ref("rt")]},
    ),
    (
        "aws_lb",
        {
            "name": "lb",
            "internal": True,
            "load_balancer_type": "network",
            "ip_address_type": "dualstack",
            "security_groups": [GROUP],
            "subnets": [ref("subnet")],
            "subnet_mapping": [
                {
                    "subnet_id": ref("other"),
                    "allocation_id": ref("eip"),
                    "private_ipv4_address": "10.0.0.5",
                }
            ],
            "enforce_security_group_inbound_rules_on_private_link_traffic": "off",
        },
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        {
            "Name": "lb",
            "Scheme": "internal",
            "Type": "network",
            "IpAddressType": "dualstack",
            "SecurityGroups": [GROUP],
            "Subnets": [ref("subnet")],
            "SubnetMappings": [
                {
                    "SubnetId": ref("other"),
                    "AllocationId": ref("eip"),
                    "PrivateIPv4Address": "10.0.0.5",
                }
            ],
            "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic": "off",
        },
    ),
    (
        "aws_alb_listener",
        {
            "load_balancer_arn": ref("lb", "arn"),
            "port": 443,
            "protocol": "TLS",
            "default_action": [
                {
                    "type": "forward",
                    "order": 1,
                    "target_group_arn": ref("tg", "arn"),
                    "forward": [{"target_group": [{"arn": ref("tg", "arn"), "weight": 3}]}],
                }
            ],
        },
        "AWS::ElasticLoadBalancingV2::Listener",
        {
            "LoadBalancerArn": ref("lb", "Ref"),
            "Port": 443,
            "Protocol": "TLS",
            "DefaultActions": [
                {
                    "Type": "forward",
                    "Order": 1,
                    "TargetGroupArn": ref("tg", "Ref"),
                    "ForwardConfig": {
                        "TargetGroups": [{"TargetGroupArn": ref("tg", "Ref"), "Weight": 3}]
                    },
                }
            ],
        },
    ),
    (
        "aws_lb_listener_rule",
        {
            "listener_arn": ref("listener", "arn"),
            "priority": 5,
            "action": [{"type": "redirect"}],
        },
        "AWS::ElasticLoadBalancingV2::ListenerRule",
        {"ListenerArn": ref("listener", "Ref"), "Priority": 5, "Actions": [{"Type": "redirect"}]},
    ),
    (
        "aws_lb_target_group",
        {
            "name": "tg",
            "port": 22,
            "protocol": "TCP",
            "target_type": "ip",
            "vpc_id": ref("vpc"),
            "preserve_client_ip": "true",
        },
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        {
            "Name": "tg",
            "Port": 22,
            "Protocol": "TCP",
            "TargetType": "ip",
            "VpcId": ref("vpc"),
            "Targets": [{"Id": ref("i"), "Port": 23, "AvailabilityZone": "all"}],
            "TargetGroupAttributes": [{"Key": "preserve_client_ip.enabled", "Value": "true"}],
        },
    ),
    (
        "aws_elb",
        {
            "name": "lb",
            "internal": True,
            "subnets": [ref("subnet")],
            "availability_zones": ["eu-west-1a"],
            "security_groups": [GROUP],
            "instances": [ref("i")],
            "listener": [
                {
                    "lb_port": 22,
                    "lb_protocol": "tcp",
                    "instance_port": 23,
                    "instance_protocol": "tcp",
                }
            ],
        },
        "AWS::ElasticLoadBalancing::LoadBalancer",
        {
            "LoadBalancerName": "lb",
            "Scheme": "internal",
            "Subnets": [ref("subnet")],
            "AvailabilityZones": ["eu-west-1a"],
            "SecurityGroups": [GROUP],
            "Instances": [ref("i")],
            "Listeners": [
                {
                    "LoadBalancerPort": 22,
                    "Protocol": "tcp",
                    "InstancePort": 23,
                    "InstanceProtocol": "tcp",
                }
            ],
        },
    ),
    (
        "aws_vpc_peering_connection",
        {
            "vpc_id": ref("vpc"),
            "peer_vpc_id": ref("peer"),
            "peer_owner_id": "123456789012",
            "peer_region": "eu-west-2",
        },
        "AWS::EC2::VPCPeeringConnection",
        {
            "VpcId": ref("vpc"),
            "PeerVpcId": ref("peer"),
            "PeerOwnerId": "123456789012",
            "PeerRegion": "eu-west-2",
        },
    ),
    (
        "aws_ec2_transit_gateway",
        {
            "default_route_table_association": "disable",
            "default_route_table_propagation": "disable",
            "auto_accept_shared_attachments": "enable",
            "security_group_referencing_support": "enable",
        },
        "AWS::EC2::TransitGateway",
        {
            "DefaultRouteTableAssociation": "disable",
            "DefaultRouteTablePropagation": "disable",
            "AutoAcceptSharedAttachments": "enable",
            "SecurityGroupReferencingSupport": "enable",
        },
    ),
    *ATTACHMENTS,
    (
        "aws_ec2_transit_gateway_peering_attachment",
        {"transit_gateway_id": ref("tgw"), "peer_transit_gateway_id": ref("peer")},
        "AWS::EC2::TransitGatewayPeeringAttachment",
        {"TransitGatewayId": ref("tgw"), "PeerTransitGatewayId": ref("peer")},
    ),
    (
        "aws_ec2_transit_gateway_route_table",
        {"transit_gateway_id": ref("tgw")},
        "AWS::EC2::TransitGatewayRouteTable",
        {"TransitGatewayId": ref("tgw")},
    ),
    (
        "aws_ec2_transit_gateway_route",
        {
            "destination_cidr_block": "10.0.0.0/8",
            "blackhole": True,
            "transit_gateway_attachment_id": ref("attachment"),
            "transit_gateway_route_table_id": ref("rt"),
        },
        "AWS::EC2::TransitGatewayRoute",
        {
            "DestinationCidrBlock": "10.0.0.0/8",
            "Blackhole": True,
            "TransitGatewayAttachmentId": ref("attachment"),
            "TransitGatewayRouteTableId": ref("rt"),
        },
    ),
    *TABLES_OF_ATTACHMENTS,
    (
        "aws_vpc_endpoint_service",
        {
            "acceptance_required": False,
            "network_load_balancer_arns": [ref("lb", "arn")],
            "gateway_load_balancer_arns": [ref("gwlb", "arn")],
        },
        "AWS::EC2::VPCEndpointService",
        {
            "AcceptanceRequired": False,
            "NetworkLoadBalancerArns": [ref("lb", "Ref")],
            "GatewayLoadBalancerArns": [ref("gwlb", "Ref")],
        },
    ),
    (
        "aws_vpc_endpoint_service_allowed_principal",
        {"vpc_endpoint_service_id": ref("service"), "principal_arn": "*"},
        "AWS::EC2::VPCEndpointServicePermissions",
        {"ServiceId": ref("service"), "AllowedPrincipals": ["*"]},
    ),
    (
        "aws_ec2_instance_connect_endpoint",
        {
            "subnet_id": ref("subnet"),
            "security_group_ids": [GROUP],
            "preserve_client_ip": False,
        },
        "AWS::EC2::InstanceConnectEndpoint",
        {"SubnetId": ref("subnet"), "SecurityGroupIds": [GROUP], "PreserveClientIp": False},
    ),
    (
        "aws_vpc_block_public_access_options",
        {"internet_gateway_block_mode": "block-ingress"},
        "AWS::EC2::VPCBlockPublicAccessOptions",
        {"InternetGatewayBlockMode": "block-ingress"},
    ),
    (
        "aws_vpc_block_public_access_exclusion",
        {
            "internet_gateway_exclusion_mode": "allow-egress",
            "vpc_id": ref("vpc"),
            "subnet_id": ref("subnet"),
        },
        "AWS::EC2::VPCBlockPublicAccessExclusion",
        {
            "InternetGatewayExclusionMode": "allow-egress",
            "VpcId": ref("vpc"),
            "SubnetId": ref("subnet"),
        },
    ),
    (
        "aws_globalaccelerator_listener",
        {
            "accelerator_arn": ref("accelerator", "arn"),
            "protocol": "TCP",
            "port_range": [{"from_port": 80, "to_port": 81}],
        },
        "AWS::GlobalAccelerator::Listener",
        {
            "AcceleratorArn": ref("accelerator", "Ref"),
            "Protocol": "TCP",
            "PortRanges": [{"FromPort": 80, "ToPort": 81}],
        },
    ),
    (
        "aws_globalaccelerator_endpoint_group",
        {
            "listener_arn": ref("listener", "arn"),
            "endpoint_configuration": [
                {
                    "endpoint_id": ref("i"),
                    "client_ip_preservation_enabled": True,
                    "weight": 10,
                }
            ],
            "port_override": [{"listener_port": 80, "endpoint_port": 8080}],
        },
        "AWS::GlobalAccelerator::EndpointGroup",
        {
            "ListenerArn": ref("listener", "Ref"),
            "EndpointConfigurations": [
                {"EndpointId": ref("i"), "ClientIPPreservationEnabled": True, "Weight": 10}
            ],
            "PortOverrides": [{"ListenerPort": 80, "EndpointPort": 8080}],
        },
    ),
    (
        "aws_cloudfront_vpc_origin",
        {
            "vpc_origin_endpoint_config": [
                {"arn": ref("lb", "arn"), "http_port": 80, "https_port": 443}
            ]
        },
        "AWS::CloudFront::VpcOrigin",
        {"VpcOriginEndpointConfig": {"Arn": ref("lb", "Ref"), "HTTPPort": 80, "HTTPSPort": 443}},
    ),
    (
        "aws_api_gateway_vpc_link",
        {"target_arns": [ref("lb", "arn")]},
        "AWS::ApiGateway::VpcLink",
        {"TargetArns": [ref("lb", "Ref")]},
    ),
    (
        "aws_apigatewayv2_vpc_link",
        {"subnet_ids": [ref("subnet")], "security_group_ids": [GROUP]},
        "AWS::ApiGatewayV2::VpcLink",
        {"SubnetIds": [ref("subnet")], "SecurityGroupIds": [GROUP]},
    ),
    (
        "aws_db_subnet_group",
        {"name": "g", "subnet_ids": [ref("subnet")]},
        "AWS::RDS::DBSubnetGroup",
        {"DBSubnetGroupName": "g", "SubnetIds": [ref("subnet")]},
    ),
    (
        "aws_elasticache_subnet_group",
        {"name": "g", "subnet_ids": [ref("subnet")]},
        "AWS::ElastiCache::SubnetGroup",
        {"CacheSubnetGroupName": "g", "SubnetIds": [ref("subnet")]},
    ),
    (
        "aws_redshift_subnet_group",
        {"subnet_ids": [ref("subnet")]},
        "AWS::Redshift::ClusterSubnetGroup",
        {"SubnetIds": [ref("subnet")]},
    ),
    (
        "aws_db_instance",
        {
            "identifier": "db",
            "engine": "postgres",
            "port": 5432,
            "publicly_accessible": True,
            "vpc_security_group_ids": [GROUP],
            "db_subnet_group_name": ref("group", "name"),
        },
        "AWS::RDS::DBInstance",
        {
            "DBInstanceIdentifier": "db",
            "Engine": "postgres",
            "Port": "5432",
            "PubliclyAccessible": True,
            "VPCSecurityGroups": [GROUP],
            "DBSubnetGroupName": ref("group", "Ref"),
        },
    ),
    (
        "aws_rds_cluster_instance",
        {
            "identifier": "db",
            "engine": "aurora-mysql",
            "cluster_identifier": ref("cluster"),
            "publicly_accessible": True,
            "db_subnet_group_name": ref("group", "name"),
        },
        "AWS::RDS::DBInstance",
        {
            "DBInstanceIdentifier": "db",
            "Engine": "aurora-mysql",
            "DBClusterIdentifier": ref("cluster", "Ref"),
            "PubliclyAccessible": True,
            "DBSubnetGroupName": ref("group", "Ref"),
        },
    ),
    (
        "aws_docdb_cluster_instance",
        {"identifier": "db", "cluster_identifier": ref("cluster")},
        "AWS::DocDB::DBInstance",
        {"DBInstanceIdentifier": "db", "DBClusterIdentifier": ref("cluster", "Ref")},
    ),
    (
        "aws_neptune_cluster_instance",
        {
            "identifier": "db",
            "cluster_identifier": ref("cluster"),
            "neptune_subnet_group_name": ref("group", "name"),
        },
        "AWS::Neptune::DBInstance",
        {
            "DBInstanceIdentifier": "db",
            "DBClusterIdentifier": ref("cluster", "Ref"),
            "DBSubnetGroupName": ref("group", "Ref"),
        },
    ),
    (
        "aws_rds_cluster",
        {
            "cluster_identifier": "c",
            "engine": "aurora-mysql",
            "port": 3306,
            "vpc_security_group_ids": [GROUP],
            "db_subnet_group_name": ref("group", "name"),
        },
        "AWS::RDS::DBCluster",
        {
            "DBClusterIdentifier": "c",
            "Engine": "aurora-mysql",
            "Port": 3306,
            "VpcSecurityGroupIds": [GROUP],
            "DBSubnetGroupName": ref("group", "Ref"),
        },
    ),
    (
        "aws_neptune_cluster",
        {
            "port": 8182,
            "vpc_security_group_ids": [GROUP],
            "neptune_subnet_group_name": ref("group", "name"),
        },
        "AWS::Neptune::DBCluster",
        {
            "DBPort": 8182,
            "VpcSecurityGroupIds": [GROUP],
            "DBSubnetGroupName": ref("group", "Ref"),
        },
    ),
    (
        "aws_elasticache_cluster",
        {
            "engine": "redis",
            "port": 6379,
            "security_group_ids": [GROUP],
            "subnet_group_name": ref("group", "name"),
        },
        "AWS::ElastiCache::CacheCluster",
        {
            "Engine": "redis",
            "Port": 6379,
            "VpcSecurityGroupIds": [GROUP],
            "CacheSubnetGroupName": ref("group", "Ref"),
        },
    ),
    (
        "aws_elasticache_replication_group",
        {
            "engine": "redis",
            "port": 6379,
            "security_group_ids": [GROUP],
            "subnet_group_name": ref("group", "name"),
        },
        "AWS::ElastiCache::ReplicationGroup",
        {
            "Engine": "redis",
            "Port": 6379,
            "SecurityGroupIds": [GROUP],
            "CacheSubnetGroupName": ref("group", "Ref"),
        },
    ),
    (
        "aws_redshift_cluster",
        {
            "port": 5440,
            "publicly_accessible": True,
            "vpc_security_group_ids": [GROUP],
            "cluster_subnet_group_name": ref("group", "name"),
        },
        "AWS::Redshift::Cluster",
        {
            "Port": 5440,
            "PubliclyAccessible": True,
            "VpcSecurityGroupIds": [GROUP],
            "ClusterSubnetGroupName": ref("group", "Ref"),
        },
    ),
    *SEARCH_DOMAINS,
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
