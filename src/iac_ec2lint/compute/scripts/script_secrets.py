"""Secrets that are written in scripts: what they are and where, never what they say.

A value that is read from somewhere at run time, such as a shell variable or the output of a
command, is none. What is put into a script at deployment is one if it is made to be: a generated
password, a private key, what a dynamic reference reads from Secrets Manager. Of other pieces that
nobody knows, names and ids are none.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from iac_ec2lint.compute.launch.launches import Launch, launches
from iac_ec2lint.compute.launch.running import runs
from iac_ec2lint.compute.scripts.boot_script import (
    UNKNOWN_PIECE,
    BootScript,
    packed_scripts,
    read_packed,
    read_script,
    script_of,
    unpacked,
    variants,
)
from iac_ec2lint.compute.scripts.secret_patterns import patterns_in
from iac_ec2lint.compute.scripts.secret_words import (
    default_in,
    given_to_command,
    is_about,
    is_public_parameter,
    listed_logins,
    literal_secrets,
    names_password,
    names_secret,
    program_lines,
    speaks_of_secret,
    static_passwords,
    without_indexes,
)
from iac_ec2lint.resources.launch_configuration import LaunchConfiguration
from iac_ec2lint.resources.launch_template import LaunchTemplate
from iac_ec2lint.resources.part import Place, Resource
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values import YES, Answer, Reference, Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.source.span import Span

_TOKEN: Final = regular_expression(r"(?i)token[\"']?\]?\s*[:=]?>?[\"']?$|\bBearer$")
"""A key, or an option, after which a token stands."""
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
_PUBLIC: Final = frozenset({"Ref", "CertificateAuthorityData"})
"""Attributes that never are, and say so by their meaning: a physical id, the certificate by which
clients know a cluster (EKS API Reference, Certificate)."""
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


_PACKED: Final = regular_expression(
    r"(?<![A-Za-z0-9+/])(?P<first>[A-Za-z0-9+/]{24,}+={0,2}+)(?![A-Za-z0-9+/=])"
    r"(?:\r?\n[ \t]*[A-Za-z0-9+/]+={0,2}(?=[ \t]*(?:\r?\n|$)))*"
)
"""What may be a text in Base64, in one line or several."""


_DEFAULT: Final = regular_expression(r"^\"?default\"?\s*[=:]\s*")
"""What stands before the default of a variable in the span of its argument."""
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
_COMMENT: Final = regular_expression(r"(?i)\s*(?:#|//|::|rem\s)")
"""How a line begins that is a comment."""
_SCRIPTS: Final = 8192
"""Scripts of which it is remembered what they hold: those of one unit, also of a large one."""

_SHORT: Final = 3
"""Characters of a text that is not looked for."""


class Secret(NamedTuple):
    """A secret in a script, or what may be one.

    Attributes:
        kind: What it is, or may be, in words.
        line: The line of the script that it is on, from 1.
        causes: What keeps it from being certain.
        text: Its line.
        key: What stands before it there.
        piece: What is put into the script there, where it is no part of its text.
        keyed: Whether what it is assigned to says that it is one.
        shown: Whether a comment has it, and nothing but its key says that it is one.
    """

    kind: str
    line: int
    causes: tuple[Unknown, ...] = ()
    text: str = ""
    key: str = ""
    piece: Unknown | None = None
    keyed: bool = False
    shown: bool = False


def secrets_in(script: str) -> tuple[Secret, ...]:
    """The secrets that a script holds, also packed in it: each line's first, in order."""
    found = {secret.line: secret for secret in _written_in(script)}
    for text, line, packed in _packed_in(script):
        for secret in _written_in(text):
            found.setdefault(line, secret._replace(line=line, text=packed))
    return tuple(found[line] for line in sorted(found))


@lru_cache(maxsize=_SCRIPTS)
def _secrets_of(script: str) -> tuple[Secret, ...]:
    """See ``secrets_in``: several checks ask, each time that a unit is judged otherwise."""
    return secrets_in(script)


