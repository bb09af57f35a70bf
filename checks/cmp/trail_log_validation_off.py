from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, require, set_to
from iac_ec2lint.api.resources import Trail


class TrailLogValidationOff(Check):
    """CloudTrail log files can be altered without notice.

    ## Why it matters
    Whoever can write to the bucket can remove traces from a log file. With validation CloudTrail
    writes signed digests, and each file that was changed or deleted is found by comparing them.

    ## Fails
    ```hcl
    resource "aws_cloudtrail" "main" {
      name                  = "main"
      s3_bucket_name        = "trail-logs"
      is_multi_region_trail = true
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
       is_multi_region_trail = true
    +  enable_log_file_validation = true
    ```
    ```diff yaml
           IsLogging: true
    +      EnableLogFileValidation: true
    ```

    ## How to mend it
    Set `enable_log_file_validation = true` (`EnableLogFileValidation` in CloudFormation).

    ## References
    - [Validating CloudTrail log file integrity](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-intro.html)
    """

    code = "CMP003"
    name = "trail-log-validation-off"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (Trail,)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each trail whose log files are, or may be, without digests."""
        for trail in graph.all(Trail):
            yield from require(
                trail.enable_log_file_validation.is_true(),
                of=trail,
                at=trail.place("enable_log_file_validation"),
                otherwise="the log files are not validated",
                perhaps="the log files may not be validated",
                fix=set_to(True),
            )
