from collections.abc import Iterator

from iac_ec2lint.api import Check, Evidence, Graph, Severity, Unknown, Verdict, require, set_to
from iac_ec2lint.api.encryption import (
    KEY_USERS,
    KeyUse,
    aliases_perhaps_meant,
    key_uses,
    keys_meant,
)
from iac_ec2lint.api.resources import KmsKey


class EbsKmsKeyNoRotation(Check):
    """The customer managed key that protects EBS data is never rotated.

    ## Why it matters
    All that was ever encrypted depends on one piece of key material, and whoever once had that
    reads all of it for ever. With rotation KMS makes new material each year and keeps the old for
    what it encrypted: nothing has to be encrypted again, and no id changes.

    ## Fails
    ```hcl
    resource "aws_kms_key" "data" {
      description = "data volumes"
    }

    resource "aws_ebs_volume" "data" {
      availability_zone = "eu-west-1a"
      size              = 100
      encrypted         = true
      kms_key_id        = aws_kms_key.data.arn
    }
    ```

    ```yaml
    Resources:
      Key:
        Type: AWS::KMS::Key
        Properties:
          KeyPolicy:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Principal: {AWS: "arn:aws:iam::111122223333:root"}
                Action: "kms:*"
                Resource: "*"
      Data:
        Type: AWS::EC2::Volume
        Properties:
          AvailabilityZone: eu-west-1a
          Size: 100
          Encrypted: true
          KmsKeyId: !GetAtt Key.Arn
    ```

    ## Passes
    ```diff hcl
       description = "data volumes"
    +  enable_key_rotation = true
    ```

    ```diff yaml
       Key:
         Properties:
    +      EnableKeyRotation: true
    ```

    ## How to mend it
    Set `enable_key_rotation = true` (`EnableKeyRotation`) on the key.

    ## References
    - [Rotate AWS KMS keys](https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html)
    """

    code = "DATA016"
    name = "ebs-kms-key-no-rotation"
    severity = Severity.LOW
    since = "0.1.0"
    types = (KmsKey, *KEY_USERS)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each key of EBS data that is not rotated, and may be so elsewhere."""
        uses: dict[KmsKey, KeyUse] = {}
        for use in key_uses(graph):
            if use.key is None or use.encrypted.truth is False:
                continue
            keys = keys_meant(graph, use.key)
            for key in keys:
                uses.setdefault(key, use)
            perhaps = aliases_perhaps_meant(graph, use.key.text or "")
            unknown = isinstance(use.key, Unknown) and use.own.truth is not False
            if not keys and (unknown or perhaps):
                yield Verdict(
                    subject=use.subject,
                    at=use.place,
                    message=f"whether the key of {use.words} is rotated is not known",
                    undecided=True,
                    causes=(use.key,) if isinstance(use.key, Unknown) else tuple(perhaps.values()),
                )
        for key, use in sorted(uses.items(), key=lambda item: item[0].address):
            yield from require(
                ~key.rotates_itself | key.rotation.is_true(),
                of=key,
                at=key.place("rotation"),
                otherwise=f"the key of {use.subject.address} is never rotated",
                perhaps=f"the key of {use.subject.address} may never be rotated",
                evidence=(Evidence(use.place.span, "it encrypts EBS data", use.subject.address),),
                fix=set_to(True),
            )
