"""Whom of the unit, and which services, the trust policies of roles admit.

Sources: AWS STS API Reference, AssumeRole; IAM User Guide, "AWS JSON policy elements: Principal";
semantics.md, D1: what a policy writes as ``data.aws_caller_identity`` or ``AWS::AccountId`` is the
unit's own account.
"""

from __future__ import annotations

import re
from copy import copy
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.graph.relations import THIS_ACCOUNT
from iac_ec2lint.iam.arns import Terms, own_terms, written
from iac_ec2lint.iam.policy.document import PolicyDocument
from iac_ec2lint.iam.policy.glob import pieces_of
from iac_ec2lint.iam.policy.matching import (
    Request,
    allows,
    applies,
    covers_action,
    covers_principal,
    holds,
)
from iac_ec2lint.iam.policy.matching import RequestPrincipal as Caller
from iac_ec2lint.iam.policy.operators import OWN_ACCOUNT
from iac_ec2lint.iam.policy.settled import settled
from iac_ec2lint.resources.pipeline import Pipeline
from iac_ec2lint.values import NO, YES, Answer, Reference, Unknown, Value, all_of, any_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.iam.policy.operators import Keys
    from iac_ec2lint.iam.policy.statement import PrincipalEntry, Statement
    from iac_ec2lint.iam.principal import Principal
    from iac_ec2lint.resources.iam_role import Role

_ROOT: Final = ":root"
_ACCOUNT: Final = re.compile(r"[0-9]{12}")
_ROLE_OR_USER: Final = re.compile(
    r"arn:[\w-]+:iam::[0-9]{12}:(?:role|user)/(?:[^*?$]*/)?([^*?$/]+)"
)
_OTHERS: Final = frozenset({"Service", "Federated", "CanonicalUser"})
"""The kinds of principals that are no roles, users or groups."""
_FOR_US: Final[Keys] = {"aws:sourceaccount": (OWN_ACCOUNT,)}


@remembered
def trust_of(role: Role) -> PolicyDocument:
    """The trust policy of a role; without statements where none is written."""
    written = role.trust_policy
    return PolicyDocument((), role.span) if written is None else PolicyDocument.read(written)


@remembered
def trusts_service(role: Role, services: tuple[str, ...]) -> Answer:
    """Whether a service may assume a role, for the unit's own account.

    That it does so for that one is what ``aws:SourceAccount`` says, where a trust policy asks for
    it (IAM User Guide, "The confused deputy problem").

    Args:
        role: The role.
        services: The names of the service, in all partitions (``ec2.amazonaws.com``).
    """
    if role.trust_policy is None:
        return NO
    callers = (Caller("Service", Value(one, role.span)) for one in services)
    requests = (Request("sts:AssumeRole", None, caller, _FOR_US) for caller in callers)
    return any_of(allows((trust_of(role),), request) for request in requests)


class Trust(NamedTuple):
    """Whether the trust policy of a role admits a principal of the unit.

    Attributes:
        by_name: Whether it does whatever the principal's own policies say: it names that, or
            everybody.
        with_account: Whether it leaves it to these: it names the unit's own account, or it may
            admit somebody of whom nothing is known.
    """

    by_name: Answer
    with_account: Answer


def trusts(
    role: Role, principal: Principal, call: Keys | None = None, action: str = "sts:AssumeRole"
) -> Trust:
    """Whether, and how, the trust policy of a role admits a principal of the unit.

    The unit's own account is known as ``data.aws_caller_identity`` or ``AWS::AccountId``; that one
    whose number is written is the unit's own is undecided.

    Args:
        role: The role.
        principal: Who asks.
        call: The condition keys that are what it writes in the call.
        action: What it asks for.
    """
    document = settled(trust_of(role), {})
    caller = Caller("AWS", written(principal.arn, _terms_of_trust(role)), principal.identity)
    keys = {**principal.calls, **(call or {})}
    request = Request(action, None, caller, keys)
    admitted, whole = allows((document,), request), _left_to_account(role, action)
    if whole.truth is None:
        # Conditions may say of the account's principals which.
        whole = _leaves_it_to(role, request)
    if whole.truth is not False:
        whole = whole & ~any_of(
            statement.denies & applies(statement, request)
            for statement in document.statements
            if statement.effect.text != "Allow"
        )
    if admitted.truth is None and not any(
        _names(statement, request, caller) for statement in document.statements
    ):
        return Trust(NO, whole | admitted)  # that it may name anybody is no news
    return Trust(admitted, whole | admitted if admitted.truth is None else whole)


