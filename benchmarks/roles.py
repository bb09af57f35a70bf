"""The shape of an account's roles: as many as instances elsewhere, each with three statements."""

from __future__ import annotations

from collections.abc import Mapping

from networks import Document, Network

_ACCOUNT = "123456789012"
_EVERY = 50
_ADMINISTRATORS = (24, 40)
"""Those of so many roles that are administrators: one of instances, one of functions."""

_Grant = tuple[tuple[str, ...], str]

_GRANTS: tuple[tuple[str, tuple[_Grant, _Grant, _Grant]], ...] = (
    (
        "lambda",
        (
            (("logs:CreateLogStream", "logs:PutLogEvents"), "arn:aws:logs:*:*:log-group:{own}:*"),
            (("s3:GetObject", "s3:PutObject"), "arn:aws:s3:::{own}/*"),
            (("dynamodb:GetItem", "dynamodb:Query"), "arn:aws:dynamodb:*:*:table/{own}"),
        ),
    ),
    (
        "ecs-tasks",
        (
            (("sqs:ReceiveMessage", "sqs:DeleteMessage"), "arn:aws:sqs:*:*:{own}"),
            (("secretsmanager:GetSecretValue",), "arn:aws:secretsmanager:*:*:secret:{own}-*"),
            (("kms:Decrypt",), "arn:aws:kms:*:*:key/*"),
        ),
    ),
    (
        "codebuild",
        (
            (("iam:PassRole",), "arn:aws:iam::*:role/{team}-*"),
            (
                ("lambda:CreateFunction", "lambda:UpdateFunctionCode", "lambda:InvokeFunction"),
                "arn:aws:lambda:*:*:function:{team}-*",
            ),
            (("cloudformation:CreateStack",), "arn:aws:cloudformation:*:*:stack/{team}-*"),
        ),
    ),
    (
        "account",
        (
            (("sts:AssumeRole",), "arn:aws:iam::*:role/{team}-*"),
            (("s3:ListBucket",), "arn:aws:s3:::{own}"),
            (("ssm:GetParameter",), "arn:aws:ssm:*:*:parameter/{own}/*"),
        ),
    ),
    (
        "ec2",
        (
            (("ssmmessages:*", "ssm:UpdateInstanceInformation"), "*"),
            (("ec2:Describe*",), "*"),
            (("s3:GetObject",), "arn:aws:s3:::{team}-*/*"),
        ),
    ),
    (
        "codebuild",
        (
            (("ecs:RegisterTaskDefinition", "ecs:RunTask"), "*"),
            (("iam:PassRole",), "arn:aws:iam::*:role/{own}"),
            (("ecr:*",), "arn:aws:ecr:*:*:repository/{team}-*"),
        ),
    ),
    (
        "account",
        (
            (("ssm:SendCommand", "ssm:StartSession"), "arn:aws:ec2:*:*:instance/*"),
            (("iam:CreateAccessKey",), "arn:aws:iam::*:user/{team}-*"),
            (("iam:Get*", "iam:List*"), "*"),
        ),
    ),
    (
        "glue",
        (
            (("glue:*",), "*"),
            (("iam:PassRole",), "arn:aws:iam::*:role/{team}-glue-*"),
            (("s3:*",), "arn:aws:s3:::{team}-*"),
        ),
    ),
    (
        "ec2",
        (
            (("ec2:RunInstances", "ec2:CreateTags"), "*"),
            (("iam:PassRole",), "arn:aws:iam::*:role/{own}"),
            (("autoscaling:*",), "*"),
        ),
    ),
    (
        "states",
        (
            (("lambda:InvokeFunction",), "arn:aws:lambda:*:*:function:{own}"),
            (("states:StartExecution",), "arn:aws:states:*:*:stateMachine:{own}"),
            (("iam:UpdateAssumeRolePolicy",), "arn:aws:iam::*:role/{own}"),
        ),
    ),
)
"""What each role is for, and what it may do; the roles of one network are one team's."""


def roles(network: Network) -> None:
    """Roles of services, of deployments and of people, and what they may do to each other."""
    team = f"t{network.number}"
    for number in range(network.instances):
        own = f"{team}-r{number}"
        trusted, grants = _GRANTS[number % len(_GRANTS)]
        principal: dict[str, str] = {"Service": f"{trusted}.amazonaws.com"}
        if trusted == "account":
            principal = {"AWS": f"arn:aws:iam::{_ACCOUNT}:root"}
        trust: dict[str, object] = {
            "Statement": [{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}]
        }
        role = network.add(
            "aws_iam_role", "roles", f"r{number}", name=own, assume_role_policy=Document(trust)
        )
        statements: list[Mapping[str, object]] = [
            {
                "Effect": "Allow",
                "Action": list(actions),
                "Resource": on.format(own=own, team=team),
            }
            for actions, on in grants
        ]
        if number % _EVERY in _ADMINISTRATORS:
            statements[0] = {"Effect": "Allow", "Action": "*", "Resource": "*"}
        network.add(
            "aws_iam_role_policy",
            "policies",
            f"r{number}",
            name="own",
            role=role._replace(attribute="name"),
            policy=Document({"Statement": statements}),
        )
        if trusted == "ec2":
            network.add(
                "aws_iam_instance_profile",
                "profiles",
                f"r{number}",
                name=own,
                role=role._replace(attribute="name"),
            )
