"""Identity providers of an account, as far as they say whose tokens are trusted."""

from iac_ec2lint.resources.field import boolean, text
from iac_ec2lint.resources.part import DataSource, Resource


class OpenIdProvider(Resource):
    """An OpenID Connect provider: the issuer whose tokens roles can trust."""

    terraform = ("aws_iam_openid_connect_provider",)
    cloudformation = ("AWS::IAM::OIDCProvider",)

    url = text("url", "Url")


class OpenIdProviderDataSource(DataSource):
    """An OpenID Connect provider looked up, by its ARN or its issuer."""

    terraform = ("data.aws_iam_openid_connect_provider",)
    finds = "OpenIdProvider"

    arn = text("arn", None)
    url = text("url", None)


class SamlProvider(Resource):
    """A SAML provider: the metadata of whoever makes assertions that roles can trust."""

    terraform = ("aws_iam_saml_provider",)
    cloudformation = ("AWS::IAM::SAMLProvider",)

    name = text("name", "Name")


class CognitoIdentityPool(Resource):
    """An identity pool of Cognito: whose users, and whether guests, have credentials.

    Attributes:
        classic: Whether the basic flow is on, in which guests ask STS for the role themselves.
        developer_name: What calls of the account itself name that say who somebody is.
    """

    terraform = ("aws_cognito_identity_pool",)
    cloudformation = ("AWS::Cognito::IdentityPool",)

    classic = boolean("allow_classic_flow", "AllowClassicFlow", implied=False)
    developer_name = text("developer_provider_name", "DeveloperProviderName")
    lets_guests_in = boolean(
        "allow_unauthenticated_identities", "AllowUnauthenticatedIdentities", implied=False
    )
