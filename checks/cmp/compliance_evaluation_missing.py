from collections.abc import Iterator

from iac_ec2lint.api import Check, Evidence, Graph, Severity, Verdict, require
from iac_ec2lint.api.audit import evaluates_ec2
from iac_ec2lint.api.resources import (
    ConfigRecorder,
    ConfigRule,
    ConformancePack,
    Detector,
    SecurityHub,
    SecurityHubOrganization,
    SecurityHubStandard,
    Trail,
)


class ComplianceEvaluationMissing(Check):
    """A configuration that manages account services sets up neither Security Hub nor Config rules for EC2.

    ## Why it matters
    A trail, a recorder and a detector collect facts and judge none of them. Without Security Hub or
    rules of AWS Config nobody is told that a volume is unencrypted or a port is open.

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
     }
    +resource "aws_securityhub_account" "main" {}
    ```
    ```diff yaml
           IsLogging: true
    +  Hub:
    +    Type: AWS::SecurityHub::Hub
    ```

    ## How to mend it
    Enable Security Hub with the AWS Foundational Security Best Practices standard.
    Rules of AWS Config about EC2, such as `ENCRYPTED_VOLUMES`, do as well.

    ## References
    - [Security standards in Security Hub](https://docs.aws.amazon.com/securityhub/latest/userguide/standards-view-manage.html)
    - [AWS Config managed rules](https://docs.aws.amazon.com/config/latest/developerguide/managed-rules-by-aws-config.html)
    - [Compliance validation for Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/compliance-validation.html)
    """  # noqa: E501 - the summary is one line

    code = "CMP010"
    name = "compliance-evaluation-missing"
    severity = Severity.INFO
    since = "0.1.0"
    types = (
        ConfigRecorder,
        ConfigRule,
        ConformancePack,
        Detector,
        SecurityHub,
        SecurityHubOrganization,
        SecurityHubStandard,
        Trail,
    )
    of_units = True
    default = False

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for a unit that collects facts of the account, and judges none about EC2."""
        watching = next(graph.all(Trail, ConfigRecorder, Detector), None)
        if watching is None or not graph.unit.is_root:
            return
        words = f"{watching.address} watches the account"
        yield from require(
            evaluates_ec2(graph),
            of=graph.unit,
            at=graph.unit,
            otherwise="neither Security Hub nor a rule of AWS Config judges resources of EC2",
            perhaps="neither Security Hub nor a rule of AWS Config may judge resources of EC2",
            evidence=(Evidence(watching.span, words, watching.address),),
        )
