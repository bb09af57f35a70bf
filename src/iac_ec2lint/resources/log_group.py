"""CloudWatch Logs: log groups and metric filters."""

from iac_ec2lint.resources.field import number, parts, reference, text
from iac_ec2lint.resources.part import Part, Resource


class LogGroup(Resource):
    """A log group; without a retention period it keeps its events for ever."""

    terraform = ("aws_cloudwatch_log_group",)
    cloudformation = ("AWS::Logs::LogGroup",)
    names = ("name",)

    kms_key = reference("kms_key_id", "KmsKeyId")
    name = text("name", "LogGroupName")
    retention_in_days = number("retention_in_days", "RetentionInDays")


class MetricTransformation(Part):
    """The metric that a filter counts into."""

    metric = text("name", "MetricName")
    namespace = text("namespace", "MetricNamespace")


class MetricFilter(Resource):
    """What of a log group is counted (CloudWatch Logs User Guide, "Filter and pattern syntax")."""

    terraform = ("aws_cloudwatch_log_metric_filter",)
    cloudformation = ("AWS::Logs::MetricFilter",)

    log_group = reference("log_group_name", "LogGroupName", to=("LogGroup",))
    pattern = text("pattern", "FilterPattern")
    transformations = parts(MetricTransformation, "metric_transformation", "MetricTransformations")
