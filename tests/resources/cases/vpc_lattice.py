"""Cases of the classes in ``resources/vpc_lattice.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair
from tests.resources.settings import GROUP

CASES: list[Case] = [
    Pair(
        "aws_vpclattice_target_group_attachment",
        {"target": [{"id": ref("host")}]},
        "AWS::VpcLattice::TargetGroup",
        {"Targets": [{"Id": ref("host")}]},
    ),
    Pair(
        "aws_vpclattice_service_network_vpc_association",
        {
            "service_network_identifier": ref("network"),
            "vpc_identifier": ref("vpc"),
            "security_group_ids": [GROUP],
        },
        "AWS::VpcLattice::ServiceNetworkVpcAssociation",
        {
            "ServiceNetworkIdentifier": ref("network"),
            "VpcIdentifier": ref("vpc"),
            "SecurityGroupIds": [GROUP],
        },
    ),
    Pair(
        "aws_vpclattice_resource_gateway",
        {"vpc_id": ref("vpc"), "security_group_ids": [GROUP]},
        "AWS::VpcLattice::ResourceGateway",
        {"VpcIdentifier": ref("vpc"), "SecurityGroupIds": [GROUP]},
    ),
    Pair(
        "aws_vpclattice_resource_configuration",
        {
            "resource_gateway_identifier": ref("gateway"),
            "resource_configuration_definition": [{"arn_resource": [{"arn": ref("database")}]}],
        },
        "AWS::VpcLattice::ResourceConfiguration",
        {
            "ResourceGatewayId": ref("gateway"),
            "ResourceConfigurationDefinition": {"ArnResource": ref("database")},
        },
    ),
    Pair(
        "aws_vpclattice_service_network_resource_association",
        {
            "resource_configuration_identifier": ref("configuration"),
            "service_network_identifier": ref("network"),
        },
        "AWS::VpcLattice::ServiceNetworkResourceAssociation",
        {"ResourceConfigurationId": ref("configuration"), "ServiceNetworkId": ref("network")},
    ),
]
