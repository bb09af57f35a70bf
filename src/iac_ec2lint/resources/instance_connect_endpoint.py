"""EC2 Instance Connect Endpoints."""

from iac_ec2lint.resources.field import boolean, reference, references
from iac_ec2lint.resources.part import Resource


class InstanceConnectEndpoint(Resource):
    """A way in for SSH and RDP that IAM guards (EC2 User Guide, "EC2 Instance Connect")."""

    terraform = ("aws_ec2_instance_connect_endpoint",)
    cloudformation = ("AWS::EC2::InstanceConnectEndpoint",)

    preserve_client_ip = boolean("preserve_client_ip", "PreserveClientIp")
    security_groups = references("security_group_ids", "SecurityGroupIds", to=("SecurityGroup",))
    subnet = reference("subnet_id", "SubnetId", to=("Subnet",))
