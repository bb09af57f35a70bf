"""Small made-up infrastructure, and the ways of declaring it in both languages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from hypothesis import strategies as st

RuleSpelling = Literal["inline", "rule", "vpc_rule"]

PORTS = [(22, 22), (0, 65535), (20, 25), (443, 443), (3389, 3389), (5432, 5433), (0, 0)]
CIDRS = [
    "0.0.0.0/0",
    "::/0",
    "0.0.0.0/1",
    "128.0.0.0/1",
    "10.0.0.0/8",
    "203.0.113.7/32",
    "3.0.0.0/8",
    "2000::/3",
]
IMAGE = "ami-0123456789abcdef0"
ENDPOINT_SERVICE = "com.amazonaws.eu-west-1.s3"
FULL_ACCESS = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}],
}
NARROW_ACCESS = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
            "Action": "s3:GetObject",
            "Resource": "arn:aws:s3:::reports/*",
            "Condition": {"StringEquals": {"aws:PrincipalAccount": "111122223333"}},
        }
    ],
}


@dataclass(frozen=True)
class Rule:
    """One source, which is a range or another group (by its number)."""

    direction: Literal["ingress", "egress"]
    protocol: str
    ports: tuple[int, int]
    source: str | int

    @property
    def cidr(self) -> str:
        """Its range; empty where it has none."""
        return self.source if isinstance(self.source, str) else ""


@dataclass(frozen=True)
class Instance:
    """An instance, or a launch template."""

    groups: tuple[int, ...]
    tokens: str | None
    hops: int | None
    encrypted: bool | None
    template: int | None = None


@dataclass(frozen=True)
class Configuration:
    """What is declared; names are made of the numbers."""

    groups: list[list[Rule]] = field(default_factory=list)
    templates: list[Instance] = field(default_factory=list)
    instances: list[Instance] = field(default_factory=list)
    volumes: list[bool | None] = field(default_factory=list)
    endpoints: list[dict[str, Any] | None] = field(default_factory=list)


@st.composite
def configurations(draw: st.DrawFn) -> Configuration:
    """Any of them, small."""
    number = draw(st.integers(1, 3))
    sources = st.one_of(st.sampled_from(CIDRS), st.integers(0, number - 1))
    rules = st.builds(
        Rule,
        st.sampled_from(["ingress", "ingress", "egress"]),
        st.sampled_from(["tcp", "tcp", "udp", "-1", "icmp", "6"]),
        st.sampled_from(PORTS),
        sources,
    )
    somewhere = Rule("egress", "tcp", (443, 443), "10.0.0.0/8")
    groups = [[*draw(st.lists(rules, max_size=4)), somewhere] for _ in range(number)]
    settings = {
        "groups": st.lists(st.integers(0, number - 1), max_size=2, unique=True).map(tuple),
        "tokens": st.sampled_from([None, "optional", "required"]),
        "hops": st.sampled_from([None, 1, 2, 3]),
        "encrypted": st.sampled_from([None, True, False]),
    }
    templates = draw(st.lists(st.builds(Instance, **settings), max_size=2))
    chosen = st.sampled_from([None, *range(len(templates))])
    return Configuration(
        groups,
        templates,
        draw(st.lists(st.builds(Instance, **settings, template=chosen), max_size=2)),
        draw(st.lists(st.sampled_from([None, True, False]), max_size=2)),
        draw(st.lists(st.sampled_from([None, FULL_ACCESS, NARROW_ACCESS]), max_size=2)),
    )


def terraform(configuration: Configuration, spelling: RuleSpelling = "inline") -> str:
    """It in HCL."""
    return "\n".join(_terraform(configuration, spelling))


def _block(header: str, lines: list[str]) -> str:
    return "\n".join([f"{header} {{", *(f"  {line}" for line in lines), "}\n"])


def _terraform(made: Configuration, spelling: RuleSpelling) -> Iterator[str]:
    yield _block('resource "aws_vpc" "network"', ['cidr_block = "10.0.0.0/16"'])
    yield _block('resource "aws_default_security_group" "default"', ["vpc_id = aws_vpc.network.id"])
    separate: list[str] = []
    for number, rules in enumerate(made.groups):
        lines = [f'description = "group {number}"', "vpc_id = aws_vpc.network.id"]
        for index, rule in enumerate(rules):
            if spelling == "inline":
                lines += [f"{rule.direction} {{", *_inline(rule, number), "}"]
            else:
                write = _rule if spelling == "rule" else _vpc_rule
                separate.append(write(rule, number, index))
        yield _block(f'resource "aws_security_group" "group{number}"', lines)
    yield from separate
    for number, template in enumerate(made.templates):
        lines = _settings(template, "image_id")
        if template.encrypted is not None:
            on = str(template.encrypted).lower()
            mapping = ['device_name = "/dev/sdf"', "ebs {", "volume_size = 8", f"encrypted = {on}"]
            lines += ["block_device_mappings {", *mapping, "}", "}"]
        yield _block(f'resource "aws_launch_template" "template{number}"', lines)
    for number, instance in enumerate(made.instances):
        lines = _settings(instance, "ami")
        if instance.template is not None:
            lines += [
                "launch_template {",
                f"id = aws_launch_template.template{instance.template}.id",
                "}",
            ]
        if instance.encrypted is not None:
            on = str(instance.encrypted).lower()
            lines += ["ebs_block_device {", 'device_name = "/dev/sdf"', "volume_size = 8"]
            lines += [f"encrypted = {on}", "}"]
        yield _block(f'resource "aws_instance" "instance{number}"', lines)
    for number, encrypted in enumerate(made.volumes):
        lines = ['availability_zone = "eu-west-1a"', "size = 8"]
        if encrypted is not None:
            lines.append(f"encrypted = {str(encrypted).lower()}")
        yield _block(f'resource "aws_ebs_volume" "volume{number}"', lines)
    for number, policy in enumerate(made.endpoints):
        lines = [f'service_name = "{ENDPOINT_SERVICE}"', "vpc_id = aws_vpc.network.id"]
        if policy is not None:
            lines.append(f"policy = jsonencode({json.dumps(policy)})")
        yield _block(f'resource "aws_vpc_endpoint" "endpoint{number}"', lines)


def _settings(instance: Instance, image: str) -> list[str]:
    lines = [f'{image} = "{IMAGE}"', 'instance_type = "t3.micro"']
    if instance.groups:
        ids = ", ".join(f"aws_security_group.group{number}.id" for number in instance.groups)
        lines.append(f"vpc_security_group_ids = [{ids}]")
    options = []
    if instance.tokens is not None:
        options.append(f'http_tokens = "{instance.tokens}"')
    if instance.hops is not None:
        options.append(f"http_put_response_hop_limit = {instance.hops}")
    return [*lines, "metadata_options {", *options, "}"] if options else lines


def _ports(rule: Rule) -> list[str]:
    first, last = {"-1": (0, 0), "icmp": (-1, -1)}.get(rule.protocol, rule.ports)
    return [f"from_port = {first}", f"to_port = {last}"]


def _list_name(cidr: str) -> str:
    return "ipv6_cidr_blocks" if ":" in cidr else "cidr_blocks"


def _inline(rule: Rule, number: int) -> list[str]:
    lines = [f'protocol = "{rule.protocol}"', *_ports(rule)]
    if rule.cidr:
        return [*lines, f'{_list_name(rule.cidr)} = ["{rule.cidr}"]']
    if rule.source == number:
        return [*lines, "self = true"]
    return [*lines, f"security_groups = [aws_security_group.group{rule.source}.id]"]


def _rule(rule: Rule, number: int, index: int) -> str:
    lines = [f'type = "{rule.direction}"', f'protocol = "{rule.protocol}"', *_ports(rule)]
    lines.append(f"security_group_id = aws_security_group.group{number}.id")
    if rule.cidr:
        lines.append(f'{_list_name(rule.cidr)} = ["{rule.cidr}"]')
    elif rule.source == number:
        lines.append("self = true")
    else:
        lines.append(f"source_security_group_id = aws_security_group.group{rule.source}.id")
    return _block(f'resource "aws_security_group_rule" "group{number}_{index}"', lines)


def _vpc_rule(rule: Rule, number: int, index: int) -> str:
    lines = [f'ip_protocol = "{rule.protocol}"']
    lines += _ports(rule) if rule.protocol != "-1" else []
    lines.append(f"security_group_id = aws_security_group.group{number}.id")
    if rule.cidr:
        lines.append(f'{"cidr_ipv6" if ":" in rule.cidr else "cidr_ipv4"} = "{rule.cidr}"')
    else:
        lines.append(f"referenced_security_group_id = aws_security_group.group{rule.source}.id")
    kind = f"aws_vpc_security_group_{rule.direction}_rule"
    return _block(f'resource "{kind}" "group{number}_{index}"', lines)


def cloudformation(made: Configuration, *, separate: bool = False) -> dict[str, Any]:
    """It as a template's data."""
    resources: dict[str, Any] = {}

    def declare(name: str, kind: str, properties: dict[str, Any]) -> None:
        resources[name] = {"Type": kind, "Properties": properties}

    vpc = {"VpcId": {"Ref": "network"}}
    declare("network", "AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"})
    for number, rules in enumerate(made.groups):
        name = f"group{number}"
        properties: dict[str, Any] = {"GroupDescription": f"group {number}", **vpc}
        declare(name, "AWS::EC2::SecurityGroup", properties)
        for index, rule in enumerate(rules):
            written = _template_rule(rule)
            if rule.direction == "ingress" and (separate or rule.source == number):
                group = {"GroupId": {"Fn::GetAtt": [name, "GroupId"]}}
                declare(f"{name}x{index}", "AWS::EC2::SecurityGroupIngress", {**group, **written})
            else:
                key = "SecurityGroup" + rule.direction.capitalize()
                properties.setdefault(key, []).append(written)
    for number, template in enumerate(made.templates):
        data = _template_settings(template)
        declare(f"template{number}", "AWS::EC2::LaunchTemplate", {"LaunchTemplateData": data})
    for number, instance in enumerate(made.instances):
        properties = _template_settings(instance)
        if instance.template is not None:
            name = f"template{instance.template}"
            properties["LaunchTemplate"] = {
                "LaunchTemplateId": {"Ref": name},
                "Version": {"Fn::GetAtt": [name, "LatestVersionNumber"]},
            }
        declare(f"instance{number}", "AWS::EC2::Instance", properties)
    for number, encrypted in enumerate(made.volumes):
        properties = {"AvailabilityZone": "eu-west-1a", "Size": 8}
        if encrypted is not None:
            properties["Encrypted"] = encrypted
        declare(f"volume{number}", "AWS::EC2::Volume", properties)
    for number, policy in enumerate(made.endpoints):
        properties = {"ServiceName": ENDPOINT_SERVICE, **vpc}
        if policy is not None:
            properties["PolicyDocument"] = policy
        declare(f"endpoint{number}", "AWS::EC2::VPCEndpoint", properties)
    return {"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}


def _template_rule(rule: Rule) -> dict[str, Any]:
    written: dict[str, Any] = {"IpProtocol": rule.protocol}
    if rule.protocol != "-1":
        first, last = (-1, -1) if rule.protocol == "icmp" else rule.ports
        written |= {"FromPort": first, "ToPort": last}
    if rule.cidr:
        return written | {"CidrIpv6" if ":" in rule.cidr else "CidrIp": rule.cidr}
    side = "Source" if rule.direction == "ingress" else "Destination"
    group = {"Fn::GetAtt": [f"group{rule.source}", "GroupId"]}
    return written | {f"{side}SecurityGroupId": group}


def _template_settings(instance: Instance) -> dict[str, Any]:
    settings: dict[str, Any] = {"ImageId": IMAGE, "InstanceType": "t3.micro"}
    if instance.groups:
        settings["SecurityGroupIds"] = [
            {"Fn::GetAtt": [f"group{number}", "GroupId"]} for number in instance.groups
        ]
    options: dict[str, Any] = {}
    if instance.tokens is not None:
        options["HttpTokens"] = instance.tokens
    if instance.hops is not None:
        options["HttpPutResponseHopLimit"] = instance.hops
    if options:
        settings["MetadataOptions"] = options
    if instance.encrypted is not None:
        device = {"VolumeSize": 8, "Encrypted": instance.encrypted}
        settings["BlockDeviceMappings"] = [{"DeviceName": "/dev/sdf", "Ebs": device}]
    return settings
