"""Managed data stores: on which port they listen, and whether they have a public address."""

from __future__ import annotations

import pytest
from tests.graph.declarations import Plain, declare, graph_of, ref, tf

from iac_ec2lint.network.entry.data_stores import data_stores


@pytest.mark.parametrize(
    ("kind", "engine", "port"),
    [("docdb", "docdb", 27017), ("docdb", None, 27017), ("neptune", "neptune", 8182)],
)
def test_the_type_of_an_instance_says_the_engine(kind: str, engine: str | None, port: int) -> None:
    body: dict[str, Plain] = {} if engine is None else {"engine": engine}
    (store,) = data_stores(graph_of(tf(f"aws_{kind}_cluster_instance.a", body)))
    assert (store.ports, store.gap) == ((port,), None)


@pytest.mark.parametrize(
    ("written", "public"),
    [({"PubliclyAccessible": False}, False), ({"PubliclyAccessible": True}, True), ({}, False)],
)
def test_an_instance_of_neptune_is_public_as_written(
    written: dict[str, Plain], public: bool
) -> None:
    """Public endpoints are off by default (Neptune User Guide, "Neptune Public Endpoints")."""
    (store,) = data_stores(graph_of(declare("AWS::Neptune::DBInstance", "Graph", written)))
    assert store.public.verdict is public
    assert store.public.origin == ("explicit" if written else "default")


@pytest.mark.parametrize(
    ("body", "port", "certain"),
    [
        ({"engine_type": "ActiveMQ", "publicly_accessible": True}, 61617, True),
        ({"engine_type": "RabbitMQ", "publicly_accessible": True}, 5671, False),
        ({"engine_type": "ActiveMQ"}, 61617, True),
        ({"engine_type": "RabbitMQ"}, 5671, True),
    ],
)
def test_groups_guard_a_broker_where_it_is_no_public_one_of_rabbitmq(
    body: dict[str, Plain], port: int, certain: bool
) -> None:
    written: dict[str, Plain] = {**body, "security_groups": [ref("g")]}
    group = tf("aws_security_group.g", {})
    (store,) = data_stores(graph_of(group, tf("aws_mq_broker.a", written)))
    assert port in store.ports
    assert [one.certain for one in store.groups] == [certain]


_IAM: dict[str, Plain] = {"Sasl": {"Iam": {"Enabled": True}}}
_ALL: dict[str, Plain] = {
    "Sasl": {"Iam": {"Enabled": True}, "Scram": {"Enabled": True}},
    "Tls": {"CertificateAuthorityArnList": ["arn:aws:acm-pca:eu-west-1:111122223333:ca/1"]},
}


@pytest.mark.parametrize(
    ("access", "sign_in", "broker", "ports"),
    [
        ("DISABLED", {}, "TLS", [((9094,), True)]),
        ("DISABLED", {}, "TLS_PLAINTEXT", [((9092, 9094), True)]),
        ("DISABLED", _IAM, "TLS_PLAINTEXT", [((9098,), True)]),
        ("DISABLED", {**_IAM, "Unauthenticated": {"Enabled": True}}, "TLS", [((9094, 9098), True)]),
        ("DISABLED", _ALL, "TLS", [((9094, 9096, 9098), True)]),
        # A public cluster lets in nobody who does not sign in; how they do must be said.
        ("SERVICE_PROVIDED_EIPS", {}, "TLS", [((9094,), True), ((9194, 9196, 9198), False)]),
        ("SERVICE_PROVIDED_EIPS", _IAM, "TLS", [((9098,), True), ((9198,), True)]),
    ],
)
def test_how_clients_sign_in_says_what_a_kafka_cluster_serves(
    access: str, sign_in: Plain, broker: str, ports: list[tuple[tuple[int, ...], bool]]
) -> None:
    body: dict[str, Plain] = {
        "BrokerNodeGroupInfo": {"ConnectivityInfo": {"PublicAccess": {"Type": access}}},
        "ClientAuthentication": sign_in,
        "EncryptionInfo": {"EncryptionInTransit": {"ClientBroker": broker}},
    }
    stores = data_stores(graph_of(declare("AWS::MSK::Cluster", "Kafka", body)))
    assert [(store.ports, store.gap is None) for store in stores] == ports
