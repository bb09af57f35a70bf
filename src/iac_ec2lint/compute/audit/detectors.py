"""What GuardDuty's detectors look at on instances.

Source: GuardDuty User Guide, "Malware Protection for EC2" and "Runtime Monitoring"; API reference,
DetectorFeatureConfiguration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from iac_ec2lint.resources.guardduty import (
    Detector,
    DetectorFeature,
    Feature,
    OrganizationFeature,
)
from iac_ec2lint.values import NO, Answer, Unknown, any_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Place, Resource

Protection = Literal["EBS_MALWARE_PROTECTION", "RUNTIME_MONITORING"]
PROTECTIONS: tuple[Protection, ...] = ("EBS_MALWARE_PROTECTION", "RUNTIME_MONITORING")
"""The plans that look at instances; runtime monitoring needs an agent on each."""
_AGENT = "EC2_AGENT_MANAGEMENT"


class Statement(NamedTuple):
    """What something says of a protection plan.

    Attributes:
        resource: What says it.
        place: Where.
        enabled: Whether the plan is switched on there.
        agent: Whether that is said of the agent on instances, rather than of the plan.
    """

    resource: Resource
    place: Place
    enabled: Answer
    agent: bool = False


class DetectorProtection(NamedTuple):
    """What is said of one plan of one detector, or of the accounts of an organization.

    Attributes:
        detector: The detector, or what says it of accounts that are declared elsewhere.
        protection: The plan.
        running: Whether the detector is on.
        statements: What is said, the detector's own first; empty where nothing is.
        agent_is_managed: Whether it is said that GuardDuty manages the agent on instances.
    """

    detector: Resource
    protection: Protection
    running: Answer
    statements: tuple[Statement, ...]

    @property
    def is_complete(self) -> bool:
        """Whether all is said that the plan needs: that of the agent too."""
        agent = self.protection == "EBS_MALWARE_PROTECTION" or any(s.agent for s in self.statements)
        return bool(self.statements) and agent


def detector_protections(graph: Graph) -> Iterator[DetectorProtection]:
    """What is said of each protection plan of EC2, detector by detector."""
    for detector in graph.all(Detector):
        separate = [
            edge.source
            for edge in graph.sources(detector, "detector")
            if isinstance(edge.source, DetectorFeature)
        ]
        for protection in PROTECTIONS:
            said = [*_of_detector(detector, protection)]
            for feature in separate:
                said.extend(_of_feature(feature, feature, protection))
            running = detector.enable.is_true()
            yield DetectorProtection(detector, protection, running, tuple(said))
    for feature in graph.all(DetectorFeature):
        if not any(isinstance(e.target, Detector) for e in graph.targets(feature, "detector")):
            words = "whether the detector is on is not in the source"
            running = Answer(None, (Unknown(words, "external-id", feature.span),))
            for protection in PROTECTIONS:
                said = [*_of_feature(feature, feature, protection)]
                if said:
                    yield DetectorProtection(feature, protection, running, tuple(said))
    for setting in graph.all(OrganizationFeature):
        for protection in PROTECTIONS:
            said = [*_of_organization(setting, protection)]
            if said:
                yield DetectorProtection(setting, protection, Answer(True), tuple(said))


def _of_detector(detector: Detector, protection: Protection) -> Iterator[Statement]:
    if protection == "EBS_MALWARE_PROTECTION" and detector.scans_disks is not None:
        yield Statement(detector, detector.place("scans_disks"), detector.scans_disks.is_true())
    for feature in detector.features:
        yield from _of_feature(detector, feature, protection)


def _of_feature(
    declaring: Resource, feature: Feature, protection: Protection
) -> Iterator[Statement]:
    if feature.name is None or not feature.name.equals(protection).may_be_true:
        return
    named = feature.name.equals(protection)
    yield Statement(declaring, feature.place("status"), named & feature.equals("status", "ENABLED"))
    if protection == "RUNTIME_MONITORING":
        for agent in feature.additional:
            about = agent.name.equals(_AGENT) if agent.name is not None else NO
            if about.may_be_true:
                enabled = about & agent.equals("status", "ENABLED")
                yield Statement(declaring, agent.place("status"), enabled, agent=True)


def _of_organization(setting: OrganizationFeature, protection: Protection) -> Iterator[Statement]:
    named = setting.name.equals(protection) if setting.name is not None else NO
    if not named.may_be_true:
        return
    enabled = named & ~setting.equals("auto_enable", "NONE")
    yield Statement(setting, setting.place("auto_enable"), enabled)
    if protection == "RUNTIME_MONITORING":
        for agent in setting.additional:
            about = agent.name.equals(_AGENT) if agent.name is not None else NO
            if about.may_be_true:
                enabled = about & ~agent.equals("auto_enable", "NONE")
                yield Statement(setting, agent.place("auto_enable"), enabled, agent=True)


def is_on(statements: tuple[Statement, ...], *, agent: bool) -> Answer:
    """Whether any of what is said switches a plan on, or the management of its agent."""
    return any_of(one.enabled for one in statements if one.agent is agent)
