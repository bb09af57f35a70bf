"""Functions of providers that compute alone: of the AWS provider, and of Terraform's own.

Source: "Functions" of the AWS provider's documentation, and "Built-in Provider Functions" of the
Terraform language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.hcl.parser import parse
from iac_ec2lint.source.span import SourceText
from iac_ec2lint.terraform.functions.contents import read_from
from iac_ec2lint.terraform.functions.registry import FunctionError, function
from iac_ec2lint.terraform.language.scope import NoNames, Scope
from iac_ec2lint.terraform.language.templates import join_pieces
from iac_ec2lint.terraform.language.types import STRING, ObjectOf
from iac_ec2lint.values import Reference, Val, Value

if TYPE_CHECKING:
    from iac_ec2lint.terraform.functions.registry import FunctionCall

_SECTIONS = ("partition", "service", "region", "account_id", "resource")
_ARN = ObjectOf(dict.fromkeys(_SECTIONS, STRING))
_ROLE = "role/"


@function("provider::aws::arn_build", *[STRING] * 5, result=STRING, needs="none")
def _arn_build(call: FunctionCall, *sections: Val) -> Val:
    colon = Value(":", call.span)
    pieces: list[Val] = [Value("arn", call.span)]
    for section in sections:
        pieces += (colon, section)
    return join_pieces(call.span, pieces, call.scope)


@function("provider::aws::arn_parse", STRING, result=_ARN, needs="all")
def _arn_parse(call: FunctionCall, arn: Value) -> Val:
    sections = _sections(arn.text or "")
    named = zip(_SECTIONS, sections, strict=True)
    return call.value({name: Value(text, arn.span, arn.via) for name, text in sorted(named)}, arn)


@function("provider::aws::trim_iam_role_path", STRING, result=STRING, needs="none")
def _trim_iam_role_path(call: FunctionCall, arn: Val) -> Val:
    if arn.text is not None:
        *start, service, region, account, resource = _sections(arn.text)
        if service != "iam" or not resource.startswith(_ROLE):
            raise FunctionError("the ARN is none of an IAM role")
        role = _ROLE + resource.rpartition("/")[2]
        return call.value(":".join(("arn", *start, service, region, account, role)), arn)
    if isinstance(arn, Reference):
        return arn  # it leads to the role, whatever its path
    return call.undecided(lambda values: _trim_iam_role_path(call, *values), arn, kind=STRING)


def _sections(arn: str) -> list[str]:
    start, *sections = arn.split(":", 5)
    if start != "arn" or len(sections) != len(_SECTIONS):
        raise FunctionError("the string is no ARN")
    return sections


@function("provider::terraform::decode_tfvars", STRING)
def _decode_tfvars(call: FunctionCall, text: Value) -> Val:
    source, via = read_from(text, call.span, call.scope.evaluation.file_texts)
    written = source or SourceText(text.span.path, text.text or "")
    file, problems = parse(written)
    if problems or file.body.blocks:
        raise FunctionError("the string is no file of values")
    scope = Scope(call.scope.evaluation, NoNames(call.scope.module.folder), {})
    values: dict[str, Val] = {}
    for name, attribute in sorted(file.body.attributes.items()):
        value, errors = scope.trap(attribute.expression)
        if errors:
            raise FunctionError(errors[0].message)
        values[name] = value.after(*via) if source is not None else value.but(span=text.span)
    return call.value(values, text)
