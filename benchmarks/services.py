"""The shape with the most in it: roles, boot scripts, load balancers, endpoints, containers."""

from __future__ import annotations

from collections.abc import Mapping

from networks import (
    IMAGE,
    WORLD,
    Arguments,
    Document,
    Network,
    Ref,
    Script,
    add_group,
    add_instance,
    add_place,
)

_ROLES = 10  # in each VPC with services
_KEY_PAIRS = 5


def services(network: Network) -> None:
    """Roles, key pairs, boot scripts, load balancers, endpoints, enclaves, containers, stores."""
    public, private = add_place(network, 2, 4)
    profiles = [_role(network, i) for i in range(_ROLES)]
    keys = [
        network.add("aws_key_pair", "keys", f"k{i}", key_name=name, public_key=_public_key(name))
        for i, name in enumerate(f"n{network.number}-k{i}" for i in range(_KEY_PAIRS))
    ]
    front = add_group(network, "front", 0, (443, WORLD))
    groups = [_service_group(network, i) for i in range(network.groups - 1)]
    hosts: list[Ref] = []
    for i in range(network.instances):
        more: Arguments = {
            "iam_instance_profile": profiles[i // 7 % _ROLES]._replace(attribute="name"),
            "key_name": keys[i // 11 % _KEY_PAIRS]._replace(attribute="key_name"),
            "metadata_options": tokens("optional" if i % 3 else "required"),
            "user_data": _script(network, i),
            "enclave_options": {"enabled": i % 25 == 0},
        }
        subnet = [*public, *private][i % 6]
        own = groups[i % len(groups)]
        hosts.append(add_instance(network, "hosts", i, subnet, [own], **more))
    _balancers(network, public, front, hosts)
    _containers(network, private, groups[0], profiles[0])
    _endpoints(network, private, groups[1])
    _store(network, private, groups[2])
    for i in range(network.instances // 10):
        network.add(
            "aws_ebs_volume",
            "disks",
            f"d{i}",
            availability_zone="eu-west-1a",
            size=100,
            encrypted=i % 4 != 0,
        )
    user = network.add("aws_iam_user", "users", name=f"n{network.number}-operator")
    network.add(
        "aws_iam_user_policy",
        "user_policies",
        name="operate",
        user=user._replace(attribute="name"),
        policy=_policy((("ssm:StartSession", "ec2:Describe*"), "*")),
    )


def _service_group(network: Network, number: int) -> Ref:
    rules = [(8080, network.cidr_block), (22, network.cidr_block)]
    if number % 4 == 0:
        rules.append((22 if number % 8 == 0 else 8443, WORLD))
    return add_group(network, "services", number, *rules)


def tokens(needed: str) -> Arguments:
    """Metadata options where tokens are ``required`` or ``optional``."""
    limit = 2 if needed == "optional" else 1
    return {"http_tokens": needed, "http_put_response_hop_limit": limit}


def _public_key(name: str) -> str:
    return f"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{name.replace('-', 'x'):A<43} {name}"


def _script(network: Network, number: int) -> Script:
    lines = ["#!/bin/sh", f"hostname n{network.number}-i{number}"]
    if number % 7 == 0:
        lines.append("docker run --detach registry.example.com/service:latest")
    if number % 20 == 1:
        lines.append(f"export DB_PASSWORD=correct-horse-{network.number}-{number}")
    return Script("".join(f"{line}\n" for line in lines))


def _balancers(network: Network, public: list[Ref], front: Ref, hosts: list[Ref]) -> None:
    """An Application and a Network Load Balancer with half of the hosts behind them."""
    for name, kind, port, protocol in (
        ("web", "application", 443, "HTTP"),
        ("tcp", "network", 8443, "TCP"),
    ):
        balancer = network.add(
            "aws_lb",
            f"{name}_balancer",
            name=f"n{network.number}-{name}",
            load_balancer_type=kind,
            internal=False,
            subnets=public,
            **({"security_groups": [front]} if kind == "application" else {}),
        )
        targets = network.add(
            "aws_lb_target_group",
            f"{name}_targets",
            name=f"n{network.number}-{name}",
            port=8080,
            protocol=protocol,
            vpc_id=Ref("vpc", "main"),
        )
        arn = targets._replace(attribute="arn")
        network.add(
            "aws_lb_listener",
            f"{name}_listener",
            load_balancer_arn=balancer._replace(attribute="arn"),
            port=port,
            protocol=protocol,
            default_action=[{"type": "forward", "target_group_arn": arn}],
        )
        start = 2 if kind == "application" else 4
        for i in (*range(start, len(hosts), 6), *range(start + 1, len(hosts), 6)):
            network.add(
                "aws_lb_target_group_attachment",
                f"{name}_attachments",
                f"i{i}",
                target_group_arn=arn,
                target_id=hosts[i],
            )
    offered = network.add(
        "aws_vpc_endpoint_service",
        "offered",
        acceptance_required=network.number % 2 == 0,
        network_load_balancer_arns=[Ref("tcp_balancer", "main", "arn")],
    )
    network.add(
        "aws_vpc_endpoint_service_allowed_principal",
        "takers",
        vpc_endpoint_service_id=offered,
        principal_arn="*",
    )


def _containers(network: Network, private: list[Ref], group: Ref, profile: Ref) -> None:
    """An Auto Scaling group of hosts of containers."""
    template = network.add(
        "aws_launch_template",
        "nodes",
        name=f"n{network.number}-nodes",
        image_id=IMAGE,
        instance_type="m7g.large",
        vpc_security_group_ids=[group],
        user_data=Script("#!/bin/sh\necho ECS_CLUSTER=main >> /etc/ecs/ecs.config\n", encoded=True),
        iam_instance_profile={"name": profile._replace(attribute="name")},
        metadata_options=tokens("optional"),
    )
    network.add(
        "aws_autoscaling_group",
        "fleet",
        min_size=1,
        max_size=9,
        vpc_zone_identifier=private,
        launch_template={"id": template, "version": template._replace(attribute="latest_version")},
    )


def _endpoints(network: Network, private: list[Ref], group: Ref) -> None:
    vpc = Ref("vpc", "main")
    network.add(
        "aws_vpc_endpoint",
        "storage",
        vpc_id=vpc,
        service_name="com.amazonaws.eu-west-1.s3",
        vpc_endpoint_type="Gateway",
        route_table_ids=[Ref("tables", "in")],
    )
    for name in ("ssm", "secretsmanager", "kms"):
        network.add(
            "aws_vpc_endpoint",
            "endpoints",
            name,
            vpc_id=vpc,
            service_name=f"com.amazonaws.eu-west-1.{name}",
            vpc_endpoint_type="Interface",
            subnet_ids=private,
            security_group_ids=[group],
        )


def _store(network: Network, private: list[Ref], group: Ref) -> None:
    name = f"n{network.number}-main"
    subnets = network.add(
        "aws_db_subnet_group", "store_subnets", name=name, description="Main", subnet_ids=private
    )
    network.add(
        "aws_db_instance",
        "store",
        identifier=name,
        engine="postgres",
        instance_class="db.m7g.large",
        allocated_storage=100,
        publicly_accessible=False,
        db_subnet_group_name=subnets._replace(attribute="name"),
        vpc_security_group_ids=[group],
    )


_GRANTS: tuple[tuple[tuple[tuple[str, ...], str], ...], ...] = (
    ((("*",), "*"),),
    ((("s3:GetObject", "s3:ListBucket"), "*"),),
    ((("ec2:CreateSnapshot", "ec2:ModifySnapshotAttribute"), "*"),),
    ((("ssm:GetParameter", "ec2:Describe*"), "*"),),
    (
        (("iam:PassRole",), "arn:aws:iam::123456789012:role/n{network}-*"),
        (("ec2:RunInstances", "lambda:CreateFunction"), "*"),
    ),
    ((("sts:AssumeRole",), "arn:aws:iam::123456789012:role/n{network}-r0"),),
    ((("autoscaling:SetDesiredCapacity", "autoscaling:Describe*"), "*"),),
    ((("secretsmanager:GetSecretValue",), "arn:aws:secretsmanager:*:*:secret:n{network}-*"),),
    ((("logs:PutLogEvents", "logs:CreateLogStream"), "*"), (("dynamodb:*",), "*")),
    ((("ec2:DescribeInstances",), "*"),),
)
"""What the roles of a network may do, role by role."""

_WIDE_GRANTS: dict[int, tuple[tuple[tuple[str, ...], str], ...]] = {
    3: ((("ssm:SendCommand", "ec2:Describe*"), "*"),),
    4: ((("iam:PassRole", "ec2:RunInstances", "lambda:CreateFunction"), "*"),),
    6: ((("ec2:ModifyInstanceAttribute", "ec2:StopInstances", "ec2:StartInstances"), "*"),),
    9: ((("ec2-instance-connect:SendSSHPublicKey", "ec2:DescribeInstances"), "*"),),
}
"""What some of them may do in every tenth network: with whatever is in the account."""


def _role(network: Network, number: int) -> Ref:
    """A role with a policy of its own; gives its instance profile."""
    name = f"n{network.number}-r{number}"
    trusted: list[dict[str, object]] = [{"Service": "ec2.amazonaws.com"}]
    if number == 0:
        trusted.append({"AWS": f"arn:aws:iam::123456789012:role/n{network.number}-r5"})
    if number == 6:
        trusted.append({"AWS": f"arn:aws:iam::{210987654321 + network.number}:root"})
    trust: dict[str, object] = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
            for principal in trusted
        ],
    }
    role = network.add(
        "aws_iam_role", "roles", f"r{number}", name=name, assume_role_policy=Document(trust)
    )
    grants = _GRANTS[number]
    if network.number % 10 == 3:
        grants = _WIDE_GRANTS.get(number, grants)
    given = [(actions, on.format(network=network.number)) for actions, on in grants]
    network.add(
        "aws_iam_role_policy",
        "policies",
        f"r{number}",
        name="service",
        role=role._replace(attribute="name"),
        policy=_policy(*given, ((f"sqs:{_OWN[number % len(_OWN)]}",), f"*{name}")),
    )
    return network.add(
        "aws_iam_instance_profile",
        "profiles",
        f"r{number}",
        name=name,
        role=role._replace(attribute="name"),
    )


_OWN = ("SendMessage", "ReceiveMessage", "DeleteMessage")


def _policy(*grants: tuple[tuple[str, ...], str]) -> Document:
    statements: list[Mapping[str, object]] = [
        {"Effect": "Allow", "Action": list(actions), "Resource": resource}
        for actions, resource in grants
    ]
    return Document({"Version": "2012-10-17", "Statement": statements})
