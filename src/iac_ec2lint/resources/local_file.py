"""Files that Terraform writes where it runs."""

from iac_ec2lint.resources.auxiliary import Auxiliary
from iac_ec2lint.resources.field import text


class LocalFile(Auxiliary):
    """A file that is written where Terraform runs, its content in the state (Local provider)."""

    terraform = ("local_file", "local_sensitive_file")

    content = text(
        {"local_file": ("content", "sensitive_content"), "local_sensitive_file": "content"}, None
    )
    content_base64 = text("content_base64", None)
    filename = text("filename", None)
