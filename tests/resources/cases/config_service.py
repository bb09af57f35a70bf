"""Cases of the classes in ``resources/config_service.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair, Single

CASES: list[Case] = [
    Pair(
        "aws_config_configuration_recorder",
        {
            "name": "main",
            "recording_group": [
                {
                    "all_supported": False,
                    "resource_types": ["AWS::EC2::Instance"],
                    "exclusion_by_resource_types": [{"resource_types": ["AWS::EC2::Volume"]}],
                    "recording_strategy": [{"use_only": "EXCLUSION_BY_RESOURCE_TYPES"}],
                }
            ],
        },
        "AWS::Config::ConfigurationRecorder",
        {
            "Name": "main",
            "RecordingGroup": {
                "AllSupported": False,
                "ResourceTypes": ["AWS::EC2::Instance"],
                "ExclusionByResourceTypes": {"ResourceTypes": ["AWS::EC2::Volume"]},
                "RecordingStrategy": {"UseOnly": "EXCLUSION_BY_RESOURCE_TYPES"},
            },
        },
    ),
    Single(
        "aws_config_configuration_recorder_status",
        {"name": ref("recorder", "name"), "is_enabled": True},
        {"recorder": ("->", "recorder"), "is_enabled": True},
    ),
    Pair(
        "aws_config_delivery_channel",
        {"s3_bucket_name": ref("bucket", "bucket")},
        "AWS::Config::DeliveryChannel",
        {"S3BucketName": ref("bucket", "Ref")},
    ),
    Pair(
        "aws_config_configuration_aggregator",
        {
            "account_aggregation_source": [{"all_regions": True}],
            "organization_aggregation_source": [{"all_regions": True}],
        },
        "AWS::Config::ConfigurationAggregator",
        {
            "AccountAggregationSources": [{"AllAwsRegions": True}],
            "OrganizationAggregationSource": {"AllAwsRegions": True},
        },
    ),
    Pair(
        "aws_config_config_rule",
        {
            "source": [{"owner": "AWS", "source_identifier": "ENCRYPTED_VOLUMES"}],
            "scope": [{"compliance_resource_types": ["AWS::EC2::Volume"]}],
        },
        "AWS::Config::ConfigRule",
        {
            "Source": {"Owner": "AWS", "SourceIdentifier": "ENCRYPTED_VOLUMES"},
            "Scope": {"ComplianceResourceTypes": ["AWS::EC2::Volume"]},
        },
    ),
    Pair(
        "aws_config_conformance_pack",
        {"template_body": "Resources: {}"},
        "AWS::Config::ConformancePack",
        {"TemplateBody": "Resources: {}"},
    ),
]
