"""Provider configurations: ``provider "aws"``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

from iac_ec2lint.resources.auxiliary import Auxiliary
from iac_ec2lint.resources.field import anything, boolean, parts, text, texts
from iac_ec2lint.resources.part import Part
from iac_ec2lint.source.regular_expression import regular_expression

if TYPE_CHECKING:
    from iac_ec2lint.values import Val


class AssumedRole(Part):
    """The role that a provider or a backend assumes."""

    external_id = text("external_id", None)
    policy = anything("policy", None)
    role_arn = text("role_arn", None)
    session_name = text("session_name", None)
    web_identity_token = text("web_identity_token", None)
    web_identity_token_file = text("web_identity_token_file", None)


class Endpoints(Part):
    """The addresses that a provider sends requests to, in place of AWS's own."""

    @property
    def by_service(self) -> dict[str, Val]:
        """The address of each service that has one: ``ec2``, ``sts``."""
        found = {
            name: layer.section.get(name) for layer in self.layers for name in layer.section.names()
        }
        return {name: value for name, value in found.items() if value is not None}


_VERSION: Final = regular_expression(r"\s*(=|!=|>=|<=|>|<|~>)?\s*v?(\d+)((?:\.\d+)*)\s*")
"""One part of a version constraint."""


def side_of(constraint: str, major: int) -> Literal["before", "from", ""]:
    """On which side of a major version all versions lie that a constraint allows.

    Args:
        constraint: The constraint: ``>= 4.0, < 6.0``.
        major: The version.

    Returns:
        Empty where they may lie on both.
    """
    for part in map(_VERSION.fullmatch, constraint.split(",")):
        side = "" if part is None else _side(part, major)
        if side:
            return side
    return ""


def _side(part: re.Match[str], major: int) -> Literal["before", "from", ""]:
    """On which side of a major version one part of a constraint leaves a version."""
    sign, first, rest = part[1] or "=", int(part[2]), part[3]
    ends = sign == "<" and first == major and not rest.strip(".0")
    if ends or (first < major and sign in {"=", "<", "<=", "~>"}):
        return "before"
    return "from" if first >= major and sign in {"=", ">=", ">", "~>"} else ""


class RequiredProviders(Auxiliary):
    """Which versions of its providers a module takes.

    Source: Terraform language, "Provider Requirements" and "Version Constraints".
    """

    terraform = ("terraform.required_providers",)

    def version_of(self, name: str) -> str:
        """The constraint on the version of a provider (``aws``), or empty."""
        for written in self.declared.body.names():
            value = self.declared.body.get(written)
            said = {} if value is None else value.items()
            source, version = (said.get(key) for key in ("source", "version"))
            kind = (source.text if source is not None else None) or written
            text = version.text if version is not None else None if value is None else value.text
            if kind.rpartition("/")[2] == name and text is not None:
                return text
        return ""


class LockedProvider(Auxiliary):
    """The version of a provider that ``terraform init`` has selected, in the lock file.

    Its address is ``terraform.provider_lock.aws``. Source: Terraform language, "Dependency Lock
    File".
    """

    terraform = ("terraform.provider_lock",)

    version = text("version", None)

    @property
    def provider(self) -> str:
        """The provider: ``aws``."""
        return self.address.rpartition(".")[2]


class Provider(Auxiliary):
    """A configuration of the AWS provider (its documentation, "Provider Configuration").

    So is one of Cloud Control's provider, which signs in alike, and gives no tags.

    Its address is ``provider.aws``, with an alias ``provider.aws.west``, after that of its module.
    What it does not say may come from the environment, or from files of the AWS CLI.
    """

    terraform = ("provider.aws", "provider.awscc")

    access_key = text("access_key", None)
    alias = text("alias", None)
    allowed_account_ids = texts("allowed_account_ids", None)
    assumed_roles = parts(AssumedRole, "assume_role", None)
    assumed_roles_by_web_identity = parts(AssumedRole, "assume_role_with_web_identity", None)
    default_tags = anything("default_tags.tags", None)
    endpoints = parts(Endpoints, "endpoints", None)
    forbidden_account_ids = texts("forbidden_account_ids", None)
    http_proxy = text("http_proxy", None)
    insecure = boolean("insecure", None, implied=False)
    metadata_endpoint = text("ec2_metadata_service_endpoint", None)
    profile = text("profile", None)
    region = text("region", None)
    secret_key = text("secret_key", None)
    shared_config_files = texts("shared_config_files", None)
    shared_credentials_files = texts("shared_credentials_files", None)
    skip_credentials_validation = boolean("skip_credentials_validation", None, implied=False)
    skip_metadata_api_check = boolean("skip_metadata_api_check", None, implied=False)
    skip_region_validation = boolean("skip_region_validation", None, implied=False)
    skip_requesting_account_id = boolean("skip_requesting_account_id", None, implied=False)
    token = text("token", None)
    use_fips_endpoint = boolean("use_fips_endpoint", None, implied=False)
    version = text("version", None)
