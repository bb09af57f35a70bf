"""Resources and data sources of one module: their instances, and references to them.

Source: "The count Meta-Argument", "The for_each Meta-Argument", "References to Values" of the
Terraform language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.declaration import Presence
from iac_ec2lint.declaration.own_ports import has_own_port, own_port
from iac_ec2lint.terraform.body import BlockSection
from iac_ec2lint.terraform.cloud_control import (
    CLOUD_CONTROL,
    attribute_name,
    is_identifier,
    is_of_properties,
)
from iac_ec2lint.terraform.evaluated import DeclaredResource, Instance
from iac_ec2lint.terraform.instance_keys import key_text
from iac_ec2lint.terraform.joins.shares import ACCEPTER
from iac_ec2lint.terraform.joins.tags import all_tags
from iac_ec2lint.terraform.language.containers import Definition, Lazy, Several, make_list
from iac_ec2lint.terraform.language.scope import IN_PROGRESS, Scope
from iac_ec2lint.terraform.language.types import (
    ANY,
)
from iac_ec2lint.terraform.language.unknowns import assumed_steps
from iac_ec2lint.terraform.repetition import Repetition, repetition, unknown_count
from iac_ec2lint.terraform.resources.data_sources import read_attribute
from iac_ec2lint.values import Reference, Step, Unknown, Val, Value

if TYPE_CHECKING:
    from iac_ec2lint.hcl import tree
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.terraform.evaluated import Module


class ModuleResource(DeclaredResource):
    """A resource or data source block in one instance of a module.

    Attributes:
        block: The block.
        module: The module instance that it is in.
        mode: ``resource`` or ``data``.
        type: Its type, without ``data.``.
        address: Its address, without an instance key.
    """

    __slots__ = (
        "_instances",
        "_repetition",
        "_value",
        "address",
        "block",
        "mode",
        "module",
        "type",
    )

    def __init__(self, block: tree.Block, module: Module, mode: str) -> None:
        self.block = block
        self.module = module
        self.mode = mode
        self.type = block.labels[0]
        name = f"{block.labels[0]}.{block.labels[1]}"
        self.address = module.prefix + (f"data.{name}" if mode == "data" else name)
        self._repetition: Repetition | None = None
        self._instances: list[ResourceInstance] | None = None
        self._value: dict[str, Val] = {}

    def leave(self) -> None:
        """See ``Unit.leave``."""
        for instance in self._instances or ():
            instance.leave()
        self._instances = None
        self._value.clear()

    @property
    def repetition(self) -> Repetition:
        """The number of its instances, or why it is unknown."""
        if self._repetition is None:
            module = self.module
            found: list[Repetition] = []
            stand_in = module.unit.evaluation.hop(
                {},
                self.address,
                self.address,
                self.block.header,
                lambda: _note(found, repetition(self.block, module.scope, self._is_alike)),
                doubtful=not module.presence.certain,
            )
            if not found:
                assert isinstance(stand_in, Unknown)  # noqa: S101 - a cycle, or a bound
                found.append(unknown_count(stand_in, self.block.header))
            self._repetition = found[0]
        return self._repetition

    def _is_alike(self) -> bool:
        name = self.address.removeprefix(self.module.prefix)
        return self.module.syntax.is_alike(name, self.block)

    @property
    def instances(self) -> list[ResourceInstance]:
        """Its instances; one possible instance where their number is unknown."""
        if self._instances is None:
            made = self.repetition
            self._instances = [
                ResourceInstance(self, key, made.bindings(position, self.block.header))
                for position, key in enumerate(made.keys)
            ]
        return self._instances

    def value(self) -> Val:
        """The value of a reference to it as a whole."""
        known = self._value.get("value")
        if known is not None and known is not IN_PROGRESS:
            return known
        return self.module.unit.evaluation.hop(
            self._value, "value", self.address, self.block.header, self._make_value
        )

    def _make_value(self) -> Val:
        span = self.block.header
        return self.repetition.whole([WholeResource(one, span) for one in self.instances], span)


def _note(found: list[Repetition], made: Repetition) -> Val:
    found.append(made)
    return Value(None, None)  # type: ignore[arg-type] # never read


def _place(kind: str) -> str:
    return "from AWS" if kind.startswith(("aws_", *CLOUD_CONTROL)) else "when it is planned"


_SERVICE_TYPES: Final = {
    "gateway_load_balancer_arns": "GatewayLoadBalancer",
    "network_load_balancer_arns": "Interface",
}
"""What an endpoint service leads to, and the type that endpoints to it have."""


class ResourceInstance(Instance):
    """One instance of a resource.

    Attributes:
        resource: The resource.
        key: Its instance key.
        address: Its full address.
        scope: The scope in which its arguments are evaluated.
        section: Its body.
    """

    __slots__ = ("_reads", "_section", "address", "key", "resource", "scope")
    resource: ModuleResource
    scope: Scope

    def __init__(
        self, resource: ModuleResource, key: str | int | None, names: dict[str, Val]
    ) -> None:
        self.resource = resource
        self.key = key
        self.address = resource.address + key_text(key)
        scope = resource.module.scope
        self.scope = scope.bind(names) if names else scope
        self._section: BlockSection | None = None
        self._reads: dict[str, Val] = {}

    def leave(self) -> None:
        """See ``Unit.leave``."""
        self._section = None
        self._reads.clear()

    @property
    def presence(self) -> Presence:
        """Whether it is certain to exist."""
        made = self.resource.repetition
        return made.presence_of(self.key).within(self.resource.module.presence)

    @property
    def section(self) -> BlockSection:
        """Its body."""
        if self._section is None:
            block = self.resource.block
            self._section = BlockSection(
                block,
                self.scope,
                block.header,
                "",
                self.presence,
                self.address,
                top=True,
                itself=lambda: WholeResource(self, block.header),
            )
        return self._section

    def read(self, name: str, span: Span) -> Val:
        """The value of a reference, at ``span``, to one of its attributes."""
        found = self._reads.get(name)
        if found is None:
            found = self._reads[name] = self._stated(name, self._read(name, span), span)
        if isinstance(found, Reference) and found.span is not span:
            return found.but(span=span)
        if (
            isinstance(found, Value)
            and found.of is not None
            # What a data source reads of a resource that is declared here stands at each reader.
            and (self.resource.mode != "data" or found.of.target != self.address)
        ):
            return found.read_from(found.of.but(span=span))
        return found

    def _stated(self, name: str, found: Val, span: Span) -> Val:
        """What somebody says that a data source reads, where the files do not say it."""
        if self.resource.mode != "data" or not isinstance(found, Unknown):
            return found
        stated = self.scope.evaluation.stated.value(f"{self.address}.{name}", span)
        return found if stated is None else stated.read_from(self.reference(name, span))

    def _read(self, name: str, span: Span) -> Val:
        special = self._computed(name, span)
        if special is not None:
            return special
        section = self.section
        value = section.evaluate(name)
        if value is not None and not value.is_null and not self._is_no_id(name, value):
            reference = self.reference(name, span)
            if isinstance(value, Value):
                return value.read_from(reference)
            if value.cause == "error" or isinstance(value, Lazy):
                return value
            if isinstance(value, Reference):
                return value
            if value.unset or any(one.is_null for one in value.candidates):
                # Where nothing is written, it is decided when the resource is created.
                arms = (reference if one.is_null else one for one in value.candidates)
                value = value.but(candidates=tuple(arms), unset=False)
            return Reference(
                self.address,
                reference.attribute,
                span,
                value.via,
                reason=value.reason,
                cause=value.cause,
                written=value,
            )
        blocks = section.sections(name) if value is None else ()
        if blocks:
            return self._blocks(name, blocks)
        return self.reference(name, span)

    def _is_no_id(self, name: str, value: Val) -> bool:
        """Whether a data source is given an empty id: it looks for what its other settings say."""
        return self.resource.mode == "data" and name == "id" and value.text == ""

    def _blocks(self, name: str, blocks: tuple[object, ...]) -> Val:
        elements: list[Val] = []
        opened = False
        for index, block in enumerate(blocks):
            if not isinstance(block, BlockSection):
                continue
            one: Val = WholeBlock(self, f"{name}[{index}]", block)
            cause = block.presence.cause
            if cause is not None and cause is not self.section.presence.cause:
                one = Several(cause, one)
                opened = True
            elements.append(one)
        value = Value(make_list(elements, ANY, is_open=opened), self.section.span)
        return value.read_from(self.reference(name, self.section.span))

    def reference(self, name: str, span: Span) -> Reference:
        """A reference to an attribute that the configuration does not determine."""
        if self.resource.mode == "data":
            return Reference(
                self.address,
                name,
                span,
                reason=f"{self.address}.{name} is read {_place(self.resource.type)}",
                cause="data-source",
            )
        kind = self.resource.type
        if kind.startswith(CLOUD_CONTROL):
            reason = f"{self.address}.{name} is known after it is created"
            return Reference(self.address, attribute_name(kind, name), span, reason=reason)
        return Reference(self.address, name, span)

    def _computed(self, name: str, span: Span) -> Val | None:
        """An attribute that this program computes as the provider would."""
        if self.resource.mode == "data":
            if is_identifier(self.resource.type, name):
                return self.section.evaluate("id")
            return read_attribute(self, name, span)
        if is_of_properties(self.resource.type, name):
            made = Reference(self.address, name, span)
            made.decoded = _MadeProperties(self, span)
            return made
        if self.resource.type == "terraform_data" and name == "output":
            return self.section.evaluate("input")
        if self.resource.type == ACCEPTER and name == "resources":
            share = self.section.get("share_arn")
            if isinstance(share, Reference):
                return self.resource.module.unit.others.shared(share.target, span)
        if name == "tags_all" and self.resource.type.startswith("aws_"):
            return all_tags(self, span)
        if name == "port" and has_own_port(self.resource.type):
            return self._port(span)
        if name == "service_type" and self.resource.type == "aws_vpc_endpoint_service":
            return self._service_type(span)
        return None

    def _service_type(self, span: Span) -> Val | None:
        """The type of endpoints to a service: it leads to the one kind of balancers or the other.

        Source: "aws_vpc_endpoint_service" of the provider; EC2 API ref, ``ServiceTypeDetail``.
        """
        found: list[Value] = []
        for argument, kind in _SERVICE_TYPES.items():
            balancers = self.section.evaluate(argument)
            if balancers is None or (isinstance(balancers, Value) and not balancers.data):
                continue
            found.append(Value(kind, self.section.span, assumed_steps(balancers)))
        if len(found) != 1:
            return None  # of two that are written one comes to nothing
        return found[0].read_from(self.reference("service_type", span))

    def _port(self, span: Span) -> Val | None:
        """The port of a data store for which none is written: that of its engine."""
        if self.section.sections("restore_to_point_in_time"):
            return None  # that of what it is restored from
        kind = self.resource.type
        port = own_port(kind, self.address, self.section.span, self.section.evaluate)
        return None if port is None else port.read_from(self.reference("port", span))


class WholeResource(Reference, Lazy):
    """A resource as a value: an object whose attributes are evaluated when they are read."""

    __slots__ = ("instance",)

    def __init__(self, instance: ResourceInstance, span: Span, via: tuple[Step, ...] = ()) -> None:
        is_data = instance.resource.mode == "data"
        super().__init__(
            instance.address,
            "",
            span,
            via,
            reason=f"not all attributes of {instance.address} are known",
            cause="data-source" if is_data else "computed",
        )
        self.instance = instance

    @property
    def absent(self) -> Unknown | None:
        """See ``Lazy``: OpenTofu's ``enabled`` may be false."""
        made = self.instance.resource.repetition
        return made.cause if made.kind == "single" else None

    @property
    def enabling(self) -> Definition[Scope] | None:
        """See ``Lazy``."""
        return self.instance.resource.repetition.enabling

    def member(self, name: str, span: Span) -> Val:
        """See ``Lazy``."""
        return self.instance.read(name, span)


