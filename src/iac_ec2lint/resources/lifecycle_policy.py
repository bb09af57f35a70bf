"""Policies of Data Lifecycle Manager: which volumes snapshots are taken of, and who shares them."""

from iac_ec2lint.resources.field import anything, parts, text, texts
from iac_ec2lint.resources.part import Part, Resource
from iac_ec2lint.values import Unknown, Val, Value


class Schedule(Part):
    """When snapshots are taken, and the accounts that each is then shared with."""

    target_accounts = texts("share_rule.target_accounts", "ShareRules.TargetAccounts")


class LifecyclePolicy(Resource):
    """A policy (EBS User Guide, "Automate backups with Amazon Data Lifecycle Manager").

    Attributes:
        policy_type: ``EBS_SNAPSHOT_MANAGEMENT``, the only one that shares, where none is said.
        resource_types: ``VOLUME``, or ``INSTANCE`` for all volumes of one.
        target_tags: A map, or a list of pairs: see ``targets``.
    """

    terraform = ("aws_dlm_lifecycle_policy",)
    cloudformation = ("AWS::DLM::LifecyclePolicy",)

    policy_type = text("policy_details.policy_type", "PolicyDetails.PolicyType")
    resource_types = texts("policy_details.resource_types", "PolicyDetails.ResourceTypes")
    schedules = parts(Schedule, "policy_details.schedule", "PolicyDetails.Schedules")
    state = text("state", "State")
    target_tags = anything("policy_details.target_tags", "PolicyDetails.TargetTags")

    @property
    def targets(self) -> tuple[tuple[str, Val], ...]:
        """The tags of which one is enough to be targeted, as far as their keys are known."""
        tags = self.target_tags
        if tags is None:
            return ()
        found = [*tags.items().items()]
        for pair in tags.elements() if not found else ():
            members = pair.items()
            key = members.get("Key")
            if isinstance(key, Value) and key.text is not None and "Value" in members:
                found.append((key.text, members["Value"]))
        return tuple(found)

    @property
    def unknown_targets(self) -> Unknown | None:
        """Why it may target by tags that ``targets`` does not say: a key, or all, is unknown."""
        tags = self.target_tags
        if tags is None or isinstance(tags, Unknown):
            return tags
        pairs = () if tags.items() else tags.elements()
        keys = (pair if isinstance(pair, Unknown) else pair.items().get("Key") for pair in pairs)
        return next((key for key in keys if isinstance(key, Unknown)), None)
