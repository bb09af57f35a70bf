"""Nodes and edges of the attack graph."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

from iac_ec2lint.attack.chains.readings import Reading
from iac_ec2lint.attack.entry.entries import AttackEntry
from iac_ec2lint.attack.inside.tier_steps import TierStep
from iac_ec2lint.engine.finding import Evidence
from iac_ec2lint.engine.question import Begin, EdgeKind
from iac_ec2lint.iam.principal import Principal
from iac_ec2lint.iam.privilege import Privilege
from iac_ec2lint.resources.part import Place, Resource
from iac_ec2lint.values import Answer

NodeKind: TypeAlias = Literal["outside", "host", "principal", "store", "thing"]

NodeKey: TypeAlias = tuple[NodeKind, str]
"""A node: its kind and the address of what it is, or what it is called."""


class AttackNode(NamedTuple):
    """Something that an attacker has, or is.

    Attributes:
        kind: ``outside``: who begins; ``host``: runs code there; ``principal``: has its
            credentials; ``store``: connects to it; ``thing``: reads it.
        name: Its address, or what it is called.
        resource: What is declared; ``None`` for what is elsewhere.
        principal: Of a principal, all that applies to it.
        alike: How many hosts it stands for.
    """

    kind: NodeKind
    name: str
    resource: Resource | None = None
    principal: Principal | None = None
    alike: int = 1

    @property
    def key(self) -> NodeKey:
        """What it is known by."""
        return self.kind, self.name

    @property
    def words(self) -> str:
        """What it is called in a sentence."""
        if self.principal is not None:
            return self.principal.name
        named = self.resource is None or self.kind == "thing"
        name = self.name if named or self.resource is None else self.resource.address
        return f"{name} (and {self.alike - 1} alike)" if self.alike > 1 else name


class Beginning(NamedTuple):
    """Where a path is told that begins with somebody else than the internet.

    Attributes:
        who: Who, in words: ``any AWS principal``.
        subject: What lets them in.
        place: Where that is written.
        declaring: What declares the place.
        kind: What that is.
    """

    who: str
    subject: Resource
    place: Place
    declaring: Resource
    kind: Begin = "account"


class AttackEdge(NamedTuple):
    """How one leads on to another.

    Attributes:
        kind: What happens.
        answer: Whether it does.
        words: What the first can do, in words: ``run commands on aws_instance.build``.
        hops: What says so.
        edits: What breaks it.
        entry: Where the internet gets in, of an edge that begins there.
        likely: Whether it is undecided in the metadata's default alone.
        lesser: Whether somebody must take over a host first that only serves, or is let in by name.
        gain: What the second is worth, where it is a principal.
        reading: What is read.
        also: Resources whose presence it hangs on.
        begins: Of an edge that begins with somebody else than the internet, where it is told.
        step: Of an edge in the network, the step; its hops are worded when they are asked for.
        public: Whether anybody at all may begin there.
    """

    kind: EdgeKind
    answer: Answer
    words: str
    hops: tuple[Evidence, ...] = ()
    edits: tuple[Evidence, ...] = ()
    entry: AttackEntry | None = None
    likely: bool = False
    lesser: bool = False
    gain: Privilege | None = None
    reading: Reading | None = None
    also: tuple[Resource, ...] = ()
    begins: Beginning | None = None
    step: TierStep | None = None
    public: bool = True

    @property
    def begin(self) -> Begin:
        """Of an edge from outside, who begins."""
        return "internet" if self.begins is None else self.begins.kind

    @property
    def admits_anybody(self) -> bool:
        """Of an edge from outside, whether nothing else is needed: it is open, and yields."""
        entered = self.entry is None or not self.entry.undecided
        return entered and self.public and not self.lesser and self.answer.truth is True
