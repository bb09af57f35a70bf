"""What the defaults of a unit's inputs decide: the branches taken, and what is switched off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from iac_ec2lint.values import UNGUARDED, Guard, Step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from iac_ec2lint.source.span import Span

Trial = bool | int | str
"""What an input is compared with, and may be in another deployment."""

OtherInputs = Mapping[str, Trial | None]
"""Inputs that have not their defaults: what each has; ``None`` where it is taken for unset."""

NO_OTHERS: OtherInputs = {}


def trial_words(name: str, data: Trial) -> str:
    """That an input has a value: ``var.create is true``, ``var.size is "large"``."""
    if isinstance(data, bool):
        return f"{name} is {'true' if data else 'false'}"
    return f'{name} is "{data}"' if isinstance(data, str) else f"{name} is {data}"


@dataclass(frozen=True, slots=True, order=True)
class InputDefault:
    """The default of an input of a deployment.

    Attributes:
        name: The input as a reader knows it: ``var.create``, ``parameter "Create"``.
        span: Where the default is written.
        data: The default, where it is known.
    """

    name: str
    span: Span = field(compare=False)
    data: object = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class SwitchedOff:
    """Something declared that is not there because of defaults of inputs alone.

    Attributes:
        unit: The path of the root module or template that it belongs to.
        kind: ``resource``, ``module`` or ``block``.
        address: Its address, without an instance key; of a block with its resource's.
        span: Where it is declared.
        inputs: The inputs whose defaults switch it off.
        type: The type of a resource; empty for others.
    """

    unit: str
    kind: Literal["resource", "module", "block"]
    address: str
    span: Span
    inputs: tuple[InputDefault, ...]
    type: str = ""


class Branches:
    """What the defaults of a unit's own inputs decide, as far as it has been evaluated.

    A default of a module that is called is no input: its caller has decided it.

    Args:
        unit: The path of the unit.
        defaults: Returns the inputs, by the keys of the spans of the steps of their defaults.
        others: The inputs that have not their defaults.
        taken: What is taken to hold, though inputs without a value leave it open: it chooses among
            the arms of ``?:`` and ``Fn::If``.

    Attributes:
        others: See above.
        taken: See above.
    """

    __slots__ = ("_chosen", "_compared", "_defaults", "_find", "_off", "_unit", "others", "taken")

    def __init__(
        self,
        unit: str = "",
        defaults: Callable[[], Mapping[tuple[str, int, int], InputDefault]] = dict,
        others: OtherInputs = NO_OTHERS,
        taken: Guard = UNGUARDED,
    ) -> None:
        self.others = others
        self.taken = taken
        self._compared: dict[tuple[str, Trial], None] = {}
        self._unit = unit
        self._find = defaults
        self._defaults: Mapping[tuple[str, int, int], InputDefault] | None = None
        self._chosen: dict[Step, None] = {}
        self._off: dict[tuple[str, tuple[str, int, int]], SwitchedOff] = {}

    def compared(self, name: str, data: Trial) -> None:
        """Note that a branch is taken where an input that is taken for unset has some value."""
        if name in self.others:
            self._compared[name, data] = None

    @property
    def trials(self) -> tuple[tuple[str, Trial], ...]:
        """The inputs that are taken for unset, with each value that a branch is taken for."""
        if self._defaults is None:
            self._defaults = self._find()
        known = {one.name: one.data for one in self._defaults.values()}
        return tuple(
            (name, data) for name, data in self._compared if str(known.get(name)) != str(data)
        )

    @property
    def places(self) -> dict[str, Span]:
        """Where the defaults of its inputs are written."""
        if self._defaults is None:
            self._defaults = self._find()
        return {one.name: one.span for one in self._defaults.values()}

    def decided(self, steps: Iterable[Step]) -> None:
        """Note that a branch was taken, and another one was not, because of some defaults."""
        self._chosen.update(dict.fromkeys(steps))

    def absent(
        self,
        kind: Literal["resource", "module", "block"],
        address: str,
        span: Span,
        steps: Iterable[Step],
        type: str = "",  # noqa: A002 - a resource's type
    ) -> None:
        """Note that something is not there because of some defaults; see ``SwitchedOff``."""
        steps = tuple(steps)
        inputs = self._inputs(steps)
        if inputs:
            self.decided(steps)
            off = SwitchedOff(self._unit, kind, address, span, inputs, type)
            self._off.setdefault((address, span.key), off)

    def _inputs(self, steps: Iterable[Step]) -> tuple[InputDefault, ...]:
        if self._defaults is None:
            self._defaults = self._find()
        known = (self._defaults.get(step.span.key) for step in steps)
        return tuple(dict.fromkeys(one for one in known if one is not None))

    @property
    def choices(self) -> frozenset[str]:
        """The names of the inputs whose defaults chose a branch, or switched something off."""
        return frozenset(one.name for one in self._inputs(self._chosen))

    @property
    def switched_off(self) -> tuple[SwitchedOff, ...]:
        """What is not there because of defaults alone, in the order of its places."""
        order = sorted(self._off.items(), key=lambda item: (item[0][1], item[0][0]))
        return tuple(off for _, off in order)
