"""Writes a folder of Terraform and CloudFormation with about as many resources as asked for.

    python benchmarks/generate.py FOLDER --resources 2000

The same number gives the same files. Every unit is a small service: a VPC with two subnets, an
internet gateway and routes, security groups with rules, instances and volumes. Some are at fault.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

_UNIT_RESOURCES = 22
"""Resources that one unit declares, in either language; ``_terraform`` and ``_template`` agree."""

_INSTANCES = 3
_UNITS_PER_MODULE = 5
_FAULTY = 4  # one unit in so many is at fault


def generate(folder: Path, resources: int) -> int:
    """Write configuration that declares at least ``resources`` resources.

    Half of the units are Terraform root modules, half CloudFormation templates.

    Args:
        folder: Where to write; made if it is not there.
        resources: How many resources are wanted.

    Returns:
        How many are declared.
    """
    units = max(2, -(-resources // _UNIT_RESOURCES))
    for number in range(units):
        if number % 2 == 0:
            _write_root_module(folder / "terraform" / f"service{number:04}", number)
        else:
            place = folder / "cloudformation" / f"group{number // (2 * _UNITS_PER_MODULE):03}"
            place.mkdir(parents=True, exist_ok=True)
            text = json.dumps(_template(number), indent=2)
            if number % 4 == 1:
                (place / f"service{number:04}.json").write_text(text, encoding="utf-8")
            else:
                yaml = _yaml(_template(number), 0)
                (place / f"service{number:04}.yaml").write_text(yaml, encoding="utf-8")
    return units * _UNIT_RESOURCES


def _write_root_module(folder: Path, number: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in _terraform(number).items():
        (folder / name).write_text(text, encoding="utf-8")


def _terraform(number: int) -> dict[str, str]:
    faulty = number % _FAULTY == 0
    source = "0.0.0.0/0" if faulty else "10.0.0.0/8"
    return {
        "variables.tf": _VARIABLES.format(number=number),
        "network.tf": _NETWORK.format(second=number % 200),
        "security.tf": _SECURITY.format(source=source),
        "compute.tf": _COMPUTE.format(
            count=_INSTANCES,
            tokens="optional" if faulty else "required",
            encrypted="false" if faulty else "true",
        )
        + "".join(_VOLUME.format(index=i) for i in range(_INSTANCES)),
    }


_VARIABLES = """\
variable "environment" {{
  type    = string
  default = "prod"
}}

variable "encrypted" {{
  type    = bool
  default = true
}}

locals {{
  name = "${{var.environment}}-service{number}"
  tags = {{
    Environment = var.environment
    Service     = local.name
  }}
}}
"""

_NETWORK = """\
resource "aws_vpc" "main" {{
  cidr_block           = "10.{second}.0.0/16"
  enable_dns_hostnames = true
  tags                 = merge(local.tags, {{ Name = local.name }})
}}

resource "aws_subnet" "public" {{
  vpc_id                  = aws_vpc.main.id
  cidr_block              = cidrsubnet(aws_vpc.main.cidr_block, 8, 0)
  map_public_ip_on_launch = true
}}

resource "aws_subnet" "private" {{
  vpc_id     = aws_vpc.main.id
  cidr_block = cidrsubnet(aws_vpc.main.cidr_block, 8, 1)
}}

resource "aws_internet_gateway" "main" {{
  vpc_id = aws_vpc.main.id
}}

resource "aws_route_table" "public" {{
  vpc_id = aws_vpc.main.id
}}

resource "aws_route" "internet" {{
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.main.id
}}

resource "aws_route_table_association" "public" {{
  subnet_id      = aws_subnet.public.id
  route_table_id = aws_route_table.public.id
}}
"""

_SECURITY = """\
resource "aws_security_group" "web" {{
  name        = "${{local.name}}-web"
  description = "Web servers"
  vpc_id      = aws_vpc.main.id

  ingress {{
    description = "HTTPS"
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }}
}}

resource "aws_security_group" "database" {{
  name        = "${{local.name}}-database"
  description = "Databases"
  vpc_id      = aws_vpc.main.id
}}

resource "aws_security_group" "administration" {{
  name        = "${{local.name}}-administration"
  description = "Administration"
  vpc_id      = aws_vpc.main.id
}}

resource "aws_vpc_security_group_ingress_rule" "database" {{
  security_group_id            = aws_security_group.database.id
  referenced_security_group_id = aws_security_group.web.id
  from_port                    = 5432
  to_port                      = 5432
  ip_protocol                  = "tcp"
}}

resource "aws_vpc_security_group_ingress_rule" "ssh" {{
  security_group_id = aws_security_group.administration.id
  cidr_ipv4         = "{source}"
  from_port         = 22
  to_port           = 22
  ip_protocol       = "tcp"
}}

