"""Which statements keep strangers out: who may not ask, and which resources may not be reached.

A condition restricts where it compares, by a positive operator, a key that the caller cannot
choose with specific values; in a Deny, where it does so by a negated one (semantics.md, D3; IAM
User Guide, "AWS global condition context keys").
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

from iac_ec2lint.iam.policy.glob import has_wildcard, pieces_of
from iac_ec2lint.iam.policy.operators import agree, evaluate, known_to_be_there, three_valued
from iac_ec2lint.iam.policy.source_addresses import address_range, are_wide
from iac_ec2lint.iam.policy.statement import PrincipalEntry, principal_entries
from iac_ec2lint.values import NO, YES, Answer, Reference, Unknown, Val, Value, all_of, any_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from iac_ec2lint.iam.policy.statement import Condition, Statement

Setting = Literal["resource-policy", "trust-policy", "endpoint-policy"]
"""What a document is the policy of; that of a resource, of a role's trust, of a VPC endpoint."""

Side = Literal["principal", "resource"]
"""What a restriction is about: who asks, or what is asked for."""

Kind = Literal["id", "path", "account", "arn", "addresses", "userid"]
"""What the values of a condition key are, which decides when one is specific."""

PRINCIPAL_KEYS: dict[str, Kind] = {
    "aws:principalorgid": "id",
    "aws:principalorgpaths": "path",
    "aws:principalaccount": "account",
    "aws:principalarn": "arn",
    "aws:sourcearn": "arn",
    "aws:sourceaccount": "account",
    "aws:sourceorgid": "id",
    "aws:sourceorgpaths": "path",
    "aws:sourceowner": "account",
    "aws:sourcevpc": "id",
    "aws:sourcevpce": "id",
    "aws:vpceaccount": "account",
    "aws:vpceorgid": "id",
    "aws:vpceorgpaths": "path",
    "aws:sourceip": "addresses",
    "aws:userid": "userid",
    "aws:principalservicename": "id",
    "aws:principalservicenameslist": "id",
    "kms:calleraccount": "account",
}
"""Keys that say who asks, or from where, in lower case."""

RESOURCE_KEYS: dict[str, Kind] = {
    "aws:resourceorgid": "id",
    "aws:resourceorgpaths": "path",
    "aws:resourceaccount": "account",
    "s3:resourceaccount": "account",
}
"""Keys that say whose the resource is, in lower case."""

OF_THE_ENDPOINT = frozenset(
    {
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:vpceaccount",
        "aws:vpceorgid",
        "aws:vpceorgpaths",
        "aws:sourceip",
    }
)
"""Keys that are the same for all requests through a VPC endpoint: in its own policy they restrict
nothing."""

_OF_DIRECT_CALLS = {"aws:principalisawsservice": "false", "aws:viaawsservice": "false"}
"""Keys that exempt AWS services from a Deny, and what they are where a stranger calls."""

_OTHER_SIDE = {
    "aws:principalorgid": "aws:resourceorgid",
    "aws:principalaccount": "aws:resourceaccount",
}
"""Keys of who asks, and those that say the same of what is asked for."""
_TIED = _OTHER_SIDE | {theirs: ours for ours, theirs in _OTHER_SIDE.items()}

_ALWAYS_THERE = frozenset({"aws:principalaccount", "kms:calleraccount"})
"""Keys that each request has, so that ``...IfExists`` and ``ForAllValues`` exempt none (IAM User
Guide, "AWS global condition context keys"; KMS Developer Guide, "AWS KMS condition keys")."""
_MATCHING = {"StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnLike", "IpAddress"}
_GLOBS = {"StringLike", "ArnLike"}
_ACCOUNT = re.compile(r"\d{12}")
_UNKNOWN_PIECE = "\ue0f2"
_TEXT_ELSEWHERE: Final = re.compile(
    r"(?:ssm|ssm-secure|secretsmanager|export):"  # dynamic references and imports of stacks
    r"|[^.]+\.Outputs\."
    r"|(?:.*\.)?data\.(?!aws_)"
    r"|(?:.*\.)?data\.aws_(?:ssm_parameters?|ssm_parameters_by_path|secretsmanager_secret_version"
    r"|cloudformation_export|cloudformation_stack|lambda_invocation|s3_object|s3_bucket_object"
    r"|kms_secrets)\..*\.(?!(?:arn|id)$)[^.]*$"
)


