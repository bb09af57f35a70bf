"""Cases of the classes in ``resources/trail.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair

CASES: list[Case] = [
    Pair(
        "aws_cloudtrail",
        {
            "advanced_event_selector": [
                {
                    "field_selector": [
                        {
                            "field": "eventCategory",
                            "equals": ["Management"],
                            "starts_with": ["M"],
                            "ends_with": ["t"],
                            "not_equals": ["Data"],
                            "not_starts_with": ["D"],
                            "not_ends_with": ["a"],
                        }
                    ]
                }
            ],
            "cloud_watch_logs_group_arn": ref("logs", "arn"),
            "cloud_watch_logs_role_arn": ref("role", "arn"),
            "enable_log_file_validation": True,
            "enable_logging": False,
            "event_selector": [
                {
                    "data_resource": [{"type": "AWS::S3::Object"}],
                    "exclude_management_event_sources": ["kms.amazonaws.com"],
                    "include_management_events": False,
                    "read_write_type": "ReadOnly",
                }
            ],
            "include_global_service_events": False,
            "is_multi_region_trail": True,
            "is_organization_trail": True,
            "kms_key_id": ref("key", "arn"),
        },
        "AWS::CloudTrail::Trail",
        {
            "AdvancedEventSelectors": [
                {
                    "FieldSelectors": [
                        {
                            "Field": "eventCategory",
                            "Equals": ["Management"],
                            "StartsWith": ["M"],
                            "EndsWith": ["t"],
                            "NotEquals": ["Data"],
                            "NotStartsWith": ["D"],
                            "NotEndsWith": ["a"],
                        }
                    ]
                }
            ],
            "CloudWatchLogsLogGroupArn": ref("logs", "arn"),
            "CloudWatchLogsRoleArn": ref("role", "arn"),
            "EnableLogFileValidation": True,
            "IsLogging": False,
            "EventSelectors": [
                {
                    "DataResources": [{"Type": "AWS::S3::Object"}],
                    "ExcludeManagementEventSources": ["kms.amazonaws.com"],
                    "IncludeManagementEvents": False,
                    "ReadWriteType": "ReadOnly",
                }
            ],
            "IncludeGlobalServiceEvents": False,
            "IsMultiRegionTrail": True,
            "IsOrganizationTrail": True,
            "KMSKeyId": ref("key", "arn"),
        },
    ),
    Pair(
        "aws_cloudtrail_event_data_store",
        {"kms_key_id": ref("key", "arn")},
        "AWS::CloudTrail::EventDataStore",
        {"KmsKeyId": ref("key", "arn")},
    ),
]
