"""Amazon Inspector: what it scans, in which accounts."""

from iac_ec2lint.resources.field import boolean, texts
from iac_ec2lint.resources.part import Resource


class InspectorEnabler(Resource):
    """Which types of resources Inspector scans in some accounts."""

    terraform = ("aws_inspector2_enabler",)

    accounts = texts("account_ids", None)
    resource_types = texts("resource_types", None)


class InspectorOrganization(Resource):
    """What Inspector scans in new accounts of an organization."""

    terraform = ("aws_inspector2_organization_configuration",)

    ec2 = boolean("auto_enable.ec2", None)
