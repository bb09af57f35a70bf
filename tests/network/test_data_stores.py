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
        ({"engine_type": "ActiveMQ"}, None, True),
    ],
)
def test_a_broker_is_a_store_where_it_is_public(
    body: dict[str, Plain], port: int | None, certain: bool
) -> None:
    """The groups of the user do not guard a public one of RabbitMQ."""
    written: dict[str, Plain] = {**body, "security_groups": [ref("g")]}
    group = tf("aws_security_group.g", {})
    stores = data_stores(graph_of(group, tf("aws_mq_broker.a", written)))
    assert [port in store.ports for store in stores] == ([] if port is None else [True])
    assert all(one.certain is certain for store in stores for one in store.groups)


@pytest.mark.parametrize(
    ("access", "ports"), [("SERVICE_PROVIDED_EIPS", [(9194, 9196, 9198)]), ("DISABLED", [])]
)
def test_a_kafka_cluster_is_a_store_where_it_is_public(
    access: str, ports: list[tuple[int, ...]]
) -> None:
    written: Plain = {"ConnectivityInfo": {"PublicAccess": {"Type": access}}}
    cluster = declare("AWS::MSK::Cluster", "Kafka", {"BrokerNodeGroupInfo": written})
    assert [store.ports for store in data_stores(graph_of(cluster))] == ports
