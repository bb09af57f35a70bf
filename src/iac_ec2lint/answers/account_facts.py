"""What an account does outside of the code, as the resources that would declare it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.declaration import Declaration, ValueSection
from iac_ec2lint.values import Step, Value
from iac_ec2lint.values.known import (
    ACCOUNT_ADDRESS,
    ENCRYPTED_BY_DEFAULT,
    ENDPOINTS_ELSEWHERE,
    FLOW_LOGS_ELSEWHERE,
    NO_ADDRESS_ELSEWHERE,
    NO_DEFAULT_VPC,
    USED_ELSEWHERE,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from iac_ec2lint.values.known import Known


class AccountSetting(NamedTuple):
    """A setting of an account.

    Attributes:
        type: The resource that declares it; empty of what none does.
        argument: The argument that turns it on.
        value: Its value then.
        words: What it does.
    """

    type: str
    argument: str
    value: bool | str
    words: str


ACCOUNT_FACTS: Final[Mapping[str, AccountSetting]] = {
    ENCRYPTED_BY_DEFAULT: AccountSetting(
        "aws_ebs_encryption_by_default", "enabled", True, "New EBS volumes are encrypted."
    ),
    "imdsv2-by-default": AccountSetting(
        "aws_ec2_instance_metadata_defaults",
        "http_tokens",
        "required",
        "New instances answer IMDSv2 alone, where they say nothing.",
    ),
    "snapshot-block-public-access": AccountSetting(
        "aws_ebs_snapshot_block_public_access",
        "state",
        "block-all-sharing",
        "No EBS snapshot is public.",
    ),
    "image-block-public-access": AccountSetting(
        "aws_ec2_image_block_public_access",
        "state",
        "block-new-sharing",
        "No image can be made public.",
    ),
    "vpc-block-public-access": AccountSetting(
        "aws_vpc_block_public_access_options",
        "internet_gateway_block_mode",
        "block-bidirectional",
        "Internet gateways let nothing in or out.",
    ),
    ENDPOINTS_ELSEWHERE: AccountSetting(
        "",
        "",
        True,
        "VPCs that are declared elsewhere have interface endpoints for the API of EC2 and for"
        " Systems Manager (ec2, ssm, ssmmessages).",
    ),
    FLOW_LOGS_ELSEWHERE: AccountSetting(
        "", "", True, "Flow logs record rejected traffic of VPCs that are declared elsewhere."
    ),
    NO_ADDRESS_ELSEWHERE: AccountSetting(
        "", "", True, "Subnets that are declared elsewhere give no public IPv4 address."
    ),
    USED_ELSEWHERE: AccountSetting(
        "",
        "",
        True,
        "Security groups and Elastic IP addresses that others are told of (outputs, modules that"
        " are not on the disk, what is looked up) are used there.",
    ),
    NO_DEFAULT_VPC: AccountSetting("", "", True, "There is no default VPC: it was deleted."),
}
"""The names that a configuration has for them."""


def account_declarations(
    known: Iterable[Known], declared: Iterable[Declaration]
) -> Iterator[Declaration]:
    """The settings that are known, once for each account and Region of a unit.

    What the unit declares itself counts there in their place. They belong to no unit.

    Args:
        known: The names of settings that are on, and where that is written.
        declared: What the unit declares.
    """
    scopes: dict[str, str] = {}
    own: set[tuple[str, str]] = set()
    for one in declared:
        scopes[one.scope] = scopes.get(one.scope) or one.region
        own.add((one.type, one.scope))
    for fact in known:
        setting = ACCOUNT_FACTS[fact.text]
        if not setting.type:
            continue
        for scope, region in scopes.items():
            if (setting.type, scope) in own or (fact.regions and region not in fact.regions):
                continue
            own.add((setting.type, scope))
            step = Step(fact.span, f"the configuration says: {fact.text}", assumed=True)
            value = Value({setting.argument: Value(setting.value, fact.span, (step,))}, fact.span)
            yield Declaration(
                language="terraform",
                type=setting.type,
                address=f"{ACCOUNT_ADDRESS}{fact.text} ({scope})",
                span=fact.span,
                extent=fact.span,
                body=ValueSection(value, ""),
                scope=scope,
                region=region,
            )
