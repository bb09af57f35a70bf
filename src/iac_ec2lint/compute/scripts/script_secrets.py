"""Secrets that are written in scripts: what they are and where, never what they say.

A value that is read from somewhere at run time, such as a shell variable or the output of a
command, is none. What is put into a script at deployment is one if it is made to be: a generated
password, a private key, what a dynamic reference reads from Secrets Manager. Of other pieces that
nobody knows, names and ids are none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.compute.launch import Launch, launches, runs
from iac_ec2lint.compute.scripts.boot_scripts import UNKNOWN_PIECE, read_script
from iac_ec2lint.compute.scripts.secret_words import literal_secrets, names_secret
from iac_ec2lint.resources.part import Place, Resource
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values import YES, Answer, Reference, Unknown, Val

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iac_ec2lint.graph.graph import Graph

PRIVATE_KEY: Final = regular_expression(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----")
"""How a private key begins that is written as PEM (RFC 7468), or as OpenSSH does."""

_PATTERNS: Final = (
    ("an AWS access key", regular_expression(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b")),
    (
        "an AWS secret access key",
        regular_expression(
            r"(?i)aws_?secret_?access_?key[\"']?\s*[=:]\s*[\"']?[A-Za-z0-9/+]{40}\b"
        ),
    ),
    ("a private key", PRIVATE_KEY),
    ("a GitHub token", regular_expression(r"\bgh[pousr]_[A-Za-z0-9]{36,}\b")),
    ("a Slack token", regular_expression(r"\bxox[abprs]-[A-Za-z0-9-]{10,}")),
    (
        "a password in a URL",
        regular_expression(
            rf"\b[a-z][a-z0-9+]*://[^\s:/@$\"']+:[^\s/@${{<{UNKNOWN_PIECE}\"']{{3,}}@"
        ),
    ),
)
_IN_URL: Final = regular_expression(r"://[^\s:/@]*:[^\s/@]*$")
_KEY: Final = regular_expression(
    r"(?:\s|^)--?(?P<option>[A-Za-z][\w-]*)(?:=|\s+)[\"']?[^\s\"']*$"
    r"|(?P<key>[\w.-]+)[\"']?\]?\s*(?:=>|:=|[=:])\s*[\"']?[^\s\"'=,;]*$"
)
"""The key of what follows: an option, or what it is assigned to."""
_FAR: Final = 200
"""A key stands no further before what it is the key of."""
_LOGIN: Final = regular_expression(
    r"\b(?:mysql\w*|mariadb\w*|sshpass|mongo\w*|7z|zip|unzip|login)\b.*\s-[pP]\s*[\"']?$"
    r"|\s(?:-u|--user)[ =]?[\"']?[^\s:\"']+:$|\b(?:Bearer|Basic)\s+$"
)
"""Where a command, or a header, has a password without a key."""
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
_FROM_SECRETS: Final = ("secretsmanager:", "ssm-secure:")
"""What CloudFormation reads secrets from, which stand in plain text where they are put."""
_GENERIC: Final = frozenset({"value", "result", "stdout", "output", "content", "body", "data"})
"""Attributes that say nothing of what they hold."""


class Secret(NamedTuple):
    """A secret in a script, or what may be one.

    Attributes:
        kind: What it is, in words.
        line: The line of the script that it is on, from 1.
        causes: What keeps it from being certain.
    """

    kind: str
    line: int
    causes: tuple[Unknown, ...] = ()


def secrets_in(script: str) -> Iterator[Secret]:
    """The secrets that a script holds, each line's first, in order."""
    for number, line in enumerate(script.splitlines(), 1):
        kinds = (kind for kind, pattern in _PATTERNS if pattern.search(line))
        kind = next(kinds, None) or next(("a password" for _ in literal_secrets(line)), None)
        if kind is not None:
            yield Secret(kind, number)


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
            truth = None if piece is None else _is_secret(piece)
            if piece is None or truth is False:
                continue
            before = line[: stand.start()]
            if truth and isinstance(piece, Reference):
                words = f"the secret {piece.target}"
                if not piece.target.startswith(_FROM_SECRETS):
                    words += f".{piece.attribute}"
                found.append((0, Secret(words, number)))
            elif _stands_for_password(before):
                found.append((1, Secret("what may be a password", number, (piece,))))
            elif _may_be_secret(piece, before):
                found.append((2, Secret("what may be a secret", number, (piece,))))
    yield from (secret for _, secret in sorted(found, key=lambda each: each[0]))


