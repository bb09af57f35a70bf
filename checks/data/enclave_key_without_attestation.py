from collections.abc import Iterator

from iac_ec2lint.api import Check, Evidence, Graph, Severity, Verdict, require
from iac_ec2lint.api.policies import loose_keys
from iac_ec2lint.api.resources import (
    Instance,
    KmsGrant,
    KmsKey,
    KmsKeyPolicy,
    LaunchTemplate,
    Role,
    RolePolicy,
)


class EnclaveKeyWithoutAttestation(Check):
    """A KMS key used by a Nitro Enclave host can be used without enclave attestation.

    ## Why it matters
    What only an enclave should decrypt, its parent can decrypt as well: both have the credentials
    of the parent's role. KMS tells them apart by the attestation document alone, and only where the
    policy asks for it. Without that, whoever is root on the parent needs no enclave.

    A statement has to ask for the image or who signed it (`kms:RecipientAttestation:ImageSha384`,
    `PCR0` or `PCR8`) and for the parent (`PCR3`, its role, or `PCR4`, the instance): else any
    image, or an enclave of anybody's parent, will do. Judged are the statements of the key's policy
    that admit the role of a parent, grants for it, which cannot ask for attestation, and, where the
    policy leaves it to the account, the role's own policies: of those that name the key, or of a
    key that asks for attestation elsewhere. Keys that are declared elsewhere are undecided.

    ## Fails
    ```hcl
    resource "aws_iam_role" "parent" {
      name = "parent"
      assume_role_policy = jsonencode({
        Statement = [{
          Effect    = "Allow"
          Action    = "sts:AssumeRole"
          Principal = { Service = "ec2.amazonaws.com" }
        }]
      })
    }
    resource "aws_iam_instance_profile" "parent" {
      role = aws_iam_role.parent.name
    }
    resource "aws_instance" "parent" {
      ami                  = "ami-0123456789abcdef0"
      instance_type        = "m5.xlarge"
      iam_instance_profile = aws_iam_instance_profile.parent.name
      enclave_options {
        enabled = true
      }
    }
    resource "aws_kms_key" "secrets" {
      policy = jsonencode({
        Statement = [{
            Effect    = "Allow"
            Action    = "kms:Decrypt"
            Principal = { AWS = aws_iam_role.parent.arn }
            Resource  = "*"
        }]
      })
    }
    ```
    ```yaml
    Resources:
      Role:
        Type: AWS::IAM::Role
        Properties:
          AssumeRolePolicyDocument:
            Statement:
              - {Effect: Allow, Action: "sts:AssumeRole", Principal: {Service: ec2.amazonaws.com}}
      Profile:
        Type: AWS::IAM::InstanceProfile
        Properties:
          Roles: [!Ref Role]
      Parent:
        Type: AWS::EC2::Instance
        Properties:
          ImageId: ami-0123456789abcdef0
          InstanceType: m5.xlarge
          IamInstanceProfile: !Ref Profile
          EnclaveOptions: {Enabled: true}
      Secrets:
        Type: AWS::KMS::Key
        Properties:
          KeyPolicy:
            Statement:
              - Effect: Allow
                Action: kms:Decrypt
                Principal: {AWS: !GetAtt Role.Arn}
                Resource: "*"
    ```

    ## Passes
    ```diff hcl
     resource "aws_kms_key" "secrets" {
             Resource  = "*"
    +        Condition = {
    +          StringEqualsIgnoreCase = {
    +            "kms:RecipientAttestation:ImageSha384" = "e3b0c44298fc1c149afbf4c8996fb924"
    +            "kms:RecipientAttestation:PCR3"        = "5feceb66ffc86f38d952786c6d696c79"
    +          }
    +        }
    ```
    ```diff yaml
                 Resource: "*"
    +            Condition:
    +              StringEqualsIgnoreCase:
    +                kms:RecipientAttestation:ImageSha384: e3b0c44298fc1c149afbf4c8996fb924
    +                kms:RecipientAttestation:PCR3: 5feceb66ffc86f38d952786c6d696c79
    ```

    ## How to mend it
    Require `kms:RecipientAttestation` in the key policy; let nothing else decrypt.

    ## References
    - [Using cryptographic attestation with AWS KMS](https://docs.aws.amazon.com/enclaves/latest/user/kms.html)
    - [Condition keys for attested platforms](https://docs.aws.amazon.com/kms/latest/developerguide/conditions-attestation.html)
    - [Data protection in Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/data-protection.html)
    """

    code = "DATA018"
    name = "enclave-key-without-attestation"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (Instance, KmsGrant, KmsKey, KmsKeyPolicy, LaunchTemplate, Role, RolePolicy)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each way in which a parent's role uses a key without its enclave."""
        for found in loose_keys(graph):
            host = found.launch.host
            key = found.key.address if isinstance(found.key, KmsKey) else "a key"
            declaring, place = found.launch.place("enclave_enabled")
            whom = f"by {found.role}, of the parent of an enclave, {found.words}"
            yield from require(
                ~found.answer,
                of=found.key,
                resource=found.declaring,
                at=found.place,
                otherwise=f"{key} is usable {whom}",
                perhaps=f"{key} may be usable {whom}",
                evidence=(
                    Evidence(place.span, f"{host.address} runs enclaves", declaring.address),
                ),
                value=f"{found.role} {found.words}",
            )
