"""Numbers as both languages spell them."""

from __future__ import annotations

from decimal import Decimal

from iac_ec2lint.source.limits import NUMBER_DIGITS


def parse_number(text: str) -> int | Decimal | None:
    """The number that ``text`` spells in decimal notation, exactly, or None."""
    digits = text[1:] if text[:1] in {"-", "+"} else text
    if digits.isascii() and digits.isdigit():
        return int(text) if len(text) <= NUMBER_DIGITS else None
    mantissa, _, exponent = digits.lower().partition("e")
    body = mantissa.replace(".", "", 1)
    plain = exponent.lstrip("+-") if exponent else "0"
    if not (body.isascii() and body.isdigit() and plain.isascii() and plain.isdigit()):
        return None
    if len(plain) > 5:
        return None
    number = Decimal(text)
    if not is_kept(number):
        return None
    return (
        int(number) if number == number.to_integral_value() and number.adjusted() < 400 else number
    )


def is_kept(number: int | Decimal) -> bool:
    """Whether a number is not so large or small that only writing it out takes a scan's memory."""
    return isinstance(number, int) or abs(number.adjusted()) <= NUMBER_DIGITS


def json_number(text: str) -> Decimal:
    """The number of a JSON text that is not whole, for ``json.loads``.

    Raises:
        OverflowError: It is not kept.
    """
    number = Decimal(text)
    if not is_kept(number):
        raise OverflowError(f"the number {text[:40]} is beyond what a number can be")
    return number


def number_text(number: int | Decimal) -> str:
    """How both languages write a number as a string: no exponent, no trailing zeros."""
    if isinstance(number, int):
        return str(number)
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
