"""Patch baselines of Systems Manager: which patches are installed, and when they are approved."""

from iac_ec2lint.resources.field import boolean, number, parts, reference, text, texts
from iac_ec2lint.resources.part import Part, Resource


class PatchFilter(Part):
    """A filter of patches (Systems Manager API Reference, ``PatchFilter``)."""

    key = text("key", "Key")
    values = texts("values", "Values")


class ApprovalRule(Part):
    """A rule that approves patches: a number of days after their release, or up to a date."""

    approve_after_days = number("approve_after_days", "ApproveAfterDays")
    approve_until_date = text("approve_until_date", "ApproveUntilDate")
    enable_non_security = boolean("enable_non_security", "EnableNonSecurity", implied=False)
    filters = parts(PatchFilter, "patch_filter", "PatchFilterGroup.PatchFilters")


class PatchBaseline(Resource):
    """A patch baseline (Systems Manager User Guide, "Patch baselines").

    Attributes:
        is_default: Whether it is the default of its operating system (CloudFormation).
        patch_groups: The patch groups that it is for (CloudFormation).
    """

    terraform = ("aws_ssm_patch_baseline",)
    cloudformation = ("AWS::SSM::PatchBaseline",)
    names = ("name",)

    approval_rules = parts(ApprovalRule, "approval_rule", "ApprovalRules.PatchRules")
    approved_patches = texts("approved_patches", "ApprovedPatches")
    global_filters = parts(PatchFilter, "global_filter", "GlobalFilters.PatchFilters")
    is_default = boolean(None, "DefaultBaseline")
    name = text("name", "Name")
    operating_system = text("operating_system", "OperatingSystem", implied="WINDOWS")
    patch_groups = texts(None, "PatchGroups")
    rejected_patches = texts("rejected_patches", "RejectedPatches")


class DefaultPatchBaseline(Resource):
    """That a baseline is the default of an operating system."""

    terraform = ("aws_ssm_default_patch_baseline",)

    baseline = reference("baseline_id", None, to=("PatchBaseline",))


class PatchGroup(Resource):
    """That a baseline is for a patch group: instances with that value of the tag ``PatchGroup``."""

    terraform = ("aws_ssm_patch_group",)

    baseline = reference("baseline_id", None, to=("PatchBaseline",))
    group = text("patch_group", None)
