"""The probes of semantics.md, D2: actions, and the resources of nobody in particular.

The list is data (``probes.json``), loaded when it is first asked for.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple, TypedDict

from iac_ec2lint.iam.policy.glob import pieces_of
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values import Unknown, Val

_PUBLIC_SERVICE: Final = "com.amazonaws."
_NAMED_SERVICE: Final = regular_expression(
    r"aws\.(?:(?P<service>sagemaker)\.[^.]+\.[a-z-]+|api\.[^.]+\.(?P<api>[a-z-]+))"
)
"""The other form: ``aws.sagemaker.us-east-1.notebook``, ``aws.api.us-east-1.kendra-ranking``.

Source: AWS PrivateLink Guide, "AWS services that integrate with AWS PrivateLink".
"""


class Probe(NamedTuple):
    """An action, and what it may be about.

    Attributes:
        action: ``ec2:RunInstances``.
        template: The ARN of a resource, with ``{account}`` for the account; or ``*``.
    """

    action: str
    template: str

    def arn(self, account: str) -> str:
        """The ARN, in an account."""
        return self.template.replace("{account}", account)


class _Group(TypedDict):
    arn: str
    actions: list[str]


class _Table(TypedDict):
    foreign_account: str
    own_account: str
    admin: list[str]
    admin_equivalent: list[str]
    launch: list[str]
    others: list[_Group]
    endpoints: dict[str, str]
    services: dict[str, list[_Group]]


@cache
def _table() -> _Table:
    text = Path(__file__).with_name("probes.json").read_text(encoding="utf-8")
    table: _Table = json.loads(text)
    return table


def foreign_account() -> str:
    """What stands for an account that nobody has named; no account has such an id."""
    return _table()["foreign_account"]


def own_account() -> str:
    """The account that stands for the one that a policy is in."""
    return _table()["own_account"]


def admin_probes() -> tuple[Probe, ...]:
    """What an administrator may do: all of it."""
    return tuple(probe_of(action) for action in _table()["admin"])


def admin_equivalent_probes() -> tuple[Probe, ...]:
    """What makes an administrator of its holder: any of it."""
    return tuple(probe_of(action) for action in _table()["admin_equivalent"])


@cache
def service_probes(service: str) -> tuple[Probe, ...]:
    """The probes of a service's prefix (``ec2``); none where it has no list."""
    groups = _table()["services"].get(service, [])
    return tuple(Probe(action, group["arn"]) for group in groups for action in group["actions"])


@cache
def _other_probes() -> tuple[Probe, ...]:
    """Those of actions that no measure of a whole service counts."""
    return tuple(
        Probe(action, group["arn"]) for group in _table()["others"] for action in group["actions"]
    )


@cache
def probe_of(action: str) -> Probe:
    """The probe of an action: its own, or one on a resource of its service."""
    service = action.partition(":")[0].lower()
    for probe in (*_other_probes(), *service_probes(service)):
        if probe.action.lower() == action.lower():
            return probe
    return Probe(action, f"arn:aws:{service}:us-east-1:{{account}}:anything/anything")


@cache
def probes_of(action: str) -> tuple[Probe, ...]:
    """The probes of all that an action is about at once: a launch uses several resources."""
    return _launch_probes() if action == "ec2:RunInstances" else (probe_of(action),)


@cache
def _launch_probes() -> tuple[Probe, ...]:
    return tuple(Probe("ec2:RunInstances", template) for template in _table()["launch"])


@cache
def all_probes() -> tuple[Probe, ...]:
    """Those of all services that have a list."""
    return tuple(probe for service in _table()["services"] for probe in service_probes(service))


def service_of_endpoint(name: Val) -> str | None:
    """The action prefix of the service that a VPC endpoint leads to.

    Args:
        name: Its service name (``com.amazonaws.us-east-1.ecr.api``); the Region may be unknown.

    Returns:
        ``ecr``; ``None`` where the name is not known, or is not one of AWS's services (an endpoint
        service of somebody's own has ``vpce`` in its name).
    """
    pieces = pieces_of(name)
    if pieces is None or (len(pieces) == 1 and isinstance(pieces[0], Unknown)):
        return None
    text = "".join("?" if isinstance(piece, Unknown) else piece for piece in pieces)
    start = text.find(_PUBLIC_SERVICE)
    named = _NAMED_SERVICE.fullmatch(text)
    if named is not None:
        return named["service"] or named["api"]
    if start < 0:
        return None
    rest = text[start + len(_PUBLIC_SERVICE) :]
    region, _, service = rest.partition(".")
    if region == "s3-global":
        service = rest
    if not service or "?" in service or region == "vpce":
        return None
    return _table()["endpoints"].get(service, service.partition(".")[0].removesuffix("-fips"))
