"""Policies of Data Lifecycle Manager: of what snapshots are taken, and where they go."""

from iac_ec2lint.resources.field import anything, boolean, part, parts, reference, text, texts
from iac_ec2lint.resources.part import Part, Resource
from iac_ec2lint.resources.tag_pairs import tag_pairs
from iac_ec2lint.values import Unknown, Val


class CopyRule(Part):
    """A copy in another Region of each snapshot or image that a schedule makes."""

    encrypted = boolean("encrypted", "Encrypted", implied=False)
    kms_key = reference("cmk_arn", "CmkArn")
    target = text(("target", "target_region"), ("Target", "TargetRegion"))


class EventCopy(CopyRule):
    """A copy in another Region of each snapshot that another account shares."""

    encrypted = boolean(
        "encryption_configuration.encrypted", "EncryptionConfiguration.Encrypted", implied=False
    )
    kms_key = reference("encryption_configuration.cmk_arn", "EncryptionConfiguration.CmkArn")
    target = text("target", "Target")


class Schedule(Part):
    """When snapshots are taken, where they are copied, and the accounts that share them."""

    copy_rules = parts(CopyRule, "cross_region_copy_rule", "CrossRegionCopyRules")
    target_accounts = texts("share_rule.target_accounts", "ShareRules.TargetAccounts")


class Exclusions(Part):
    """What a default policy leaves out."""

    boot_volumes = boolean("exclude_boot_volumes", "ExcludeBootVolumes", implied=False)


class LifecyclePolicy(Resource):
    """A policy (EBS User Guide, "Automate backups with Amazon Data Lifecycle Manager").

    Attributes:
        copy_regions: Where a default policy copies to.
        default_policy: ``VOLUME`` or ``INSTANCE``: all of these in the Region, tagged or not.
        policy_type: ``EBS_SNAPSHOT_MANAGEMENT``, the only one that shares, where none is said.
        resource_types: ``VOLUME``, or ``INSTANCE`` for all volumes of one.
        target_tags: A map, or a list of pairs: see ``targets``.
    """

    terraform = ("aws_dlm_lifecycle_policy",)
    cloudformation = ("AWS::DLM::LifecyclePolicy",)

    copy_regions = texts(
        None,
        (
            "CrossRegionCopyTargets.TargetRegion",
            "PolicyDetails.CrossRegionCopyTargets.TargetRegion",
        ),
    )
    default_policy = text("default_policy", "DefaultPolicy")
    event_copies = parts(
        EventCopy,
        "policy_details.action.cross_region_copy",
        "PolicyDetails.Actions.CrossRegionCopy",
    )
    exclusions = part(
        Exclusions, "policy_details.exclusions", ("Exclusions", "PolicyDetails.Exclusions")
    )
    policy_type = text("policy_details.policy_type", "PolicyDetails.PolicyType")
    resource_types = texts("policy_details.resource_types", "PolicyDetails.ResourceTypes")
    schedules = parts(Schedule, "policy_details.schedule", "PolicyDetails.Schedules")
    state = text("state", "State")
    target_tags = anything("policy_details.target_tags", "PolicyDetails.TargetTags")

    @property
    def targets(self) -> tuple[tuple[str, Val], ...]:
        """The tags of which one is enough to be targeted, as far as their keys are known."""
        return tag_pairs(self.target_tags)[0]

    @property
    def unknown_targets(self) -> Unknown | None:
        """Why it may target by tags that ``targets`` does not say: a key, or all, is unknown."""
        return tag_pairs(self.target_tags)[1]
