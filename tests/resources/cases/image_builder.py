"""Cases of the classes in ``resources/image_builder.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair
from tests.resources.settings import EBS_CFN, EBS_TF, GROUP

ORGANIZATION = "arn:aws:organizations::111122223333:organization/o-1"
UNIT = "arn:aws:organizations::111122223333:ou/o-1/ou-1"

CASES: list[Case] = [
    Pair(
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
    Pair(
        "aws_imagebuilder_component",
        {"name": "n", "data": "phases: []", "kms_key_id": ref("key", "arn")},
        "AWS::ImageBuilder::Component",
        {"Name": "n", "Data": "phases: []", "KmsKeyId": ref("key", "Arn")},
    ),
    Pair(
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
    Pair(
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
                                {
                                    "user_groups": ["all"],
                                    "user_ids": ["444455556666"],
                                    "organization_arns": [ORGANIZATION],
                                    "organizational_unit_arns": [UNIT],
                                }
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
                            "OrganizationArns": [ORGANIZATION],
                            "OrganizationalUnitArns": [UNIT],
                        },
                    },
                }
            ],
        },
    ),
    Pair(
        "aws_imagebuilder_image_pipeline",
        {
            "image_recipe_arn": ref("recipe", "arn"),
            "infrastructure_configuration_arn": ref("infra", "arn"),
            "distribution_configuration_arn": ref("dist", "arn"),
            "status": "DISABLED",
            "schedule": [{"schedule_expression": "cron(0 0 * * ? *)"}],
            "image_tests_configuration": [{"image_tests_enabled": False}],
            "image_scanning_configuration": [{"image_scanning_enabled": True}],
        },
        "AWS::ImageBuilder::ImagePipeline",
        {
            "ImageRecipeArn": ref("recipe", "Arn"),
            "InfrastructureConfigurationArn": ref("infra", "Arn"),
            "DistributionConfigurationArn": ref("dist", "Arn"),
            "Status": "DISABLED",
            "Schedule": {"ScheduleExpression": "cron(0 0 * * ? *)"},
            "ImageTestsConfiguration": {"ImageTestsEnabled": False},
            "ImageScanningConfiguration": {"ImageScanningEnabled": True},
        },
    ),
]
