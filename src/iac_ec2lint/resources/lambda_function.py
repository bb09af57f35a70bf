"""Lambda functions, as far as they stand in a VPC: carriers of security groups."""

from iac_ec2lint.resources.field import reference, references, text
from iac_ec2lint.resources.part import Resource


class LambdaFunction(Resource):
    """A function; in a VPC its interfaces carry security groups and are reached by nobody."""

    terraform = ("aws_lambda_function",)
    cloudformation = ("AWS::Lambda::Function", "AWS::Serverless::Function")
    names = ("name",)

    code_signing = reference("code_signing_config_arn", "CodeSigningConfigArn", to=("CodeSigning",))
    name = text("function_name", "FunctionName")
    role = reference("role", "Role", to=("Role",))
    security_groups = references(
        "vpc_config.security_group_ids", "VpcConfig.SecurityGroupIds", to=("SecurityGroup",)
    )
    subnets = references("vpc_config.subnet_ids", "VpcConfig.SubnetIds", to=("Subnet",))


class LambdaPermission(Resource):
    """A statement of a function's own policy: who may do what to it.

    Source: AWS Lambda API Reference, AddPermission.
    """

    terraform = ("aws_lambda_permission",)
    cloudformation = ("AWS::Lambda::Permission",)

    action = text("action", "Action")
    function = reference("function_name", "FunctionName", to=("LambdaFunction",))
    organisation = text("principal_org_id", "PrincipalOrgID")
    principal = text("principal", "Principal")
    source = text("source_arn", "SourceArn")
    source_account = text("source_account", "SourceAccount")
