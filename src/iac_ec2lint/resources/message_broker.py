"""Brokers of messages that clients connect to: Amazon MQ, and Kafka by Amazon MSK."""

from iac_ec2lint.resources.field import boolean, references, text, texts
from iac_ec2lint.resources.service_interfaces import ServiceInterfaces
from iac_ec2lint.values import Answer, Val

_NODES = "broker_node_group_info"
_SIGN_IN = "client_authentication"
_STACK_NODES = "BrokerNodeGroupInfo"
_STACK_SIGN_IN = "ClientAuthentication"


class MessageBroker(ServiceInterfaces):
    """A broker of Amazon MQ, or a cluster of MSK: each of its subnets has a broker.

    Sources: Amazon MQ API Reference, "Brokers"; Amazon MSK Developer Guide, "Turn on public access
    to an MSK Provisioned cluster"; Amazon MSK API Reference, "Clusters".
    """

    terraform = ("aws_mq_broker", "aws_msk_cluster", "aws_msk_serverless_cluster")
    cloudformation = ("AWS::AmazonMQ::Broker", "AWS::MSK::Cluster", "AWS::MSK::ServerlessCluster")

    certificate_authorities = texts(
        {"aws_msk_cluster": f"{_SIGN_IN}.tls.certificate_authority_arns", "": None},
        {"AWS::MSK::Cluster": f"{_STACK_SIGN_IN}.Tls.CertificateAuthorityArnList", "": None},
    )
    client_broker = text(
        {"aws_msk_cluster": "encryption_info.encryption_in_transit.client_broker", "": None},
        {"AWS::MSK::Cluster": "EncryptionInfo.EncryptionInTransit.ClientBroker", "": None},
        implied="TLS",
    )
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
        {
            "aws_mq_broker": "security_groups",
            "aws_msk_serverless_cluster": "vpc_config.security_group_ids",
            "": f"{_NODES}.security_groups",
        },
        {
            "AWS::AmazonMQ::Broker": "SecurityGroups",
            "AWS::MSK::ServerlessCluster": "VpcConfigs.SecurityGroups",
            "": f"{_STACK_NODES}.SecurityGroups",
        },
        to=("SecurityGroup",),
    )
    signs_in_by_iam = boolean(
        {
            "aws_msk_cluster": f"{_SIGN_IN}.sasl.iam",
            "aws_msk_serverless_cluster": f"{_SIGN_IN}.sasl.iam.enabled",
            "": None,
        },
        {"AWS::AmazonMQ::Broker": None, "": f"{_STACK_SIGN_IN}.Sasl.Iam.Enabled"},
        implied=False,
    )
    signs_in_by_scram = boolean(
        {"aws_msk_cluster": f"{_SIGN_IN}.sasl.scram", "": None},
        {"AWS::MSK::Cluster": f"{_STACK_SIGN_IN}.Sasl.Scram.Enabled", "": None},
        implied=False,
    )
    subnets = references(
        {
            "aws_mq_broker": "subnet_ids",
            "aws_msk_serverless_cluster": "vpc_config.subnet_ids",
            "": f"{_NODES}.client_subnets",
        },
        {
            "AWS::AmazonMQ::Broker": "SubnetIds",
            "AWS::MSK::ServerlessCluster": "VpcConfigs.SubnetIds",
            "": f"{_STACK_NODES}.ClientSubnets",
        },
        to=("Subnet",),
    )
    unauthenticated = boolean(
        {"aws_msk_cluster": f"{_SIGN_IN}.unauthenticated", "": None},
        {"AWS::MSK::Cluster": f"{_STACK_SIGN_IN}.Unauthenticated.Enabled", "": None},
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

    def kafka_listens(self, *, public: bool) -> dict[str, Answer]:
        """How clients of a cluster of MSK may connect: ``plaintext``, ``tls``, ``scram``, ``iam``.

        Who does not sign in is let in where no other way to sign in is on, or where it is said; but
        never by its public addresses.
        """
        iam, scram = self.signs_in_by_iam.is_true(), self.signs_in_by_scram.is_true()
        mutual = self.is_set("certificate_authorities")
        if public:
            return {"iam": iam, "scram": scram, "tls": mutual}
        said = self.unauthenticated
        anybody = ~(iam | scram | mutual) if said is None else said.is_true()
        encrypted = self.client_broker.equals("TLS", "TLS_PLAINTEXT")
        return {
            "iam": iam,
            "plaintext": anybody & self.client_broker.equals("PLAINTEXT", "TLS_PLAINTEXT"),
            "scram": scram,
            "tls": encrypted & (anybody | mutual),
        }
