"""Flow logs of VPCs, subnets, network interfaces and transit gateways."""

from iac_ec2lint.resources.field import reference, text
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.values import Answer


class FlowLog(Resource):
    """A flow log (VPC User Guide, "Logging IP traffic using VPC Flow Logs").

    Attributes:
        destination: The ARN of a log group, a bucket or a stream.
        log_group: The name of a log group, in place of that.
        recorded: Whose traffic it records.
        role: The role by which it delivers to a log group.
    """

    terraform = ("aws_flow_log",)
    cloudformation = ("AWS::EC2::FlowLog",)

    destination = text("log_destination", "LogDestination")
    destination_type = text(
        "log_destination_type", "LogDestinationType", implied="cloud-watch-logs"
    )
    log_group = text("log_group_name", "LogGroupName")
    recorded = reference(
        ("vpc_id", "subnet_id", "eni_id", "transit_gateway_id", "transit_gateway_attachment_id"),
        "ResourceId",
        to=("Vpc", "Subnet", "NetworkInterface", "TransitGateway", "TransitGatewayAttachment"),
    )
    role = text("iam_role_arn", "DeliverLogsPermissionArn")
    traffic_type = text("traffic_type", "TrafficType")

    @property
    def delivers(self) -> Answer:
        """Whether it has all that it needs to deliver.

        That is a destination, and for a log group a role as well (EC2 API reference,
        CreateFlowLogs).
        """
        to_log_group = self.destination_type.equals("cloud-watch-logs")
        named = self.is_set("destination") | (to_log_group & self.is_set("log_group"))
        return named & (~to_log_group | self.is_set("role"))

    @property
    def records_rejected(self) -> Answer:
        """Whether it records rejected traffic."""
        return self.equals("traffic_type", "ALL", "REJECT")
