"""The text of a policy document as the AWS provider writes it.

Source: ``internal/service/iam/policy_model.go`` and ``policy_document_data_source.go`` of the
provider: members in the order of its structures, those of ``Principal`` and ``Condition`` by name,
empty ones left out, strings safe inside HTML.
"""

from __future__ import annotations

import json

from iac_ec2lint.terraform.functions.encodings import encode_json
from iac_ec2lint.values import Val, Value

STATEMENT = (
    "Sid",
    "Effect",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Principal",
    "NotPrincipal",
    "Condition",
)
"""The members of a statement, in the provider's order; it keeps no others."""

_PRINCIPALS = frozenset({"Principal", "NotPrincipal"})
_SORTED = frozenset({"Action", "NotAction", "Resource", "NotResource"})
_OMITTED_WHEN_EMPTY = frozenset({"Sid", "Effect", "Condition"}) | _PRINCIPALS
# Go escapes them in every string; outside of strings they do not occur in JSON.
_ESCAPES = str.maketrans({c: f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"})


class StatementBlock(Value):
    """A ``statement`` block as a statement.

    Its lists are sets to the provider, which sorts them. A statement that was taken over from a
    document in JSON keeps its lists as they are.
    """

    __slots__ = ()


def policy_text(policy: Value, *, minified: bool) -> str:
    """The text of a policy, as in ``json`` or ``minified_json``.

    Args:
        policy: The document, known at any depth: ``Version``, perhaps ``Id``, and ``Statement``.
        minified: Whether it is on one line.
    """
    members: dict[str, object] = {}
    for name, member in policy.items().items():
        if name != "Statement":
            members[name] = _plain(member)
            continue
        statements = [_statement(statement) for statement in member.elements()]
        if statements:
            members[name] = statements
    if minified:
        text = json.dumps(members, ensure_ascii=False, separators=(",", ":"))
    else:
        text = json.dumps(members, ensure_ascii=False, indent=2)
    return text.translate(_ESCAPES)


def _plain(value: Val) -> object:
    return json.loads(encode_json(value))


def _statement(statement: Val) -> dict[str, object]:
    copied = not isinstance(statement, StatementBlock)
    members = statement.items()
    written: dict[str, object] = {}
    for name in STATEMENT:
        member = members.get(name)
        if member is None:
            continue
        plain = _plain(member)
        if name in _SORTED:
            plain = plain if copied else _as_set(plain)
        elif name in _PRINCIPALS:
            plain = _principals(plain, copied=copied)
        elif name == "Condition":
            plain = _conditions(plain)
        if plain is None or (name in _OMITTED_WHEN_EMPTY and not plain):
            continue
        written[name] = plain
    return written


def _as_set(values: object) -> object:
    """Elements of a set, the last first; one alone is written without the list."""
    if not isinstance(values, list):
        return values
    # A plan may hold anything here, so that elements need not be strings.
    texts = _descending(list({json.dumps(value): value for value in values}.values()))
    return texts[0] if len(texts) == 1 else texts


def _descending(values: list[object]) -> list[object]:
    return sorted(values, key=str, reverse=True)


def _principals(principals: object, *, copied: bool) -> object:
    if not isinstance(principals, dict):
        return principals
    if not copied:
        return {kind: _as_set(names) for kind, names in principals.items()}
    return {
        kind: _descending(names) if isinstance(names, list) else names
        for kind, names in principals.items()
    }


def _conditions(conditions: object) -> object:
    """Values of conditions keep their order; one alone is written without the list."""
    if not isinstance(conditions, dict):
        return conditions
    return {
        test: {key: _condition_value(values) for key, values in keys.items()}
        if isinstance(keys, dict)
        else keys
        for test, keys in conditions.items()
    }


def _condition_value(values: object) -> object:
    if isinstance(values, bool):
        return "true" if values else "false"
    if isinstance(values, list) and len(values) == 1:
        return values[0]
    return values
