"""Mount targets: where a subnet's hosts mount a file system of Amazon EFS."""

from iac_ec2lint.resources.field import reference, references
from iac_ec2lint.resources.part import Resource


class MountTarget(Resource):
    """A mount target (Amazon EFS User Guide, "Managing mount targets").

    Its interface has a private address alone; without groups it has its VPC's default one.
    """

    terraform = ("aws_efs_mount_target",)
    cloudformation = ("AWS::EFS::MountTarget",)

    security_groups = references("security_groups", "SecurityGroups", to=("SecurityGroup",))
    subnet = reference("subnet_id", "SubnetId", to=("Subnet",))
