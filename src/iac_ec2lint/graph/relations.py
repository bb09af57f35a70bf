"""The relations that classes of resources have, and what can be said of one without the graph."""

from __future__ import annotations

from collections.abc import Hashable

from iac_ec2lint.resources.part import Part, Resource
from iac_ec2lint.resources.spelling import Relation
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values import Reference, Unknown, Val, Value, when_of

_RELATIONS: dict[type[Part], tuple[str, ...]] = {}
_NAMED = regular_expression(r":[a-z-]+/(?:[^/]+/)*(?P<name>[^/]+)")
_ACCOUNT = regular_expression(r"[0-9]{12}/")
_BEGINS_NAME = regular_expression(r":[a-z-]+/(?:[^/]+/)*(?P<name>[^/]*)")
THIS_ACCOUNT = regular_expression(r"(^|.*[./])(data\.aws_caller_identity\..*|AWS::AccountId)")
"""What is read from the account that a unit is deployed to."""
_NAMES_INPUT = regular_expression(
    r"""(?:!Sub\s+)?["']?\$\{\s*(?P<filled>[^}]*?)\s*\}["']?"""
    r"""|\{?\s*["']?!?Ref["']?(\s*:\s*|\s+)["']?(?P<named>[\w:]+)["']?\s*\}?"""
)
"""How an expression is spelled that comes to an input and nothing else."""
_WAYS: dict[tuple[type[Part], str], tuple[Relation[object] | None, tuple[str, ...]]] = {}


def relations(kind: type[Part]) -> tuple[str, ...]:
    """The names of the relations that a class has, itself or in nested parts."""
    found = _RELATIONS.get(kind)
    if found is None:
        names: list[str] = []
        for field in kind.fields():
            if isinstance(field, Relation):
                names.append(field.name)
            elif field.kind is not None:
                names.extend(relations(field.kind))
        found = _RELATIONS[kind] = tuple(dict.fromkeys(names))
    return found


def ways(kind: type[Part], name: str) -> tuple[Relation[object] | None, tuple[str, ...]]:
    """The field that is a relation of that name, and the fields whose parts have one."""
    found = _WAYS.get((kind, name))
    if found is None:
        relation = getattr(kind, name, None)
        nested = tuple(
            field.name
            for field in kind.fields()
            if field.kind is not None and name in relations(field.kind)
        )
        found = _WAYS[kind, name] = (relation if isinstance(relation, Relation) else None, nested)
    return found


def there(source: Resource, part: Part) -> bool:
    """Whether a part is there whenever its resource is."""
    if part is source or part.presence.certain:
        return True
    return bool(source.layers) and part.presence is source.layers[0].section.presence


def undecided(value: Val) -> bool:
    """Whether a value leads to one of several resources, or to none that is known."""
    return isinstance(value, Unknown) and not isinstance(value, Reference) and not value.parts


def there_with_target(value: Val, nodes: tuple[Resource, ...]) -> bool:
    """Whether a value leads to its one target wherever that exists, and else to nothing.

    So do ``one(aws_eip.this[*].id)`` and ``try(aws_eip.this[0].id, null)``.
    """
    if not isinstance(value, Unknown) or len(nodes) != 1:
        return False
    presence = nodes[0].presence
    named = [c for c in value.candidates if not (c.is_null or c.text == "")]
    if len(named) != 1 or not isinstance(named[0], Reference) or presence.cause is None:
        return False
    to = named[0]
    if when_of(to) not in ("", presence.when):
        return False
    return value.reason in (presence.cause.reason, to.reason)


Spelling = tuple[Hashable, ...]
"""A text of which pieces are unknown: equal ones are the same text, whatever the pieces come to."""


def spelling(value: Val) -> Spelling | None:
    """The spelling of a partly known text; ``None`` where it is known, or a piece may be anything.

    A piece is told by what it is read from: a pseudo parameter, an attribute, an input whose value
    is used as it is.
    """
    if not isinstance(value, Unknown):
        return None
    found: list[Hashable] = []
    for piece in value.parts or (value,):
        known = piece if isinstance(piece, str) else _identity(piece)
        if known is None:
            return None
        found.append(known)
    return tuple(found)


def _identity(piece: Unknown) -> Hashable:
    if isinstance(piece, Reference):
        return piece.target, piece.attribute
    if piece.cause not in ("parameter", "variable") or len(piece.inputs) != 1:
        return None
    [one] = piece.inputs
    spelled = piece.span.text.strip()
    if spelled != one.key:
        match = _NAMES_INPUT.fullmatch(spelled)
        if match is None or (match["filled"] or match["named"]) != one.key:
            return None
    return one


