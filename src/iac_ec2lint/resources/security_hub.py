"""Security Hub: whether it is on, and by which standards it judges."""

from iac_ec2lint.resources.field import boolean, text
from iac_ec2lint.resources.part import Resource


class SecurityHub(Resource):
    """Security Hub in an account and Region; it brings its default standards along."""

    terraform = ("aws_securityhub_account",)
    cloudformation = ("AWS::SecurityHub::Hub",)

    enable_default_standards = boolean(
        "enable_default_standards", "EnableDefaultStandards", implied=True
    )


class SecurityHubStandard(Resource):
    """A standard that Security Hub judges by."""

    terraform = ("aws_securityhub_standards_subscription",)
    cloudformation = ("AWS::SecurityHub::Standard",)

    standard = text("standards_arn", "StandardsArn")


class SecurityHubOrganization(Resource):
    """How Security Hub is set up in the accounts of an organization: ``CENTRAL`` by policies."""

    terraform = ("aws_securityhub_organization_configuration",)
    cloudformation = ("AWS::SecurityHub::OrganizationConfiguration",)

    configuration_type = text(
        "organization_configuration.configuration_type", "ConfigurationType", implied="LOCAL"
    )
    standards = text("auto_enable_standards", "AutoEnableStandards", implied="DEFAULT")
