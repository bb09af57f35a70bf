"""CloudWatch alarms on metrics."""

from iac_ec2lint.resources.field import boolean, parts, text, texts
from iac_ec2lint.resources.part import Part, Resource


class MetricQuery(Part):
    """One of several metrics that an alarm computes with."""

    metric = text("metric.metric_name", "MetricStat.Metric.MetricName")
    namespace = text("metric.namespace", "MetricStat.Metric.Namespace")


class MetricAlarm(Resource):
    """An alarm on a metric, and what it does (CloudWatch User Guide, "Using alarms")."""

    terraform = ("aws_cloudwatch_metric_alarm",)
    cloudformation = ("AWS::CloudWatch::Alarm",)

    actions = texts("alarm_actions", "AlarmActions")
    actions_enabled = boolean("actions_enabled", "ActionsEnabled", implied=True)
    metric = text("metric_name", "MetricName")
    namespace = text("namespace", "Namespace")
    queries = parts(MetricQuery, "metric_query", "Metrics")