def _stands_for_password(before: str) -> bool:
    """Whether a password stands after a text: its key, or its command, says so."""
    key = _key_of(before)
    named = key is not None and names_secret(key)
    return named or any(place.search(before) for place in (_IN_URL, _LOGIN))


def _key_of(before: str) -> str | None:
    match = _KEY.search(before[-_FAR:])
    return None if match is None else match["option"] or match["key"]


def _may_be_secret(piece: Unknown, before: str) -> bool:
    """Whether a piece that stands where no password is named may be, or hold, a secret."""
    names = (piece.span.text, *(reference.attribute for reference in piece.references))
    if piece.marks or any(map(names_secret, names)):
        return True
    if not before.strip(" \t\"'"):
        return True  # it begins the line: a script of its own may stand there
    if piece.candidates:
        return any(_held(candidate) is not None for candidate in piece.candidates)
    if any(_holds_secret(reference) for reference in piece.references):
        return True  # it is made of one
    if piece.cause in ("variable", "parameter") and not piece.references:
        return False
    said = isinstance(piece, Reference) and piece.attribute not in _GENERIC
    return not said and _key_of(before) is None


def _is_secret(piece: Unknown) -> bool | None:
    """Whether a piece of a script that nobody knows is a secret; false of a name or an id."""
    if isinstance(piece, Reference):
        return _holds_secret(piece)
    if piece.references and piece.cause == "computed":
        # Made from these: of a secret it may be no more than a hash.
        held = {_holds_secret(reference) for reference in piece.references}
        return False if held == {False} else None
    return None


def _holds_secret(reference: Reference) -> bool | None:
    if reference.target.startswith(_FROM_SECRETS):
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
    if reference.cause == "data-source":
        aws = kind.startswith("aws_") and not any(part in kind for part in _READ_SECRETS)
        return False if aws else None
    # A parameter's value may be one, and whatever a module on no disk gives back.
    open_ = reference.cause == "module" or (kind == "aws_ssm_parameter" and "value" in attribute)
    return None if open_ else False


def _type_of(target: str) -> str:
    """The resource type of an address without that of a data source; a logical ID as it is."""
    parts = re.sub(r"\[[^]]*\]", "", target).split(".")
    return parts[-2] if len(parts) > 1 else parts[-1]


class ScriptSecret(NamedTuple):
    """A boot script that holds a secret, or may.

    Attributes:
        launch: The launch that runs it.
        resource: The resource that it is written in: the host or its template.
        place: Where it is written there. What stands there must not be quoted.
        answer: Whether it holds a secret.
        words: What it holds, in words.
    """

    launch: Launch
    resource: Resource
    place: Place
    answer: Answer
    words: str


def script_secrets(graph: Graph) -> Iterator[ScriptSecret]:
    """The boot scripts of all launches that hold a secret, or may."""
    for launch in launches(graph):
        if runs(launch.host).truth is False:
            continue
        settings = launch.settings
        for name in ("user_data", "user_data_base64"):
            value: Val | None = getattr(settings, name)
            held = None if value is None else _held(value)
            if held is not None:
                yield ScriptSecret(launch, *launch.place(name), *held)


def _held(script: Val) -> tuple[Answer, str] | None:
    """Whether a script holds a secret, and what that is in words; ``None`` where it holds none."""
    if isinstance(script, Unknown) and script.candidates:
        return _one_of(script)
    text, pieces = read_script(script)
    if text is None:
        return (Answer(None, pieces), "what may be a secret") if pieces else None
    for secret in (*secrets_in(text), *secrets_put_in(text, pieces)):
        words = f"{secret.kind} (line {secret.line} of the script)"
        return Answer(None, secret.causes) if secret.causes else YES, words
    return None


def _one_of(script: Unknown) -> tuple[Answer, str] | None:
    """The same of a script that is one of several."""
    held = [_held(candidate) for candidate in script.candidates]
    some = [each for each in held if each is not None]
    if not some:
        return None
    # Nothing at all, where the script may be left out.
    sure = len(some) == len(held) and not script.unset and all(each[0].truth for each in some)
    return YES if sure else Answer(None, (script,)), some[0][1]
