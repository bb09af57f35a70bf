"""Whether anything judges the resources of EC2 in an account: Security Hub, or rules of Config.

Source: Security Hub User Guide, "Security standards in Security Hub"; AWS Config Developer Guide,
"Evaluating resources with AWS Config rules".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.compute.audit.account_services import unread_modules
from iac_ec2lint.facts import facts
from iac_ec2lint.resources.config_service import ConfigRule, ConformancePack
from iac_ec2lint.resources.security_hub import (
    SecurityHub,
    SecurityHubOrganization,
    SecurityHubStandard,
)
from iac_ec2lint.values import NO, Answer, Unknown, any_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph

_OURS = ("AWS::AutoScaling::", "AWS::EC2::")
"""How the types of resources begin that belong to EC2, VPC, EBS and Auto Scaling."""


def evaluates_ec2(graph: Graph) -> Answer:
    """Whether Security Hub with a standard, or a rule of AWS Config, judges resources of EC2.

    A managed rule that is not among ``facts``, and a conformance pack whose rules are elsewhere,
    leave it undecided.
    """
    return any_of((*_by_security_hub(graph), *_by_rules(graph), unread_modules(graph)))


def _by_security_hub(graph: Graph) -> Iterator[Answer]:
    for hub in graph.all(SecurityHub):
        yield hub.presence.answer & hub.enable_default_standards.is_true()
    for standard in graph.all(SecurityHubStandard):
        yield standard.presence.answer
    for organization in graph.all(SecurityHubOrganization):
        central = organization.configuration_type.equals("CENTRAL")
        yield organization.presence.answer & (central | organization.standards.equals("DEFAULT"))


def _by_rules(graph: Graph) -> Iterator[Answer]:
    for rule in graph.all(ConfigRule):
        yield rule.presence.answer & _judges_ec2(rule)
    for pack in graph.all(ConformancePack):
        body = pack.template_body
        words = f"which rules are in {pack.address} is not in the source"
        answer = Answer(None, (Unknown(words, "external-id", pack.span),))
        if body is not None and body.text is not None:
            answer = Answer(any(one in body.text for one in _identifiers()))
        yield pack.presence.answer & answer


def _judges_ec2(rule: ConfigRule) -> Answer:
    if any(kind.text is not None and kind.text.startswith(_OURS) for kind in rule.resource_types):
        return Answer(True)
    named = rule.identifier
    if named is None:
        return NO
    if named.text in _identifiers():
        return Answer(True)
    words = f"whether {rule.address} judges resources of EC2 is not known"
    return Answer(None, (Unknown(words, "external-id", rule.span),))


def _identifiers() -> frozenset[str]:
    return frozenset(facts("config_rules")["identifiers"])
