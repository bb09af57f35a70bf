"""Cases of the classes in ``resources/emr_cluster.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair, Single
from tests.resources.settings import GROUP

CASES: list[Case] = [
    Pair(
        "aws_emr_cluster",
        {
            "security_configuration": ref("security", "name"),
            "ec2_attributes": [
                {
                    "emr_managed_master_security_group": GROUP,
                    "additional_slave_security_groups": GROUP,
                    "service_access_security_group": GROUP,
                    "subnet_ids": [ref("subnet")],
                }
            ],
            "core_instance_group": [{"instance_type": "m5.xlarge"}],
        },
        "AWS::EMR::Cluster",
        {
            "SecurityConfiguration": ref("security", "Ref"),
            "Instances": {
                "EmrManagedMasterSecurityGroup": GROUP,
                "AdditionalSlaveSecurityGroups": GROUP,
                "ServiceAccessSecurityGroup": GROUP,
                "Ec2SubnetIds": [ref("subnet")],
                "CoreInstanceGroup": {"InstanceType": "m5.xlarge"},
            },
        },
    ),
    Pair(
        "aws_emr_security_configuration",
        {"name": "one", "configuration": "{}"},
        "AWS::EMR::SecurityConfiguration",
        {"Name": "one", "SecurityConfiguration": "{}"},
    ),
    Single(
        "aws_emr_block_public_access_configuration",
        {
            "block_public_security_group_rules": True,
            "permitted_public_security_group_rule_range": [{"min_range": 22, "max_range": 23}],
        },
        {"blocks": True, "permitted": [{"first": 22, "last": 23}]},
    ),
    Pair(
        "aws_emr_instance_group",
        {"cluster_id": ref("cluster")},
        "AWS::EMR::InstanceGroupConfig",
        {"JobFlowId": ref("cluster")},
    ),
    Pair(
        "aws_emr_instance_fleet",
        {"cluster_id": ref("cluster")},
        "AWS::EMR::InstanceFleetConfig",
        {"ClusterId": ref("cluster")},
    ),
]
