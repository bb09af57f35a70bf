"""CloudTrail: trails, and the event data stores of CloudTrail Lake."""

from iac_ec2lint.resources.field import boolean, parts, reference, text, texts
from iac_ec2lint.resources.part import Part, Resource


class DataResources(Part):
    """The data events that an event selector records beside management events."""

    kind = text("type", "Type")


class EventSelector(Part):
    """What a trail records: management events, their read or write half, data events."""

    data_resources = parts(DataResources, "data_resource", "DataResources")
    excluded_sources = texts("exclude_management_event_sources", "ExcludeManagementEventSources")
    include_management_events = boolean(
        "include_management_events", "IncludeManagementEvents", implied=True
    )
    read_write_type = text("read_write_type", "ReadWriteType", implied="All")


class FieldSelector(Part):
    """A condition of an advanced event selector on one field of events."""

    ends_with = texts("ends_with", "EndsWith")
    equals_ = texts("equals", "Equals")
    field = text("field", "Field")
    not_ends_with = texts("not_ends_with", "NotEndsWith")
    not_equals = texts("not_equals", "NotEquals")
    not_starts_with = texts("not_starts_with", "NotStartsWith")
    starts_with = texts("starts_with", "StartsWith")


class AdvancedEventSelector(Part):
    """Events that meet all of some conditions are recorded."""

    conditions = parts(FieldSelector, "field_selector", "FieldSelectors")


class Trail(Resource):
    """A trail (CloudTrail User Guide, "Working with CloudTrail trails")."""

    terraform = ("aws_cloudtrail",)
    cloudformation = ("AWS::CloudTrail::Trail",)

    advanced_event_selectors = parts(
        AdvancedEventSelector, "advanced_event_selector", "AdvancedEventSelectors"
    )
    enable_log_file_validation = boolean(
        "enable_log_file_validation", "EnableLogFileValidation", implied=False
    )
    # CloudFormation has no default: the property is required there.
    enable_logging = boolean("enable_logging", "IsLogging", implied={"aws_cloudtrail": True})
    event_selectors = parts(EventSelector, "event_selector", "EventSelectors")
    include_global_service_events = boolean(
        "include_global_service_events", "IncludeGlobalServiceEvents", implied=True
    )
    is_multi_region = boolean("is_multi_region_trail", "IsMultiRegionTrail", implied=False)
    is_organization_trail = boolean("is_organization_trail", "IsOrganizationTrail", implied=False)
    kms_key = reference("kms_key_id", "KMSKeyId")
    log_group = reference(
        "cloud_watch_logs_group_arn", "CloudWatchLogsLogGroupArn", to=("LogGroup",)
    )
    log_group_role = reference("cloud_watch_logs_role_arn", "CloudWatchLogsRoleArn", to=("Role",))


class EventDataStore(Resource):
    """An event data store (CloudTrail User Guide, "CloudTrail Lake event data stores")."""

    terraform = ("aws_cloudtrail_event_data_store",)
    cloudformation = ("AWS::CloudTrail::EventDataStore",)

    kms_key = reference("kms_key_id", "KmsKeyId")
