from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, require, set_to
from iac_ec2lint.api.encryption import encrypts_by_default_in
from iac_ec2lint.api.resources import LifecyclePolicy


class DlmCopyUnencrypted(Check):
    """A Data Lifecycle Manager policy copies snapshots to another Region without encrypting them.

    ## Why it matters
    The copy of a plain snapshot stays plain, in a Region that fewer people look at, and can be
    shared from there with any account. A copy is also the one moment at which a plain snapshot can
    be encrypted without touching its volume.

    Where encryption by default is turned on here in the Region of the copy, all copies there are
    encrypted.

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
          cross_region_copy_rule {
            target    = "eu-central-1"
            encrypted = false
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
                CrossRegionCopyRules:
                  - Target: eu-central-1
                    Encrypted: false
    ```

    ## Passes
    ```diff hcl
    -        encrypted = false
    +        encrypted = true
    ```

    ```diff yaml
    -                Encrypted: false
    +                Encrypted: true
    ```

    ## How to mend it
    Set `encrypted = true` (`Encrypted`) on each copy, with a key of the target Region.

    ## References
    - [Create a custom policy for EBS snapshots](https://docs.aws.amazon.com/ebs/latest/userguide/snapshot-ami-policy.html)
    """

    code = "DATA006"
    name = "dlm-copy-unencrypted"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (LifecyclePolicy,)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each copy of a schedule, and of an event, that is not encrypted."""
        for policy in graph.all(LifecyclePolicy):
            rules = [rule for schedule in policy.schedules for rule in schedule.copy_rules]
            for copy in [*rules, *policy.event_copies]:
                region = copy.target.text if copy.target is not None else None
                where = f" in {region}" if region else ""
                yield from require(
                    copy.encrypted.is_true() | encrypts_by_default_in(graph, copy.target),
                    of=policy,
                    at=copy.place("encrypted"),
                    otherwise=f"the copy{where} of a plain snapshot is plain: it is not encrypted",
                    perhaps=f"the copy{where} may not be encrypted",
                    fix=set_to(True),
                )
