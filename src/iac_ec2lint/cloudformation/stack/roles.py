"""SAM: the effect of the transform ``AWS::Serverless-2016-10-31``, as far as EC2 is concerned.

Globals are merged into the resources of their type ("Globals section of the AWS SAM template"), and
a function or a state machine without a role gets one ("AWS::Serverless::Function" and
"AWS::Serverless::StateMachine", Role and Policies). Other resources
that the transform makes (APIs, event sources, aliases) are left out: references to them are
unknown.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from iac_ec2lint.cloudformation.template.serverless import FUNCTION, SERVICES, role_of
from iac_ec2lint.cloudformation.texts import concatenate
from iac_ec2lint.declaration import ValueSection
from iac_ec2lint.document.tree import Mapping
from iac_ec2lint.facts import fact
from iac_ec2lint.values import Unknown, Val, Value

if TYPE_CHECKING:
    from iac_ec2lint.cloudformation.evaluator import Evaluator
    from iac_ec2lint.cloudformation.instance import StackResource
    from iac_ec2lint.cloudformation.template.template import Template
    from iac_ec2lint.declaration import Section
    from iac_ec2lint.source.span import Span

_TEMPLATES: Final = "sam_policy_templates"
_BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
_PATHS = ("", "service-role/", "job-function/", "aws-service-role/")
_IN_VPC = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"


def role_body(stack: Evaluator, instance: StackResource) -> Section:
    """The properties of the role that is made for a function or a state machine.

    Policy templates of SAM (``S3ReadPolicy``) are filled in with what they are given.
    """
    span = instance.resource.key.span
    properties = instance.resource.properties
    written = properties if isinstance(properties, Mapping) else None

    def property_(name: str) -> Val | None:
        node = written.get(name) if written is not None else None
        return None if node is None else stack.evaluate(node, instance.scope)

    managed: list[Val] = []
    if instance.resource.type == FUNCTION:
        managed.append(Value(_BASIC if property_("VpcConfig") is None else _IN_VPC, span))
    inline: list[Val] = []
    policies = property_("Policies")
    for policy in policies.elements() if policies is not None else ():
        _sort_policy(policy, f"{role_of(instance.logical_id)}Policy{len(inline)}", managed, inline)
    trust = property_("AssumeRolePolicyDocument")
    members: dict[str, Val] = {
        "ManagedPolicyArns": Value(tuple(managed), span),
        "AssumeRolePolicyDocument": (
            _trust(SERVICES[instance.resource.type], span) if trust is None else trust
        ),
        "Policies": Value(tuple(inline), span),
    }
    for name, role_name in (("PermissionsBoundary", "PermissionsBoundary"), ("RolePath", "Path")):
        value = property_(name)
        if value is not None:
            members[role_name] = value
    body = ValueSection(Value(members, span), "")
    body.span = span
    return body


def _sort_policy(policy: Val, name: str, managed: list[Val], inline: list[Val]) -> None:
    if isinstance(policy, Value) and isinstance(policy.data, dict):
        document: Val = policy
        if "Statement" not in policy.data:
            document = _of_template(policy)
        members: dict[str, Val] = {
            "PolicyName": Value(name, policy.span),
            "PolicyDocument": document,
        }
        inline.append(Value(members, policy.span, policy.via))
    elif isinstance(policy, Value) and policy.text and not policy.text.startswith("arn:"):
        # SAM looks up the ARN of a managed policy by its name; some ARNs have a path, and no two of
        # AWS's policies have one name.
        arns = tuple(
            Value(f"arn:aws:iam::aws:policy/{path}{policy.text}", policy.span, policy.via)
            for path in _PATHS
        )
        if fact("managed_policies", policy.text) is not None:
            managed.append(arns[0])
            return
        reason = f'the path of the managed policy "{policy.text}" is found by SAM'
        managed.append(Unknown(reason, "expression", policy.span, policy.via, candidates=arns))
    else:
        managed.append(policy)


def _of_template(policy: Value) -> Val:
    """The document that SAM makes of one of its policy templates.

    Source: the facts ``sam_policy_templates``; SAM Developer Guide, "SAM policy templates".
    """
    name, given = next(iter(policy.items().items()), ("", policy))
    statements = fact(_TEMPLATES, name) if name != "about" else None
    if statements is None:
        reason = f'the SAM policy template "{name}" is not known'
        return Unknown(reason, "expression", policy.span, policy.via)

    def filled(data: Any) -> Val:
        if isinstance(data, dict):
            return Value({key: filled(one) for key, one in data.items()}, policy.span)
        if isinstance(data, list):
            return Value(tuple(map(filled, data)), policy.span)
        pieces = re.split(r"\{(\w+)\}", data)  # a parameter at each odd place
        return concatenate(
            [
                value(piece) if at % 2 else Value(piece, policy.span)
                for at, piece in enumerate(pieces)
            ],
            policy.span,
        )

    def value(parameter: str) -> Val:
        said = given.items().get(parameter)
        why = f'parameter "{parameter}" of the SAM policy template is not known'
        return Unknown(why, "expression", policy.span, policy.via) if said is None else said

    return Value({"Statement": filled(statements)}, policy.span, policy.via)


def _trust(service: str, span: Span) -> Value:
    def of(data: str | dict[str, Val] | tuple[Val, ...]) -> Value:
        return Value(data, span)

    statement = of(
        {
            "Effect": of("Allow"),
            "Principal": of({"Service": of((of(service),))}),
            "Action": of((of("sts:AssumeRole"),)),
        }
    )
    return of({"Version": of("2012-10-17"), "Statement": of((statement,))})


def makes_role(instance: StackResource) -> bool:
    """Whether a role is made for a resource, since it names none."""
    resource = instance.resource
    if resource.type not in SERVICES or not isinstance(resource.properties, Mapping):
        return False
    role = resource.properties.entries.get("Role")
    return role is not None and role[1].start == resource.key.start


def made_roles(template: Template, instances: dict[str, StackResource]) -> dict[str, StackResource]:
    """The roles that are made for what names none, by logical ID, each with what it is for."""
    if not template.is_serverless:
        return {}
    return {
        role_of(name): instance
        for name, instance in instances.items()
        if not instance.absent and makes_role(instance)
    }
