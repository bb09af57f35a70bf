"""Globs of policies: ``*`` and ``?`` over texts of which pieces may be unknown.

Sources: IAM User Guide, "IAM JSON policy elements: Resource" (wildcards in ARN segments) and
"IAM policy elements: Variables and tags" (``${...}``); semantics.md, D1.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import TYPE_CHECKING, Final

from iac_ec2lint.iam.policy.wildcards import (
    VARIABLE,
    Pieces,
    Symbol,
    arn_tokens,
    compare,
    is_same_piece,
    matches,
    pattern_tokens,
    subject_tokens,
)
from iac_ec2lint.values import Reference, Unknown, Val, number_text
from iac_ec2lint.values.inputs import input_of

if TYPE_CHECKING:
    from iac_ec2lint.source.span import Span


_IDENTITIES = frozenset({"arn", "bucket", "id", "name", "ref"})
"""Attributes that tell one resource from all others, and hold no wildcard."""
_SURROUNDINGS = re.compile(r"(.*/)?AWS::|(.*\.)?data\.aws_(region|caller_identity|partition)\.")
"""What the Region, the account and the partition are read from: all resources have those."""
_PARTITION = re.compile(r"(.*[./])?(data\.aws_partition\..*|AWS::Partition)")
_IAM = re.compile(r"arn:[\w-]+:iam:")
_WITH_A_NAME = re.compile(r":(?:group|instance-profile|policy|role|user)/")
"""Of IAM's, the kinds of which a name holds no slash: an identity provider's is a URL."""
_SEGMENTS_BEFORE_A_NAME = 5
_BUCKET = re.compile(r"arn:aws[a-z-]*:s3:::")
_BUCKET_NAMES = frozenset({"bucket", "id", "ref"})
"""Attributes that are the name of a bucket."""
_TYPE = re.compile(r"(?:.*\.)?aws_(\w+)\.[^.]+")
"""The address of a resource of Terraform, and its type."""

_WILD = re.compile(r"[*?]|\$\{")


NOBODY = "nobody"
"""Stands for the address of a resource of nobody in particular: no policy refers to it."""


def nobody(span: Span) -> Reference:
    """The reference to the ARN of a resource of nobody in particular."""
    return Reference(NOBODY, "arn", span)


PATH = "the path"
"""Stands for the attribute of the path of a user, role, group or policy that is not known."""

GENERATED = "its name is known after it is created"
"""The reason of a name that the deploying tool makes: the parts of it are what is known of that."""

MEMBER = "a member of "
"""Begins what stands for the address of whichever user of a group asks: no other user is that."""


ACCOUNT: Final = "the account that the unit is deployed to is not known"
"""The reason of the piece of an ARN that stands for it."""
_SEGMENTS: Final = 6
_ACCOUNT: Final = 4


def pieces_of(value: Val) -> Pieces | None:
    """The pieces of a string (or number, or bool); ``None`` where it is null, a list or a map."""
    if isinstance(value, Unknown):
        return value.parts or (value,)
    data = value.data
    if isinstance(data, str):
        return (data,)
    if isinstance(data, bool):
        return ("true" if data else "false",)
    if data is None or isinstance(data, tuple | dict):
        return None
    return (number_text(data),)


def segments_of(value: Val) -> list[list[str | Unknown]]:
    """The segments of an ARN, each as pieces of text and what is not known."""
    found: list[list[str | Unknown]] = [[]]
    for piece in pieces_of(value) or ():
        if not isinstance(piece, str):
            found[-1].append(piece)
            continue
        first, *rest = piece.split(":", _SEGMENTS - len(found))
        if first:
            found[-1].append(first)
        found.extend([one] if one else [] for one in rest)
    return found


def has_wildcard(text: str) -> bool:
    """Whether a text holds ``*``, ``?`` or a policy variable."""
    return _WILD.search(text) is not None


def is_everything(pattern: Val) -> bool:
    """Whether a pattern is known and is ``*``, however often."""
    text = pattern.text
    return bool(text) and text is not None and not text.strip("*")


def match_action(pattern: Val, action: str) -> bool | None:
    """Whether an ``Action`` entry covers an action (``ec2:RunInstances``).

    Case does not matter, and the service's prefix is required unless the entry is ``*`` (IAM UG,
    "Action"). ``None`` where an unknown piece decides.
    """
    text = pattern.text
    if text is not None:
        if ":" not in text:
            return is_everything(pattern)
        return matches(text.lower(), action.lower())
    pieces = pieces_of(pattern)
    if pieces is None:
        return False
    if len(pieces) == 1 and isinstance(pieces[0], Unknown):
        return None
    tokens = pattern_tokens(_lower(pieces), arn=False, variables=False)
    return compare(tokens, tuple(action.lower()))


def match_text(pattern: Val, subject: str, *, fold: bool = False) -> bool | None:
    """Whether a condition's glob value (``StringLike``) covers a text.

    Args:
        pattern: The value, perhaps with policy variables.
        subject: What the request has.
        fold: Case does not matter.
    """
    pieces = pieces_of(pattern)
    if pieces is None:
        return False
    if fold:
        pieces = _lower(pieces)
        subject = subject.lower()
    if len(pieces) == 1 and isinstance(pieces[0], str) and "${" not in pieces[0]:
        return matches(pieces[0], subject)
    return compare(pattern_tokens(pieces, arn=False, variables=True), tuple(subject))


def equal_text(pattern: Val, subject: str, *, fold: bool = False) -> bool | None:
    """Whether a condition's literal value (``StringEquals``) is a text; variables count."""
    pieces = pieces_of(pattern)
    if pieces is None:
        return False
    if fold:
        pieces = _lower(pieces)
        subject = subject.lower()
    if len(pieces) == 1 and isinstance(pieces[0], str) and "${" not in pieces[0]:
        return pieces[0] == subject
    tokens = pattern_tokens(pieces, arn=False, variables=True, wildcards=False)
    return compare(tokens, tuple(subject))