def _written_in(script: str) -> Iterator[Secret]:
    """The secrets that are written as they are."""
    patterns = patterns_in(script)
    programs = program_lines(script) if "#!" in script or "<<" in script else frozenset()
    logins = dict(listed_logins(script)) if "chpasswd:" in script else {}
    if "static" in script:
        logins |= dict(static_passwords(script))
    for number, line in enumerate(script.splitlines(), 1):
        kinds = (kind for kind, pattern in patterns if pattern.search(line))
        kind = next(kinds, None)
        literal = None
        if kind is None:
            literal = next(literal_secrets(line, in_program=number in programs), None)
            literal = literal or logins.get(number)
        if kind is not None:
            yield Secret(kind, number, text=line.strip())
        elif literal is not None:
            before = line.partition(literal)[0].split()
            key = before[-1] if before else ""
            kind = "a token" if _TOKEN.search(key) else "a password"
            shown = _COMMENT.match(line) is not None
            yield Secret(kind, number, text=line.strip(), key=key, shown=shown)


def _packed_in(script: str) -> Iterator[tuple[str, int, str]]:
    """The texts that are packed in a script, the lines that they begin on, and what is there."""
    for found in _PACKED.finditer(script):
        # The word that ends a heredoc may look like one more line.
        less = found[0].rpartition("\n")[0]
        for packed in dict.fromkeys((found[0], less, found["first"])):
            text = read_packed(packed)
            if text != packed and UNKNOWN_PIECE not in text and "\0" not in text:
                yield text, script.count("\n", 0, found.start()) + 1, found["first"]
                break


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
                    own = (one for one in _secrets_of(text) if not one.shown)
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
            else _held(one) is not None
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


Secrecy = Literal["hidden", "default", "written", "shown"]


class HeldSecret(NamedTuple):
    """A secret that a boot script holds, or may hold.

    Attributes:
        script: The script: one of those that it can be, where a condition decides that.
        kind: What it is, in words.
        line: The line of the script; 0 where nothing of that is known.
        span: Where it stands; what stands there must not be quoted.
        written: Whether its text is found at ``span``, so that nothing else decides it.
        answer: Whether it is one.
        piece: What is put into the script, where it is no part of its text.
        keyed: Whether what it is assigned to says that it is one.
    """

    script: BootScript
    kind: str
    line: int
    span: Span
    written: bool
    answer: Answer
    piece: Unknown | None = None
    keyed: bool = False

    @property
    def sure(self) -> bool:
        """Whether it is one: what a template asks for as a password is, whatever it is given."""
        if self.answer.truth is not None or self.piece is None:
            return self.answer.truth is True
        secrecy = parameter_secrecy(self.piece)
        return secrecy in ("default", "hidden", "written") or (secrecy == "shown" and self.keyed)

    @property
    def place(self) -> Place:
        """Where it stands, and what its being there rests on."""
        place = self.script.place._replace(span=self.span)
        if self.written:  # it stands there, whatever else the script is made of
            return place._replace(value=None, part=None)
        return place if self.piece is None else place._replace(value=self.piece)


def held_secrets(script: BootScript) -> Iterator[HeldSecret]:
    """The secrets that a boot script holds, or may hold: those that are written there first."""
    for one, doubt in variants(script):
        if one.text is None:
            if one.causes and not _is_no_secret(one.place.value):
                unknown = Answer(None, one.causes)
                yield HeldSecret(one, "a secret", 0, one.place.span, False, unknown)
            continue
        places: dict[
            tuple[str, str], tuple[Span, bool]
        ] = {}  # of lines that are alike, sought once
        for secret in _secrets(one.text, one.causes, one.place.value):
            causes = secret.causes or ((doubt,) if doubt is not None else ())
            words = (secret.text, secret.key)
            if secret.piece is not None or words not in places:
                places[words] = _span_of(one, secret)
            span, written = places[words]
            yield HeldSecret(
                one,
                secret.kind,
                secret.line,
                span,
                written,
                Answer(None, causes) if causes else YES,
                secret.piece,
                secret.keyed,
            )


def _is_no_secret(value: Val | None) -> bool:
    """Whether a whole text is an attribute that is public: an id, an address, a certificate."""
    if not isinstance(value, Reference):
        return False
    public = is_about(value.attribute) or value.attribute in _PUBLIC
    return public and is_secret(value) is False


