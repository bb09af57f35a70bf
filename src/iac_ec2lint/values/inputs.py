"""What tells an input that is not set from others."""

from __future__ import annotations

import re
from typing import Final

from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values.addresses import plain_address
from iac_ec2lint.values.reasons import Input
from iac_ec2lint.values.step import Step
from iac_ec2lint.values.value import Reference, Unknown, Val
from iac_ec2lint.values.walking import walk

ID: Final = "id"
"""The type of a value of CloudFormation whose text is one id of EC2 (``sg-0abc...``)."""
_INPUT: Final = regular_expression(
    r"""(?:var|local)(?:\.\w+|\["[^"$%]*"\])+|terraform\.workspace"""
)
"""An expression whose value is the same wherever it stands in one module."""
_PARAMETER: Final = regular_expression(
    r"""(?:!Ref\s|[{\s]*["']?Ref["']?\s*:)(?!.*(?:!|Fn::))"""
    r"""|(?:!Sub\s+)?["']?\$\{\s*[\w:]+\s*\}["']?$""",
    re.DOTALL,
)
"""A reference to a parameter, in each spelling, and no other function."""


_NETWORK_RANGE: Final = regular_expression(
    r"(?:vpc|subnets?)\d*(?:ipv4|primary|secondary|main)?"
    r"(?:cidrs?(?:blocks?|ranges?|list)?|(?:ip|address)(?:blocks?|ranges?))(?:ipv4)?\d*[a-z]?"
)
_LAST: Final = 8
"""Words that the end of such a name has at most."""
_READ_OF_NETWORK: Final = regular_expression(r"\baws_(?:vpc|subnet)\.\w+\.(?:ipv6_)?cidr_block")
"""What a data source reads of a VPC or a subnet."""
_OTHERS: Final = ("non", "not", "no", "outside", "external", "except", "internet", "world", "any")
"""Words of names that mean what a network's own range is not."""


def names_network_range(key: str) -> bool:
    """Whether an input is the range of a VPC or a subnet, as far as its name says.

    Args:
        key: What a configuration calls it: ``var.vpc_cidr``, ``module.net.vpc_cidr_block``.
    """
    path = key.removeprefix("export:").replace("-", "_")
    if _READ_OF_NETWORK.search(path) is not None:
        return True
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", path.rpartition(".")[2])
    plain = [word.lower() for word in words]
    if any(word in _OTHERS for word in plain):
        return False
    ends = range(max(len(plain) - _LAST, 0), len(plain))
    return any(_NETWORK_RANGE.fullmatch("".join(plain[at:])) for at in ends)


_BY_DEFAULT: Final = regular_expression(r'default of (variable|parameter) "([\w-]+)"')


def input_of_default(step: Step) -> Input | None:
    """The input whose default a step on the way of a value takes; ``None`` where it takes none."""
    told = _BY_DEFAULT.fullmatch(step.words) if step.assumed else None
    if told is None:
        return None
    return Input(f"var.{told[2]}" if told[1] == "variable" else told[2], step.span)


def inputs_by_default(value: Val, unit: str) -> tuple[Input, ...]:
    """The inputs of a unit whose defaults a value comes from, in it or in a part of it.

    Args:
        value: The value.
        unit: The path of the root module or of the template: defaults of others are no inputs.
    """
    found: dict[str, Input] = {}
    for part in walk(value):
        for step in part.via:
            one = input_of_default(step)
            folder = step.span.path.rpartition("/")[0] or "."
            if one is not None and unit in (folder, step.span.path):
                found.setdefault(one.key, one)
    return tuple(found.values())


def is_one_id(value: Val | None) -> bool:
    """Whether what is not known is one thing of EC2: what a parameter of such a type names.

    A text may be a list with commas. Source: CloudFormation User Guide, "Specify existing resources
    at runtime with CloudFormation-supplied parameter types".
    """
    return isinstance(value, Unknown) and value.type == ID and not value.unset


def counted(value: Unknown) -> Unknown:
    """An unknown of which the number of its elements decides.

    What a data source lists is an input then: to know which ids it has decides little else.
    """
    if not isinstance(value, Reference) or value.cause != "data-source" or value.inputs:
        return value
    if value.attribute not in _LISTS:
        return value
    key = f"{plain_address(value.target)}.{value.attribute}"
    return value.but(inputs=(Input(key, value.span),))


_LISTS: Final = frozenset({"arns", "ids"})


def input_of(value: Val) -> str | None:
    """What tells an input that is not set from others; ``None`` where it is no input alone."""
    if isinstance(value, Reference):
        return f"{value.target}.{value.attribute}"
    if not isinstance(value, Unknown) or value.candidates or value.parts:
        return None
    text = value.span.code
    if value.cause == "parameter":
        return value.reason if _PARAMETER.match(text) else None
    if value.cause != "variable" or _INPUT.fullmatch(text) is None:
        return None
    # A member of what a module is handed depends on the call.
    calls = "" if text.count(".") < 2 and "[" not in text else repr([s.span.key for s in value.via])
    return f"{value.span.path.rpartition('/')[0]} {text} {value.reason} {calls}"


def named_by(value: Val) -> str:
    """The one input without a value that says which resource a value is; empty where none does."""
    if not isinstance(value, Unknown) or value.candidates or value.parts:
        return ""
    keys = {plain_address(one.key) for one in value.inputs}
    return keys.pop() if len(keys) == 1 and not any(one.fact for one in value.inputs) else ""