def may_name(role: Role, principal: Principal, call: Keys) -> Answer:
    """Whether a trust policy names a principal itself, or may name whomever it does.

    Args:
        role: The role.
        principal: Who asks.
        call: See ``trusts``.
    """
    caller = Caller("AWS", written(principal.arn, _terms_of_trust(role)), principal.identity)
    request = Request("sts:AssumeRole", None, caller, {**principal.calls, **call})
    return any_of(
        named.allows & applies(named, request)
        for named in map(_without_accounts, settled(trust_of(role), {}).statements)
        if named.effect.text != "Deny"
    )


def _without_accounts(statement: Statement) -> Statement:
    """A statement without everybody, and without accounts as wholes."""
    if statement.principals is None:
        return statement
    named = copy(statement)
    named.principals = tuple(one for one in statement.principals if not _is_wide(one))
    return named


@remembered
def _terms_of_trust(role: Role) -> Terms:
    return own_terms((trust_of(role),))


@remembered
def _left_to_account(role: Role, action: str) -> Answer:
    """Whether a trust policy names the unit's own account as a whole."""
    return _leaves_it_to(role, Request(action))


def _leaves_it_to(role: Role, request: Request) -> Answer:
    """Whether a statement that names the account as a whole admits, by its other elements."""
    return any_of(
        statement.allows
        & covers_action(statement, request.action)
        & all_of(holds(condition, request) for condition in statement.conditions)
        for statement in trust_of(role).statements
        if statement.effect.text != "Deny"
        and any(is_own_account(entry) for entry in statement.principals or ())
    )


def _names(statement: Statement, request: Request, caller: Caller) -> bool:
    """Whether a statement that may be in a trust policy names a principal itself."""
    named = _without_accounts(statement)
    if statement.effect.text == "Deny" or not named.principals:
        return False
    surely = covers_principal(named, caller).truth is True
    return surely and (named.allows & applies(named, request)).may_be_true


def _is_wide(entry: PrincipalEntry) -> bool:
    """Whether an entry is everybody, or an account as a whole, whichever that is."""
    if entry.kind == "*":
        return True
    pieces = pieces_of(entry.value) if entry.kind == "AWS" else None
    if not pieces:
        return False
    last = pieces[-1]
    if not isinstance(last, str):
        return is_own_account(entry)
    return last == "*" or last.endswith(_ROOT) or _ACCOUNT.fullmatch(last) is not None


def is_own_account(entry: PrincipalEntry) -> bool:
    """Whether an entry is the unit's own account as a whole."""
    pieces = pieces_of(entry.value) if entry.kind == "AWS" else None
    if pieces is None:
        return False
    *_, account = (piece for piece in (None, *pieces) if not isinstance(piece, str))
    own = isinstance(account, Reference) and THIS_ACCOUNT.fullmatch(account.target) is not None
    return own and (len(pieces) == 1 or pieces[-1] == _ROOT)


def names_others(role: Role, principal: Principal) -> bool:
    """Whether a trust policy names nothing but principals of other names: a cheap first question.

    Args:
        role: The role.
        principal: Who asks.
    """
    names, pieces = _trusted_names(role), pieces_of(principal.arn)
    last = pieces[-1] if pieces else None
    if names is None or not isinstance(last, str) or "/" not in last:
        return False
    return last.rpartition("/")[2] not in names


@remembered
def _trusted_names(role: Role) -> frozenset[str] | None:
    """The names of the roles and users that a trust policy admits, if all of them are written."""
    found: set[str] = set()
    for statement in trust_of(role).statements:
        if statement.effect.text == "Deny":
            continue
        if statement.principals is None or statement.not_principals is not None:
            return None
        for entry in statement.principals:
            text = entry.value.text if entry.kind == "AWS" else None
            named = _ROLE_OR_USER.fullmatch(text) if text is not None else None
            if named is not None:
                found.add(named[1])
            elif entry.kind not in _OTHERS:
                return None
    return frozenset(found)


