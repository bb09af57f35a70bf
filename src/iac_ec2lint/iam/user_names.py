"""Who asks, as a request says it: ``${aws:username}`` in policies, and the keys of each call.

In a group's it is that of whichever member asks.

Source: IAM User Guide, "IAM policy elements: Variables and tags" (where the key is present: not in
the request of an assumed role); semantics.md, D6.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from iac_ec2lint.iam.arns import joined
from iac_ec2lint.iam.policy.glob import MEMBER, pieces_of
from iac_ec2lint.iam.policy.operators import ABSENT_OR_FALSE
from iac_ec2lint.iam.policy.settled import OF_OWN_CALLS
from iac_ec2lint.values import Reference, Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.iam.policy.document import PolicyDocument
    from iac_ec2lint.iam.policy.operators import Keys, KeyValue
    from iac_ec2lint.iam.policy.statement import Statement
    from iac_ec2lint.resources.part import Resource

_NAME: Final = re.compile(r"\$\{aws:username\}", re.IGNORECASE)


def keys_of_calls(kind: str, name: Val | None) -> Keys:
    """The condition keys that are the same in each call that a principal makes itself, by TLS.

    Source: IAM User Guide, "AWS global condition context keys".

    Args:
        kind: ``role``, ``user`` or ``group``: of this one, a member asks.
        name: The name of a user.
    """
    known: dict[str, tuple[KeyValue, ...]] = {
        **OF_OWN_CALLS,
        "aws:principaltype": ("AssumedRole" if kind == "role" else "User",),
    }
    if kind == "role":
        known["aws:username"] = ()
    elif kind == "user" and name is not None and name.text is not None:
        known["aws:username"] = (name.text,)
    return known


WITHOUT_MFA: Final[Keys] = {
    "aws:multifactorauthpresent": (ABSENT_OR_FALSE,),
    "aws:multifactorauthage": (),
}
"""What the calls of a role have that nobody but services may assume: nobody entered a code for it.

Sources: IAM User Guide, "AWS global condition context keys" (where the keys are there) and "Secure
API access with MFA"; AWS CloudTrail User Guide, ``mfaAuthenticated``.
"""


def member_of(group: Resource) -> Reference:
    """The name of whichever user of a group asks."""
    return Reference(f"{MEMBER}{group.address}", "name", group.span)


def for_user(document: PolicyDocument, name: Val | None) -> PolicyDocument:
    """What a document says where it applies to one principal.

    Args:
        document: The document.
        name: The name of the user, or of a group's member; ``None`` for a role, for which what
            names a user's own resources names nothing.

    Returns:
        The document itself, where it names no user.
    """
    return document.mapped(lambda statement: (_statement(statement, name),))


def _statement(statement: Statement, name: Val | None) -> Statement:
    entries = (*(statement.resources or ()), *(statement.not_resources or ()))
    if not any(_mentions(entry) for entry in entries):
        return statement
    return statement.about(
        _entries(statement.resources, name), _entries(statement.not_resources, name)
    )


def _mentions(entry: Val) -> bool:
    if isinstance(entry, Unknown) and entry.candidates:
        return any(_mentions(candidate) for candidate in entry.candidates)
    pieces = pieces_of(entry) or ()
    return any(isinstance(p, str) and "${" in p and _NAME.search(p) is not None for p in pieces)


def _entries(entries: tuple[Val, ...] | None, name: Val | None) -> tuple[Val, ...] | None:
    return None if entries is None else tuple(_named(entries, name))


def _named(entries: tuple[Val, ...], name: Val | None) -> Iterator[Val]:
    for entry in entries:
        if not _mentions(entry):
            yield entry
        elif isinstance(entry, Unknown) and entry.candidates:
            named = tuple(_named(entry.candidates, name))
            if named:
                yield entry.but(candidates=named, unset=entry.unset or name is None)
        elif name is not None:
            yield _filled(entry, name)


def _filled(entry: Val, name: Val) -> Val:
    """An entry with the name in the place of the variable."""
    pieces: list[str | Unknown] = []
    for piece in pieces_of(entry) or ():
        if isinstance(piece, Unknown):
            pieces.append(piece)
            continue
        first, *rest = _NAME.split(piece)
        pieces.append(first)
        for text in rest:
            pieces += [*(pieces_of(name) or ()), text]
    if all(isinstance(piece, str) for piece in pieces):
        return Value("".join(str(piece) for piece in pieces), entry.span, entry.via)
    known = (piece for piece in pieces if piece != "")
    references = tuple(r for p in pieces if isinstance(p, Unknown) for r in p.references)
    return joined(known, entry.span).but(references=references)
