"""The ARNs of a template's own resources, in their pieces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.cloudformation.parameters import pseudo
from iac_ec2lint.cloudformation.texts import NAME, concatenate
from iac_ec2lint.document.tree import Mapping
from iac_ec2lint.values import Reference, Value

if TYPE_CHECKING:
    from iac_ec2lint.cloudformation.functions.call import Call
    from iac_ec2lint.document.tree import Node
    from iac_ec2lint.values import Val

_GLOBAL: Final = (":::",)
_ACCOUNT: Final = "::", "AWS::AccountId", ":"
_REGIONAL: Final = ":", "AWS::Region", ":", "AWS::AccountId", ":"
_BEFORE_NAMES: Final = {
    "AWS::IAM::Group": ("iam", _ACCOUNT, "group/"),
    "AWS::IAM::InstanceProfile": ("iam", _ACCOUNT, "instance-profile/"),
    "AWS::IAM::Role": ("iam", _ACCOUNT, "role/"),
    "AWS::IAM::User": ("iam", _ACCOUNT, "user/"),
    "AWS::KMS::Key": ("kms", _REGIONAL, "key/"),
    "AWS::S3::Bucket": ("s3", _GLOBAL, ""),
    "AWS::ECS::Cluster": ("ecs", _REGIONAL, "cluster/"),
    "AWS::EKS::Cluster": ("eks", _REGIONAL, "cluster/"),
    "AWS::Lambda::Function": ("lambda", _REGIONAL, "function:"),
}
"""By type: the service, what stands between it and the name, and what the name begins with.

``Ref`` is the name, or the id, of each. Source: Service Authorization Reference, "Resource types
defined by ..."; CloudFormation Template Reference, "Return values".
"""


def in_pieces(call: Call, value: Val) -> Val:
    """The ARN of a resource of the same template in its pieces; another value as it is.

    The CDK takes ARNs apart to get names (``Fn::Select: [1, Fn::Split: ["/", ...]]``).

    Args:
        call: The function that takes it apart.
        value: What it is given.
    """
    if not isinstance(value, Reference) or value.attribute != "Arn" or value.parts:
        return value
    evaluator = call.evaluator
    prefix, name = evaluator.prefix, value.target.removeprefix(evaluator.prefix)
    resource = evaluator.template.resources.get(name)
    if resource is None or not value.target.startswith(prefix):
        return value
    spelled = _BEFORE_NAMES.get(resource.type)
    path = _path(call, resource.properties)
    if spelled is None or path is None:
        return value
    service, between, kind = spelled
    pieces = ["arn:", "AWS::Partition", f":{service}", *between, kind]
    values: list[Val] = [
        pseudo.value_of(piece, evaluator.options, value.span, prefix)
        if piece in pseudo.NAMES
        else Value(piece, value.span)
        for piece in pieces
    ]
    values += (path, Reference(value.target, "Ref", value.span, value.via, type=NAME))
    return concatenate(values, value.span)


def _path(call: Call, properties: Node | None) -> Val | None:
    """What stands between kind and name of a resource of IAM's; no other type has a ``Path``.

    Returns:
        A text; ``None`` where it is not known.
    """
    if not isinstance(properties, Mapping):
        return Value("", call.span) if properties is None else None
    written = properties.get("Path")
    path = None if written is None else call.evaluate(written)
    if path is None:
        return Value("", call.span)
    text = path.text if isinstance(path, Value) else None
    return path.but(data=text.removeprefix("/")) if text and isinstance(path, Value) else None
