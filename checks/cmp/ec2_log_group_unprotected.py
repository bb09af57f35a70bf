from collections.abc import Iterator

from iac_ec2lint.api import (
    NO,
    Answer,
    Check,
    Evidence,
    Graph,
    Severity,
    Verdict,
    parameter,
    require,
)
from iac_ec2lint.api.audit import LogDestination, log_destinations
from iac_ec2lint.api.resources import ClientVpnEndpoint, FlowLog, LogGroup, SsmDocument, Trail


class Ec2LogGroupUnprotected(Check):
    """A log group that holds flow logs, session logs or trail events is unencrypted or has no retention period.

    ## Why it matters
    Flow logs, session logs and the events of a trail say who reached what. An incident is often
    found months later, when logs that are kept for weeks are gone; and without a key of your own,
    whoever may read the log group reads them.

    ## Fails
    ```hcl
    resource "aws_cloudwatch_log_group" "flow" {
      name = "flow"
    }

    resource "aws_flow_log" "main" {
      vpc_id          = "vpc-0123456789abcdef0"
      traffic_type    = "ALL"
      iam_role_arn    = "arn:aws:iam::111122223333:role/flow"
      log_destination = aws_cloudwatch_log_group.flow.arn
    }
    ```
    ```yaml
    Resources:
      Logs:
        Type: AWS::Logs::LogGroup
      Flow:
        Type: AWS::EC2::FlowLog
        Properties:
          ResourceId: vpc-0123456789abcdef0
          ResourceType: VPC
          TrafficType: ALL
          DeliverLogsPermissionArn: arn:aws:iam::111122223333:role/flow
          LogGroupName: !Ref Logs
    ```

    ## Passes
    ```diff hcl
       name = "flow"
    +  retention_in_days = 365
    +  kms_key_id        = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    ```
    ```diff yaml
         Type: AWS::Logs::LogGroup
    +    Properties:
    +      RetentionInDays: 365
    +      KmsKeyId: arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab
    ```

    ## How to mend it
    Give the log group a KMS key and a retention period of a year or more.

    ## References
    - [Encrypt log data in CloudWatch Logs using AWS KMS](https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html)
    - [Change log data retention in CloudWatch Logs](https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html)
    """  # noqa: E501 - the summary is one line

    code = "CMP015"
    name = "ec2-log-group-unprotected"
    severity = Severity.LOW
    since = "0.1.0"
    types = (ClientVpnEndpoint, FlowLog, LogGroup, SsmDocument, Trail)
    default = False
    min_days = parameter.integer(
        default=365, minimum=1, maximum=3653, help="How many days events are to be kept."
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each log group that is not encrypted, or keeps its events too short."""
        for logged in log_destinations(graph):
            if logged.group is None:
                yield Verdict(
                    subject=logged.source,
                    at=logged.place,
                    message="the log group may be unprotected",
                    undecided=True,
                    causes=logged.causes,
                )
            else:
                yield from self._protected(logged, logged.group)

    def _protected(self, logged: LogDestination, group: LogGroup) -> Iterator[Verdict]:
        source = logged.source
        hop = Evidence(source.span, f"{source.address} records {logged.what} there", source.address)
        other = Answer(None, logged.causes) if logged.causes else NO
        days = group.retention_in_days
        kept = NO if days is None else days.test(self._is_long_enough)
        said = "no retention period is set"
        if days is not None and days.number:
            said = f"they are kept for {days.number} days, less than {self.min_days}"
        yield from require(
            group.is_set("kms_key") | other,
            of=group,
            at=group.place("kms_key"),
            otherwise=f"the {logged.what} are not encrypted with a KMS key",
            perhaps=f"the {logged.what} may not be encrypted with a KMS key",
            evidence=(hop,),
        )
        yield from require(
            kept | other,
            of=group,
            at=group.place("retention_in_days"),
            otherwise=f"the {logged.what}: {said}",
            perhaps=f"the {logged.what} may be kept for less than {self.min_days} days",
            evidence=(hop,),
        )

    def _is_long_enough(self, days: object) -> bool:
        return isinstance(days, int) and not isinstance(days, bool) and days >= self.min_days
