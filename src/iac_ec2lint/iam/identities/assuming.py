"""What whoever assumes a role writes in the call, as condition keys: names and ids of its choice.

Sources: AWS STS API Reference, AssumeRole; IAM User Guide, "Available keys for AWS STS" and "Manage
AWS STS in an AWS Region" (a role is assumed in any Region). What a
trust policy of the unit asks for is known to whoever reads the configuration.
"""

from __future__ import annotations

from itertools import islice, product
from typing import TYPE_CHECKING, Final

from iac_ec2lint.iam.trust.role_trust import trust_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iac_ec2lint.iam.policy.document import PolicyDocument
    from iac_ec2lint.iam.policy.operators import Keys
    from iac_ec2lint.iam.principals import Principal
    from iac_ec2lint.resources.iam_role import Role

SOURCE_IDENTITY: Final = "sts:sourceidentity"
"""Who writes this one needs the right to, ``sts:SetSourceIdentity``."""

_UNLESS_ASKED: Final[dict[str, tuple[str, ...]]] = {
    "sts:externalid": (),
    "sts:rolesessionname": ("session",),
    SOURCE_IDENTITY: (),
    "aws:requestedregion": ("us-east-1",),
}
"""What is written where no policy asks for anything."""

_TRIED: Final = 8
"""How many ways to write a call are tried."""


def calls_of_assuming(principal: Principal, role: Role) -> tuple[Keys, ...]:
    """The ways to write a call that assumes a role, as far as policies tell them apart.

    There is always one; nothing is known of keys that no policy asks for.
    """
    documents = (*principal.every_document, trust_of(role))
    asked = {key: _values(documents, key) for key in _UNLESS_ASKED}
    asked = {key: values for key, values in asked.items() if values}
    if not asked:
        return ({},)
    return tuple(
        dict(zip(asked, way, strict=True)) for way in islice(product(*asked.values()), _TRIED)
    )


def _values(documents: Iterable[PolicyDocument], key: str) -> tuple[tuple[str, ...], ...]:
    """What may be written for a key; nothing where no condition is on it."""
    conditions = [
        (condition, statement.effect.text == "Deny")
        for document in documents
        for statement in document.statements
        for condition in statement.conditions
        if condition.key.lower() == key
    ]
    wanted = (
        text.replace("*", "") or "x"
        for condition, denies in conditions
        if condition.negated == denies and condition.positive != "Null"
        for value in condition.values
        for one in value.elements()
        if (text := one.text) and "${" not in text
    )
    chosen = dict.fromkeys([*((one,) for one in wanted), _UNLESS_ASKED[key]])
    return tuple(chosen) if conditions else ()
