"""Writes infrastructures down as CloudFormation.

A root template nests one for each network, so that no template has more resources than AWS allows
(500).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from infrastructures import Infrastructure, Peering
from networks import MAPS, Arguments, Document, Network, Ref, Script


def write_stacks(described: Infrastructure, folder: Path) -> None:
    """Write CloudFormation, in JSON."""
    for network in described.networks:
        template: dict[str, object] = {
            "AWSTemplateFormatVersion": "2010-09-09",
            "Resources": dict(_stack_resources(network)),
        }
        if described.peerings:
            template["Outputs"] = {
                name: {"Value": {"Ref": logical}} for name, logical in _OUTPUTS.items()
            }
        _dump(folder / f"network{network.number:02}.json", template)
    stacks: dict[str, object] = {
        _stack(network.number): {
            "Type": "AWS::CloudFormation::Stack",
            "Properties": {"TemplateURL": f"./network{network.number:02}.json"},
        }
        for network in described.networks
    }
    for peering in described.peerings:
        stacks.update(_stack_peering(peering))
    _dump(folder / "main.json", {"AWSTemplateFormatVersion": "2010-09-09", "Resources": stacks})


_OUTPUTS = {"VpcId": "VpcMain", "Out": "TablesOut", "In": "TablesIn"}
"""What a network's template tells those that are peered with it, and the logical ids of that."""

_STACK_TYPES = {
    "aws_autoscaling_group": "AWS::AutoScaling::AutoScalingGroup",
    "aws_db_instance": "AWS::RDS::DBInstance",
    "aws_db_subnet_group": "AWS::RDS::DBSubnetGroup",
    "aws_ebs_volume": "AWS::EC2::Volume",
    "aws_iam_instance_profile": "AWS::IAM::InstanceProfile",
    "aws_iam_role": "AWS::IAM::Role",
    "aws_iam_role_policy": "AWS::IAM::Policy",
    "aws_iam_user": "AWS::IAM::User",
    "aws_iam_user_policy": "AWS::IAM::Policy",
    "aws_instance": "AWS::EC2::Instance",
    "aws_internet_gateway": "AWS::EC2::InternetGateway",
    "aws_key_pair": "AWS::EC2::KeyPair",
    "aws_launch_template": "AWS::EC2::LaunchTemplate",
    "aws_lb": "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "aws_lb_listener": "AWS::ElasticLoadBalancingV2::Listener",
    "aws_lb_target_group": "AWS::ElasticLoadBalancingV2::TargetGroup",
    "aws_route": "AWS::EC2::Route",
    "aws_route_table": "AWS::EC2::RouteTable",
    "aws_route_table_association": "AWS::EC2::SubnetRouteTableAssociation",
    "aws_security_group": "AWS::EC2::SecurityGroup",
    "aws_subnet": "AWS::EC2::Subnet",
    "aws_vpc": "AWS::EC2::VPC",
    "aws_vpc_endpoint": "AWS::EC2::VPCEndpoint",
    "aws_vpc_endpoint_service": "AWS::EC2::VPCEndpointService",
    "aws_vpc_endpoint_service_allowed_principal": "AWS::EC2::VPCEndpointServicePermissions",
    "aws_vpc_security_group_egress_rule": "AWS::EC2::SecurityGroupEgress",
    "aws_vpc_security_group_ingress_rule": "AWS::EC2::SecurityGroupIngress",
}

_PROPERTIES: dict[str, dict[str, str]] = {
    "": {
        "assume_role_policy": "AssumeRolePolicyDocument",
        "cidr_blocks": "CidrIp",
        "cidr_ipv4": "CidrIp",
        "default_action": "DefaultActions",
        "policy": "PolicyDocument",
        "protocol": "IpProtocol",
        "public_key": "PublicKeyMaterial",
        "referenced_security_group_id": "SourceSecurityGroupId",
        "role": "Roles",
        "security_group_id": "GroupId",
        "user": "Users",
        "vpc_security_group_ids": "SecurityGroupIds",
        "vpc_zone_identifier": "VPCZoneIdentifier",
    },
    "aws_autoscaling_group": {"id": "LaunchTemplateId"},
    "aws_db_instance": {
        "db_subnet_group_name": "DBSubnetGroupName",
        "identifier": "DBInstanceIdentifier",
        "instance_class": "DBInstanceClass",
        "vpc_security_group_ids": "VPCSecurityGroups",
    },
    "aws_db_subnet_group": {
        "description": "DBSubnetGroupDescription",
        "name": "DBSubnetGroupName",
    },
    "aws_iam_instance_profile": {"name": "InstanceProfileName"},
    "aws_iam_role": {"name": "RoleName"},
    "aws_iam_role_policy": {"name": "PolicyName"},
    "aws_iam_user": {"name": "UserName"},
    "aws_iam_user_policy": {"name": "PolicyName"},
    "aws_instance": {"ami": "ImageId"},
    "aws_lb": {"load_balancer_type": "Type", "internal": "Scheme"},
    "aws_lb_listener": {"protocol": "Protocol"},
    "aws_lb_target_group": {"protocol": "Protocol"},
    "aws_security_group": {
        "description": "GroupDescription",
        "egress": "SecurityGroupEgress",
        "ingress": "SecurityGroupIngress",
        "name": "GroupName",
    },
    "aws_vpc_endpoint_service_allowed_principal": {
        "principal_arn": "AllowedPrincipals",
        "vpc_endpoint_service_id": "ServiceId",
    },
}
"""What arguments are called in CloudFormation, of all types and of one, where not in its style."""

