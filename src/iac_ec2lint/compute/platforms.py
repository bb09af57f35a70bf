"""The platform of an environment of Elastic Beanstalk, and the operating system that it names.

Source: AWS Elastic Beanstalk Platforms, "Supported platforms".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.resources.beanstalk_environment import BeanstalkSettings, SolutionStack
from iac_ec2lint.values import Unknown

if TYPE_CHECKING:
    from iac_ec2lint.compute.launch.launches import Launch
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.values import Val

_SYSTEMS: Final = (
    ("Amazon Linux 2023", "al2023"),
    ("Amazon Linux 2 ", "amzn2"),
    ("Amazon Linux 2/", "amzn2"),
    ("Amazon Linux 20", "amzn"),
    ("Windows", "windows"),
)


class Platform(NamedTuple):
    """What is known of a platform.

    Attributes:
        text: Its name or ARN, or the pattern that its name is looked up by; ``None`` if unknown.
        system: ``al2023``, ``amzn2``, ``amzn`` or ``windows``; ``None`` where it may be any.
        value: What says so, where anything does.
    """

    text: str | None
    system: str | None
    value: Val | None

    @property
    def gap(self) -> Unknown | None:
        """Why it is not known; ``None`` where it is."""
        return self.value if isinstance(self.value, Unknown) and self.text is None else None


def platform_of(graph: Graph, launch: Launch) -> Platform | None:
    """The platform of a launch; ``None`` where it is none of Elastic Beanstalk's."""
    settings = launch.settings
    if not isinstance(settings, BeanstalkSettings):
        return None
    value = settings.platform
    for edge in graph.follow(launch.host, settings, "solution_stack"):
        if isinstance(edge.target, SolutionStack) and edge.certain:
            value = edge.target.name_regex
    text = None if value is None else value.text
    plain = (text or "").replace("\\", "")
    return Platform(text, next((own for part, own in _SYSTEMS if part in plain), None), value)
