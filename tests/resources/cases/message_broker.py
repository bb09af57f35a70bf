"""Cases of the classes in ``resources/message_broker.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair
from tests.resources.settings import GROUP

CASES: list[Case] = [
    Pair(
        "aws_mq_broker",
        {
            "engine_type": "ActiveMQ",
            "publicly_accessible": True,
            "security_groups": [GROUP],
            "subnet_ids": [ref("subnet")],
        },
        "AWS::AmazonMQ::Broker",
        {
            "EngineType": "ActiveMQ",
            "PubliclyAccessible": True,
            "SecurityGroups": [GROUP],
            "SubnetIds": [ref("subnet")],
        },
    ),
    Pair(
        "aws_msk_cluster",
        {
            "broker_node_group_info": [
                {
                    "client_subnets": [ref("subnet")],
                    "connectivity_info": [{"public_access": [{"type": "SERVICE_PROVIDED_EIPS"}]}],
                    "security_groups": [GROUP],
                }
            ]
        },
        "AWS::MSK::Cluster",
        {
            "BrokerNodeGroupInfo": {
                "ClientSubnets": [ref("subnet")],
                "ConnectivityInfo": {"PublicAccess": {"Type": "SERVICE_PROVIDED_EIPS"}},
                "SecurityGroups": [GROUP],
            }
        },
    ),
]
