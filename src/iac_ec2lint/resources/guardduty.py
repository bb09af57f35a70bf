"""GuardDuty: detectors, what they look at, and what new accounts of an organization get."""

from iac_ec2lint.resources.field import boolean, parts, reference, text
from iac_ec2lint.resources.part import Part, Resource


class FeatureSetting(Part):
    """A protection plan of a detector, or a part of one.

    Attributes:
        status: ``ENABLED`` or ``DISABLED``.
    """

    name = text("name", "Name")
    status = text("status", "Status")


class Feature(FeatureSetting):
    """A protection plan: ``RUNTIME_MONITORING``, ``EBS_MALWARE_PROTECTION``, ..."""

    additional = parts(FeatureSetting, "additional_configuration", "AdditionalConfiguration")


class Detector(Resource):
    """What looks for threats in a Region (GuardDuty User Guide, "Concepts and terminology")."""

    terraform = ("aws_guardduty_detector",)
    cloudformation = ("AWS::GuardDuty::Detector",)

    # CloudFormation has no default: the property is required there.
    enable = boolean("enable", "Enable", implied={"aws_guardduty_detector": True})
    features = parts(Feature, None, "Features")
    scans_disks = boolean(
        "datasources.malware_protection.scan_ec2_instance_with_findings.ebs_volumes.enable",
        "DataSources.MalwareProtection.ScanEc2InstanceWithFindings.EbsVolumes",
    )


class DetectorFeature(Resource, Feature):
    """A protection plan, declared on its own."""

    terraform = ("aws_guardduty_detector_feature",)

    detector = reference("detector_id", None, to=("Detector",))


class GuardDutyOrganization(Resource):
    """Which accounts of an organization get a detector by themselves."""

    terraform = ("aws_guardduty_organization_configuration",)

    auto_enable = text("auto_enable_organization_members", None)
    detector = reference("detector_id", None, to=("Detector",))


class OrganizationFeatureSetting(Part):
    """A protection plan of new accounts, or a part of one.

    Attributes:
        auto_enable: ``NEW``, ``ALL`` or ``NONE``.
    """

    auto_enable = text("auto_enable", None)
    name = text("name", None)


class OrganizationFeature(Resource, OrganizationFeatureSetting):
    """A protection plan that accounts of an organization get by themselves."""

    terraform = ("aws_guardduty_organization_configuration_feature",)

    additional = parts(OrganizationFeatureSetting, "additional_configuration", None)
    detector = reference("detector_id", None, to=("Detector",))


class GuardDutyAdministrator(Resource):
    """Which account administers GuardDuty for an organization: its detectors are there."""

    terraform = ("aws_guardduty_organization_admin_account",)

    account = text("admin_account_id", None)
