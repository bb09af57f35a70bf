"""The secrets that are put into a script at deployment, and all that a script holds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

from iac_ec2lint.compute.scripts.boot_script import (
    UNKNOWN_PIECE,
    packed_scripts,
    read_script,
    unpacked,
)
from iac_ec2lint.compute.scripts.secrets.words import (
    default_in,
    given_to_command,
    is_about,
    is_public_parameter,
    names_password,
    names_secret,
    speaks_of_secret,
    without_indexes,
)
from iac_ec2lint.compute.scripts.secrets.written import Secret, secrets_of
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values import YES, Answer, Reference, Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence


_IN_URL: Final = regular_expression(r"://[^\s:/@]*:[^\s/@]*$")
_KEY: Final = regular_expression(
    r"(?:\s|^)--?(?P<option>[A-Za-z][\w-]*)(?:=|\s+)[\"']?[^\s\"']*$"
    r"|(?P<key>[\w.-]+)[\"']?\]?\s*(?:=>|:=|[=:])\s*[\"']?[^\s\"'=,;]*$"
    r"|\bdefine\(\s*[\"'](?P<constant>\w+)[\"']\s*,\s*[\"']?[^\s\"',;)]*$"
)
"""The key of what follows: an option, what it is assigned to, or a constant of PHP."""

_FAR: Final = 200
"""A key stands no further before what it is the key of."""

_LINE: Final = 2_000
"""A command stands no further before what it is given."""

_LOGIN: Final = regular_expression(
    r"\b(?:mysql\w*|mariadb\w*|sshpass|mongo\w*|7z|zip|unzip|login)\b.*\s-[pP]\s*[\"']?$"
    r"|\s(?:-u|--user)[ =]?[\"']?[^\s:\"']+:$|\b(?:Bearer|Basic)\s+$"
)
"""Where a command, or a header, has a password without a key."""

_SCRIPT_KEY: Final = regular_expression(
    r"(?i)[\s-]*(?:run_?)?(?:commands?|script|content|inputs|steps|main_?steps|phases|properties):\s*"
)
"""The keys of a document behind which scripts stand, and what these stand in."""

_MADE_SECRET: Final = regular_expression(
    r"(?i).*(?:password(?:_v4)?|secret(?:_?string|_?access_?key)?|private_?key(?:_[a-z0-9]+)?"
    r"|auth_?token)"
)
"""Attributes that are secrets, of whatever resource."""

_NAMES: Final = frozenset({"arn", "id", "name", "version"})
"""Attributes that never are, of whatever resource."""

_READ_SECRETS: Final = (
    "ssm_parameter",
    "secret",
    "kms_",
    "s3_object",
    "s3_bucket_object",
    "lambda",
)
"""Parts of the types of AWS's data sources that may read one."""

FROM_SECRETS: Final = ("secretsmanager:", "ssm-secure:")
"""What CloudFormation reads secrets from, which stand in plain text where they are put."""

_NAMED: Final = regular_expression(r"(?:data|local|module|var)\.[\w.-]+|\$\{[\w.]+\}|!Ref +\w+")
"""An expression that is nothing but a name, which says what it is."""

_ID: Final = regular_expression(r"[._](?P<word>\w*?(?:id|arn|name))$")
"""How an expression ends that is the id or the name of something."""

_GENERIC: Final = frozenset({"value", "result", "stdout", "output", "content", "body", "data"})
"""Attributes that say nothing of what they hold."""

_MEMBER: Final = regular_expression(r"""(?:\.|\[")(?P<key>[\w-]+)(?:"\])?$""")
"""The key at the end of an expression that reads what a secret is a map of, in JSON or YAML."""

_ENCODED: Final = regular_expression(
    r"(?:(?:base64encode|chomp|jsonencode|nonsensitive|sensitive|tostring|trimspace|urlencode)\()+"
    r"(?P<inner>[^()]+)\)+"
)
"""What leaves a secret one, around what it is made of."""

_HASH: Final = regular_expression(
    r"(?:file)?(?:base64)?(?:md5|sha(?:1|256|512))\((?:[^()]|\([^()]*\))*\)"
)
"""What makes a hash: that tells nothing of what it is made of, where that is no secret."""


def secrets_put_in(script: str, pieces: Sequence[Unknown]) -> Iterator[Secret]:
    """What of a script's unknown pieces is a secret, or may be one: the likeliest first.

    A word of which nothing is known may be one by its key: what it is assigned to, or its own name.

    Args:
        script: The script.
        pieces: What stands at each ``UNKNOWN_PIECE`` in it, in order.
    """
    found: list[tuple[int, Secret]] = []
    left = list(pieces)
    for number, line in enumerate(script.splitlines(), 1):
        for stand in re.finditer(UNKNOWN_PIECE, line):
            piece = left.pop(0) if left else None
            truth = None if piece is None else is_secret(piece)
            if piece is None or truth is False:
                continue
            before = line[: stand.start()]
            if truth:
                held = _held_secret(piece)
                if held is None:
                    held = piece.references[0]
                words = f"the secret {held.target}"
                if not held.target.startswith(FROM_SECRETS):
                    words += f".{held.attribute}"
                found.append((0, Secret(words, number, piece=piece)))
            elif _stands_for_password(before) or given_to_command(line, stand.start()):
                keyed = _asks_for_password(before, piece)
                found.append((1, Secret("a password", number, (piece,), piece=piece, keyed=keyed)))
            elif packed := list(packed_scripts(piece)):
                for text, inner in packed:
                    own = (one for one in secrets_of(text) if not one.shown)
                    found += ((0, one._replace(line=number)) for one in own)
                    put_in = secrets_put_in(text, inner)
                    found += ((1, one._replace(line=number)) for one in put_in)
            elif _may_be_secret(piece, before):
                found.append((2, Secret("a secret", number, (piece,), piece=piece)))
    yield from (secret for _, secret in sorted(found, key=lambda each: each[0]))