_LISTS = frozenset({"Roles", "Users", "AllowedPrincipals"})
"""Properties that are lists where Terraform has one value."""


def _stack_resources(network: Network) -> Iterator[tuple[str, object]]:
    targets: dict[str, list[object]] = {}
    for family in network.families.values():
        if family.type == "aws_lb_target_group_attachment":
            for arguments in family.rows.values():
                group = cast("Ref", arguments["target_group_arn"]).family
                target = _property(network, "", arguments["target_id"])
                targets.setdefault(group, []).append({"Id": target})
    for family in network.families.values():
        for key, arguments in family.rows.items():
            if family.type not in _STACK_TYPES:
                continue
            properties = _properties(network, family.type, arguments)
            if family.type == "aws_internet_gateway":
                attachment = {
                    **properties,
                    "InternetGatewayId": {"Ref": _logical(family.name, key)},
                }
                yield "GatewayAttachment", _stack_resource("EC2::VPCGatewayAttachment", attachment)
                properties = {}
            elif family.type == "aws_launch_template":
                name = properties.pop("Name")
                properties = {"LaunchTemplateName": name, "LaunchTemplateData": properties}
            elif family.type == "aws_lb":
                properties["Scheme"] = "internal" if properties["Scheme"] else "internet-facing"
            elif family.name in targets:
                properties["Targets"] = targets[family.name]
            yield (
                _logical(family.name, key),
                {"Type": _STACK_TYPES[family.type], "Properties": properties},
            )


def _stack_resource(type_: str, properties: dict[str, object]) -> dict[str, object]:
    return {"Type": f"AWS::{type_}", "Properties": properties}


def _properties(network: Network, type_: str, arguments: Arguments) -> dict[str, object]:
    found: dict[str, object] = {}
    for argument, value in arguments.items():
        name = _PROPERTIES.get(type_, {}).get(argument) or _PROPERTIES[""].get(argument)
        name = name or _pascal(argument)
        if argument in MAPS:
            pairs = cast("dict[str, object]", value).items()
            found[name] = [{"Key": key, "Value": each} for key, each in pairs]
            continue
        spelt = _property(network, type_, value)
        if argument == "cidr_blocks":
            (spelt,) = cast("list[object]", spelt)
        found[name] = [spelt] if name in _LISTS else spelt
    return found


def _property(network: Network, type_: str, value: object) -> object:
    if isinstance(value, Ref):
        logical = _logical(value.family, value.key)
        if network.families[value.family].type == "aws_security_group":
            return {"Fn::GetAtt": [logical, "GroupId"]}
        if value.attribute == "latest_version":
            return {"Fn::GetAtt": [logical, "LatestVersionNumber"]}
        return {"Ref": logical}
    if isinstance(value, Document):
        return value.content
    if isinstance(value, Script):
        return {"Fn::Base64": value.text}
    if isinstance(value, list):
        return [_property(network, type_, each) for each in value]
    if isinstance(value, dict):
        return _properties(network, type_, value)
    return value


def _stack_peering(peering: Peering) -> Iterator[tuple[str, object]]:
    own = f"Peering{peering.near}x{peering.far}"
    vpcs = [_output(number, "VpcId") for number in peering]
    properties: dict[str, object] = {"VpcId": vpcs[0], "PeerVpcId": vpcs[1]}
    yield own, _stack_resource("EC2::VPCPeeringConnection", properties)
    for near, far in (peering, peering[::-1]):
        for table in ("Out", "In"):
            properties = {
                "RouteTableId": _output(near, table),
                "DestinationCidrBlock": Network(far, 0).cidr_block,
                "VpcPeeringConnectionId": {"Ref": own},
            }
            yield f"Route{near}x{far}{table}", _stack_resource("EC2::Route", properties)


def _output(number: int, name: str) -> object:
    return {"Fn::GetAtt": [_stack(number), f"Outputs.{name}"]}


def _stack(number: int) -> str:
    return f"Network{number}"


def _logical(family: str, key: str) -> str:
    return _pascal(f"{family}_{key}")


def _pascal(name: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))


def _dump(file: Path, template: object) -> None:
    file.write_text(json.dumps(template, indent=1), encoding="utf-8")
