"""The ARNs of declared roles, users, groups and policies, as far as they are known.

Source: semantics.md, D1 (symbolic ARNs).
"""

from __future__ import annotations

import re
from typing import Final

from iac_ec2lint.iam.arns import joined, own_account
from iac_ec2lint.iam.policy.glob import GENERATED, PATH
from iac_ec2lint.iam.principal import KINDS, Grantee
from iac_ec2lint.resources.iam_role import ManagedPolicy, Role
from iac_ec2lint.values import Reference, Unknown, Val, Value

_LOGICAL_ID: Final = re.compile("[A-Za-z0-9]{1,8}")
"""As much of it as no generated name leaves out."""


def symbolic_arn(resource: Grantee | ManagedPolicy) -> Val:
    """``arn:aws:iam::<account>:role/<path><name>``, as far as it is known (semantics.md, D1).

    The partition is taken to be ``aws``.
    """
    name = name_of(resource)
    path = resource.iam_path
    pieces: list[str | Unknown] = ["arn:aws:iam::", own_account(resource.span)]
    known_path = path.text if path.text is not None else "/"
    pieces.append(f":{KINDS[type(resource)]}{known_path}")
    if isinstance(path, Unknown):
        pieces.append(
            Reference(
                resource.address,
                PATH,
                path.span,
                path.via,
                reason=path.reason,
                cause=path.cause,
                written=path,
            )
        )
    if resource.name is None and resource.declared.imported_as is None:
        pieces.append(_generated(resource))
    else:
        pieces.extend((name.parts or (name,)) if isinstance(name, Unknown) else (name.text or "",))
    return joined(pieces, resource.span)


def name_of(resource: Grantee | ManagedPolicy) -> Val:
    """The name that it is given, or keeps where it is imported, or that is made for it."""
    if resource.name is not None:
        return resource.name
    imported = resource.declared.imported_as
    if imported is not None:  # what is there already keeps the name that it has
        known = imported.text if isinstance(resource, ManagedPolicy) else None
        return imported if known is None else Value(known.rpartition("/")[2], imported.span)
    return Reference(resource.address, _name_attribute(resource), resource.span, reason=GENERATED)


def own_name(resource: Grantee) -> Val:
    """The name by which a principal means itself: one that is not known is its own all the same."""
    name = name_of(resource)
    if not isinstance(name, Unknown) or getattr(name, "target", "") == resource.address:
        return name
    attribute = _name_attribute(resource)
    return Reference(resource.address, attribute, resource.span, reason=name.reason, written=name)


def _name_attribute(resource: Grantee | ManagedPolicy) -> str:
    return "Ref" if resource.declared.of_cloudformation else "name"


def _generated(resource: Grantee | ManagedPolicy) -> Reference:
    """A name that CloudFormation or Terraform makes, with what is known of it."""
    stack = resource.declared.of_cloudformation
    made = _generated_by_stack(resource) if stack else _generated_by_terraform(resource)
    written = joined(made, resource.span)
    attribute = _name_attribute(resource)
    span = resource.span
    return Reference(resource.address, attribute, span, reason=GENERATED, written=written)


def _generated_by_stack(resource: Grantee | ManagedPolicy) -> tuple[str | Unknown, ...]:
    """``<stack>-<logical ID>-<random>``, of which long ones are cut short.

    Source: CloudFormation User Guide, "Name type".
    """
    known = _LOGICAL_ID.match(resource.address.rpartition("/")[2])
    some = Unknown(GENERATED, "computed", resource.span)
    return some, f"-{known[0] if known else ''}", some, "-", some


def _generated_by_terraform(resource: Grantee | ManagedPolicy) -> tuple[str | Unknown, ...]:
    """The prefix that is asked for, or ``terraform-``, and digits.

    Source: terraform-provider-aws, ``aws_iam_role`` and ``aws_iam_policy``: ``name_prefix``; its
    ``internal/create/naming.go``.
    """
    prefix = resource.name_prefix if isinstance(resource, Role | ManagedPolicy) else None
    some = Unknown(GENERATED, "computed", resource.span)
    if isinstance(prefix, Unknown):
        return *(prefix.parts if prefix.parts and not prefix.unset else (prefix,)), some
    return (prefix.text if prefix is not None else None) or "terraform-", some
