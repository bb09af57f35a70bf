"""Cases of the class in ``resources/deployment_group.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair

CASES: list[Case] = [
    Pair(
        "aws_codedeploy_deployment_group",
        {
            "autoscaling_groups": [ref("hosts", "name")],
            "deployment_style": [{"deployment_option": "WITH_TRAFFIC_CONTROL"}],
            "load_balancer_info": [
                {
                    "target_group_info": [{"name": ref("targets", "name")}],
                    "elb_info": [{"name": ref("classic", "name")}],
                }
            ],
        },
        "AWS::CodeDeploy::DeploymentGroup",
        {
            "AutoScalingGroups": [ref("hosts", "Ref")],
            "DeploymentStyle": {"DeploymentOption": "WITH_TRAFFIC_CONTROL"},
            "LoadBalancerInfo": {
                "TargetGroupInfoList": [{"Name": ref("targets", "TargetGroupName")}],
                "ElbInfoList": [{"Name": ref("classic", "Ref")}],
            },
        },
    ),
]
