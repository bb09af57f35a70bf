from collections.abc import Iterator

from iac_ec2lint.api import Check, Confidence, Evidence, Graph, Remark, Severity, Verdict, set_to
from iac_ec2lint.api.compute import HOST_TYPES
from iac_ec2lint.api.encryption import Encryption, encryption_of_volumes
from iac_ec2lint.api.resources import UnreadModule, Volume
from iac_ec2lint.api.verdicts import handed_to_unread_modules


class EbsVolumeUnencrypted(Check):
    """An EBS volume, standalone or created at launch, is not encrypted.

    ## Why it matters
    Snapshots of the volume, and images made of it, are unencrypted as well; whoever gets one reads
    everything, and encryption cannot be added later without a copy.

    What counts is what is in effect: the flag, the snapshot or image that the volume is made from,
    and the account's default encryption where it is declared for the same Region. A root volume
    that is not mentioned has its image's encryption, and public images are not encrypted.

    ## Fails
    ```hcl
    resource "aws_ebs_volume" "data" {
      availability_zone = "eu-west-1a"
      size              = 100
    }
    ```
    ```yaml
    Resources:
      Data:
        Type: AWS::EC2::Volume
        Properties:
          AvailabilityZone: eu-west-1a
          Size: 100
    ```

    ## Passes
    ```diff hcl
       size              = 100
    +  encrypted         = true
    ```
    ```diff yaml
           Size: 100
    +      Encrypted: true
    ```

    ## How to mend it
    Set `encrypted` (`Encrypted`) to true on the volume and on every block device.
    `aws_ebs_encryption_by_default` does so for a whole Region.

    ## References
    - [Amazon EBS encryption](https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html)
    - [Use encryption with EBS-backed AMIs](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/AMIEncryption.html)
    """

    code = "DATA001"
    name = "ebs-volume-unencrypted"
    severity = Severity.HIGH
    since = "0.1.0"
    types = (*HOST_TYPES, Volume, UnreadModule)

    def examine(self, graph: Graph) -> Iterator[Verdict | Remark]:
        """A verdict for each volume that is, or may be, unencrypted."""
        for volume in encryption_of_volumes(graph):
            if volume.encrypted.truth is True:
                if volume.overruled:
                    words = "the account encrypts by default, so saying false has no effect"
                    yield Remark("encrypted-anyway", volume.subject, volume.place, words)
                continue
            yield Verdict(
                subject=volume.subject,
                at=volume.place,
                message=_words(volume),
                undecided=volume.encrypted.truth is None,
                causes=volume.encrypted.causes,
                severity=Severity.MEDIUM if volume.implicit else None,
                confidence=Confidence.POSSIBLE if volume.confidence == "possible" else None,
                fix=None if volume.encrypted.truth is None else set_to(True),
                assumptions=volume.encrypted.assumptions,
                evidence=tuple(
                    Evidence(host.span, f"{host.address} is launched with it", host.address)
                    for host in volume.hosts
                    if host is not volume.subject
                ),
            )
        for handed in handed_to_unread_modules(graph):
            value = handed.sets("encrypted", False)
            if value is not None:
                yield handed.verdict(value, "a volume may not be encrypted: false")


def _words(volume: Encryption) -> str:
    if volume.implicit:
        return volume.words
    name = "the volume"
    if volume.device is not None and volume.device.root:
        name = "the root volume"
    elif volume.device is not None and volume.device.name is not None:
        name = f"the volume {volume.device.name}"
    verb = "may not be" if volume.encrypted.truth is None else "is not"
    return f"{name} {verb} encrypted: {volume.words}"
