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
        {"vpc_identifier": ref("vpc"), "security_group_ids": [GROUP]},
        "AWS::VpcLattice::ServiceNetworkVpcAssociation",
        {"VpcIdentifier": ref("vpc"), "SecurityGroupIds": [GROUP]},
    ),
]
