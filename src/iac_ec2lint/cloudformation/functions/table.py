"""The intrinsic functions by name ("Intrinsic function reference", CloudFormation)."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from iac_ec2lint.cloudformation.functions.choices import if_
from iac_ec2lint.cloudformation.functions.cidr import cidr, get_azs
from iac_ec2lint.cloudformation.functions.json_strings import to_json
from iac_ec2lint.cloudformation.functions.lists import join, length, select, split
from iac_ec2lint.cloudformation.functions.lookups import find_in_map
from iac_ec2lint.cloudformation.functions.names import (
    get_att,
    get_stack_output,
    import_value,
    ref,
    sub,
)
from iac_ec2lint.cloudformation.syntax import macros_of
from iac_ec2lint.cloudformation.texts import depending_on
from iac_ec2lint.values import Unknown, Val, Value, as_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from iac_ec2lint.cloudformation.functions.call import Call


def base64_(call: Call) -> Val | None:
    """``Fn::Base64``: text in Base64; the text itself is kept as ``decoded``."""
    value = call.evaluate(call.argument)
    if value is None:
        return None
    if not isinstance(value, Unknown) and as_text(value).text is None:
        return call.fail("Fn::Base64 takes text")
    return _encoded(value, call)


def _encoded(value: Val, call: Call) -> Val:
    """A text in Base64; of one that is one of several, one of as many."""
    if isinstance(value, Value):
        text = as_text(value)
        encoded = base64.b64encode((text.text or "").encode()).decode("ascii")
        return Value(encoded, value.span, value.via, decoded=text)
    made = depending_on([value], call.span).but(decoded=value)
    if not value.candidates or value.unset:
        return made
    if any(isinstance(one, Value) and as_text(one).text is None for one in value.candidates):
        return made
    return made.but(candidates=tuple(_encoded(one, call) for one in value.candidates))


def to_json_string(call: Call) -> Val | None:
    """``Fn::ToJsonString``: a list or mapping as JSON text; the structure stays ``decoded``."""
    value = call.evaluate(call.argument)
    if value is None or (isinstance(value, Value) and not isinstance(value.data, tuple | dict)):
        return call.fail("Fn::ToJsonString takes a list or a mapping")
    return to_json(value, call.span)


def transform(call: Call) -> Val | None:
    """``Fn::Transform``: the result of a macro, which is unknown."""
    name = macros_of(call.argument)
    return call.evaluator.missing(call.node, name, f'the macro "{name}" makes this part')


def not_here(call: Call) -> Val | None:
    """A function of conditions or rules where a value is expected: an error."""
    return call.fail(f"{call.name} cannot stand here: it is a function of conditions")


FUNCTIONS: dict[str, Callable[[Call], Val | None]] = {
    "Ref": ref,
    "Fn::GetAtt": get_att,
    "Fn::Sub": sub,
    "Fn::Join": join,
    "Fn::Split": split,
    "Fn::Select": select,
    "Fn::FindInMap": find_in_map,
    "Fn::If": if_,
    "Fn::Base64": base64_,
    "Fn::Cidr": cidr,
    "Fn::GetAZs": get_azs,
    "Fn::ImportValue": import_value,
    "Fn::GetStackOutput": get_stack_output,
    "Fn::Length": length,
    "Fn::ToJsonString": to_json_string,
    "Fn::Transform": transform,
    "Condition": not_here,
    **dict.fromkeys(
        (
            "Fn::And",
            "Fn::Contains",
            "Fn::EachMemberEquals",
            "Fn::EachMemberIn",
            "Fn::Equals",
            "Fn::Not",
            "Fn::Or",
            "Fn::RefAll",
            "Fn::ValueOf",
            "Fn::ValueOfAll",
        ),
        not_here,
    ),
}
