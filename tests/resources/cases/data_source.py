"""Cases of the classes in ``resources/data_source.py``."""

from __future__ import annotations

from tests.graph.declarations import Plain, ref
from tests.resources.case import Case, Single

NAMED: dict[str, Plain] = {"name": "tag:Name", "values": ["web"]}

CASES: list[Case] = [
    Single(
        "data.aws_vpc",
        {
            "id": "vpc-1",
            "cidr_block": "10.0.0.0/16",
            "default": True,
            "state": "available",
            "filter": [NAMED],
        },
        {
            "id": "vpc-1",
            "cidr_block": "10.0.0.0/16",
            "default": True,
            "state": "available",
            "filters": [NAMED],
        },
    ),
    Single(
        "data.aws_subnet",
        {
            "id": "subnet-1",
            "vpc_id": ref("vpc"),
            "cidr_block": "10.0.1.0/24",
            "availability_zone": "eu-west-1a",
            "default_for_az": True,
            "filter": [NAMED],
        },
        {
            "id": "subnet-1",
            "vpc": ("->", "vpc"),
            "cidr_block": "10.0.1.0/24",
            "availability_zone": "eu-west-1a",
            "default_for_az": True,
            "filters": [NAMED],
        },
    ),
    Single("data.aws_subnets", {"filter": [NAMED]}, {"filters": [NAMED], "vpc": None}),
    Single("data.aws_subnet_ids", {"vpc_id": ref("vpc")}, {"vpc": ("->", "vpc")}),
    Single(
        "data.aws_security_group",
        {"id": "sg-1", "name": "web", "vpc_id": ref("vpc"), "filter": [NAMED]},
        {"id": "sg-1", "name": "web", "vpc": ("->", "vpc"), "filters": [NAMED]},
    ),
    Single("data.aws_security_groups", {"filter": [NAMED]}, {"filters": [NAMED]}),
    Single(
        "data.aws_launch_template",
        {"id": "lt-1", "name": "web", "filter": [NAMED]},
        {"id": "lt-1", "name": "web", "filters": [NAMED]},
    ),
    Single(
        "data.aws_ec2_managed_prefix_list",
        {"id": "pl-1", "name": "com.amazonaws.eu-west-1.s3", "filter": [NAMED]},
        {"id": "pl-1", "name": "com.amazonaws.eu-west-1.s3", "filters": [NAMED]},
    ),
    Single("data.aws_prefix_list", {"prefix_list_id": "pl-1"}, {"id": "pl-1"}),
    Single("data.aws_iam_instance_profile", {"name": "web"}, {"name": "web"}),
    Single("data.aws_iam_role", {"name": "web"}, {"name": "web"}),
    Single(
        "data.aws_iam_policy",
        {"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess", "name": "ReadOnlyAccess"},
        {"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess", "name": "ReadOnlyAccess"},
    ),
    Single(
        "data.aws_ebs_snapshot",
        {"owners": ["self"], "filter": [NAMED]},
        {"owners": ["self"], "filters": [NAMED]},
    ),
    Single("data.aws_ebs_volume", {"filter": [NAMED]}, {"filters": [NAMED]}),
    Single(
        "data.aws_ssm_parameter",
        {"name": "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"},
        {"name": "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"},
    ),
]
