"""Where Terraform keeps its state, and the states of others that it reads."""

from __future__ import annotations

from typing import ClassVar

from iac_ec2lint.resources.auxiliary import Auxiliary
from iac_ec2lint.resources.field import anything, boolean, part, parts, text, texts
from iac_ec2lint.resources.part import Part
from iac_ec2lint.resources.provider import AssumedRole


class Backend(Auxiliary):
    """Where a root module keeps its state (Terraform, "Backend block configuration overview").

    Its address is its type: ``terraform.backend.s3``. A module that is called has none. What it
    does not say may be given to ``terraform init`` (``-backend-config``).
    """

    terraform: ClassVar[tuple[str, ...]] = (
        "terraform.backend.azurerm",
        "terraform.backend.consul",
        "terraform.backend.cos",
        "terraform.backend.gcs",
        "terraform.backend.http",
        "terraform.backend.kubernetes",
        "terraform.backend.local",
        "terraform.backend.oci",
        "terraform.backend.oss",
        "terraform.backend.pg",
        "terraform.backend.remote",
        "terraform.cloud",
    )


class S3Settings(Part):
    """A state in a bucket, and who reads it (Terraform, "Backend Type: s3")."""

    access_key = text("access_key", None)
    acl = text("acl", None)
    allowed_account_ids = texts("allowed_account_ids", None)
    assumed_roles = parts(AssumedRole, "assume_role", None)
    assumed_roles_by_web_identity = parts(AssumedRole, "assume_role_with_web_identity", None)
    bucket = text("bucket", None)
    dynamodb_table = text("dynamodb_table", None)
    encrypt = boolean("encrypt", None, implied=False)
    external_id = text("external_id", None)
    forbidden_account_ids = texts("forbidden_account_ids", None)
    key = text("key", None)
    kms_key = text("kms_key_id", None)
    profile = text("profile", None)
    region = text("region", None)
    role_arn = text("role_arn", None)
    secret_key = text("secret_key", None)
    skip_credentials_validation = boolean("skip_credentials_validation", None, implied=False)
    skip_metadata_api_check = boolean("skip_metadata_api_check", None, implied=False)
    skip_region_validation = boolean("skip_region_validation", None, implied=False)
    skip_requesting_account_id = boolean("skip_requesting_account_id", None, implied=False)
    skip_s3_checksum = boolean("skip_s3_checksum", None, implied=False)
    sse_customer_key = text("sse_customer_key", None)
    token = text("token", None)
    use_lockfile = boolean("use_lockfile", None, implied=False)
    workspace_key_prefix = text("workspace_key_prefix", None)


class S3Backend(Backend, S3Settings):
    """A state in a bucket. Where bucket or key is absent, they are given elsewhere."""

    terraform = ("terraform.backend.s3",)


class RemoteState(Auxiliary):
    """The outputs of another root module, read from its state (``terraform_remote_state``).

    Attributes:
        config: Where that state is, if it is in a bucket.
    """

    terraform = ("data.terraform_remote_state",)

    backend = text("backend", None)
    config = part(S3Settings, "config", None)
    defaults = anything("defaults", None)
    workspace = text("workspace", None)
