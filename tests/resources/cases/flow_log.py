"""Cases of the classes in ``resources/flow_log.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair, Single

CASES: list[Case] = [
    Pair(
        "aws_flow_log",
        {
            "vpc_id": ref("vpc"),
            "traffic_type": "ALL",
            "iam_role_arn": "arn:aws:iam::123456789012:role/logs",
            "log_destination": "arn:aws:logs:eu-west-1:123456789012:log-group:flows",
            "log_destination_type": "kinesis-data-firehose",
        },
        "AWS::EC2::FlowLog",
        {
            "ResourceId": ref("vpc"),
            "TrafficType": "ALL",
            "DeliverLogsPermissionArn": "arn:aws:iam::123456789012:role/logs",
            "LogDestination": "arn:aws:logs:eu-west-1:123456789012:log-group:flows",
            "LogDestinationType": "kinesis-data-firehose",
        },
    ),
    Pair(
        "aws_flow_log",
        {"subnet_id": ref("subnet"), "log_group_name": "flows"},
        "AWS::EC2::FlowLog",
        {"ResourceId": ref("subnet"), "LogGroupName": "flows"},
    ),
    Single("aws_flow_log", {"eni_id": ref("eni")}, {"recorded": ("->", "eni")}),
    Single("aws_flow_log", {"transit_gateway_id": ref("tgw")}, {"recorded": ("->", "tgw")}),
    Single(
        "aws_flow_log", {"transit_gateway_attachment_id": ref("at")}, {"recorded": ("->", "at")}
    ),
]
