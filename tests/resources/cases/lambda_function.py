"""Cases of the classes in ``resources/lambda_function.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair
from tests.resources.settings import GROUP

CASES: list[Case] = [
    Pair(
        "aws_lambda_function",
        {
            "code_signing_config_arn": ref("signing", "arn"),
            "function_name": "f",
            "role": ref("role", "arn"),
            "vpc_config": [{"subnet_ids": [ref("subnet")], "security_group_ids": [GROUP]}],
        },
        "AWS::Lambda::Function",
        {
            "CodeSigningConfigArn": ref("signing", "CodeSigningConfigArn"),
            "FunctionName": "f",
            "Role": ref("role", "Arn"),
            "VpcConfig": {"SubnetIds": [ref("subnet")], "SecurityGroupIds": [GROUP]},
        },
    ),
    Pair(
        "aws_lambda_permission",
        {
            "action": "lambda:InvokeFunction",
            "function_name": ref("f", "function_name"),
            "principal": "s3.amazonaws.com",
            "principal_org_id": "o-a1b2c3d4e5",
            "source_account": "123456789012",
            "source_arn": "arn:aws:s3:::b",
        },
        "AWS::Lambda::Permission",
        {
            "Action": "lambda:InvokeFunction",
            "FunctionName": ref("f", "Ref"),
            "Principal": "s3.amazonaws.com",
            "PrincipalOrgID": "o-a1b2c3d4e5",
            "SourceAccount": "123456789012",
            "SourceArn": "arn:aws:s3:::b",
        },
    ),
]
