"""Whom a function's own policy lets change its code, which runs with the function's role.

Sources: AWS Lambda Developer Guide, "Using resource-based policies in Lambda" and "Granting Lambda
function access to other accounts"; AWS Lambda API Reference, AddPermission.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.attack.gains.escalations import gained
from iac_ec2lint.iam.access import tidy
from iac_ec2lint.iam.arns import arn_in, identity_of, names_of
from iac_ec2lint.iam.escalation.services.standing_work import takes_unsigned_code
from iac_ec2lint.iam.escalation.steps import sure
from iac_ec2lint.iam.grants import is_denied
from iac_ec2lint.iam.principals import Principal, principal_of
from iac_ec2lint.iam.privilege import Privilege, privilege
from iac_ec2lint.iam.trust.own_accounts import own_accounts
from iac_ec2lint.resources.iam_principal import IamUser
from iac_ec2lint.resources.iam_role import Role
from iac_ec2lint.resources.lambda_function import LambdaFunction, LambdaPermission
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values import (
    NO,
    YES,
    Answer,
    Unknown,
    Val,
    all_of,
    any_of,
    references_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph

_UPDATES: Final = "lambda:UpdateFunctionCode"
_CHANGES: Final = ("*", "lambda:*", _UPDATES, "lambda:UpdateFunctionConfiguration")
_SERVICE: Final = regular_expression(r"[^:*]+\.[^:*]+")
_ACCOUNT: Final = regular_expression(r"(\d{12})|arn:[^:]+:(?:iam|sts)::(\d{12}):.+")


class CodeOpening(NamedTuple):
    """A statement of a function's policy that lets somebody change its code.

    Attributes:
        permission: The statement.
        who: Whom it lets, in words.
        function: The function.
        role: The role that the function runs with.
        level: What that comes to.
        answer: Whether all of it holds, and the role is privileged beyond what they have.
        public: Whether it is anybody.
    """

    permission: LambdaPermission
    who: str
    function: LambdaFunction
    role: Principal
    level: Privilege
    answer: Answer
    public: bool


def code_openings(graph: Graph) -> Iterator[CodeOpening]:
    """Whom the functions of a unit with privileged roles let change their code by their policies.

    Args:
        graph: The graph.
    """
    for permission in graph.all(LambdaPermission):
        changes = _changes_code(permission)
        if changes.truth is False:
            continue
        for to in graph.targets(permission, "function"):
            function = to.target
            if not isinstance(function, LambdaFunction):
                continue
            for of in graph.targets(function, "role"):
                if isinstance(of.target, Role):
                    there = sure(to.certain, to.value) & sure(of.certain, of.value) & changes
                    yield from _openings(graph, permission, function, of.target, there)


def _openings(
    graph: Graph,
    permission: LambdaPermission,
    function: LambdaFunction,
    role: Role,
    there: Answer,
) -> Iterator[CodeOpening]:
    target = principal_of(graph, role)
    level = privilege(graph, target)
    for who, one, admitted in _admitted(graph, permission):
        way = there & admitted & takes_unsigned_code(graph, function)
        own = Privilege(target, ())
        if one is not None:
            own = privilege(graph, one)
            arn = arn_in(function.span, "lambda", "function:", names_of(function, function.name)[0])
            identity = identity_of(function)
            way = way & ~is_denied(one, _UPDATES, arn, identity)
        answer = gained(way, level.answer, level.beyond(own))
        if answer.may_be_true:
            public = permission.principal is not None and permission.principal.text == "*"
            yield CodeOpening(permission, who, function, target, level, tidy(answer), public)


def _changes_code(permission: LambdaPermission) -> Answer:
    action = permission.action
    if action is None:
        return NO
    conditions = (permission.is_set("source"), permission.is_set("source_account"))
    # Nobody's own calls have the keys that these ask for.
    return any_of(action.equals(one) for one in _CHANGES) & all_of(~one for one in conditions)


def _admitted(
    graph: Graph, permission: LambdaPermission
) -> Iterator[tuple[str, Principal | None, Answer]]:
    """Whom a statement admits, in words, who that is of the unit, and whether it does."""
    value = permission.principal
    if value is None:
        return
    own = [graph.get(reference.target) for reference in references_of(value)]
    named = [one for one in own if isinstance(one, Role | IamUser)]
    text = value.text
    if named:
        for one in named:
            yield principal_of(graph, one).name, principal_of(graph, one), YES
    elif text is None:
        yield "a principal that is not known", None, _unknown(value, "who that is is not known")
    elif text == "*":
        organised = permission.is_set("organisation")
        within = _unknown(value, "who is in the organisation is not known")
        yield "any AWS principal", None, YES if organised.truth is False else within
    elif not _SERVICE.fullmatch(text):
        found = _ACCOUNT.fullmatch(text)
        account = (found[1] or found[2]) if found is not None else text
        if account not in own_accounts(graph):
            words = f"whether account {account} is your own is not known"
            yield f"account {account}", None, _unknown(value, words)


def _unknown(value: Val, words: str) -> Answer:
    cause = value if isinstance(value, Unknown) else Unknown(words, "external-id", value.span)
    return Answer(None, (cause,))
