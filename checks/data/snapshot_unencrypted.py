from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, require
from iac_ec2lint.api.encryption import encryption_of_snapshots
from iac_ec2lint.api.resources import SnapshotCopy, SnapshotImport, VolumeSnapshot


class SnapshotUnencrypted(Check):
    """An EBS snapshot holds unencrypted data.

    ## Why it matters
    An unencrypted snapshot can be shared with any account, or with everybody, and be read there.

    A snapshot has its volume's encryption, a copy that of its source unless it is encrypted on
    the way.

    ## Fails
    ```hcl
    resource "aws_ebs_volume" "data" {
      availability_zone = "eu-west-1a"
      size              = 100
    }

    resource "aws_ebs_snapshot" "data" {
      volume_id = aws_ebs_volume.data.id
    }
    ```

    ## Passes
    ```diff hcl
       size              = 100
    +  encrypted         = true
    ```

    ## How to mend it
    Encrypt the volume, or copy the snapshot with `encrypted = true`.

    ## References
    - [Amazon EBS encryption](https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html)
    """

    code = "DATA004"
    name = "snapshot-unencrypted"
    severity = Severity.HIGH
    since = "0.1.0"
    types = (SnapshotCopy, SnapshotImport, VolumeSnapshot)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each snapshot that is, or may be, unencrypted."""
        for snapshot in encryption_of_snapshots(graph):
            yield from require(
                snapshot.encrypted,
                of=snapshot.subject,
                at=snapshot.place,
                otherwise=f"the snapshot is not encrypted: {snapshot.words}",
                perhaps=f"the snapshot may not be encrypted: {snapshot.words}",
            )
