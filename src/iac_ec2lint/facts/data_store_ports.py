"""The ports on which managed data stores listen where none is written.

Sources, 2026-11: the API references of Amazon RDS (``CreateDBInstance``, ``CreateDBCluster``),
DocumentDB, Neptune, Redshift, ElastiCache, MemoryDB and Timestream for InfluxDB, ``Port``.
"""

from __future__ import annotations

from typing import Final

ENGINE_PORTS: Final = (
    ("mysql", 3306),
    ("mariadb", 3306),
    ("aurora-postgresql", 5432),
    ("aurora", 3306),
    ("postgres", 5432),
    ("oracle", 1521),
    ("custom-oracle", 1521),
    ("sqlserver", 1433),
    ("custom-sqlserver", 1433),
    ("db2", 50000),
    ("memcached", 11211),
    ("redis", 6379),
    ("valkey", 6379),
)
"""By the beginning of an engine's name."""

_TYPE_PORTS: Final = {
    "docdb": 27017,
    "neptune": 8182,
    "redshift": 5439,
    "influxdb": 8086,
    "elasticache": 6379,
    "memorydb": 6379,
    "opensearch": 443,
    "elasticsearch": 443,
}
"""By a part of the name of a resource's type, in lower case."""


BROKER_PORTS: Final = {
    "activemq": (5671, 8162, 8883, 61614, 61617, 61619),
    "rabbitmq": (443, 5671),
}
"""The ports of Amazon MQ, by engine (Amazon MQ Developer Guide, "Endpoint" of each engine)."""

DAX_PORTS: Final = {"NONE": 8111, "TLS": 9111}
"""Those of DynamoDB Accelerator, by ``ClusterEndpointEncryptionType`` (DynamoDB Developer Guide,
"DAX encryption in transit")."""

KAFKA_PORTS: Final = {"plaintext": 9092, "tls": 9094, "scram": 9096, "iam": 9098}
"""Those of MSK, by how clients connect (MSK Developer Guide, "Port information")."""

KAFKA_PUBLIC: Final = 100
"""What is added to them for a cluster's public addresses, which serve no plaintext."""


def default_port(kind: str, engine: str | None) -> int | None:
    """The port of a data store for which none is written.

    Args:
        kind: The type of the resource (``aws_db_instance``, ``AWS::RDS::DBInstance``).
        engine: The name of its engine; ``None`` or empty where none is written.

    Returns:
        The port; ``None`` where the type has none of its own, and the engine is not known.
    """
    if engine:
        return next((p for start, p in ENGINE_PORTS if engine.lower().startswith(start)), None)
    return next((port for part, port in _TYPE_PORTS.items() if part in kind.lower()), None)
