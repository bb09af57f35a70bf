"""Identity providers of an account, as far as they say whose tokens are trusted."""

from iac_ec2lint.resources.field import boolean, references, text
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


class CertificateRoles(Resource):
    """The roles of whoever signs in by a certificate: of AWS IoT, or of IAM Roles Anywhere.

    Sources: AWS IoT Core Developer Guide, "Authorizing direct calls to AWS services using AWS IoT
    Core credential provider"; IAM Roles Anywhere User Guide, "Profiles".
    """

    terraform = ("aws_iot_role_alias", "aws_rolesanywhere_profile")
    cloudformation = ("AWS::IoT::RoleAlias", "AWS::RolesAnywhere::Profile")
    names = ("name",)

    name = text(
        {"aws_iot_role_alias": "alias", "": "name"},
        {"AWS::IoT::RoleAlias": "RoleAlias", "": "Name"},
    )
    role = references(
        {"aws_iot_role_alias": "role_arn", "": "role_arns"},
        {"AWS::IoT::RoleAlias": "RoleArn", "": "RoleArns"},
        to=("Role",),
    )
