"""The value of literal text in templates: escapes, and white space that markers remove."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Final
from unicodedata import is_normalized, normalize

from iac_ec2lint.hcl.lexer import SyntaxProblem
from iac_ec2lint.source.limits import NUMBER_DIGITS
from iac_ec2lint.source.regular_expression import regular_expression

# Unicode's White_Space; ``str.strip`` alone would remove U+001C to U+001F too.
WHITESPACE: Final = (
    " \t\n\v\f\r\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
_ESCAPE: Final = regular_expression(
    r"\\(?:([nrt\"\\])|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))|(\$\$|%%)\{", re.DOTALL
)
_BARE_ESCAPE: Final = regular_expression(r"(\$|%)\1\{")
_PLAIN: Final = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_WHOLE_DIGITS: Final = 1000


def nfc(text: str) -> str:
    """Text in Unicode Normalization Form C, as every string in HCL is."""
    if text.isascii() or is_normalized("NFC", text):
        return text
    return normalize("NFC", text)


def unescape_quoted(text: str, offset: int) -> str:
    """The string that literal text of a quoted template evaluates to.

    Args:
        text: The text as written, without ``${ }`` and ``%{ }``.
        offset: Where it is written, for the error.

    Raises:
        SyntaxProblem: A backslash does not begin a valid escape.
    """
    if "\\" not in text and "{" not in text:
        return text

    def value(found: re.Match[str]) -> str:
        plain, short, long, bad, sequence = found.groups()
        if plain:
            return _PLAIN[plain]
        if sequence:
            return sequence[0] + "{"
        code = int(short or long, 16) if bad is None else -1
        if 0 <= code < 0xD800 or 0xDFFF < code <= 0x10FFFF:
            return chr(code)
        raise SyntaxProblem(offset + found.start(), _bad_escape(found))

    return _ESCAPE.sub(value, text)


def unescape_bare(text: str) -> str:
    """The string that text of a heredoc or a template file evaluates to: no backslash escapes."""
    return _BARE_ESCAPE.sub(r"\1{", text) if "{" in text else text


def number(text: str) -> int | Decimal | None:
    """The exact value of a number; None where the text is not a number, or one beyond the limit.

    A whole number is an ``int``, unless it has more than 1,000 digits.
    """
    if text.isdigit() and len(text) <= _WHOLE_DIGITS:
        return int(text)
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    if abs(value.adjusted()) > NUMBER_DIGITS:
        return None
    if value.adjusted() <= _WHOLE_DIGITS and value == value.to_integral_value():
        return int(value)
    return value


def _bad_escape(found: re.Match[str]) -> str:
    bad = found[4]
    if bad == "u":
        return "expected four hexadecimal digits after '\\u'"
    if bad == "U":
        return "expected eight hexadecimal digits after '\\U'"
    if bad is None:
        return f"'{found[0]}' is no character that text can hold"
    return f"'\\{bad}' is no escape sequence; a backslash itself is written '\\\\'"
