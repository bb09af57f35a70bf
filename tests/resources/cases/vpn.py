"""Cases of the classes in ``resources/vpn.py``."""

from __future__ import annotations

from tests.graph.declarations import Plain, ref
from tests.resources.case import Case, Pair, Single
from tests.resources.settings import GROUP

_LISTS = {
    "ike_versions": ("IKEVersions", "ike_versions"),
    "phase1_dh_groups": ("Phase1DHGroupNumbers", "phase1_dh_group_numbers"),
    "phase1_encryption": ("Phase1EncryptionAlgorithms", "phase1_encryption_algorithms"),
    "phase1_integrity": ("Phase1IntegrityAlgorithms", "phase1_integrity_algorithms"),
    "phase2_dh_groups": ("Phase2DHGroupNumbers", "phase2_dh_group_numbers"),
    "phase2_encryption": ("Phase2EncryptionAlgorithms", "phase2_encryption_algorithms"),
    "phase2_integrity": ("Phase2IntegrityAlgorithms", "phase2_integrity_algorithms"),
}


def arguments(number: int) -> dict[str, Plain]:
    """All options of a tunnel, as Terraform names them."""
    tunnel = f"tunnel{number}_"
    return {
        **{tunnel + written: [field] for field, (_, written) in _LISTS.items()},
        tunnel + "log_options": [{"cloudwatch_log_options": [{"log_enabled": True}]}],
        tunnel + "preshared_key": f"key of {number}",
    }


def fields(prefix: str, number: int) -> dict[str, object]:
    """What the fields of a tunnel with all of them come to."""
    return {
        **{prefix + field: [field] for field in _LISTS},
        prefix + "log_enabled": True,
        prefix + "preshared_key": f"key of {number}",
    }


SPECIFICATION: dict[str, Plain] = {
    **{named: [{"Value": field}] for field, (named, _) in _LISTS.items()},
    "LogOptions": {"CloudwatchLogOptions": {"LogEnabled": True}},
    "PreSharedKey": "key of 1",
}

CASES: list[Case] = [
    Single(
        "aws_vpn_connection",
        {**arguments(1), **arguments(2)},
        {**fields("tunnel1_", 1), **fields("tunnel2_", 2)},
    ),
    Single(
        "AWS::EC2::VPNConnection",
        {"VpnTunnelOptionsSpecifications": [SPECIFICATION]},
        {"specifications": [fields("", 1)]},
    ),
    Pair(
        "aws_ec2_client_vpn_endpoint",
        {
            "authentication_options": [{"type": "certificate-authentication"}],
            "connection_log_options": [{"enabled": True, "cloudwatch_log_group": ref("logs")}],
            "security_group_ids": [GROUP],
            "vpc_id": ref("vpc"),
        },
        "AWS::EC2::ClientVpnEndpoint",
        {
            "AuthenticationOptions": [{"Type": "certificate-authentication"}],
            "ConnectionLogOptions": {"Enabled": True, "CloudwatchLogGroup": ref("logs")},
            "SecurityGroupIds": [GROUP],
            "VpcId": ref("vpc"),
        },
    ),
    Pair(
        "aws_ec2_client_vpn_network_association",
        {"client_vpn_endpoint_id": ref("vpn"), "subnet_id": ref("subnet")},
        "AWS::EC2::ClientVpnTargetNetworkAssociation",
        {"ClientVpnEndpointId": ref("vpn"), "SubnetId": ref("subnet")},
    ),
    Pair(
        "aws_ec2_client_vpn_authorization_rule",
        {
            "access_group_id": "S-1-5-32-544",
            "authorize_all_groups": True,
            "client_vpn_endpoint_id": ref("vpn"),
            "target_network_cidr": "10.0.0.0/16",
        },
        "AWS::EC2::ClientVpnAuthorizationRule",
        {
            "AccessGroupId": "S-1-5-32-544",
            "AuthorizeAllGroups": True,
            "ClientVpnEndpointId": ref("vpn"),
            "TargetNetworkCidr": "10.0.0.0/16",
        },
    ),
]
