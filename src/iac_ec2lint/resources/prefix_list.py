"""Customer-managed prefix lists and their entries."""

from iac_ec2lint.resources.field import number, parts, reference, text
from iac_ec2lint.resources.part import Part, Resource


class PrefixListEntry(Part):
    """An address range of a prefix list."""

    cidr = text("cidr", "Cidr")
    description = text("description", "Description")


class PrefixList(Resource):
    """A customer-managed prefix list (VPC User Guide, "Managed prefix lists")."""

    terraform = ("aws_ec2_managed_prefix_list",)
    cloudformation = ("AWS::EC2::PrefixList",)
    names = ("name",)

    address_family = text("address_family", "AddressFamily")
    entries = parts(PrefixListEntry, "entry", "Entries")
    max_entries = number("max_entries", "MaxEntries")
    name = text("name", "PrefixListName")


class SeparatePrefixListEntry(Resource, PrefixListEntry):
    """An address range of a prefix list, declared on its own."""

    terraform = ("aws_ec2_managed_prefix_list_entry",)

    prefix_list = reference("prefix_list_id", None, to=("PrefixList",))
