"""Cases of the classes in ``resources/metric_alarm.py``."""

from __future__ import annotations

from tests.resources.case import Case, Pair

CASES: list[Case] = [
    Pair(
        "aws_cloudwatch_metric_alarm",
        {
            "actions_enabled": False,
            "alarm_actions": ["arn:aws:sns:eu-west-1:111122223333:alarms"],
            "metric_name": "Changes",
            "namespace": "Audit",
            "metric_query": [{"metric": [{"metric_name": "Changes", "namespace": "Audit"}]}],
        },
        "AWS::CloudWatch::Alarm",
        {
            "ActionsEnabled": False,
            "AlarmActions": ["arn:aws:sns:eu-west-1:111122223333:alarms"],
            "MetricName": "Changes",
            "Namespace": "Audit",
            "Metrics": [
                {"MetricStat": {"Metric": {"MetricName": "Changes", "Namespace": "Audit"}}}
            ],
        },
    ),
]
