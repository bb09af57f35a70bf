"""The port that is read of a data store for which none is written: that of its engine.

Sources: ``facts/data_store_ports.py``; for what has the port of something else, the API references
that it names (``RestoreDBInstanceFromDBSnapshot``, ``CreateDBInstanceReadReplica``,
``RestoreFromClusterSnapshot``): the default of ``Port`` is that of the source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.facts.data_store_ports import default_port
from iac_ec2lint.values import Step, Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from iac_ec2lint.source.span import Span

_DATA_STORES: Final = frozenset(
    {
        "aws_db_instance",
        "aws_docdb_cluster",
        "aws_elasticache_cluster",
        "aws_elasticache_replication_group",
        "aws_memorydb_cluster",
        "aws_neptune_cluster",
        "aws_rds_cluster",
        "aws_redshift_cluster",
        "AWS::DocDB::DBCluster",
        "AWS::ElastiCache::CacheCluster",
        "AWS::ElastiCache::ReplicationGroup",
        "AWS::ElastiCache::ServerlessCache",
        "AWS::MemoryDB::Cluster",
        "AWS::Neptune::DBCluster",
        "AWS::RDS::DBCluster",
        "AWS::RDS::DBInstance",
        "AWS::Redshift::Cluster",
    }
)
_TERRAFORM: Final = (
    "port",
    "global_cluster_identifier",
    "replicate_source_db",
    "replication_group_id",
    "replication_source_identifier",
    "snapshot_identifier",
)
_CLOUDFORMATION: Final = (
    "Port",
    "DBPort",
    "DBClusterIdentifier",
    "DBSnapshotIdentifier",
    "GlobalClusterIdentifier",
    "ReplicationSourceIdentifier",
    "SnapshotIdentifier",
    "SourceDBClusterIdentifier",
    "SourceDBInstanceIdentifier",
    "SourceDbiResourceId",
)
"""Where a port is written, and what a data store is made of, or is part of, that may have one."""


def has_own_port(kind: str) -> bool:
    """Whether a type of resource is a data store that listens on a port of its own."""
    return kind in _DATA_STORES


def own_port(kind: str, name: str, span: Span, read: Callable[[str], Val | None]) -> Value | None:
    """The port of a data store for which none is written, and that has it of nothing else.

    Args:
        kind: The type of the resource, for which ``has_own_port`` holds.
        name: What messages call it.
        span: Its header, where the port counts as written.
        read: The value of an argument or a property; ``None`` where it is not written.

    Returns:
        The port; ``None`` where it is written, or may be another.
    """
    terraform = kind.startswith("aws_")
    names = _TERRAFORM if terraform else _CLOUDFORMATION
    written = [one for one in map(read, names) if one is not None]
    if not all(one.is_null for one in written):
        return None
    engine = read("engine" if terraform else "Engine")
    if isinstance(engine, Unknown):
        return None
    port = default_port(kind, engine.text if engine is not None else None)
    if port is None:
        return None
    via = tuple(step for one in (*written, engine) if one is not None for step in one.via)
    return Value(port, span, (*via, Step(span, f"{name} listens on its engine's own port")))
