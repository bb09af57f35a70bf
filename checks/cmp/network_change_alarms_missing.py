from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, all_of
from iac_ec2lint.api.audit import change_alarms
from iac_ec2lint.api.resources import EventRule, MetricAlarm, MetricFilter, Trail


class NetworkChangeAlarmsMissing(Check):
    """Changes to security groups, network ACLs, gateways, route tables or VPCs raise no alarm.

    ## Why it matters
    Whoever opens a security group or attaches a gateway changes who reaches the instances behind
    it. The trail records it, and nobody looks until an alarm asks them to.

    ## Fails
    ```hcl
    resource "aws_cloudwatch_log_group" "trail" {
      name = "trail"
    }

    resource "aws_cloudtrail" "main" {
      name                       = "main"
      s3_bucket_name             = "trail-logs"
      cloud_watch_logs_group_arn = "${aws_cloudwatch_log_group.trail.arn}:*"
      cloud_watch_logs_role_arn  = "arn:aws:iam::111122223333:role/trail-to-logs"
    }
    ```
    ```yaml
    Resources:
      Logs:
        Type: AWS::Logs::LogGroup
      Trail:
        Type: AWS::CloudTrail::Trail
        Properties:
          S3BucketName: trail-logs
          IsLogging: true
          CloudWatchLogsLogGroupArn: !GetAtt Logs.Arn
          CloudWatchLogsRoleArn: arn:aws:iam::111122223333:role/trail-to-logs
    ```

    ## Passes
    ```diff hcl
       cloud_watch_logs_role_arn  = "arn:aws:iam::111122223333:role/trail-to-logs"
     }
    +resource "aws_cloudwatch_log_metric_filter" "network" {
    +  name           = "network"
    +  log_group_name = aws_cloudwatch_log_group.trail.name
    +  pattern        = <<-PATTERN
    +    { ($.eventName = *SecurityGroup*) || ($.eventName = *NetworkAcl*) ||
    +      ($.eventName = *Gateway) || ($.eventName = *Route*) || ($.eventName = *Vpc*) }
    +  PATTERN
    +
    +  metric_transformation {
    +    name      = "NetworkChanges"
    +    namespace = "Audit"
    +    value     = "1"
    +  }
    +}
    +resource "aws_cloudwatch_metric_alarm" "network" {
    +  alarm_name          = "network"
    +  comparison_operator = "GreaterThanOrEqualToThreshold"
    +  evaluation_periods  = 1
    +  metric_name         = "NetworkChanges"
    +  namespace           = "Audit"
    +  alarm_actions       = ["arn:aws:sns:eu-west-1:111122223333:alarms"]
    +}
    ```
    ```diff yaml
           CloudWatchLogsRoleArn: arn:aws:iam::111122223333:role/trail-to-logs
    +  Filter:
    +    Type: AWS::Logs::MetricFilter
    +    Properties:
    +      LogGroupName: !Ref Logs
    +      FilterPattern: >-
    +        { ($.eventName = *SecurityGroup*) || ($.eventName = *NetworkAcl*) ||
    +        ($.eventName = *Gateway) || ($.eventName = *Route*) || ($.eventName = *Vpc*) }
    +      MetricTransformations:
    +        - MetricName: NetworkChanges
    +          MetricNamespace: Audit
    +          MetricValue: "1"
    +  Alarm:
    +    Type: AWS::CloudWatch::Alarm
    +    Properties:
    +      MetricName: NetworkChanges
    +      Namespace: Audit
    +      ComparisonOperator: GreaterThanOrEqualToThreshold
    +      EvaluationPeriods: 1
    +      AlarmActions: [arn:aws:sns:eu-west-1:111122223333:alarms]
    ```

    ## How to mend it
    Add a metric filter and an alarm with an action for each kind of change.
    A rule of EventBridge with a target, for `AWS API Call via CloudTrail`, does as well.

    ## References
    - [Creating CloudWatch alarms for CloudTrail events](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudwatch-alarms-for-cloudtrail.html)
    - [CloudWatch controls of Security Hub](https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html)
    """

    code = "CMP011"
    name = "network-change-alarms-missing"
    severity = Severity.INFO
    since = "0.1.0"
    types = (EventRule, MetricAlarm, MetricFilter, Trail)
    supplied_by = (EventRule, MetricFilter)
    default = False

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each trail with a log group in which changes raise no alarm."""
        for found in change_alarms(graph):
            silent = [what for what, raised in found.alarmed.items() if raised.truth is False]
            open_ = [what for what, raised in found.alarmed.items() if raised.truth is None]
            if silent:
                words = f"changes of {', '.join(silent)} raise no alarm"
            elif open_:
                words = f"changes of {', '.join(open_)} may raise no alarm"
            else:
                continue
            safe = all_of(found.alarmed.values())
            yield Verdict(
                subject=found.trail,
                at=found.trail.place("log_group"),
                message=words,
                undecided=not silent,
                causes=() if silent else safe.causes,
                assumptions=safe.assumptions,
                value=", ".join(silent or open_),
            )
