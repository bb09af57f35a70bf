"""AWS Config: what records the configuration of resources, and what judges it."""

from iac_ec2lint.resources.field import anything, boolean, part, parts, reference, text, texts
from iac_ec2lint.resources.part import Part, Resource


class RecordingGroup(Part):
    """Which types of resources a recorder records."""

    all_supported = boolean("all_supported", "AllSupported")
    excluded_types = texts(
        "exclusion_by_resource_types.resource_types", "ExclusionByResourceTypes.ResourceTypes"
    )
    resource_types = texts("resource_types", "ResourceTypes")
    strategy = text("recording_strategy.use_only", "RecordingStrategy.UseOnly")


class ConfigRecorder(Resource):
    """A configuration recorder (AWS Config Developer Guide, "Configuration recorder")."""

    terraform = ("aws_config_configuration_recorder",)
    cloudformation = ("AWS::Config::ConfigurationRecorder",)
    names = ("name",)

    name = text("name", "Name")
    recording_group = part(RecordingGroup, "recording_group", "RecordingGroup")


class ConfigRecorderStatus(Resource):
    """Whether a recorder records: CloudFormation starts its recorders itself."""

    terraform = ("aws_config_configuration_recorder_status",)

    is_enabled = boolean("is_enabled", None)
    recorder = reference("name", None, to=("ConfigRecorder",))


class DeliveryChannel(Resource):
    """Where a recorder delivers to: without one it cannot start."""

    terraform = ("aws_config_delivery_channel",)
    cloudformation = ("AWS::Config::DeliveryChannel",)

    bucket = reference("s3_bucket_name", "S3BucketName")


class AggregationSource(Part):
    """The accounts and Regions that an aggregator collects from."""

    all_regions = boolean("all_regions", "AllAwsRegions", implied=False)


class ConfigAggregator(Resource):
    """What collects the data of several accounts and Regions."""

    terraform = ("aws_config_configuration_aggregator",)
    cloudformation = ("AWS::Config::ConfigurationAggregator",)

    accounts = parts(AggregationSource, "account_aggregation_source", "AccountAggregationSources")
    organization = parts(
        AggregationSource, "organization_aggregation_source", "OrganizationAggregationSource"
    )


class ConfigRule(Resource):
    """A rule that judges recorded resources."""

    terraform = ("aws_config_config_rule",)
    cloudformation = ("AWS::Config::ConfigRule",)

    identifier = text("source.source_identifier", "Source.SourceIdentifier")
    owner = text("source.owner", "Source.Owner")
    resource_types = texts("scope.compliance_resource_types", "Scope.ComplianceResourceTypes")


class ConformancePack(Resource):
    """A set of rules that is deployed as one."""

    terraform = ("aws_config_conformance_pack",)
    cloudformation = ("AWS::Config::ConformancePack",)

    template_body = anything("template_body", "TemplateBody")
