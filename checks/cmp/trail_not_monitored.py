"""CMP005: trail not monitored."""

from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, name_lists, require
from iac_ec2lint.api.resources import Trail


class TrailNotMonitored(Check):
    """CloudTrail events are not delivered to CloudWatch Logs for alarms.

    ## Why it matters
    Files in a bucket alarm nobody. From a log group, metric filters and alarms tell within minutes
    that a security group was opened or the trail was stopped.

    ## Fails
    ```hcl
    resource "aws_cloudtrail" "main" {
      name           = "main"
      s3_bucket_name = "trail-logs"
    }
    ```
    ```yaml
    Resources:
      Trail:
        Type: AWS::CloudTrail::Trail
        Properties:
          S3BucketName: trail-logs
          IsLogging: true
    ```

    ## Passes
    ```diff hcl
       s3_bucket_name = "trail-logs"
    +  cloud_watch_logs_group_arn = "arn:aws:logs:eu-west-1:111122223333:log-group:trail:*"
    +  cloud_watch_logs_role_arn  = "arn:aws:iam::111122223333:role/trail-to-logs"
    ```
    ```diff yaml
           IsLogging: true
    +      CloudWatchLogsLogGroupArn: arn:aws:logs:eu-west-1:111122223333:log-group:trail:*
    +      CloudWatchLogsRoleArn: arn:aws:iam::111122223333:role/trail-to-logs
    ```

    ## How to mend it
    Send the trail to a CloudWatch log group, and name the role by which it may write there.

    ## References
    - [Sending events to CloudWatch Logs](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/send-cloudtrail-events-to-cloudwatch-logs.html)
    """

    code = "CMP005"
    name = "trail-not-monitored"
    severity = Severity.LOW
    since = "0.1.0"
    types = (Trail,)
    compliance = name_lists(
        security_hub="CloudTrail.5",
        nist_800_53_r5=(
            "AC-2(4) AC-4(26) AC-6(9) AU-2 AU-3 AU-6(1) AU-6(3) AU-6(4) AU-6(5) AU-7(1) AU-10 "
            "AU-12 CA-7 SC-7(9) SI-3(8) SI-4(5) SI-4(20) SI-7(8) SI-20"
        ),
        pci_dss="4.0:10.4.1.1 4.0:11.5.2 4.0:11.6.1 4.0:12.10.5 4.0:A3.3.1 4.0:A3.5.1",
        aws_config="cloud-trail-cloud-watch-logs-enabled",
    )
    peers = name_lists(
        checkov="CKV2_AWS_10",
        trivy="AVD-AWS-0162",
        guard="CLOUD_TRAIL_CLOUD_WATCH_LOGS_ENABLED",
        regula="FG_R00029",
        prowler="cloudtrail_cloudwatch_logging_enabled",
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each trail that is, or may be, delivered to no log group."""
        for trail in graph.all(Trail):
            delivered = trail.is_set("log_group")
            yield from require(
                delivered,
                of=trail,
                at=trail.place("log_group"),
                otherwise="the events are not delivered to CloudWatch Logs",
                perhaps="the events may not be delivered to CloudWatch Logs",
            )
            yield from require(
                ~delivered | trail.is_set("log_group_role"),
                of=trail,
                at=trail.place("log_group_role"),
                otherwise="no role lets the trail write to its log group",
                perhaps="no role may let the trail write to its log group",
            )
