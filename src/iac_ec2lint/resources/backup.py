"""AWS Backup: plans, what they select, and the vaults that recovery points are kept in."""

from iac_ec2lint.resources.field import part, parts, reference, references, text
from iac_ec2lint.resources.part import Part, Resource


class BackupVault(Resource):
    """A vault of recovery points (AWS Backup Developer Guide, "Backup vaults")."""

    terraform = ("aws_backup_vault",)
    cloudformation = ("AWS::Backup::BackupVault",)
    names = ("name",)

    kms_key = reference("kms_key_arn", "EncryptionKeyArn", to=("KmsKey",))
    name = text("name", "BackupVaultName")


class BackupCopy(Part):
    """A copy of each recovery point in another vault, of another Region or account."""

    vault = reference("destination_vault_arn", "DestinationBackupVaultArn", to=("BackupVault",))


class BackupRule(Part):
    """When a plan backs up, into which vault, and where copies go."""

    copies = parts(BackupCopy, "copy_action", "CopyActions")
    name = text("rule_name", "RuleName")
    vault = reference("target_vault_name", "TargetBackupVault", to=("BackupVault",))


class BackupPlan(Resource):
    """A backup plan; what it backs up is in selections."""

    terraform = ("aws_backup_plan",)
    cloudformation = ("AWS::Backup::BackupPlan",)

    rules = parts(BackupRule, "rule", "BackupPlan.BackupPlanRule")


class SelectedTag(Part):
    """The key of a tag, and its value."""

    key = text("key", "ConditionKey")
    value = text("value", "ConditionValue")


class SelectionConditions(Part):
    """What must be true of all that is selected; keys begin with ``aws:ResourceTag/``."""

    equal = parts(SelectedTag, "string_equals", "StringEquals")
    like = parts(SelectedTag, "string_like", "StringLike")
    other_than = parts(SelectedTag, "string_not_equals", "StringNotEquals")
    unlike = parts(SelectedTag, "string_not_like", "StringNotLike")


class BackupSelection(Resource):
    """What a plan backs up (AWS Backup API Reference, ``BackupSelection``).

    Attributes:
        conditions: What else must be true of what is selected.
        excluded: ARNs of what is not backed up.
        resources: ARNs, with ``*``, of what is.
        tags_selected: Tags of what is; one of them is enough.
    """

    terraform = ("aws_backup_selection",)
    cloudformation = ("AWS::Backup::BackupSelection",)

    conditions = part(SelectionConditions, "condition", "BackupSelection.Conditions")
    excluded = references(
        "not_resources", "BackupSelection.NotResources", to=("Volume", "Instance")
    )
    plan = reference("plan_id", "BackupPlanId", to=("BackupPlan",))
    resources = references("resources", "BackupSelection.Resources", to=("Volume", "Instance"))
    tags_selected = parts(SelectedTag, "selection_tag", "BackupSelection.ListOfTags")
