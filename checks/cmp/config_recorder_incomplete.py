from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, require, set_to
from iac_ec2lint.api.audit import recorder_coverage
from iac_ec2lint.api.resources import (
    ConfigAggregator,
    ConfigRecorder,
    ConfigRecorderStatus,
    DeliveryChannel,
)


class ConfigRecorderIncomplete(Check):
    """AWS Config is declared but does not record EC2 resources everywhere.

    ## Why it matters
    Config rules judge what is recorded and nothing else. A recorder without the types of EC2, one
    that is never started or has nowhere to deliver, and an aggregator of some Regions leave gaps
    that look like compliance.

    ## Fails
    ```hcl
    resource "aws_config_configuration_recorder" "main" {
      role_arn = "arn:aws:iam::111122223333:role/config"

      recording_group {
        all_supported  = false
        resource_types = ["AWS::S3::Bucket"]
      }
    }
    ```
    ```yaml
    Resources:
      Recorder:
        Type: AWS::Config::ConfigurationRecorder
        Properties:
          RoleARN: arn:aws:iam::111122223333:role/config
          RecordingGroup:
            ResourceTypes: [AWS::S3::Bucket]
    ```

    ## Passes
    ```hcl
    resource "aws_config_configuration_recorder" "main" {
      role_arn = "arn:aws:iam::111122223333:role/config"
    }

    resource "aws_config_configuration_recorder_status" "main" {
      name       = aws_config_configuration_recorder.main.name
      is_enabled = true
    }

    resource "aws_config_delivery_channel" "main" {
      s3_bucket_name = "config-logs"
    }
    ```
    ```diff yaml
    -      RecordingGroup:
    -        ResourceTypes: [AWS::S3::Bucket]
    +  Channel:
    +    Type: AWS::Config::DeliveryChannel
    +    Properties:
    +      S3BucketName: config-logs
    ```

    ## How to mend it
    Record all supported types, start the recorder, and give it a delivery channel.
    In Terraform a recorder is started by `aws_config_configuration_recorder_status`; CloudFormation
    starts its recorders itself.

    ## References
    - [Recording AWS resources](https://docs.aws.amazon.com/config/latest/developerguide/select-resources.html)
    - [Managing the delivery channel](https://docs.aws.amazon.com/config/latest/developerguide/manage-delivery-channel.html)
    - [Multi-account multi-Region data aggregation](https://docs.aws.amazon.com/config/latest/developerguide/aggregate-data.html)
    """

    code = "CMP006"
    name = "config-recorder-incomplete"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (ConfigAggregator, ConfigRecorder, ConfigRecorderStatus, DeliveryChannel)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each recorder, status and aggregator that leaves something out."""
        for coverage in recorder_coverage(graph):
            recorder = coverage.recorder
            yield from require(
                coverage.complete,
                of=recorder,
                at=coverage.place,
                otherwise=f"the recorder leaves out {', '.join(coverage.left_out)}",
                perhaps="the recorder may leave out types of EC2",
            )
            if graph.unit.is_root:
                yield from require(
                    coverage.started,
                    of=recorder,
                    at=recorder,
                    otherwise="nothing starts the recorder",
                    perhaps="nothing may start the recorder",
                    value="started",
                )
                yield from require(
                    coverage.delivered,
                    of=recorder,
                    at=recorder,
                    otherwise="the recorder has no delivery channel",
                    perhaps="the recorder may have no delivery channel",
                    value="delivered",
                )
        for status in graph.all(ConfigRecorderStatus):
            yield from require(
                status.equals("is_enabled", True),
                of=status,
                at=status.place("is_enabled"),
                otherwise="the recorder is stopped",
                perhaps="the recorder may be stopped",
                fix=set_to(True),
            )
        for aggregator in graph.all(ConfigAggregator):
            for source in (*aggregator.accounts, *aggregator.organization):
                yield from require(
                    source.all_regions.is_true(),
                    of=aggregator,
                    at=source.place("all_regions"),
                    otherwise="the aggregator leaves out Regions",
                    perhaps="the aggregator may leave out Regions",
                )
