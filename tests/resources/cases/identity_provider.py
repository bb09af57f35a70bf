"""Cases of the classes in ``resources/identity_provider.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair, Single

ARN = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"

CASES: list[Case] = [
    Pair(
        "aws_iam_openid_connect_provider",
        {"url": "https://token.actions.githubusercontent.com"},
        "AWS::IAM::OIDCProvider",
        {"Url": "https://token.actions.githubusercontent.com"},
    ),
    Single(
        "data.aws_iam_openid_connect_provider",
        {"arn": ARN, "url": "https://token.actions.githubusercontent.com"},
        {"arn": ARN, "url": "https://token.actions.githubusercontent.com"},
    ),
    Pair(
        "aws_cognito_identity_pool",
        {
            "allow_classic_flow": True,
            "allow_unauthenticated_identities": True,
            "developer_provider_name": "login.example",
        },
        "AWS::Cognito::IdentityPool",
        {
            "AllowClassicFlow": True,
            "AllowUnauthenticatedIdentities": True,
            "DeveloperProviderName": "login.example",
        },
    ),
    Pair(
        "aws_iot_role_alias",
        {"alias": "fleet", "role_arn": ref("r")},
        "AWS::IoT::RoleAlias",
        {"RoleAlias": "fleet", "RoleArn": ref("r")},
    ),
    Pair(
        "aws_rolesanywhere_profile",
        {"name": "racks", "role_arns": [ref("r")]},
        "AWS::RolesAnywhere::Profile",
        {"Name": "racks", "RoleArns": [ref("r")]},
    ),
    Pair("aws_iam_saml_provider", {"name": "corp"}, "AWS::IAM::SAMLProvider", {"Name": "corp"}),
]
