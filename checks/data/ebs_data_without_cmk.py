from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, require
from iac_ec2lint.api.encryption import KEY_USERS, key_uses


class EbsDataWithoutCmk(Check):
    """Encrypted EBS data uses AWS's own key rather than one of the customer's.

    ## Why it matters
    The policy of AWS's key cannot be changed: every principal that may use EBS in the account may
    use it, nobody can be kept out of it, and what it encrypts cannot be shared with another
    account. A key of one's own says who decrypts, logs it apart, and can be disabled when data must
    no longer be read.

    ## Fails
    ```hcl
    resource "aws_ebs_volume" "data" {
      availability_zone = "eu-west-1a"
      size              = 100
      encrypted         = true
    }
    ```

    ```yaml
    Resources:
      Data:
        Type: AWS::EC2::Volume
        Properties:
          AvailabilityZone: eu-west-1a
          Size: 100
          Encrypted: true
    ```

    ## Passes
    ```diff hcl
    +resource "aws_kms_key" "data" {
    +  description = "data volumes"
    +}
    +
       encrypted         = true
    +  kms_key_id        = aws_kms_key.data.arn
    ```

    ```diff yaml
     Resources:
    +  Key:
    +    Type: AWS::KMS::Key
    +    Properties:
    +      KeyPolicy:
    +        Version: "2012-10-17"
    +        Statement:
    +          - Effect: Allow
    +            Principal: {AWS: "arn:aws:iam::111122223333:root"}
    +            Action: "kms:*"
    +            Resource: "*"
           Encrypted: true
    +      KmsKeyId: !GetAtt Key.Arn
    ```

    ## How to mend it
    Set `kms_key_id` (`KmsKeyId`) to a customer managed key, or make one the default key.

    ## References
    - [How Amazon EBS encryption works](https://docs.aws.amazon.com/ebs/latest/userguide/how-ebs-encryption-works.html)
    - [AWS KMS keys](https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html)
    """

    code = "DATA003"
    name = "ebs-data-without-cmk"
    severity = Severity.LOW
    since = "0.1.0"
    default = False
    types = KEY_USERS

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each disk, copy and component without a key of the customer's."""
        for use in key_uses(graph):
            named = "encrypted with AWS's own key"
            yield from require(
                ~use.encrypted | use.own,
                of=use.subject,
                at=use.place,
                otherwise=f"{use.words} is {named}"
                if use.key is not None
                else f"{use.words} names no key",
                perhaps=f"{use.words} may be {named}",
            )
