from collections.abc import Iterator
from typing import Literal

from iac_ec2lint.api import Check, Evidence, Graph, Question, Severity, Verdict, parameter
from iac_ec2lint.api.attack import PublishedDisk, published_disks, sharing_settings
from iac_ec2lint.api.resources import (
    DistributionConfiguration,
    ImageBuild,
    ImageLaunchPermission,
    Instance,
    InstanceImage,
    LifecyclePolicy,
    SnapshotPermission,
    VolumeSnapshot,
)
from iac_ec2lint.api.verdicts import can, gain_verdict


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
    resource "aws_ebs_volume" "data" {
      availability_zone = "eu-west-1a"
      size              = 100
      tags              = { DataClassification = "confidential" }
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
    resource "aws_ami_launch_permission" "appliance" {
      image_id = aws_ami.appliance.id
      group    = "all"
    }
    ```
    ```yaml
    Resources:
      Data:
        Type: AWS::EC2::Volume
        Properties:
          AvailabilityZone: eu-west-1a
          Size: 100
          Tags: [{Key: DataClassification, Value: confidential}, {Key: Backup, Value: daily}]
      Snapshots:
        Type: AWS::DLM::LifecyclePolicy
        Properties:
          Description: Daily
          State: ENABLED
          ExecutionRoleArn: arn:aws:iam::111122223333:role/dlm
          PolicyDetails:
            ResourceTypes: [VOLUME]
            TargetTags: [{Key: Backup, Value: daily}]
            Schedules:
              - Name: daily
                CreateRule: {Interval: 24, IntervalUnit: HOURS}
                RetainRule: {Count: 7}
                ShareRules: [{TargetAccounts: ["444455556666"]}]
    ```

    ## Passes
    ```diff hcl
     resource "aws_ami_launch_permission" "appliance" {
    -  group    = "all"
    +  organization_arn = data.aws_organizations_organization.own.arn
     }
    +data "aws_organizations_organization" "own" {}
    ```
    ```diff yaml
       Snapshots:
    -            ShareRules: [{TargetAccounts: ["444455556666"]}]
    +            ShareRules: [{TargetAccounts: [!Ref AWS::AccountId]}]
    ```

    ## How to mend it
    Take the permission back, and change the keys and passwords that were on the disk. Build what is
    to be shared from a clean, empty volume.

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
    asks = Question(("account",), ("copies out",), ("thing",))
    types = (
        DistributionConfiguration,
        ImageBuild,
        ImageLaunchPermission,
        Instance,
        InstanceImage,
        LifecyclePolicy,
        SnapshotPermission,
        VolumeSnapshot,
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each permission and each instance whose disk others get by it."""
        for disk in published_disks(graph, self.trusted_accounts):
            shared, answer = disk.publication, disk.answer
            yield gain_verdict(
                shared.made or shared.declaring,
                (disk.place, shared.declaring),
                f"{shared.audience.who} {can(answer)} {shared.verb} {shared.name}, {_what(disk)}",
                answer,
                hops=(disk.lets, *disk.copied, *disk.private),
                edits=_edits(graph, disk),
                value=disk.identity,
                severity=self.severity if shared.audience.account is None else Severity.MEDIUM,
            )


def _what(disk: PublishedDisk) -> str:
    """What the copy holds."""
    origin = disk.origin
    verb = "may hold" if disk.answer.truth is None else "holds"
    if origin.disk is None:
        return "and what it is made from is not declared here"
    if not origin.instances:
        return f"which {verb} the volume {origin.disk.subject.address}"
    hosts = " and ".join(host.address for host in origin.instances)
    return f"which {verb} the disk of {hosts}"


def _edits(graph: Graph, published: PublishedDisk) -> Iterator[Evidence]:
    """The cheapest changes that keep the data in, the most specific first."""
    shared, disk, made = published.publication, published.origin.disk, published.made
    public = shared.audience.account is None
    narrower = "share it with named accounts or the organisation only"
    first = narrower if public else "take the permission back"
    yield Evidence(shared.place.span, first, shared.declaring.address)
    if made is not None:
        yield Evidence(made.place.span, "make it from a clean volume", made.resource.address)
    if disk is not None and disk.encrypted.truth is not True:
        how = "what is encrypted cannot be public"
        if not public:
            how = f"a key keeps out who may not use it, as {shared.audience.who}"
        yield Evidence(disk.place.span, f"encrypt it: {how}", disk.subject.address)
    kind: Literal["image", "snapshot"] = "image" if shared.verb == "launch" else "snapshot"
    for setting in sharing_settings(graph, shared.declaring, kind) if public else ():
        yield Evidence(setting.place("state").span, "block public sharing", setting.address)
