"""Cases of the class in ``resources/deployment_group.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair

CASES: list[Case] = [
    Pair(
        "aws_codedeploy_deployment_group",
        {
            "app_name": "shop",
            "deployment_group_name": "prod",
            "autoscaling_groups": [ref("hosts", "name")],
            "ec2_tag_filter": [{"key": "Role", "type": "KEY_AND_VALUE", "value": "web"}],
            "ec2_tag_set": [{"ec2_tag_filter": [{"key": "Tier", "type": "KEY_ONLY"}]}],
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
            "ApplicationName": "shop",
            "DeploymentGroupName": "prod",
            "AutoScalingGroups": [ref("hosts", "Ref")],
            "Ec2TagFilters": [{"Key": "Role", "Type": "KEY_AND_VALUE", "Value": "web"}],
            "Ec2TagSet": {
                "Ec2TagSetList": [{"Ec2TagGroup": [{"Key": "Tier", "Type": "KEY_ONLY"}]}]
            },
            "DeploymentStyle": {"DeploymentOption": "WITH_TRAFFIC_CONTROL"},
            "LoadBalancerInfo": {
                "TargetGroupInfoList": [{"Name": ref("targets", "TargetGroupName")}],
                "ElbInfoList": [{"Name": ref("classic", "Ref")}],
            },
        },
    ),
]