def names_principals(statement: Statement, trusted_accounts: Collection[str] = ()) -> Answer:
    """Whether ``Principal`` admits none but those that it names; not so without one.

    ``NotPrincipal`` in an Allow admits everybody else.
    """
    if statement.principals is None:
        return NO
    return all_of(_is_named(entry, trusted_accounts) for entry in statement.principals)


def stops_strangers(statement: Statement, trusted_accounts: Collection[str] = ()) -> Answer:
    """Whether the principals of a Deny include every stranger: ``*``, or all but those named."""
    answer = YES
    if statement.principals is not None:
        answer = any_of(_is_everyone(entry) for entry in statement.principals)
    if statement.not_principals is not None:
        answer = answer & all_of(_is_named(e, trusted_accounts) for e in statement.not_principals)
    return answer


def narrows(
    condition: Condition,
    side: Side,
    setting: Setting,
    trusted_accounts: Collection[str] = (),
) -> Answer:
    """Whether a condition of an Allow holds for no stranger.

    Args:
        condition: The condition.
        side: Whether strange principals or strange resources are meant.
        setting: What the policy belongs to.
        trusted_accounts: Where given, an account that is not among them counts as a stranger,
            even where it is named.
    """
    if condition.unknown is not None:
        return Answer(None, (condition.unknown,))
    if evaluate(condition, {}).truth is False or _is_of_services(condition, side):
        return YES
    there = known_to_be_there(condition, signed=False)
    if there is not None:
        return ~there
    kind = _kind(condition, side, setting)
    if kind is None or condition.negated or condition.positive not in _MATCHING:
        return _ties(condition, side, setting)
    exempts = condition.if_exists or condition.qualifier == "ForAllValues"
    if exempts and condition.key.lower() not in _ALWAYS_THERE:
        return NO
    if _compares_both_sides(condition):
        return _ties(condition, side, setting)
    return _are_specific(condition, kind, trusted_accounts)


def _is_of_services(condition: Condition, side: Side) -> bool:
    """Whether it asks for a call that a service of AWS's makes as itself, which nobody else can."""
    return (
        side == "principal"
        and condition.key.lower() == "aws:principalisawsservice"
        and condition.positive == "Bool"
        and all(value.equals("true").truth is True for value in condition.values)
    )


def _compares_both_sides(condition: Condition) -> bool:
    """Whether it compares who asks with whose the resource is, by a policy variable."""
    other = _TIED.get(condition.key.lower())
    return other is not None and all(
        value.text is not None and value.text.lower() == f"${{{other}}}"
        for value in condition.values
    )


def _ties(condition: Condition, side: Side, setting: Setting) -> Answer:
    """Whether who asks must be of the account, or the organisation, of a resource that is known.

    A VPC endpoint leads to everybody's resources: a stranger may ask for a stranger's there.
    """
    tied = (
        setting != "endpoint-policy"
        and side == "principal"
        and not condition.negated
        and not condition.if_exists
        and condition.qualifier != "ForAllValues"
        and condition.positive in _MATCHING
        and _compares_both_sides(condition)
    )
    return YES if tied else NO


def holds_for_strangers(
    condition: Condition,
    sides: Collection[Side],
    setting: Setting,
    trusted_accounts: Collection[str] = (),
) -> Answer:
    """Whether a condition of a Deny holds for every stranger, whatever else the request has.

    Args:
        condition: The condition.
        sides: Which of principal and resource are strange.
        setting: What the policy belongs to.
        trusted_accounts: See ``narrows``.
    """
    if condition.unknown is not None:
        return Answer(None, (condition.unknown,))
    key = condition.key.lower()
    if key in _OF_DIRECT_CALLS and condition.positive == "Bool":
        return all_of(value.equals(_OF_DIRECT_CALLS[key]) for value in condition.values)
    there = known_to_be_there(condition, signed=False)
    if there is not None:
        return there
    for side in sides:
        kind = _kind(condition, side, setting)
        if kind is None or condition.positive not in _MATCHING:
            continue
        if condition.negated:
            # A stranger may lack the key; without it, "for any value" does not hold.
            if condition.qualifier == "ForAnyValue":
                return NO
            if _compares_both_sides(condition):
                # A stranger's organisation is another one, or none.
                return NO if setting == "endpoint-policy" or side != "principal" else YES
            return _are_specific(condition, kind, trusted_accounts)
        # Equal to a specific value: that is one stranger, and not all of them.
        reason = f"the condition on {condition.key} may hold for strangers"
        unsure = Answer(None, (Unknown(reason, "condition", condition.span),))
        return ~_are_specific(condition, kind, trusted_accounts) & unsure
    return NO


