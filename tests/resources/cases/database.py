"""Cases of the classes in ``resources/database.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair, Single
from tests.resources.settings import GROUP

SEARCH_DOMAINS: list[Case] = [
    Pair(
        terraform,
        {
            "vpc_options": [{"subnet_ids": [ref("subnet")], "security_group_ids": [GROUP]}],
        },
        cloudformation,
        {"VPCOptions": {"SubnetIds": [ref("subnet")], "SecurityGroupIds": [GROUP]}},
    )
    for terraform, cloudformation in (
        ("aws_opensearch_domain", "AWS::OpenSearchService::Domain"),
        ("aws_elasticsearch_domain", "AWS::Elasticsearch::Domain"),
    )
]

CASES: list[Case] = [
    Pair(
        "aws_docdbelastic_cluster",
        {"subnet_ids": [ref("subnet")], "vpc_security_group_ids": [GROUP]},
        "AWS::DocDBElastic::Cluster",
        {"SubnetIds": [ref("subnet")], "VpcSecurityGroupIds": [GROUP]},
    ),
    Pair(
        "aws_db_subnet_group",
        {"name": "g", "subnet_ids": [ref("subnet")]},
        "AWS::RDS::DBSubnetGroup",
        {"DBSubnetGroupName": "g", "SubnetIds": [ref("subnet")]},
    ),
    Pair(
        "aws_elasticache_subnet_group",
        {"name": "g", "subnet_ids": [ref("subnet")]},
        "AWS::ElastiCache::SubnetGroup",
        {"CacheSubnetGroupName": "g", "SubnetIds": [ref("subnet")]},
    ),
    Pair(
        "aws_memorydb_subnet_group",
        {"name": "g", "subnet_ids": [ref("subnet")]},
        "AWS::MemoryDB::SubnetGroup",
        {"SubnetGroupName": "g", "SubnetIds": [ref("subnet")]},
    ),
    Pair(
        "aws_redshift_subnet_group",
        {"subnet_ids": [ref("subnet")]},
        "AWS::Redshift::ClusterSubnetGroup",
        {"SubnetIds": [ref("subnet")]},
    ),
    Pair(
        "aws_db_instance",
        {
            "backup_retention_period": 7,
            "identifier": "db",
            "engine": "postgres",
            "kms_key_id": ref("key", "arn"),
            "port": 5432,
            "publicly_accessible": True,
            "snapshot_identifier": "s",
            "storage_encrypted": True,
            "vpc_security_group_ids": [GROUP],
            "db_subnet_group_name": ref("group", "name"),
        },
        "AWS::RDS::DBInstance",
        {
            "BackupRetentionPeriod": 7,
            "DBInstanceIdentifier": "db",
            "DBSnapshotIdentifier": "s",
            "KmsKeyId": ref("key", "Arn"),
            "StorageEncrypted": True,
            "Engine": "postgres",
            "Port": "5432",
            "PubliclyAccessible": True,
            "VPCSecurityGroups": [GROUP],
            "DBSubnetGroupName": ref("group", "Ref"),
        },
    ),
    Pair(
        "aws_rds_cluster_instance",
        {
            "identifier": "db",
            "engine": "aurora-mysql",
            "cluster_identifier": ref("cluster"),
            "publicly_accessible": True,
            "db_subnet_group_name": ref("group", "name"),
        },
        "AWS::RDS::DBInstance",
        {
            "DBInstanceIdentifier": "db",
            "Engine": "aurora-mysql",
            "DBClusterIdentifier": ref("cluster", "Ref"),
            "PubliclyAccessible": True,
            "DBSubnetGroupName": ref("group", "Ref"),
        },
    ),
    Pair(
        "aws_docdb_cluster_instance",
        {"identifier": "db", "cluster_identifier": ref("cluster")},
        "AWS::DocDB::DBInstance",
        {"DBInstanceIdentifier": "db", "DBClusterIdentifier": ref("cluster", "Ref")},
    ),
    Pair(
        "aws_neptune_cluster_instance",
        {
            "identifier": "db",
            "cluster_identifier": ref("cluster"),
            "neptune_subnet_group_name": ref("group", "name"),
        },
        "AWS::Neptune::DBInstance",
        {
            "DBInstanceIdentifier": "db",
            "DBClusterIdentifier": ref("cluster", "Ref"),
            "DBSubnetGroupName": ref("group", "Ref"),
        },
    ),
    Pair(
        "aws_rds_cluster",
        {
            "cluster_identifier": "c",
            "engine": "aurora-mysql",
            "kms_key_id": ref("key", "arn"),
            "port": 3306,
            "snapshot_identifier": "s",
            "storage_encrypted": True,
            "vpc_security_group_ids": [GROUP],
            "db_subnet_group_name": ref("group", "name"),
        },
        "AWS::RDS::DBCluster",
        {
            "DBClusterIdentifier": "c",
            "Engine": "aurora-mysql",
            "KmsKeyId": ref("key", "Arn"),
            "Port": 3306,
            "SnapshotIdentifier": "s",
            "StorageEncrypted": True,
            "VpcSecurityGroupIds": [GROUP],
            "DBSubnetGroupName": ref("group", "Ref"),
        },
    ),
    Pair(
        "aws_neptune_cluster",
        {
            "port": 8182,
            "vpc_security_group_ids": [GROUP],
            "neptune_subnet_group_name": ref("group", "name"),
        },
        "AWS::Neptune::DBCluster",
        {
            "DBPort": 8182,
            "VpcSecurityGroupIds": [GROUP],
            "DBSubnetGroupName": ref("group", "Ref"),
        },
    ),
    Pair(
        "aws_elasticache_cluster",
        {
            "engine": "redis",
            "port": 6379,
            "security_group_ids": [GROUP],
            "subnet_group_name": ref("group", "name"),
        },
        "AWS::ElastiCache::CacheCluster",
        {
            "Engine": "redis",
            "Port": 6379,
            "VpcSecurityGroupIds": [GROUP],
            "CacheSubnetGroupName": ref("group", "Ref"),
        },
    ),
    Pair(
        "aws_elasticache_replication_group",
        {
            "engine": "redis",
            "port": 6379,
            "security_group_ids": [GROUP],
            "subnet_group_name": ref("group", "name"),
        },
        "AWS::ElastiCache::ReplicationGroup",
        {
            "Engine": "redis",
            "Port": 6379,
            "SecurityGroupIds": [GROUP],
            "CacheSubnetGroupName": ref("group", "Ref"),
        },
    ),
    Pair(
        "aws_dax_subnet_group",
        {"name": "g", "subnet_ids": [ref("subnet")]},
        "AWS::DAX::SubnetGroup",
        {"SubnetGroupName": "g", "SubnetIds": [ref("subnet")]},
    ),
    Pair(
        "aws_dax_cluster",
        {
            "cluster_endpoint_encryption_type": "TLS",
            "security_group_ids": [GROUP],
            "subnet_group_name": ref("group", "name"),
        },
        "AWS::DAX::Cluster",
        {
            "ClusterEndpointEncryptionType": "TLS",
            "SecurityGroupIds": [GROUP],
            "SubnetGroupName": ref("group", "Ref"),
        },
    ),
    Pair(
        "aws_db_proxy",
        {
            "name": "p",
            "engine_family": "MYSQL",
            "vpc_security_group_ids": [GROUP],
            "vpc_subnet_ids": [ref("subnet")],
        },
        "AWS::RDS::DBProxy",
        {
            "DBProxyName": "p",
            "EngineFamily": "MYSQL",
            "VpcSecurityGroupIds": [GROUP],
            "VpcSubnetIds": [ref("subnet")],
        },
    ),
    Pair(
        "aws_db_proxy_endpoint",
        {
            "db_proxy_endpoint_name": "e",
            "db_proxy_name": ref("proxy", "name"),
            "vpc_security_group_ids": [GROUP],
            "vpc_subnet_ids": [ref("subnet")],
        },
        "AWS::RDS::DBProxyEndpoint",
        {
            "DBProxyEndpointName": "e",
            "DBProxyName": ref("proxy", "Ref"),
            "VpcSecurityGroupIds": [GROUP],
            "VpcSubnetIds": [ref("subnet")],
        },
    ),
    Pair(
        "aws_memorydb_cluster",
        {
            "engine": "valkey",
            "port": 6380,
            "security_group_ids": [GROUP],
            "subnet_group_name": ref("group", "name"),
        },
        "AWS::MemoryDB::Cluster",
        {
            "Engine": "valkey",
            "Port": 6380,
            "SecurityGroupIds": [GROUP],
            "SubnetGroupName": ref("group", "Ref"),
        },
    ),
    Pair(
        "aws_elasticache_serverless_cache",
        {"engine": "valkey", "security_group_ids": [GROUP], "subnet_ids": [ref("subnet")]},
        "AWS::ElastiCache::ServerlessCache",
        {"Engine": "valkey", "SecurityGroupIds": [GROUP], "SubnetIds": [ref("subnet")]},
    ),
    Pair(
        "aws_redshift_cluster",
        {
            "elastic_ip": ref("eip", "public_ip"),
            "port": 5440,
            "publicly_accessible": True,
            "vpc_security_group_ids": [GROUP],
            "cluster_subnet_group_name": ref("group", "name"),
        },
        "AWS::Redshift::Cluster",
        {
            "ElasticIp": ref("eip", "Ref"),
            "Port": 5440,
            "PubliclyAccessible": True,
            "VpcSecurityGroupIds": [GROUP],
            "ClusterSubnetGroupName": ref("group", "Ref"),
        },
    ),
    Pair(
        "aws_timestreaminfluxdb_db_instance",
        {
            "port": 8087,
            "publicly_accessible": True,
            "vpc_security_group_ids": [GROUP],
            "vpc_subnet_ids": [ref("subnet")],
        },
        "AWS::Timestream::InfluxDBInstance",
        {
            "Port": 8087,
            "PubliclyAccessible": True,
            "VpcSecurityGroupIds": [GROUP],
            "VpcSubnetIds": [ref("subnet")],
        },
    ),
    Pair(
        "aws_redshiftserverless_workgroup",
        {
            "port": 5440,
            "publicly_accessible": True,
            "security_group_ids": [GROUP],
            "subnet_ids": [ref("subnet")],
        },
        "AWS::RedshiftServerless::Workgroup",
        {
            "Port": 5440,
            "PubliclyAccessible": True,
            "SecurityGroupIds": [GROUP],
            "SubnetIds": [ref("subnet")],
        },
    ),
    Pair(
        "aws_db_instance",
        {"backup_retention_period": 2, "replicate_source_db": ref("primary", "identifier")},
        "AWS::RDS::DBInstance",
        {"BackupRetentionPeriod": 2, "SourceDBInstanceIdentifier": ref("primary", "Ref")},
    ),
    *SEARCH_DOMAINS,
    Pair(
        "aws_neptune_cluster_instance",
        {"publicly_accessible": False},
        "AWS::Neptune::DBInstance",
        {"PubliclyAccessible": False},
    ),
    Single(
        "aws_elasticache_cluster",
        {"replication_group_id": ref("group")},
        {"replication_group": ("->", "group")},
    ),
]
