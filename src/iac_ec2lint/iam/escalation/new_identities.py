"""Roles and users that a principal may make, and make administrators of.

Who creates a role writes its trust policy, and is let in by that; who creates a user may give it
credentials. Sources: IAM API Reference, CreateRole and CreateUser; AWS STS API Reference,
AssumeRole (a trust policy that names a principal of the same account is enough); IAM User Guide,
"Permissions boundaries for IAM entities" (what is made with a boundary is no administrator, but
for whoever may take that off, or write another version of it).
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Final

from iac_ec2lint.iam.access import tidy
from iac_ec2lint.iam.arns import arn_in, example_of
from iac_ec2lint.iam.escalation.steps import ActionRequest, allowed_to
from iac_ec2lint.iam.grants import in_the_terms_of, is_denied, may_somewhere, statements_on
from iac_ec2lint.iam.identities.boundary_keys import KEY as BOUNDARY
from iac_ec2lint.iam.identities.boundary_keys import boundaries_of_choice
from iac_ec2lint.iam.policy.glob import has_wildcard, match_arn, nobody, pieces_of
from iac_ec2lint.iam.policy.operators import NamedArn
from iac_ec2lint.iam.policy_choice import ADMINISTRATORS, KEY
from iac_ec2lint.iam.principals import principals
from iac_ec2lint.values import YES, Answer, Reference, Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.iam.policy.operators import Keys
    from iac_ec2lint.iam.principal import Principal

CREATES: Final = ("iam:CreateRole", "iam:CreateUser")
"""Without one of these nobody makes anybody."""

_LETS_IN: Final = {"role": ((),), "user": (("iam:CreateAccessKey",), ("iam:CreateLoginProfile",))}
_MOST: Final = 12
"""How many names that policies allow are tried."""


def made_administrators(
    graph: Graph,
    principal: Principal,
) -> Iterator[tuple[tuple[ActionRequest, ...], Answer]]:
    """The ways in which a principal may make an administrator and be it, with whether it may.

    Args:
        graph: The graph: who is there already, and what boundaries leave.
        principal: Who.
    """
    for kind, letting_in in _LETS_IN.items():
        title = kind.title()
        writers = (f"iam:Attach{title}Policy", f"iam:Put{title}Policy")
        for writes, lets_in in product(writers, letting_in):
            actions = (f"iam:Create{title}", writes, *lets_in)
            if not all(may_somewhere(principal, action) for action in actions):
                continue
            names = _names(graph, principal, kind, actions)
            for (arn, is_new), (boundary, leaves) in product(
                names, boundaries_of_choice(graph, principal)
            ):
                asked = tuple(
                    ActionRequest(
                        action, arn, nobody(arn.span), {**boundary, **_CONTEXTS.get(action, {})}
                    )
                    for action in actions
                )
                answer = is_new & allowed_to(principal, asked)
                if kind == "role":
                    answer = answer & ~is_denied(principal, "sts:AssumeRole", arn, nobody(arn.span))
                if (answer & leaves).truth is not False:
                    yield asked, tidy(answer & leaves)
                for undone in _undoing(title, arn, boundary) if not leaves.truth else ():
                    undoes = answer & allowed_to(principal, (undone,))
                    if undoes.truth is not False:
                        yield (*asked, undone), tidy(undoes)


def _undoing(title: str, arn: Val, boundary: Keys) -> Iterator[ActionRequest]:
    """What takes the boundary off that somebody is made with, or has it allow everything."""
    yield ActionRequest(f"iam:Delete{title}PermissionsBoundary", arn, nobody(arn.span), boundary)
    for one in boundary.get(BOUNDARY, ()):
        if isinstance(one, NamedArn):
            yield ActionRequest("iam:CreatePolicyVersion", one.arn, one.identity)


_CONTEXTS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    f"iam:Attach{title}Policy": {KEY: ADMINISTRATORS[:1]} for title in ("Role", "User")
}


def _names(
    graph: Graph, principal: Principal, kind: str, actions: tuple[str, ...]
) -> list[tuple[Val, Answer]]:
    """ARNs that somebody new may have, as statements that allow the actions write them.

    Each comes with whether nobody has it: of a single name that is not known, where the unit
    declares nobody of it.
    """
    found: dict[str, tuple[Val, Answer]] = {}
    speaking = (one for action in actions for one in statements_on(principal, action))
    for statement in dict.fromkeys(speaking):
        if statement.effect.text == "Deny":
            continue
        entries = (Value("*", statement.span),)
        for entry in entries if statement.resources is None else statement.resources:
            arn, is_new = _example(entry, kind), YES
            if arn is None and not _is_declared(graph, entry):
                arn = _one_name(entry, kind)
                words = f"whether there is a {kind} of the name that is written is not known"
                is_new = Answer(None, (Unknown(words, "external-id", entry.span),))
            if arn is not None:
                found.setdefault(repr(pieces_of(arn)), (arn, is_new))
    return list(found.values())[:_MOST]


def _one_name(entry: Val, kind: str) -> Val | None:
    """The ARN of the one role or user that an entry writes the name of, in the unit's account."""
    pieces = pieces_of(entry) or ()
    last = pieces[-1] if pieces else None
    if not isinstance(last, str):
        return None
    before, found, name = last.rpartition(f":{kind}/")
    if not found or has_wildcard(name) or "${" in name or not _covers_a(kind, pieces):
        return None
    if any(has_wildcard(one) for one in (before, *pieces[:-1]) if isinstance(one, str)):
        return arn_in(entry.span, "iam", f"{kind}/", Value(name, entry.span), region=False)
    return entry


