"""Managed data stores: where they stand, who may connect, and on which port."""

from typing import Final

from iac_ec2lint.resources.field import boolean, number, reference, references, text
from iac_ec2lint.resources.kms_key import KEY_NAMES
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.values import YES, Answer, Unknown, Val


class SubnetGroup(Resource):
    """Subnets for a managed data store, under a name."""

    terraform = (
        "aws_dax_subnet_group",
        "aws_db_subnet_group",
        "aws_docdb_subnet_group",
        "aws_neptune_subnet_group",
        "aws_elasticache_subnet_group",
        "aws_memorydb_subnet_group",
        "aws_redshift_subnet_group",
    )
    cloudformation = (
        "AWS::DAX::SubnetGroup",
        "AWS::RDS::DBSubnetGroup",
        "AWS::DocDB::DBSubnetGroup",
        "AWS::Neptune::DBSubnetGroup",
        "AWS::ElastiCache::SubnetGroup",
        "AWS::MemoryDB::SubnetGroup",
        "AWS::Redshift::ClusterSubnetGroup",
    )
    names = ("name",)

    name = text(
        "name",
        {
            "AWS::DAX::SubnetGroup": "SubnetGroupName",
            "AWS::ElastiCache::SubnetGroup": "CacheSubnetGroupName",
            "AWS::MemoryDB::SubnetGroup": "SubnetGroupName",
            "AWS::Redshift::ClusterSubnetGroup": None,
            "": "DBSubnetGroupName",
        },
    )
    subnets = references("subnet_ids", "SubnetIds", to=("Subnet",))


class DatabaseCluster(Resource):
    """A cluster of RDS, DocumentDB or Neptune; its instances are declared on their own.

    Attributes:
        instance_class: That of the instances which a Multi-AZ cluster makes itself; others have it
            of their own (RDS API Reference, ``CreateDBCluster``).
        origin: The snapshot that it is made of, which decides whether it is encrypted.
    """

    terraform = ("aws_rds_cluster", "aws_docdb_cluster", "aws_neptune_cluster")
    cloudformation = (
        "AWS::RDS::DBCluster",
        "AWS::DocDB::DBCluster",
        "AWS::Neptune::DBCluster",
    )
    names = ("identifier",)

    engine = text(
        {"aws_rds_cluster": "engine", "": None}, {"AWS::RDS::DBCluster": "Engine", "": None}
    )
    identifier = text("cluster_identifier", "DBClusterIdentifier")
    instance_class = text(
        {"aws_rds_cluster": "db_cluster_instance_class", "": None},
        {"AWS::RDS::DBCluster": "DBClusterInstanceClass", "": None},
    )
    origin = text("snapshot_identifier", "SnapshotIdentifier")
    port = number(
        "port", {"AWS::RDS::DBCluster": "Port", "AWS::DocDB::DBCluster": "Port", "": "DBPort"}
    )
    publicly_accessible = boolean(None, {"AWS::RDS::DBCluster": "PubliclyAccessible", "": None})
    security_groups = references(
        "vpc_security_group_ids", "VpcSecurityGroupIds", to=("SecurityGroup",)
    )
    storage_encrypted = boolean("storage_encrypted", "StorageEncrypted", implied=False)
    storage_key = reference(
        {"aws_neptune_cluster": "kms_key_arn", "": "kms_key_id"}, "KmsKeyId", to=KEY_NAMES
    )
    subnet_group = reference(
        {
            "aws_neptune_cluster": "neptune_subnet_group_name",
            "": "db_subnet_group_name",
        },
        "DBSubnetGroupName",
        to=("SubnetGroup",),
    )

    @property
    def encrypted(self) -> Answer:
        """Whether its storage and its snapshots are encrypted."""
        return _encrypted(self.storage_encrypted, self.origin, self)

    @property
    def keeps_backups(self) -> Answer:
        """Whether AWS makes snapshots of it each day: of every cluster."""
        return YES


