"""Brokers of messages that clients connect to: Amazon MQ, and Kafka by Amazon MSK."""

from iac_ec2lint.resources.field import boolean, references, text
from iac_ec2lint.resources.service_interfaces import ServiceInterfaces
from iac_ec2lint.values import Answer, Val

_NODES = "broker_node_group_info"
_STACK_NODES = "BrokerNodeGroupInfo"


class MessageBroker(ServiceInterfaces):
    """A broker of Amazon MQ, or a cluster of MSK: each of its subnets has a broker.

    Sources: Amazon MQ API Reference, "Brokers"; Amazon MSK Developer Guide, "Turn on public access
    to an MSK Provisioned cluster".
    """

    terraform = ("aws_mq_broker", "aws_msk_cluster")
    cloudformation = ("AWS::AmazonMQ::Broker", "AWS::MSK::Cluster")

    elastic_ips = references(None, None, to=("ElasticIp",))
    engine = text(
        {"aws_mq_broker": "engine_type", "": None},
        {"AWS::AmazonMQ::Broker": "EngineType", "": None},
    )
    public_access = text(
        {"aws_msk_cluster": f"{_NODES}.connectivity_info.public_access.type", "": None},
        {"AWS::MSK::Cluster": f"{_STACK_NODES}.ConnectivityInfo.PublicAccess.Type", "": None},
        implied="DISABLED",
    )
    publicly_accessible = boolean(
        {"aws_mq_broker": "publicly_accessible", "": None},
        {"AWS::AmazonMQ::Broker": "PubliclyAccessible", "": None},
        implied=False,
    )
    security_groups = references(
        {"aws_mq_broker": "security_groups", "": f"{_NODES}.security_groups"},
        {"AWS::AmazonMQ::Broker": "SecurityGroups", "": f"{_STACK_NODES}.SecurityGroups"},
        to=("SecurityGroup",),
    )
    subnets = references(
        {"aws_mq_broker": "subnet_ids", "": f"{_NODES}.client_subnets"},
        {"AWS::AmazonMQ::Broker": "SubnetIds", "": f"{_STACK_NODES}.ClientSubnets"},
        to=("Subnet",),
    )

    @property
    def is_kafka(self) -> bool:
        """Whether it is a cluster of MSK."""
        return "msk" in self.type.lower()

    @property
    def public_flag(self) -> Val:
        """What says whether it has public addresses."""
        return self.public_access if self.is_kafka else self.publicly_accessible

    @property
    def public(self) -> Answer:
        """Whether it has public addresses."""
        if self.is_kafka:
            return self.public_access.equals("SERVICE_PROVIDED_EIPS")
        return self.publicly_accessible.is_true()
