from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, require
from iac_ec2lint.api.resources import (
    BackupPlan,
    DistributionConfiguration,
    InstanceImage,
    LifecyclePolicy,
)
from iac_ec2lint.api.upkeep import kept_copies


class NoCrossRegionCopy(Check):
    """Snapshots, backups or images are kept in one Region only.

    ## Why it matters
    What is kept where it was made is lost, or out of reach, with its Region, and a mistake with a
    key or a policy there reaches all of it. A copy in a second Region is what a recovery starts
    from.

    ## Fails
    ```hcl
    resource "aws_dlm_lifecycle_policy" "daily" {
      description        = "daily snapshots"
      execution_role_arn = "arn:aws:iam::111122223333:role/dlm"
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

    ```yaml
    Resources:
      Daily:
        Type: AWS::DLM::LifecyclePolicy
        Properties:
          Description: daily snapshots
          ExecutionRoleArn: arn:aws:iam::111122223333:role/dlm
          State: ENABLED
          PolicyDetails:
            ResourceTypes: [VOLUME]
            TargetTags:
              - Key: Snapshots
                Value: daily
            Schedules:
              - Name: daily
                CreateRule:
                  Interval: 24
                  IntervalUnit: HOURS
                RetainRule:
                  Count: 14
    ```

    ## Passes
    ```diff hcl
             count = 14
           }
    +      cross_region_copy_rule {
    +        target    = "eu-central-1"
    +        encrypted = true
    +      }
    ```

    ```diff yaml
                   Count: 14
    +            CrossRegionCopyRules:
    +              - Target: eu-central-1
    +                Encrypted: true
    ```

    ## How to mend it
    Add an encrypted copy in a second Region to the schedule, the rule or the image.

    ## References
    - [Automate cross-Region snapshot copies](https://docs.aws.amazon.com/ebs/latest/userguide/snapshot-ami-policy.html)
    - [Creating backup copies across Regions](https://docs.aws.amazon.com/aws-backup/latest/devguide/cross-region-backup.html)
    """

    code = "RES007"
    name = "no-cross-region-copy"
    severity = Severity.LOW
    since = "0.1.0"
    default = False
    types = (BackupPlan, DistributionConfiguration, InstanceImage, LifecyclePolicy)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each schedule, rule and image without a copy in another Region."""
        for kept in kept_copies(graph):
            yield from require(
                kept.copied,
                of=kept.resource,
                at=kept.place,
                otherwise=f"{kept.words} is kept in one Region only",
                perhaps=f"{kept.words} may be kept in one Region only",
            )