class Database(Resource):
    """An instance of RDS, DocumentDB or Neptune, alone or in a cluster.

    Attributes:
        backup_days: For how many days AWS keeps snapshots of each day.
        origin: The snapshot that it is made of, which decides whether it is encrypted.
        publicly_accessible: Whether it gets a public address. Where CloudFormation does not say,
            its subnets decide (AWS::RDS::DBInstance, PubliclyAccessible).
        security_groups: Where it stands in a cluster, those of the cluster count.
        source: What it is a read replica of, whose engine, port and subnets it has where it says
            nothing of them (RDS API Reference, ``CreateDBInstanceReadReplica``; documentation of
            ``aws_db_instance``, ``db_subnet_group_name``).
    """

    terraform = (
        "aws_db_instance",
        "aws_rds_cluster_instance",
        "aws_docdb_cluster_instance",
        "aws_neptune_cluster_instance",
    )
    cloudformation = ("AWS::RDS::DBInstance", "AWS::DocDB::DBInstance", "AWS::Neptune::DBInstance")
    names = ("identifier",)

    backup_days = number(
        {"aws_db_instance": "backup_retention_period", "": None},
        {"AWS::RDS::DBInstance": "BackupRetentionPeriod", "": None},
        implied={"AWS::RDS::DBInstance": 1, "": 0},
    )
    cluster = reference(
        {"aws_db_instance": None, "": "cluster_identifier"},
        "DBClusterIdentifier",
        to=("DatabaseCluster",),
    )
    engine = text(
        {
            "aws_docdb_cluster_instance": None,
            "aws_neptune_cluster_instance": None,
            "": "engine",
        },
        {"AWS::RDS::DBInstance": "Engine", "": None},
    )
    identifier = text("identifier", "DBInstanceIdentifier")
    origin = text(
        {"aws_db_instance": "snapshot_identifier", "": None},
        {"AWS::DocDB::DBInstance": None, "": "DBSnapshotIdentifier"},
    )
    port = number(
        {"aws_db_instance": "port", "aws_neptune_cluster_instance": "port", "": None},
        {"AWS::RDS::DBInstance": "Port", "": None},
    )
    publicly_accessible = boolean(
        {"aws_docdb_cluster_instance": None, "": "publicly_accessible"},
        {"AWS::DocDB::DBInstance": None, "": "PubliclyAccessible"},
    )
    security_groups = references(
        {"aws_db_instance": "vpc_security_group_ids", "": None},
        {"AWS::RDS::DBInstance": "VPCSecurityGroups", "": None},
        to=("SecurityGroup",),
    )
    source = reference(
        {"aws_db_instance": "replicate_source_db", "": None},
        {"AWS::RDS::DBInstance": "SourceDBInstanceIdentifier", "": None},
        to=("Database",),
    )
    storage_encrypted = boolean(
        {"aws_db_instance": "storage_encrypted", "": None},
        {"AWS::RDS::DBInstance": "StorageEncrypted", "": None},
        implied=False,
    )
    storage_key = reference(
        {"aws_db_instance": "kms_key_id", "": None},
        {"AWS::RDS::DBInstance": "KmsKeyId", "": None},
        to=KEY_NAMES,
    )
    subnet_group = reference(
        {
            "aws_docdb_cluster_instance": None,
            "aws_neptune_cluster_instance": "neptune_subnet_group_name",
            "": "db_subnet_group_name",
        },
        {"AWS::DocDB::DBInstance": None, "": "DBSubnetGroupName"},
        to=("SubnetGroup",),
    )

    @property
    def encrypted(self) -> Answer:
        """Whether its storage and its snapshots are encrypted."""
        made_of = self.source if self.origin is None else self.origin
        return _encrypted(self.storage_encrypted, made_of, self)

    @property
    def keeps_backups(self) -> Answer:
        """Whether AWS makes snapshots of it each day."""
        return ~self.backup_days.equals(0)


