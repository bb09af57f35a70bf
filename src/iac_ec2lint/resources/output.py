"""What a root module, a module or a stack tells others."""

from iac_ec2lint.resources.auxiliary import Auxiliary
from iac_ec2lint.resources.field import anything, boolean, text


class Output(Auxiliary):
    """An output value of a module (``output.name``), or an entry of ``Outputs`` (``Outputs.Name``).

    In both languages it stands after the address of its module or nested stack.
    """

    # The type is one in both languages, and the first spelling that is written counts.
    terraform = ("output",)

    description = text(("description", "Description"), None)
    ephemeral = boolean("ephemeral", None, implied=False)
    export_name = text("Export.Name", None)
    sensitive = boolean("sensitive", None, implied=False)
    value = anything(("value", "Value"), None)
