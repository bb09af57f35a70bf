"""What people know of an organisation that its files do not say: ``known`` of a configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.values.addresses import plain_address
from iac_ec2lint.values.stated import address_fits
from iac_ec2lint.values.step import Step
from iac_ec2lint.values.value import Value

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from iac_ec2lint.source.span import Span


ACCOUNT_ADDRESS = "known.account."
"""What the addresses of the settings of an account begin with."""

ENCRYPTED_BY_DEFAULT = "ebs-encryption-by-default"
"""The setting of an account by which new volumes are encrypted."""

NO_DEFAULT_VPC = "no-default-vpc"
ENDPOINTS_ELSEWHERE = "endpoints-elsewhere"
FLOW_LOGS_ELSEWHERE = "flow-logs-elsewhere"
NO_ADDRESS_ELSEWHERE = "no-public-address-elsewhere"
USED_ELSEWHERE = "used-elsewhere"
"""The settings of an account that no resource declares."""


CLOSED_GROUPS = "closed-groups"
"""What ``known`` calls the security groups that let nothing in from the internet."""


class Known(NamedTuple):
    """A fact, and where it is written.

    Attributes:
        text: A range (``203.0.113.0/24``); the address or the id of a subnet or of a security
            group, or a pattern of some; the name of a setting of an account.
        span: Where it is written.
        regions: The Regions in which an account's setting is so; all where there are none.
        name: Of an image what it is called.
    """

    text: str
    span: Span
    regions: tuple[str, ...] = ()
    name: str = ""


class KnownFacts(NamedTuple):
    """What is known.

    Attributes:
        ranges: The public ranges that are the organisation's own.
        private_subnets: The subnets that no route leads from the internet to.
        account: What the account does outside of the code.
        images: The images whose ids are written, with their names.
        closed_groups: The security groups that let nothing in from the internet.
    """

    ranges: tuple[Known, ...] = ()
    private_subnets: tuple[Known, ...] = ()
    account: tuple[Known, ...] = ()
    images: tuple[Known, ...] = ()
    closed_groups: tuple[Known, ...] = ()

    @property
    def named(self) -> Iterator[tuple[str, Known]]:
        """All of it, each with the key that has it."""
        names = ("ranges", "private-subnets", "account", "images", CLOSED_GROUPS)
        for name, facts in zip(names, self, strict=True):
            yield from ((name, fact) for fact in facts)

    def image(self, identity: str) -> Value | None:
        """The name of an image, or the path of the parameter that gave it, where somebody says."""
        for one in self.images:
            if one.text == identity:
                words = f"the configuration says which image {identity} is"
                return Value(one.name, one.span, (Step(one.span, words, True),))
        return None

    def setting(self, name: str, regions: Collection[str]) -> Step | None:
        """That an account has a setting, as a step, where somebody says so of some Regions."""
        for one in self.account:
            here = not one.regions or (regions and all(r in one.regions for r in regions))
            if one.text == name and here:
                return Step(one.span, f"the configuration says: {name}", True)
        return None

    def private(self, address: str) -> Step | None:
        """That a subnet is private, as a step, where somebody says so.

        Args:
            address: The subnet's address, with instance keys or without, or its id.
        """
        return _said(self.private_subnets, address, "is private")

    def closed(self, address: str) -> Step | None:
        """That a security group lets nothing in from the internet, where somebody says so.

        Args:
            address: The group's address, with instance keys or without, or its id.
        """
        return _said(self.closed_groups, address, "lets nothing in from the internet")


def _said(facts: tuple[Known, ...], address: str, what: str) -> Step | None:
    for one in facts:
        if any(address_fits(one.text, each) for each in (address, plain_address(address))):
            return Step(one.span, f"the configuration says that {address} {what}", True)
    return None


NOTHING_KNOWN = KnownFacts()