def _kind(condition: Condition, side: Side, setting: Setting) -> Kind | None:
    key = condition.key.lower()
    if setting == "endpoint-policy" and key in OF_THE_ENDPOINT:
        return None
    return (PRINCIPAL_KEYS if side == "principal" else RESOURCE_KEYS).get(key)


def _are_specific(condition: Condition, kind: Kind, trusted: Collection[str]) -> Answer:
    """Whether each value of a condition is specific: one that is not opens them all."""
    if kind == "addresses":
        return _are_narrow(condition)
    glob = condition.positive in _GLOBS
    return all_of(
        each_value(value, lambda one: _is_specific(one, kind, trusted, glob=glob))
        for value in condition.values
    )


def each_value(value: Val, test: Callable[[Val], bool | None]) -> Answer:
    """What ``test`` says of a value; where it is undecided or a list, of all that it may hold."""
    if isinstance(value, Unknown) and value.candidates:
        return agree([each_value(candidate, test) for candidate in value.candidates], value)
    if isinstance(value, Value) and isinstance(value.data, tuple):
        return all_of(each_value(element, test) for element in value.elements())
    return three_valued(test(value), value)


def _are_narrow(condition: Condition) -> Answer:
    if condition.positive != "IpAddress":
        return YES
    ranges: list[tuple[int, int, int]] = []
    unknown: list[Unknown] = []
    for value in condition.values:
        for element in value.elements():
            if isinstance(element, Unknown):
                unknown.append(element)
            elif element.text is not None:
                parsed = address_range(element.text)
                if parsed is not None:
                    ranges.append(parsed)
    if are_wide(ranges):
        return NO
    return Answer(None, tuple(unknown)) if unknown else YES


def _is_specific(value: Val, kind: Kind, trusted: Collection[str], *, glob: bool) -> bool | None:
    written = _written(value, exact=not glob)
    if written is None:
        return None
    if kind == "arn":
        if not glob and value.text is not None and not trusted and "${" not in written:
            return True
        return _has_fixed_account(written, trusted)
    if kind == "path":
        written = written.partition("/")[0]
    elif kind == "userid":
        written = written.partition(":")[0]
    if "${" in written:
        return None
    if glob and has_wildcard(written):
        return False
    if kind != "account":
        return True
    return not trusted or _UNKNOWN_PIECE in written or written in trusted


def _has_fixed_account(written: str, trusted: Collection[str]) -> bool | None:
    """Whether the account of an ARN is fixed; where it has none (S3), whether its name is."""
    segments = written.split(":", 5)
    if written == _UNKNOWN_PIECE:
        return True
    if len(segments) < 6:
        return False if has_wildcard(written) else None
    account, name = segments[4], segments[5]
    if "${" in account:
        return None
    if has_wildcard(account):
        return False
    if not account:
        return not has_wildcard(name.partition("/")[0])
    return not trusted or _UNKNOWN_PIECE in account or account in trusted


def _written(value: Val, *, exact: bool = False) -> str | None:
    """The text of a value, with a mark for each unknown piece that identifies one thing.

    ``None`` where a piece may be anything: a variable or a parameter without a value. Where it is
    compared exactly, what is read elsewhere is one thing whatever it says.
    """
    pieces = pieces_of(value)
    if pieces is None:
        return ""
    text: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            text.append(piece)
        elif identifies(piece) or (exact and isinstance(piece, Reference)):
            text.append(_UNKNOWN_PIECE)
        else:
            return None
    return "".join(text)