def match_arn(pattern: Val, subject: Val, identity: Reference | None = None) -> bool | None:
    """Whether a ``Resource`` entry or an ``ArnLike`` value covers an ARN.

    Case matters. ``*`` crosses ``/``; it crosses ``:`` only where it is the last character of a
    segment. A policy variable may match anything. A pattern with fewer than six segments never
    matches for sure.

    Args:
        pattern: The entry.
        subject: The ARN. Its unknown pieces stand for text without colons (an account, a name).
        identity: The reference to the ARN of the very resource that ``subject`` is, where it is
            declared: an entry that is a reference matches by identity. ``nobody``: an entry that
            names any one resource does not match.
    """
    if is_everything(pattern):
        return True
    if isinstance(pattern, Reference):
        known = _match_identity(pattern, identity, subject)
        if known is not None:
            return known
        if isinstance(subject, Reference) and _reference_key(pattern) == _reference_key(subject):
            return True
    pieces = pieces_of(pattern)
    against = pieces_of(subject)
    if pieces is None or against is None:
        return False
    if len(pieces) > 1 and isinstance(pieces[0], Reference) and set(pieces[1:]) == {"*"}:
        begins_with = _match_identity(pieces[0], identity, subject)
        if begins_with:
            return True
    if _is_every_revision(pieces, identity, subject):
        return True
    pieces, against = _by_arn(_in_its_partition(pieces, against)), _by_arn(against)
    if identity is not None and identity.target == NOBODY and _names_one(pattern, pieces):
        return False
    if any(len(one) == 1 and isinstance(one[0], Unknown) for one in (pieces, against)):
        return None
    if _is_of_no_identity(pieces, against) or _lacks_account(pattern, subject):
        return False
    text = pieces[0] if len(pieces) == 1 else None
    if isinstance(text, str):
        arn = against[0] if len(against) == 1 else None
        if isinstance(arn, str) and "${" not in text and not matches(text, arn):
            # Without the rule for segments it would match more, never less.
            return False
        if arn is None and (_begin_apart(text, against[0]) or _close_apart(text, against[-1])):
            return False
        answer = _compare_name(arn_tokens(text), against)
        return None if answer and text.count(":") < 5 else answer
    if _pieces_apart(pieces, against) or _end_apart(pieces, against):
        return False
    if any(_is_of_another_member(piece, against) for piece in pieces):
        return False
    return _compare_name(pattern_tokens(pieces, arn=True, variables=True), against)


def _compare_name(pattern: tuple[Symbol, ...], against: Pieces) -> bool | None:
    """What ``compare`` says of an ARN, also by how a generated name is made."""
    answer = compare(pattern, subject_tokens(against))
    if answer is not None:
        return answer
    spelled: list[str | Unknown] = []
    for piece in against:
        generated = isinstance(piece, Unknown) and piece.reason == GENERATED and piece.parts
        spelled.extend(generated or (piece,))
    same = len(spelled) == len(against)
    return None if same else compare(pattern, subject_tokens(tuple(spelled)))


def match_arn_by(
    operator: str, pattern: Val, subject: Val, identity: Reference | None = None
) -> bool | None:
    """Whether a condition's value covers an ARN of an IAM identity, as an operator compares.

    Args:
        operator: ``ArnLike``, or one of those of strings: for these ``*`` crosses ``:``, or is the
            character itself.
        pattern: The value.
        subject: See ``match_arn``.
        identity: See ``match_arn``.
    """
    pieces, against = pieces_of(pattern), pieces_of(subject)
    if pieces is None or against is None:
        return False
    wild = any(isinstance(one, str) and has_wildcard(one) for one in pieces)
    if operator == "StringEquals" and any(
        isinstance(one, str) and ("*" in one or "?" in one) for one in pieces
    ):
        return False if "${" not in (pattern.text or "${") else None
    known = match_arn(pattern, subject, identity)
    if known or operator == "ArnLike":
        return known
    if operator == "StringLike":
        if not wild or known is None:
            return known
        return _compare_name(pattern_tokens(pieces, arn=False, variables=True), against)
    return known if operator == "StringEquals" else None


