from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, require
from iac_ec2lint.api.resources import EventDataStore, Trail


class TrailNotKmsEncrypted(Check):
    """CloudTrail log files are not encrypted with a KMS key.

    ## Why it matters
    Without a key of your own, S3 encrypts log files with keys that it manages: whoever may read the
    bucket reads them. With a KMS key a reader needs the key too, and each use of it is recorded.

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
    +  kms_key_id     = "arn:aws:kms:eu-west-1:111122223333:alias/trail"
    ```
    ```diff yaml
           IsLogging: true
    +      KMSKeyId: alias/trail
    ```

    ## How to mend it
    Set `kms_key_id` (`KMSKeyId`, of a data store `KmsKeyId`) to a customer managed key.

    ## References
    - [Encrypting CloudTrail log files with AWS KMS keys](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/encrypting-cloudtrail-log-files-with-aws-kms.html)
    """

    code = "CMP004"
    name = "trail-not-kms-encrypted"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (EventDataStore, Trail)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each trail or event data store that has, or may have, no key."""
        for store in graph.all(Trail, EventDataStore):
            what = "log files" if isinstance(store, Trail) else "events"
            yield from require(
                store.is_set("kms_key"),
                of=store,
                at=store.place("kms_key"),
                otherwise=f"the {what} are not encrypted with a KMS key",
                perhaps=f"the {what} may not be encrypted with a KMS key",
            )