def listed(value: Val, to: tuple[str, ...]) -> tuple[Val, ...]:
    """The values that one text lists with commas: of subnets, and of groups by their ids.

    Sources: Amazon EC2 API Reference, ``SpotFleetLaunchSpecification``; Amazon EC2 Auto Scaling API
    Reference, ``VPCZoneIdentifier``; Amazon EMR API Reference and AWS Elastic Beanstalk Developer
    Guide for groups. Nothing else is split: names of groups may have commas.
    """
    parts = (value.text or "",) if isinstance(value, Value) else value.parts
    if not any(isinstance(part, str) and "," in part for part in parts):
        return (value,)
    if to != ("Subnet",) and not (to == ("SecurityGroup",) and all(map(_are_ids, parts))):
        return (value,)
    items: list[list[str | Unknown]] = [[]]
    for part in parts:
        first, *others = part.split(",") if isinstance(part, str) else (part,)
        items[-1].append(first)
        items.extend([other] for other in others)
    found: list[Val] = []
    for item in items:
        pieces = [one for one in item if isinstance(one, Unknown) or one.strip()]
        if len(pieces) > 1 and isinstance(value, Unknown):
            found.append(value.but(parts=tuple(pieces)))
        elif pieces:
            [one] = pieces
            known = Value(one.strip(), value.span) if isinstance(one, str) else one
            found.append(known.after(*value.via))
    return tuple(found)


def _are_ids(part: str | Unknown) -> bool:
    """Whether a piece of a list of groups is one that is referred to, or ids alone."""
    if isinstance(part, Unknown):
        return True
    return all(not one.strip() or one.strip().startswith("sg-") for one in part.split(","))


def named_by_arn(value: Unknown) -> Reference | None:
    """The resource whose ARN a partly known string spells: it ends with the resource's name."""
    parts = value.parts
    if len(parts) < 2 or not isinstance(parts[0], str) or not parts[0].startswith("arn:"):
        return None
    last = parts[-1]
    if isinstance(last, Reference):
        return last
    ended = [one for one in value.references if one.attribute == "name" and _ends(parts, one.parts)]
    return ended[0] if len(ended) == 1 else None


def named_with_account(value: Unknown) -> Reference | None:
    """The resource of a partly known string that is an account and its id: ``ACCOUNT_ID/SG_ID``.

    So are groups referred to over peering (VPC Peering Guide, "Update your security groups to
    reference peer security groups").
    """
    *account, last = value.parts or ("",)
    if not isinstance(last, Reference) or last.attribute != "id":
        return None
    if len(account) == 1 and isinstance(account[0], str):
        return last if _ACCOUNT.fullmatch(account[0]) else None
    return last if len(account) == 2 and account[1] == "/" else None


def name_in_arn(value: Unknown) -> str | Spelling | None:
    """The name that ends the ARN of something of IAM's in this account, as far as a unit says."""
    parts = value.parts
    at = next((i for i, part in enumerate(parts) if _is_this_account(part)), 0)
    if not at or at + 1 == len(parts) or not str(parts[0]).startswith("arn:"):
        return None
    before, (kind, *rest) = parts[at - 1], parts[at + 1 :]
    if not (isinstance(before, str) and before.endswith(":iam::") and isinstance(kind, str)):
        return None
    if not rest:
        found = _NAMED.fullmatch(kind)
        return None if found is None else found["name"]
    match = _BEGINS_NAME.fullmatch(kind)
    if match is None:
        return None
    pieces = [match["name"], *rest] if match["name"] else rest
    found_in = [piece if isinstance(piece, str) else _identity(piece) for piece in pieces]
    return None if None in found_in else tuple(found_in)


def _is_this_account(value: Unknown | str) -> bool:
    return isinstance(value, Reference) and THIS_ACCOUNT.fullmatch(value.target) is not None


def _ends(parts: tuple[str | Unknown, ...], name: tuple[str | Unknown, ...]) -> bool:
    """Whether a string ends with a name of which pieces are unknown."""
    if not name or len(name) > len(parts):
        return False
    before, tail = parts[: -len(name)], parts[-len(name) :]
    first, start = name[0], tail[0]
    if isinstance(first, str):
        begins = isinstance(start, str) and start.endswith(f"/{first}")
    else:
        begins = start is first and str(*before[-1:]).endswith("/")
    return begins and tail[1:] == name[1:]