def _is_declared(graph: Graph, entry: Val) -> bool:
    """Whether somebody of the unit may have an ARN."""
    return any(
        match_arn(entry, in_the_terms_of(one, one.arn), one.identity) is not False
        for one in principals(graph)
    )


def _example(entry: Val, kind: str) -> Val | None:
    """An ARN that an entry covers, of somebody who is not there yet; ``None`` if it names one."""
    pieces = pieces_of(entry)
    if pieces is None:
        return None
    last = pieces[-1]
    if isinstance(last, Unknown) and not isinstance(last, Reference):
        return arn_in(entry.span, "iam", f"{kind}/", region=False)  # whatever it is like
    if not isinstance(last, str) or not has_wildcard(last) or not _covers_a(kind, pieces):
        return None
    if len(pieces) > 1:
        _, found, name = last.rpartition(f":{kind}/")
        return None if found and not has_wildcard(name) else example_of(pieces, entry.span)
    segments = last.split(":", 5)
    if len(segments) < 6:
        segments = ["", "", "", "", "*", f"{kind}/*"] if last.strip("*") == "" else []
    if not segments or not has_wildcard(segments[5]):
        return None
    name = segments[5].removeprefix(f"{kind}/")
    filled = example_of((name,), entry.span)
    if has_wildcard(segments[4]):
        return arn_in(entry.span, "iam", f"{kind}/", filled, region=False)
    made = example_of((last,), entry.span)
    return made if not isinstance(made, Unknown) else None


def _covers_a(kind: str, pieces: Iterable[str | Unknown]) -> bool:
    """Whether an entry may cover the ARN of a role or a user; those of other services cover none.

    Source: Service Authorization Reference, "Resource types defined by AWS Identity and Access
    Management" (``arn:aws:iam::<account>:role/<name>``).
    """
    pattern = "".join(piece if isinstance(piece, str) else "*" for piece in pieces)
    segments = pattern.split(":", 5)
    if len(segments) < 6:
        return True
    head = segments[5][: next((at for at, one in enumerate(segments[5]) if one in "*?$"), None)]
    own = f"{kind}/"
    service = segments[2]
    return (service == "iam" or has_wildcard(service)) and (
        head.startswith(own) or own.startswith(head)
    )
