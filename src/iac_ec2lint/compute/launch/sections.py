"""Sections that say what another says, and rest on more, or say less."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.declaration import Section

if TYPE_CHECKING:
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.values import Step, Val

_DEVICES: Final = "BlockDeviceMappings"  # only CloudFormation derives from instances
_TEMPLATE: Final = "LaunchTemplateData"  # where a launch template has them


class _Through(Section):
    """A section through which another one is read."""

    __slots__ = ("_section",)

    def __init__(self, section: Section) -> None:
        super().__init__(section.span, section.path, section.presence, section.labels)
        self._section = section

    def get(self, name: str) -> Val | None:
        """See ``Section``."""
        return self._section.get(name)

    def sections(self, name: str) -> tuple[Section, ...]:
        """See ``Section``."""
        return self._section.sections(name)

    def names(self) -> tuple[str, ...]:
        """See ``Section``."""
        return self._section.names()

    @property
    def extent(self) -> Span | None:
        """See ``Section``."""
        return self._section.extent

    def expression(self, name: str) -> Span | None:
        """See ``Section``."""
        return self._section.expression(name)

    def removed(self, name: str) -> tuple[Step, ...]:
        """See ``Section``."""
        return self._section.removed(name)

    def entry(self, name: str) -> Span | None:
        """See ``Section``."""
        return self._section.entry(name)

    def spelled(self, path: str) -> str:
        """See ``Section``."""
        return self._section.spelled(path)


class Assumed(_Through):
    """A section of which all that it says rests on an assumption."""

    __slots__ = ("_step",)

    def __init__(self, section: Section, step: Step) -> None:
        super().__init__(section)
        self._step = step

    def get(self, name: str) -> Val | None:
        """See ``Section``."""
        value = self._section.get(name)
        return None if value is None else value.after(self._step)

    def sections(self, name: str) -> tuple[Section, ...]:
        """See ``Section``."""
        return tuple(Assumed(one, self._step) for one in self._section.sections(name))


class WithoutDevices(_Through):
    """What an instance, or the launch template that it is launched from, says of all but disks."""

    __slots__ = ()

    def get(self, name: str) -> Val | None:
        """See ``Section``."""
        return None if name == _DEVICES else self._section.get(name)

    def sections(self, name: str) -> tuple[Section, ...]:
        """See ``Section``."""
        if name == _DEVICES:
            return ()
        inner = self._section.sections(name)
        return tuple(map(WithoutDevices, inner)) if name == _TEMPLATE else inner

    def names(self) -> tuple[str, ...]:
        """See ``Section``."""
        return tuple(name for name in self._section.names() if name != _DEVICES)