class _MadeProperties(Reference, Lazy):
    """What ``jsondecode`` gives of the properties of a resource of any type, once it is made."""

    __slots__ = ("instance",)

    def __init__(self, instance: ResourceInstance, span: Span, via: tuple[Step, ...] = ()) -> None:
        super().__init__(instance.address, "properties", span, via)
        self.instance = instance

    def member(self, name: str, span: Span) -> Val:
        """See ``Lazy``: by the name that a template has for ``Fn::GetAtt``."""
        kind = self.instance.section.evaluate("type_name")
        noun = "" if kind is None else (kind.text or "").rpartition("::")[2]
        itself = noun and name.lower() in (f"{noun}Id".lower(), f"{noun}Name".lower())
        return Reference(self.instance.address, "Ref" if itself else name, span)


class WholeBlock(Reference, Lazy):
    """A nested block of a resource as a value."""

    __slots__ = ("instance", "section")

    def __init__(
        self,
        instance: ResourceInstance,
        path: str,
        section: BlockSection,
        via: tuple[Step, ...] = (),
    ) -> None:
        super().__init__(instance.address, path, section.span, via)
        self.instance = instance
        self.section = section

    def member(self, name: str, span: Span) -> Val:
        """See ``Lazy``."""
        value = self.section.evaluate(name)
        path = f"{self.attribute}.{name}"
        if value is not None and not value.is_null:
            if isinstance(value, Value):
                return value.read_from(Reference(self.target, path, span))
            return value
        blocks = self.section.sections(name) if value is None else ()
        if not blocks:
            return Reference(self.target, path, span)
        elements: list[Val] = [
            WholeBlock(self.instance, f"{path}[{index}]", block)
            for index, block in enumerate(blocks)
            if isinstance(block, BlockSection)
        ]
        return Value(tuple(elements), self.span).read_from(Reference(self.target, path, span))
