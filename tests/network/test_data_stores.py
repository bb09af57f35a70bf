"""Managed data stores: on which port they listen, and whether they have a public address."""

from __future__ import annotations

import pytest
from tests.graph.declarations import Plain, declare, graph_of, tf

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
    [({"PubliclyAccessible": False}, False), ({"PubliclyAccessible": True}, True), ({}, True)],
)
def test_an_instance_of_neptune_is_public_as_written(
    written: dict[str, Plain], public: bool
) -> None:
    (store,) = data_stores(graph_of(declare("AWS::Neptune::DBInstance", "Graph", written)))
    assert store.public.verdict is public
    assert store.public.origin == ("explicit" if written else "default")