def _is_of_no_identity(pieces: Pieces, against: Pieces) -> bool:
    """Whether a pattern is of no user, role, group or policy, which an ARN is of.

    What follows the ARN of another resource in a pattern makes none of those: they have one slash
    before their name and those of their path, and no name holds one.

    Source: IAM User Guide, "IAM identifiers": friendly names and paths.
    """
    slashes = _slashes(against)
    if slashes is None:
        return False
    first = pieces[0]
    own = isinstance(first, Reference) and first.attribute.lower() == "arn"
    if own and isinstance(first, Reference) and (kind := _TYPE.fullmatch(first.target)):
        return not kind[1].startswith(("iam_", "caller_identity"))
    texts = (VARIABLE.sub("", piece) for piece in pieces if isinstance(piece, str))
    return own + sum(map(_count, texts)) > slashes


def _lacks_account(pattern: Val, subject: Val) -> bool:
    """Whether a pattern has no account where an ARN has the unit's own: that is twelve digits."""
    own = segments_of(subject)
    account = own[_ACCOUNT][0] if len(own) == _SEGMENTS and own[_ACCOUNT] else ""
    named = isinstance(account, Reference) and _SURROUNDINGS.match(account.target)
    if not named and not (isinstance(account, Unknown) and account.reason == ACCOUNT):
        return False
    segments = segments_of(pattern)
    return len(segments) == _SEGMENTS and not segments[_ACCOUNT]


def _slashes(against: Pieces) -> int | None:
    """How many slashes the ARN of an identity or a policy has; ``None`` of any other ARN.

    A path that is not known may hold any number of them.
    """
    if not isinstance(against[0], str) or not _IAM.match(against[0]):
        return None
    if any(isinstance(piece, Reference) and piece.attribute == PATH for piece in against):
        return None
    texts = [piece for piece in against if isinstance(piece, str)]
    return sum(map(_count, texts)) if any(map(_WITH_A_NAME.search, texts)) else None


def _count(text: str) -> int:
    return text.count("/")


def _in_its_partition(pieces: Pieces, against: Pieces) -> Pieces:
    """A pattern in the partition of an ARN, where it is written for the unit's own."""
    if len(pieces) < 3 or pieces[0] != "arn:" or not isinstance(against[0], str):
        return pieces
    partition, rest = pieces[1:3]
    own = isinstance(partition, Reference) and _PARTITION.fullmatch(partition.target)
    prefix, *segments = against[0].split(":", 2)
    if not own or not isinstance(rest, str) or prefix != "arn" or len(segments) < 2:
        return pieces
    return (f"arn:{segments[0]}{rest}", *pieces[3:])


def _by_arn(pieces: Pieces) -> Pieces:
    """An ARN that is written with the name of a declared bucket as with the bucket's ARN.

    The languages spell the attribute ``arn`` and ``Arn``.
    """
    for at in (0, 1, 3):
        named = pieces[at] if at < len(pieces) else ""
        if not isinstance(named, Reference):
            continue
        before = "".join(one if isinstance(one, str) else "aws" for one in pieces[:at])
        if named.attribute.lower() in (_BUCKET_NAMES if before else {"arn"}):
            after = pieces[at + 1] if at + 1 < len(pieces) else "/"
            whole = isinstance(after, str) and after.startswith("/") and _is_identity(named)
            if before and not (whole and _BUCKET.fullmatch(before)):
                continue
            return (Reference(named.target, "arn", named.span), *pieces[at + 1 :])
    return pieces


def _names_one(pattern: Val, pieces: Pieces) -> bool:
    """Whether a pattern begins with the ARN of one resource, or has its name or id as a name."""
    if _is_identity(pattern) or _is_identity(pieces[0]):
        return True
    colons = 0
    for piece in pieces:
        if isinstance(piece, str):
            colons += piece.count(":")
        elif colons >= _SEGMENTS_BEFORE_A_NAME and _is_identity(piece):
            return True
    return False


def _is_of_another_member(piece: str | Unknown, against: Pieces) -> bool:
    if not isinstance(piece, Reference) or not piece.target.startswith(MEMBER):
        return False
    return not any(isinstance(one, Unknown) and is_same_piece(piece, one) for one in against)


