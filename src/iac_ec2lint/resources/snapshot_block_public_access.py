"""Block public access for EBS snapshots: an account's setting for a Region."""

from iac_ec2lint.resources.field import text
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.values.value import YES, Answer


class SnapshotBlockPublicAccess(Resource):
    """The setting (EBS User Guide, "Block public access for Amazon EBS snapshots").

    It says nothing of images, which have a setting of their own.

    Attributes:
        state: ``block-all-sharing``, ``block-new-sharing`` or ``unblocked``.
    """

    terraform = ("aws_ebs_snapshot_block_public_access",)
    cloudformation = ("AWS::EC2::SnapshotBlockPublicAccess",)

    state = text("state", "State")

    def blocks_new_sharing(self) -> Answer:
        """Whether no snapshot can be made public from now on.

        CloudFormation takes only the two states that block ("AWS::EC2::SnapshotBlockPublicAccess"),
        whichever of them one is that is not known.
        """
        blocks = self.equals("state", "block-all-sharing", "block-new-sharing")
        decided = blocks.truth is not None or not self.declared.of_cloudformation
        return blocks if decided else YES
