"""CMP003: trail log validation off."""

from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, name_lists, require, set_to
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
    compliance = name_lists(
        security_hub="CloudTrail.4",
        cis_aws="3.0:3.2 4.0:3.2 5.0:3.2",
        nist_800_53_r5="AU-9 SI-4 SI-7(1) SI-7(3) SI-7(7)",
        pci_dss="4.0:10.3.2 4.0:10.3.3 4.0:10.3.4 4.0:A1.2.1",
        aws_config="cloud-trail-log-file-validation-enabled",
    )
    peers = name_lists(
        checkov="CKV_AWS_36",
        trivy="AVD-AWS-0016",
        terrascan="AC_AWS_0446",
        guard="CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED",
        regula="FG_R00027",
        prowler="cloudtrail_log_file_validation_enabled",
    )

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