def _stands_for_password(before: str) -> bool:
    """Whether a password stands after a text: its key, or its command, says so."""
    key = _key_of(before)
    named = key is not None and names_secret(key)
    return named or any(place.search(before[-_LINE:]) for place in (_IN_URL, _LOGIN))


def _asks_for_password(before: str, piece: Unknown) -> bool:
    """Whether what is put in is a password, whatever it is given.

    What only a key with ``secret`` or ``token`` stands before may be the name of one, or its ARN.
    """
    key, own = _key_of(before), piece.span.code
    asked = key is None or names_password(key)
    return asked and (names_secret(own) or not speaks_of_secret(own))


def _key_of(before: str) -> str | None:
    match = _KEY.search(before[-_FAR:])
    return None if match is None else match["option"] or match["key"] or match["constant"]


def _may_be_secret(piece: Unknown, before: str) -> bool:
    """Whether a piece that stands where no password is named may be, or hold, a secret."""
    names = (piece.span.code, *(reference.attribute for reference in piece.references))
    if piece.marks or any(map(names_secret, names)):
        return True
    if any(_holds_secret(reference) for reference in piece.references):
        return True  # it is made of one
    if _HASH.fullmatch(piece.span.code):
        return False
    code = without_indexes(piece.span.code)
    named = _NAMED.fullmatch(code)
    ends = _ID.search(code) if named else None
    if ends is not None and not speaks_of_secret(ends["word"]):
        return False
    alone = not before.strip(" \t\"'-") or _SCRIPT_KEY.fullmatch(before)
    if alone and not (named and is_about(code)):
        return True  # a script of its own may stand there
    if piece.candidates:
        return any(
            _may_be_secret(one, before)
            if isinstance(one, Unknown) and not one.parts
            else held_of(one) is not None
            for one in piece.candidates
        )
    given = piece.cause in ("variable", "parameter") or piece.span.code.startswith("local.")
    if given and not piece.references:
        return False
    said = isinstance(piece, Reference) and piece.attribute not in _GENERIC
    return not said and _key_of(before) is None


def is_secret(piece: Unknown) -> bool | None:
    """Whether a piece of a script that nobody knows is a secret; false of a name or an id."""
    if _held_secret(piece) is not None:
        return True
    piece = _plain(piece)
    if isinstance(piece, Reference):
        return _holds_secret(piece)
    held = {_holds_secret(reference) for reference in piece.references}
    if held == {True} and _is_kept_in(piece.span.code, piece.references):
        return True
    # Made from these: of a secret it may be no more than a hash.
    return False if held == {False} and piece.cause == "computed" else None


def _held_secret(piece: Val) -> Reference | None:
    """The secret that a piece certainly is, or has in it: in a text, in JSON, in Base64."""
    if isinstance(piece, Reference):
        return piece if _holds_secret(piece) else None
    inner: Iterable[Val]
    if isinstance(piece, Value):
        inner = piece.items().values() or (
            piece.elements() if isinstance(piece.data, tuple) else ()
        )
    elif piece.candidates:
        return None  # one of several, which may be another
    else:
        inner = [part for part in piece.parts if not isinstance(part, str)]
        if piece.decoded is not None:
            inner = (*inner, piece.decoded)
    return next((held for one in inner if (held := _held_secret(one)) is not None), None)


def _is_kept_in(text: str, secrets: Sequence[Reference]) -> bool:
    """Whether an expression is a secret again: itself, encoded, or a key in it that says so."""
    encoded = _ENCODED.fullmatch(text)
    key = _MEMBER.search(encoded["inner"] if encoded is not None else text)
    if key is None:
        return False
    itself = encoded is not None and any(one.attribute == key["key"] for one in secrets)
    return itself or names_secret(key["key"])


def _holds_secret(reference: Reference) -> bool | None:
    if reference.target.startswith(FROM_SECRETS):
        _, whole, key = reference.target.partition(":SecretString:")
        named = key.partition(":")[0]
        # One key of a secret may be the name of a user, or of a host.
        return None if whole and named and not names_secret(named) else True
    kind, attribute = _type_of(reference.target), reference.attribute
    if kind == "random_password":
        return attribute == "result"
    if attribute in _NAMES:
        return False
    if _MADE_SECRET.fullmatch(attribute):
        return True
    if is_public_parameter(reference):
        return False
    if reference.cause == "data-source":
        aws = kind.startswith("aws_") and not any(part in kind for part in _READ_SECRETS)
        return False if aws else None
    # A parameter's value may be one, and whatever a module on no disk gives back.
    open_ = reference.cause == "module" or (kind == "aws_ssm_parameter" and "value" in attribute)
    return None if open_ else False


