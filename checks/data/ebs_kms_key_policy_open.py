from collections.abc import Iterator

from iac_ec2lint.api import Check, Evidence, Graph, Severity, Verdict, parameter, require
from iac_ec2lint.api.policies import open_keys
from iac_ec2lint.api.resources import KmsKey, KmsKeyPolicy


class EbsKmsKeyPolicyOpen(Check):
    """The key that protects EBS data may be used by any principal, or given away by an account.

    ## Why it matters
    The policy of a key is what stands between a copy of a disk and its contents. With `*` in it,
    and no condition that says who, every AWS account may decrypt. `kms:ViaService` says by way of
    what, and keeps nobody out. An account that may make grants without `kms:GrantIsForAWSResource`
    can hand the key on to whomever it likes.

    Judged are keys that a volume, a block device, an image, a snapshot or the account's default
    refers to, with a policy of their own; without one, and with `kms:*` for the root of the
    account, AWS's default, the account's own policies decide. An account is foreign where it is
    none of the provider's `allowed_account_ids`, nor in `trusted_accounts`; without either, where
    it is not the one that has all of the key (`kms:*` for its root), and undecided where none has.

    ## Fails
    ```hcl
    resource "aws_kms_key" "disks" {
      policy = jsonencode({
        Statement = [{
          Effect    = "Allow"
          Action    = "kms:*"
          Principal = { AWS = "*" }
          Resource  = "*"
        }]
      })
    }
    resource "aws_ebs_volume" "data" {
      availability_zone = "eu-west-1a"
      size              = 100
      encrypted         = true
      kms_key_id        = aws_kms_key.disks.arn
    }
    ```
    ```yaml
    Resources:
      Disks:
        Type: AWS::KMS::Key
        Properties:
          KeyPolicy:
            Statement:
              - Effect: Allow
                Action: "kms:*"
                Principal: {AWS: "*"}
                Resource: "*"
      Data:
        Type: AWS::EC2::Volume
        Properties:
          AvailabilityZone: eu-west-1a
          Size: 100
          Encrypted: true
          KmsKeyId: !GetAtt Disks.Arn
    ```

    ## Passes
    ```diff hcl
     resource "aws_kms_key" "disks" {
    -      Principal = { AWS = "*" }
    +      Principal = { AWS = "arn:aws:iam::123456789012:root" }
    ```
    ```diff yaml
       Disks:
    -            Principal: {AWS: "*"}
    +            Principal: {AWS: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}
    ```

    ## How to mend it
    Name the principals in the key's policy, and limit grants by `kms:GrantIsForAWSResource`.

    ## References
    - [Share the KMS key that is used to encrypt a shared EBS snapshot](https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html)
    - [Default key policy](https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html)
    - [AWS KMS condition keys](https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html)
    """

    code = "DATA017"
    name = "ebs-kms-key-policy-open"
    severity = Severity.HIGH
    trusted_accounts = parameter.TRUSTED_ACCOUNTS
    since = "0.1.0"
    types = (KmsKey, KmsKeyPolicy)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each statement that lets strangers use the key, or make grants for it."""
        for found in open_keys(graph, self.trusted_accounts):
            used = found.used_by[0]
            what = f"{found.who} {found.what}"
            yield from require(
                ~found.answer,
                of=found.key,
                resource=found.declaring,
                at=found.declaring.place("policy")._replace(span=found.statement.span),
                otherwise=f"the policy of {found.key.address} lets {what}",
                perhaps=f"the policy of {found.key.address} may let {what}",
                severity=None if found.public else Severity.MEDIUM,
                evidence=(
                    Evidence(used.span, f"{used.address} is encrypted with it", used.address),
                ),
                value=found.who,
            )
