from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, require
from iac_ec2lint.api.resources import (
    BackupSelection,
    Instance,
    LaunchTemplate,
    LifecyclePolicy,
    Volume,
    VolumeSnapshot,
)
from iac_ec2lint.api.upkeep import volumes_to_back_up


class EbsNoBackup(Check):
    """An EBS volume with data is covered by no backup that is declared here.

    ## Why it matters
    A volume is kept in one Availability Zone, and is gone with one wrong call. Without snapshots
    there is nothing to go back to after a deletion, a faulty release or an encryption by others.

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
    ```hcl
    resource "aws_ebs_volume" "data" {
      availability_zone = "eu-west-1a"
      size              = 100
      tags = {
        Snapshots = "daily"
      }
    }

    resource "aws_dlm_lifecycle_policy" "daily" {
      description        = "daily snapshots"
      execution_role_arn = "arn:aws:iam::111122223333:role/dlm"
      state              = "ENABLED"
      policy_details {
        resource_types = ["VOLUME"]
        target_tags = {
          Snapshots = "daily"
        }
        schedule {
          name = "daily"
          create_rule {
            interval = 24
          }
          retain_rule {
            count = 14
          }
        }
      }
    }
    ```

    ```diff yaml
           Size: 100
    +      Tags:
    +        - Key: Snapshots
    +          Value: daily
    +  Selection:
    +    Type: AWS::Backup::BackupSelection
    +    Properties:
    +      BackupPlanId: 11112222-3333-4444-5555-666677778888
    +      BackupSelection:
    +        SelectionName: daily
    +        IamRoleArn: arn:aws:iam::111122223333:role/backup
    +        ListOfTags:
    +          - ConditionType: STRINGEQUALS
    +            ConditionKey: Snapshots
    +            ConditionValue: daily
    ```

    ## How to mend it
    Tag the volume so that a Data Lifecycle Manager policy or a backup plan selects it.

    ## References
    - [Automate backups with Amazon Data Lifecycle Manager](https://docs.aws.amazon.com/ebs/latest/userguide/snapshot-lifecycle.html)
    - [Assigning resources to a backup plan](https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html)
    """

    code = "RES006"
    name = "ebs-no-backup"
    severity = Severity.LOW
    since = "0.1.0"
    types = (Instance, LaunchTemplate, Volume)
    supplied_by = (BackupSelection, LifecyclePolicy, VolumeSnapshot)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each volume that nothing here backs up."""
        for volume in volumes_to_back_up(graph):
            yield from require(
                volume.answer,
                of=volume.resource,
                at=volume.place,
                otherwise=f"no policy, plan or snapshot declared here covers {volume.words}",
                perhaps=f"{volume.words} may be covered by no backup",
            )
