"""PATH010: an image or a snapshot that others are let at holds a private disk of the unit."""

from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, parameter
from iac_ec2lint.api.attack import published_disks
from iac_ec2lint.api.resources import (
    DistributionConfiguration,
    ImageBuild,
    Instance,
    InstanceImage,
    LifecyclePolicy,
    VolumeSnapshot,
)


class PrivateDataPublished(Check):
    """A public or widely shared image or snapshot can be traced to a volume that holds private data.

    ## Why it matters
    Whoever may launch an image, or make volumes of a snapshot, reads every block of it: data, keys,
    shell histories, files that were deleted. A public image is found within hours by those who look
    through all that are new. It was often made from a running host "for a moment".

    Images and snapshots are followed back over copies, image recipes, registered snapshots and
    images of instances to the volumes of the unit and the instances that have them. A volume holds
    private data where it is not encrypted, where the internet does not reach an instance that has
    it, where a rule of that instance's groups lets in a data store's ports and no others, or where
    it, the instance or a copy on the way has a tag such as `DataClassification`,
    `Confidentiality`, `Sensitivity` or `Compliance` with a value such as `confidential`,
    `restricted`, `internal`, `pii`, `phi` or `pci`.

    It is critical where every account is let in. What is encrypted cannot be public, and nothing is
    made public while `aws_ec2_image_block_public_access` (of snapshots
    `aws_ebs_snapshot_block_public_access`) blocks it; what an account does of itself is not counted
    on. A share with a single account is medium. Such an account is taken to be another's: list
    those that are yours, or that you trust, in `trusted_accounts`. What is encrypted with AWS's own
    key cannot be shared either; of another key nobody knows here whether the account may use it.
    Organisations, and what is read from your own account or organisation, pass. What an image or a
    snapshot is made from that is not declared here is undecided, unless it is a public image.

    ## Fails
    ```hcl
    resource "aws_instance" "db" {
      ami           = "ami-0123456789abcdef0"
      instance_type = "t3.micro"
    }
    resource "aws_ebs_volume" "data" {
      availability_zone = "eu-west-1a"
      size              = 100
      tags              = { DataClassification = "confidential" }
    }
    resource "aws_volume_attachment" "data" {
      device_name = "/dev/sdf"
      volume_id   = aws_ebs_volume.data.id
      instance_id = aws_instance.db.id
    }
    resource "aws_ebs_snapshot" "data" {
      volume_id = aws_ebs_volume.data.id
    }
    resource "aws_ami" "appliance" {
      name             = "appliance"
      root_device_name = "/dev/xvda"
      ebs_block_device {
        device_name = "/dev/xvda"
        snapshot_id = aws_ebs_snapshot.data.id
      }
    }
    resource "aws_ami_launch_permission" "everyone" {
      image_id = aws_ami.appliance.id
      group    = "all"
    }
    ```

    ## Passes
    ```hcl
    resource "aws_instance" "db" {
      ami           = "ami-0123456789abcdef0"
      instance_type = "t3.micro"
    }
    resource "aws_ebs_volume" "data" {
      availability_zone = "eu-west-1a"
      size              = 100
      tags              = { DataClassification = "confidential" }
    }
    resource "aws_volume_attachment" "data" {
      device_name = "/dev/sdf"
      volume_id   = aws_ebs_volume.data.id
      instance_id = aws_instance.db.id
    }
    resource "aws_ebs_snapshot" "data" {
      volume_id = aws_ebs_volume.data.id
    }
    resource "aws_ami" "appliance" {
      name             = "appliance"
      root_device_name = "/dev/xvda"
      ebs_block_device {
        device_name = "/dev/xvda"
        snapshot_id = aws_ebs_snapshot.data.id
      }
    }
    data "aws_organizations_organization" "own" {}
    resource "aws_ami_launch_permission" "organisation" {
      image_id         = aws_ami.appliance.id
      organization_arn = data.aws_organizations_organization.own.arn
    }
    ```

    ## How to mend it
    Take the permission back, and count what was on the disk as known to others: change its keys and
    passwords. Build what is to be shared from a clean, empty volume.

    ## References
    - [Make your AMI publicly available for use in Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharingamis-intro.html)
    - [Share an Amazon EBS snapshot](https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html)
    - [Block public access for AMIs](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/block-public-access-to-amis.html)
    """  # noqa: E501 - the summary is one line

    code = "PATH010"
    name = "private-data-published"
    severity = Severity.CRITICAL
    supersedes = ("IAM001", "IAM002", "IAM003")
    trusted_accounts = parameter.TRUSTED_ACCOUNTS
    since = "0.1.0"
    types = (
        DistributionConfiguration,
        ImageBuild,
        Instance,
        InstanceImage,
        LifecyclePolicy,
        VolumeSnapshot,
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each permission and each instance whose disk others get by it."""
        yield from published_disks(graph, self.severity, self.trusted_accounts)
