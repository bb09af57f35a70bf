"""What a change lets through that nothing let through before, in words and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.report.escape import place

if TYPE_CHECKING:
    from collections.abc import Sequence

_SHOWN = 5


class NewFlow(NamedTuple):
    """One packet that gets through after a change and did not before.

    Attributes:
        unit: The root module or the template.
        source: Who sends it: an address of the internet, or the address of a host in the source.
        target: What it reaches.
        protocol: The protocol, as text.
        port: The port, as text; empty where the protocol has none.
        is_everybody: Whether a wide part of the internet may send it.
        edge: What lets it through that was not there before; empty where that is not one thing.
        path: Where that is written, in the later tree.
        line: The line there.
    """

    unit: str
    source: str
    target: str
    protocol: str
    port: str
    is_everybody: bool
    edge: str
    path: str
    line: int

    @property
    def words(self) -> str:
        """It in one sentence."""
        where = f"{self.protocol}/{self.port}" if self.port else self.protocol
        source = f"the internet on {where}, for one from {self.source}"
        if not self.is_everybody:
            source = f"{self.source} on {where}"
        return f"this change makes {self.target} reachable from {source}{_at(self)}"


class NewRequest(NamedTuple):
    """One request that is allowed after a change and was not before.

    Attributes:
        unit: The root module or the template.
        principal: Who makes it.
        action: The action.
        resource: What it is about.
        edge: What allows it that was not there before.
        path: Where that is written, in the later tree.
        line: The line there.
    """

    unit: str
    principal: str
    action: str
    resource: str
    edge: str
    path: str
    line: int

    @property
    def words(self) -> str:
        """It in one sentence."""
        return f"this change lets {self.principal} do {self.action} on {self.resource}{_at(self)}"


class ChangeVerdict(NamedTuple):
    """What a change lets through, from and to what stands in both trees.

    Attributes:
        flow: A new packet, if one is certain.
        request: A new request, if one is certain.
        flows_undecided: Why it is not known whether there are other new packets.
        access_undecided: Why it is not known whether there are other new requests.
        new_workloads: What stands in the later tree alone and is reached, in sentences.
        new_principals: The principals that stand there alone, in sentences.
    """

    flow: NewFlow | None = None
    request: NewRequest | None = None
    flows_undecided: tuple[str, ...] = ()
    access_undecided: tuple[str, ...] = ()
    new_workloads: tuple[str, ...] = ()
    new_principals: tuple[str, ...] = ()

    @property
    def sentences(self) -> list[str]:
        """The verdict: one sentence, or one on flows and one on access."""
        found = [one.words for one in (self.flow, self.request) if one is not None]
        open_ = []
        if self.flow is None and self.flows_undecided:
            open_.append(f"undecided whether there is a new flow, {_because(self.flows_undecided)}")
        if self.request is None and self.access_undecided:
            open_.append(
                f"undecided whether there is new access, {_because(self.access_undecided)}"
            )
        none = [
            name
            for name, new, causes in (
                ("no new flow", self.flow, self.flows_undecided),
                ("no new access", self.request, self.access_undecided),
            )
            if new is None and not causes
        ]
        closed = [" and ".join(none)] if none else []
        workloads = _few(self.new_workloads, "new workloads")
        return [*found, *closed, *open_, *workloads, *_few(self.new_principals, "new principals")]

    def document(self) -> dict[str, object]:
        """The verdict as JSON."""
        return {
            "flows": _state(self.flow, self.flows_undecided),
            "access": _state(self.request, self.access_undecided),
            "new_flow": None if self.flow is None else self.flow._asdict(),
            "new_request": None if self.request is None else self.request._asdict(),
            "flows_undecided": list(self.flows_undecided),
            "access_undecided": list(self.access_undecided),
            "new_workloads": list(self.new_workloads),
            "new_principals": list(self.new_principals),
            "words": self.sentences,
        }


def _state(new: NewFlow | NewRequest | None, undecided: Sequence[str]) -> str:
    if new is not None:
        return "new"
    return "undecided" if undecided else "none"


def _because(causes: Sequence[str]) -> str:
    more = f" (and {len(causes) - 1} more)" if len(causes) > 1 else ""
    return f"because {causes[0]}{more}"


def _at(new: NewFlow | NewRequest) -> str:
    return f": {new.edge} ({place(new.path, new.line)})" if new.edge else ""


def _few(lines: Sequence[str], what: str) -> list[str]:
    more = [f"and {len(lines) - _SHOWN} more {what}"] if len(lines) > _SHOWN else []
    return [*lines[:_SHOWN], *more]
