from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict
from iac_ec2lint.api.compute import HOST_TYPES
from iac_ec2lint.api.resources import Component, ImageRecipe, NullResource, VolumeSnapshot
from iac_ec2lint.api.verdicts import public_shares


class SnapshotPublic(Check):
    r"""An EBS snapshot may be restored by every AWS account.

    ## Why it matters
    Whoever makes a volume of a snapshot reads every block of the disk that it was taken of. Only
    what is not encrypted can be public, so nothing else stands before the data. There are programs
    that copy each public snapshot as soon as it appears.

    Neither Terraform nor CloudFormation has a resource that makes a snapshot public
    (`aws_snapshot_create_volume_permission` names an account). Judged is the command
    `aws ec2 modify-snapshot-attribute` in boot scripts, components of Image Builder and
    provisioners. Where the same configuration blocks public sharing of snapshots, AWS refuses it:
    the finding is medium then.

    ## Fails
    ```hcl
    resource "aws_ebs_snapshot" "data" {
      volume_id = "vol-0123456789abcdef0"
    }
    resource "null_resource" "publish" {
      provisioner "local-exec" {
        command = <<-EOT
          aws ec2 modify-snapshot-attribute --snapshot-id ${aws_ebs_snapshot.data.id} \
            --attribute createVolumePermission --operation-type add --group-names all
        EOT
      }
    }
    ```
    ```yaml
    Resources:
      Publisher:
        Type: AWS::EC2::Instance
        Properties:
          ImageId: ami-0123456789abcdef0
          UserData: !Base64 |
            #!/bin/bash
            aws ec2 modify-snapshot-attribute --snapshot-id snap-0123456789abcdef0 \
              --attribute createVolumePermission --operation-type add --group-names all
    ```

    ## Passes
    ```diff hcl
     resource "null_resource" "publish" {
    -        --attribute createVolumePermission --operation-type add --group-names all
    +        --attribute createVolumePermission --operation-type add --user-ids 111122223333
    ```
    ```diff yaml
    -          --attribute createVolumePermission --operation-type add --group-names all
    +          --attribute createVolumePermission --operation-type remove --group-names all
    ```

    ## How to mend it
    Remove the command, and share the snapshot with named accounts only. Switch on Block Public
    Access for snapshots, and count what was on the disk as known to others.

    ## References
    - [Share an Amazon EBS snapshot](https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html)
    - [Block public access for Amazon EBS snapshots](https://docs.aws.amazon.com/ebs/latest/userguide/block-public-access-snapshots.html)
    """

    code = "IAM002"
    name = "snapshot-public"
    severity = Severity.CRITICAL
    since = "0.1.0"
    types = (*HOST_TYPES, Component, ImageRecipe, NullResource, VolumeSnapshot)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each command that makes a snapshot public, or may."""
        yield from public_shares(graph, "snapshot")
