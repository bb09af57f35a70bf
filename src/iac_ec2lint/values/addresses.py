"""Addresses of resources without what tells instances and units apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.source.regular_expression import regular_expression

if TYPE_CHECKING:
    pass


_UNIT = regular_expression(r'[^"\[]*:')


def plain_address(address: str) -> str:
    """An address as it is in its own unit, without instance keys.

    Args:
        address: The address; before it may stand another unit of the scan (``../net:``).
    """
    unit = _UNIT.match(address)
    return without_keys(address if unit is None else address[unit.end() :])


def address_in_module(address: str) -> str:
    """An address as it is in its own module, without instance keys: ``data.aws_vpc.main``."""
    plain = plain_address(address)
    while plain.startswith("module."):
        plain = plain.split(".", 2)[-1]
    return plain


_KEY = regular_expression(r'\[(?:"(?:[^"\\]|\\.)*"|[^\]"]*)\]')


def without_keys(address: str) -> str:
    """An address without its instance keys: ``module.a["x"].aws_vpc.b`` is ``module.a.aws_vpc.b``.

    Args:
        address: The address; brackets in quotes are text.
    """
    return _KEY.sub("", address) if "[" in address else address
