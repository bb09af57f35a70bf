"""Cases of the classes in ``resources/message_broker.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair
from tests.resources.settings import GROUP

AUTHORITY = "arn:aws:acm-pca:eu-west-1:111122223333:certificate-authority/1"

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
            "client_authentication": [
                {
                    "sasl": [{"iam": True, "scram": False}],
                    "tls": [{"certificate_authority_arns": [AUTHORITY]}],
                    "unauthenticated": False,
                }
            ],
            "encryption_info": [{"encryption_in_transit": [{"client_broker": "TLS_PLAINTEXT"}]}],
            "broker_node_group_info": [
                {
                    "client_subnets": [ref("subnet")],
                    "connectivity_info": [{"public_access": [{"type": "SERVICE_PROVIDED_EIPS"}]}],
                    "security_groups": [GROUP],
                }
            ],
        },
        "AWS::MSK::Cluster",
        {
            "ClientAuthentication": {
                "Sasl": {"Iam": {"Enabled": True}, "Scram": {"Enabled": False}},
                "Tls": {"CertificateAuthorityArnList": [AUTHORITY]},
                "Unauthenticated": {"Enabled": False},
            },
            "EncryptionInfo": {"EncryptionInTransit": {"ClientBroker": "TLS_PLAINTEXT"}},
            "BrokerNodeGroupInfo": {
                "ClientSubnets": [ref("subnet")],
                "ConnectivityInfo": {"PublicAccess": {"Type": "SERVICE_PROVIDED_EIPS"}},
                "SecurityGroups": [GROUP],
            },
        },
    ),
    Pair(
        "aws_msk_serverless_cluster",
        {
            "client_authentication": [{"sasl": [{"iam": [{"enabled": True}]}]}],
            "vpc_config": [
                {"security_group_ids": [GROUP], "subnet_ids": [ref("subnet")]},
                {"security_group_ids": [GROUP], "subnet_ids": [ref("subnet")]},
            ],
        },
        "AWS::MSK::ServerlessCluster",
        {
            "ClientAuthentication": {"Sasl": {"Iam": {"Enabled": True}}},
            "VpcConfigs": [
                {"SecurityGroups": [GROUP], "SubnetIds": [ref("subnet")]},
                {"SecurityGroups": [GROUP], "SubnetIds": [ref("subnet")]},
            ],
        },
    ),
]