def _encrypted(written: Val, origin: Val | None, store: Resource) -> Answer:
    """Whether storage is encrypted; what is made of a snapshot, or a replica, is as its origin is.

    Source: RDS User Guide, "Encrypting Amazon RDS resources".
    """
    said = written.is_true()
    if origin is None or said.truth:
        return said
    words = f"whether what {store.address} is made of is encrypted is not known"
    return Answer(None, (Unknown(words, "external-id", store.span),))


class DatabaseProxy(Resource):
    """A proxy of RDS, or one more endpoint of one: it listens on its engine's port.

    None is on the internet (RDS User Guide, "Quotas and limitations for RDS Proxy").

    Attributes:
        engine: The family of engines that it speaks for; of an endpoint, its proxy's counts.
        proxy: What it is one more endpoint of.
    """

    terraform = ("aws_db_proxy", "aws_db_proxy_endpoint")
    cloudformation = ("AWS::RDS::DBProxy", "AWS::RDS::DBProxyEndpoint")
    names = ("name",)

    engine = text(
        {"aws_db_proxy": "engine_family", "": None},
        {"AWS::RDS::DBProxy": "EngineFamily", "": None},
    )
    name = text(
        {"aws_db_proxy": "name", "": "db_proxy_endpoint_name"},
        {"AWS::RDS::DBProxy": "DBProxyName", "": "DBProxyEndpointName"},
    )
    proxy = reference(
        {"aws_db_proxy": None, "": "db_proxy_name"},
        {"AWS::RDS::DBProxy": None, "": "DBProxyName"},
        to=("DatabaseProxy",),
    )
    security_groups = references(
        "vpc_security_group_ids", "VpcSecurityGroupIds", to=("SecurityGroup",)
    )
    subnets = references("vpc_subnet_ids", "VpcSubnetIds", to=("Subnet",))


class Cache(Resource):
    """A cache of ElastiCache, whichever kind, or a cluster of MemoryDB or DynamoDB Accelerator.

    None is on the internet by itself (ElastiCache User Guide, "Access patterns for accessing an
    ElastiCache cache in an Amazon VPC"; MemoryDB Developer Guide, "MemoryDB and Amazon VPC";
    DynamoDB Developer Guide, "Creating a DAX cluster"). A serverless cache names its subnets.

    Attributes:
        encryption: Whether a cluster of DAX takes connections by TLS alone: ``TLS``, else not.
    """

    terraform = (
        "aws_dax_cluster",
        "aws_elasticache_cluster",
        "aws_elasticache_replication_group",
        "aws_elasticache_serverless_cache",
        "aws_memorydb_cluster",
    )
    cloudformation = (
        "AWS::DAX::Cluster",
        "AWS::ElastiCache::CacheCluster",
        "AWS::ElastiCache::ReplicationGroup",
        "AWS::ElastiCache::ServerlessCache",
        "AWS::MemoryDB::Cluster",
    )

    encryption = text(
        {"aws_dax_cluster": "cluster_endpoint_encryption_type", "": None},
        {"AWS::DAX::Cluster": "ClusterEndpointEncryptionType", "": None},
    )
    engine = text(
        {"aws_dax_cluster": None, "": "engine"}, {"AWS::DAX::Cluster": None, "": "Engine"}
    )
    port = number(
        {"aws_dax_cluster": None, "aws_elasticache_serverless_cache": None, "": "port"},
        {"AWS::DAX::Cluster": None, "AWS::ElastiCache::ServerlessCache": None, "": "Port"},
    )
    replication_group = reference(
        {"aws_elasticache_cluster": "replication_group_id", "": None}, None, to=("Cache",)
    )
    security_groups = references(
        "security_group_ids",
        {"AWS::ElastiCache::CacheCluster": "VpcSecurityGroupIds", "": "SecurityGroupIds"},
        to=("SecurityGroup",),
    )
    subnet_group = reference(
        {"aws_elasticache_serverless_cache": None, "": "subnet_group_name"},
        {
            "AWS::DAX::Cluster": "SubnetGroupName",
            "AWS::ElastiCache::ServerlessCache": None,
            "AWS::MemoryDB::Cluster": "SubnetGroupName",
            "": "CacheSubnetGroupName",
        },
        to=("SubnetGroup",),
    )
    subnets = references(
        {"aws_elasticache_serverless_cache": "subnet_ids", "": None},
        {"AWS::ElastiCache::ServerlessCache": "SubnetIds", "": None},
        to=("Subnet",),
    )


