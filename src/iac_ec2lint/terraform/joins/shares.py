"""What a root module shares with other accounts by AWS Resource Access Manager.

Source: the AWS provider's documentation of ``aws_ram_resource_share``, of its associations and its
accepter, and of the data source of that name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.terraform.language.containers import make_list
from iac_ec2lint.terraform.language.types import STRING
from iac_ec2lint.values import Reference, Val, Value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iac_ec2lint.source.span import Span
    from iac_ec2lint.terraform.evaluated import Instance

SHARE: Final = "aws_ram_resource_share"
ASSOCIATION: Final = "aws_ram_resource_association"
ACCEPTER: Final = "aws_ram_resource_share_accepter"


def shared(associations: Iterable[Instance], share: str, span: Span) -> Val | None:
    """The ARNs of what is shared, in no order; ``None`` where more may be.

    Args:
        associations: All that the root module shares.
        share: The address of the share.
        span: Where they are asked for.
    """
    found: list[Val] = []
    for one in associations:
        named, arn = one.section.get("resource_share_arn"), one.section.get("resource_arn")
        if not isinstance(named, Reference) or not one.presence.certain:
            return None
        if named.target == share and arn is not None:
            found.append(arn)
    return Value(make_list(found, STRING, is_open=len(found) > 1), span) if found else None
