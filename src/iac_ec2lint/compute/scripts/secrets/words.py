"""Which words of a script are secrets: those whose key says so, and that are written there.

What is made or fetched when the script runs is none: a variable, a call, the output of a command.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from iac_ec2lint.compute.scripts.boot_script import UNKNOWN_PIECE
from iac_ec2lint.source.regular_expression import regular_expression

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.values import Reference

_NOUNS: Final = r"password|passwd|secret|api_?key|auth_?token|(?<=[a-z])_?pwd(?![a-z])"
"""Parts of keys whose literal values are secrets."""
_ENDS: Final = r"(?:\w*_)?token|\w*_(?:pwd|pass)|\w*passphrase"
"""Keys of secrets that are more than a part: a ``token_count`` is none."""
_LIKELY: Final = regular_expression(
    rf"(?i){_NOUNS}|passphrase|[a-z]_?pwd|token|credential|webhook"
    r"|(?<![a-z])pass(?![a-z])|(?-i:(?<=[a-z])Pass(?![a-z]))"
    r"|(?:private|access|license|encryption|signing|account|storage|ssh|api|auth)[_-]?key"
)
"""Parts of names that unknown secrets have."""
_ABOUT: Final = regular_expression(
    r"(?i)ids?|names?|alias|arns?|files?|filename|paths?|dir|directory|folder|location|ur[il]|host|zone"
    r"|endpoint|region|bucket|store|manager|param(?:eter)?s?|prefix|suffix|version|stage|length"
    r"|size|min|max|count|age|ttl|days|period|expiry|expires|expired|expiration|rotation|history"
    r"|retries|attempts|complexity|strength|policy|rule|type|kind|mode|format|charset|chars"
    r"|algorithm|encryption|hashing|authentication|login|enabled|required|reset|changed?|check"
    r"|validation|prompt|hint|label|title|description|message|field|column|command|cmd|script"
    r"|program|helper|generator|provider|backend|engine|plugin|status|ref|selector|class"
    r"|fingerprint"
)
"""Last words of keys that say something about a secret and hold none."""
_TAIL: Final = regular_expression(r"s?(?P<rest>[\w-]*)")
_WORD: Final = regular_expression(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_UUID: Final = regular_expression(r"(?i)[\"']?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")

_INDEX: Final = regular_expression(r"\[[^\[\]]*\]")
_PUBLIC: Final = regular_expression(
    r"(?i)aws_ssm_parameter\.(?:\w*_)?(?:public_(?:\w+_)?keys?|user_?names?)$"
)
"""Addresses of parameters of Systems Manager that are named for a public key, or for a user."""

_KEY: Final = regular_expression(
    rf"(?i)(?P<sigil>\$(?:(?:env|script|global|local):)?)?\b(?P<key>\w*(?:{_NOUNS})\w*|{_ENDS})[\"']?\]?"
    r"\s*(?:=>|:=|[=:])\s*"
)
_DEFINED: Final = regular_expression(
    rf"(?i)\bdefine\(\s*[\"'](?P<key>\w*(?:{_NOUNS})\w*)[\"']\s*,\s*"
)
"""``define("KEY", "value")`` of PHP."""
_ARGUMENT: Final = regular_expression(
    r"(?i)(?:(?<=\s)--(?:[a-z]+-)*password"
    r"|\bConvertTo-SecureString(?=[^\n]{0,300}?(?:\s-a|`\s*$))(?:[ \t]+-[a-z]+){0,4})\s+(?!-)"
    r"|(?<=\s)-(?:[a-z]*password|[a-z]*pwd)[ \t:]+(?=[\"'])"
)
_GIVEN: Final = regular_expression(
    r"\b(?:mysql|mariadb)[\w-]*\b[^|;&]{0,300}?\s-p(?=[^\s-])|\bsshpass\s+-p\s*"
    r"|\bmysqladmin\b[^|;&]{0,300}?\spassword\s+|\b(?:7z|zip|unzip)\b[^|;&]{0,300}?\s-P\s*"
    r"|\b(?:docker|podman|helm|oc|az)\b[^|;&]{0,60}?\blogin\b[^|;&]{0,300}?\s-p\s+"
    r"|\bcurl\b[^|;&]{0,300}?\s(?:-u|--user)[ =]?[\"']?[^\s:\"'$]{1,64}:"
    r"|\bredis-cli\b[^|;&]{0,300}?\s-a\s+|\s-pass(?:in|out)?\s+pass:"
    r"|(?i:\bAuthorization[\"']?\s*:\s*(?:Bearer|Basic|token)\s+"
    r"|\bIDENTIFIED\s+(?:WITH\s+\w{1,64}\s+)?BY\s+(?=[\"'])"
    r"|\b(?:USER|ROLE)\b[^;]{0,100}?\bPASSWORD\s+(?=[\"'])|\bPASSWORD\s*\(\s*(?=[\"']))"
    r"|\s--(?:[a-z]+-)?token[ =]"
)
"""Commands, headers and statements that are given a password or a token without a key."""
_ON_WINDOWS: Final = regular_expression(
    r"(?i)\bnet1?(?:\.exe)?\s+(?:user\s+[^\s/]{1,64}\s+"
    r"|use\s+(?:[a-z*]:?\s+)?[\"']?\\\\\S{1,200}\s+(?:/\S{1,64}\s+){0,4}(?![/*]))"
    r"|\bcmdkey(?:\.exe)?(?=\s)[^|;&]{0,300}?\s/p(?:ass)?:"
    r"|\bschtasks(?:\.exe)?(?=\s)[^|;&]{0,300}?\s/rp\s+"
    r"|\bpsexec(?:64)?(?:\.exe)?(?=\s)[^|;&]{0,300}?\s-p\s+"
    r"|\bwinrs(?:\.exe)?(?=\s)[^|;&]{0,300}?\s[-/]p(?:assword)?:"
    r"|\breg(?:\.exe)?\s+add\s(?=[^\n]{0,300}?/v\s+[\"']?\w{0,64}password\b)[^\n]{0,300}?/d\s+"
    r"|\b(?:Set|New)-ItemProperty\s(?=[^\n]{0,300}?[\s\"']\w{0,64}password\b)"
    r"[^\n]{0,300}?-Value[ \t:]+"
    r"|\b(?:Set|New)-ItemProperty\s[^\n]{0,300}?[\"']?(?:Alt)?DefaultPassword[\"']?\s+(?!-)"
    r"|\.(?:Set|Change)Password\(\s*|\bInvoke\(\s*[\"']SetPassword[\"']\s*,\s*(?:@\()?"
    r"|(?=(?P<quote>[\"'])[^\"']{6,200}(?P=quote)\s*\|\s*ConvertTo-SecureString\s[^\n]{0,300}?-a)"
)
"""The same of Windows: programs, the registry and PowerShell."""
_PIPED: Final = regular_expression(
    r"\b(?:echo|printf)\s+(?:-\w+\s+)*[\"']?(?:[\w.-]{1,64}:"
    r"(?=[^|]{6,200}\|\s*(?:sudo\s+)?(?:/\S{1,64}/)?chpasswd\b(?!\s+-\w*e))"
    r"|(?=[^|]{6,200}\|\s*(?:sudo\s+)?passwd\b[^|;&]{0,60}?--stdin\b))"
    r"|\bchpasswd\s*<<<\s*[\"']?[\w.-]{1,64}:"
)
"""What goes to a program that sets passwords."""
_CHPASSWD: Final = regular_expression(
    r"(?m)^(?P<indent>[ ]*)chpasswd:[ ]*\r?\n(?P<body>(?:(?P=indent)[ ]+[^\n]*(?:\n|$))+)"
)
_STATIC: Final = regular_expression(
    r"(?m)^(?P<indent>[ ]*)password:[ ]*\r?\n(?P<body>(?:(?P=indent)[ ]+[^\n]*(?:\n|$))+)"
)
_DATA: Final = regular_expression(r"[ ]+data:[ ]*[\"']?(?P<value>[^\s\"']+)")
"""The password of ``setAdminAccount``, a task of EC2Launch v2."""
_KEYED: Final = regular_expression(r"(?i)pass|pwd|secret|api_?key|token|SecureString")
"""What stands in every line that ``_KEY``, ``_DEFINED`` or ``_ARGUMENT`` is in."""
_APART: Final = regular_expression(r"[\s(<]")
"""What parts a command from what it is given: no line without it has one of the commands."""
_LONGEST: Final = 4_000
"""Characters of a line that may be a command."""
_FEW: Final = 6
"""Characters that a password has at least: what is shorter may stand for something else."""
_FAR: Final = 200
"""Characters behind a word that say what is done with it."""
_PLAIN: Final = rf"[^\s\"'$`{{<(,;{UNKNOWN_PIECE}]{{6,}}+"
_QUOTED: Final = regular_expression(rf"(?P<quote>[\"'])(?P<value>{_PLAIN})(?P=quote)")
_IN_QUOTES: Final = rf"[^\"'$`{{<(%{UNKNOWN_PIECE}]"
_SPACED: Final = regular_expression(
    rf"(?P<quote>[\"'])(?P<value>(?=.{{{_FEW}}}){_IN_QUOTES}+ {_IN_QUOTES}+)(?P=quote)"
)
_BARE: Final = regular_expression(rf"{_PLAIN}(?!\$[({{\w]|`)")
_HARMLESS: Final = regular_expression(
    r"(?i)^(?:true|false|none|null|required|optional|enabled|disabled|x+|\*+|example.*|arn:.*|/.*|https?:.*|[a-z][\w+-]*:/.*|%\w+%"
    r"|__\w+__|[?+].*|(?:\[\^?[^\]]{1,40}\]|\.|\\[dsw])[*+?{].*)$"
)
"""Values that are none: placeholders, places, ``%NAME%``, ``__NAME__``, the messages of
``${NAME:?...}``, and what begins as a regular expression does, by which a script looks for one."""

_LOGIN: Final = regular_expression(
    rf"\s+(?:-\s+)?[\"']?(?!(?:list|expire|users|name|type|password):)[a-z_][\w.-]*:"
    rf"(?!R(?:ANDOM)?\s*$)(?P<value>{_PLAIN})"
)
_PASSWORD: Final = regular_expression(r"(?i)(?:pass(?:word|wd|phrase)?|pwd)$")
_BEGUN: Final = regular_expression(rf"(?:[A-Za-z]+[-_./:])+{UNKNOWN_PIECE}")
"""Words with something behind them that is put in: a name, as what is random is not."""

_CALL: Final = regular_expression(r"(?:await |new )?[A-Za-z_][\w.:]*\(")
_READ: Final = regular_expression(
    r"(?i)[a-z_]\w*(?:\.\w+)*\[[\"'$\w][^]]*\]"
    rf"|[a-z_]\w*(?:\.\w+)*\.\w*(?:{_NOUNS})\w*(?![\w.@])"
    r"|\[[\w.]+(?:\[\])?\](?:::|\$|\()|![a-z]\w*(?=\s|$)"
)
"""``config["x"]`` and ``config.password``, ``[Type]::Method`` of PowerShell, a tag of YAML."""
_CONVERSION: Final = regular_expression(
    r"(?i)\b(?:b64decode|FromBase64String|encode|bytes|str|string)\([^\"')]*(?=[\"'])"
)
"""A function that gives back the literal that it is given."""


_PROGRAM: Final = r"(?:python|ruby|node|perl)[\d.]*"
_FIRST_LINE: Final = regular_expression(
    rf"(?P<indent>[ \t]*)#!(?:(?P<program>.*[\s/]{_PROGRAM}(?:\s.*)?)$)?"
)
_HERE: Final = regular_expression(r"<<-?\s*\\?[\"']?(?P<word>\w+)")
_FED: Final = regular_expression(rf"(?:^|[\s/;&|(]){_PROGRAM}\s[^|;&]*$")
"""What stands before the heredoc that a program is given to run."""
_LONG_QUOTE: Final = regular_expression(r"\"\"\"|'''|`")
_TEXT: Final = regular_expression(r"<<[~-]?[\"']?(?P<word>[A-Z_]+)")
"""A heredoc in Ruby or Perl."""


def names_secret(name: str) -> bool:
    """Whether a key names a secret, and not where it is kept or what is required of it."""
    tails = (_TAIL.match(name, found.end()) for found in _LIKELY.finditer(name))
    words = (_WORD.findall(tail["rest"]) for tail in tails if tail is not None)
    return any(not last or _ABOUT.fullmatch(last[-1]) is None for last in words)


def names_password(key: str) -> bool:
    """Whether a key is that of a password: what others hold may be the name of a secret."""
    return _PASSWORD.search(key) is not None


def is_about(name: str) -> bool:
    """Whether a name ends as those of names, ids and places do: ``DatabaseName``, ``vpc_id``."""
    words = _WORD.findall(name)
    return bool(words) and _ABOUT.fullmatch(words[-1]) is not None


def speaks_of_secret(name: str) -> bool:
    """Whether a name has a part that secrets have, be it about where one is kept."""
    return _LIKELY.search(name) is not None


def without_indexes(text: str) -> str:
    """An expression, or an address, without what stands in brackets, also in one another."""
    bare = _INDEX.sub("", text)
    return text if bare == text else without_indexes(bare)


def is_public_parameter(piece: Reference) -> bool:
    """Whether a piece of a script is a public key or the name of a user, by its parameter's name.

    It is no secret then, and nothing that runs.
    """
    return _PUBLIC.search(without_indexes(piece.target)) is not None


def program_lines(script: str) -> frozenset[int]:
    """The lines of a script, from 1, in which a word without quotes is a variable or a call.

    They are those of programs in Python, Ruby, JavaScript and Perl: a whole script, a part or a
    file of cloud-init, a heredoc. What stands in a string of several lines is text.
    """
    found: list[int] = []
    inside = quoted = False
    indent, word, before, text = 0, "", "", ""
    for number, line in enumerate(script.splitlines(), 1):
        here = _HERE.search(before)
        begins = _FIRST_LINE.match(line)
        if begins is not None:
            inside, quoted, text = begins["program"] is not None, False, ""
            indent, word = len(begins["indent"]), here["word"] if here else ""
        elif not inside and here is not None and _FED.search(before[: here.start()]):
            inside, quoted, indent, word, text = True, False, 0, here["word"], ""
        elif inside and not text and (opens := _TEXT.search(before)):
            text = opens["word"]
        left = len(line) - len(line.lstrip())
        ended = line.strip() == word if word else line.startswith("--")
        if inside and (ended or (line.strip() and left < indent)):
            inside = False
        quotes = len(_LONG_QUOTE.findall(line))
        if inside and not quoted and not quotes and not text:
            found.append(number)
        if line.strip() == text:
            text = ""
        quoted ^= bool(quotes % 2)
        before = line
    return frozenset(found)


def literal_secrets(line: str, *, in_program: bool = False) -> Iterator[str]:
    """The words of a line that are secrets by their keys, or by the commands they are given to.

    Args:
        line: The line.
        in_program: Whether it is one of ``program_lines``.
    """
    if _KEYED.search(line):
        yield from _keyed(line, in_program=in_program)
    if _APART.search(line):
        for end in _ends_of_commands(line):
            yield from _given(line[end:])


def _keyed(line: str, *, in_program: bool) -> Iterator[str]:
    """The words of a line that are secrets by their keys."""
    for match in _KEY.finditer(line):
        key, after = match["key"], line[match.end() :]
        # The tail of an ARN is a name: arn:aws:secretsmanager:...:secret:NAME.
        before = line[: match.start("key")]
        in_arn = "arn:" in before.rpartition(" ")[2] or _between_colons(before, match)
        vault = key.lower().endswith("_id") and _UUID.match(after) is not None
        name = not names_password(key) and _BEGUN.match(after) is not None
        if not in_arn and not name and (names_secret(key) or vault):
            # A key in quotes is a part of a text there, and so is what follows it in them.
            apart = in_program and not _in_quotes(line, match.start("key"), after)
            yield from _written(after, is_expression=bool(match["sigil"]) or apart)
    for match in _DEFINED.finditer(line):
        if names_secret(match["key"]):
            yield from _written(line[match.end() :], is_expression=True)
    for match in _ARGUMENT.finditer(line):
        yield from _given(line[match.end() :])


def _between_colons(before: str, match: re.Match[str]) -> bool:
    """Whether a key is a part between colons, as in what an ARN is cut up with (``:secret:``)."""
    return before.endswith(":") and match[0].endswith(f"{match['key']}:")


def _in_quotes(line: str, at: int, after: str) -> bool:
    """Whether a key stands in quotes that end behind its value, and not behind itself."""
    before = line[:at]
    return any(before.count(q) % 2 and q not in line[at : len(line) - len(after)] for q in "\"'")


def given_to_command(line: str, at: int) -> bool:
    """Whether what stands in a line is a password that a command is given without a key.

    Args:
        line: The line.
        at: Where it begins there.
    """
    near = line[: at + _FAR]
    ends = [match.end() for match in _ARGUMENT.finditer(near) if match.end() < len(near)]
    return any(end + (line[end] in "\"'") == at for end in (*ends, *_ends_of_commands(near)))


def _ends_of_commands(line: str) -> Iterator[int]:
    """Where words begin that commands take for passwords; very long lines are no commands."""
    if len(line) <= _LONGEST:
        for pattern in (_GIVEN, _ON_WINDOWS, _PIPED):
            yield from (match.end() for match in pattern.finditer(line) if match.end() < len(line))


def default_in(script: str, text: str) -> tuple[int, str] | None:
    """The first line of a script that has a password from elsewhere in it, and its number.

    Args:
        script: The script.
        text: The password, which is looked for as a word of its own.
    """
    if len(text) < _FEW or _HARMLESS.match(text) or text not in script:
        return None
    word = regular_expression(rf"(?<![\w-]){re.escape(text)}(?![\w-])")
    lines = enumerate(script.splitlines(), 1)
    return next(((number, line) for number, line in lines if word.search(line)), None)


def listed_logins(script: str) -> Iterator[tuple[int, str]]:
    """The lines of a script that cloud-init sets passwords by (``chpasswd``), with their numbers.

    Source: cloud-init's documentation, "Set passwords". ``R`` and ``RANDOM`` are made by it, and
    what begins with ``$`` is a hash.
    """
    for block in _CHPASSWD.finditer(script):
        first = script.count("\n", 0, block.start("body")) + 1
        for number, line in enumerate(block["body"].splitlines(), first):
            login = _LOGIN.match(line)
            if login is not None and not _HARMLESS.match(login["value"]):
                yield number, login["value"]


def static_passwords(script: str) -> Iterator[tuple[int, str]]:
    """The lines of a script that EC2Launch v2 sets passwords by, with their numbers.

    Source: EC2 User Guide, "EC2Launch v2 task definitions", ``setAdminAccount``: ``data`` counts
    where ``type`` is ``static``.
    """
    for block in _STATIC.finditer(script):
        if "static" not in block["body"]:
            continue
        first = script.count("\n", 0, block.start("body")) + 1
        for number, line in enumerate(block["body"].splitlines(), first):
            data = _DATA.match(line)
            if (
                data is not None
                and UNKNOWN_PIECE not in line
                and not _HARMLESS.match(data["value"])
            ):
                yield number, data["value"]


def _given(text: str) -> Iterator[str]:
    """What a command takes for a password: in quotes it may have spaces."""
    spaced = _SPACED.match(text)
    yield from (spaced["value"],) if spaced else _written(text, is_expression=False)


def _written(text: str, *, is_expression: bool) -> Iterator[str]:
    """The literal that a text begins with, if it is one.

    Args:
        text: What follows the key.
        is_expression: Whether what stands there without quotes is surely one, as in PowerShell.
    """
    quoted = _QUOTED.match(text)
    if quoted is None and (is_expression or _CALL.match(text) or _READ.match(text)):
        conversion = _CONVERSION.search(text)
        quoted = _QUOTED.match(text, conversion.end()) if conversion else None
        value = quoted["value"] if quoted else ""
    elif quoted is None:
        bare = _BARE.match(text)
        value = bare.group() if bare else ""
    else:
        value = quoted["value"]
    if value and not _HARMLESS.match(value):
        yield value