class Warehouse(Resource):
    """A cluster of Redshift, or what names its subnets itself.

    That is a workgroup of Redshift Serverless, InfluxDB of Timestream, or an elastic cluster of
    DocumentDB, which never has a public address.

    Sources: DocumentDB Developer Guide, "Using Amazon DocumentDB elastic clusters"; Redshift
    Management Guide, "Managing clusters in a VPC"; Redshift Serverless API Reference,
    ``CreateWorkgroup``; Timestream for InfluxDB API Reference, ``CreateDbInstance``.
    """

    terraform = (
        "aws_docdbelastic_cluster",
        "aws_redshift_cluster",
        "aws_redshiftserverless_workgroup",
        "aws_timestreaminfluxdb_db_cluster",
        "aws_timestreaminfluxdb_db_instance",
    )
    cloudformation = (
        "AWS::DocDBElastic::Cluster",
        "AWS::Redshift::Cluster",
        "AWS::RedshiftServerless::Workgroup",
        "AWS::Timestream::InfluxDBCluster",
        "AWS::Timestream::InfluxDBInstance",
    )

    elastic_ip = reference(
        {"aws_redshift_cluster": "elastic_ip", "": None},
        {"AWS::Redshift::Cluster": "ElasticIp", "": None},
        to=("ElasticIp",),
    )
    port = number(
        {"aws_docdbelastic_cluster": None, "": "port"},
        {"AWS::DocDBElastic::Cluster": None, "": "Port"},
    )
    publicly_accessible = boolean(
        {"aws_docdbelastic_cluster": None, "": "publicly_accessible"},
        {"AWS::DocDBElastic::Cluster": None, "": "PubliclyAccessible"},
        implied=False,  # true by the AWS provider before version 6: see data_stores
    )
    security_groups = references(
        {"aws_redshiftserverless_workgroup": "security_group_ids", "": "vpc_security_group_ids"},
        {"AWS::RedshiftServerless::Workgroup": "SecurityGroupIds", "": "VpcSecurityGroupIds"},
        to=("SecurityGroup",),
    )
    subnet_group = reference(
        {"aws_redshift_cluster": "cluster_subnet_group_name", "": None},
        {"AWS::Redshift::Cluster": "ClusterSubnetGroupName", "": None},
        to=("SubnetGroup",),
    )
    subnets = references(
        {
            "aws_redshift_cluster": None,
            "aws_docdbelastic_cluster": "subnet_ids",
            "aws_redshiftserverless_workgroup": "subnet_ids",
            "": "vpc_subnet_ids",
        },
        {
            "AWS::Redshift::Cluster": None,
            "AWS::DocDBElastic::Cluster": "SubnetIds",
            "AWS::RedshiftServerless::Workgroup": "SubnetIds",
            "": "VpcSubnetIds",
        },
        to=("Subnet",),
    )


class SearchDomain(Resource):
    """A domain of OpenSearch or Elasticsearch; without a VPC its access policy alone guards it."""

    terraform = ("aws_opensearch_domain", "aws_elasticsearch_domain")
    cloudformation = ("AWS::OpenSearchService::Domain", "AWS::Elasticsearch::Domain")

    security_groups = references(
        "vpc_options.security_group_ids", "VPCOptions.SecurityGroupIds", to=("SecurityGroup",)
    )
    subnets = references("vpc_options.subnet_ids", "VPCOptions.SubnetIds", to=("Subnet",))


STORES: Final = (Cache, Database, DatabaseCluster, DatabaseProxy, SearchDomain, Warehouse)
"""The classes of managed data stores, and of what speaks for them, but brokers of messages."""