def _is_identity(piece: str | Val) -> bool:
    if not isinstance(piece, Reference):
        return False
    attribute = piece.attribute.lower()
    # An output of something else may be called so, too: it has a dot.
    given_by_aws = piece.cause == "computed" and re.fullmatch(r"\w+arn", attribute)
    return (
        (attribute in _IDENTITIES or bool(given_by_aws))
        and piece.target != NOBODY
        and not _SURROUNDINGS.match(piece.target)
    )


def arn_key(subject: Val, identity: Reference | None) -> Hashable:
    """What ``match_arn`` reads of an ARN: equal keys give equal answers for every entry."""
    known = identity
    if known is None:
        known = subject if isinstance(subject, Reference) else subject.of
    pieces = tuple(
        piece if isinstance(piece, str) else (input_of(piece) or "",)
        for piece in pieces_of(subject) or ()
    )
    return pieces, _reference_key(known)


def _reference_key(piece: Unknown | None) -> tuple[str, ...]:
    return (piece.target, piece.attribute) if isinstance(piece, Reference) else ()


def _pieces_apart(pieces: Pieces, against: Pieces) -> bool:
    """Whether partly known texts differ in what is known, after what is the same in both."""
    for piece, other in zip(pieces, against, strict=False):
        if isinstance(piece, str):
            if piece != other or has_wildcard(piece):
                return _begin_apart(piece, other)
        elif not isinstance(other, Unknown) or not is_same_piece(piece, other):
            break
    last, end = pieces[-1], against[-1]
    return isinstance(last, str) and _close_apart(last, end)


def _begin_apart(text: str, start: str | Unknown) -> bool:
    """Whether what stands before the first wildcard is not how an ARN begins."""
    if not isinstance(start, str):
        return False
    wild = _WILD.search(text)
    known = text if wild is None else text[: wild.start()]
    length = min(len(known), len(start))
    return known[:length] != start[:length]


def _close_apart(text: str, end: str | Unknown) -> bool:
    """Whether what stands after the last wildcard is not how an ARN ends."""
    if not isinstance(end, str) or "${" in text:
        return False
    known = text[max(text.rfind("*"), text.rfind("?")) + 1 :]
    length = min(len(known), len(end))
    return length > 0 and known[-length:] != end[-length:]


def _end_apart(pieces: Pieces, against: Pieces) -> bool:
    """Whether two ARNs of one kind end with the ids, or the names, of two declared resources."""
    if len(pieces) < 2 or len(against) < 2:
        return False
    (kind, last), (other_kind, other) = pieces[-2:], against[-2:]
    if not isinstance(last, Reference) or not isinstance(other, Reference):
        return False
    if not isinstance(kind, str) or not isinstance(other_kind, str):
        return False
    bases = [reference.target.partition("[")[0] for reference in (last, other)]
    apart = bases[0] != bases[1] or (
        last.target != other.target and "[" in last.target and "[" in other.target
    )
    alike = kind.rpartition(":")[2] == other_kind.rpartition(":")[2]
    return alike and apart and last.attribute == other.attribute


def _match_identity(pattern: Reference, identity: Reference | None, subject: Val) -> bool | None:
    """By address, where both are the ARNs of declared resources."""
    known = identity
    if known is None:
        known = subject if isinstance(subject, Reference) else subject.of
    if known is None or known.attribute.lower() != "arn":
        return None
    if pattern.attribute == "Ref":
        if pattern.target != known.target:
            return False  # of some it is the ARN; of the rest it covers nothing
        return True if _is_referred_to_by_arn(subject) else None
    return None if pattern.attribute.lower() != "arn" else pattern.target == known.target


def _is_every_revision(pieces: Pieces, identity: Reference | None, subject: Val) -> bool:
    """Whether an entry is all revisions of the very task definition that an ARN is of."""
    known = identity
    if known is None:
        known = subject if isinstance(subject, Reference) else subject.of
    return (
        len(pieces) == 2
        and isinstance(pieces[0], Reference)
        and pieces[0].attribute == "arn_without_revision"
        and pieces[1] in (":*", "*")
        and known is not None
        and known.attribute.lower() == "arn"
        and pieces[0].target == known.target
    )


def _is_referred_to_by_arn(subject: Val) -> bool:
    """Whether ``Ref`` gives the ARN of what an ARN is of.

    Source: CloudFormation Template Reference, "Return values" of each.
    """
    texts = [piece for piece in pieces_of(subject) or () if isinstance(piece, str)]
    return any(kind in text for text in texts for kind in _REF_IS_THE_ARN)


_REF_IS_THE_ARN: Final = (":policy/", ":secret:", ":stack/", ":stateMachine:", ":task-definition/")


def _lower(pieces: Pieces) -> Pieces:
    return tuple(piece.lower() if isinstance(piece, str) else piece for piece in pieces)
