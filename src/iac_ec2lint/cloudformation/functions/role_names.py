"""The name of a role in its ARN, as templates of the CDK take it: ``Fn::Select`` of ``Fn::Split``.

Source: IAM User Guide, "IAM identifiers": ``arn:PARTITION:iam::ACCOUNT:role/PATH/NAME``; ``Ref`` of
a role, a user, a group or an instance profile is its name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.cloudformation.functions.texts import concatenate, depending_on
from iac_ec2lint.document.tree import Mapping, Scalar
from iac_ec2lint.values import Reference, Unknown, Value

if TYPE_CHECKING:
    from iac_ec2lint.cloudformation.functions.call import Call

_KINDS: Final = {
    "AWS::IAM::Group": "group",
    "AWS::IAM::InstanceProfile": "instance-profile",
    "AWS::IAM::Role": "role",
    "AWS::IAM::User": "user",
}


def split_arn(call: Call, whole: Unknown, delimiter: str) -> Value | None:
    """The parts of an ARN of a principal of this stack without a path, or of what ends it.

    Args:
        call: The call of ``Fn::Split``.
        whole: What is split.
        delimiter: What is between the parts.

    Returns:
        ``None`` where it is something else.
    """
    span = call.span
    if isinstance(whole, Reference) and whole.attribute == "Arn":
        kind = _kind(call, whole)
        if kind is None or delimiter not in (":", "/"):
            return None
        name = Reference(whole.target, "Ref", whole.span, whole.via)
        rest = depending_on([whole], span)
        if delimiter == "/":
            return Value((rest, name), span)
        end = concatenate([Value(f"{kind}/", span), name], span)
        texts = [Value(text, span) for text in ("arn", "iam", "")]
        return Value((texts[0], rest, texts[1], texts[2], rest, end), span)
    if delimiter != "/" or len(whole.parts) != 2:
        return None
    start, end_name = whole.parts
    if not isinstance(end_name, Reference) or end_name.attribute != "Ref":
        return None
    kind = _kind(call, end_name)
    return Value((Value(kind, span), end_name), span) if start == f"{kind}/" else None


def _kind(call: Call, reference: Reference) -> str | None:
    """What the ARN of a principal of this stack has before its name, where it has no path."""
    evaluator = call.evaluator
    if not reference.target.startswith(evaluator.prefix):
        return None
    resource = evaluator.template.resources.get(reference.target.removeprefix(evaluator.prefix))
    if resource is None or resource.type not in _KINDS:
        return None
    path = resource.properties.get("Path") if isinstance(resource.properties, Mapping) else None
    plain = path is None or (isinstance(path, Scalar) and path.text == "/")
    return _KINDS[resource.type] if plain else None
