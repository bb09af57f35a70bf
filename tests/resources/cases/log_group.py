"""Cases of the classes in ``resources/log_group.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair

CASES: list[Case] = [
    Pair(
        "aws_cloudwatch_log_group",
        {"name": "trail", "kms_key_id": ref("key", "arn"), "retention_in_days": 365},
        "AWS::Logs::LogGroup",
        {"LogGroupName": "trail", "KmsKeyId": ref("key", "arn"), "RetentionInDays": 365},
    ),
    Pair(
        "aws_cloudwatch_log_metric_filter",
        {
            "log_group_name": ref("logs", "name"),
            "pattern": "{ $.eventName = CreateVpc }",
            "metric_transformation": [{"name": "Changes", "namespace": "Audit"}],
        },
        "AWS::Logs::MetricFilter",
        {
            "LogGroupName": ref("logs", "Ref"),
            "FilterPattern": "{ $.eventName = CreateVpc }",
            "MetricTransformations": [{"MetricName": "Changes", "MetricNamespace": "Audit"}],
        },
    ),
]
