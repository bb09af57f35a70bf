from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, parameter
from iac_ec2lint.api.resources import (
    DistributionConfiguration,
    ImageLaunchPermission,
    LifecyclePolicy,
    SnapshotPermission,
)
from iac_ec2lint.api.verdicts import foreign_shares


class ImageOrSnapshotSharedUntrusted(Check):
    """An image or a snapshot is shared with an account or an organization that is not trusted.

    ## Why it matters
    An account that may launch an image, or make volumes of a snapshot, copies all that is on the
    disk, and keeps the copy when the permission is taken back. Numbers of accounts look alike: one
    that was mistyped, or belongs to a vendor who left, is seen by nobody.

    List the accounts that are yours, or that you trust, in `trusted_accounts`; what is shared with
    them passes. For an organization or a unit of one, it is the account that manages it. Without a
    list, each account and organization that is named by its number is taken to be another's, to be
    looked at once. What is read from one's own account or organization passes, and an account that
    a provider of the configuration allows, or takes a role in.

    ## Fails
    ```hcl
    resource "aws_snapshot_create_volume_permission" "vendor" {
      snapshot_id = "snap-0123456789abcdef0"
      account_id  = "111122223333"
    }
    ```
    ```yaml
    Resources:
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
    ```hcl
    data "aws_organizations_organization" "own" {}
    resource "aws_ami_launch_permission" "own" {
      image_id         = "ami-0123456789abcdef0"
      organization_arn = data.aws_organizations_organization.own.arn
    }
    ```
    ```diff yaml
    -            ShareRules: [{TargetAccounts: ["444455556666"]}]
    ```

    ## How to mend it
    Share with accounts that you trust only, and list those in `trusted_accounts`.

    ## References
    - [Share an AMI with specific AWS accounts](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharingamis-explicit.html)
    - [Share an AMI with organizations and organizational units](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/share-amis-with-organizations-and-OUs.html)
    - [Share an Amazon EBS snapshot](https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html)
    """

    code = "IAM003"
    name = "image-or-snapshot-shared-untrusted"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (DistributionConfiguration, ImageLaunchPermission, LifecyclePolicy, SnapshotPermission)
    trusted_accounts = parameter.TRUSTED_ACCOUNTS

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each share with an account or an organization that is not trusted."""
        yield from foreign_shares(graph, self.trusted_accounts)
