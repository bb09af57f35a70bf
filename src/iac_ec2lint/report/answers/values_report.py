"""What everything came to, as ``iac-ec2lint values`` tells it, and its JSON.

``values.schema.json`` beside this file describes the JSON. The text is ``values_text``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from iac_ec2lint.report.serialisation import serialise, stated_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iac_ec2lint.source.concealment import Redactor
    from iac_ec2lint.source.diagnostic import Diagnostic
    from iac_ec2lint.source.span import Span

Shown = dict[str, object]
"""``value``, or ``unknown`` and ``candidates``, or ``error``; with ``path`` and ``line``, and with
``stated``, the places of a configuration that it rests on, where there are some."""


class NamedValue(NamedTuple):
    """One name and what it came to."""

    name: str
    """``local.cidr``, ``module.web.aws_instance.this[0].ami``, ``Web.ImageId``."""
    shown: Shown
    when: str = ""
    """When it is there, in words; empty where it is there for certain."""
    asked: bool = True
    """Whether it was asked for by its address, where addresses were given."""

    def redacted(self, redactor: Redactor) -> NamedValue:
        """See ``source.concealment.Redacted``: reasons quote; values are what was asked for.

        A sensitive value is no part of them: its mark conceals it, wherever it stands.
        """

        def hidden(data: object, *, is_reason: bool = False) -> object:
            if isinstance(data, dict):
                return {k: hidden(d, is_reason=k == "$unknown") for k, d in data.items()}
            if isinstance(data, list):
                return [hidden(element) for element in data]
            return redactor.redact(data) if is_reason else data

        shown = {
            key: hidden(data, is_reason=key in ("unknown", "error"))
            for key, data in self.shown.items()
        }
        return self._replace(shown=shown, when=redactor.text(self.when))


class UnitValues(NamedTuple):
    """The names of one root module, stack or plan."""

    path: str
    """The root module's folder, or the template's or plan's file, as messages name it."""
    kind: Literal["root-module", "stack", "plan"]
    entries: tuple[NamedValue, ...]


class Valuation(NamedTuple):
    """What everything came to.

    Attributes:
        units: The root modules and the stacks.
        errors: What kept something from being read or evaluated.
        unmatched: The addresses that were asked for and name nothing; of what is switched off, why.
        names: All names there are: for saying what may have been meant.
        stated: What rests on the word of a configuration alone; see ``Summary.stated``.
    """

    units: tuple[UnitValues, ...]
    errors: tuple[Diagnostic, ...]
    unmatched: Mapping[str, str]
    names: tuple[str, ...]
    stated: tuple[tuple[str, Span], ...] = ()


def document(found: Valuation) -> dict[str, object]:
    """The JSON's structure."""
    return {
        "version": 1,
        "units": [
            {
                "path": unit.path,
                "kind": unit.kind,
                "values": {entry.name: entry.shown for entry in unit.entries},
            }
            for unit in found.units
        ],
        "stated": stated_rows(found.stated),
    }


def render(found: Valuation) -> str:
    """The JSON."""
    return serialise(document(found))
