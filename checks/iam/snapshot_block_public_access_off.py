from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, parameter, require, set_to
from iac_ec2lint.api.compute import omits
from iac_ec2lint.api.resources import SnapshotBlockPublicAccess


class SnapshotBlockPublicAccessOff(Check):
    """Block Public Access for EBS snapshots is declared and left off or partial.

    ## Why it matters
    With it on, no snapshot of the Region can be made public, whoever tries and by whatever mistake;
    `block-all-sharing` also closes those that are public already. A public snapshot is a copy of a
    disk, not encrypted, for everyone.

    CloudFormation takes only the two states that block; there is nothing to find there unless
    `strict` asks for `block-all-sharing`, or `require` for the setting.

    ## Fails
    ```hcl
    resource "aws_ebs_snapshot_block_public_access" "region" {
      state = "unblocked"
    }
    ```

    ```yaml
    # set: IAM005.strict=true
    Resources:
      Region:
        Type: AWS::EC2::SnapshotBlockPublicAccess
        Properties:
          State: block-new-sharing
    ```

    ## Passes
    ```hcl
    resource "aws_ebs_snapshot_block_public_access" "region" {
      state = "block-all-sharing"
    }
    ```

    ```diff yaml
    -      State: block-new-sharing
    +      State: block-all-sharing
    ```

    ## How to mend it
    Set `state = "block-all-sharing"`.

    ## References
    - [Block public access for Amazon EBS snapshots](https://docs.aws.amazon.com/ebs/latest/userguide/block-public-access-snapshots.html)
    """

    code = "IAM005"
    name = "snapshot-block-public-access-off"
    severity = Severity.HIGH
    since = "0.1.0"
    types = (SnapshotBlockPublicAccess,)
    of_units = True

    require = parameter.boolean(
        default=False, help="Whether a root module that manages account settings must declare it."
    )
    strict = parameter.boolean(
        default=False, help="Whether what is public already must be closed as well."
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each Region's setting that lets snapshots be public."""
        for setting in graph.all(SnapshotBlockPublicAccess):
            yield from require(
                setting.equals("state", "block-all-sharing")
                if self.strict
                else setting.blocks_new_sharing(),
                of=setting,
                at=setting.place("state"),
                otherwise=_words(setting),
                perhaps="snapshots may be public: state is not known",
                fix=set_to("block-all-sharing"),
            )
        if self.require and omits(graph, SnapshotBlockPublicAccess):
            yield Verdict(
                subject=graph.unit,
                at=graph.unit,
                message="public sharing of snapshots is not declared to be blocked",
            )


def _words(setting: SnapshotBlockPublicAccess) -> str:
    if setting.equals("state", "block-new-sharing").truth:
        return "snapshots that are public stay so: state is block-new-sharing"
    return "snapshots may be made public: state is unblocked"
