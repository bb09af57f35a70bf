from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, require
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