def is_for_services(role: Role) -> bool:
    """Whether a trust policy admits nobody but services, and who is federated."""
    return named_by_trust(role) == ()


def serves_alone(role: Role) -> Answer:
    """Whether a trust policy admits nobody but services: not known where a kind is not."""
    kinds = [
        entry
        for statement in trust_of(role).statements
        if statement.effect.text != "Deny"
        for entry in statement.principals or ()
        if not entry.kind and isinstance(entry.value, Unknown)
    ]
    causes = tuple(one.value for one in kinds if isinstance(one.value, Unknown))
    if is_for_services(role):
        return YES
    known = named_by_trust(role, beside=kinds) == ()
    return Answer(None, causes) if causes and known else NO


def named_by_trust(
    role: Role, beside: Collection[PrincipalEntry] = ()
) -> tuple[Reference, ...] | None:
    """Whom of the unit a trust policy names beside services; ``None`` where it may admit others.

    Args:
        role: The role.
        beside: Entries that are left out.
    """
    found: list[Reference] = []
    for statement in trust_of(role).statements:
        if statement.effect.text == "Deny":
            continue
        if statement.not_principals is not None or statement.principals is None:
            return None
        for entry in statement.principals:
            if any(entry is one for one in beside):
                continue
            if isinstance(entry.value, Reference) and entry.kind == "AWS":
                found.append(entry.value)
            elif entry.kind not in _OTHERS:
                return None
    return tuple(found)


@remembered
def is_kept_by_services(role: Role) -> bool:
    """Whether nobody may assume a role but services that do their own work alone with it.

    What such a role may do, nobody has by it; see ``KEEPERS``.
    """
    return _admits_none_but(role, KEEPERS)


def is_kept_by_pipelines(graph: Graph, role: Role) -> bool:
    """Whether nobody surely has a role but pipelines of the unit that run no commands with it.

    A pipeline starts the builds that its stages name, and nobody has its role by that. Commands of
    an action ``Commands`` are run with it. Source: AWS CodePipeline User Guide, "Manage the
    CodePipeline service role" and "Commands action reference".
    """
    if not _admits_none_but(role, _OF_PIPELINES):
        return False
    edges = graph.sources(role, "pipeline_role")
    pipelines = [edge.source for edge in edges if isinstance(edge.source, Pipeline)]
    return bool(pipelines) and all(map(_runs_no_commands, pipelines))


_OF_PIPELINES: Final = frozenset({"codepipeline.amazonaws.com"})
_COMMANDS: Final = "Commands"


def _admits_none_but(role: Role, services: frozenset[str]) -> bool:
    """Whether a trust policy admits somebody, and nobody but some services, in any partition."""
    admitted = [one for one in trust_of(role).statements if one.effect.text != "Deny"]
    return bool(admitted) and all(
        statement.not_principals is None
        and statement.principals is not None
        and all(
            entry.kind == "Service" and (entry.value.text or "").removesuffix(".cn") in services
            for entry in statement.principals
        )
        for statement in admitted
    )


def _runs_no_commands(pipeline: Pipeline) -> bool:
    rules = [(stage, name) for stage in pipeline.stages for name in ("before", "failed", "passed")]
    if any(stage.is_set(name).may_be_true for stage, name in rules):
        return False
    actions = [stage.actions for stage in pipeline.stages]
    providers = [
        None if action.provider is None else action.provider.text
        for listed in actions
        for action in listed
    ]
    return bool(actions) and all(actions) and not {None, _COMMANDS} & set(providers)


KEEPERS: Final = frozenset(
    f"{name}.amazonaws.com"
    for name in (
        "application-autoscaling",
        "autoscaling",
        "backup",
        "batch",
        "cloudtrail",
        "codedeploy",
        "config",
        "delivery.logs",
        "dlm",
        "ecs",
        "eks",
        "elasticbeanstalk",
        "elasticmapreduce",
        "monitoring.rds",
        "spotfleet",
        "vpc-flow-logs",
    )
)
"""Services that act with a role themselves: neither code nor a template that a customer gives them
runs with it (the page of each on its service role, in its own guide)."""
