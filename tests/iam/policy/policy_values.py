"""Policies as front ends hand them over."""

from __future__ import annotations

import json
from typing import Any

from iac_ec2lint.iam.policy.document import PolicyDocument
from iac_ec2lint.source.span import SourceText, Span
from iac_ec2lint.values import Cause, Reference, Unknown, Val, Value

SPAN = Span(SourceText("main.tf", "policy = somewhere"), 0, 18)


def val(plain: Any) -> Val:
    """A value of plain data; values inside stay what they are."""
    if isinstance(plain, Value | Unknown):
        return plain
    if isinstance(plain, dict):
        return Value({key: val(member) for key, member in plain.items()}, SPAN)
    if isinstance(plain, list):
        return Value(tuple(val(element) for element in plain), SPAN)
    return Value(plain, SPAN)


def variable(name: str = "x", **details: Any) -> Unknown:
    return unknown(f"var.{name} has no value", "variable", **details)


def unknown(reason: str, cause: Cause, **details: Any) -> Unknown:
    return Unknown(reason, cause, SPAN, **details)


def either(*plain: Any) -> Unknown:
    return unknown(
        "a condition is undecided", "condition", candidates=tuple(val(one) for one in plain)
    )


def reference(target: str, attribute: str = "arn") -> Reference:
    return Reference(target, attribute, SPAN)


def joined(*parts: str | Unknown) -> Unknown:
    first = next(part for part in parts if isinstance(part, Unknown))
    return unknown(first.reason, first.cause, parts=parts)


def allow(action: Any = "*", resource: Any = "*", **elements: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **elements}


def deny(action: Any = "*", resource: Any = "*", **elements: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": action, "Resource": resource, **elements}


def to_all(action: Any = "*", resource: Any = "*", **condition: Any) -> dict[str, Any]:
    """An Allow for everyone; keywords are condition operators."""
    found = allow(action, resource, Principal="*")
    return {**found, "Condition": condition} if condition else found


def document(*statements: Any) -> PolicyDocument:
    return PolicyDocument.read(val({"Version": "2012-10-17", "Statement": list(statements)}))


def text(*statements: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