def identifies(unknown: Unknown) -> bool:
    """Whether an unknown is one thing that AWS decides, and no wildcard.

    That is an attribute of a resource or a data source, or a pseudo parameter: an id, an account.
    """
    if isinstance(unknown, Reference):
        return not is_anything(unknown)
    return unknown.cause in {"computed", "data-source"}


def is_anything(read: Reference) -> bool:
    """Whether what is read is text that somebody wrote elsewhere: an id, an account, or ``*``.

    That is what parameters and secrets hold, outputs of other states and stacks, and what programs
    and pages answer. Data sources of AWS's provider tell else what there is in AWS.
    """
    return _TEXT_ELSEWHERE.match(f"{read.target}.{read.attribute}") is not None


def is_fixed(entry: Val) -> Answer:
    """Whether a ``Resource`` entry covers resources of its own account, or of one name, only."""
    return each_value(entry, _is_fixed)


def _is_fixed(entry: Val) -> bool | None:
    written = _written(entry)
    if written is None:
        return _fixed_in_parts(entry)
    if written.strip("*") == "":
        return False
    if written == _UNKNOWN_PIECE:
        return True
    segments = written.split(":", 5)
    if segments[0] != "arn":
        # An ARN that is known after it is created, and more; or no ARN, which matches nothing.
        return True
    if len(segments) < 6:
        return None
    account, name = segments[4], segments[5]
    if "${" in account:
        return None
    if has_wildcard(account):
        return False
    if account:
        return True
    if segments[2] == "s3":
        # Names of buckets are global: a prefix is enough to leave other people's out.
        return name.partition("/")[0].strip("*?") != ""
    return not has_wildcard(name.partition("/")[2] or name)


def _fixed_in_parts(entry: Val) -> bool | None:
    """An ARN with a piece that may be anything, where its account is written for sure."""
    pieces = pieces_of(entry) or ()
    first = pieces[0] if pieces else None
    if not isinstance(first, str):
        return None
    segments = first.split(":", 5)
    complete = len(segments) == 6 and segments[0] == "arn"
    return True if complete and _ACCOUNT.fullmatch(segments[4]) else None


def _is_everyone(entry: PrincipalEntry) -> Answer:
    if entry.kind == "*":
        return YES
    if entry.kind not in {"", "AWS"} or isinstance(entry.value, Value):
        return NO
    return _over_candidates(entry, _is_everyone, all_of_them=False)


def _is_named(entry: PrincipalEntry, trusted: Collection[str]) -> Answer:
    """Whether an entry is a specific principal; of the trusted accounts, where those are given."""
    if entry.kind == "*":
        return NO
    if entry.kind not in {"", "AWS"}:
        return YES
    value = entry.value
    if isinstance(value, Unknown) and (value.candidates or not entry.kind):
        return _over_candidates(entry, lambda e: _is_named(e, trusted), all_of_them=True)
    return three_valued(_is_named_value(value, trusted), value)


def _over_candidates(
    entry: PrincipalEntry, test: Callable[[PrincipalEntry], Answer], *, all_of_them: bool
) -> Answer:
    value = entry.value
    if not isinstance(value, Unknown) or not value.candidates:
        return three_valued(None, value)
    join = all_of if all_of_them else any_of
    return agree(
        [join(test(one) for one in principal_entries(candidate)) for candidate in value.candidates],
        value,
    )


def _is_named_value(value: Val, trusted: Collection[str]) -> bool | None:
    pieces = pieces_of(value)
    if pieces is None:
        return True
    first = pieces[0]
    if isinstance(first, Unknown):
        if identifies(first):
            return True
        # With text around it, it cannot be everyone.
        return None if trusted or len(pieces) == 1 else True
    if not trusted:
        return True
    segments = first.split(":")
    text = segments[4] if len(segments) > 4 else first
    account = pieces[1] if len(segments) == 5 and not text and len(pieces) > 1 else text
    if isinstance(account, Unknown):
        return True if identifies(account) else None
    return account in trusted if _ACCOUNT.fullmatch(account) else None