def _type_of(target: str) -> str:
    """The resource type of an address without that of a data source; a logical ID as it is."""
    parts = without_indexes(target).split(".")
    return parts[-2] if len(parts) > 1 else parts[-1]


def is_dynamic(piece: Unknown) -> bool:
    """Whether a piece is a dynamic reference of CloudFormation to a secret."""
    piece = _plain(piece)
    return isinstance(piece, Reference) and piece.target.startswith(FROM_SECRETS)


_DEFAULT: Final = regular_expression(r"^\"?default\"?\s*[=:]\s*")
"""What stands before the default of a variable in the span of its argument."""

Secrecy = Literal["hidden", "default", "written", "shown"]


def parameter_secrecy(piece: Unknown) -> Secrecy | None:
    """How secret the value of a parameter of CloudFormation is; ``None`` of all else.

    ``hidden`` is one with ``NoEcho``, ``default`` one that has a default in the template all the
    same, ``written`` one for which a stack around has a text, and ``shown`` one without.
    """
    piece = _plain(piece)
    if piece.cause != "parameter" or isinstance(piece, Reference):
        return None
    if not piece.marks:
        return "shown"
    if "defaulted" in piece.marks:
        return "default"
    return "written" if "written" in piece.marks else "hidden"


def _plain(piece: Unknown) -> Unknown:
    """What a piece in Base64 is made of (``Fn::Base64``): that is as secret as it is in clear.

    Of several parts those count that are marked as secret, one that has a text before the others.
    """
    inner = piece.decoded
    if not isinstance(inner, Unknown):
        return piece
    parts = [part for part in inner.parts if isinstance(part, Unknown)]
    marked = [part for part in parts if part.marks]
    said = (part for part in marked if parameter_secrecy(part) != "hidden")
    return _plain(next(said, marked[0]) if marked else parts[0] if len(parts) == 1 else inner)


def all_secrets(text: str, pieces: Sequence[Unknown], value: Val | None) -> Iterator[Secret]:
    """The secrets of a script: what is written, what is put in, and defaults that end in it."""
    lines: set[int] = set()
    shown: list[Secret] = []
    for secret in secrets_of(text):
        lines.add(secret.line)
        if secret.shown and value is not None:
            words = "it stands in a comment, which may show an example"
            shown.append(secret._replace(causes=(Unknown(words, "expression", value.span),)))
        else:
            yield secret
    if value is not None:
        yield from (each for each in _defaults_in(text, value) if each.line not in lines)
    yield from secrets_put_in(text, pieces)
    yield from shown


def _defaults_in(script: str, value: Val) -> Iterator[Secret]:
    """Defaults of inputs that are called passwords, wherever in a script they end.

    Args:
        script: The script.
        value: What it is made of.
    """
    for step in dict.fromkeys(step for one in unpacked(value) for step in one.via):
        if not (step.input and names_password(step.input)):
            continue
        text = _DEFAULT.sub("", step.span.text).strip("\"'")
        line = default_in(script, text)
        if line is not None:
            before = line[1].partition(text)[0]
            key = max(before.split(), key=len, default="")
            yield Secret("a password", line[0], key=key)


def held_of(
    script: Val, besides: Collection[str] = frozenset()
) -> tuple[Answer, Secret | None] | None:
    """Whether a script holds a secret, and which; ``None`` where it holds none."""
    if isinstance(script, Unknown) and script.candidates:
        return _one_of(script, besides)
    text, pieces = read_script(script)
    if text is None:
        return (Answer(None, pieces), None) if pieces else None
    secrets = all_secrets(text, pieces, script)
    secret = next((one for one in secrets if not _is_of(one.piece, besides)), None)
    if secret is None:
        return None
    piece = secret.piece
    hidden = piece is not None and parameter_secrecy(piece) in ("default", "hidden", "written")
    if hidden and secret.keyed:  # its key and NoEcho say so both
        return YES, secret._replace(causes=())
    return Answer(None, secret.causes) if secret.causes else YES, secret


def _is_of(piece: Unknown | None, resources: Collection[str]) -> bool:
    """Whether what is put into a script is the secret of one of some resources."""
    return isinstance(piece, Reference) and piece.target in resources


def _one_of(
    script: Unknown, besides: Collection[str] = frozenset()
) -> tuple[Answer, Secret | None] | None:
    """The same of a script that is one of several."""
    held = [held_of(candidate, besides) for candidate in script.candidates]
    some = [each for each in held if each is not None]
    if not some:
        return None
    # Nothing at all, where the script may be left out.
    sure = len(some) == len(held) and not script.unset and all(each[0].truth for each in some)
    return YES if sure else Answer(None, (script,)), some[0][1]