resource "aws_vpc_security_group_egress_rule" "web" {{
  security_group_id = aws_security_group.web.id
  cidr_ipv4         = "0.0.0.0/0"
  from_port         = 443
  to_port           = 443
  ip_protocol       = "tcp"
}}
"""

_COMPUTE = """\
resource "aws_instance" "web" {{
  count                  = {count}
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "m7g.large"
  subnet_id              = aws_subnet.public.id
  vpc_security_group_ids = [aws_security_group.web.id, aws_security_group.administration.id]
  tags                   = merge(local.tags, {{ Name = "${{local.name}}-${{count.index}}" }})

  metadata_options {{
    http_endpoint = "enabled"
    http_tokens   = "{tokens}"
  }}

  root_block_device {{
    encrypted = {encrypted}
  }}
}}
"""

_VOLUME = """
resource "aws_ebs_volume" "data{index}" {{
  availability_zone = "eu-west-1a"
  size              = 100
  encrypted         = var.encrypted
}}

resource "aws_volume_attachment" "data{index}" {{
  device_name = "/dev/sdf"
  volume_id   = aws_ebs_volume.data{index}.id
  instance_id = aws_instance.web[{index}].id
}}
"""


def _template(number: int) -> dict[str, object]:
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Parameters": {
            "Environment": {"Type": "String", "Default": "prod"},
            "Encrypted": {"Type": "String", "Default": "true"},
        },
        "Resources": {
            **_network(number),
            **_groups("0.0.0.0/0" if number % _FAULTY == 1 else "10.0.0.0/8"),
            **_instances("false" if number % _FAULTY == 1 else "true"),
        },
    }


def _resource(kind: str, **properties: object) -> dict[str, object]:
    return {"Type": f"AWS::EC2::{kind}", "Properties": properties}


def _ref(name: str) -> dict[str, object]:
    return {"Ref": name}


def _network(number: int) -> dict[str, object]:
    second = number % 200
    vpc = _ref("Vpc")
    return {
        "Vpc": _resource("VPC", CidrBlock=f"10.{second}.0.0/16", EnableDnsHostnames=True),
        "Public": _resource(
            "Subnet", VpcId=vpc, CidrBlock=f"10.{second}.0.0/24", MapPublicIpOnLaunch=True
        ),
        "Private": _resource("Subnet", VpcId=vpc, CidrBlock=f"10.{second}.1.0/24"),
        "Gateway": _resource("InternetGateway"),
        "GatewayAttachment": _resource(
            "VPCGatewayAttachment", VpcId=vpc, InternetGatewayId=_ref("Gateway")
        ),
        "PublicRoutes": _resource("RouteTable", VpcId=vpc),
        "Internet": _resource(
            "Route",
            RouteTableId=_ref("PublicRoutes"),
            DestinationCidrBlock="0.0.0.0/0",
            GatewayId=_ref("Gateway"),
        ),
        "PublicAssociation": _resource(
            "SubnetRouteTableAssociation",
            SubnetId=_ref("Public"),
            RouteTableId=_ref("PublicRoutes"),
        ),
    }


def _rule(port: int, **peer: object) -> dict[str, object]:
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **peer}


def _group(description: str, *rules: dict[str, object]) -> dict[str, object]:
    return _resource(
        "SecurityGroup",
        GroupDescription={"Fn::Sub": f"${{Environment}} {description}"},
        VpcId=_ref("Vpc"),
        SecurityGroupIngress=list(rules),
    )


def _groups(source: str) -> dict[str, object]:
    web = {"Fn::GetAtt": ["Web", "GroupId"]}
    return {
        "Web": _group("web servers", _rule(443, CidrIp="0.0.0.0/0")),
        "Database": _group("databases"),
        "Administration": _group("administration"),
        "DatabaseRule": _resource(
            "SecurityGroupIngress",
            GroupId={"Fn::GetAtt": ["Database", "GroupId"]},
            **_rule(5432, SourceSecurityGroupId=web),
        ),
        "SshRule": _resource(
            "SecurityGroupIngress",
            GroupId={"Fn::GetAtt": ["Administration", "GroupId"]},
            **_rule(22, CidrIp=source),
        ),
    }


def _instances(encrypted: str) -> dict[str, object]:
    declared: dict[str, object] = {}
    for index in range(_INSTANCES):
        declared[f"Instance{index}"] = _resource(
            "Instance",
            ImageId="ami-0123456789abcdef0",
            InstanceType="m7g.large",
            SubnetId=_ref("Public"),
            SecurityGroupIds=[{"Fn::GetAtt": ["Web", "GroupId"]}],
            BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": {"Encrypted": encrypted}}],
        )
        declared[f"Data{index}"] = _resource(
            "Volume", AvailabilityZone="eu-west-1a", Size=100, Encrypted=_ref("Encrypted")
        )
        declared[f"Attachment{index}"] = _resource(
            "VolumeAttachment",
            Device="/dev/sdf",
            VolumeId=_ref(f"Data{index}"),
            InstanceId=_ref(f"Instance{index}"),
        )
    return declared


def _yaml(node: object, depth: int) -> str:
    """Block style YAML of mappings; sequences and scalars in JSON, which YAML contains."""
    if not isinstance(node, dict):
        return f" {json.dumps(node)}\n"
    if not node:
        return " {}\n"
    lines = [f"{'  ' * depth}{key}:{_yaml(value, depth + 1)}" for key, value in node.items()]
    return ("\n" if depth else "") + "".join(lines)


def main() -> None:
    """Write a folder."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--resources", type=int, default=2000, help="default: %(default)s")
    given = parser.parse_args()
    print(f"{generate(given.folder, given.resources)} resources in {given.folder}")


if __name__ == "__main__":
    main()