def is_dynamic(piece: Unknown) -> bool:
    """Whether a piece is a dynamic reference of CloudFormation to a secret."""
    piece = _plain(piece)
    return isinstance(piece, Reference) and piece.target.startswith(FROM_SECRETS)


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


def _secrets(text: str, pieces: Sequence[Unknown], value: Val | None) -> Iterator[Secret]:
    lines: set[int] = set()
    shown: list[Secret] = []
    for secret in _secrets_of(text):
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


def _words(secret: Secret) -> str:
    may = "what may be " if secret.causes else ""
    return f"{may}{secret.kind} (line {secret.line} of the script)"


def _span_of(script: BootScript, secret: Secret) -> tuple[Span, bool]:
    """Where a secret stands, and whether its text is there: else its key is, or the script."""
    whole = script.place.span
    if secret.piece is not None:
        return secret.piece.span, False
    texts = [part.strip() for part in secret.text.split(UNKNOWN_PIECE)]
    for text in (*texts, *(text.lstrip("- ") for text in texts)):
        span = script.span_of(text) if len(text) > _SHORT else whole
        if span is not whole:
            return span, True
    key = secret.key if len(secret.key) > _SHORT else ""
    return script.span_of(key, key.rstrip(":")), False


class ScriptSecret(NamedTuple):
    """A boot script that holds a secret, or may.

    Attributes:
        launch: The launch that runs it.
        resource: The resource that it is written in: the host or its template.
        place: Where it is written there. What stands there must not be quoted.
        answer: Whether it holds a secret.
        words: What it holds, in words.
        span: Where in it the secret stands.
    """

    launch: Launch
    resource: Resource
    place: Place
    answer: Answer
    words: str
    span: Span


def describing_actions(resource: Resource) -> tuple[str, ...]:
    """The actions that each give its user data to whoever may describe it, or what it launches.

    Sources: EC2 API Reference, DescribeInstanceAttribute and DescribeLaunchTemplateVersions;
    Auto Scaling API Reference, DescribeLaunchConfigurations, whose answer has the user data.

    Args:
        resource: What the script is written in: a host, a template or a launch configuration.
    """
    if isinstance(resource, LaunchTemplate):
        return ("ec2:DescribeLaunchTemplateVersions", "ec2:DescribeInstanceAttribute")
    if isinstance(resource, LaunchConfiguration):
        return ("autoscaling:DescribeLaunchConfigurations", "ec2:DescribeInstanceAttribute")
    return ("ec2:DescribeInstanceAttribute",)


def script_secrets(graph: Graph, besides: Collection[str] = frozenset()) -> Iterator[ScriptSecret]:
    """The user data of all launches that holds a secret, or may.

    Args:
        graph: The graph.
        besides: The addresses of resources whose secrets do not count.
    """
    for launch in launches(graph):
        if runs(graph, launch.host).truth is False:
            continue
        settings = launch.settings
        for name in ("user_data", "user_data_base64"):
            value: Val | None = getattr(settings, name)
            held = None if value is None else _held(value, besides)
            if held is not None and value is not None:
                answer, secret = held
                resource, place = launch.place(name)
                span = place.span
                if secret is not None:
                    span, _ = _span_of(script_of(resource, place, value), secret)
                words = _words(secret) if secret is not None else "what may be a secret"
                yield ScriptSecret(launch, resource, place, answer, words, span)


def _held(
    script: Val, besides: Collection[str] = frozenset()
) -> tuple[Answer, Secret | None] | None:
    """Whether a script holds a secret, and which; ``None`` where it holds none."""
    if isinstance(script, Unknown) and script.candidates:
        return _one_of(script, besides)
    text, pieces = read_script(script)
    if text is None:
        return (Answer(None, pieces), None) if pieces else None
    secrets = _secrets(text, pieces, script)
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
    held = [_held(candidate, besides) for candidate in script.candidates]
    some = [each for each in held if each is not None]
    if not some:
        return None
    # Nothing at all, where the script may be left out.
    sure = len(some) == len(held) and not script.unset and all(each[0].truth for each in some)
    return YES if sure else Answer(None, (script,)), some[0][1]
