"""Domains of SageMaker AI Studio and their user profiles."""

from iac_ec2lint.resources.field import reference, references, text
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.resources.service_interfaces import WorkWithRole


class StudioDomain(WorkWithRole):
    """A domain, whose users work with the role that it, or their profile, says.

    Source: Amazon SageMaker AI API Reference, CreateDomain (``AuthMode``, ``DefaultUserSettings``).
    """

    terraform = ("aws_sagemaker_domain",)
    cloudformation = ("AWS::SageMaker::Domain",)
    names = ("name",)

    authentication = text("auth_mode", "AuthMode")
    name = text("domain_name", "DomainName")
    role = reference(
        "default_user_settings.execution_role", "DefaultUserSettings.ExecutionRole", to=("Role",)
    )
    security_groups = references(
        "default_user_settings.security_groups",
        "DefaultUserSettings.SecurityGroups",
        to=("SecurityGroup",),
    )


class StudioUser(Resource):
    """A user profile of a domain: without a role of its own it has the domain's.

    Source: Amazon SageMaker AI API Reference, CreateUserProfile (``UserSettings``).
    """

    terraform = ("aws_sagemaker_user_profile",)
    cloudformation = ("AWS::SageMaker::UserProfile",)

    domain = reference("domain_id", "DomainId", to=("StudioDomain",))
    name = text("user_profile_name", "UserProfileName")
    role = reference("user_settings.execution_role", "UserSettings.ExecutionRole", to=("Role",))
