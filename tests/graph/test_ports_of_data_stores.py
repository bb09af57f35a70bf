"""A rule for the port of a data store is for the port that is written, or the engine's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.network.infrastructure import graph

from iac_ec2lint.resources.security_group import SeparateSecurityGroupRule

if TYPE_CHECKING:
    from pathlib import Path

TEMPLATE = """
Parameters: {{Given: {{Type: Number}}, Default: {{Type: String, Default: mysql}}}}
Resources:
  Store: {{Type: AWS::{kind}, Properties: {{{properties}}}}}
  Rule:
    Type: AWS::EC2::SecurityGroupIngress
    Properties:
      GroupId: sg-1
      IpProtocol: tcp
      FromPort: !GetAtt Store.{attribute}
      ToPort: !GetAtt Store.{attribute}
      CidrIp: 0.0.0.0/0
"""


@pytest.mark.parametrize(
    ("kind", "properties", "attribute", "port", "assumed"),
    [
        ("RDS::DBInstance", "Engine: postgres", "Endpoint.Port", 5432, False),
        ("RDS::DBInstance", "Engine: postgres, Port: '6000'", "Endpoint.Port", 6000, False),
        ("RDS::DBInstance", "Engine: postgres, Port: !Ref Given", "Endpoint.Port", None, False),
        ("RDS::DBInstance", "Engine: !Ref Default", "Endpoint.Port", 3306, True),
        ("RDS::DBInstance", "Engine: mysql, DBSnapshotIdentifier: s", "Endpoint.Port", None, False),
        ("RDS::DBCluster", "Engine: aurora-mysql", "Endpoint.Port", 3306, False),
        ("RDS::DBCluster", "GlobalClusterIdentifier: world", "Endpoint.Port", None, False),
        ("RDS::DBCluster", "ReplicationSourceIdentifier: arn", "Endpoint.Port", None, False),
        (
            "RDS::DBInstance",
            "Engine: mysql, DBSnapshotIdentifier: !Ref AWS::NoValue",
            "Endpoint.Port",
            3306,
            False,
        ),
        ("Neptune::DBCluster", "DBPort: 8000", "Port", 8000, False),
        ("DocDB::DBCluster", "MasterUsername: a", "Port", 27017, False),
        ("Redshift::Cluster", "NodeType: ra3.large", "Endpoint.Port", 5439, False),
        ("ElastiCache::ReplicationGroup", "Engine: redis", "PrimaryEndPoint.Port", 6379, False),
        ("ElastiCache::ServerlessCache", "Engine: valkey", "Endpoint.Port", 6379, False),
        ("ElastiCache::ServerlessCache", "Engine: valkey", "ReaderEndpoint.Port", None, False),
    ],
)
def test_templates(
    kind: str, properties: str, attribute: str, port: int | None, *, assumed: bool, tmp_path: Path
) -> None:
    text = TEMPLATE.format(kind=kind, properties=properties, attribute=attribute)
    [rule] = graph(text, tmp_path).all(SeparateSecurityGroupRule)
    assert rule.from_port is not None
    assert rule.from_port.number == port
    assert any(step.assumed for step in rule.from_port.via) is assumed


MODULE = """
variable "port" {{ default = null }}
resource "{kind}" "store" {{
  {arguments}
}}
resource "aws_security_group_rule" "rule" {{
  type              = "ingress"
  security_group_id = "sg-1"
  protocol          = "tcp"
  from_port         = {kind}.store.port
  to_port           = {kind}.store.port
  cidr_blocks       = ["0.0.0.0/0"]
}}
"""


@pytest.mark.parametrize(
    ("kind", "arguments", "port", "assumed"),
    [
        ("aws_db_instance", 'engine = "mariadb"', 3306, False),
        ("aws_db_instance", 'engine = "mariadb"\n  port = var.port', 3306, True),
        ("aws_db_instance", 'engine = "mariadb"\n  port = 6000', 6000, False),
        ("aws_db_instance", 'replicate_source_db = "db"', None, False),
        ("aws_rds_cluster", 'engine = "aurora-postgresql"', 5432, False),
        (
            "aws_rds_cluster",
            'engine = "aurora-mysql"\n  restore_to_point_in_time {\n    restore_type = "copy"\n  }',
            None,
            False,
        ),
        ("aws_elasticache_cluster", 'engine = "memcached"', 11211, False),
        ("aws_instance", 'ami = "ami-1"', None, False),
    ],
)
def test_modules(
    kind: str, arguments: str, port: int | None, *, assumed: bool, tmp_path: Path
) -> None:
    found = graph(MODULE.format(kind=kind, arguments=arguments), tmp_path)
    [rule] = found.all(SeparateSecurityGroupRule)
    assert rule.from_port is not None
    assert rule.from_port.number == port
    assert any(step.assumed for step in rule.from_port.via) is assumed
